"""REST and gRPC give the same verdicts and the same reasons, and read the same message."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.message_factory import GetMessageClass

from adapter_world import WRITE, World
from grpc_asking import ID, TOLD, call
from onward.core import parse, spec
from onward.v1 import local_pb2
from onward_server.adapters.rest import rest_app

UNKNOWN = b"\xfa\x3f\x01x"
"""A field with a number that no message has."""


# (call, request as JSON without what stands in the path, id in the path, the verdict)
ITEM = {"number": 1, "state": "accepted"}
BAD: list[tuple[str, dict[str, Any], str, tuple[str, str]]] = [
    ("Referrals.Decide", {"items": [ITEM]}, ID, ("INVALID_FIELD", "/write")),
    ("Referrals.Decide", {"write": WRITE}, ID, ("INVALID_FIELD", "/items")),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [ITEM]},
        "short",
        ("INVALID_FIELD", "/referralId"),
    ),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [{"state": "accepted"}]},
        ID,
        ("INVALID_FIELD", "/items/0/number"),
    ),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [ITEM, {"number": 65}]},
        ID,
        ("INVALID_FIELD", "/items/1/number"),
    ),
    ("Referrals.Decide", {"write": WRITE, "items": [ITEM] * 65}, ID, ("INVALID_FIELD", "/items")),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [{"number": 1, "state": "nonsense"}]},
        ID,
        ("UNKNOWN_CODE", "/items/0/state"),
    ),
    (
        "Referrals.Close",
        {"write": WRITE | {"purpose": "marketing"}},
        ID,
        ("FORBIDDEN_CODE", "/write/purpose"),
    ),
    (
        "Referrals.Close",
        {"write": WRITE | {"requestId": "a b c d e f"}},
        ID,
        ("INVALID_FIELD", "/write/requestId"),
    ),
    (
        "Referrals.Close",
        {"write": WRITE | {"actor": "no token", "purpose": "nonsense"}},
        ID,
        ("UNKNOWN_CODE", "/write/purpose"),
    ),
    (
        "Referrals.Offer",
        {
            "write": WRITE,
            "destination": "Not.An.Agency",
            "consentId": "consent-0001",
            "items": [ITEM],
            "record": {},
        },
        "",
        ("INVALID_FIELD", "/destination"),
    ),
    ("Referrals.Withdraw", {"write": WRITE}, ID, ("INVALID_FIELD", "/withdrawal")),
    ("Exchange.Deliver", {"envelopes": []}, "", ("INVALID_FIELD", "/envelopes")),
    (
        "Exchange.Deliver",
        {"envelopes": [{"header": "x", "sealed": "y"}]},
        "",
        ("INVALID_FIELD", "/envelopes/0/header"),
    ),
    (
        "Exchange.Deliver",
        {"envelopes": [{"header": "e30.e30.c2ln", "sealed": "x" * parse.MAX_BYTES}]},
        "",
        ("TOO_LARGE", ""),
    ),
    ("Referrals.GetReferral", {}, "short", ("INVALID_FIELD", "/referralId")),
    ("Services.ListServices", {"agency": "a b"}, "", ("INVALID_FIELD", "/agency")),
    ("Referrals.ListReferrals", {"pageSize": 101}, "", ("INVALID_FIELD", "/pageSize")),
    ("Referrals.ListReferrals", {"pageToken": "a b"}, "", ("INVALID_FIELD", "/pageToken")),
    ("Audit.ListAudit", {"pageSize": 1001}, "", ("INVALID_FIELD", "/pageSize")),
]


async def over_rest(world: World, rpc: spec.Rpc, body: dict[str, Any], value: str) -> Any:
    """The reason and the pointer that REST answers."""
    path = rpc.http_path
    for name in rpc.path_fields:
        path = path.replace(f"{{{name}}}", value)
    given: dict[str, Any] = {"content": json.dumps(body)} if rpc.body else {"params": body}
    headers = {"Authorization": world.bearer(), "Content-Type": "application/json"}
    transport = httpx.ASGITransport(rest_app(world.node, world.tokens))
    async with httpx.AsyncClient(transport=transport, base_url="https://node.example") as http:
        response = await http.request(rpc.http_verb.upper(), path, headers=headers, **given)
    answer = response.json()
    TOLD[:] = [answer.get("expected", "")]
    return answer.get("reason"), answer.get("pointer", "")


@pytest.mark.parametrize(("name", "body", "value", "verdict"), BAD, ids=lambda one: str(one)[:60])
def test_both_transports_give_one_verdict(
    world: World, name: str, body: dict[str, Any], value: str, verdict: tuple[str, str]
) -> None:
    rpc = spec.rpcs()[f"onward.v1.{name}"]
    assert asyncio.run(over_rest(world, rpc, body, value)) == verdict
    expected = list(TOLD)
    request = ParseDict(body, GetMessageClass(rpc.input)())
    for field in rpc.path_fields:
        setattr(request, field, value)
    assert call(world, name, request) == verdict
    assert expected == TOLD
    assert bool(TOLD[0]) == (verdict[0] != "TOO_LARGE")
    assert world.node.calls == []


def test_an_unknown_field_is_refused_by_both(world: World) -> None:
    rpc = spec.rpcs()["onward.v1.Referrals.Close"]
    for inside, pointer in (
        ({"write": WRITE | {"x": 1}}, "/write"),
        ({"write": WRITE, "x": 1}, ""),
    ):
        assert asyncio.run(over_rest(world, rpc, inside, ID)) == ("UNKNOWN_FIELD", pointer)
    request = ParseDict({"write": WRITE, "referralId": ID}, local_pb2.CloseRequest())
    outer = request.SerializeToString() + UNKNOWN
    assert call(world, "Referrals.Close", outer) == ("UNKNOWN_FIELD", "")
    request.write.MergeFromString(UNKNOWN)
    assert call(world, "Referrals.Close", request) == ("UNKNOWN_FIELD", "/write")


def test_what_is_good_passes_both_and_is_the_same_message(world: World) -> None:
    rpc = spec.rpcs()["onward.v1.Referrals.Decide"]
    body = {"write": WRITE, "items": [ITEM]}
    asyncio.run(over_rest(world, rpc, body, ID))
    request = ParseDict({**body, "referralId": ID}, local_pb2.DecideRequest())
    assert call(world, "Referrals.Decide", request) == b""
    (_, by_rest, rest_caller), (_, by_grpc, grpc_caller) = world.node.calls
    assert by_rest == by_grpc == request
    assert rest_caller == grpc_caller
