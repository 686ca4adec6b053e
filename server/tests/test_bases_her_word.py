"""Data that moves without a consent: what she has said, or says later, binds every basis."""

from __future__ import annotations

from secrets import token_urlsafe

import pytest

from emergencies import approved, disclosed, offered, refusal, urgent
from nodes import Pair, reason
from onward.v1.entry_pb2 import Item
from people import DESTINATION, agreed, record
from relatives import Sisters, household, link, of_a_child, of_a_member


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
