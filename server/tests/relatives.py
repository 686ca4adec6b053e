"""Synthetic families: a survivor whose referral stands, and members of her family."""

from __future__ import annotations

from typing import Any

from nodes import Pair
from onward.v1.categories_pb2 import CaseRecord, DoNotContact, FamilyAssessment, Name
from onward.v1.consent_pb2 import BestInterest, ConsentRecord
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import LinkRequest
from people import DESTINATION, ORIGIN, agreed

RAHELA = Name(first_name="Rahela", second_name="Samplesister")
AGREED = {"contact_family": "only_agreed"}


def not_to_contact(*people: tuple[str, str]) -> DoNotContact:
    """A list of people who must not be contacted: (relation, name)."""
    made = DoNotContact()
    for relation, name in people:
        made.people.add(relation=relation, name=name)
    return made


def of_a_member(**changes: Any) -> ConsentRecord:
    """What a synthetic sister agreed to, on her own."""
    given: dict[str, Any] = {"subject_kind": "family_member"}
    return agreed(**given | changes)


def of_a_child(**changes: Any) -> ConsentRecord:
    """What a synthetic guardian agreed to for a child, with all that has to be checked."""
    finding = BestInterest(
        finding="share", assessed_by=ORIGIN, assessed_on="2026-01-01", child_heard=True
    )
    given: dict[str, Any] = {
        "age_class": "child", "given_by": "guardian", "guardian_conflict_checked": True,
        "child_assent": True, "best_interest": finding, "adult_on": "2999-01-01",
    }  # fmt: skip
    return agreed(**given | changes)


def next_version(pair: Pair, consent_id: str, **changes: Any) -> ConsentRecord:
    """The newest version of a consent with some things changed, not recorded yet."""
    record = pair.origin.client.get_consent(consent_id)
    for name, value in changes.items():
        if name == "do_not_contact":
            record.do_not_contact.CopyFrom(value)
        else:
            setattr(record, name, value)
    return record


def link(to: str, relation: str = "sibling", name: Name = RAHELA, **changes: Any) -> LinkRequest:
    """A family link to the survivor's referral."""
    return LinkRequest(kind="family", referral_id=to, relation=relation, name=name, **changes)


def viable(result: str = "viable", **more: Any) -> FamilyAssessment:
    """An assessment of a family."""
    return FamilyAssessment(result=result, **more)


def household() -> CaseRecord:
    """What a member needs: nothing beyond support of the household."""
    made = CaseRecord()
    made.name.CopyFrom(RAHELA)
    made.age_band.band = "a27_29"
    made.age_band.age_class = "adult"
    made.language.primary = "bn"
    made.needs_services.items.add(number=1, service_type="household_livelihood", wish="now")
    return made


class Sisters:
    """A survivor's referral that was accepted, and what is done for her sister."""

    def __init__(self, pair: Pair, **consent: Any) -> None:
        self.pair = pair
        self.survivor = pair.accepted(**AGREED | consent)
        self.her_consent = pair.consent_id
        self.here = pair.origin.client

    def record_member(self, **changes: Any) -> str:
        """The sister's own consent."""
        return self.here.record_consent(of_a_member(**changes)).consent_id

    def offer(self, consent_id: str = "", **more: Any) -> str:
        """The sister's referral, delivered. Raises Refused."""
        more.setdefault("link", link(self.survivor))
        self.member_consent = consent_id or self.record_member()
        sent = self.here.offer(
            destination=DESTINATION, consent_id=self.member_consent,
            items=[Item(number=1, wish="now")], record=household(), **more,
        )  # fmt: skip
        self.pair.settle()
        return sent.referral.referral_id

    def accept(self, referral_id: str) -> None:
        """The shelter takes the sister in."""
        there = self.pair.destination.client
        there.acknowledge(referral_id)
        there.decide(referral_id, [Item(number=1, state="accepted")])
        self.pair.settle()

    def disclose(self, referral_id: str, record: CaseRecord | None = None) -> Any:
        """Tell more of the sister. Raises Refused."""
        self.here.get_referral(referral_id)
        return self.here.disclose(
            referral_id, consent_id=self.member_consent, record=record or household()
        )

    def change(self, **changes: Any) -> None:
        """The survivor says something new."""
        self.here.record_consent(next_version(self.pair, self.her_consent, **changes))

    def links(self, referral_id: str) -> list[tuple[str, str, str]]:
        """As the origin's people see them."""
        found = self.here.get_referral(referral_id).links
        return [(one.kind, one.referral_id, one.relation) for one in found]
