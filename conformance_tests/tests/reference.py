"""The reference node as a target, in a process of its own, and the suite's benches for it."""

from __future__ import annotations

import json
from pathlib import Path

from onward.core.parse import parse, to_json
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_conformance.network import Network, Way
from onward_conformance.target import Target
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
            folder, [entry], ("destination", "origin"),
            addresses={"rest": self.site.issuer, "grpc": self.site.grpc},
            listens=listens,
            reached={"rest": f"http://{listens['rest']}", "grpc": listens["grpc"]},
            local={
                "rest": self.site.issuer, "client_id": CLIENT, "client_key": client.name,
                "login_key": login.name,
            },
        )  # fmt: skip
        self.network: Network = self.target.network()
        self.site.trust(
            parse(TrustAnchors, json.dumps(self.network.anchors()).encode()),
            parse(SignedTrustList, json.dumps(self.network.trust_list()).encode()),
            self.network.accepted(AGENCY),
        )
        self.site.start(module)
        self.site.wait()

    def close(self) -> None:
        """End the node."""
        self.site.end()
