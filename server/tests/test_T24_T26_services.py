"""T24 and T26 on two real nodes: what no list of services holds, over both transports."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import MessageToDict

from onward.auth import ClientCredentials
from onward.client import Client
from onward.core import jose, services, spec
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1 import options_pb2
from onward.v1.services_pb2 import HeldServices, ServiceList, ServiceOffer
from onward_server.demo.world import Transport, World
from people import DESTINATION
from service_world import (
    DIRECTORY,
    KEY,
    SCOPES,
    held,
    post,
    publisher,
    refusal,
    running,
    sample,
    until,
)

ADDRESSES = (
    "12 Rose Lane, Kolkata 700001",
    "12-Rose-Lane",
    "rose_lane_12",
    "+8801700000001",
    "8801700000001",
    "22.5726,88.3639",
    "https://shelter.example/find-us",
    "shelter@ngo.example",
    "IN-WB 12 Rose Lane",
)
TRANSPORTS: tuple[Transport, ...] = ("rest", "grpc")

CLOSED = {"FORMAT_ID", "FORMAT_VERSION", "FORMAT_AGENCY", "FORMAT_COUNTRY", "FORMAT_SUBDIVISION",
          "FORMAT_LANGUAGE", "FORMAT_CURRENCY", "FORMAT_DECIMAL"}  # fmt: skip
"""Formats of the list's strings that are not codes. Each is too narrow for an address, but for
FORMAT_ID and FORMAT_DECIMAL, which the rule narrows, and FORMAT_AGENCY, a member's."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("cases") / "world") as made:
        yield made


@pytest.fixture(params=TRANSPORTS)
def shelter(world: World, request: pytest.FixtureRequest) -> Iterator[Client]:
    """Whoever keeps the shelter's list, over either transport."""
    with publisher(world.destination, request.param) as client:
        yield client


def number(client: Client) -> int:
    """Number of the list that is held."""
    found = held(client, DESTINATION)
    return found.seq if found else 0


def refused(client: Client, offers: list[ServiceOffer]) -> tuple[str, str]:
    """Why a list is refused. Nothing of it may be there afterwards."""
    before = number(client)
    why = refusal(client.publish_services, offers, expected_seq=before)
    assert number(client) == before, "nothing is published"
    return why


# T24


@pytest.mark.parametrize("care", ["trauma_therapy", "psychosocial_counselling", "peer_support"])
@pytest.mark.parametrize("service_type", ["vocational_training", "apprenticeship"])
def test_T24_a_livelihood_that_waits_for_mental_health_care_is_refused(
    shelter: Client, service_type: str, care: str
) -> None:
    offers = sample()
    (place,) = [n for n, one in enumerate(offers) if one.service_type == service_type]
    before = len(offers[place].prerequisites)
    offers[place].prerequisites.append(care)
    where = f"/services/{place}/prerequisites/{before}"
    assert refused(shelter, offers) == ("PREREQUISITE_FORBIDDEN", where)


def test_T24_not_by_a_condition_and_not_by_a_step_between_either(shelter: Client) -> None:
    offers = sample()
    offers[3].conditions.append("mental_health_first")
    assert refused(shelter, offers) == ("FORBIDDEN_CODE", "/services/3/conditions/0")
    offers = sample()
    between = ServiceOffer()
    between.CopyFrom(offers[2])
    between.service_type, between.service_id = "literacy", "literacy-001"
    between.prerequisites.append("psychosocial_counselling")
    assert refused(shelter, [*offers, between]) == (
        "PREREQUISITE_FORBIDDEN", "/services/3/prerequisites/0",
    )  # fmt: skip


@pytest.mark.parametrize(
    "condition", ["official_status", "police_cooperation", "other_service_taken",
                  "promise_not_to_migrate"],
)  # fmt: skip
def test_T24_no_other_price_may_be_asked(shelter: Client, condition: str) -> None:
    offers = sample()
    offers[0].conditions.append(condition)
    assert refused(shelter, offers) == ("FORBIDDEN_CODE", "/services/0/conditions/0")


def test_T24_a_place_to_live_says_whether_people_may_leave(shelter: Client) -> None:
    offers = sample()
    offers[0].freedom_of_movement = ""
    assert refused(shelter, offers) == ("INVALID_FIELD", "/services/0/freedomOfMovement")


def test_T24_with_nothing_of_that_the_list_is_published(shelter: Client) -> None:
    before = number(shelter)
    assert shelter.publish_services(sample(), expected_seq=before).seq > before


# T26


def leaves(descriptor: Descriptor) -> Iterator[FieldDescriptor]:
    """Every field of a message that holds a value, also of the messages in it."""
    for field in descriptor.fields:
        if field.message_type is None:
            yield field
        elif field.message_type.full_name.startswith(spec.PACKAGE):
            yield from leaves(field.message_type)


@pytest.mark.parametrize("message", [ServiceList, HeldServices])
def test_T26_there_is_no_field_for_an_address(message: Any) -> None:
    for field in leaves(message.DESCRIPTOR):
        if field.type != FieldDescriptor.TYPE_STRING:
            continue
        rule = spec.rule(field)
        assert not rule.text, field.full_name
        known = options_pb2.Format.Name(rule.format)
        assert rule.codes or known in CLOSED, field.full_name


def texts(descriptor: Descriptor, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where in a service a string stands: names of fields, from the outside in."""
    for field in descriptor.fields:
        if field.type == FieldDescriptor.TYPE_STRING:
            yield (*prefix, field.json_name)
        elif field.message_type is not None:
            yield from texts(field.message_type, (*prefix, field.json_name))


PLACES = list(texts(ServiceOffer.DESCRIPTOR))


@pytest.mark.parametrize("place", PLACES, ids="/".join)
def test_T26_no_field_takes_an_address(place: tuple[str, ...]) -> None:
    """In any string of a service, whatever its format or its list of codes."""
    for address in ADDRESSES:
        value = full()
        inner = value
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = [address] if isinstance(inner[place[-1]], list) else address
        with pytest.raises(Refused):
            services.offers(json.dumps([value]).encode())


def full() -> dict[str, Any]:
    """A service with something in every field."""
    value: dict[str, Any] = {}
    for one in sample():
        value = MessageToDict(one) | value
    value |= {"childrenWithMother": "up_to_age", "childMaxAge": 9}
    value |= {"conditions": ["appointment"], "prerequisites": ["literacy"]}
    missing = {field.json_name for field in ServiceOffer.DESCRIPTOR.fields} - set(value)
    assert missing == set(), "the test tries every field"
    services.offers(json.dumps([value]).encode())
    return value


@pytest.mark.parametrize(
    "name", ["address", "street", "telephone", "location", "name", "openingHours"]
)
def test_T26_a_field_that_is_not_there_is_refused(world: World, name: str) -> None:
    """As it stands in the bytes: no SDK would send it."""
    site = world.destination
    with publisher(site, "rest") as client:
        before = number(client)
        credentials = ClientCredentials(
            client_id=DIRECTORY, key=KEY, issuer=site.issuer, scopes=SCOPES
        )
        asked = client._http.send(credentials.request(), 10)  # type: ignore[union-attr]
        token = credentials.take(asked)
        offers = [MessageToDict(one) for one in sample()]
        offers[0][name] = ADDRESSES[0]
        write = {"requestId": "request-T26", "purpose": "service_delivery", "actor": "e30.e30.c2ln"}
        body = {"write": write, "expectedSeq": before, "services": offers}
        status, problem = post(site, "/v1/services:publish", body, token)
        assert (status, problem["reason"]) == (400, "UNKNOWN_FIELD")
        assert problem["pointer"] == "/services/0"
        assert ADDRESSES[0] not in json.dumps(problem)
        assert number(client) == before


def test_T26_an_address_in_a_field_that_is_there_is_refused(shelter: Client) -> None:
    for address in ADDRESSES:
        offers = sample()
        offers[0].service_id = address
        assert refused(shelter, offers) == ("INVALID_FIELD", "/services/0/serviceId")
        offers = sample()
        offers[0].subdivisions.append(address)
        assert refused(shelter, offers) == ("INVALID_FIELD", "/services/0/subdivisions/1")


def test_T26_what_travels_and_is_kept_is_the_list_and_nothing_else(world: World) -> None:
    """What the partner's node has on its disk is the payload that was signed, field by field."""
    with publisher(world.destination, "rest") as there, publisher(world.origin, "grpc") as here:
        there.publish_services(sample(), expected_seq=number(there))
        wanted = number(there)
        until(lambda: number(here) == wanted)
    with sqlite3.connect(world.origin.folder / "node.sqlite3") as database:
        ((token,),) = database.execute("SELECT jws FROM service_lists").fetchall()
    payload = jose.peek(token)
    found = parse(ServiceList, payload)
    assert to_json(found) == payload
    assert list(found.services) == sample()
