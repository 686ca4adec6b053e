"""The reference node as a target, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sign_agreement import by_node
from take_list import take

from onward.core.parse import to_json
from onward.core.refused import Refused
from onward_conformance.hands import NoHands
from onward_conformance.local import roles
from onward_conformance.network import WAYS, Json, Network, News, Way
from onward_conformance.target import Target
from onward_server.app import provision
from onward_server.demo.world import CLIENT, Site, free_port

AGENCY, BESIDE = "shelter.ngo.in.example", "centre.ngo.in.example"
PROFILES = ("destination", "origin", "forwarder", "hosting", "mailbox", "knocks")


def _addresses() -> dict[Way, str]:
    return {way: f"127.0.0.1:{free_port()}" for way in WAYS}


class ReferenceTarget(Target):
    """The reference node, which takes a newer list, and signs, without a program for it."""

    def news(self, network: Network) -> News:
        def give(signed: Json | None = None) -> None:
            self.write(network, signed)
            try:
                take(self.folder, [self.folder / name for name in self.take_list])
            except Refused as fault:
                raise NoHands(fault.reason) from None

        return give

    def signing(self) -> Callable[[Json], Json]:
        return lambda agreement: by_node(agreement, self.folder / self.take_list[0])


class Reference:
    """A process that speaks for two agencies, of which the first holds mail for others.

    With `behind`, it speaks for one that nobody can reach: its mailbox is the suite's partner over
    that transport.
    """

    def __init__(self, folder: Path, behind: Way | None = None) -> None:
        peers = {} if behind else {f"peer_{way}": at for way, at in _addresses().items()}
        mailbox = f"partner.{behind}.conformance.example" if behind else ""
        self.sites = [
            Site(folder / name, agency, "IN", "ngo_local", "rest", mailbox=mailbox, **peers)
            for name, agency in {"node": AGENCY, "beside": BESIDE}.items()
        ][: 1 if behind else 2]
        self.site = self.sites[0]
        entries = [json.loads(to_json(one.make(1))) for one in self.sites]
        more = "collect_every_seconds = 1" if behind else "mailbox = true"
        settings = self.site.folder / "node.toml"
        often = settings.read_text().replace("every_seconds = 3600", "every_seconds = 5")
        settings.write_text(f"{more}\n{often}")
        scopes = sorted({one for each in roles().values() for one in each})
        key = provision.public(self.site.client_key)
        provision.add_client(self.site.folder, CLIENT, key, scopes)
        client, login = self.site.save_credentials(folder)
        listens = _addresses()
        reached: dict[Way, str] = {"rest": f"http://{listens['rest']}", "grpc": listens["grpc"]}
        folders = [one.folder.name for one in self.sites]
        self.target = ReferenceTarget(
            folder, entries, ("collect",) if behind else PROFILES,
            addresses={behind: ""} if behind else {
                "rest": f"http://{self.site.peer_rest}", "grpc": self.site.peer_grpc,
            },
            listens=listens, reached=reached,
            local={
                "rest": self.site.issuer, "client_id": CLIENT, "client_key": client.name,
                "login_key": login.name,
            },
            take_list=tuple(folders),
        )  # fmt: skip
        self.network: Network = self.target.network()
        self.target.write(self.network)
        take(folder, [one.folder for one in self.sites])

    def start(self, module: str = "onward_server.app.cli") -> None:
        """Start the node, and wait until it answers."""
        self.site.start(module, *(str(one.folder) for one in self.sites[1:]))
        for one in self.sites:
            one.process = self.site.process
            one.wait()

    def close(self) -> None:
        """End the node."""
        self.site.end()
