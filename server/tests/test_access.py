"""Who acts: what the agency's login signs is held to its form."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from nodes import reason
from onward.core import jose, spec
from onward_server.service import access

AGENCY = "msw.gov.bd.example"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
RPC = next(rpc for rpc in spec.rpcs().values() if rpc.name == "Acknowledge")
KEY = jose.new_key()


def ask(text: str) -> access.Actor:
    token = jose.sign(text.encode(), jose.ACTOR, KEY)
    keys = {jose.kid(KEY): json.dumps(KEY.as_dict(private=False))}
    return access.actor(token, RPC, agency=AGENCY, login_keys=keys, now=NOW)


def claims(**changes: Any) -> str:
    start = int(NOW.timestamp())
    known = {"iss": AGENCY, "aud": AGENCY, "sub": "u-17@x.y", "role": "caseworker"}
    return json.dumps({**known, "iat": start, "exp": start + 60, **changes})


def test_a_good_one() -> None:
    assert ask(claims()) == access.Actor("u-17@x.y", "caseworker")


@pytest.mark.parametrize("member", ["iat", "exp"])
def test_a_number_without_end(member: str) -> None:
    text = claims(**{member: "HERE"}).replace('"HERE"', "1e400")
    assert reason(ask, text) == "ACTOR_INVALID"


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": ""}, {"sub": "a b"}, {"sub": "a\n"}, {"sub": "a" * 129}, {"sub": "<b>"},
        {"sub": 7}, {"role": ["caseworker"]}, {"role": {}}, {"role": 7}, {"role": "king"},
    ],
)  # fmt: skip
def test_what_is_no_name_and_no_role(changes: dict[str, Any]) -> None:
    assert reason(ask, claims(**changes)) == "ACTOR_INVALID"
