"""A withdrawal always succeeds: in every phase and rest, for either side, whatever else fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cells import Cells, running
from chain import Chain
from circle import agency
from desk import Desk
from nodes import Pair, reason
from onward.auth import Login
from onward.client import Client
from onward.core import jose
from onward.core.refused import Refused
from onward.core.states import SIDES, Side
from onward.transports.memory import Memory
from onward.v1.entry_pb2 import Withdrawal
from onward.v1.local_pb2 import WithdrawRequest
from onward_server.demo import disk
from people import ORIGIN

STANDINGS = (
    "offered", "acknowledged", "accepted", "active", "completed", "declined", "deferred",
    "not_wanted", "cancelled", "expired", "withdrawn", "invalidated",
)  # fmt: skip


@pytest.fixture(scope="module")
def cells() -> Iterator[Cells]:
    yield from running()


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("scope", [{"everything": True}, {"categories": ["name"]}])
def test_in_every_phase_and_rest(
    cells: Cells, standing: str, side: Side, scope: dict[str, Any]
) -> None:
    case = cells.case(standing)
    desk = case.desk(side)
    cells.spoil()
    done = strange(desk).withdraw(case.referral_id, **scope)
    assert done.entry
    assert nothing_held(desk, case.referral_id, scope)
    case.deliver()
    other = case.desk("destination" if side == "origin" else "origin")
    assert nothing_held(other, case.referral_id, scope)


def strange(desk: Desk, **named: Any) -> Client:
    """A client whose login the node does not know."""
    login = Login(named.get("agency", desk.agency), jose.new_key(), desk.clock.seconds)
    return Client(Memory(desk._call), login=login, actor="u-gone", role="caseworker", retries=0)


def nothing_held(desk: Desk, referral_id: str, scope: dict[str, Any]) -> bool:
    """Nothing in scope can be read."""
    rows = desk.store.read(lambda tx: tx.parts(referral_id))
    named = scope.get("categories")
    covered = [row for row in rows if not named or row.category in named]
    return all(row.outcome != "held" for row in covered)


def _gap(pair: Pair, referral_id: str, desk: Desk) -> None:
    """What was written before it was lost, and counts as delivered."""
    side = "origin" if desk is pair.origin else "destination"
    desk.client.get_referral(referral_id)
    desk.client.handover(referral_id)
    desk.store.write(lambda tx: tx.set_delivered(referral_id, side, 99))


def _suspended(pair: Pair, referral_id: str, desk: Desk) -> None:
    for one in pair.desks:
        pair.status(one, "suspended")


def _removed(pair: Pair, referral_id: str, desk: Desk) -> None:
    pair.status(pair.destination, "removed")


def _stale(pair: Pair, referral_id: str, desk: Desk) -> None:
    pair.publish(stamped=False)


def _not_accepted(pair: Pair, referral_id: str, desk: Desk) -> None:
    pair.origin.store.accept_peer(pair.destination.agency, False)
    pair.destination.store.accept_peer(ORIGIN, False)


def _restored(pair: Pair, referral_id: str, desk: Desk) -> None:
    saved = pair.origin.backup(pair.folder / "saved")
    pair.origin.client.handover(referral_id)
    pair.carry(pair.origin)
    pair.origin.restore(saved)


def _disallowed(pair: Pair, referral_id: str, desk: Desk) -> None:
    """The destination has written what it was not allowed to."""
    there = pair.destination
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("onward.core.transitions.refusal", lambda state, act: "")
        there.client.get_referral(referral_id)
        there.client.confirm_cancel(referral_id)
    pair.settle()


def _consent_gone(pair: Pair, referral_id: str, desk: Desk) -> None:
    consent = pair.origin.client.get_consent(pair.consent_id)
    consent.status = "withdrawn"
    pair.origin.client.record_consent(consent)


def _journaled(pair: Pair, referral_id: str, desk: Desk) -> None:
    pair.destination.client.withdraw(referral_id, categories=["sex"])


WRONG: dict[str, Callable[[Pair, str, Desk], None]] = {
    "behind a gap": _gap,
    "both suspended": _suspended,
    "removed": _removed,
    "list stale": _stale,
    "not accepted": _not_accepted,
    "restored": _restored,
    "behind a disallowed act": _disallowed,
    "consent withdrawn already": _consent_gone,
    "withdrawn in part already": _journaled,
}


@pytest.mark.parametrize("wrong", sorted(WRONG))
@pytest.mark.parametrize("side", SIDES)
def test_whatever_else_fails(pair: Pair, wrong: str, side: Side) -> None:
    referral_id = pair.disclosed()
    desk = pair.origin if side == "origin" else pair.destination
    WRONG[wrong](pair, referral_id, desk)
    assert strange(desk).withdraw(referral_id, everything=True).entry
    assert nothing_held(desk, referral_id, {})
    pair.settle()
    pair.clock.advance(timedelta(minutes=20))
    pair.settle()
    for one in pair.desks:
        assert nothing_held(one, referral_id, {})
    pair.erase()
    assert len(pair.views(referral_id)[0].certified) == 2
    assert pair.views(referral_id)[0] == pair.views(referral_id)[1]


def test_nobody_vouches_and_the_audit_says_so(pair: Pair) -> None:
    referral_id = pair.disclosed()
    late = pair.origin.as_role("caseworker")
    pair.clock.advance(timedelta(0))
    for client in (strange(pair.origin), strange(pair.origin, agency="other.example")):
        assert reason(client.erase, referral_id) == "ACTOR_INVALID", "no other act is so"
        client.withdraw(referral_id, categories=["name"])
    assert late.withdraw(referral_id, categories=["name"]).entry
    assert pair.origin.as_role("manager").withdraw(referral_id, categories=["name"])
    records = [
        one
        for one in pair.origin.as_role("manager").list_audit()
        if one.action == "act" and one.client
    ][-4:]
    assert [one.actor for one in records] == ["unvouched", "unvouched", "u-17", "u-17"]
    assert {one.client for one in records} == {"case-management"}


def test_the_clients_scope_still_holds(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.scopes = frozenset({"referrals:read"})
    client = strange(pair.origin)
    assert reason(client.withdraw, referral_id, everything=True) == "SCOPE_INSUFFICIENT"


def test_an_assertion_that_is_no_word_at_all(pair: Pair) -> None:
    referral_id = pair.disclosed()
    request = WithdrawRequest(referral_id=referral_id, withdrawal=Withdrawal(everything=True))
    request.write.request_id, request.write.purpose = "r" * 22, "service_delivery"
    request.write.actor = "e30.e30.e30"
    assert pair.origin.call("Referrals.Withdraw", request).entry


WORDS = ("Sample", "Testperson", "+8801700000001", "1999-04-01")


def readable(desk: Desk, referral_id: str) -> list[str]:
    """Categories that any key which still exists can open."""
    found = []
    for row in desk.store.read(lambda tx: tx.parts(referral_id)):
        if row.content is None:
            continue
        try:
            desk.keys.decrypt(row.key_id, f"{desk.agency}/part/{row.digest}", row.content)
        except Refused:
            continue
        found.append(row.category)
    return found


def opened_by_any_key(desk: Desk, path: Path) -> list[str]:
    """What any key of the keyring opens of any encrypted part in a copy of the database."""
    import sqlite3

    with sqlite3.connect(desk.folder / "keys" / "keyring.sqlite3") as ring:
        keys = [one for (one,) in ring.execute("SELECT id FROM keys")]
    with sqlite3.connect(path) as db:
        parts = db.execute(
            "SELECT category, digest, content FROM parts WHERE content NOT NULL"
        ).fetchall()
    found = []
    for category, digest, sealed in parts:
        for key in keys:
            try:
                desk.keys.decrypt(key, f"{desk.agency}/part/{digest}", sealed)
            except Exception:  # the wrong key
                continue
            found.append(category)
    return found


def test_down_a_week_restarted_restored_and_twice(pair: Pair) -> None:
    """Certificates complete, and nothing readable with any key that still exists."""
    referral_id = pair.disclosed()
    there = pair.destination
    saved = there.backup(pair.folder / "yesterday")
    assert opened_by_any_key(there, saved), "so the search at the end means something"
    pair.origin.client.withdraw(referral_id, everything=True)
    for _ in range(7):
        for outgoing in pair.origin.due():
            pair.origin.answered(outgoing, None)
        pair.clock.advance(timedelta(days=1))
        pair.origin.node.erase_due()
    pair.publish()
    pair.clock.advance(timedelta(minutes=20))
    for outgoing in pair.origin.due():
        there.receive(outgoing.envelope)  # its answer is lost
        there.power_cut()
        (again,) = there.receive(outgoing.envelope)
        (twice,) = there.receive(outgoing.envelope)
        assert again == twice
    pair.erase()
    there.restore(saved)
    pair.clock.advance(timedelta(minutes=20))
    pair.settle()
    pair.erase()
    pair.settle(jump=timedelta(minutes=20))
    pair.erase()
    here, theirs = pair.views(referral_id)
    assert here == theirs
    assert len(here.certified) == 2
    for desk in pair.desks:
        assert readable(desk, referral_id) == []
        assert not disk.search(desk.agency, desk.folder, WORDS).found
        assert reason(desk.client.open, referral_id) == "PART_GONE"
    assert opened_by_any_key(there, saved) == []


def test_a_link_that_can_not_be_read_is_told_to_people(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.row()
    b, both = chain["b"], [chain.referrals[one] for one in ("ab", "bc")]
    (row,) = b.store.read(lambda tx: tx.links_of(both[1]))
    b.store.write(lambda tx: tx.put_link(replace(row, content=row.content[:-1] + b"?")))
    chain["a"].client.withdraw(both[0], everything=True)
    chain.settle()
    told = [one for one in b.client.list_needs_human() if one.code == "link_unreadable"]
    assert [(one.referral_id, one.agency) for one in told] == [(one, agency("c")) for one in both]
    assert b.client.get_referral(both[0]).links == []
    assert chain.held("c"), "what the next step is about"
    own = b.client.get_consent(chain.consents["b"])
    own.status = "withdrawn"
    assert b.client.record_consent(own).version == 2, "it holds back no no"
    b.store.write(lambda tx: tx.put_link(row))
    b.node.relay_due()
    chain.settle()
    assert not chain.held("c")
    assert "link_unreadable" not in [one.code for one in b.client.list_needs_human()]
    chain.circle.close()
