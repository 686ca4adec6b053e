"""Either node loses its power at any moment: the exchange ends in the same state all the same."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conversation import Conversation, comparable, desks_of
from desk import Desk
from nodes import Pair, folded, reason
from onward.errors import OnwardError
from onward.v1.entry_pb2 import Item
from onward_server.demo.desks import Desks, wait
from onward_server.demo.world import Site, World
from people import decision, outcome_record, record

# After which act, at which node, at which point the power goes.
POINTS: dict[str, tuple[str, str]] = {
    "offer": ("origin", "committed"),
    "acknowledge": ("origin", "received"),
    "decide": ("destination", "receipt came"),
    "disclose": ("destination", "in transaction"),
    "progress": ("destination", "settled"),
    "handover": ("origin", "in transaction"),
    "follow_up": ("origin", "received"),
    "complete": ("destination", "committed"),
}
RANDOM = {"open": "destination", "close": "origin"}
"""Acts after which a node is killed at a random moment while delivery is under way."""


class Crashing(Conversation):
    """A conversation whose acts are sent again, under their ids, after a crash."""

    def __init__(self, world: World, desks: Desks) -> None:
        super().__init__(desks, world.destination.agency)
        self.world = world
        self.crashes = 0

    def site(self, side: str) -> Site:
        return self.world.origin if side == "origin" else self.world.destination

    def until_done(self, name: str) -> None:
        """Do the act; if its node dies of it, start the node and do it again."""
        side, point = POINTS.get(name, ("", ""))
        if side:
            (self.site(side).folder / "fail").write_text(point)
        entries = len(self.desks.origin.list_entries(self.referral_id)) if self.referral_id else 0
        try:
            getattr(self, name)()
        except OnwardError:
            self.revive(side)
            side = ""
            if not self._stands(name, entries):
                getattr(self, name)()
        if name in RANDOM:
            time.sleep(random.Random(name).random() * 0.05)
            self.site(RANDOM[name]).end(signal.SIGKILL)
            self.site(RANDOM[name]).start("node_failing")
            self.site(RANDOM[name]).wait()
            self.crashes += 1
        elif side:
            self.revive(side)

    def _stands(self, name: str, before: int) -> bool:
        """Whether the act was on disk although nobody was told: an offer has no id to ask by."""
        if name == "offer":
            mine = [one.referral_id for one in self.desks.origin.list_referrals()]
            self.referral_id = self.referral_id or (mine[-1] if len(mine) > self.known else "")
            return bool(self.referral_id)
        side = self.desks.origin if name in ("disclose", "handover", "close") else None
        entries = (side or self.desks.destination).list_entries(self.referral_id)
        return len(entries) > before

    known = 0

    def revive(self, side: str) -> None:
        """Wait until the node has died of its point, and start it again."""
        site = self.site(side)

        def dead() -> bool | None:
            return site.process is None or site.process.poll() is not None or None

        wait(dead, "the power to go")
        assert not (site.folder / "fail").exists(), "the point was never reached"
        site.end()
        site.start("node_failing")
        site.wait()
        self.crashes += 1


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World.make(tmp_path_factory.mktemp("crash"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        try:
            for site in made.sites:
                site.start("node_failing")
            for site in made.sites:
                site.wait()
            yield made
        finally:
            made.stop()


@pytest.mark.timeout(600)
def test_killed_at_every_turn(world: World) -> None:
    desks = desks_of(world, ("rest", "rest"))
    try:
        crash_all_the_way(world, desks)
    finally:
        desks.disconnect()


def crash_all_the_way(world: World, desks: Desks) -> None:
    """One conversation without and one with crashes, which must end alike."""
    sound = Conversation(desks, world.destination.agency)
    sound.play()
    talk = Crashing(world, desks)
    talk.known = 1
    for name, _ in talk.acts():
        talk.until_done(name)
        talk.settle()
    assert talk.crashes == len(POINTS) + len(RANDOM)
    same(talk, sound)
    assert talk.opened[-1].name == record().name

    # Between the destruction of the keys and the storing of the certificate.
    (world.destination.folder / "fail").write_text("keys destroyed")
    for one in (talk, sound):
        one.desks.origin.withdraw(one.referral_id, everything=True, destroy_now=True)
        if one is talk:
            talk.revive("destination")
        one.certified()
    same(talk, sound)
    assert {part.state for part in desks.origin.get_referral(talk.referral_id).parts} == {"erased"}
    here, there = talk.proofs(world.folder)
    assert here.state == there.state
    for site in world.sites:
        nothing_twice(site, talk.referral_id)


def same(talk: Conversation, sound: Conversation) -> None:
    """What was disturbed stands as what was not, at both nodes."""
    for desk in (talk.desks.origin, talk.desks.destination):
        disturbed, whole = (desk.get_referral(one.referral_id) for one in (talk, sound))
        assert comparable(disturbed) == comparable(whole)
        kinds = [
            sorted((e.entry.kind, e.outcome) for e in desk.list_entries(one.referral_id))
            for one in (talk, sound)
        ]
        assert kinds[0] == kinds[1]


def nothing_twice(site: Site, referral_id: str) -> None:
    """Entries, parts, receipts and events, as the database has them."""
    with sqlite3.connect(f"file:{site.folder / 'node.sqlite3'}?mode=ro", uri=True) as db:

        def rows(what: str) -> list[Any]:
            return db.execute(f"{what} WHERE referral_id = ?", (referral_id,)).fetchall()

        hashes = rows("SELECT hash FROM entries")
        receipts = rows("SELECT mid FROM receipts")
        entry_events = [kind for (kind,) in rows("SELECT kind FROM events") if kind == "entry"]
        receipt_events = [kind for (kind,) in rows("SELECT kind FROM events") if kind == "receipt"]
    db.close()
    assert len(set(hashes)) == len(hashes)
    assert len(set(receipts)) == len(receipts) == len(receipt_events)
    assert len(entry_events) <= len(hashes)


# The same in one process, at finer points: everything that was not committed is gone.


CUTS = ("sender before it sends", "receiver", "sender before the receipt", "sender after it")


def carry(pair: Pair, cut: str) -> None:
    """Carry all that is due, and cut the power at one point of each delivery."""
    for _ in range(20):
        moved = False
        for sender in pair.desks:
            for outgoing in sender.due():
                moved = True
                if cut == "sender before it sends":
                    sender.power_cut()
                    (outgoing,) = sender.due()
                (result,) = pair.other(sender).receive(outgoing.envelope)
                if cut == "receiver":
                    pair.other(sender).power_cut()
                    (again,) = pair.other(sender).receive(outgoing.envelope)
                    assert again == result
                if cut == "sender before the receipt":
                    sender.power_cut()
                    (outgoing,) = sender.due()
                    (result,) = pair.other(sender).receive(outgoing.envelope)
                sender.answered(outgoing, result)
                if cut == "sender after it":
                    sender.power_cut()
        if not moved:
            return


def steps(pair: Pair, referral_id: str) -> Iterator[Callable[[], object]]:
    """The acts of a conversation after its offer."""

    def of(desk: Desk, name: str, *args: Any, **named: Any) -> Callable[[], object]:
        def act() -> object:
            desk.client.get_referral(referral_id)
            return getattr(desk.client, name)(referral_id, *args, **named)

        return act

    here, there = pair.origin, pair.destination
    yield of(there, "acknowledge")
    yield of(there, "decide", decision())
    yield of(here, "disclose", consent_id=pair.consent_id, record=record())
    yield of(there, "open")
    yield of(there, "progress", [Item(number=1, state="in_delivery")])
    yield of(there, "follow_up", follow_up="outcome_assessment", record=outcome_record())
    yield of(here, "withdraw", categories=["contact_safe"])
    yield of(here, "close")
    yield of(here, "withdraw", everything=True)


def play(pair: Pair, cut: str) -> dict[str, Any]:
    referral_id = pair.offer()
    for act in steps(pair, referral_id):
        act()
        carry(pair, cut)
    pair.erase()
    here, there = (desk.client.get_referral(referral_id) for desk in pair.desks)
    assert folded(here) == folded(there)
    assert here.undelivered == there.undelivered == 0
    return comparable(here)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    pair = Pair(tmp_path_factory.mktemp("undisturbed"))
    try:
        return play(pair, "")
    finally:
        pair.close()


@pytest.mark.parametrize("cut", CUTS)
def test_power_cuts_at_every_delivery(pair: Pair, undisturbed: dict[str, Any], cut: str) -> None:
    assert play(pair, cut) == undisturbed


def test_keys_are_gone_and_the_certificate_is_not_stored(pair: Pair) -> None:
    """The transaction fails after the keys were destroyed: doing it again certifies the same."""
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    held = [d for d, row in _parts(pair.destination, referral_id).items() if row.content]

    def erase_and_fail(tx: Any) -> None:
        from onward_server.service import ledger, withdrawal

        book = ledger.load(tx, referral_id, pair.destination.agency)
        withdrawal.certify(pair.destination.ctx, tx, book, type(book.rows[0].entry)())
        raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError):
        pair.destination.store.write(erase_and_fail)
    pair.destination.power_cut()
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
    assert reason(pair.destination.client.open, referral_id) == "PART_GONE"
    pair.erase()
    entry = pair.destination.client.list_entries(referral_id)[-1].entry
    certificates = [
        one.entry.certificate
        for one in pair.destination.client.list_entries(referral_id)
        if one.entry.kind == "erased" and one.entry.author == pair.destination.agency
    ]
    assert entry.kind == "erased"
    assert sorted(certificates[0].destroyed) == sorted(held)


def _parts(desk: Desk, referral_id: str) -> dict[str, Any]:
    return {row.digest: row for row in desk.store.read(lambda tx: tx.parts(referral_id))}
