"""A grant's id stands for one grant for good, whatever order its parts come in."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message

from forger import Forger
from nodes import Pair
from onward.core import parts
from onward.core.clock import stamp
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import PartRef
from onward.v1.envelope_pb2 import Part
from people import DESTINATION, record

ID = "grant-forged-0001"


class Liar(Forger):
    """An origin whose software gives one id to whatever it likes."""

    def grant(self, *categories: str, **changes: Any) -> Grant:
        """For these categories."""
        now = self.pair.clock.now()
        until = stamp(now + timedelta(days=9))
        said: dict[str, Any] = {
            "grant_id": ID, "referral_id": self.referral_id, "grantor": self.desk.agency,
            "grantee": DESTINATION, "basis": "consent", "purposes": ["service_delivery"],
            "categories": categories, "onward_sharing": "none", "feedback": "status_only",
            "issued_at": stamp(now), "valid_until": until, "retention_days": 30,
        }  # fmt: skip
        return Grant(**said | changes)

    def disclose(self, *content: Message, name: str = ID) -> tuple[str, list[Part]]:
        """An entry that names the id, and its parts."""
        made = [parts.make(one, secrets.token_bytes(32)) for one in content]
        bound = [PartRef(category=one.category, digest=parts.digest(one)) for one in made]
        return self.write("disclose", parts=bound, grant_id=name), made


@pytest.fixture
def liar(pair: Pair) -> Liar:
    return Liar(pair, pair.origin, pair.accepted())


def outcomes(liar: Liar, *made: list[Part]) -> list[list[str]]:
    """What became of the parts of each entry at the destination."""
    rows = liar.other.store.read(lambda tx: tx.parts(liar.referral_id))
    found = {row.digest: row.reason or row.outcome for row in rows}
    return [[found[parts.digest(one)] for one in each] for each in made]


@pytest.mark.parametrize(
    ("order", "reason"),
    [([(0, 1)], "beyond_grant"), ([(0,), (1,)], "beyond_grant"), ([(1,), (0,)], "no_grant")],
)
def test_a_second_grant_of_an_id_is_none(
    liar: Liar, order: list[tuple[int, ...]], reason: str
) -> None:
    first, narrow = liar.disclose(liar.grant("language"), record().language)
    second, wide = liar.disclose(liar.grant("language", "name"), record().name)
    liar.receipt(first, second)
    for one in order:
        liar.receipt(content=[part for n in one for part in (narrow, wide)[n]])
    assert outcomes(liar, narrow, wide) == [["held", "held"], ["invalid", reason]]


def test_the_first_of_two_in_one_entry_counts(liar: Liar) -> None:
    token, made = liar.disclose(liar.grant("language"), liar.grant("name"), record().name)
    liar.receipt(token, content=made[::-1])
    assert outcomes(liar, made) == [["held", "invalid", "beyond_grant"]]


def test_a_grant_that_comes_in_a_later_entry_counts_for_none_before_it(liar: Liar) -> None:
    early, told = liar.disclose(record().name)
    later, granted = liar.disclose(liar.grant("name"), record().name)
    liar.receipt(early, later, content=[*told, *granted])
    assert outcomes(liar, told, granted) == [["no_grant"], ["held", "held"]]


def test_the_same_part_again_is_no_second_grant(liar: Liar) -> None:
    first, made = liar.disclose(liar.grant("language", "name"), record().language)
    bound = [PartRef(category="grant", digest=parts.digest(made[0]))]
    told = parts.make(record().name, secrets.token_bytes(32))
    bound.append(PartRef(category="name", digest=parts.digest(told)))
    again = liar.write("disclose", parts=bound, grant_id=ID)
    liar.receipt(first, again, content=[*made, told])
    assert outcomes(liar, made, [told]) == [["held", "held"], ["held"]]


@pytest.mark.parametrize("name", ["", "grant-forged-0002"])
def test_a_grant_that_its_entry_does_not_name_is_none(liar: Liar, name: str) -> None:
    token, made = liar.disclose(liar.grant("name"), record().name, name=name)
    liar.receipt(token, content=made)
    assert outcomes(liar, made) == [["invalid", "no_grant"]]


def test_what_was_destroyed_leaves_its_id_taken(liar: Liar) -> None:
    first, old = liar.disclose(liar.grant("language"), record().language)
    liar.receipt(first, content=old)
    rows = liar.other.store.read(lambda tx: tx.parts(liar.referral_id))
    gone = next(row for row in rows if row.digest == parts.digest(old[0]))
    empty = replace(gone, outcome="destroyed", content=None)
    liar.other.store.write(lambda tx: tx.put_parts(liar.referral_id, [empty]))
    second, new = liar.disclose(liar.grant("language", "name"), record().name)
    liar.receipt(second, content=new)
    assert outcomes(liar, new) == [["invalid", "no_grant"]]
