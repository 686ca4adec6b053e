"""What an authority, or a law, keeps from destruction is sealed, certified as kept, and destroyed
when its time is over (docs/spec.md, section Legal holds).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import DELAY, Desk
from holding import LONG, keys_of, opens, place
from nodes import Pair, reason
from onward.core.clock import stamp
from onward.errors import HoldAuthority
from onward.v1.agreements_pb2 import Agreement
from onward.v1.entry_pb2 import Certificate, Kept
from onward_server.service import agreements


def certificates(desk: Desk, referral_id: str, author: str) -> list[Certificate]:
    entries = desk.client.list_entries(referral_id)
    return [
        one.entry.certificate
        for one in entries
        if one.entry.kind == "erased" and one.entry.author == author and one.outcome == "counted"
    ]


@pytest.mark.parametrize("who", ["origin", "destination"])
def test_what_is_held_is_sealed_kept_and_destroyed_when_it_is_lifted(pair: Pair, who: str) -> None:
    desk = pair.origin if who == "origin" else pair.destination
    referral_id = pair.disclosed()
    held, other = keys_of(desk, referral_id, "name"), keys_of(desk, referral_id, "language")
    hold = place(desk, referral_id, "name")
    if who == "destination":
        assert desk.client.open(referral_id).record.HasField("name"), "not withdrawn: it is read"
    pair.origin.client.get_referral(referral_id)
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    assert set(pair.destination.part_rows(referral_id).values()) <= {"sealed", "pending"}
    pair.erase()
    assert opens(desk, held)
    assert not any(opens(desk, [one]) for one in other)
    assert reason(pair.destination.client.open, referral_id) == "PART_GONE"
    (said,) = certificates(pair.other(desk), referral_id, desk.agency)
    assert [(k.category, k.law, k.country) for k in said.kept] == [
        ("name", "legal_hold", desk.country)
    ]
    assert said.kept[0].until == stamp(pair.clock.now() - DELAY + LONG)
    assert desk.node.erase_due() == 0, "nothing more to say"
    desk.as_role("supervisor").lift_hold(hold.hold_id)
    assert "hold_ended" in desk.needs(referral_id)
    pair.erase()
    assert not any(opens(desk, [one]) for one in held)
    assert "hold_ended" not in desk.needs(referral_id)
    before, last = certificates(pair.other(desk), referral_id, desk.agency)
    assert not last.kept
    assert last.withdrawal == before.withdrawal
    assert last.destroyed
    assert set(last.destroyed).isdisjoint(before.destroyed)
    here, there = pair.views(referral_id)
    assert here == there
    assert {p.state for p in here.parts} == {"erased"}


def test_a_hold_ends_by_its_time(pair: Pair) -> None:
    referral_id = pair.disclosed()
    place(pair.destination, referral_id)
    held = keys_of(pair.destination, referral_id, "name")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    assert opens(pair.destination, held)
    pair.clock.advance(LONG)
    pair.publish()
    assert "hold_ended" in pair.destination.needs(referral_id)
    pair.erase()
    assert not opens(pair.destination, held)
    assert not certificates(pair.origin, referral_id, pair.destination.agency)[-1].kept


def test_another_order_goes_on_keeping(pair: Pair) -> None:
    referral_id = pair.disclosed()
    first = place(pair.destination, referral_id, "name")
    held = keys_of(pair.destination, referral_id, "name")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    second = place(
        pair.destination, referral_id, authority="prosecutor", country="BD",
        until=pair.clock.now() + 2 * LONG,
    )  # fmt: skip
    pair.destination.as_role("supervisor").lift_hold(first.hold_id)
    pair.erase()
    assert opens(pair.destination, held)
    assert len(certificates(pair.origin, referral_id, pair.destination.agency)) == 1
    pair.destination.as_role("supervisor").lift_hold(second.hold_id)
    pair.erase()
    assert not opens(pair.destination, held)


def test_a_hold_that_comes_after_the_destruction_keeps_nothing(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    place(pair.destination, referral_id)
    pair.erase()
    assert len(certificates(pair.origin, referral_id, pair.destination.agency)) == 1


def test_who_may_order_it(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    referral_id = pair.disclosed()
    there = pair.destination
    assert reason(place, there, referral_id, until=pair.clock.now()) == "INVALID_FIELD"
    assert reason(place, there, "unknown-referral") == "NOT_FOUND"
    assert reason(place, there, referral_id, role="caseworker") == "ROLE_INSUFFICIENT"
    named = Agreement(hold_authorities=["prosecutor"])
    monkeypatch.setattr(agreements, "between", lambda *_: named)
    with pytest.raises(HoldAuthority) as refused:
        place(there, referral_id)
    assert refused.value.expected == "by the agreement: prosecutor"
    assert place(there, referral_id, authority="prosecutor").hold_id
    monkeypatch.setattr(agreements, "between", lambda *_: None)
    object.__setattr__(there.ctx, "environment", "live")
    assert reason(place, there, referral_id) == "AGREEMENT_MISSING"


def test_the_same_request_places_one_hold_and_it_is_in_the_audit(pair: Pair) -> None:
    referral_id = pair.disclosed()
    boss = pair.destination.as_role("supervisor", "boss")
    first = place(pair.destination, referral_id, "name")
    assert [one.hold_id for one in boss.list_holds()] == [first.hold_id]
    done = boss.lift_hold(first.hold_id)
    assert (done.placed.actor, done.lifted.actor) == ("boss", "boss")
    assert reason(boss.lift_hold, first.hold_id) == "ALREADY_DONE"
    records = [one for one in boss.list_audit() if one.action == "hold"]
    assert [(r.actor, list(r.categories)) for r in records] == [("boss", ["name"])] * 2


def kept(category: str, desk: Desk, law: str = "medical_records") -> Kept:
    until = stamp(desk.clock.now() + LONG)
    return Kept(category=category, law=law, country=desk.country, until=until)


def test_a_law_keeps_its_minimum_where_the_grant_leaves_room(pair: Pair) -> None:
    there = pair.destination
    referral_id = pair.disclosed(on_withdrawal="keep_minimum")
    mine, other = keys_of(there, referral_id, "date_of_birth"), keys_of(there, referral_id, "name")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    odd = [
        [kept("name", there, "legal_hold")],
        [kept("name", there), kept("name", there)],
        [Kept(category="name", law="accounting", country="IN", until=stamp(there.clock.now()))],
    ]
    for keep in odd:
        assert reason(there.client.erase, referral_id, keep=keep) == "INVALID_FIELD"
    there.client.erase(referral_id, keep=[kept("date_of_birth", there)])
    pair.settle()
    assert opens(there, mine)
    assert not opens(there, other)
    (said,) = certificates(pair.origin, referral_id, there.agency)
    assert [(k.category, k.law) for k in said.kept] == [("date_of_birth", "medical_records")]
    pair.clock.advance(LONG)
    pair.publish()
    pair.erase()
    assert not opens(there, mine)
    assert not certificates(pair.origin, referral_id, there.agency)[-1].kept


@pytest.mark.parametrize("who", ["origin", "destination"])
def test_no_law_keeps_anything_else(pair: Pair, who: str) -> None:
    desk = pair.origin if who == "origin" else pair.destination
    agreed = {"on_withdrawal": "keep_minimum"} if who == "origin" else {}
    referral_id = pair.disclosed(**agreed)
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    keep = [kept("name", desk)]
    assert reason(desk.client.erase, referral_id, keep=keep) == "CONSENT_SCOPE"
    desk.client.erase(referral_id)


def test_what_was_certified_as_kept_is_kept_after_a_restore(pair: Pair, tmp_path: Path) -> None:
    """Also where the database has lost the order, since the log tells until when."""
    there = pair.destination
    referral_id = pair.disclosed()
    backup = there.backup(tmp_path / "backup")
    place(there, referral_id, "name")
    held = keys_of(there, referral_id, "name")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    there.restore(backup)
    pair.settle()
    pair.erase()
    assert opens(there, held)
    assert reason(there.client.open, referral_id) == "PART_GONE"
    pair.clock.advance(LONG)
    pair.publish()
    pair.erase()
    assert not opens(there, held)
    assert not certificates(pair.origin, referral_id, there.agency)[-1].kept


@pytest.mark.parametrize("lost", ["the order", "everything"])
def test_what_is_kept_no_longer_after_a_restore_is_certified(
    pair: Pair, tmp_path: Path, lost: str
) -> None:
    """Whether its time ended before the log came back, or the content is gone with the backup."""
    there = pair.destination
    empty = there.backup(tmp_path / "empty")
    referral_id = pair.disclosed()
    backup = there.backup(tmp_path / "backup")
    place(there, referral_id, "name")
    held = keys_of(there, referral_id, "name")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    there.restore(empty if lost == "everything" else backup)
    pair.clock.advance(LONG)
    pair.publish()
    pair.settle()
    pair.erase()
    assert not opens(there, held)
    assert not certificates(pair.origin, referral_id, there.agency)[-1].kept
    assert {part.state for part in pair.origin.client.get_referral(referral_id).parts} == {"erased"}
