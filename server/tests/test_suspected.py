"""A withdrawal under suspected pressure: outwardly the same, and held back at this node alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from desk import DELAY, Desk
from nodes import Pair, reason
from onward.core.clock import stamp
from onward.v1.entry_pb2 import Kept
from onward.v1.holds_pb2 import SuspectedWithdrawal
from onward_server.service.suspected import LONGEST

ORDINARY = {"referrals:read", "audit:read"}


def shape(message: Message) -> Any:
    """Which fields a message has, at any depth, and how long what stands in them is."""
    found = {}
    for field, value in message.ListFields():
        many = value if isinstance(value, (list, tuple)) or (hasattr(value, "__len__") and not (
            isinstance(value, (str, bytes))
        )) else [value]  # fmt: skip
        found[field.name] = [
            shape(one) if isinstance(one, Message) else
            len(one) if isinstance(one, (str, bytes)) else one
            for one in many
        ]  # fmt: skip
    return found


def everything_seen(pair: Pair, suspected: bool, **given: Any) -> list[Any]:
    """All that a withdrawal leaves to be seen, at both nodes and on the wire."""
    referral_id = pair.disclosed()
    here = pair.origin.client
    seen: list[Any] = []
    before = len(list(pair.origin.as_role("manager").list_audit()))
    recorded = here.withdraw(referral_id, everything=True, suspected_pressure=suspected, **given)
    seen.append(shape(recorded))
    for outgoing in pair.origin.due():
        seen.append(len(outgoing.envelope.SerializeToString()))
        seen.append(outgoing.urgent)
    pair.settle()
    seen.append([shape(one) for one in here.list_entries(referral_id)])
    for desk in pair.desks:
        view = desk.client.get_referral(referral_id)
        seen.append((shape(view), len(view.SerializeToString())))
        seen.append([one.code for one in view.needs_human])
    records = list(pair.origin.as_role("manager").list_audit())[before:]
    seen.append([(one.action, one.actor, one.purpose, list(one.categories)) for one in records])
    mine = pair.origin.store.read(lambda tx: tx.erasures(referral_id))
    seen.append([one.due_at - pair.clock.now() for one in mine])
    marks = [
        len(one.content)
        for one in pair.origin.store.read(lambda tx: tx.suspected())
        if one.referral_id == referral_id
    ]
    return [*seen, marks]


@pytest.mark.parametrize("given", [{}, {"destroy_now": True}], ids=["later", "now"])
def test_outwardly_nothing_differs(pair: Pair, given: dict[str, Any]) -> None:
    assert everything_seen(pair, True, **given) == everything_seen(pair, False, **given)


def erasures_by_hand(pair: Pair, suspected: bool) -> list[Any]:
    """What is answered to somebody who has all of it destroyed at once, and tries again."""
    referral_id = pair.disclosed()
    here = pair.origin.client
    here.withdraw(referral_id, everything=True, suspected_pressure=suspected)
    here.withdraw(referral_id, categories=["name"])
    pair.settle()
    answers = [here.erase(referral_id, request_id=f"once-and-again-{suspected}") for _ in range(2)]
    tries = [reason(here.erase, referral_id, keep=[Kept()]), reason(here.erase, referral_id)]
    last = list(pair.origin.as_role("manager").list_audit())[-1]
    assert [one.entry for one in answers] == ["", ""]
    return [[shape(one) for one in answers], tries, (last.action, last.actor, last.purpose)]


def test_an_erasure_by_hand_is_answered_alike(pair: Pair) -> None:
    suspected = erasures_by_hand(pair, True)
    assert suspected == erasures_by_hand(pair, False)
    pair.clock.advance(LONGEST)
    pair.publish()
    assert pair.origin.node.erase_due() >= 1


def test_what_a_law_keeps_is_noted_until_then(pair: Pair) -> None:
    referral_id = pair.disclosed(on_withdrawal="keep_minimum")
    there = pair.destination
    there.client.withdraw(referral_id, everything=True, suspected_pressure=True)
    until = stamp(pair.clock.now() + timedelta(days=9))
    kept = Kept(category="name", law="medical_records", country="IN", until=until)
    there.client.erase(referral_id, keep=[kept])
    assert there.part_rows(referral_id)["name"] == "sealed"
    pair.clock.advance(LONGEST)
    there.node.erase_due()
    said = [e.entry.certificate for e in there.client.list_entries(referral_id)][-1]
    assert list(said.kept) == [kept]


def certified(pair: Pair, referral_id: str) -> list[str]:
    return list(pair.origin.client.get_referral(referral_id).certified)


def held_back(pair: Pair, **given: Any) -> str:
    """A referral of which the origin took everything back, suspecting pressure."""
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True, suspected_pressure=True, **given)
    pair.settle()
    return referral_id


@pytest.mark.parametrize("given", [{}, {"destroy_now": True}], ids=["later", "now"])
def test_only_this_node_waits(pair: Pair, given: dict[str, Any]) -> None:
    referral_id = held_back(pair, **given)
    pair.erase()
    assert certified(pair, referral_id) == [pair.destination.agency]
    assert set(pair.origin.own_parts(referral_id).values()) == {"sealed"}
    assert reason(pair.origin.client.erase, referral_id) == "", "as it is answered for any other"
    assert set(pair.origin.own_parts(referral_id).values()) == {"sealed"}
    pair.clock.advance(LONGEST - DELAY - timedelta(seconds=1))
    assert pair.origin.node.erase_due() == 0
    pair.clock.advance(timedelta(seconds=1))
    assert pair.origin.node.erase_due() == 1
    assert len(certified(pair, referral_id)) == 2


def waiting(desk: Desk) -> list[SuspectedWithdrawal]:
    return list(desk.as_role("supervisor").list_suspected())


def test_a_review_carries_it_out(pair: Pair) -> None:
    referral_id = held_back(pair)
    (found,) = waiting(pair.origin)
    assert found.referral_id == referral_id
    reviewer = pair.origin.as_role("supervisor", "u-99")
    confirmed = reviewer.confirm_withdrawal(referral_id, found.withdrawal)
    assert confirmed.confirmed.actor == "u-99"
    assert pair.origin.node.erase_due() == 1
    assert pair.origin.agency in certified(pair, referral_id)
    assert reason(reviewer.confirm_withdrawal, referral_id, found.withdrawal) == "STATE_CONFLICT"
    actions = [one.action for one in pair.origin.as_role("manager").list_audit()]
    assert actions.count("review_withdrawal") == 1


def test_a_restore_forgets_no_mark(pair: Pair, tmp_path: Path) -> None:
    """Also of one whose number was taken meanwhile, and that is written again."""
    first, second = pair.disclosed(), pair.disclosed()
    here = pair.origin
    backup = here.backup(tmp_path / "backup")
    for referral_id in (first, second):
        here.client.get_referral(referral_id)
    here.client.withdraw(first, everything=True, suspected_pressure=True)
    here.client.disclose(second, consent_id=pair.consent_id, record=case())
    pair.settle()
    here.restore(backup)
    here.client.withdraw(second, everything=True, suspected_pressure=True)
    pair.settle()
    pair.erase()
    assert {one.referral_id for one in waiting(here)} >= {first, second}
    for referral_id in (first, second):
        assert certified(pair, referral_id) == [pair.destination.agency]
    pair.clock.advance(LONGEST)
    assert here.node.erase_due() == 2


def test_nobody_else_sees_it(pair: Pair) -> None:
    referral_id = held_back(pair)
    (found,) = waiting(pair.origin)
    assert waiting(pair.destination) == []
    ordinary = pair.origin.client
    assert reason(ordinary.confirm_withdrawal, referral_id, found.withdrawal) in (
        "ROLE_INSUFFICIENT", "SCOPE_INSUFFICIENT",
    )  # fmt: skip
    pair.origin.scopes = frozenset({"referrals:read"})
    assert reason(lambda: waiting(pair.origin)) == "SCOPE_INSUFFICIENT"


def test_one_that_was_not_marked_is_as_none(pair: Pair) -> None:
    referral_id = pair.disclosed()
    done = pair.origin.client.withdraw(referral_id, everything=True)
    reviewer = pair.origin.as_role("supervisor")
    assert waiting(pair.origin) == []
    assert reason(reviewer.confirm_withdrawal, referral_id, done.entry) == "NOT_FOUND"
    assert reason(reviewer.confirm_withdrawal, referral_id, "x" * 43) == "NOT_FOUND"


def test_what_is_relayed_here_waits_with_it(pair: Pair) -> None:
    first, second = pair.disclosed(), ""
    sent = pair.origin.client.offer(
        destination=pair.destination.agency, consent_id=pair.consent_id, items=offered(),
        record=case(),
    )  # fmt: skip
    second = sent.referral.referral_id
    pair.settle()
    pair.origin.client.withdraw(first, everything=True, linked=True, suspected_pressure=True)
    pair.settle()
    pair.erase()
    for referral_id in (first, second):
        assert certified(pair, referral_id) == [pair.destination.agency]
    assert len(waiting(pair.origin)) == 2


def test_those_that_wait_hold_back_no_other(pair: Pair) -> None:
    held_back(pair, destroy_now=True)
    held_back(pair, destroy_now=True)
    other = pair.disclosed()
    pair.origin.client.withdraw(other, everything=True, destroy_now=True)
    assert pair.origin.node.erase_due(limit=1) == 1
    assert pair.origin.agency in certified(pair, other)


def offered() -> Any:
    from people import wishes

    return wishes()


def case() -> Any:
    from people import record

    return record()
