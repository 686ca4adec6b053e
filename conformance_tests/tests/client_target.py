"""The SDK as a client under test: in its own process, and in this one for runs that are many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from onward.errors import OnwardError
from onward_conformance.client_bench import ClientBench
from onward_conformance.hands import Hands, Refusal
from onward_conformance.network import Json, Way
from onward_conformance.played import Played
from onward_conformance.played_servers import PlayedServers
from onward_conformance.target import Target

PROGRAM = Path(__file__).parents[2] / "docs/examples/client-hands/hands.py"


class InThisProcess:
    """The example program's hands, called without a process."""

    def __init__(self) -> None:
        spec = spec_from_file_location("client_hands", PROGRAM)
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        self._hands: Any = module.Hands()

    def call(self, name: str, request: Json, person: str = "") -> Json:
        try:
            answer: Json = self._hands.call(name, request)
        except OnwardError as error:
            raise Refusal(error.reason) from None
        except ValueError:
            raise Refusal("") from None
        return answer

    def close(self) -> None:
        self._hands.close()


def target(way: Way) -> Target:
    """The example program, as a partner runs it."""
    command = (sys.executable, str(PROGRAM))
    return Target(PROGRAM.parent, profiles=("client",), addresses={way: ""}, command=command)


@contextmanager
def client_bench(way: Way, hands: Hands) -> Iterator[ClientBench]:
    """The suite's node, and the client at work with it."""
    node = Played()
    servers = PlayedServers(node)
    try:
        yield ClientBench(node, way, hands)
    finally:
        hands.close()
        servers.close()
