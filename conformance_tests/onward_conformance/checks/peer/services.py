"""The list of services that the target publishes: numbers and ends, and what none may hold."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import timedelta

from onward_conformance import oracle
from onward_conformance.check import Bench, check
from onward_conformance.network import Json
from onward_conformance.results import Failed, NotApplicable
from onward_conformance.services import codes, having, held, kept, publish, refused, service, tried

CARE, HOME = "trauma_therapy", "shelter_emergency"
SOON = 10.0
"""So many seconds a question for services is waited for."""


@check("SRVL-001", negative=True)
def service_that_tells_a_place(bench: Bench) -> None:
    """Words, an address, a telephone number or a town are refused, or left out."""
    words = ("description", "address", "telephone")
    lists = [
        *([service() | {name: "+977 1 5550100, the blue house"}] for name in words),
        *([service(subdivisions=[place])] for place in ("NP-P3-KTM", "Kathmandu")),
        [service(capacity="open, ask for the warden")],
    ]
    # The words that a list may hold are those of its schema, by which each is read.
    tried(bench, lambda _: None, *lists)


@check("SRVL-002", negative=True)
def service_id_that_tells_more(bench: Bench) -> None:
    """An id is the type and three digits, and stands once: anything else is not published."""
    named = ("legal_advice", "legal_advice-1", "legal_advice-0001", "river-road-007", HOME + "-001")
    lists = [[service(serviceId=one)] for one in named]
    tried(bench, _ids, *lists, [service(), service(capacity="full")])


def _ids(said: Json) -> None:
    found = [(one["serviceType"], one["serviceId"]) for one in said.get("services", [])]
    if wrong := [name for of, name in found if not re.fullmatch(of + "-[0-9]{3}", name)]:
        raise Failed("an id of the type and three digits", wrong[0])
    if len(set(found)) != len(found):
        raise Failed("each id once", found)


@check("SRVL-003", negative=True)
def bed_or_work_for_mental_health_care(bench: Bench) -> None:
    """Nobody has to take care of that kind to get a place to live or a livelihood."""
    wanted = {*having("accommodation"), *having("livelihood")}
    lists = [[service(one, prerequisites=["literacy", CARE])] for one in sorted(wanted)]
    lists += [[service(HOME, prerequisites=[one])] for one in having("mental_health")]
    refused(bench, "PREREQUISITE_FORBIDDEN", *lists)


@check("SRVL-004", negative=True)
def bed_for_care_by_a_detour(bench: Bench) -> None:
    """What is asked for first is itself given after such care only, at one or two removes."""
    home = service(HOME, prerequisites=["literacy"])
    first, second = (service("literacy", n, prerequisites=[CARE]) for n in (1, 2))
    far = service("literacy", prerequisites=["legal_advice"])
    refused(
        bench, "PREREQUISITE_FORBIDDEN",
        [home, first], [first, second, home], [home, far, service(prerequisites=[CARE])],
    )  # fmt: skip


@check("SRVL-004")
def bed_with_a_way_around(bench: Bench) -> None:
    """One way without such care is enough, and so is what others offer."""
    home = service(HOME, prerequisites=["literacy"])
    with kept(bench):
        publish(bench, home, service("literacy", prerequisites=[CARE]), service("literacy", 2))
        publish(bench, home, service(prerequisites=[CARE]))


@check("SRVL-005", negative=True)
def condition_that_nobody_may_set(bench: Bench) -> None:
    """The registry marks it as forbidden."""
    marked = [name for name, code in codes("service_condition").items() if code.forbidden]
    refused(bench, "FORBIDDEN_CODE", *([service(conditions=[one])] for one in marked))


@check("SRVL-006", negative=True)
def place_to_live_that_does_not_say(bench: Bench) -> None:
    """Whether residents may leave, and what happens to a mother's children, is said."""
    silent = [
        [{name: one for name, one in service(home).items() if name != member}]
        for home in having("accommodation")
        for member in ("freedomOfMovement", "childrenWithMother")
    ]
    refused(bench, "INVALID_FIELD", *silent)


@check("SRVL-007", negative=True)
def values_that_do_not_fit(bench: Bench) -> None:
    """Ages of children, subdivisions, and values that stand twice."""
    refused(
        bench, "INVALID_FIELD",
        [service(HOME, childMaxAge=12)], [service(HOME, childrenWithMother="up_to_age")],
        [service(subdivisions=["IN-MH"])],
        [service(countries=["NP", "NP"])], [service(sexes=["female", "female"])],
        [service(languages=["ne", "ne"])],
    )  # fmt: skip


@check("SRVL-007", negative=True)
def stipend_that_is_none(bench: Bench) -> None:
    """Nothing, or a number as long as a telephone's."""
    stipend = {"currency": "NPR", "period": "month"}
    amounts = ("0", "0.00", "977155501", "977155501.00")
    refused(
        bench, "INVALID_FIELD",
        *([service("apprenticeship", stipend=stipend | {"amount": one})] for one in amounts),
    )  # fmt: skip


@check("SRVL-007")
def values_that_fit(bench: Bench) -> None:
    """The oldest child that may come, a subdivision of the country, and a stipend."""
    stipend = {"amount": "4500.50", "currency": "NPR", "period": "month"}
    home = service(HOME, childrenWithMother="up_to_age", childMaxAge=12)
    with kept(bench):
        publish(bench, home, service("apprenticeship", subdivisions=["NP-P3"], stipend=stipend))


@check("SRVL-011")
def numbers_of_lists_rise(bench: Bench) -> None:
    """Each list has a higher number than the one before, also an empty one."""
    with kept(bench):
        seqs = [publish(bench, *services)["seq"] for services in ([service()], [], [service()])]
    if seqs != sorted(set(seqs)):
        raise Failed("rising numbers", seqs)


@check("SRVL-012", negative=True)
def number_that_a_restore_forgets(bench: Bench) -> None:
    """A number is not below the minutes since 1970."""
    least = int(time.time()) // 60
    with kept(bench):
        seq = publish(bench, service())["seq"]
    if seq < least:
        raise Failed(f"a number from {least} on", seq)


@check("SRVL-013", negative=True)
def list_that_holds_too_long(bench: Bench) -> None:
    """90 days at most, and the target's own time where nobody says one."""
    for days in (0, 90, 91):
        tried(bench, _life, [service()], validDays=days)


def _life(said: Json) -> None:
    life = oracle.moment(said["expiresAt"]) - oracle.moment(said["issuedAt"])
    if not timedelta(0) < life <= timedelta(days=90):
        raise Failed("at most 90 days", life.days)


@check("SRVL-022", negative=True)
def question_for_services_tells_nothing(bench: Bench) -> None:
    """It names who asks whom, when, and nothing that anybody looks for."""
    held(bench)
    with suppress(Failed):
        bench.until("a question", lambda: bench.peer.services, seconds=SOON)
    if not bench.peer.services:
        raise NotApplicable("it asked for no list of services while the suite ran")
    for token, came in list(bench.peer.services):
        if more := set(oracle.readable(token)) - {"iss", "aud", "method", "iat", "nonce"}:
            raise Failed("iss, aud, method, iat and nonce alone", sorted(more))
        oracle.question(bench.network, token, "get_services", came)
