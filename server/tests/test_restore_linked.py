"""What she took back everywhere reaches referrals that a restore had lost, and no newer yes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from nodes import Pair
from onward.core.clock import stamp
from people import DESTINATION, agreed, record, wishes


def offer(pair: Pair, consent_id: str) -> str:
    """A referral by a consent, delivered."""
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=consent_id, items=wishes(), record=record()
    )
    pair.settle(jump=timedelta(minutes=1))
    return sent.referral.referral_id


def carried_out(pair: Pair) -> None:
    """As delivery does once a second."""
    pair.settle()
    pair.origin.node.erase_due()
    pair.settle()


def withdrawn(pair: Pair, referral_id: str) -> list[bool]:
    """Whether everything was taken back, as each of the two sees it."""
    return [
        any(one.everything for one in desk.client.get_referral(referral_id).withdrawals)
        for desk in pair.desks
    ]


def test_it_reaches_what_comes_back_later(pair: Pair, tmp_path: Path) -> None:
    consent = pair.origin.client.record_consent(agreed()).consent_id
    known = offer(pair, consent)
    backup = pair.origin.backup(tmp_path / "backup")
    lost = offer(pair, consent)
    pair.origin.restore(backup)
    pair.origin.client.get_referral(known)
    pair.origin.client.withdraw(known, everything=True, linked=True)
    carried_out(pair)
    assert withdrawn(pair, lost) == [True, True]


def test_it_does_not_reach_what_was_offered_by_a_newer_yes(pair: Pair, tmp_path: Path) -> None:
    first = agreed()
    known = offer(pair, pair.origin.client.record_consent(first).consent_id)
    pair.origin.client.get_referral(known)
    pair.origin.client.withdraw(known, everything=True, linked=True)
    pair.settle(jump=timedelta(minutes=1))
    anew = agreed(subject_id=first.subject_id, given_at=stamp(pair.clock.now()), asked_by="person")
    consent = pair.origin.client.record_consent(anew).consent_id
    backup = pair.origin.backup(tmp_path / "backup")
    later = offer(pair, consent)
    pair.origin.restore(backup)
    carried_out(pair)
    assert withdrawn(pair, known) == [True, True]
    assert withdrawn(pair, later) == [False, False]
