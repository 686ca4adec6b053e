"""The reference node as a target, in a process of its own, and the suite's bench for it."""

from __future__ import annotations

import json
from pathlib import Path

from onward.core.parse import parse, to_json
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_conformance.network import Network
from onward_conformance.target import Target
from onward_server.demo.world import Site

AGENCY = "shelter.ngo.in.example"


class Reference:
    """A node that trusts the suite's list."""

    def __init__(self, folder: Path, module: str = "onward_server.app.cli") -> None:
        self.site = Site(folder / "node", AGENCY, "IN", "ngo_local", "rest")
        entry = json.loads(to_json(self.site.make(3600)))
        self.target = Target(folder, entry, rest=self.site.issuer, grpc=self.site.grpc)
        self.network: Network = self.target.network()
        self.site.trust(
            parse(TrustAnchors, json.dumps(self.network.anchors()).encode()),
            parse(SignedTrustList, json.dumps(self.network.trust_list()).encode()),
            [self.network.partner.name, self.network.second.name],
        )
        self.site.start(module)
        self.site.wait()

    def close(self) -> None:
        """End the node."""
        self.site.end()
