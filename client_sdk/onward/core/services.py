"""Lists of services: what an agency offers, as a signed list, and what no list may hold.

The same rule holds for the agency that publishes and for everyone who reads (domain.md R034, R083,
R143): a list is taken whole or not at all. A reader that showed the rest of a list would vouch for
an agency that signs what nobody may ask of a survivor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from joserfc.jwk import ECKey

from onward.core import entries, jose, spec
from onward.core.clock import moment
from onward.core.parse import load, parse, to_json
from onward.core.refused import Refused
from onward.core.trust import Trusted
from onward.v1.services_pb2 import ServiceList, ServiceOffer

MAX_LIST = 2 * 1024 * 1024
"""Largest signed list, in bytes."""

MAX_SERVICES = spec.rule(
    spec.messages()["onward.v1.ServiceList"].fields_by_name["services"]
).max_items
"""How many services a list holds at most."""

LIFE = timedelta(days=30)
"""How long a list holds, if its agency says nothing else."""

MAX_LIFE = timedelta(days=90)
"""How long a list may hold at most: capacity that nobody has looked at for longer is a guess."""

FRESH = timedelta(days=1)
"""After this long without its agency's word a list that is held is stale."""

SKEW = timedelta(minutes=5)
"""How far ahead the clock of the agency that made a list may be."""

# No more digits than the dearest currencies need: an amount is no place for a telephone number.
_AMOUNT = re.compile(r"(0\.(0[1-9]|[1-9][0-9]?)|[1-9][0-9]{0,7}(\.[0-9]{1,2})?)")


def traits(service_type: str) -> frozenset[str]:
    """What rules have to know of a service type, by its own code and by what it is part of."""
    codes, found = spec.registries()["service_type"].codes, set[str]()
    while service_type in codes:
        found.update(codes[service_type].traits)
        service_type = codes[service_type].parent
    return frozenset(found)


def is_part(service_type: str, whole: str) -> bool:
    """Whether a type is another one, or part of it."""
    codes = spec.registries()["service_type"].codes
    while service_type and service_type != whole:
        service_type = codes[service_type].parent if service_type in codes else ""
    return bool(service_type)


def check(services: Sequence[ServiceOffer]) -> None:
    """Hold an agency's services to what no schema can say. Each has passed its schema.

    Raises Refused: PREREQUISITE_FORBIDDEN where a livelihood or a place to live depends on mental
    health care, also by way of another service of the list; INVALID_FIELD for an id that is not
    the service's type and three digits, or stands twice, for a place to live that does not say
    whether people may leave it and what happens to children, and for values that do not fit each
    other.
    """
    seen: set[str] = set()
    for index, one in enumerate(services):
        if fault := _fault(one):
            raise Refused("INVALID_FIELD", f"/services/{index}/{fault}")
        if one.service_id in seen:
            raise Refused("INVALID_FIELD", f"/services/{index}/serviceId", expected="once")
        seen.add(one.service_id)
    _check_prerequisites(services)


def _fault(one: ServiceOffer) -> str:
    """The first field of a service that does not fit the others, or nothing."""
    home = "accommodation" in traits(one.service_type)
    # An id made of anything else could tell an address.
    if re.fullmatch(re.escape(one.service_type) + "-[0-9]{3}", one.service_id, re.ASCII) is None:
        return "serviceId"
    if home and not one.freedom_of_movement:
        return "freedomOfMovement"
    if home and not one.children_with_mother:
        return "childrenWithMother"
    if (one.children_with_mother == "up_to_age") != bool(one.child_max_age):
        return "childMaxAge"
    if one.HasField("stipend") and _AMOUNT.fullmatch(one.stipend.amount) is None:
        return "stipend/amount"
    for index, area in enumerate(one.subdivisions):
        if area.partition("-")[0] not in one.countries:
            return f"subdivisions/{index}"
    return _repeats(one)


def _repeats(one: ServiceOffer) -> str:
    """The first list of a service that names something twice."""
    for field, value in one.ListFields():
        if spec.repeated(field) and len(set(value)) != len(value):
            return field.json_name
    return ""


def _gated(services: Sequence[ServiceOffer]) -> set[str]:
    """Types that nobody gets here without mental health care: such care, and what waits for it."""
    wanted = {first for one in services for first in one.prerequisites}
    ways = {
        first: {frozenset(one.prerequisites) for one in matching(services, service_type=first)}
        for first in wanted
    }
    gated = {first for first in wanted if "mental_health" in traits(first)}
    while True:
        # One way around it is enough: then nobody has to take it.
        more = {
            first
            for first in wanted - gated
            if ways[first] and all(way & gated for way in ways[first])
        }
        if not more:
            return gated
        gated |= more


def _check_prerequisites(services: Sequence[ServiceOffer]) -> None:
    gated = _gated(services)
    for index, one in enumerate(services):
        if traits(one.service_type).isdisjoint(("livelihood", "accommodation")):
            continue
        for place, first in enumerate(one.prerequisites):
            if first in gated:
                pointer = f"/services/{index}/prerequisites/{place}"
                raise Refused("PREREQUISITE_FORBIDDEN", pointer)


def offers(raw: bytes) -> list[ServiceOffer]:
    """The services of a file: a JSON list of ServiceOffer, held to its schema and to `check`.

    Raises Refused, with the place in the list that would be published.
    """
    value = load(raw, max_bytes=MAX_LIST)
    if not isinstance(value, list) or len(value) > MAX_SERVICES:
        raise Refused("INVALID_FIELD", "/services", expected=f"array, maxItems {MAX_SERVICES}")
    found = []
    for index, one in enumerate(value):
        try:
            found.append(parse(ServiceOffer, json.dumps(one)))
        except Refused as fault:
            place = f"/services/{index}{fault.pointer}"
            raise Refused(fault.reason, place, expected=fault.expected) from None
    check(found)
    return found


def next_number(held: int, now: datetime) -> int:
    """The number of an agency's next list: above the one held, and never below the clock.

    A node that was restored from a backup has forgotten its newest numbers; by the clock, its next
    one is above them all the same, and its partners take it.
    """
    return max(held + 1, int(now.timestamp()) // 60)


def sign(services: ServiceList, key: ECKey) -> str:
    """The list as its JWS. Raises Refused TOO_LARGE."""
    token = jose.sign(to_json(services), jose.SERVICES, key)
    if len(token) > MAX_LIST:
        raise Refused("TOO_LARGE", "/services")
    return token


def verify(
    token: str, *, agency: str, environment: str, trusted: Trusted, now: datetime
) -> ServiceList:
    """The list of an agency, if all of it is as it must be; otherwise nothing of it.

    Raises Refused: TOO_LARGE, SIGNATURE_INVALID (not signed with a current key of this agency),
    WRONG_ENVIRONMENT, UNKNOWN_VERSION, SERVICE_LIST_INVALID (another agency's name, or not its
    time), and whatever the schema and `check` refuse.
    """
    if len(token) > MAX_LIST:
        raise Refused("TOO_LARGE")
    found = jose.verify(token, jose.SERVICES, trusted.signing_key(agency, now))
    services = read(found.payload)
    if services.agency != agency:
        raise Refused("SERVICE_LIST_INVALID", "/agency")
    if services.environment != environment:
        raise Refused("WRONG_ENVIRONMENT", "/environment")
    if services.version != entries.VERSION:
        raise Refused("UNKNOWN_VERSION", "/version")
    issued, expires = moment(services.issued_at), moment(services.expires_at)
    if not issued - SKEW <= now < expires or expires - issued > MAX_LIFE:
        raise Refused("SERVICE_LIST_INVALID", "/expiresAt")
    return services


def read(payload: bytes) -> ServiceList:
    """A list from its bytes, held to its schema and to `check`. Raises Refused."""
    services = parse(ServiceList, payload, max_bytes=MAX_LIST)
    check(services.services)
    return services


def check_newer(new: ServiceList, held: ServiceList | None) -> None:
    """Whether a list may stand in for the one held. Raises Refused SERVICE_LIST_INVALID.

    A lower number is older; the same number with other content is a list that was told
    differently to different people.
    """
    if held is not None and (new.seq < held.seq or (new.seq == held.seq and new != held)):
        raise Refused("SERVICE_LIST_INVALID", "/seq")


def matching(
    services: Iterable[ServiceOffer], *, service_type: str = "", country: str = ""
) -> list[ServiceOffer]:
    """Those of a type, or of a type that is part of it, that are given in a country."""
    return [
        one
        for one in services
        if (not service_type or is_part(one.service_type, service_type))
        and (not country or country in one.countries)
    ]
