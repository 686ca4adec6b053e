"""What consent, encryption and accounts cost: acts with all of it, and with none of it.

    python server/benchmarks/consent_cost.py [NUMBER]

Two nodes in this process, with their real databases and keys, and without a network. The second
run leaves out, one for one: the decision (everything is permitted), the agreement, encryption at
rest, the audit, the account of disclosures. What is left is what any system has to do that stores
an act and its content durably and sends it signed. Compare the ratios, not the microseconds.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from onward.auth import Login
from onward.client import Client
from onward.core import parse, spec
from onward.importers import read_folder, sample_folder
from onward.transports.memory import Memory
from onward.v1.consent_pb2 import ConsentRecord, Decision
from onward.v1.entry_pb2 import Item
from onward.v1.peer_pb2 import DeliverRequest
from onward_server.adapters.keys import FileKeys
from onward_server.app import settings
from onward_server.app.wiring import Wired, wire
from onward_server.demo.world import Site, World
from onward_server.service import agreements, audit, disclosures, ground, leaving, outbound
from onward_server.service.access import Caller

DELIVER = spec.rpcs()["onward.v1.Exchange.Deliver"]
TURNS = 3
CALLER = Caller("benchmark", frozenset(rpc.scope for rpc in spec.rpcs().values() if rpc.scope))


def _all_permitted(*_: Any, categories: Any, **__: Any) -> dict[str, Decision]:
    return {
        one: Decision(category=one, permitted=True, reason="permitted", source="consent")
        for one in categories
    }


def _nothing(*_: Any, **__: Any) -> None:
    return None


@contextmanager
def without() -> Iterator[None]:
    """None of it."""
    with ExitStack() as stack:
        for where, name, instead in (
            (ground, "decide", _all_permitted),
            (ground, "check", _nothing),
            (leaving, "may", lambda ctx, tx, book, rows: (rows, "")),
            (agreements, "between", _nothing),
            (audit, "write", _nothing),
            (disclosures, "sent", _nothing),
            (disclosures, "received", _nothing),
            (FileKeys, "make", _nothing),
            (FileKeys, "encrypt", lambda self, key_id, bound, plaintext: plaintext),
            (FileKeys, "decrypt", lambda self, key_id, bound, content: content),
        ):
            stack.enter_context(patch.object(where, name, instead))
        yield


@dataclass
class Cost:
    """What acts of each kind took, in seconds and in bytes of database, keyring and wire."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    disk: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wire: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    parts: int = 0
    """Parts in each referral: the same in both runs, or they can't be compared."""


class Bench:
    """Two nodes, and referrals between them."""

    def __init__(self, folder: Path, number: int) -> None:
        self.world = World.make(folder)
        self.nodes = [wire(settings.load(site.folder)) for site in self.world.sites]
        self.here, self.there = (
            _client(site, node) for site, node in zip(self.world.sites, self.nodes, strict=True)
        )
        self.number = number
        self.cost = Cost()

    def run(self) -> Cost:
        """Each kind of act, so many times."""
        self._carry("")
        case = read_folder(sample_folder()).cases[0]
        assert isinstance(case.consent, ConsentRecord)
        # All is permitted, so that both runs send the same: the run without a decision would
        # otherwise have more to send, encrypt and store.
        del case.consent.deny[:]
        case.consent.permit[:] = [n for n, one in spec.categories().items() if not one.protocol]
        consent_id = self.here.record_consent(case.consent).consent_id
        to = self.world.destination.agency
        items = [Item(number=one.number, wish="now") for one in case.record.needs_services.items]
        yes = [Item(number=one.number, state="accepted") for one in items]
        names: list[str] = []

        def offer(_: str) -> None:
            sent = self.here.offer(
                destination=to, consent_id=consent_id, items=items, record=case.record
            )
            names.append(sent.referral.referral_id)

        for _ in range(self.number):
            self._measure("offer", offer, "")
        self._carry("offer")
        acts: list[tuple[str, Client, Callable[[str], object]]] = [
            ("acknowledge", self.there, lambda one: self.there.acknowledge(one)),
            ("decide", self.there, lambda one: self.there.decide(one, yes)),
            ("disclose", self.here, lambda one: self.here.disclose(
                one, consent_id=consent_id, record=case.record)),
            ("opened", self.there, lambda one: self.there.open(one)),
            ("withdraw", self.here, lambda one: self.here.withdraw(one, everything=True)),
        ]  # fmt: skip
        for kind, by, act in acts:
            for one in names:
                by.get_referral(one)
                self._measure(kind, act, one)
            self._carry(kind)
        self.cost.parts = len(self.here.get_referral(names[0]).parts)
        for node in self.nodes:
            node.close()
        return self.cost

    def _measure(self, kind: str, act: Callable[[str], object], one: str) -> None:
        began = time.perf_counter()
        act(one)
        self.cost.seconds[kind] += time.perf_counter() - began

    def _carry(self, kind: str) -> None:
        """Everything that waits is delivered; then the disks are looked at."""
        for _ in range(20):
            moved = 0
            for here, there in (self.nodes, self.nodes[::-1]):
                for one in outbound.due(here.node.ctx, 256):
                    self.cost.wire[kind] += len(one.envelope.sealed) + len(one.envelope.header)
                    request = DeliverRequest(envelopes=[one.envelope])
                    (result,) = there.node.call(DELIVER, request, None).results  # type: ignore[attr-defined]
                    assert result.receipt, result.problem.reason
                    outbound.settle(here.node.ctx, one, result.receipt)
                    moved += 1
            if not moved:
                break
        self.cost.disk[kind] = sum(_size(site) for site in self.world.sites)


def _client(site: Site, node: Wired) -> Client:
    def call(rpc: spec.Rpc, request: Any, token: str | None) -> Any:
        parse.validate(request)
        return node.node.call(rpc, request, CALLER)

    return Client(
        Memory(call), login=Login(site.agency, site.login_key), actor="benchmark",
        role="caseworker", retries=0,
    )  # fmt: skip


def _size(site: Site) -> int:
    """Bytes in use of the database and the keyring, when everything is in its place."""
    total = 0
    for path in (site.folder / "node.sqlite3", site.folder / "keys" / "keyring.sqlite3"):
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            page, pages, free = (
                db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_size", "page_count", "freelist_count")
            )
        total += page * (pages - free)
    return total


def _median(costs: list[Cost]) -> Cost:
    """One of the runs, with the median of all for each kind of act."""
    for kind in costs[0].seconds:
        costs[0].seconds[kind] = statistics.median(one.seconds[kind] for one in costs)
    return costs[0]


def main() -> None:
    """Both runs by turns, so that neither has the warmer machine, and a table of the medians."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    runs: dict[bool, list[Cost]] = {False: [], True: []}
    for bare in (False, True) * TURNS:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            if bare:
                stack.enter_context(without())
            runs[bare].append(Bench(Path(folder), number).run())
    full, none = costs = [_median(runs[bare]) for bare in (False, True)]
    assert full.parts == none.parts, (full.parts, none.parts)
    title = f"{number} referrals of {full.parts} parts, each act once, median of {TURNS} runs"
    table = Table(title=f"{title}; times of its own node")
    for name in ("act", "with, us", "without, us", "ratio", "wire with, bytes", "without"):
        table.add_column(name, justify="left" if name == "act" else "right")
    for kind, seconds in full.seconds.items():
        before = none.seconds[kind]
        table.add_row(
            kind, f"{seconds / number * 1e6:,.0f}", f"{before / number * 1e6:,.0f}",
            f"{seconds / before:.2f}", f"{full.wire[kind] // number:,}",
            f"{none.wire[kind] // number:,}",
        )  # fmt: skip
    console = Console()
    console.print(table)
    for kind in ("opened", "withdraw"):
        with_, without_ = ((one.disk[kind] - one.disk[""]) // number for one in costs)
        console.print(
            f"bytes on both disks for each referral, after {kind}: {with_:,} with, {without_:,} "
            "without"
        )


if __name__ == "__main__":
    main()
