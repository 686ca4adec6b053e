"""Synthetic consents and disclosures, of which receipts and accounts are made."""

from __future__ import annotations

from datetime import UTC, datetime

from onward.core import spec
from onward.core.clock import stamp
from onward.receipts import Details
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.consents_local_pb2 import Disclosure, TakenBack
from onward.v1.entry_pb2 import Kept
from onward.v1.referral_pb2 import Holder

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)
ORIGIN, DESTINATION = "msw.gov.bd.example", "shelter.ngo.in.example"
WAY_BACK = "1018030546466"
DETAILS = Details(
    {ORIGIN: "Ministry of Samples", DESTINATION: "Sample House"}, "+8801700000001", WAY_BACK
)


def consent(**changes: object) -> ConsentRecord:
    """What a synthetic adult agreed to."""
    values: dict[str, object] = {
        "consent_id": "consent-0001", "version": 2, "subject_id": "subject-0001",
        "subject_kind": "survivor", "age_class": "adult", "status": "given",
        "purposes": ["service_delivery", "legal_aid"], "recipients": [DESTINATION],
        "countries": ["IN"], "permit": ["name", "sex", "language"], "deny": ["hiv"],
        "services": ["trauma_therapy", "legal_advice"], "onward_sharing": "none",
        "feedback": "status_only", "may_contact": ["text_message"], "valid_from": stamp(NOW),
        "valid_until": stamp(LATER), "retention_days": 45, "given_at": stamp(NOW),
        "given_by": "self", "method": "written", "notice_language": "bn", "notice_form": "text",
        "issuer": ORIGIN, "receipt_id": "Rc7Qm2x9TtYw0aLk", "complaint_to": ORIGIN,
        "withdrawal_methods": ["phone", "way_back"], "on_withdrawal": "delete",
        "contact_family": "no", "storage_countries": ["IN"],
    }  # fmt: skip
    return ConsentRecord(**(values | changes))  # type: ignore[arg-type]


def everything() -> ConsentRecord:
    """A consent that shows a label of every kind that a receipt has."""
    known = [one.id for one in spec.categories().values() if not one.protocol]
    codes = spec.registries()
    return consent(
        purposes=codes["consent_purpose"].allowed(), permit=known[::2], deny=known[1::2],
        may_contact=codes["contact_channel"].allowed(), given_by="guardian",
        withdrawal_methods=codes["withdrawal_method"].allowed(),
        services=codes["service_type"].allowed(), storage_countries=["BD", "DE"],
    )  # fmt: skip


def disclosures() -> list[Disclosure]:
    """What went to one agency, and what was taken back since."""
    until = stamp(LATER)
    certified = Holder(
        agency=DESTINATION, withdrawal="w" * 43, certified=True, destroyed_at=stamp(NOW),
        copies_until=until,
        kept=[Kept(category="physical_health", law="medical_records", country="IN", until=until)],
    )  # fmt: skip
    return [
        Disclosure(
            referral_id="referral-0001", sender=ORIGIN, recipient=DESTINATION,
            categories=["name", "physical_health", "sex"], time=stamp(NOW),
            received_at=stamp(NOW), purposes=["service_delivery"], basis="consent",
            consent_id="-consent-0001", version=2, refused=["sex"],
            withdrawn=["name", "physical_health"], grant_id="grant-0001",
            taken_back=[TakenBack(
                withdrawal="w" * 43, time=stamp(NOW), categories=["name", "physical_health"],
            )],
            holders=[
                certified,
                Holder(agency=ORIGIN, withdrawal="w" * 43, days=12, destroy_by=until),
            ],
        ),
        Disclosure(
            referral_id="referral-0002", sender=ORIGIN, recipient=DESTINATION,
            categories=["language"], time=stamp(NOW), purposes=["health_emergency"],
            basis="vital_interest", basis_id="basis-0001",
        ),
    ]  # fmt: skip
