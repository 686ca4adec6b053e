"""Whatever a person denies is nowhere at the receiver, category by category (domain.md T12)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from canaries import Canaries, Search, full_record
from cells import FAST
from desk import Desk
from nodes import Pair
from onward.core import envelopes, messages, spec
from onward.core.parse import to_json
from onward.errors import OnwardError
from onward.v1.categories_pb2 import CaseRecord
from people import DESTINATION, agreed, decision, wishes

CATEGORIES = [one.id for one in spec.categories().values() if not one.protocol]


class World:
    """One pair of nodes for all categories, and the record of one person."""

    def __init__(self, folder: Path) -> None:
        self.pair = Pair(folder)
        self.record, self.canaries = full_record()
        self.told: list[bytes] = []

    def opened(self) -> None:
        """What is under way, with its receiver's key; then it is delivered."""
        for _ in range(4):
            for one in self.pair.origin.due():
                inside = envelopes.unseal(
                    one.envelope, one.header, self.pair.destination.keys.unsealing
                )
                self.told.append(to_json(inside))
                (answer,) = self.pair.destination.receive(one.envelope)
                self.pair.origin.answered(one, answer)
            self.pair.carry(self.pair.destination)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as folder:
        made = World(Path(folder))
        yield made
        made.pair.close()


def refer(world: World, denied: str) -> tuple[str, CaseRecord]:
    """Offered, accepted, disclosed and read, with one category denied and all others permitted."""
    here, there = world.pair.origin.client, world.pair.destination.client
    needed = CaseRecord()
    needed.CopyFrom(world.record)
    one = needed.needs_services.items.add()
    one.CopyFrom(needed.needs_services.items[0])
    one.number = 2
    permit = [one for one in CATEGORIES if one != denied]
    consent_id = here.record_consent(agreed(permit, deny=[denied])).consent_id
    sent = here.offer(destination=DESTINATION, consent_id=consent_id, items=wishes(), record=needed)
    referral_id: str = sent.referral.referral_id
    world.told.append(to_json(sent))
    world.opened()
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    there.decide(referral_id, decision())
    world.opened()
    here.get_referral(referral_id)
    world.told.append(to_json(here.disclose(referral_id, consent_id=consent_id, record=needed)))
    world.opened()
    there.get_referral(referral_id)
    read = there.open(referral_id)
    world.told.append(to_json(read))
    return referral_id, read.record


def about(desk: Desk, referral_id: str) -> Iterator[bytes]:
    """All that an agency's own software can ask about a referral, and errors that it can get."""
    client = desk.client
    yield to_json(client.get_referral(referral_id))
    yield to_json(client.export_log(referral_id))
    yield from (to_json(one) for one in client.list_entries(referral_id))
    for given in ({"parts": ["A" * 43]}, {"purpose": "research"}):
        try:
            client.open(referral_id, **given)  # type: ignore[arg-type]
        except OnwardError as fault:
            yield repr((fault, fault.args, fault.pointer)).encode()


@pytest.mark.parametrize("denied", CATEGORIES)
def test_T12_what_is_denied_is_nowhere(world: World, denied: str) -> None:
    world.told.clear()
    referral_id, record = refer(world, denied)
    assert denied not in [field.name for field, _ in record.ListFields()]
    assert len(record.ListFields()) > 20, "what is permitted does arrive"
    assert denied not in {name for name, _ in messages.split(record)}
    view = world.pair.destination.client.get_referral(referral_id)
    assert denied not in {part.category for part in view.parts}
    there = b"\n".join([*world.told, *about(world.pair.destination, referral_id)])
    words: Canaries = {denied: world.canaries[denied]}
    assert Search(words).categories(there) == {}
    assert f'"category":"{denied}","permitted":true'.encode() not in there


def test_T12_the_search_finds_what_is_not_denied(world: World) -> None:
    world.told.clear()
    refer(world, "religion")
    words: Canaries = {"name": world.canaries["name"]}
    assert Search(words).categories(b"\n".join(world.told)) != {}


def test_T12_no_list_holds_anything_that_anybody_said(world: World) -> None:
    """Lists, the audit and what is watched tell of all referrals, and nothing out of one."""
    refer(world, "religion")
    for desk in world.pair.desks:
        lists = [
            desk.client.list_referrals(), desk.client.list_needs_human(), desk.client.list_audit(),
            desk.node.events("", 1000),
        ]  # fmt: skip
        told = b"\n".join(to_json(one) for found in lists for one in found)
        assert len(told) > 1000
        assert Search(world.canaries).categories(told) == {}
