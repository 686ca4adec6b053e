"""Data that moves without a consent: two persons, a ceiling, a few hours, a review, and telling."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_urlsafe

import pytest

from emergencies import approve, approved, disclosed, offered, supervisor, urgent, waits
from nodes import Pair, reason
from onward.core.clock import moment
from onward.errors import OnwardError
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import Item
from onward_server.service import approvals, content, ledger
from onward_server.service.node import Node
from people import DESTINATION, ORIGIN, agreed, first, outcome_record, record, wishes
from relatives import Sisters, household, link, of_a_child, of_a_member

CODE = "service_delivery"
FIRST_MONTH = first("follow_up_kind")


def refusal(pair: Pair, **changes: object) -> tuple[str, str]:
    """Why a proposal is refused, and where."""
    try:
        pair.origin.client.propose_basis(urgent(pair, **changes))
    except OnwardError as fault:
        return fault.reason, fault.pointer
    return "", ""


def test_two_persons_a_grant_and_no_more_than_named(pair: Pair) -> None:
    basis = approved(pair)
    assert basis.state == "approved"
    assert moment(basis.valid_until) - moment(basis.valid_from) == timedelta(hours=24)
    referral_id = disclosed(pair, basis.basis_id)
    held = pair.destination.part_rows(referral_id)
    assert held["name"] == "held"
    assert {"date_of_birth", "safety_risk"} & set(held) == set(), "not named in the basis"
    assert pair.destination.client.open(referral_id).record.name == record().name
    rows = pair.destination.store.read(lambda tx: tx.parts(referral_id))
    book = pair.destination.store.read(lambda tx: ledger.load(tx, referral_id, DESTINATION))
    grant = content.newest_grant(pair.destination.ctx, rows, book, "origin")
    assert isinstance(grant, Grant)
    assert (grant.basis, list(grant.purposes)) == ("vital_interest", [CODE])
    assert (grant.onward_sharing, grant.feedback) == ("none", "status_only")
    assert moment(grant.valid_until) <= moment(basis.valid_until)
    assert pair.origin.client.get_basis(basis.basis_id).uses == 2


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


def test_what_she_denied_binds_all_but_the_law(pair: Pair) -> None:
    said = agreed(["language"], deny=["contact_safe", "name"])
    pair.origin.client.record_consent(said)
    assert refusal(pair, subject_id=said.subject_id) == ("BASIS_CEILING", "/basis/categories/0")
    child = {"basis": "best_interest", "reason": "child_missing", "age_class": "child"}
    assert refusal(pair, subject_id=said.subject_id, **child)[0] == "BASIS_CEILING"
    assert refusal(pair, subject_id=said.subject_id, categories=["language"]) == ("", "")
    order = {"basis": "legal_obligation", "reason": "court_order", "evidence": "e" * 43}
    law = approved(pair, subject_id=said.subject_id, categories=["name", "language"], **order)
    assert "name" in pair.destination.part_rows(disclosed(pair, law.basis_id))


def test_a_no_that_comes_after_the_approval_binds_at_the_next_use(pair: Pair) -> None:
    basis = approved(pair)
    said = agreed(["language"], deny=["name"], subject_id=basis.subject_id)
    pair.origin.client.record_consent(said)
    held = pair.destination.part_rows(disclosed(pair, basis.basis_id))
    assert "name" not in held
    assert held["contact_safe"] == "held"


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
def test_who_said_no_to_everything_can_only_be_helped_where_she_can_not_be_asked(
    pair: Pair, status: str
) -> None:
    said = agreed()
    given = pair.origin.client.record_consent(said)
    said.consent_id, said.version, said.status = given.consent_id, given.version, status
    pair.origin.client.record_consent(said)
    asked = {"subject_id": said.subject_id, "reason": "immediate_danger"}
    assert refusal(pair, **asked) == ("BASIS_CEILING", "/basis/reason")
    assert refusal(pair, subject_id=said.subject_id) == ("", "")


def test_an_offer_by_nothing_is_refused(pair: Pair) -> None:
    sent = {"destination": DESTINATION, "items": wishes(), "record": record()}
    assert reason(pair.origin.client.offer, **sent) == "CONSENT_MISSING"
    assert reason(pair.origin.client.offer, basis_id="b" * 22, **sent) == "NOT_FOUND"
    basis = approved(pair)
    both = {"basis_id": basis.basis_id, "consent_id": "c" * 22}
    assert reason(pair.origin.client.offer, **both, **sent) == "NOT_FOUND"
    assert not list(pair.origin.client.list_referrals())


def test_nothing_else_in_such_a_referral_goes_by_the_basis(pair: Pair) -> None:
    basis = approved(pair)
    referral_id = offered(pair, basis.basis_id)
    pair.accept(referral_id)
    here = pair.origin.client
    here.get_referral(referral_id)
    assert reason(here.disclose, referral_id, record=record()) == "CONSENT_MISSING"
    sent = here.alert(referral_id, "missing", record=None)
    assert not sent.decisions
    pair.settle()
    assert here.get_referral(referral_id).links == []
    pair.views(referral_id)


def test_another_agency_or_person_is_out_of_reach(pair: Pair) -> None:
    mine, hers = approved(pair), approved(pair)
    referral_id = offered(pair, mine.basis_id)
    pair.accept(referral_id)
    here = pair.origin.client
    here.get_referral(referral_id)
    other = {"basis_id": hers.basis_id, "record": record()}
    assert reason(here.disclose, referral_id, **other) == "BASIS_CEILING"
    by_consent = pair.accepted()
    here.get_referral(by_consent)
    assert reason(here.disclose, by_consent, **other) == "BASIS_CEILING"


def test_her_own_yes_takes_the_place_of_the_basis(pair: Pair) -> None:
    basis = approved(pair)
    referral_id = offered(pair, basis.basis_id)
    pair.accept(referral_id)
    here = pair.origin.client
    stranger = here.record_consent(agreed()).consent_id
    hers = here.record_consent(agreed(subject_id=basis.subject_id)).consent_id
    here.get_referral(referral_id)
    given = {"record": record()}
    assert reason(here.disclose, referral_id, consent_id=stranger, **given) == "CONSENT_SCOPE"
    here.disclose(referral_id, consent_id=hers, **given)
    pair.settle()
    assert pair.destination.part_rows(referral_id)["date_of_birth"] == "held"
    here.disclose(referral_id, record=record())
    here.withdraw(referral_id, everything=True)
    assert here.get_consent(hers).status == "withdrawn"


def test_what_flows_back_is_the_status_alone(pair: Pair) -> None:
    referral_id = disclosed(pair, approved(pair).basis_id)
    there = pair.destination.client
    there.get_referral(referral_id)
    there.progress(referral_id, [Item(number=1, state="scheduled")])
    told = there.follow_up(referral_id, follow_up=FIRST_MONTH, record=outcome_record())
    assert [one.permitted for one in told.decisions] == [False]
    pair.settle()
    assert pair.origin.part_rows(referral_id) == {}


@pytest.mark.parametrize("desk", ["origin", "destination"])
def test_she_says_no_afterwards(pair: Pair, desk: str) -> None:
    basis = approved(pair, reason="immediate_danger", hours=48)
    referral_id = disclosed(pair, basis.basis_id)
    getattr(pair, desk).client.withdraw(referral_id, everything=True)
    pair.settle()
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
    pair.erase()
    assert set(pair.destination.part_rows(referral_id).values()) == {"destroyed"}
    assert len(pair.views(referral_id)[0].certified) == 2
    assert reason(offered, pair, basis.basis_id) == "CONSENT_SCOPE", "her no binds the basis"
    again = {"subject_id": basis.subject_id, "reason": "immediate_danger"}
    assert refusal(pair, **again) == ("BASIS_CEILING", "/basis/reason")


def test_what_she_takes_back_in_part_is_denied_to_every_basis(pair: Pair) -> None:
    basis = approved(pair)
    referral_id = disclosed(pair, basis.basis_id)
    pair.origin.client.withdraw(referral_id, categories=["name"])
    pair.settle()
    again = disclosed(pair, basis.basis_id)
    assert "name" not in pair.destination.part_rows(again)
    found = refusal(pair, subject_id=basis.subject_id)
    assert found == ("BASIS_CEILING", "/basis/categories/0")


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


def test_nothing_of_it_lies_in_clear(pair: Pair) -> None:
    basis = approved(pair, reason="cannot_be_reached")
    disclosed(pair, basis.basis_id)
    pair.origin.store.close()
    raw = b"".join(one.read_bytes() for one in pair.origin.folder.glob("node.sqlite3*"))
    assert basis.basis_id.encode() in raw
    for secret in (basis.subject_id, "cannot_be_reached", basis.tell_by):
        assert secret.encode() not in raw
    there = b"".join(one.read_bytes() for one in pair.destination.folder.glob("node.sqlite3*"))
    assert basis.basis_id.encode() not in there


def test_who_did_what_stands_in_the_audit(pair: Pair) -> None:
    basis = approve(pair, pair.origin.client.propose_basis(urgent(pair)).basis_id)
    pair.origin.client.get_basis(basis.basis_id)
    records = [one for one in supervisor(pair, "s-9").list_audit() if one.action == "basis"]
    assert [one.actor for one in records] == ["u-17", "s-1", "s-2", "u-17"]


def test_a_basis_speaks_for_what_came_by_it_alone(pair: Pair) -> None:
    """Beside a consent, it neither narrows what she agreed to nor opens it for another purpose."""
    said = agreed()
    pair.consent_id = pair.origin.client.record_consent(said).consent_id
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=pair.consent_id, items=wishes(), record=record()
    )
    pair.settle()
    referral_id = sent.referral.referral_id
    pair.accept(referral_id)
    pair.disclose(referral_id)
    urgently = "health_emergency"
    basis = approved(
        pair, subject_id=said.subject_id, categories=["physical_health"], purpose=urgently
    )
    more = record()
    more.physical_health.needs.append(first("physical_health_need"))
    here, there = pair.origin.client, pair.destination.client
    here.get_referral(referral_id)
    here.disclose(referral_id, basis_id=basis.basis_id, record=more, purpose=urgently)
    pair.settle()
    by_basis = there.open(referral_id, purpose=urgently).record
    assert by_basis.HasField("physical_health")
    assert not by_basis.HasField("name")
    by_consent = there.open(referral_id).record
    assert by_consent.HasField("name")
    assert not by_consent.HasField("physical_health")
    digest = next(
        part.digest for part in there.get_referral(referral_id).parts if part.category == "name"
    )
    named = {"parts": [digest], "purpose": urgently}
    assert reason(there.open, referral_id, **named) == "PURPOSE_NOT_GRANTED"
    there.get_referral(referral_id)
    learnt = there.follow_up(referral_id, follow_up=FIRST_MONTH, record=outcome_record())
    assert [one.permitted for one in learnt.decisions] == [True]
    pair.settle()
    assert pair.origin.part_rows(referral_id)["outcomes"] == "held"


def test_a_child_is_not_sent_in_environment_live(pair: Pair) -> None:
    desk = pair.origin
    desk.node = Node(replace(desk.ctx, environment="live"))
    for age in ("child", "unknown"):
        assert refusal(pair, age_class=age) == ("CHILD_PROFILE_OFF", "/basis/ageClass")
    assert refusal(pair) == ("", "")
    basis = approved(pair)
    assert reason(offered, pair, basis.basis_id) == "AGREEMENT_MISSING", "a basis needs one too"


def test_a_member_of_her_family_only_as_she_lets_them_be_contacted(pair: Pair) -> None:
    """A basis of the member's own does not go over the survivor's veto."""
    sisters = Sisters(pair)
    basis = approved(pair, subject_kind="family_member")
    here = pair.origin.client
    offer = {
        "destination": DESTINATION, "basis_id": basis.basis_id, "record": household(),
        "items": [Item(number=1, wish="now")],
    }  # fmt: skip
    assert reason(here.offer, **offer) == "CONSENT_SCOPE", "no link, so nobody could ask her"
    sent = here.offer(link=link(sisters.survivor), **offer)
    pair.settle()
    assert {one.kind for one in sent.referral.links} == {"family"}
    assert pair.destination.part_rows(sent.referral.referral_id)["language"] == "held"
    sisters.change(contact_family="no")
    assert reason(here.offer, link=link(sisters.survivor), **offer) == "FAMILY_CONTACT_DENIED"


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


def test_an_explanation_says_the_same_as_the_act(pair: Pair) -> None:
    basis = approved(pair)
    said = agreed(["language"], deny=["contact_safe"], subject_id=basis.subject_id)
    pair.origin.client.record_consent(said)
    answer = pair.origin.client.explain(
        destination=DESTINATION, basis_id=basis.basis_id, accepted=True
    )
    told = {one.category: (one.reason, one.source) for one in answer.decisions}
    assert told["name"] == ("permitted_by_basis", "basis")
    assert told["contact_safe"] == ("denied_before", "consent")
    assert told["identity_document"] == ("beyond_basis", "basis")
    sent = {name for name, (why, _) in told.items() if why == "permitted_by_basis"}
    referral_id = disclosed(pair, basis.basis_id)
    assert set(pair.destination.part_rows(referral_id)) - {"grant"} == sent


def test_a_basis_says_of_the_person_what_is_on_record(pair: Pair) -> None:
    here = pair.origin.client
    adult, child, member = (token_urlsafe(16) for _ in range(3))
    here.record_consent(agreed(subject_id=adult))
    here.record_consent(of_a_child(subject_id=child))
    here.record_consent(of_a_member(subject_id=member))
    for_a_child = {"basis": "best_interest", "reason": "child_missing", "age_class": "child"}
    found = [
        reason(here.propose_basis, urgent(pair, subject_id=adult, **for_a_child)),
        reason(here.propose_basis, urgent(pair, subject_id=child)),
        reason(here.propose_basis, urgent(pair, subject_id=member)),
    ]
    assert found == ["BASIS_CEILING"] * 3


def test_what_is_recorded_later_binds_the_use_of_a_basis(pair: Pair) -> None:
    basis = approved(pair)
    pair.origin.client.record_consent(of_a_child(subject_id=basis.subject_id))
    assert reason(offered, pair, basis.basis_id) == "BASIS_CEILING"
