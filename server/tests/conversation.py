"""One whole conversation between two real nodes, act by act, over the SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from nodes import folded
from onward.core import trust
from onward.core.parse import parse
from onward.core.verify import Proof, verify
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item
from onward.v1.referral_pb2 import Referral
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_server.demo.desks import Desks, wait
from onward_server.demo.world import Transport, World
from people import agreed, decision, outcome_record, record, wishes

ACTS = (
    "offer", "acknowledge", "open_offer", "decide", "disclose", "open", "progress", "deliver",
    "handover", "countersign", "follow_up", "complete", "close",
)  # fmt: skip
BEFORE = len(ACTS)


def desks_of(world: World, transports: tuple[Transport, Transport]) -> Desks:
    """A caseworker at each agency."""
    return Desks(
        world.origin.client(transports[0], "u-17"),
        world.destination.client(transports[1], "n-4"),
    )


class Conversation:
    """A referral from consent to close, and then to the certificates.

    Each act looks at the referral first, and is sent under an id of its own, so that it may be
    sent again by whoever does not know whether it arrived.
    """

    def __init__(
        self,
        desks: Desks,
        destination: str,
        *,
        consent: ConsentRecord | None = None,
        content: CaseRecord | None = None,
        **changes: Any,
    ) -> None:
        self.desks = desks
        self.destination = destination
        self.consent = consent or agreed(**changes)
        self.content = content or record()
        self.consent_id = ""
        self.referral_id = ""
        self.opened: list[CaseRecord] = []
        self.journaled: list[str] = []
        self.outcome = outcome_record()

    def play(self, after: Callable[[str], None] | None = None) -> None:
        """All acts; `after` is called when an act was answered, before it is delivered."""
        for name, act in self.acts():
            act()
            if after is not None:
                after(name)
            self.settle()

    def acts(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Each act with its name, in order."""
        for name in ACTS:
            yield name, getattr(self, name)

    def settle(self) -> Referral:
        """Wait for both to have the same logs."""
        return self.desks.settled(self.referral_id)

    def _there(self) -> Any:
        self.desks.destination.get_referral(self.referral_id)
        return self.desks.destination

    def _here(self) -> Any:
        self.desks.origin.get_referral(self.referral_id)
        return self.desks.origin

    def _note(self, done: Any) -> None:
        if done.journaled:
            self.journaled.append(done.referral.journal[-1].kind)

    def offer(self) -> None:
        here = self.desks.origin
        self.consent_id = here.record_consent(self.consent).consent_id
        sent = here.offer(
            destination=self.destination, consent_id=self.consent_id, items=wishes(),
            record=self.content,
        )  # fmt: skip
        self.referral_id = sent.referral.referral_id

    def acknowledge(self) -> None:
        self._there().acknowledge(self.referral_id)

    def open_offer(self) -> None:
        self._open()

    def _open(self) -> None:
        done = self._there().open(self.referral_id)
        self.opened.append(done.record)
        self._note(done.recorded)

    def decide(self) -> None:
        self._there().decide(self.referral_id, decision())

    def disclose(self) -> None:
        given = {"consent_id": self.consent_id, "record": self.content}
        self._here().disclose(self.referral_id, **given)

    def open(self) -> None:
        self._open()

    def _progress(self, state: str) -> None:
        self._note(self._there().progress(self.referral_id, [Item(number=1, state=state)]))

    def progress(self) -> None:
        self._progress("scheduled")

    def deliver(self) -> None:
        self._progress("in_delivery")

    def handover(self) -> None:
        self._here().handover(self.referral_id)

    def countersign(self) -> None:
        entries = self._there().list_entries(self.referral_id)
        first = next(one.hash for one in entries if one.entry.kind == "handover")
        self._note(self._there().handover(self.referral_id, confirms=first))

    def follow_up(self) -> None:
        done = self._there().follow_up(
            self.referral_id, follow_up="outcome_assessment", record=self.outcome
        )
        self._note(done)

    def complete(self) -> None:
        items = [Item(number=1, state="completed")]
        self._note(self._there().complete(self.referral_id, items))

    def close(self) -> None:
        self._here().close(self.referral_id)

    def withdraw(self) -> None:
        """Everything; then both holders certify by themselves."""
        self.desks.origin.withdraw(self.referral_id, everything=True, destroy_now=True)
        self.certified()

    def certified(self) -> None:
        """Wait for both certificates at both nodes."""

        def both() -> bool | None:
            sides = (self.desks.origin, self.desks.destination)
            seen = [one.get_referral(self.referral_id) for one in sides]
            return all(len(one.certified) == 2 for one in seen) or None

        wait(both, "both certificates")
        self.settle()

    def proofs(self, folder: Path) -> tuple[Proof, Proof]:
        """What both exports show, with nothing but the trust list."""
        anchors = parse(TrustAnchors, (folder / "anchors.json").read_bytes())
        signed = parse(SignedTrustList, (folder / "trust-list.json").read_bytes())
        trusted = trust.verify(signed, anchors)
        here, there = (
            verify(desk.export_log(self.referral_id), trusted)
            for desk in (self.desks.origin, self.desks.destination)
        )
        return here, there


def play_together(talks: Iterable[Conversation]) -> None:
    """Several conversations side by side, each act of all before the next."""
    talks = list(talks)
    for name in ACTS:
        for talk in talks:
            getattr(talk, name)()
        for talk in talks:
            talk.settle()


def comparable(referral: Referral) -> dict[str, Any]:
    """A view with everything that the fold derives, and nothing random."""
    bare = folded(referral)
    return {
        "parties": (bare.origin, bare.destination),
        "phase": (bare.phase, bare.rest_reason, bare.round, bare.closed),
        "items": [(i.number, i.wish, i.state, i.reason) for i in bare.items],
        "parts": sorted((p.category, p.author, p.state, p.refusal) for p in bare.parts),
        "handover": (bare.handover_origin, bare.handover_destination),
        "withdrawals": [(w.everything, tuple(w.categories)) for w in bare.withdrawals],
        "certified": list(bare.certified),
        "heads": (bare.heads.origin.seq, bare.heads.destination.seq),
    }
