"""Lists of services as tests publish, fetch, sign and see them, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from joserfc.jwk import ECKey

from desk import Desk
from nodes import Pair
from onward.core import entries, jose
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.v1.peer_pb2 import GetServicesRequest, GetServicesResponse
from onward.v1.services_pb2 import HeldServices, ServiceList
from onward_server.adapters import service_lists as module
from onward_server.adapters.service_lists import ServiceLists
from people import DESTINATION
from service_world import held, sample

OTHER = "other.example"
OTHER_AT = "127.0.0.1:10"


class Way:
    """A way to a partner, answered by `answer`."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[GetServicesRequest] = []

    def call(self, rpc: Any, request: Any, *, token: Any, timeout: float) -> Any:
        assert (rpc.name, token, timeout) == ("GetServices", None, module.TIMEOUT)
        self.asked.append(request)
        return self.answer(request)

    def close(self) -> None:
        """Nothing to close."""


def fetching(desk: Desk, answer: Any, **more: Any) -> ServiceLists:
    """What fetches for a node, with every partner of the pair answered by `answer`."""
    made = ServiceLists(desk.node, **more)
    ways: Any = made._transports
    ways["grpc", "127.0.0.1:9"] = Way(answer)
    return made


def honest(desk: Desk) -> Any:
    """What the node itself answers."""
    return lambda request: desk.call("Exchange.GetServices", request)


def fetch(pair: Pair, answer: Any = None) -> list[bool]:
    """One round of the origin, which has nobody but the destination to ask."""
    made = fetching(pair.origin, answer or honest(pair.destination))
    try:
        return made.round()
    finally:
        made.stop()


def publish(desk: Desk, offers: Any = None, **more: Any) -> HeldServices:
    return desk.as_role("publisher").publish_services(
        sample() if offers is None else offers, **more
    )


def seen(pair: Pair) -> HeldServices:
    """The destination's list as the origin's people see it."""
    found = held(pair.origin.client, DESTINATION)
    assert found is not None
    return found


def signed(pair: Pair, key: ECKey | None = None, typ: str = jose.SERVICES, **changes: Any) -> str:
    """A list as anybody may sign it, right or wrong."""
    now = pair.clock.now()
    made = ServiceList(
        version=entries.VERSION, environment="test", agency=DESTINATION, seq=4_000_000_000,
        issued_at=stamp(now), expires_at=stamp(now + timedelta(days=3)), services=sample(),
    )  # fmt: skip
    for name, value in changes.items():
        if name.endswith("_at"):
            getattr(made, name).CopyFrom(stamp(value))
        elif name == "services":
            del made.services[:]
            made.services.extend(value)
        else:
            setattr(made, name, value)
    return jose.sign(to_json(made), typ, key or pair.destination.keys.signing())


def says(token: str) -> Any:
    return lambda request: GetServicesResponse(services=token)


def seen_with(pair: Pair, **filters: str) -> Iterator[str]:
    for one in pair.origin.client.list_services(**filters):
        yield from (offer.service_id for offer in one.services)
