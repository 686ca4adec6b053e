"""Nobody keeps content longer than the grant allows: parts end by themselves, some days after their
last use (docs/spec.md, GRNT-006 and section Storage).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import DELAY, Desk
from holding import keys_of, opens, place
from nodes import Pair, reason
from onward.core.clock import stamp
from onward.v1.consent_pb2 import Grant
from people import record

DAYS = timedelta(days=30)
"""What people.agreed() agrees to."""


def sweep(pair: Pair, by: timedelta) -> None:
    pair.clock.advance(by)
    pair.publish()
    for desk in pair.desks:
        desk.node.erase_due()
        desk.node.erase_due()
    pair.settle()


def readable(desk: Desk, referral_id: str) -> set[str]:
    found = desk.client.get_referral(referral_id)
    return {part.category for part in found.parts if part.readable} - {"grant"}


def test_what_nobody_uses_any_more_is_destroyed_at_both(pair: Pair) -> None:
    referral_id = pair.disclosed()
    known = {desk: keys_of(desk, referral_id, "name") for desk in pair.desks}
    entries = len(pair.origin.client.list_entries(referral_id))
    sweep(pair, DAYS - timedelta(hours=1))
    for desk in pair.desks:
        assert "name" in readable(desk, referral_id)
    sweep(pair, timedelta(hours=2))
    for desk, old in known.items():
        assert readable(desk, referral_id) == set()
        assert not opens(desk, old)
        assert not desk.needs(referral_id)
        records = desk.as_role("supervisor").list_audit()
        ended = [one for one in records if one.action == "retention"]
        assert "name" in {category for one in ended for category in one.categories}
    assert reason(pair.destination.client.open, referral_id) == "PART_GONE"
    assert len(pair.origin.client.list_entries(referral_id)) == entries, "no entry tells of it"
    here, there = pair.views(referral_id)
    assert here == there


def test_each_use_begins_the_time_anew(pair: Pair) -> None:
    """At the holder who uses it, and in the sender's copy, which the entry tells of."""
    referral_id = pair.disclosed()
    sweep(pair, DAYS - timedelta(hours=1))
    pair.destination.client.open(referral_id)
    pair.settle()
    sweep(pair, timedelta(hours=2))
    for desk in pair.desks:
        assert "name" in readable(desk, referral_id)
    sweep(pair, DAYS)
    for desk in pair.desks:
        assert readable(desk, referral_id) == set()


def test_one_part_ends_and_a_later_one_of_its_category_stays(pair: Pair) -> None:
    """Although they were under one key: what stays moves to another."""
    referral_id = pair.disclosed()
    (old,) = keys_of(pair.destination, referral_id, "name")
    pair.clock.advance(DAYS / 2)
    pair.disclose(referral_id)
    assert {key for key, *_ in keys_of(pair.destination, referral_id, "name")} == {old[0]}
    sweep(pair, DAYS / 2 + timedelta(hours=1))
    assert "name" in readable(pair.destination, referral_id)
    assert reason(pair.destination.keys.decrypt, *old) == "PART_GONE"
    assert pair.destination.client.open(referral_id).record.name == record().name
    pair.settle()
    pair.disclose(referral_id)
    assert pair.destination.client.open(referral_id).record.name == record().name


def test_what_has_not_arrived_does_not_end(pair: Pair) -> None:
    referral_id = pair.accepted()
    pair.origin.client.get_referral(referral_id)
    pair.origin.client.disclose(referral_id, consent_id=pair.consent_id, record=record())
    pair.clock.advance(DAYS + timedelta(days=1))
    pair.publish()
    pair.origin.node.erase_due()
    pair.settle()
    assert "name" in readable(pair.destination, referral_id)


def test_a_hold_seals_what_is_past_its_time(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination
    known = keys_of(there, referral_id, "name")
    hold = place(there, referral_id, "name", until=pair.clock.now() + 3 * DAYS)
    sweep(pair, DAYS + timedelta(hours=1))
    assert opens(there, known)
    assert readable(there, referral_id) == set()
    assert reason(there.client.open, referral_id) == "PART_GONE"
    assert not there.needs(referral_id)
    there.as_role("supervisor").lift_hold(hold.hold_id)
    sweep(pair, timedelta(0))
    assert not opens(there, known)


def test_a_withdrawal_destroys_what_a_hold_had_sealed_for_its_time(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination
    known = keys_of(there, referral_id, "name")
    hold = place(there, referral_id, until=pair.clock.now() + 3 * DAYS)
    sweep(pair, DAYS + timedelta(hours=1))
    there.as_role("supervisor").lift_hold(hold.hold_id)
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    sweep(pair, DELAY)
    assert not opens(there, known)
    for desk in pair.desks:
        assert {row.outcome for row in desk.store.read(lambda tx: tx.parts(referral_id))} <= {
            "destroyed", "pending",
        }  # fmt: skip


@pytest.mark.parametrize("who", ["origin", "destination"])
def test_parts_of_an_earlier_version_get_their_time(pair: Pair, who: str) -> None:
    """Their rows say nothing of it: it counts from their entry, by their grant."""
    desk = pair.origin if who == "origin" else pair.destination
    referral_id = pair.disclosed()
    desk.store.write(
        lambda tx: tx.connection.exec_driver_sql(
            "UPDATE parts SET keep_days = 0, keep_until = 0 "
            "WHERE outcome = 'held' AND category <> 'grant'"
        )
    )
    sweep(pair, timedelta(days=1))
    assert "name" in readable(desk, referral_id)
    sweep(pair, DAYS)
    assert readable(desk, referral_id) == set()


def test_what_came_back_after_a_restore_ends_too(pair: Pair, tmp_path: object) -> None:
    referral_id = pair.accepted()
    backup = pair.origin.backup(tmp_path / "backup")  # type: ignore[operator]
    pair.disclose(referral_id)
    pair.origin.restore(backup)
    pair.settle()
    assert "name" in readable(pair.origin, referral_id)
    sweep(pair, DAYS + timedelta(hours=1))
    assert readable(pair.origin, referral_id) == set()


def test_the_grant_stays_for_what_may_flow_back(pair: Pair) -> None:
    """It says nothing of the person, and the destination goes on serving her."""
    referral_id = pair.disclosed()
    sweep(pair, DAYS + timedelta(hours=1))
    held = pair.destination.store.read(lambda tx: tx.parts(referral_id))
    assert {row.category for row in held if row.content} == {Grant.DESCRIPTOR.name.lower()}
    assert stamp(pair.clock.now())
