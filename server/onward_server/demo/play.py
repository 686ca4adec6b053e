"""One person's referral, from the sheet to the closed loop, as both agencies would do it."""

from __future__ import annotations

from datetime import UTC, datetime

from onward.client import Client
from onward.core.clock import moment
from onward.errors import ConsentRefused, ConsentScope
from onward.importers import Case
from onward.v1.categories_pb2 import CaseRecord, Outcomes
from onward.v1.consent_pb2 import ConsentRecord, Decision
from onward.v1.entry_pb2 import Item
from onward.v1.referral_pb2 import Recorded
from onward_server.demo.desks import Desks
from onward_server.demo.told import Agreed, Line, Need, Person, Rating

CATALOGUE = frozenset(
    {
        "shelter_emergency", "trauma_therapy", "transitional_housing", "childcare",
        "vocational_training", "wage_recovery", "medical_care", "literacy", "debt_support",
        "livelihood_grant",
    }
)  # fmt: skip
"""What the NGO of the demo offers."""

COUNTRY = "IN"
PURPOSE = "service_delivery"
"""Where the NGO is, and what the demo asks for."""

DOMAINS = ("financial_health", "mental_health", "family_connection", "social_acceptance")

VALUES = (
    ((3, 5), (4, 4), (6, 7), (2, 5)),
    ((2, 4), (5, 7), (8, 8), (4, 3)),
    ((6, 6), (3, 6), (2, 5), (5, 5)),
    ((4, 7), (6, 6), (5, 4), (7, 7)),
)
"""For each domain, what the person says and what the agency says. They often differ."""


def lines(decisions: list[Decision]) -> list[Line]:
    """Decisions as the demo tells them."""
    return [Line(d.category, d.permitted, d.reason, d.line) for d in decisions]


class Play:
    """The scenes of one referral. Each ends when both agencies hold the same logs."""

    def __init__(self, desks: Desks, destination: str, case: Case, person: Person) -> None:
        self.desks = desks
        self.destination = destination
        self.case = case
        self.person = person
        self.consent_id = ""

    def preview(self) -> None:
        """What would be sent, before and after acceptance, and by which line of the consent."""
        for accepted in (False, True):
            decisions = self.desks.origin.preview(
                destination=self.destination,
                record=self.case.record,
                consent_id=self.consent_id,
                accepted=accepted,
            )
            setattr(self.person, "disclosure" if accepted else "offer", lines(decisions))

    def asks(self) -> bool:
        """Whether there is a consent, and anything to ask for."""
        return self.case.consent is not None and any(n.wish != "never" for n in self.case.wishes)

    def why_not(self, fault: ConsentRefused) -> str:
        """Why the consent does not stand for this offer, in plain words."""
        consent = self.case.consent
        if isinstance(fault, ConsentScope) and consent is not None:
            asked = (
                ("recipient", self.destination, consent.recipients),
                ("country", COUNTRY, consent.countries),
                ("purpose", PURPOSE, consent.purposes),
            )
            lacking = [f"{what} {wanted}" for what, wanted, named in asked if wanted not in named]
            if lacking:
                return f"the consent does not name {' nor '.join(lacking)}"
        return fault.text

    def consent(self) -> None:
        """The consent that the person gave is recorded; nobody else's word makes one."""
        if self.case.consent is not None:
            self.consent_id = self.desks.origin.record_consent(self.case.consent).consent_id

    def offer(self) -> None:
        """What she wants now, later, or has not decided; never is not offered."""
        items = [
            Item(number=need.number, wish=need.wish)
            for need in self.case.wishes
            if need.wish != "never"
        ]
        sent = self.desks.origin.offer(
            destination=self.destination,
            consent_id=self.consent_id,
            items=items,
            record=self.case.record,
        )
        self.person.referral_id = sent.referral.referral_id
        self.settle()

    def settle(self) -> None:
        """Wait for both."""
        self.desks.settled(self.person.referral_id)

    def decide(self) -> str:
        """The NGO looks, and accepts what it offers. Gives where the referral then stands:
        accepted, or why it rests (deferred: nothing is wanted now)."""
        there, referral_id = self.desks.destination, self.person.referral_id
        there.get_referral(referral_id)
        there.acknowledge(referral_id)
        seen = there.open(referral_id)
        self.person.inbox_before = categories(seen.record)
        self.note(seen.recorded)
        decisions = []
        for need in seen.record.needs_services.items:
            if need.wish == "never":
                continue
            if need.service_type in CATALOGUE:
                decisions.append(Item(number=need.number, state="accepted"))
            else:
                decisions.append(
                    Item(
                        number=need.number,
                        state="declined_by_agency",
                        reason="service_not_offered",
                    )
                )
        there.decide(referral_id, decisions)
        referral = self.desks.settled(referral_id)
        return referral.rest_reason or referral.phase

    def disclose(self) -> Recorded:
        """The ministry sends what the consent covers, and nothing else."""
        sent = self.desks.origin.disclose(
            self.person.referral_id, consent_id=self.consent_id, record=self.case.record
        )
        self.settle()
        return sent

    def open(self) -> None:
        """The NGO reads it, for a purpose, with its audit entry."""
        there = self.desks.destination
        there.get_referral(self.person.referral_id)
        opened = there.open(self.person.referral_id)
        self.person.inbox_after = categories(opened.record)
        self.note(opened.recorded)
        self.settle()

    def serve(self) -> None:
        """What she wants now begins; what she wants later waits."""
        there = self.desks.destination
        self.note(there.progress(self.person.referral_id, self.now_items("scheduled")))
        self.note(there.progress(self.person.referral_id, self.now_items("in_delivery")))
        self.settle()

    def now_items(self, state: str) -> list[Item]:
        """Accepted items that she wants now, in another state of delivery."""
        return [
            Item(number=need.number, state=state)
            for need in self.case.wishes
            if need.wish == "now" and need.service_type in CATALOGUE
        ]

    def handover(self) -> None:
        """Both sides sign: first who hands over, then who receives."""
        here, there = self.desks.origin, self.desks.destination
        referral_id = self.person.referral_id
        if not here.get_referral(referral_id).handover_origin:
            here.handover(referral_id)
            self.settle()
        entries = there.list_entries(referral_id)
        first = next(one.hash for one in entries if one.entry.kind == "handover")
        there.get_referral(referral_id)
        self.note(there.handover(referral_id, confirms=first))
        self.settle()

    def follow_up(self) -> None:
        """Outcomes in four domains, rated by her and by the agency apart."""
        there = self.desks.destination
        record = outcomes(self.case.line)
        self.person.outcomes = ratings(record)
        done = there.follow_up(
            self.person.referral_id, follow_up="outcome_assessment", record=record
        )
        self.note(done)
        self.settle()
        if not done.journaled:
            self.person.feedback_seen = self._seen_by_origin()

    def _seen_by_origin(self) -> list[Rating]:
        here = self.desks.origin
        referral = here.get_referral(self.person.referral_id)
        wanted = [p.digest for p in referral.parts if p.category == "outcomes" and p.readable]
        if not wanted:
            return []
        return ratings(here.open(self.person.referral_id, parts=wanted).record)

    def finish(self) -> None:
        """The NGO completes, the ministry closes."""
        there, here = self.desks.destination, self.desks.origin
        self.note(there.complete(self.person.referral_id, self.now_items("completed")))
        self.settle()
        self.close(here)

    def close(self, here: Client) -> None:
        """The ministry ends the loop."""
        here.get_referral(self.person.referral_id)
        here.close(self.person.referral_id)
        self.settle()

    def note(self, done: Recorded) -> None:
        """Remember what stayed at the NGO because she did not want it to flow back."""
        if done.journaled:
            self.person.journaled = [note.kind for note in done.referral.journal]


def categories(record: CaseRecord) -> list[str]:
    """The categories in a record."""
    return [field.name for field, _ in record.ListFields()]


def outcomes(row: int) -> CaseRecord:
    """Synthetic outcomes: what she says, and what the agency says, side by side."""
    today = datetime.now(UTC).date().isoformat()
    rated = [
        Outcomes.Rating(domain=domain, rater=rater, date=today, value=value)
        for domain, values in zip(DOMAINS, VALUES[row % len(VALUES)], strict=True)
        for rater, value in zip(("survivor", "agency"), values, strict=True)
    ]
    return CaseRecord(outcomes=Outcomes(ratings=rated))


def ratings(record: CaseRecord) -> list[Rating]:
    """The ratings in a record."""
    return [Rating(one.domain, one.rater, one.value) for one in record.outcomes.ratings]


def agreed(consent: ConsentRecord) -> Agreed:
    """What a person agreed to, as the demo tells it."""
    return Agreed(
        permit=list(consent.permit),
        deny=list(consent.deny),
        purposes=list(consent.purposes),
        recipients=list(consent.recipients),
        onward_sharing=consent.onward_sharing,
        method=consent.method,
        form=consent.notice_form,
        valid_until=moment(consent.valid_until).date().isoformat(),
        retention_days=consent.retention_days,
    )


def needs(case: Case) -> list[Need]:
    """What a person wants, as the sheet has it."""
    return [Need(one.number, one.service_type, one.wish) for one in case.wishes]
