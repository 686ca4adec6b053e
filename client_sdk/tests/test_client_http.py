"""Clients over real HTTP and gRPC: tokens are fetched, kept and renewed, and events read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf.message import Message

from client_node import ID, KEY, QUICK, Behaviour, Events
from onward import errors
from onward.auth import ClientCredentials
from onward.client import AsyncClient, Client
from onward.core import spec
from onward.transports.memory import Memory
from onward.v1.local_pb2 import WatchRequest
from sdk_node import Node, running


def test_credentials_need_a_way_to_the_issuer(node: Behaviour) -> None:
    credentials = ClientCredentials("case-software", KEY, "https://node.a.example", ["x:y"])
    with pytest.raises(ValueError, match="need http"):
        Client(Memory(node), credentials=credentials)


class Issuer:
    """A token endpoint that gives one token after another."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.assertions: list[str] = []

    def __call__(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.assertions.append(form["client_assertion"])
        if self.refusal:
            return 401, {"error": self.refusal}
        number = len(self.assertions)
        return 200, {"access_token": f"at.{number}", "token_type": "Bearer", "expires_in": 300}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Behaviour, Node]]:
    behaviour = Behaviour()
    events = Events([["1", "2"], [], []])

    def answer(rpc: spec.Rpc, request: Message, token: str | None) -> Any:
        if isinstance(request, WatchRequest):
            return events(rpc, request, token)
        return behaviour(rpc, request, token)

    with running(answer) as node:
        yield behaviour, node


def credentials_for(node: Node) -> ClientCredentials:
    return ClientCredentials("case-software", KEY, node.base, ["referrals:read"])


Make = Callable[[Node, Any], Client]
MAKERS: dict[str, Make] = {
    "rest": lambda node, options: Client.rest(node.base, **options),
    "grpc": lambda node, options: Client.grpc(node.authority, **options),
}


@pytest.mark.parametrize("name", MAKERS)
def test_tokens_are_fetched_kept_and_renewed_once(
    name: str, served: tuple[Behaviour, Node]
) -> None:
    behaviour, node = served
    behaviour.reset()
    issuer = node.token = Issuer()
    with MAKERS[name](node, {**QUICK, "credentials": credentials_for(node)}) as user:
        user.get_referral(ID)
        user.acknowledge(ID)
        assert behaviour.tokens == ["at.1", "at.1"]
        behaviour.failures = [errors.TokenInvalid()]
        user.get_referral(ID)
        assert behaviour.tokens[2:] == ["at.1", "at.2"]
        behaviour.failures = [errors.TokenInvalid(), errors.TokenInvalid()]
        with pytest.raises(errors.TokenInvalid):
            user.get_referral(ID)
        assert behaviour.tokens[4:] == ["at.2", "at.3"]
    assert len(set(issuer.assertions)) == 3


def test_the_same_for_asyncio(served: tuple[Behaviour, Node]) -> None:
    behaviour, node = served

    async def work(user: AsyncClient) -> None:
        async with user:
            await user.get_referral(ID)
            behaviour.failures = [errors.TokenInvalid(), errors.Unavailable()]
            await user.acknowledge(ID)
            behaviour.failures = [errors.StateConflict("/items")]
            with pytest.raises(errors.StateConflict):
                await user.close(ID)

    for kind, address in ((AsyncClient.rest, node.base), (AsyncClient.grpc, node.authority)):
        behaviour.reset()
        issuer = node.token = Issuer()
        asyncio.run(work(kind(address, credentials=credentials_for(node), **QUICK)))
        assert behaviour.tokens == ["at.1", "at.1", "at.2", "at.2", "at.2"]
        assert len(issuer.assertions) == 2


def test_a_client_that_gets_no_token_asks_nothing(served: tuple[Behaviour, Node]) -> None:
    behaviour, node = served
    behaviour.reset()
    issuer = node.token = Issuer("invalid_client")
    with Client.rest(node.base, credentials=credentials_for(node), **QUICK) as user:
        with pytest.raises(errors.TokenRefused) as caught:
            user.get_referral(ID)
        assert caught.value.code == "invalid_client"
    assert behaviour.got == []
    assert len(issuer.assertions) == 1


def test_watching_over_http(served: tuple[Behaviour, Node]) -> None:
    _, node = served
    with Client.rest(node.base, **QUICK) as user:
        watching = user.watch("0")
        assert [next(watching).cursor, next(watching).cursor] == ["1", "2"]
        watching.close()
