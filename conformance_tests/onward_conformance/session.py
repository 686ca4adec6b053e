"""From a target to the benches that its checks work with: servers, connections, and their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from onward_conformance import lists
from onward_conformance.check import Bench
from onward_conformance.client_bench import ClientBench
from onward_conformance.network import Way
from onward_conformance.peer import Peer
from onward_conformance.played import Played
from onward_conformance.played_servers import PlayedServers
from onward_conformance.runner import Bench as AnyBench
from onward_conformance.serving import Servers
from onward_conformance.target import Target, TargetError


@contextmanager
def bench(target: Target, way: Way) -> Iterator[AnyBench]:
    """What checks work with over one transport. Raises TargetError."""
    with ExitStack() as ends:
        hands = target.hands()
        if hands is not None:
            ends.callback(hands.close)
        if target.is_client:
            if hands is None:
                raise TargetError("a client needs a program in [hands]")
            node = Played()
            ends.callback(PlayedServers(node).close)
            yield ClientBench(node, way, hands)
            return
        peer = Peer(target.network(), earlier=target.earlier(), note=target.note)
        wire = target.wire(way)
        ends.callback(wire.close)
        try:
            ends.callback(Servers(peer, dict(target.listens)).close)
        except (OSError, ValueError, OverflowError) as fault:
            raise TargetError(f"the suite can't listen where [suite] says: {fault}") from None
        made = Bench(
            peer.network, way, wire, peer, hands, news=target.news(peer.network),
            sign=target.signing(),
        )  # fmt: skip
        lists.renew(made)
        yield made
