"""Four agencies on one trust list, each with its node as a process, and a clock to turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from joserfc.jwk import ECKey

from onward.client import Client
from onward.core import jose
from onward.core.clock import stamp
from onward.v1.trust_pb2 import Agency, TrustAnchors
from onward_server.app import provision
from onward_server.demo.stage.nursery import Nursery
from onward_server.demo.world import Site, Transport

DESTROY_AFTER = 1
"""Seconds from a withdrawal to the destruction of what it sealed, at the nodes of the stories."""


@dataclass(frozen=True)
class Post:
    """One agency of the stories: how it is called, its colour on a terminal, and what it is."""

    key: str
    called: str
    colour: str
    agency: str
    country: str
    kind: str
    worker: str
    transport: Transport


POSTS = (
    Post("ministry", "the ministry", "cyan", "msw.gov.bd.example", "BD",
         "national_government", "Farida", "grpc"),
    Post("shelter", "the shelter", "green", "shelter.ngo.in.example", "IN",
         "shelter", "Asha", "rest"),
    Post("centre", "the women's centre", "magenta", "centre.ngo.bd.example", "BD",
         "ngo_local", "Nasrin", "grpc"),
    Post("migrants", "the migrants' group", "yellow", "migrants.org.bd.example", "BD",
         "survivor_led_group", "Jahanara", "rest"),
)  # fmt: skip
"""A ministry, a shelter abroad, a women's centre, and a group led by people who came back."""


@dataclass
class Network:
    """The agencies of POSTS. `day` is how many days have passed since the stories began."""

    folder: Path
    sites: dict[str, Site]
    entries: list[Agency]
    authorities: list[ECKey]
    stamper: ECKey
    anchors: TrustAnchors
    nursery: Nursery
    day: int = 0
    _seq: int = 0
    _clients: dict[tuple[str, Transport], Client] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, nursery: Nursery) -> Network:
        """All nodes, made but not started; `nursery` is what will start them."""
        sites = {
            post.key: Site(
                folder / post.key, post.agency, post.country, post.kind, post.transport
            )
            for post in POSTS
        }  # fmt: skip
        entries = [site.make(DESTROY_AFTER) for site in sites.values()]
        authorities = [jose.new_key(), jose.new_key(), jose.new_key()]
        stamper = jose.new_key()
        anchors = provision.anchors("test", 2, authorities, [stamper])
        network = cls(folder, sites, entries, authorities, stamper, anchors, nursery)
        network._publish()
        return network

    @property
    def now(self) -> datetime:
        """The moment at which the stories are."""
        return datetime.now(UTC) + timedelta(days=self.day)

    def _publish(self) -> None:
        """A new list with a fresh stamp, at every node. Keys are valid from now on for as long as
        new ones would be."""
        self._seq += 1
        for entry in self.entries:
            for key in entry.keys:
                key.not_after.CopyFrom(stamp(self.now + provision.KEY_LIFE))
        signed = provision.new_list("test", self._seq, self.entries, now=self.now)
        for one in self.authorities[:2]:
            provision.sign_list(signed, one)
        provision.stamp_list(signed, self.stamper, self.now)
        for site in self.sites.values():
            others = [one.agency for one in self.sites.values() if one is not site]
            site.trust(self.anchors, signed, others)

    def start(self, keys: Iterable[str]) -> None:
        """Start these agencies' processes at once, and wait until they serve."""
        sites = [self.sites[key] for key in keys]
        for site in sites:
            site.process = self.nursery.start(site.folder)
        for site in sites:
            site.wait()

    def turn_to(self, day: int, keys: Iterable[str]) -> None:
        """Time passes: all nodes end, and these start again with later clocks and a fresh list.

        The others stay at rest until another day needs them.
        """
        self.stop()
        self.day = day
        for site in self.sites.values():
            site.turn_clock(day)
        self._publish()
        self.start(keys)

    def client(self, key: str, transport: Transport, worker: str) -> Client:
        """A caseworker's client at an agency. It lasts until time passes."""
        found = self._clients.get((key, transport))
        if found is None:
            found = self.sites[key].client(transport, f"{worker.lower()}-desk")
            self._clients[key, transport] = found
        return found

    def down(self, key: str) -> None:
        """End an agency's process, and the connections to it."""
        for one in [each for each in self._clients if each[0] == key]:
            self._clients.pop(one).disconnect()
        self.sites[key].end()

    def stop(self) -> None:
        """End all processes and the connections to them."""
        for key in self.sites:
            self.down(key)
