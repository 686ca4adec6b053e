"""Lists of services: what the target publishes, read apart from any other code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from onward.v1 import options_pb2
from onward_conformance.check import Bench
from onward_conformance.hands import Refusal
from onward_conformance.jose import Bad, verify
from onward_conformance.lists import ask
from onward_conformance.network import VERSION, Json
from onward_conformance.results import Failed
from onward_conformance.said import claims
from onward_conformance.shape import fault, files, message, option


@cache
def codes(registry: str) -> dict[str, Any]:
    """The codes of a registry, by their ids."""
    return {
        code.id: code
        for file in files()
        for one in option(file, options_pb2.registry)
        if one.name == registry
        for code in one.code
    }


@cache
def having(trait: str) -> tuple[str, ...]:
    """The types of service with this trait, their own or of what they are part of."""
    types = codes("service_type")

    def has(name: str) -> bool:
        return name in types and (trait in types[name].trait or has(types[name].parent))

    return tuple(name for name, code in types.items() if has(name) and not code.forbidden)


def service(service_type: str = "legal_advice", number: int = 1, **changed: Any) -> Json:
    """One that may be published."""
    made: Json = {
        "serviceId": f"{service_type}-{number:03}", "serviceType": service_type,
        "capacity": "open", "countries": ["NP"], "sexes": ["female", "male"],
        "ageClasses": ["adult"], "cost": "free",
    }  # fmt: skip
    if service_type in having("accommodation"):
        made |= {"freedomOfMovement": "open", "childrenWithMother": "welcome"}
    return made | changed


def held(bench: Bench) -> Json:
    """The target's list, as a member gets it; empty where it has published none."""
    answer = ask(bench, "GetServices", "get_services")
    if answer.said is None:
        raise Failed("the list of services, or nothing", str(answer), by="SRVL-020")
    if not answer.said.get("services"):
        return {}
    keys = bench.network.key_of_target("sign", bench.agency)
    try:
        said = claims(verify(answer.said["services"], "onward-services+jws", keys))
    except Bad as bad:
        raise Failed("a list that verifies", str(bad), by="KEY-001") from None
    if wrong := fault(message("ServiceList"), said):
        raise Failed("a list of its schema", wrong, by="SRVL-001")
    right = (VERSION, bench.network.environment, bench.agency)
    found = (said["version"], said["environment"], said["agency"])
    if found != right:
        raise Failed(f"a list of {right}", found, by="SRVL-020")
    return said


def publish(bench: Bench, *services: Json, **more: Any) -> Json:
    """The target publishes these, in place of what it has. Gives the list as a member gets it."""
    bench.act("Services.PublishServices", _request(held(bench), services) | more)
    found = held(bench)
    ids = [one["serviceId"] for one in found.get("services", [])]
    if ids != [one["serviceId"] for one in services]:
        raise Failed("the services that were published", ids, by="SRVL-020")
    return found


@contextmanager
def kept(bench: Bench) -> Iterator[None]:
    """What the target had published before it publishes again in the end."""
    before = held(bench).get("services", [])
    try:
        yield
    finally:
        publish(bench, *before)


def refused(bench: Bench, reason: str, *lists: list[Json]) -> None:
    """The target must not publish any of these lists: what it has published stays."""
    with kept(bench):
        before = publish(bench, service())
        for services in lists:
            bench.act_refused("Services.PublishServices", _request(before, services), reason)
            if held(bench) != before:
                raise Failed("the list before to stay", "another")


def tried(bench: Bench, judge: Callable[[Json], None], *lists: list[Json], **more: Any) -> None:
    """The target is asked to publish each of these lists. It may refuse, or leave out what can't
    stand there: what it has published then is judged.
    """
    with kept(bench):
        publish(bench, service())
        for services in lists:
            with suppress(Refusal):
                bench.hand.call("Services.PublishServices", _request(held(bench), services) | more)
            judge(held(bench))


def _request(before: Json, services: Any) -> Json:
    seq = {"expectedSeq": before["seq"]} if before else {}
    return seq | {"services": list(services)}
