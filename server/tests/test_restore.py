"""A node that was restored from a backup gets back what it lost, and writes no number twice."""

from __future__ import annotations

from pathlib import Path

from desk import Desk
from nodes import Pair, reason


def logs(desk: Desk, referral_id: str) -> list[tuple[str, int, str]]:
    rows = desk.store.read(lambda tx: tx.entries(referral_id))
    return [(row.side, row.seq, row.hash) for row in rows]


def equal(pair: Pair, referral_id: str) -> None:
    """Both nodes hold the same logs, derive the same, and none of them waits."""
    assert logs(pair.origin, referral_id) == logs(pair.destination, referral_id)
    here, there = pair.views(referral_id)
    assert here == there
    for desk in pair.desks:
        assert not desk.client.get_referral(referral_id).restored
        assert "restored" not in desk.needs(referral_id)
        assert not desk.store.read(lambda tx: tx.outbox(referral_id))


def test_the_origin_before_the_acceptance(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.offer()
    backup = pair.origin.backup(tmp_path / "backup")
    pair.accept(referral_id)
    pair.disclose(referral_id)
    before = logs(pair.origin, referral_id)
    pair.origin.restore(backup)
    assert pair.origin.store.restored
    assert pair.origin.client.get_referral(referral_id).restored
    assert "restored" in pair.origin.needs(referral_id)
    assert reason(pair.disclose, referral_id) == "RESTORED"
    assert len(logs(pair.origin, referral_id)) == 1, "nothing was written"
    pair.settle()
    assert logs(pair.origin, referral_id) == before
    equal(pair, referral_id)
    assert set(pair.origin.own_parts(referral_id).values()) == {"held"}
    pair.disclose(referral_id)
    equal(pair, referral_id)
