"""Synthetic people of the stories: what is on record of them, what they want and agree to."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from google.protobuf.message import Message

from onward.core import jose
from onward.core.clock import stamp
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item, Milestone

OFFERED = ("age_band", "sex", "language", "needs_services")
"""What an offer may hold without saying who somebody is; all of the stories' people agree to it."""


@dataclass
class Person:
    """Somebody in a story, and the record that her first agency has of her."""

    name: str
    subject_id: str = field(default_factory=lambda: jose.opaque(token_bytes))
    record: CaseRecord = field(default_factory=CaseRecord)

    def wants(self, *services: tuple[str, str], **more: Any) -> list[Item]:
        """Write down what she wants, by service and wish. Gives the items, numbered from 1.

        `together` maps an item to the one without which it is not wanted.
        """
        together: dict[int, int] = more.pop("together", {})
        self.record.needs_services.Clear()
        asked = []
        for number, (service, wish) in enumerate(services, 1):
            self.record.needs_services.items.add(number=number, service_type=service, wish=wish)
            linked = together.get(number, 0)
            asked.append(Item(number=number, wish=wish, together_with=linked))
        return asked

    def services(self) -> dict[int, str]:
        """The number and type of each service that she was asked about last."""
        return {need.number: need.service_type for need in self.record.needs_services.items}


def items(state: str, *numbers: int, reason: str = "") -> list[Item]:
    """These items, all with the same state of delivery."""
    return [Item(number=number, state=state, reason=reason) for number in numbers]


def wishes(wish: str, *numbers: int) -> list[Item]:
    """These items, all with the same wish of the person's."""
    return [Item(number=number, wish=wish) for number in numbers]


def step(code: str, state: str = "done", decision: str = "") -> Milestone:
    """A step of a return."""
    return Milestone(code=code, state=state, decision=decision)


def woman(name: str, band: str = "a24_26", born: str = "1999-04-01") -> Person:
    """A synthetic woman from Bangladesh: names and numbers that nobody has."""
    first, second = name.split(" ")
    person = Person(first)
    record = person.record
    record.name.first_name, record.name.second_name = first, second
    record.date_of_birth.date = born
    record.age_band.band, record.age_band.age_class = band, "adult"
    record.sex.sex = "female"
    record.language.primary = "bn"
    record.contact_safe.rule = "only_these_ways"
    number = f"+88017000{random.Random(name).randrange(10**5):05d}"
    record.contact_safe.ways.add(channel="mobile_call", mobile_phone=number)
    return person


def boy(name: str, born: str) -> Person:
    """A synthetic child of somebody in a story. Its record does not say why help is needed."""
    first, second = name.split(" ")
    person = Person(first)
    record = person.record
    record.name.first_name, record.name.second_name = first, second
    record.date_of_birth.date = born
    record.age_band.band, record.age_band.age_class = "a0_8", "child"
    record.sex.sex = "male"
    record.language.primary = "bn"
    return person


def agrees(
    person: Person,
    now: datetime,
    recipients: Iterable[tuple[str, str]],
    *,
    permit: Iterable[str] = (),
    years: int = 3,
    **changes: Any,
) -> ConsentRecord:
    """What a person agrees to: recipients by agency and country, and what may be shared beyond
    what an offer holds. Nothing is shared that is not named."""
    named = list(recipients)
    record = ConsentRecord(
        subject_id=person.subject_id, subject_kind="survivor", age_class="adult", status="given",
        purposes=["service_delivery", "follow_up_contact"],
        recipients=[agency for agency, _ in named],
        countries=sorted({country for _, country in named}),
        permit=[*OFFERED, *permit], onward_sharing="none", feedback="status_and_outcome",
        valid_from=stamp(now - timedelta(days=1)),
        valid_until=stamp(now + timedelta(days=365 * years)),
        retention_days=365 * years, given_at=stamp(now), given_by="self",
        method="verbal_witnessed", notice_language="bn", notice_form="read_aloud",
        told=["uses_of_data", "how_to_withdraw", "refusal_without_loss"],
        comprehension_checked=True, independent_interpreter=True,
    )  # fmt: skip
    for name, value in changes.items():
        if isinstance(value, Message):
            getattr(record, name).CopyFrom(value)
        elif isinstance(value, list):
            getattr(record, name)[:] = value
        else:
            setattr(record, name, value)
    return record
