"""The target: what its operator says of it in target.toml."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onward_conformance.network import Network
from onward_conformance.wire import GrpcWire, RestWire, Way, Wire

TEMPLATE = """\
# What the conformance suite has to know of your node. Paths are relative to this file.

[target]
# Its REST interface, its gRPC interface, or both. Each that stands here is tested in full.
rest = "http://127.0.0.1:18080"
# grpc = "127.0.0.1:18081"

# Its entry for the trust list, as your node exports it: agency, country, kind, versions and the
# public keys (JSON of the message Agency). The suite makes a list of its own from it.
entry = "agency.json"

# test or live: a node of environment live has no place here.
environment = "test"
"""

STATE = ".onward-conformance"
"""Folder beside the target's file in which the suite keeps its own keys and list."""


class TargetError(Exception):
    """The target's file can't be used; the text says what to do."""


@dataclass(frozen=True)
class Target:
    """A node under test."""

    folder: Path
    entry: dict[str, Any]
    environment: str = "test"
    rest: str = ""
    grpc: str = ""

    @property
    def ways(self) -> list[Way]:
        """The transports that it has."""
        ways: list[Way] = ["rest", "grpc"]
        return [way for way in ways if getattr(self, way)]

    def wire(self, way: Way) -> Wire:
        """A connection over one of them."""
        return RestWire(self.rest) if way == "rest" else GrpcWire(self.grpc)

    def network(self) -> Network:
        """The suite's network around the target, made at the first use and kept in its folder."""
        kept = self.folder / STATE / "network.json"
        if kept.exists():
            found = Network.load(kept.read_text())
            if found.target == self.entry:
                return found
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        made = Network(self.entry, self.environment)
        kept.touch(mode=0o600)
        kept.write_text(made.save())
        return made


def load(path: Path) -> Target:
    """Read target.toml. Raises TargetError."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))["target"]
        entry = json.loads((path.parent / said["entry"]).read_text(encoding="utf-8"))
    except OSError as fault:
        raise TargetError(
            f"can't read {fault.filename}: `onward-conformance init` makes one"
        ) from None
    except KeyError as fault:
        raise TargetError(f"{path} has no {fault}") from None
    except ValueError as fault:
        raise TargetError(f"{path}, or the entry that it names, can't be read: {fault}") from None
    strange = set(said) - {"rest", "grpc", "entry", "environment"}
    if strange:
        raise TargetError(f"{path} has fields that nobody knows: {', '.join(sorted(strange))}")
    if not said.get("rest") and not said.get("grpc"):
        raise TargetError(f"{path} names neither rest nor grpc")
    return Target(
        path.parent, entry, said.get("environment", "test"), said.get("rest", ""),
        said.get("grpc", ""),
    )  # fmt: skip
