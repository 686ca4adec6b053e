"""What waits in any referral: the same as if each were read; where nothing does, it is not read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import Desk
from forger import Forger
from nodes import Pair
from onward.v1.entry_pb2 import Withdrawal
from onward.v1.referral_pb2 import NeedsHuman
from onward_server.ports import OutboxRow, ReferralRow, Tx
from onward_server.service import attention, ledger, quiet
from onward_server.service.context import Context
from people import DESTINATION, agreed, record, wishes
from relatives import of_a_child


def slowly(desk: Desk) -> list[NeedsHuman]:
    """Each referral read."""

    def work(tx: Tx) -> list[NeedsHuman]:
        books = [ledger.load(tx, row.referral_id, desk.agency) for _, row in tx.referrals(0, 99)]
        return [one for book in books for one in attention.needs_human(desk.ctx, tx, book)]

    return desk.store.read(work)


def listed(desk: Desk) -> list[str]:
    """The codes of the list, which is the same both ways."""
    found = desk.store.read(lambda tx: quiet.needs_human(desk.ctx, tx))
    assert found == slowly(desk)
    return [one.code for one in found]


def reads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many referrals the list reads now."""
    counted: list[str] = []
    read = quiet._read

    def counting(ctx: Context, tx: Tx, row: ReferralRow) -> Any:
        counted.append(row.referral_id)
        return read(ctx, tx, row)

    with monkeypatch.context() as patched:
        patched.setattr(quiet, "_read", counting)
        desk.store.read(lambda tx: quiet.needs_human(desk.ctx, tx))
    return len(counted)


@pytest.fixture
def still(pair: Pair) -> Pair:
    """Two referrals in which nothing waits at the origin, which the list knows."""
    for _ in range(2):
        pair.accepted()
    assert listed(pair.origin) == []
    return pair


def test_what_is_quiet_is_not_read_again(still: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reads(still.origin, monkeypatch) == 0
    still.disclosed()
    assert reads(still.origin, monkeypatch) == 1, "the new one"
    assert reads(still.origin, monkeypatch) == 0


def test_where_something_waits_it_is_read_each_time(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.offer()
    for _ in range(2):
        assert listed(pair.destination) == ["acknowledge_offer"]
        assert reads(pair.destination, monkeypatch) == 1


def test_another_process_begins_with_nothing(still: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it comes from the logs again."""
    still.origin.ctx.quiet.clear()
    assert reads(still.origin, monkeypatch) == 2
    assert listed(still.origin) == []


def test_an_entry_of_the_other_agency(still: Pair) -> None:
    referral_id = still.offer()
    still.destination.client.get_referral(referral_id)
    still.destination.client.acknowledge(referral_id)
    still.settle()
    assert listed(still.origin) == []
    there = still.destination.client
    there.get_referral(referral_id)
    there.complaint(referral_id, complaint="poor_quality")
    still.settle()
    assert listed(still.origin) == ["complaint"]


def test_a_newer_version_of_the_consent(still: Pair) -> None:
    record_ = still.origin.client.get_consent(still.consent_id)
    record_.version += 1
    record_.status = "refused"
    still.origin.client.record_consent(record_)
    listed(still.origin)
    still.settle()
    assert "erasure_due" in listed(still.origin)


def test_what_can_not_be_delivered(still: Pair) -> None:
    (_, row), *_ = still.origin.store.read(lambda tx: tx.referrals(0, 1))
    out = OutboxRow(
        row.referral_id, DESTINATION, False, attention.TRIES_BEFORE_HUMAN, still.clock.now()
    )
    still.origin.store.write(lambda tx: tx.put_outbox(out))
    assert listed(still.origin) == ["undelivered"]
    still.origin.store.write(lambda tx: tx.clear_outbox(row.referral_id))
    assert listed(still.origin) == []


def test_a_withdrawal_that_can_not_be_stored_yet(pair: Pair) -> None:
    referral_id = pair.disclosed()
    assert listed(pair.destination) == []
    forger = Forger(pair, pair.origin, referral_id)
    forger.send(forger.write("withdraw", skip=1, withdrawal=Withdrawal(everything=True)))
    assert listed(pair.destination) == ["withdrawal_incomplete"]


def test_a_day_on_which_an_answer_is_due(pair: Pair) -> None:
    consent = pair.origin.client.record_consent(agreed()).consent_id
    pair.origin.client.offer(
        destination=DESTINATION, consent_id=consent, items=wishes(), record=record(),
        respond_by=pair.clock.now() + timedelta(days=3),
    )  # fmt: skip
    pair.settle()
    assert listed(pair.origin) == []
    pair.clock.advance(timedelta(days=2))
    assert listed(pair.origin) == []
    pair.clock.advance(timedelta(days=1))
    assert listed(pair.origin) == ["answer_overdue"]


def test_a_day_on_which_she_is_of_age(pair: Pair) -> None:
    child = of_a_child()
    names = ("age_class", "given_by", "guardian_conflict_checked", "child_assent", "best_interest")
    day = (pair.clock.now() + timedelta(days=1)).date().isoformat()
    pair.disclosed(adult_on=day, **{name: getattr(child, name) for name in names})
    assert listed(pair.origin) == []
    pair.clock.advance(timedelta(days=1))
    assert listed(pair.origin) == ["came_of_age"]


def test_a_restored_node_reads_each(
    still: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = still.origin.backup(tmp_path / "backup")
    still.accepted()
    still.origin.restore(backup)
    assert set(listed(still.origin)) == {"restored"}
    still.settle()
    assert listed(still.origin) == []
    assert reads(still.origin, monkeypatch) == 3
