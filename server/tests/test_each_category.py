"""For each category of the specification: granted, it arrives; withdrawn, it is gone.

(Denied, it is absent: test_denied_categories.) The list comes from the options in proto/, so that
a new category is covered on the day it is added.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from canaries import Canaries, Search
from cells import FAST
from desk import Desk
from nodes import reason
from onward.core import messages, spec
from onward.core.consent import touching
from onward.core.refused import Refused
from onward.v1.categories_pb2 import CaseRecord
from people import DESTINATION, agreed, decision, wishes
from test_denied_categories import CATEGORIES, World

USES = 8
"""Categories that are withdrawn from one referral, one after the other: disclosing costs most."""


class Told:
    """A referral of which everything was granted, and what the destination reads of it by now."""

    def __init__(self, world: World) -> None:
        self.referral_id, given = refer(world)
        sent = {n: one.SerializeToString(deterministic=True) for n, one in messages.split(given)}
        self.reads = opened(world, self.referral_id)
        assert self.reads == sent, "granted, it arrives as it was given"
        self.uses = 0


class Worlds:
    """One pair of nodes, and the referral that is in use."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self._told: Told | None = None

    def told(self, category: str) -> Told:
        """One of which the category can be read."""
        if self._told is None or self._told.uses == USES or category not in self._told.reads:
            self._told = Told(self.world)
        self._told.uses += 1
        return self._told


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    with TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as folder:
        made = Worlds(Path(folder))
        yield made
        made.world.pair.close()


def refer(world: World) -> tuple[str, CaseRecord]:
    """Everything is granted, disclosed and read."""
    here, there = world.pair.origin.client, world.pair.destination.client
    needed = CaseRecord()
    needed.CopyFrom(world.record)
    one = needed.needs_services.items.add()
    one.CopyFrom(needed.needs_services.items[0])
    one.number = 2
    consent_id = here.record_consent(agreed(CATEGORIES)).consent_id
    sent = here.offer(destination=DESTINATION, consent_id=consent_id, items=wishes(), record=needed)
    referral_id: str = sent.referral.referral_id
    world.pair.settle()
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    there.decide(referral_id, decision())
    world.pair.settle()
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=consent_id, record=needed)
    world.pair.settle()
    return referral_id, needed


def opened(world: World, referral_id: str) -> dict[str, bytes]:
    """What the destination can read, by category."""
    there = world.pair.destination.client
    there.get_referral(referral_id)
    read = there.open(referral_id).record
    return {name: one.SerializeToString(deterministic=True) for name, one in messages.split(read)}


def wrapped_keys(desk: Desk, referral_id: str, category: str) -> dict[str, bytes]:
    """The keys of a category of a case, as they lie in the keyring."""
    with sqlite3.connect(desk.folder / "keys" / "keyring.sqlite3") as keyring:
        rows = keyring.execute("SELECT id, wrapped FROM keys").fetchall()
    return {name: key for name, key in rows if name.startswith(f"{referral_id}/{category}/")}


def readable(desk: Desk, referral_id: str) -> bytes:
    """All parts of a case that the node's keys still open, whatever the node would let anybody."""
    found = []
    for row in desk.store.read(lambda tx: tx.parts(referral_id)):
        if row.content is None:
            continue
        try:
            bound = f"{desk.agency}/part/{row.digest}"
            found.append(desk.keys.decrypt(row.key_id, bound, row.content))
        except Refused:
            continue
    return b"\n".join(found).replace(b'\\"', b'"')


@pytest.mark.parametrize("category", CATEGORIES)
def test_granted_it_arrives_and_withdrawn_it_is_gone(worlds: Worlds, category: str) -> None:
    world, told = worlds.world, worlds.told(category)
    referral_id, before = told.referral_id, told.reads
    taken = ({category} | set(touching(frozenset({category})))) & set(before)
    desks = world.pair.desks
    keys = {d.agency: [wrapped_keys(d, referral_id, one) for one in taken] for d in desks}
    assert all(key for held in keys.values() for key in held), "each category had a key of its own"

    world.pair.origin.client.withdraw(referral_id, categories=[category], destroy_now=True)
    world.pair.settle()
    world.pair.origin.node.erase_due()
    world.pair.destination.client.erase(referral_id)
    world.pair.settle()

    words: Canaries = {one: world.canaries[one] for one in taken}
    for desk in desks:
        view = desk.client.get_referral(referral_id)
        states = {part.category: part.state for part in view.parts if part.category in taken}
        assert set(states.values()) == {"erased"}, states
        assert len(view.certified) == 2, "both have certified"
        assert Search(words).categories(readable(desk, referral_id)) == {}
        keyring = b"".join(p.read_bytes() for p in (desk.folder / "keys").glob("keyring*"))
        for held in keys[desk.agency]:
            for name, wrapped in held.items():
                assert name.encode() not in keyring, "its name is not in the keyring"
                assert wrapped not in keyring, "nor is it, in a page that was given up"
    told.reads = opened(world, referral_id)
    assert told.reads == {name: one for name, one in before.items() if name not in taken}
    digests = [part.digest for part in view.parts if part.category == category]
    assert reason(world.pair.destination.client.open, referral_id, parts=digests) == "PART_GONE"


def test_the_list_is_that_of_the_specification() -> None:
    assert set(CATEGORIES) == {one.id for one in spec.categories().values() if not one.protocol}
    assert len(CATEGORIES) >= 50
