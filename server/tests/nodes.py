"""Two real nodes in one process, with a clock that tests turn and a delivery that tests carry.

Everything is the node's own code: service, SQLite store on files, keys on files, a trust list
that three authorities have signed. Only the wire is missing: envelopes are carried by hand, so
that a test can drop, repeat, reorder and delay them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from desk import DELAY, Clock, Desk
from onward.core import entries, jose
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.errors import OnwardError
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.peer_pb2 import DeliverResult
from onward.v1.referral_pb2 import Referral
from onward.v1.trust_pb2 import SignedTrustList, TrustList
from onward_server.app import provision
from people import DESTINATION, ORIGIN, agreed, decision, record, wishes


class Pair:
    """A ministry and an NGO that trust the same list and accept each other."""

    def __init__(self, folder: Path, environment: str = "test") -> None:
        self.clock = Clock()
        self.environment = environment
        self.folder = folder
        self.origin = self._desk(ORIGIN, "BD")
        self.destination = self._desk(DESTINATION, "IN")
        self.desks = [self.origin, self.destination]
        self.authorities = [jose.new_key() for _ in range(3)]
        self.stamper = jose.new_key()
        self.anchors = provision.anchors(environment, 2, self.authorities, [self.stamper])
        self.agencies = {desk.agency: desk.agency_entry() for desk in self.desks}
        self.seq = 0
        for desk in self.desks:
            desk.join(self.anchors)
        self.publish()
        self.origin.store.accept_peer(DESTINATION)
        self.destination.store.accept_peer(ORIGIN)

    def _desk(self, agency: str, country: str) -> Desk:
        folder = self.folder / agency
        folder.mkdir()
        return Desk(folder, agency, country, self.clock, self.environment)

    def other(self, desk: Desk) -> Desk:
        return self.destination if desk is self.origin else self.origin

    def publish(self, *, stamped: bool = True, to: Iterable[Desk] | None = None) -> None:
        """A new trust list, to all nodes or some. Without a stamp it is stale."""
        self.seq += 1
        new = TrustList(
            version=entries.VERSION, environment=self.environment, seq=self.seq,
            issued_at=stamp(self.clock.now()),
            expires_at=stamp(self.clock.now() + provision.LIST_LIFE),
            agencies=self.agencies.values(),
        )  # fmt: skip
        signed = SignedTrustList(payload=jose.b64(to_json(new)))
        for key in self.authorities[:2]:
            provision.sign_list(signed, key)
        if stamped:
            provision.stamp_list(signed, self.stamper, self.clock.now())
        for desk in to or self.desks:
            desk.trust.offer(to_json(signed))

    def status(self, desk: Desk, status: str) -> None:
        """Another standing of an agency, in a new list."""
        self.agencies[desk.agency].status = status
        self.publish()

    def carry(self, sender: Desk, *, repeat: int = 1) -> list[DeliverResult]:
        """Carry all that is due, one call for each envelope, each `repeat` times."""
        results = []
        for outgoing in sender.due():
            for _ in range(repeat):
                (result,) = self.other(sender).receive(outgoing.envelope)
            sender.answered(outgoing, result)
            results.append(result)
        return results

    def settle(self, *, jump: timedelta = timedelta(0)) -> None:
        """Carry everything both ways until nothing is due; then both look at what they have."""
        self.clock.advance(jump)
        for _ in range(50):
            came = [desk.recover(self.other(desk)) for desk in self.desks]
            if not any(came) and not [r for desk in self.desks for r in self.carry(desk)]:
                for desk in self.desks:
                    list(desk.client.list_referrals())
                return
        raise AssertionError("delivery does not come to an end")

    def erase(self) -> None:
        """Time passes until withdrawals are carried out at both."""
        self.clock.advance(DELAY)
        for desk in self.desks:
            desk.node.erase_due()
        self.settle()

    def close(self) -> None:
        for desk in self.desks:
            desk.close()

    # A conversation, step by step.

    def offer(self, permit: Iterable[str] | None = None, **consent: Any) -> str:
        """Consent and offer, delivered. Gives the referral's id."""
        given = self.origin.client.record_consent(agreed(permit, **consent))
        self.consent_id = given.consent_id
        sent = self.origin.client.offer(
            destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
        )
        self.settle()
        return sent.referral.referral_id

    def accept(self, referral_id: str) -> None:
        """Acknowledged, and item 1 accepted, item 2 declined."""
        there = self.destination.client
        there.get_referral(referral_id)
        there.acknowledge(referral_id)
        there.decide(referral_id, decision())
        self.settle()

    def disclose(self, referral_id: str, what: CaseRecord | None = None) -> None:
        """Sent, and delivered."""
        here = self.origin.client
        here.get_referral(referral_id)
        here.disclose(referral_id, consent_id=self.consent_id, record=what or record())
        self.settle()

    def accepted(self, permit: Iterable[str] | None = None, **consent: Any) -> str:
        """A referral that was accepted."""
        referral_id = self.offer(permit, **consent)
        self.accept(referral_id)
        return referral_id

    def disclosed(self, permit: Iterable[str] | None = None, **consent: Any) -> str:
        """A referral whose content has arrived."""
        referral_id = self.accepted(permit, **consent)
        self.disclose(referral_id)
        return referral_id

    def views(self, referral_id: str) -> tuple[Referral, Referral]:
        """Both nodes' views, as far as the fold makes them."""
        return (
            folded(self.origin.client.get_referral(referral_id)),
            folded(self.destination.client.get_referral(referral_id)),
        )


LOCAL_FIELDS = ("needs_human", "journal", "undelivered", "links", "restored", "holders")


def folded(referral: Referral) -> Referral:
    """A view without what is only its own node's."""
    bare = Referral()
    bare.CopyFrom(referral)
    for name in LOCAL_FIELDS:
        bare.ClearField(name)
    for part in bare.parts:
        part.readable = False
    return bare


def reason(work: Callable[..., Any], *args: Any, **named: Any) -> str:
    """Why a call is refused; an empty string if it is not."""
    try:
        work(*args, **named)
    except (Refused, OnwardError) as fault:
        return fault.reason
    return ""


def stands(pair: Pair, referral_id: str) -> str:
    """Where both say that it stands."""
    here, there = pair.views(referral_id)
    assert here == there
    return here.rest_reason or here.phase
