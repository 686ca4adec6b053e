"""The rule of service lists: what no agency may publish, and no reader shows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import AGENCIES, DAY, NOW, key, profile, reason
from onward.core import entries, jose, services, spec
from onward.core.clock import stamp
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.importers import sample_folder
from onward.v1.services_pb2 import ServiceList, ServiceOffer
from trust_builders import trusted

AGENCY = AGENCIES["destination"]
SAMPLE = (sample_folder() / "services.json").read_bytes()
HOMES = [
    code for code in spec.registries()["service_type"].codes
    if "accommodation" in services.traits(code)
]  # fmt: skip
LIVELIHOODS = ["vocational_training", "livelihood_grant", "household_livelihood", "work", "food"]
CARE = ["trauma_therapy", "psychosocial_counselling", "peer_support", "mental_health"]


def offer(service_type: str = "legal_advice", number: int = 1, **changes: Any) -> ServiceOffer:
    """A service that may be published."""
    made = ServiceOffer(
        service_id=f"{service_type}-{number:03}", service_type=service_type, capacity="open",
        countries=["IN"], sexes=["male", "female"], age_classes=["adult"], cost="free",
    )  # fmt: skip
    if service_type in HOMES:
        made.freedom_of_movement, made.children_with_mother = "open", "welcome"
    for name, value in changes.items():
        if isinstance(value, list):
            getattr(made, name)[:] = value
        else:
            setattr(made, name, value)
    return made


def verdict(*offers: ServiceOffer) -> tuple[str, str]:
    """Why a list is refused, and where."""
    try:
        services.check(offers)
    except Refused as fault:
        return fault.reason, fault.pointer
    return "", ""


def test_the_sample_can_be_published() -> None:
    found = services.offers(SAMPLE)
    assert {"male", "female"} <= {sex for one in found for sex in one.sexes}
    assert verdict(*found) == ("", "")


def test_the_traits_stand_in_the_registry() -> None:
    assert HOMES == ["shelter_emergency", "transitional_housing", "housing_safe"]
    assert services.traits("apprenticeship") == {"livelihood"}
    assert services.traits("trauma_therapy") == {"mental_health"}
    assert services.traits("legal_advice") == frozenset()
    assert services.traits("no_such_type") == frozenset()
    known = spec.registries()["service_trait"].codes
    for code in spec.registries()["service_type"].codes.values():
        assert set(code.traits) <= set(known)


@pytest.mark.parametrize("care", CARE)
@pytest.mark.parametrize("wanted", [*LIVELIHOODS, *HOMES])
def test_no_livelihood_and_no_bed_waits_for_mental_health_care(wanted: str, care: str) -> None:
    assert verdict(offer(wanted, prerequisites=["literacy", care])) == (
        "PREREQUISITE_FORBIDDEN", "/services/0/prerequisites/1",
    )  # fmt: skip
    assert verdict(offer(wanted, prerequisites=["literacy"])) == ("", "")


def test_another_service_may_wait_for_it() -> None:
    """Who tells her story in public may be asked to have somebody to talk to first."""
    assert verdict(offer("storytelling_support", prerequisites=["trauma_therapy"])) == ("", "")


def test_no_way_around_the_rule() -> None:
    """A step between, or two that wait for each other, hides nothing."""
    work = offer("apprenticeship", prerequisites=["case_management"])
    step = offer("case_management", prerequisites=["follow_up"])
    last = offer("follow_up", prerequisites=["trauma_therapy"])
    found = ("PREREQUISITE_FORBIDDEN", "/services/0/prerequisites/0")
    assert verdict(work, step, last) == found
    back = offer("follow_up", prerequisites=["case_management", "trauma_therapy"])
    for order in ((work, step, back), (work, back, step)):
        assert verdict(*order) == found
    other_way = offer("case_management", 2)
    assert verdict(work, step, last, other_way) == ("", "")
    assert verdict(work, step) == ("", "")


def test_a_prerequisite_by_its_whole_is_seen_too() -> None:
    """`case` is fulfilled by any part of it; where each part waits for care, so does the whole."""
    work = offer("apprenticeship", prerequisites=["case"])
    part = offer("case_management", prerequisites=["trauma_therapy"])
    assert verdict(work, part)[0] == "PREREQUISITE_FORBIDDEN"


STEPS = ["case_management", "follow_up", "literacy", "legal_advice", "other"]
FIRST = st.lists(st.sampled_from([*STEPS, "trauma_therapy"]), max_size=2, unique=True)


@profile(300)
@given(st.lists(st.tuples(st.sampled_from(STEPS), FIRST), max_size=6))
def test_a_livelihood_is_reached_without_care(ways: list[tuple[str, list[str]]]) -> None:
    """Whatever list passes: services can be taken one after the other, none of them care."""
    offers = [offer(kind, n, prerequisites=first) for n, (kind, first) in enumerate(ways)]
    work = offer("apprenticeship", prerequisites=["case_management"])
    refused = verdict(work, *offers)[0] == "PREREQUISITE_FORBIDDEN"
    assert refused == _needs_care("case_management", ways)


def _needs_care(wanted: str, ways: list[tuple[str, list[str]]]) -> bool:
    """The same said otherwise: care comes up on every way, after as many steps as there are."""

    def needs(kind: str, steps: int) -> bool:
        if kind == "trauma_therapy":
            return True
        mine = [first for one, first in ways if one == kind]
        return bool(steps and mine) and all(
            any(needs(one, steps - 1) for one in first) for first in mine
        )

    return needs(wanted, 6)


@pytest.mark.parametrize("home", HOMES)
def test_a_home_says_whether_people_may_leave_and_what_happens_to_children(home: str) -> None:
    for name in ("freedom_of_movement", "children_with_mother"):
        camel = "freedomOfMovement" if name == "freedom_of_movement" else "childrenWithMother"
        assert verdict(offer(home, **{name: ""})) == ("INVALID_FIELD", f"/services/0/{camel}")
    assert verdict(offer("legal_advice")) == ("", "")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"service_id": "shelter-at-12-Rose-Lane"}, "serviceId"),
        ({"service_id": "legal_advice-8801700000001"}, "serviceId"),
        ({"service_id": "legal_aid-001"}, "serviceId"),
        ({"service_id": "legal_advice-٠٠١"}, "serviceId"),
        ({"children_with_mother": "up_to_age"}, "childMaxAge"),
        ({"children_with_mother": "welcome", "child_max_age": 5}, "childMaxAge"),
        ({"child_max_age": 5}, "childMaxAge"),
        ({"subdivisions": ["IN-WB", "NP-P1"]}, "subdivisions/1"),
        ({"sexes": ["female", "female"]}, "sexes"),
        ({"countries": ["IN", "IN"]}, "countries"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit(changes: dict[str, Any], place: str) -> None:
    assert verdict(offer(), offer(number=2, **changes)) == (
        "INVALID_FIELD", f"/services/1/{place}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "fits"),
    [("4500", True), ("4500.50", True), ("0.5", True), ("99999999", True), ("0", False),
     ("0.00", False), ("-4500", False), ("8801700000001", False)],
)  # fmt: skip
def test_a_stipend_is_money_and_nothing_else(amount: str, fits: bool) -> None:
    one = offer("apprenticeship")
    one.stipend.amount, one.stipend.currency, one.stipend.period = amount, "INR", "month"
    wanted = ("", "") if fits else ("INVALID_FIELD", "/services/0/stipend/amount")
    assert verdict(one) == wanted


def test_an_id_stands_once() -> None:
    assert verdict(offer(), offer(number=2), offer()) == ("INVALID_FIELD", "/services/2/serviceId")


CONDITIONS = spec.registries()["service_condition"].codes.values()


@pytest.mark.parametrize("code", CONDITIONS, ids=lambda code: code.id)
def test_forbidden_conditions(code: spec.Code) -> None:
    one = json.loads(to_json(offer())) | {"conditions": [code.id]}
    wanted = "FORBIDDEN_CODE" if code.forbidden else ""
    assert reason(parse, ServiceOffer, json.dumps(one)) == wanted


def test_what_may_not_be_asked_of_a_survivor_is_forbidden() -> None:
    assert {one.id for one in CONDITIONS if one.forbidden} == {
        "official_status", "police_cooperation", "other_service_taken", "mental_health_first",
        "promise_not_to_migrate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "why", "where"),
    [
        (b"{}", "INVALID_FIELD", "/services"),
        (b"[1]", "INVALID_FIELD", "/services/0"),
        (b"[" + b"{}," * 500 + b"{}]", "INVALID_FIELD", "/services"),
        (SAMPLE.replace(b'"open"', b'"locked"'), "UNKNOWN_CODE", "/services/0/freedomOfMovement"),
        (SAMPLE.replace(b'"places"', b'"telephone"'), "UNKNOWN_FIELD", "/services/0"),
        (SAMPLE.replace(b'["literacy"]', b'["dental", "peer_support"]'),
         "PREREQUISITE_FORBIDDEN", "/services/3/prerequisites/1"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_published(raw: bytes, why: str, where: str) -> None:
    with pytest.raises(Refused) as refused:
        services.offers(raw)
    assert (refused.value.reason, refused.value.pointer) == (why, where)


# Signed lists.


def listed(**changes: Any) -> ServiceList:
    made = ServiceList(
        version=entries.VERSION, environment="test", agency=AGENCY, seq=7,
        issued_at=stamp(NOW), expires_at=stamp(NOW + 30 * DAY),
        services=[offer(), offer("shelter_emergency")],
    )  # fmt: skip
    for name, value in changes.items():
        if name.endswith("_at"):
            getattr(made, name).CopyFrom(stamp(value))
        else:
            setattr(made, name, value)
    return made


def taken(token: str, agency: str = AGENCY, now: Any = NOW) -> str:
    """Why a reader refuses a list; empty if it does not."""
    return reason(
        services.verify, token, agency=agency, environment="test", trusted=trusted(), now=now
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""),
        ({"agency": AGENCIES["origin"]}, "SERVICE_LIST_INVALID"),
        ({"environment": "live"}, "WRONG_ENVIRONMENT"),
        ({"version": "9.0"}, "UNKNOWN_VERSION"),
        ({"expires_at": NOW}, "SERVICE_LIST_INVALID"),
        ({"issued_at": NOW + timedelta(minutes=6)}, "SERVICE_LIST_INVALID"),
        ({"issued_at": NOW + timedelta(minutes=4)}, ""),
        ({"expires_at": NOW + 91 * DAY}, "SERVICE_LIST_INVALID"),
    ],
)
def test_a_list_is_its_agencys_and_of_its_time(changes: dict[str, Any], why: str) -> None:
    assert taken(services.sign(listed(**changes), key("destination"))) == why


def test_a_list_is_signed_by_its_agency_as_a_list() -> None:
    payload = to_json(listed())
    assert taken(jose.sign(payload, jose.SERVICES, key("destination"))) == ""
    assert taken(jose.sign(payload, jose.SERVICES, key("origin"))) == "SIGNATURE_INVALID"
    assert taken(jose.sign(payload, jose.RECEIPT, key("destination"))) == "SIGNATURE_INVALID"
    token = jose.sign(payload, jose.SERVICES, key("destination"))
    head, _, tail = token.split(".")
    other = jose.b64(to_json(listed(seq=8)))
    assert taken(f"{head}.{other}.{tail}") == "SIGNATURE_INVALID"


def test_a_reader_holds_a_list_to_the_rule() -> None:
    bad = listed()
    bad.services.append(offer("apprenticeship", prerequisites=["trauma_therapy"]))
    assert taken(services.sign(bad, key("destination"))) == "PREREQUISITE_FORBIDDEN"
    bad = listed()
    bad.services[0].conditions.append("official_status")
    assert taken(services.sign(bad, key("destination"))) == "FORBIDDEN_CODE"
    bad = listed()
    bad.services[1].freedom_of_movement = ""
    assert taken(services.sign(bad, key("destination"))) == "INVALID_FIELD"


def test_a_list_that_is_too_large() -> None:
    many = listed()
    many.services.extend(offer("dental", n) for n in range(499))
    assert len(many.services) == 501
    assert taken(services.sign(many, key("destination"))) == "INVALID_FIELD"
    assert taken("a" * (services.MAX_LIST + 1)) == "TOO_LARGE"


def test_numbers_rise() -> None:
    held = listed()
    services.check_newer(held, None)
    services.check_newer(listed(), held)
    services.check_newer(listed(seq=8), held)
    assert reason(services.check_newer, listed(seq=6), held) == "SERVICE_LIST_INVALID"
    twin = listed(expires_at=NOW + 3 * DAY)
    assert reason(services.check_newer, twin, held) == "SERVICE_LIST_INVALID"


def test_the_next_number_is_above_what_a_lost_backup_held() -> None:
    before = services.next_number(0, NOW)
    assert services.next_number(before, NOW) == before + 1
    assert services.next_number(0, NOW + timedelta(minutes=1)) == before + 1
    assert before < 2**32 - 2**31


def test_looking_for_services() -> None:
    found = services.offers(SAMPLE)
    types = [one.service_type for one in services.matching(found, service_type="work")]
    assert types == ["vocational_training", "apprenticeship"]
    assert [one.service_type for one in services.matching(found, country="BD")] == [
        "psychosocial_counselling"
    ]
    assert services.matching(found, service_type="work", country="BD") == []
    assert services.matching(found) == found
