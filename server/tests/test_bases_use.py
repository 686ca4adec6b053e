"""Data that moves without a consent: by the basis goes what it names, and no more."""

from __future__ import annotations

from datetime import timedelta

from emergencies import approved, disclosed, offered
from nodes import Pair, reason
from onward.core.clock import moment
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import Item
from onward_server.service import content, ledger
from people import DESTINATION, agreed, first, outcome_record, record, wishes

CODE = "service_delivery"
FIRST_MONTH = first("follow_up_kind")


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


def test_what_flows_back_is_the_status_alone(pair: Pair) -> None:
    referral_id = disclosed(pair, approved(pair).basis_id)
    there = pair.destination.client
    there.get_referral(referral_id)
    there.progress(referral_id, [Item(number=1, state="scheduled")])
    told = there.follow_up(referral_id, follow_up=FIRST_MONTH, record=outcome_record())
    assert [one.permitted for one in told.decisions] == [False]
    pair.settle()
    assert pair.origin.part_rows(referral_id) == {}


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
