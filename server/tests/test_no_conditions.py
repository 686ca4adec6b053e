"""Nobody is asked for a status, and nobody is turned away for a reason that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from forger import Forger
from nodes import Pair, reason
from onward.client import Client
from onward.core import parse, schema, spec
from onward.v1.categories_pb2 import CaseRecord, ChoiceRecord
from onward.v1.entry_pb2 import Item
from onward.v1.errors_pb2 import Reason
from onward.v1.local_pb2 import DecideRequest
from people import PERMIT, record
from serving import WAYS, Serving, Way

REASONS = spec.registries()["agency_decline_reason"].codes
FORBIDDEN = sorted(code.id for code in REASONS.values() if code.forbidden)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, Serving]]:
    pair = Pair(tmp_path_factory.mktemp("house"))
    serving = Serving(pair.origin, pair.destination)
    yield pair, serving
    serving.close()
    pair.close()


@pytest.fixture
def waiting(house: tuple[Pair, Serving]) -> tuple[Pair, str]:
    """A referral that waits for a decision."""
    referral_id = house[0].offer()
    house[0].destination.client.acknowledge(referral_id)
    house[0].settle()
    return house[0], referral_id


def declining(why: str) -> list[Item]:
    return [Item(number=n, state="declined_by_agency", reason=why) for n in (1, 2)]


def test_T16_there_are_six_forbidden_reasons() -> None:
    assert FORBIDDEN == [
        "livelihood_choice", "mental_health_prerequisite", "no_official_status",
        "refuses_law_enforcement", "refuses_other_service", "remigration_intent",
    ]  # fmt: skip
    assert all(REASONS[one].label for one in FORBIDDEN)


def test_T16_reasons_are_codes_and_nowhere_words() -> None:
    """No field of a decision, or of what an entry says of it, can hold free text."""

    def check(descriptor: Any) -> None:
        for field in descriptor.fields:
            assert not spec.rule(field).text, field.full_name
            if field.message_type is not None:
                check(field.message_type)

    check(DecideRequest.DESCRIPTOR)
    (why,) = [f for f in Item.DESCRIPTOR.fields if f.name == "reason"]
    assert spec.rule(why).codes == "agency_decline_reason"


@pytest.mark.parametrize("why", FORBIDDEN)
def test_T16_a_forbidden_reason_is_refused_by_the_schema(why: str) -> None:
    text = f'{{"number":1,"state":"declined_by_agency","reason":"{why}"}}'
    assert reason(parse.parse, Item, text) == "FORBIDDEN_CODE"
    # Nor does the published schema, which a partner's software is generated from, know it.
    published = json.dumps(schema.message_schema(Item.DESCRIPTOR))
    assert '"no_capacity"' in published
    assert f'"{why}"' not in published


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("why", FORBIDDEN)
def test_T16_a_forbidden_reason_is_refused_on_every_transport(
    house: tuple[Pair, Serving], waiting: tuple[Pair, str], way: Way, why: str
) -> None:
    pair, referral_id = waiting
    client: Client = house[1].client(pair.destination, way)
    client.get_referral(referral_id)
    before = pair.destination.rows()
    assert reason(client.decide, referral_id, declining(why)) == "FORBIDDEN_CODE"
    assert pair.destination.rows() == before
    assert reason(client.decide, referral_id, declining("")) == "REASON_REQUIRED"
    client.decide(referral_id, declining("no_capacity"))


@pytest.mark.parametrize("why", FORBIDDEN)
def test_T16_a_forbidden_reason_from_another_node_changes_nothing(
    waiting: tuple[Pair, str], why: str
) -> None:
    pair, referral_id = waiting
    forger = Forger(pair, pair.destination, referral_id)
    before = pair.origin.client.get_referral(referral_id)
    result = forger.send(forger.write("decide", items=declining(why)))
    assert not result.receipt
    assert Reason.Name(result.problem.reason) == "REASON_FORBIDDEN_CODE"
    assert pair.origin.client.get_referral(referral_id) == before


def test_T25_a_referral_needs_no_identification_status(pair: Pair) -> None:
    permit = [*PERMIT, "identification_status", "service_history"]
    made = record()
    made.service_history.entry_channel = "self"
    assert not made.HasField("identification_status")
    referral_id = pair.accepted(permit)
    pair.disclose(referral_id, made)
    there = pair.destination.client
    read = there.open(referral_id).record
    assert not read.HasField("identification_status")
    assert read.service_history.entry_channel == "self"
    there.progress(referral_id, [Item(number=1, state="scheduled")])
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    there.complete(referral_id, [Item(number=1, state="completed")])
    pair.settle()
    assert pair.origin.client.get_referral(referral_id).rest_reason == "completed"


def test_T25_no_field_requires_a_status_and_the_channels_without_one_exist() -> None:
    assert not spec.required(CaseRecord.DESCRIPTOR.fields_by_name["identification_status"])
    channels = spec.registries()["entry_channel"].codes
    assert {"self", "peer_network", "family_friend", "hotline"} <= set(channels)
    assert not any(channels[one].forbidden for one in channels)


# Her own no, and why

OWN = [Item(number=1, wish="never")]


def why_not() -> ChoiceRecord:
    made = ChoiceRecord()
    made.choice_reasons.choices.add(number=1, reasons=["fear_of_traffickers"])
    return made


@pytest.mark.parametrize(
    ("feedback", "crosses"),
    [("nothing", False), ("status_only", False), ("status_and_outcome", True)],
)
def test_her_reason_travels_back_only_as_she_agreed(
    pair: Pair, feedback: str, crosses: bool
) -> None:
    referral_id = pair.disclosed([*PERMIT, "choice_reasons"], feedback=feedback)
    there = pair.destination.client
    there.get_referral(referral_id)
    answer = there.choice(referral_id, OWN, record=why_not())
    pair.settle()
    # The choice itself is hers, and always crosses.
    assert pair.origin.client.get_referral(referral_id).items[0].wish == "never"
    assert ("choice_reasons" in pair.origin.part_rows(referral_id)) == crosses
    notes = there.get_referral(referral_id).journal
    kept = [name for note in notes for name in note.categories]
    assert kept == ([] if crosses else ["choice_reasons"])
    assert [d.permitted for d in answer.decisions] == [crosses]


@pytest.mark.parametrize("permitted", [True, False])
def test_her_reason_travels_out_only_as_she_agreed(pair: Pair, permitted: bool) -> None:
    more = ["choice_reasons"] if permitted else []
    referral_id = pair.accepted([*PERMIT, *more])
    here = pair.origin.client
    here.get_referral(referral_id)
    here.choice(referral_id, OWN, record=why_not())
    pair.settle()
    assert pair.destination.client.get_referral(referral_id).items[0].wish == "never"
    assert ("choice_reasons" in pair.destination.part_rows(referral_id)) == permitted
