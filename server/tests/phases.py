"""A referral in each phase, and each act as its own side would write it there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk import Desk
from hostile import MALLORY, Hostile
from nodes import Pair
from onward.client import Client
from onward.core import spec
from onward.core.clock import stamp
from onward.core.states import Side
from onward.v1.categories_pb2 import CaseRecord, OfferRecord
from onward.v1.entry_pb2 import Certificate, Item, Milestone, Question, Withdrawal
from people import DESTINATION, agreed, record

LONG_AGO = "2020-01-01"
"""A day that has come: what is wanted later, and not before it, may be arranged."""

IN_TIME = timedelta(seconds=1)

METHODS = {"opened": "open", "erased": "erase"}
"""Acts whose methods have another name."""


@dataclass
class Case:
    """One referral between the two nodes."""

    pair: Pair
    referral_id: str
    consent_id: str
    offer: str

    def desk(self, side: Side) -> Desk:
        return self.pair.origin if side == "origin" else self.pair.destination

    def standing(self, side: Side = "origin") -> str:
        """The phase, or why it rests."""
        found = self.desk(side).client.get_referral(self.referral_id)
        return found.rest_reason or found.phase

    def write(self, side: Side, kind: str, *, client: Client | None = None, **given: Any) -> Any:
        """The act as this side writes it, or with other content."""
        by = client or self.desk(side).client
        by.get_referral(self.referral_id)
        return self.call(by, kind, **(given or content(self, side, kind)))

    def call(self, client: Client, kind: str, **what: Any) -> Any:
        """The method of the act."""
        return getattr(client, METHODS.get(kind, kind))(self.referral_id, **what)

    def deliver(self) -> None:
        """Carry everything both ways."""
        deliver(self.pair)

    def play(self, *steps: tuple[Side, str]) -> None:
        """Acts, each delivered before the next."""
        for side, kind in steps:
            self.write(side, kind)
            self.deliver()

    def last(self, side: Side, kind: str) -> str:
        """Hash of the newest act of this kind; empty if there is none."""
        entries = self.desk(side).client.list_entries(self.referral_id)
        return next((one.hash for one in reversed(entries) if one.entry.kind == kind), "")

    def outcomes(self, side: Side) -> dict[str, str]:
        """What became of each entry, by its hash."""
        entries = self.desk(side).client.list_entries(self.referral_id)
        return {one.hash: one.outcome for one in entries}


def deliver(pair: Pair) -> None:
    """Carry everything both ways, and look at nothing."""
    for _ in range(50):
        if not [one for desk in pair.desks for one in pair.carry(desk)]:
            return
    raise AssertionError("delivery does not come to an end")


def with_third(pair: Pair) -> Pair:
    """A third agency on the list, which could be proposed."""
    pair.agencies[MALLORY] = Hostile().entry_in_list()
    pair.publish()
    return pair


def asked(wish: str = "now") -> list[Item]:
    """Three items: the last is for later, and its day has come."""
    day = LONG_AGO if wish == "later" else ""
    return [
        Item(number=1, wish=wish, not_before=day),
        Item(number=2, wish=wish, not_before=day),
        Item(number=3, wish="later", not_before=LONG_AGO),
    ]


def decided(*states: str) -> list[Item]:
    """A decision about items from the first on."""
    return [
        Item(number=n, state=state, reason="no_capacity" if state == "declined_by_agency" else "")
        for n, state in enumerate(states, 1)
    ]


def begin(pair: Pair, wish: str = "now", **consent: Any) -> Case:
    """A referral that was offered, and whose answer is overdue."""
    here = pair.origin.client
    consent_id = here.record_consent(agreed(**consent)).consent_id
    sent = here.offer(
        destination=DESTINATION, consent_id=consent_id, items=asked(wish), record=record(),
        respond_by=pair.clock.now() + IN_TIME,
    )  # fmt: skip
    deliver(pair)
    pair.clock.advance(2 * IN_TIME)
    return Case(pair, sent.referral.referral_id, consent_id, sent.entry)


def case_in(pair: Pair, standing: str) -> Case:
    """A referral in this phase, or resting for this reason."""
    case = begin(pair, "later" if standing == "deferred" else "now")
    if standing == "offered":
        return case
    case.play(("destination", "acknowledge"))
    answers = {
        "declined": ["declined_by_agency"] * 3,
        "deferred": ["accepted"] * 3,
    }
    if standing in answers:
        case.write("destination", "decide", items=decided(*answers[standing]))
    elif standing == "expired":
        case.write("origin", "expire")
    elif standing != "acknowledged":
        _serve(case, standing)
    case.deliver()
    return case


ROADS: dict[str, list[tuple[Side, str]]] = {
    "accepted": [],
    "active": [("destination", "progress")],
    "completed": [("destination", "progress"), ("destination", "complete")],
    "cancelled": [("origin", "cancel"), ("destination", "confirm_cancel")],
    "withdrawn": [("origin", "withdraw")],
    "invalidated": [("origin", "invalidate")],
}


def _serve(case: Case, standing: str) -> None:
    items = decided("accepted", "declined_by_agency", "accepted")
    case.write("destination", "decide", items=items)
    case.deliver()
    case.play(("origin", "disclose"))
    if standing == "not_wanted":
        case.write("origin", "choice", items=[Item(number=n, wish="never") for n in (1, 2, 3)])
    case.play(*ROADS.get(standing, []))


BEFORE: dict[str, tuple[Side, str]] = {
    "answer": ("destination", "clarify"),
    "confirm_cancel": ("origin", "cancel"),
    "resume": ("destination", "pause"),
}
"""What an act answers."""


def prepare(case: Case, kind: str, standing: str) -> bool:
    """Whatever must come before the act, if it may come at all. Whether anything did."""
    if kind in BEFORE:
        case.play(BEFORE[kind])
        return True
    if kind != "erased" or standing in ("withdrawn", "invalidated"):
        return False
    case.write("origin", "withdraw", categories=["sex"])
    case.deliver()
    return True


def content(case: Case, side: Side, kind: str) -> dict[str, Any]:
    """What the side says with it, as the client's method takes it."""
    match kind:
        case "amend" | "reopen":
            held = case.desk(side).client.get_referral(case.referral_id).items
            new = Item(number=len(held) + 1, wish="now")
            items = [new] if kind == "amend" else [Item(number=1, wish="now")]
            return {"items": items, "record": offer_record()}
        case "disclose":
            return {"consent_id": case.consent_id, "record": record()}
        case "answer":
            asked_in = case.last(side, "clarify") or case.offer
            return {"answers": asked_in, "record": offer_record()}
        case "decide":
            first = case.standing(side) == "acknowledged"
            return {"items": decided("accepted", "declined_by_agency") if first else _waits()}
        case "progress":
            return {"items": [_step(case, side)]}
        case "complete":
            return {"items": [Item(number=1, state="completed")]}
        case "choice":
            return {"items": [Item(number=1, wish="now")]}
        case "correct" if side == "origin":
            return {"corrects": [_own_part(case)], "record": CaseRecord(name=record().name)}
        case "correct":
            done = case.standing(side) == "completed"
            state = "partly_completed" if done else "scheduled"
            return {"items": [Item(number=1, state=state)]}
        case "withdraw":
            return {"everything": True}
        case "handover":
            return {"confirms": case.last(side, "handover")}
    return dict(PLAIN.get(kind, {}))


PLAIN: dict[str, dict[str, Any]] = {
    "cancel": {"cancel_reason": "no_longer_needed"},
    "clarify": {"question": Question(codes=["when_needed"])},
    "pause": {"pause_reason": "wants_time"},
    "propose_forward": {"forward_to": MALLORY},
    "follow_up": {"follow_up": "welfare_check"},
    "milestone": {"milestone": Milestone(code="family_tracing", state="requested")},
    "alert": {"alert": "missing"},
    "complaint": {"complaint": "poor_quality"},
}


def _waits() -> list[Item]:
    return [Item(number=2, state="waitlisted")]


def _step(case: Case, side: Side) -> Item:
    standing = case.standing(side)
    if standing == "completed":
        return Item(number=3, state="in_delivery")
    return Item(number=1, state="paused" if standing == "active" else "in_delivery")


def _own_part(case: Case) -> str:
    """The origin's newest part that can be corrected."""
    parts = case.pair.origin.client.get_referral(case.referral_id).parts
    mine = [one for one in parts if one.author == case.pair.origin.agency]
    return next((p.digest for p in reversed(mine) if p.category == "name"), mine[0].digest)


def offer_record() -> OfferRecord:
    made = OfferRecord()
    made.language.primary = "bn"
    return made


def entry_fields(case: Case, side: Side, kind: str) -> dict[str, Any]:
    """The same, as it stands in an entry."""
    if kind == "offer":
        return {"items": asked()}
    if kind == "withdraw":
        return {"withdrawal": Withdrawal(everything=True)}
    if kind == "opened":
        return {"opened": [_own_part(case)]}
    if kind == "erased":
        now = stamp(case.pair.clock.now())
        done = Certificate(withdrawal=case.offer, destroyed_at=now, copies_until=now)
        return {"certificate": done}
    given = content(case, side, kind)
    known = {field.name for field in spec.acts()[kind].input.fields}
    names: Iterable[str] = known - {"record", "consent_id"}
    return {name: value for name, value in given.items() if name in names}
