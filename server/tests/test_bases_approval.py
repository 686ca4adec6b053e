"""Data that moves without a consent: what may be proposed, who approves it, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from emergencies import approved, offered, refusal, supervisor, urgent, waits
from nodes import Pair, reason
from onward_server.service import approvals
from onward_server.service.node import Node
from people import ORIGIN, record


def test_the_same_person_is_not_two(pair: Pair) -> None:
    proposed = pair.origin.client.propose_basis(urgent(pair))
    first = supervisor(pair, "s-1")
    assert first.approve_basis(proposed.basis_id).state == "proposed"
    assert reason(first.approve_basis, proposed.basis_id) == "APPROVAL_NEEDED"
    again = supervisor(pair, "S-1")
    assert reason(again.approve_basis, proposed.basis_id) == "APPROVAL_NEEDED"
    assert reason(offered, pair, proposed.basis_id) == "APPROVAL_NEEDED"
    assert reason(pair.origin.client.approve_basis, proposed.basis_id) == "ROLE_INSUFFICIENT"


def test_who_proposed_may_be_one_of_the_two_in_a_role_that_may(pair: Pair) -> None:
    mine = supervisor(pair, "s-1")
    proposed = mine.propose_basis(urgent(pair))
    mine.approve_basis(proposed.basis_id)
    assert supervisor(pair, "s-2").approve_basis(proposed.basis_id).state == "approved"


def test_one_refusal_ends_it(pair: Pair) -> None:
    proposed = pair.origin.client.propose_basis(urgent(pair))
    supervisor(pair, "s-1").approve_basis(proposed.basis_id)
    assert supervisor(pair, "s-2").approve_basis(proposed.basis_id, refuse=True).state == "refused"
    assert reason(supervisor(pair, "s-3").approve_basis, proposed.basis_id) == "APPROVAL_OVER"
    assert reason(offered, pair, proposed.basis_id) == "APPROVAL_OVER"


def test_one_that_is_in_force_can_be_stopped(pair: Pair) -> None:
    basis = approved(pair)
    stopped = supervisor(pair, "s-3").approve_basis(basis.basis_id, refuse=True)
    assert stopped.state == "refused"
    assert reason(offered, pair, basis.basis_id) == "APPROVAL_OVER"
    reviewed = supervisor(pair, "s-4").review_basis(basis.basis_id, "unjustified")
    assert reviewed.finding == "unjustified"


def test_a_refusal_outlives_a_restore(pair: Pair, tmp_path: Path) -> None:
    proposed = pair.origin.client.propose_basis(urgent(pair))
    supervisor(pair, "s-1").approve_basis(proposed.basis_id)
    saved = pair.origin.backup(tmp_path / "before")
    supervisor(pair, "s-2").approve_basis(proposed.basis_id, refuse=True)
    pair.origin.restore(saved)
    assert reason(supervisor(pair, "s-3").approve_basis, proposed.basis_id) == "APPROVAL_OVER"


def test_its_hours_are_counted_from_the_second_approval(pair: Pair) -> None:
    proposed = pair.origin.client.propose_basis(urgent(pair, hours=2))
    supervisor(pair, "s-1").approve_basis(proposed.basis_id)
    pair.clock.advance(timedelta(hours=5))
    basis = supervisor(pair, "s-2").approve_basis(proposed.basis_id)
    referral_id = offered(pair, basis.basis_id)
    pair.accept(referral_id)
    pair.clock.advance(timedelta(hours=2))
    pair.origin.client.get_referral(referral_id)
    late = {"basis_id": basis.basis_id, "record": record()}
    assert reason(pair.origin.client.disclose, referral_id, **late) == "APPROVAL_OVER"
    assert pair.origin.client.get_basis(basis.basis_id).state == "over"


def test_what_nobody_approves_within_a_day_is_over(pair: Pair) -> None:
    proposed = pair.origin.client.propose_basis(urgent(pair))
    assert waits(pair) == {"basis_to_approve": 0}
    pair.clock.advance(timedelta(hours=24))
    assert reason(supervisor(pair, "s-1").approve_basis, proposed.basis_id) == "APPROVAL_OVER"
    assert waits(pair) == {}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"basis": "consent"}, ("INVALID_FIELD", "/basis/basis")),
        ({"reason": "court_order"}, ("INVALID_FIELD", "/basis/reason")),
        ({"categories": ["name", "identity_document"]}, ("BASIS_CEILING", "/basis/categories/1")),
        ({"categories": ["nowhere"]}, ("UNKNOWN_CODE", "/basis/categories/0")),
        ({"categories": ["grant"]}, ("BASIS_CEILING", "/basis/categories/0")),
        ({"hours": 73}, ("INVALID_FIELD", "/basis/hours")),
        ({"tell_by": "2020-01-01"}, ("INVALID_FIELD", "/basis/tellBy")),
        ({"tell_by": "2099-01-01"}, ("INVALID_FIELD", "/basis/tellBy")),
        ({"tell_by": "2026"}, ("INVALID_FIELD", "/basis/tellBy")),
        (
            {"basis": "best_interest", "reason": "child_missing"},
            ("BASIS_CEILING", "/basis/ageClass"),
        ),
        (
            {"basis": "legal_obligation", "reason": "court_order", "categories": ["name"]},
            ("INVALID_FIELD", "/basis/evidence"),
        ),
        ({"purpose": "immigration_enforcement"}, ("FORBIDDEN_CODE", "/basis/purpose")),
        ({"purpose": "survivor_storytelling"}, ("BASIS_CEILING", "/basis/purpose")),
        ({"purpose": "law_enforcement_intelligence"}, ("BASIS_CEILING", "/basis/purpose")),
        ({"recipient": "nobody.example"}, ("AGENCY_UNKNOWN", "/basis/recipient")),
        ({"recipient": ORIGIN}, ("WRONG_RECIPIENT", "/basis/recipient")),
        ({"state": "approved"}, ("INVALID_FIELD", "/basis/state")),
    ],
)  # fmt: skip
def test_what_can_not_be_proposed(pair: Pair, changes: dict[str, object], found: object) -> None:
    assert refusal(pair, **changes) == found
    assert waits(pair) == {}


def test_asked_twice_is_done_once(pair: Pair) -> None:
    basis = urgent(pair)
    here = pair.origin.client
    first = here.propose_basis(basis, request_id="request-0001")
    assert here.propose_basis(basis, request_id="request-0001") == first
    basis.hours = 3
    assert reason(here.propose_basis, basis, request_id="request-0001") == "REQUEST_ID_REUSED"
    one = supervisor(pair, "s-1")
    one.approve_basis(first.basis_id, request_id="request-0002")
    one.approve_basis(first.basis_id, request_id="request-0002")


def test_a_child_is_not_sent_in_environment_live(pair: Pair) -> None:
    desk = pair.origin
    desk.node = Node(replace(desk.ctx, environment="live"))
    for age in ("child", "unknown"):
        assert refusal(pair, age_class=age) == ("CHILD_PROFILE_OFF", "/basis/ageClass")
    assert refusal(pair) == ("", "")
    basis = approved(pair)
    assert reason(offered, pair, basis.basis_id) == "AGREEMENT_MISSING", "a basis needs one too"


def test_who_watches_learns_that_something_waits(pair: Pair) -> None:
    before = pair.origin.node.newest_cursor()
    approved(pair)
    events = pair.origin.node.events(before, 10)
    assert [(one.kind, one.referral_id) for one in events] == [("approval", "")] * 3


def test_two_at_the_same_time_do_not_undo_each_other(pair: Pair) -> None:
    """An approval that was read before a refusal was written is not written over it."""
    basis = pair.origin.client.propose_basis(urgent(pair))
    store, ctx = pair.origin.store, pair.origin.ctx
    row, one = store.read(lambda tx: approvals.basis(ctx, tx, basis.basis_id))
    supervisor(pair, "s-1").approve_basis(basis.basis_id, refuse=True)
    late = reason(store.write, lambda tx: approvals.keep(ctx, tx, row, one))
    assert late == "UNAVAILABLE"
    assert pair.origin.client.get_basis(basis.basis_id).state == "refused"
