"""Checks: what each is about, and what it is given."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from onward_conformance.hands import Hands, NoHands, Refusal
from onward_conformance.jose import Bad, digest, part_digest, read, sha256, verify
from onward_conformance.network import Agency, Cast, Json, Network, News, Way
from onward_conformance.peer import Peer
from onward_conformance.referral import Envelope, Referral
from onward_conformance.results import Failed, NotApplicable, spelled
from onward_conformance.said import claims, told
from onward_conformance.shape import message
from onward_conformance.wire import Answer, Wire, deliver

T = TypeVar("T")


NEEDED = frozenset(
    f"Referrals.{name}"
    for name in ("Acknowledge", "Decide", "Open", "Withdraw", "Offer", "Disclose")
)
"""Acts without which an agency can't be what it says. Others are its own matter."""

SECONDS = 20.0
"""How long the suite waits for what the target should send."""

PAUSE = 75.0
"""How long it waits after a delivery that failed: pauses between tries are up to a minute."""


@dataclass
class Bench:
    """What a check works with: the suite's agencies, and the ways to the target."""

    network: Network
    way: Way
    wire: Wire
    peer: Peer
    hands: Hands | None = None
    pump: Callable[[], bool] | None = None
    """For a target in this process: lets it send what is due. False if nothing was."""
    news: News | None = None
    """Gives the target a trust list. None: it can't be given one now."""
    patience: float = SECONDS
    """How long the suite waits for what the target should send, in seconds."""
    sign: Callable[[Json], Json] | None = None
    """Has the target sign an agreement (SignedAgreement). None: it can't be asked to."""

    def begin(self) -> None:
        """A new check: the suite's agencies answer well again."""
        self.peer.begin()

    @property
    def cast(self) -> Cast:
        """The agencies that the suite plays over this transport."""
        return self.network.casts[self.way]

    @property
    def agency(self) -> str:
        """The agency under test."""
        name: str = self.network.target["agency"]
        return name

    def referral(self, author: Agency | None = None, target: str = "") -> Referral:
        """A new referral that the suite's partner, or another of its agencies, begins."""
        made = Referral(self.network, author or self.cast.partner, target or self.agency)
        with self.peer.lock:
            self.peer.referrals[made.referral_id] = made
            self.peer.note(made.referral_id)
        return made

    def send(self, *envelopes: Envelope | Json) -> list[Answer]:
        """Deliver them in one call."""
        made = [one.made() if isinstance(one, Envelope) else one for one in envelopes]
        answers = deliver(self.wire, made)
        if len(answers) != len(made):
            raise Failed(f"{len(made)} results", len(answers))
        return answers

    def act(self, name: str, request: Json, person: str = "") -> Json:
        """Make the target act. Raises NoHands, NotApplicable where its software has no such act,
        or Failed where the target refuses.
        """
        try:
            return self.hand.call(name, request, person)
        except Refusal as refusal:
            if refusal.reason == "UNIMPLEMENTED":
                self._not_there(name)
            raise Failed(f"{name} to be done", refusal.reason or "a refusal") from None

    def act_refused(self, name: str, request: Json, *reasons: str, person: str = "") -> None:
        """The target must refuse the act on its own side, with one of the reasons."""
        try:
            self.hand.call(name, request, person)
        except Refusal as refusal:
            if refusal.reason == "UNIMPLEMENTED":
                self._not_there(name)
            # How a node of its own local plane names a reason is its own matter.
            if reasons and self.hand.specified and refusal.reason not in reasons:
                raise Failed(" or ".join(reasons), refusal.reason) from None
            return
        raise Failed(" or ".join(reasons) or "a refusal", f"{name} was done")

    @staticmethod
    def _not_there(name: str) -> None:
        if name not in NEEDED:
            raise NotApplicable(f"the agency's software does not have {name}") from None

    @property
    def hand(self) -> Hands:
        """The way to make the target act. Raises NoHands where there is none."""
        if self.hands is None:
            raise NoHands("target.toml names neither [local] nor [hands]")
        return self.hands

    def until(
        self, what: str, look: Callable[[], T | None], *, by: str = "", seconds: float = 0.0
    ) -> T:
        """What `look` finds, as soon as it finds something. Raises Failed if it never does, in the
        suite's patience, or in so many `seconds`.
        """
        patience = seconds or self.patience
        began = time.monotonic()
        while True:
            with self.peer.lock:
                found = look()
                if self.peer.faults:
                    raise self.peer.faults.pop(0)
            if found:
                return found
            if self.pump is not None:
                if not self.pump():
                    with self.peer.lock:
                        found = look()
                    if found:
                        return found
                    raise Failed(what, "nothing", by=by)
            elif time.monotonic() > max(began + patience, self.peer.failed_at + PAUSE):
                passed = time.monotonic() - began
                raise Failed(what, f"nothing in {passed:.0f} seconds", by=by)
            else:
                time.sleep(0.02)

    def came(self, referral: Referral, kind: str, *, by: str = "") -> Json:
        """The target's next entry of this kind in the referral, waited for."""
        return self.until(f"an entry {kind}", lambda: referral.last(kind), by=by)

    def whole(self, referral: Referral, said: Json) -> Json:
        """An entry of the target, once the parts that it binds are there, which may come after it
        (DLV-058). Where the suite does not answer well, they need not come; what is missing then,
        the check that looks for it says.
        """
        what = "the parts that the entry binds"
        bound = {one["digest"] for one in said.get("parts", [])}

        def look() -> bool | None:
            return bound <= {part_digest(one) for one in referral.parts} or None

        with self.peer.lock:
            well = {referral.referral_id, referral.author.name}.isdisjoint(self.peer.manners)
        try:
            if well:
                self.until(what, look)
        except Failed as failed:
            if failed.expected != what:
                raise
        return said

    def refused(self, envelope: Envelope | Json, *reasons: str, by: str = "") -> Answer:
        """It must be refused with one of the reasons; with any, where none is named."""
        (answer,) = self.send(envelope)
        if answer.receipt or (reasons and answer.reason not in reasons):
            raise Failed(" or ".join(reasons) or "a refusal", str(answer), by=by)
        return answer

    def taken(self, envelope: Envelope | Json) -> Json:
        """It must be receipted. Gives what the receipt says, once everything in it is right."""
        made = envelope.made() if isinstance(envelope, Envelope) else envelope
        (answer,) = self.send(made)
        return self.receipt(made, answer)

    def receipt(self, made: Json, answer: Answer) -> Json:
        """What a receipt for this envelope says, once its signature and its names are right."""
        if not answer.receipt:
            raise Failed("a receipt", str(answer))
        sent = json.loads(read(made["header"])[1])
        keys = self.network.key_of_target("sign", sent["aud"])
        try:
            said = claims(verify(answer.receipt, "onward-receipt+jws", keys))
        except Bad as fault:
            raise Failed("a receipt that verifies", str(fault)) from None
        told(said, message("Receipt"))
        for name, right, by in (
            ("mid", sent["mid"], "RCPT-002"),
            ("iss", sent["aud"], "RCPT-006"),
            ("aud", sent["iss"], "RCPT-006"),
            ("header", digest(made["header"]), "RCPT-002"),
            ("trustList", self.network.seq, "RCPT-005"),
        ):
            if said.get(name) != right:
                whole = name == "header" and said.get(name) == sha256(made["header"].encode())
                broken = "KEY-010" if whole else by
                raise Failed(f"{name} {spelled(right)} in the receipt", said.get(name), by=broken)
        return said

    def head(self, said: Json, seq: int) -> None:
        """The receipt must name this entry as the head of the suite's log (RCPT-003)."""
        found = (said.get("heads") or {}).get("origin") or {}
        if found.get("seq") != seq:
            raise Failed(
                f"the origin's head with number {seq} in the receipt", found, by="RCPT-003"
            )


@dataclass(frozen=True)
class Check:
    """One check: its requirements by id, and whether it shows that something is refused.

    `profile` is the folder that it stands in.
    """

    name: str
    about: str
    profile: str
    requirements: tuple[str, ...]
    negative: bool
    run: Callable[[Any], None]
    way: str = ""
    """The transport that it is about; empty for both."""

    def over(self, way: str) -> bool:
        """Whether it is made over this transport."""
        return self.way in ("", way)


CHECKS: dict[str, Check] = {}
"""All checks, by name, in the order in which they are written."""


def check(
    *requirements: str, negative: bool = False, way: str = ""
) -> Callable[[Callable[[Any], None]], Any]:
    """Make a function a check of these requirements; its docstring says what it is about. `way`
    is the transport that it is about, if it is one of them only.
    """

    def made(run: Callable[[Any], None]) -> Callable[[Any], None]:
        name = run.__name__.replace("_", "-")
        assert name not in CHECKS, name
        profile = run.__module__.split(".")[2]
        about = " ".join((run.__doc__ or "").split())
        CHECKS[name] = Check(name, about, profile, requirements, negative, run, way)
        return run

    return made
