"""Children: who speaks for them, what was found, and the day on which they are asked themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from nodes import Pair, reason
from onward.calls import offer_record
from onward.core.clock import stamp
from onward.v1.consent_pb2 import BestInterest, ConsentRecord
from onward.v1.entry_pb2 import Item
from onward_server.service.node import Node
from people import DESTINATION, PERMIT, agreed, outcome_record, record, wishes
from relatives import next_version, of_a_child
from serving import WAYS, Serving, Way

AGAINST = BestInterest(
    finding="do_not_share", assessed_by="msw.gov.bd.example", assessed_on="2026-01-01"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, Serving]]:
    pair = Pair(tmp_path_factory.mktemp("house"))
    serving = Serving(pair.origin)
    yield pair, serving
    serving.close()
    pair.close()


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a child alone": ({"given_by": "self"}, "INVALID_FIELD"),
    "nobody looked for a conflict": ({"guardian_conflict_checked": False}, "INVALID_FIELD"),
    "a conflict was found": ({"guardian_conflict": True}, "GUARDIAN_CONFLICT"),
    "no assessment": ({"best_interest": None}, "INVALID_FIELD"),
    "the child was not asked": ({"child_assent": False}, "INVALID_FIELD"),
    "no day on which to ask": ({"adult_on": ""}, "INVALID_FIELD"),
    "of age already": ({"adult_on": "2001-01-01"}, "CAME_OF_AGE"),
    "unknown age, alone": ({"age_class": "unknown", "given_by": "self"}, "INVALID_FIELD"),
    "unknown age, no assessment": (
        {"age_class": "unknown", "best_interest": None}, "INVALID_FIELD",
    ),
    "an adult's guardian": ({"age_class": "adult"}, "INVALID_FIELD"),
}  # fmt: skip


def changed(changes: dict[str, Any]) -> ConsentRecord:
    """A child's consent with some things changed; None takes one out."""
    made = of_a_child(**{k: v for k, v in changes.items() if v is not None})
    for name, value in changes.items():
        if value is None:
            made.ClearField(name)
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", FAULTS)
def test_what_a_childs_yes_needs(house: tuple[Pair, Serving], way: Way, what: str) -> None:
    pair, serving = house
    changes, expected = FAULTS[what]
    before = pair.origin.rows()
    assert reason(serving.client(pair.origin, way).record_consent, changed(changes)) == expected
    assert pair.origin.rows() == before


@pytest.mark.parametrize("what", [one for one in FAULTS if one != "an adult's guardian"])
@pytest.mark.parametrize("status", ["refused", "deferred", "withdrawn"])
def test_a_no_needs_nothing_of_it(pair: Pair, what: str, status: str) -> None:
    """A child may say no alone, and no rule stands in the way."""
    record_consent = pair.origin.client.record_consent
    assert record_consent(changed(FAULTS[what][0] | {"status": status})).version == 1


def test_a_child_whom_a_guardian_speaks_for(pair: Pair) -> None:
    waived = {"child_assent": False, "assent_waiver": "too_young"}
    for changes in (waived, {}, {"age_class": "unknown", "adult_on": ""}, {"given_by": "court"}):
        consent = of_a_child(**changes)
        given = pair.origin.client.record_consent(consent)
        sent = pair.origin.client.offer(
            destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
        )
        assert sent.referral.phase == "offered"


def test_best_interests_stand_beside_the_guardian(pair: Pair) -> None:
    given = pair.origin.client.record_consent(of_a_child(best_interest=AGAINST))
    asked: dict[str, Any] = {"destination": DESTINATION, "consent_id": given.consent_id}
    before = pair.origin.rows()
    work = pair.origin.client.offer
    assert reason(work, items=wishes(), record=record(), **asked) == "CONSENT_SCOPE"
    assert pair.origin.rows() == before
    shown = pair.origin.client.preview(record=record(), **asked)
    assert {one.reason for one in shown} == {"not_best_interest"}


def grown_up(pair: Pair) -> tuple[str, ConsentRecord]:
    """A child's referral with content, and then the day comes."""
    day = (pair.clock.now() + timedelta(days=1)).date().isoformat()
    names = ("age_class", "given_by", "guardian_conflict_checked", "child_assent", "best_interest")
    child = {name: getattr(of_a_child(), name) for name in names}
    referral_id = pair.disclosed([*PERMIT, "outcomes"], adult_on=day, **child)
    pair.clock.advance(timedelta(days=1))
    return referral_id, pair.origin.client.get_consent(pair.consent_id)


def test_coming_of_age_stops_what_is_new_and_nothing_else(pair: Pair) -> None:
    referral_id, _ = grown_up(pair)
    here, there = pair.origin.client, pair.destination.client
    assert "came_of_age" in pair.origin.needs(referral_id)
    assert "came_of_age" not in pair.destination.needs(referral_id)
    # Nothing new.
    before = pair.origin.rows()
    here.get_referral(referral_id)
    told: dict[str, Any] = {"consent_id": pair.consent_id, "record": record()}
    assert reason(here.disclose, referral_id, **told) == "CAME_OF_AGE"
    more = {"items": [Item(number=3, wish="now")], "record": offer_record(record())}
    assert reason(here.amend, referral_id, **more) == "CAME_OF_AGE"
    new = {"destination": DESTINATION, "items": wishes()}
    assert reason(here.offer, **new, **told) == "CAME_OF_AGE"
    assert pair.origin.rows() == before
    # What was shared stays, and care goes on and is told of.
    assert there.open(referral_id).record.name.first_name == "Sample"
    there.progress(referral_id, [Item(number=1, state="scheduled")])
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    there.follow_up(referral_id, follow_up="welfare_check", record=outcome_record())
    pair.settle()
    assert "outcomes" in pair.origin.part_rows(referral_id)
    # Acts without content go on.
    here.get_referral(referral_id)
    here.choice(referral_id, [Item(number=2, wish="never")])


def test_a_child_is_no_adult_before_the_day(pair: Pair) -> None:
    first = pair.origin.client.record_consent(of_a_child())
    early = next_version(
        pair, first.consent_id, age_class="adult", given_by="self", adult_on="", status="given"
    )
    assert reason(pair.origin.client.record_consent, early) == "INVALID_FIELD"


def test_the_person_alone_lifts_it(pair: Pair) -> None:
    referral_id, consent = grown_up(pair)
    here = pair.origin.client
    told: dict[str, Any] = {"consent_id": pair.consent_id, "record": record()}
    # No guardian does, whatever day a later version names.
    for day in (consent.adult_on, "2999-01-01"):
        again = ConsentRecord()
        again.CopyFrom(consent)
        again.adult_on = day
        assert reason(here.record_consent, again) == "CAME_OF_AGE"
    again.age_class = "adult"
    assert reason(here.record_consent, again) == "INVALID_FIELD"
    own = agreed(
        [*PERMIT, "outcomes"], consent_id=consent.consent_id, version=consent.version,
        subject_id=consent.subject_id, valid_from=stamp(pair.clock.now()),
    )  # fmt: skip
    here.record_consent(own)
    assert "came_of_age" not in pair.origin.needs(referral_id)
    here.get_referral(referral_id)
    here.disclose(referral_id, **told)


def test_the_person_may_say_no_instead(pair: Pair) -> None:
    referral_id, consent = grown_up(pair)
    consent.status = "refused"
    pair.origin.client.record_consent(consent)
    assert "came_of_age" not in pair.origin.needs(referral_id)
    here = pair.origin.client
    here.get_referral(referral_id)
    told: dict[str, Any] = {"consent_id": pair.consent_id, "record": record()}
    assert reason(here.disclose, referral_id, **told) == "STATE_CONFLICT", "it is taken back"


def test_the_child_profile_is_off_where_people_are_real(pair: Pair) -> None:
    """Until practitioners have reviewed it. Taking a consent back is never off."""
    desk = pair.origin
    known = desk.client.record_consent(of_a_child())
    desk.node = Node(replace(desk.ctx, environment="live"))
    for age in ("child", "unknown"):
        work = desk.client.record_consent
        assert reason(work, of_a_child(age_class=age)) == "CHILD_PROFILE_OFF"
    known.status = "withdrawn"
    assert desk.client.record_consent(known).version == 2
    assert desk.client.record_consent(agreed()).version == 1
