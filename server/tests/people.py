"""Synthetic people: what one of them agreed to, wants, and is like."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any

from google.protobuf.message import Message

from onward.core import jose, spec
from onward.core.clock import stamp
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item

ORIGIN, DESTINATION = "msw.gov.bd.example", "shelter.ngo.in.example"

PERMIT = ("name", "contact_safe", "date_of_birth", "age_band", "sex", "language", "needs_services")


def agreed(permit: Iterable[str] | None = None, **changes: Any) -> ConsentRecord:
    """What a synthetic adult agreed to."""
    now = datetime.now(UTC)
    record = ConsentRecord(
        subject_id=jose.opaque(token_bytes), subject_kind="survivor",
        age_class="adult", status="given", purposes=["service_delivery"], recipients=[DESTINATION],
        countries=["IN"], permit=PERMIT if permit is None else permit, onward_sharing="none",
        feedback="status_and_outcome", valid_from=stamp(now - timedelta(days=1)),
        valid_until=stamp(now + timedelta(days=365)), retention_days=30,
        given_at=stamp(now), given_by="self", method=first("consent_method"),
        notice_language="bn", notice_form=first("consent_form"), comprehension_checked=True,
    )  # fmt: skip
    for name, value in changes.items():
        if isinstance(value, Message):
            getattr(record, name).CopyFrom(value)
        elif isinstance(value, list):
            getattr(record, name)[:] = value
        else:
            setattr(record, name, value)
    return record


def first(registry: str) -> str:
    """A code of a registry that may be used."""
    return spec.registries()[registry].allowed()[0]


def record() -> CaseRecord:
    """A synthetic person."""
    made = CaseRecord()
    made.name.first_name = "Sample"
    made.name.second_name = "Testperson"
    made.contact_safe.rule = first("contact_rule")
    made.contact_safe.ways.add(channel=first("contact_channel"), mobile_phone="+8801700000001")
    made.date_of_birth.date = "1999-04-01"
    made.age_band.band = first("age_band")
    made.age_band.age_class = "adult"
    made.sex.sex = first("sex")
    made.language.primary = "bn"
    made.safety_risk.plan = "A plan that nobody agreed to share."
    for number in (1, 2):
        made.needs_services.items.add(number=number, service_type="trauma_therapy", wish="now")
    return made


def outcome_record() -> CaseRecord:
    """What a follow-up learns."""
    made = CaseRecord()
    made.outcomes.ratings.add(
        domain=first("outcome_domain"), rater="survivor", date="2026-11-20", value=7
    )
    return made


def wishes() -> list[Item]:
    return [Item(number=1, wish="now"), Item(number=2, wish="now")]


def decision() -> list[Item]:
    return [
        Item(number=1, state="accepted"),
        Item(number=2, state="declined_by_agency", reason="service_not_offered"),
    ]
