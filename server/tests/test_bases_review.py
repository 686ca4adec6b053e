"""Data that moves without a consent: reviewed by somebody else, told to her, and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from emergencies import approve, approved, disclosed, supervisor, urgent, waits
from nodes import Pair, reason


def test_review_by_somebody_else(pair: Pair) -> None:
    basis = approved(pair)
    disclosed(pair, basis.basis_id)
    third = supervisor(pair, "s-3")
    assert reason(third.review_basis, basis.basis_id, "justified") == "REVIEW_TOO_EARLY"
    assert waits(pair) == {}
    pair.clock.advance(timedelta(hours=24))
    assert waits(pair) == {"basis_review_due": 0}
    pair.clock.advance(timedelta(days=9))
    assert waits(pair) == {"basis_review_due": 2}
    for involved in ("s-1", "s-2", "u-17"):
        who = supervisor(pair, involved)
        assert reason(who.review_basis, basis.basis_id, "justified") == "APPROVAL_NEEDED"
    found = third.review_basis(basis.basis_id, "too_wide")
    assert (found.finding, found.reviewed.actor) == ("too_wide", "s-3")
    assert waits(pair) == {}
    assert reason(third.review_basis, basis.basis_id, "justified") == "ALREADY_DONE"
    waiting = pair.origin.client.propose_basis(urgent(pair))
    assert reason(third.review_basis, waiting.basis_id, "justified") == "APPROVAL_NEEDED"


def test_she_is_told_or_somebody_says_why_not(pair: Pair) -> None:
    basis = approved(pair)
    disclosed(pair, basis.basis_id)
    here = pair.origin.client
    pair.clock.advance(timedelta(days=18))
    assert waits(pair)["basis_tell_due"] == 3
    here.tell_person(basis.basis_id, not_told="would_endanger")
    assert "basis_tell_due" not in waits(pair)
    pair.clock.advance(timedelta(days=30))
    assert waits(pair)["basis_tell_due"] == 0, "not for ever"
    told = here.tell_person(basis.basis_id)
    assert (told.told.actor, told.not_told) == ("u-17", "")
    assert "basis_tell_due" not in waits(pair)
    assert reason(here.tell_person, basis.basis_id) == "ALREADY_DONE"


def test_nobody_is_told_before_anything_moved(pair: Pair) -> None:
    basis = approved(pair)
    assert reason(pair.origin.client.tell_person, basis.basis_id) == "NOTHING_TO_TELL"
    disclosed(pair, basis.basis_id)
    # Whoever ends it early leaves something to tell all the same.
    supervisor(pair, "s-3").approve_basis(basis.basis_id, refuse=True)
    assert pair.origin.client.tell_person(basis.basis_id).HasField("told")


@pytest.mark.parametrize("not_told", ["", "would_endanger"])
def test_what_moves_after_she_was_told_is_told_again(pair: Pair, not_told: str) -> None:
    basis = approved(pair)
    here = pair.origin.client
    first = disclosed(pair, basis.basis_id)
    here.tell_person(basis.basis_id, not_told=not_told)
    assert disclosed(pair, basis.basis_id) != first
    now = here.get_basis(basis.basis_id)
    assert (now.HasField("told"), now.not_told) == (False, "")
    pair.clock.advance(timedelta(days=18))
    assert waits(pair)["basis_tell_due"] == 3
    here.tell_person(basis.basis_id)
    assert "basis_tell_due" not in waits(pair)


def test_what_was_never_used_asks_for_nothing(pair: Pair) -> None:
    approved(pair)
    pair.clock.advance(timedelta(days=60))
    assert waits(pair) == {}


def test_a_habit_shows(pair: Pair) -> None:
    basis = approved(pair)
    disclosed(pair, basis.basis_id)
    pair.disclosed()
    auditor = supervisor(pair, "s-9")
    counts = {one.basis: one for one in auditor.count_bases()}
    assert (counts["vital_interest"].uses, counts["consent"].uses) == (2, 2)
    assert counts["vital_interest"].approved == 1
    assert not counts["vital_interest"].not_reviewed
    pair.clock.advance(timedelta(days=20))
    (late,) = (one for one in auditor.count_bases() if one.basis == "vital_interest")
    assert (late.not_reviewed, late.not_told, late.not_justified) == (1, 1, 0)
    supervisor(pair, "s-3").review_basis(basis.basis_id, "unjustified")
    pair.origin.client.tell_person(basis.basis_id)
    (done,) = (one for one in auditor.count_bases() if one.basis == "vital_interest")
    assert (done.not_reviewed, done.not_told, done.not_justified) == (0, 1, 1)
    assert not auditor.count_bases(since="2099-01")


def test_who_did_what_stands_in_the_audit(pair: Pair) -> None:
    basis = approve(pair, pair.origin.client.propose_basis(urgent(pair)).basis_id)
    pair.origin.client.get_basis(basis.basis_id)
    records = [one for one in supervisor(pair, "s-9").list_audit() if one.action == "basis"]
    assert [one.actor for one in records] == ["u-17", "s-1", "s-2", "u-17"]


def test_what_was_ended_early_is_reviewed_told_and_counted(pair: Pair) -> None:
    basis = approved(pair)
    disclosed(pair, basis.basis_id)
    supervisor(pair, "s-1").approve_basis(basis.basis_id, refuse=True)
    assert waits(pair) == {"basis_review_due": 0}, "at once: it is over"
    pair.clock.advance(timedelta(days=18))
    assert waits(pair) == {"basis_review_due": 11, "basis_tell_due": 3}
    (late,) = (one for one in pair.origin.client.count_bases() if one.basis == "vital_interest")
    assert (late.approved, late.not_reviewed, late.not_told) == (1, 1, 1)
    supervisor(pair, "s-3").review_basis(basis.basis_id, "unjustified")
    pair.origin.client.tell_person(basis.basis_id)
    assert waits(pair) == {}
    (done,) = (one for one in pair.origin.client.count_bases() if one.basis == "vital_interest")
    assert (done.not_reviewed, done.not_justified) == (0, 1)
