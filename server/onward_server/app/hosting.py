"""Several agencies in one process: what must hold of their folders, and their nodes together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path

from onward.core import jose
from onward_server.app.settings import Settings, SettingsError
from onward_server.app.wiring import Wired, wire


def wire_all(hosted: Sequence[Settings]) -> list[Wired]:
    """The nodes of one process, each of its own folder. Raises SettingsError; none is left open."""
    check(hosted)
    with ExitStack() as opened:
        nodes = []
        for settings in hosted:
            try:
                nodes.append(wire(settings))
            except SettingsError as fault:
                where = f"{settings.folder}: " if len(hosted) > 1 else ""
                raise SettingsError(f"{where}{fault}") from None
            opened.callback(nodes[-1].close)
        opened.pop_all()
    return nodes


def check(hosted: Sequence[Settings]) -> None:
    """Whether one process can serve these agencies, and keep them apart. Raises SettingsError."""
    for one, other in combinations(hosted, 2):
        _differ(one, other, lambda s: s.agency, "are both of the agency {}: serve it once")
        _differ(one, other, lambda s: s.database, "have one database: each agency has its own")
        _differ(one, other, lambda s: s.issuer, "have the same issuer, {}: each has its own")
        if one.environment != other.environment:
            raise SettingsError(
                f"{one.folder} is for {one.environment} and {other.folder} for "
                f"{other.environment}: the two never mix, so serve them apart"
            )
        if _keys(one.folder) & _keys(other.folder):
            raise SettingsError(
                f"{one.folder} and {other.folder} share a key: each agency needs its own, so make "
                "one of them anew with `onward-node init`"
            )
        if (one.peer_rest, one.peer_grpc) != (other.peer_rest, other.peer_grpc):
            raise SettingsError(
                f"{one.folder} and {other.folder} differ in peer_rest or peer_grpc: agencies that "
                "are served together are reached at one address"
            )
    if len(hosted) > 1 and not hosted[0].peer_rest:
        raise SettingsError(
            "agencies that are served together are reached at one address: write the same "
            "peer_rest and peer_grpc into the node.toml of each"
        )
    taken: dict[str, str] = {}
    for address, whose in _addresses(hosted):
        if address in taken:
            raise SettingsError(
                f"{address} stands for {taken[address]} and for {whose}: give each its own"
            )
        taken[address] = whose


def _differ(one: Settings, other: Settings, value: Callable[[Settings], str], said: str) -> None:
    if value(one) == value(other):
        raise SettingsError(f"{one.folder} and {other.folder} {said.format(value(one))}")


def _keys(folder: Path) -> set[str]:
    """Ids of the agency's keys. What is no key is told by whoever opens it."""
    found = set()
    for path in (folder / "keys").glob("*.jwk"):
        try:
            found.add(jose.kid(jose.load_key(json.loads(path.read_text()))))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _addresses(hosted: Sequence[Settings]) -> Iterator[tuple[str, str]]:
    """Every address that is listened on, and whose it is."""
    for settings in hosted:
        for name in ("rest", "grpc", "metrics"):
            if address := getattr(settings, name):
                yield address, f"{name} of {settings.folder}"
    for name in ("peer_rest", "peer_grpc"):
        if address := getattr(hosted[0], name):
            yield address, name
