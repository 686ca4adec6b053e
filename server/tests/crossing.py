"""Two sites with a tap on the wire to each, and what can be read of both with all their keys."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from canaries import Tap, sealed_texts
from onward.core import jose
from onward.core.refused import Refused
from onward_server.adapters.keys import FileKeys
from onward_server.app import provision
from onward_server.demo.world import Site, Transport, free_port
from people import DESTINATION


class Crossing:
    """Two sites with a tap on the wire to each, and logs as loud as can be."""

    def __init__(self, folder: Path, transport: Transport) -> None:
        self.folder = folder
        self.transport = transport
        self.origin = Site(folder / "o", "msw.gov.bd.example", "BD", "ngo_local", transport)
        self.destination = Site(folder / "d", DESTINATION, "IN", "ngo_local", transport)
        self.third = Site(folder / "t", "centre.ngo.in.example", "IN", "ngo_local", transport)
        """One that never runs: to be named, and to hear nothing."""
        self.metrics = {site.agency: f"127.0.0.1:{free_port()}" for site in self.sites}
        self.taps: list[Tap] = []
        entries = [self.third.make(destroy_after=1)]
        for site in self.sites:
            entry = site.make(destroy_after=1)
            with (site.folder / "node.toml").open("a") as file:
                file.write(f'\nmetrics = "{self.metrics[site.agency]}"\n')
            rest, grpc = Tap(site.rest), Tap(site.grpc)
            self.taps += [rest, grpc]
            entry.rest, entry.grpc = f"http://{rest.address}", grpc.address
            entries.append(entry)
        keys, stamper = [jose.new_key(), jose.new_key()], jose.new_key()
        anchors = provision.anchors("test", 2, keys, [stamper])
        signed = provision.new_list("test", 1, entries)
        for key in keys:
            provision.sign_list(signed, key)
        provision.stamp_list(signed, stamper)
        self.origin.trust(anchors, signed, [DESTINATION])
        self.destination.trust(anchors, signed, [self.origin.agency])

    @property
    def sites(self) -> tuple[Site, Site]:
        """Both sites."""
        return self.origin, self.destination

    def start(self, *broken: str) -> None:
        """Both; the origin broken on purpose, if a category is named."""
        self.origin.start("node_loud", *broken)
        self.destination.start("node_loud")
        self.origin.wait()
        self.destination.wait()

    def stop(self) -> None:
        self.origin.end()
        self.destination.end()
        for tap in self.taps:
            tap.close()

    def wire(self) -> bytes:
        return b"\n".join(bytes(one) for tap in self.taps for one in tap.streams)

    def unsealed(self) -> bytes:
        """What lay in the envelopes, with the keys of both agencies."""
        found = []
        pair = (self.origin, self.destination)
        for site, other in (pair, pair[::-1]):
            keys = FileKeys(site.folder / "keys")
            for tap in self.taps:
                for text in {t for one in tap.streams for t in sealed_texts(bytes(one))}:
                    try:
                        inside = jose.unseal(text, keys.unsealing, other.agency, site.agency)
                    except Refused:
                        continue
                    found.append(inside.rstrip(b"\x00"))
            keys.close()
        return b"\n".join(found).replace(b'\\"', b'"')

    def folder_of(self, site: Site) -> bytes:
        """Every file: database, write-ahead log, keyring, settings, log."""
        return b"\n".join(p.read_bytes() for p in sorted(site.folder.rglob("*")) if p.is_file())


def decrypted(site: Site) -> bytes:
    """All that the node's own keys can open of its database."""
    keys = FileKeys(site.folder / "keys")
    db = sqlite3.connect(site.folder / "node.sqlite3")
    rows = [
        (key, f"{site.agency}/part/{digest}", content)
        for key, digest, content in db.execute(
            "SELECT key_id, digest, content FROM parts WHERE content NOT NULL"
        )
    ]
    rows += [
        (key, f"{site.agency}/journal", content)
        for key, content in db.execute("SELECT key_id, content FROM journal_content")
    ]
    found = []
    for row in rows:
        with suppress(Refused):  # Its key is gone.
            found.append(keys.decrypt(*row))
    db.close()
    keys.close()
    return b"\n".join(found).replace(b'\\"', b'"')
