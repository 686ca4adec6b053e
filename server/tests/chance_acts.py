"""Random acts of two desks: mostly what the state allows, sometimes what it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from desk import Desk
from onward.client import Client
from onward.core import spec
from onward.core.choices import DONE
from onward.core.guards import DECISIONS, STEPS
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.entry_pb2 import Item, Milestone, Question
from onward.v1.referral_pb2 import Referral
from people import ORIGIN, first, outcome_record, record

WISHES = ("now", "now", "now", "later", "undecided", "never")
STEPS_OF_A_RETURN = ("risk_assessment", "return_decision", "travel_plan", "arrival")
WEIGHTS = {
    "acknowledge": 12, "decide": 12, "disclose": 9, "progress": 9, "opened": 6, "complete": 5,
    "milestone": 5, "reopen": 6, "withdraw": 1, "invalidate": 0.4, "recall": 0.4, "cancel": 1,
    "alert": 1, "complaint": 1, "choice": 2, "close": 1,
}  # fmt: skip
"""How often each act is tried where it can be written; the others stand for 3."""

HELD = timedelta(hours=36)
"""For so long an order keeps what is withdrawn: longer than it waits for its destruction."""

THIRD = "legal.ngo.in.example"


def small() -> CaseRecord:
    """A record with little in it."""
    made = CaseRecord()
    made.name.first_name = "Sample"
    made.language.primary = "bn"
    return made


def bare() -> CaseRecord:
    """What an offer holds, and nothing more."""
    made = CaseRecord()
    made.language.primary = "bn"
    made.age_band.band = first("age_band")
    made.age_band.age_class = "adult"
    return made


class Acting:
    """One desk, one referral, and chance."""

    def __init__(self, desk: Desk, referral: Referral, consent_id: str, chance: Random) -> None:
        self.desk = desk
        self.client = desk.client
        self.view = referral
        self.id = referral.referral_id
        self.consent_id = consent_id
        self.chance = chance
        self.odd = chance.random() < 0.1

    def pick(self, *of: str) -> str:
        return self.chance.choice(of)

    def code(self, registry: str) -> str:
        return self.chance.choice(spec.registries()[registry].allowed())

    def items(self, make: Callable[[Item], Item | None]) -> list[Item]:
        """Some of the referral's items, each as `make` makes it."""
        made = [one for item in self.view.items if (one := make(item)) is not None]
        if made and self.chance.random() < 0.5:
            made = [self.chance.choice(made)]
        if self.odd and made:
            made[0].number = 60
        return made

    def new_items(self) -> list[Item]:
        number = max((item.number for item in self.view.items), default=0) + 1
        if self.odd:
            number -= 1
        return [Item(number=max(number, 1), wish=self.pick("now", "later", "undecided"))]

    def soon(self) -> Any:
        return self.chance.choice([None, self.desk.clock.now() + timedelta(hours=2)])

    def digests(self, *, own: bool) -> list[str]:
        mine = [p.digest for p in self.view.parts if (p.author == self.desk.agency) == own]
        return [self.chance.choice(mine)] if mine else []

    # One method for each act.

    def amend(self) -> Any:
        return self.client.amend(
            self.id, items=self.new_items(), record=bare_offer(), respond_by=self.soon()
        )

    def disclose(self) -> Any:
        what = record() if self.chance.random() < 0.3 else small()
        return self.client.disclose(self.id, consent_id=self.consent_id, record=what)

    def answer(self) -> Any:
        return self.client.answer(self.id, answers=self.view.question_entry or "x" * 43)

    def remind(self) -> Any:
        return self.client.remind(self.id, respond_by=self.soon())

    def cancel(self) -> Any:
        return self.client.cancel(self.id, self.code("cancel_reason"))

    def expire(self) -> Any:
        return self.client.expire(self.id)

    def close(self) -> Any:
        return self.client.close(self.id)

    def reopen(self) -> Any:
        items = self.items(lambda item: Item(number=item.number, wish=self.pick("now", "later")))
        return self.client.reopen(self.id, items, record=bare_offer())

    def recall(self) -> Any:
        return self.client.recall(self.id)

    def invalidate(self) -> Any:
        return self.client.invalidate(self.id)

    def acknowledge(self) -> Any:
        return self.client.acknowledge(self.id)

    def opened(self) -> Any:
        return self.client.open(self.id, parts=self.digests(own=False) if self.odd else [])

    def clarify(self) -> Any:
        return self.client.clarify(self.id, Question(codes=[self.code("question")]))

    def decide(self) -> Any:
        def decided(item: Item) -> Item:
            state = self.pick("accepted", "accepted", *sorted(DECISIONS))
            why = self.code("agency_decline_reason") if state == "declined_by_agency" else ""
            return Item(number=item.number, state=state, reason=why)

        return self.client.decide(self.id, self.items(decided))

    def confirm_cancel(self) -> Any:
        return self.client.confirm_cancel(self.id)

    def _stepped(self, item: Item) -> Item | None:
        after = sorted(STEPS.get(item.state, ()))
        if not after:
            return None
        if "in_delivery" in after and self.chance.random() < 0.5:
            return Item(number=item.number, state="in_delivery")
        going_on = [state for state in after if state not in DONE]
        if going_on and self.chance.random() < 0.8:
            after = going_on
        return Item(number=item.number, state=self.chance.choice(after))

    def progress(self) -> Any:
        return self.client.progress(self.id, self.items(self._stepped))

    def pause(self) -> Any:
        return self.client.pause(self.id, self.code("pause_reason"))

    def resume(self) -> Any:
        return self.client.resume(self.id)

    def propose_forward(self) -> Any:
        return self.client.propose_forward(self.id, THIRD)

    def follow_up(self) -> Any:
        learnt = outcome_record() if self.chance.random() < 0.5 else None
        return self.client.follow_up(self.id, follow_up=self.code("follow_up_kind"), record=learnt)

    def complete(self) -> Any:
        def ended(item: Item) -> Item | None:
            may = "completed" in STEPS.get(item.state, ())
            return Item(number=item.number, state="completed") if may else None

        made = [one for item in self.view.items if (one := ended(item)) is not None]
        return self.client.complete(self.id, made)

    def choice(self) -> Any:
        return self.client.choice(
            self.id, self.items(lambda item: Item(number=item.number, wish=self.pick(*WISHES)))
        )

    def correct(self) -> Any:
        if self.chance.random() < 0.5 and self.desk.agency != ORIGIN:
            return self.client.correct(self.id, items=self.items(self._stepped))
        return self.client.correct(self.id, corrects=self.digests(own=True))

    def withdraw(self) -> Any:
        """Sometimes wherever there is something of her: the node then relays it. Sometimes an
        authority wants some of it kept.
        """
        if self.chance.random() < 0.4:
            self._boss().place_hold(
                self.id, authority=self.code("hold_authority"), country=self.desk.country,
                evidence="e" * 43, until=self.desk.clock.now() + HELD,
                categories=self.chance.choice([[], ["name"], ["language"]]),
            )  # fmt: skip
        how = {"destroy_now": self.chance.random() < 0.2, "linked": self.chance.random() < 0.4}
        if self.chance.random() < 0.3:
            return self.client.withdraw(self.id, everything=True, **how)
        category = self.pick("name", "contact_safe", "language")
        return self.client.withdraw(self.id, categories=[category], **how)

    def erased(self) -> Any:
        """By hand; or an order to keep something ends, and the node certifies again."""
        orders = [one for one in self._boss().list_holds() if not one.HasField("lifted")]
        if orders and self.chance.random() < 0.3:
            return self._boss().lift_hold(self.chance.choice(orders).hold_id)
        return self.client.erase(self.id)

    def _boss(self) -> Client:
        return self.desk.as_role("supervisor", "boss")

    def handover(self) -> Any:
        theirs = [
            one
            for one in self.client.list_entries(self.id)
            if one.entry.kind == "handover" and one.entry.author != self.desk.agency
        ]
        return self.client.handover(self.id, confirms=theirs[-1].hash if theirs else "")

    def milestone(self) -> Any:
        code = self.pick(*STEPS_OF_A_RETURN)
        state = self.pick("in_progress", "done", "done")
        decides = code == "return_decision" and state == "done"
        decision = self.pick("return", "return", "not_return") if decides else ""
        return self.client.milestone(self.id, Milestone(code=code, state=state, decision=decision))

    def alert(self) -> Any:
        return self.client.alert(self.id, self.code("safety_alert"))

    def complaint(self) -> Any:
        return self.client.complaint(self.id, self.code("complaint_kind"))


def bare_offer() -> Any:
    """The record of an offer."""
    from onward.calls import offer_record

    return offer_record(bare())
