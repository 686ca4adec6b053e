"""The reference node as a target, in a process of its own, and the suite's benches for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onward.core.parse import parse, to_json
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_conformance.check import Bench
from onward_conformance.network import Network, Way
from onward_conformance.peer import Peer
from onward_conformance.serving import Servers
from onward_conformance.target import Target
from onward_server.app import settings
from onward_server.app.wiring import open_store
from onward_server.demo.world import CLIENT, Site, free_port

AGENCY = "shelter.ngo.in.example"


class Reference:
    """A node that trusts the suite's list."""

    def __init__(self, folder: Path, module: str = "onward_server.app.cli") -> None:
        self.site = Site(folder / "node", AGENCY, "IN", "ngo_local", "rest")
        entry = json.loads(to_json(self.site.make(1)))
        client, login = self.site.save_credentials(folder)
        listens: dict[Way, str] = {
            "rest": f"127.0.0.1:{free_port()}", "grpc": f"127.0.0.1:{free_port()}",
        }  # fmt: skip
        self.target = Target(
            folder, [entry], ("destination", "origin", "forwarder"),
            addresses={"rest": self.site.issuer, "grpc": self.site.grpc},
            listens=listens,
            reached={"rest": f"http://{listens['rest']}", "grpc": listens["grpc"]},
            local={
                "rest": self.site.issuer, "client_id": CLIENT, "client_key": client.name,
                "login_key": login.name,
            },
        )  # fmt: skip
        self.network: Network = self.target.network()
        self.news()
        self.site.start(module)
        self.site.wait()

    def news(self) -> None:
        """Give the node the suite's newest trust list, and say whom it accepts by now."""
        anchors = parse(TrustAnchors, json.dumps(self.network.anchors()).encode())
        signed = parse(SignedTrustList, json.dumps(self.network.trust_list()).encode())
        store = open_store(settings.load(self.site.folder))
        for cast in self.network.casts.values():
            for one in cast.listed:
                store.accept_peer(one.name, one.name in self.network.accepted)
        store.close()
        self.site.trust(anchors, signed, [])

    @contextmanager
    def bench(self, way: Way) -> Iterator[Bench]:
        """What checks work with over one transport."""
        peer, wire, hands = Peer(self.network), self.target.wire(way), self.target.hands()
        servers = Servers(peer, dict(self.target.listens))
        try:
            yield Bench(self.network, way, wire, peer, hands, news=self.news)
        finally:
            servers.close()
            wire.close()
            if hands:
                hands.close()

    def close(self) -> None:
        """End the node."""
        self.site.end()
