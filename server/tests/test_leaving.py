"""What was written and not yet carried goes by what the person says now, not by what she said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from emergencies import approved, offered
from nodes import Pair
from onward.core.clock import stamp
from people import PERMIT, first, outcome_record, record
from relatives import Sisters, not_to_contact


def written(pair: Pair, **changes: object) -> str:
    """A disclosure that waits to be carried."""
    referral_id = pair.accepted(**changes)
    here = pair.origin.client
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    return referral_id


def arrived(pair: Pair, referral_id: str) -> set[str]:
    """Categories that the destination was brought after its acceptance, or at all."""
    pair.settle()
    rows = pair.destination.part_rows(referral_id)
    return {category for category, outcome in rows.items() if outcome != "pending"}


@pytest.mark.parametrize("status", ["withdrawn", "refused", "suspended", "revoked", "invalidated"])
def test_nothing_leaves_after_a_no_on_record(pair: Pair, status: str) -> None:
    referral_id = written(pair)
    said = pair.origin.client.get_consent(pair.consent_id)
    said.status = status
    pair.origin.client.record_consent(said)
    assert "name" not in arrived(pair, referral_id)
    assert "contact_safe" not in arrived(pair, referral_id)


def test_what_she_denies_stays_and_the_rest_goes(pair: Pair) -> None:
    referral_id = written(pair)
    said = pair.origin.client.get_consent(pair.consent_id)
    said.deny[:] = ["name", "contact_safe"]
    pair.origin.client.record_consent(said)
    came = arrived(pair, referral_id)
    assert "date_of_birth" in came
    assert not {"name", "contact_safe"} & came
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    assert pair.destination.client.get_referral(referral_id).phase == "resting", "no hold-up"


def test_nothing_leaves_under_a_grant_that_is_over(pair: Pair) -> None:
    referral_id = written(pair, valid_until=stamp(pair.clock.now() + timedelta(days=2)))
    pair.clock.advance(timedelta(days=3))
    pair.publish()
    assert not any(one.parts for one in pair.origin.due())
    assert "name" not in arrived(pair, referral_id)


def test_nothing_leaves_by_a_basis_that_is_over(pair: Pair) -> None:
    basis = approved(pair, hours=2)
    referral_id = offered(pair, basis.basis_id)
    pair.accept(referral_id)
    here = pair.origin.client
    here.get_referral(referral_id)
    here.disclose(referral_id, basis_id=basis.basis_id, record=record())
    pair.clock.advance(timedelta(hours=3))
    assert not any(one.parts for one in pair.origin.due())
    assert "name" not in arrived(pair, referral_id)


def test_nothing_leaves_after_the_survivors_veto(pair: Pair) -> None:
    sisters = Sisters(pair)
    referral_id = sisters.offer()
    sisters.accept(referral_id)
    sisters.disclose(referral_id)
    sisters.change(do_not_contact=not_to_contact(("sibling", "Rahela Samplesister")))
    assert "name" not in arrived(pair, referral_id)


def test_no_outcome_leaves_once_nothing_may_flow_back(pair: Pair) -> None:
    referral_id = pair.disclosed(permit=(*PERMIT, "outcomes"))
    here, there = pair.origin.client, pair.destination
    there.client.get_referral(referral_id)
    there.client.open(referral_id)
    there.client.get_referral(referral_id)
    kind = first("follow_up_kind")
    written = there.client.follow_up(referral_id, follow_up=kind, record=outcome_record())
    assert [one.category for one in written.decisions if one.permitted] == ["outcomes"]
    said = here.get_consent(pair.consent_id)
    said.feedback = "nothing"
    here.record_consent(said)
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    for sent in pair.origin.due():
        there.receive(sent.envelope)
    pair.settle()
    assert pair.origin.part_rows(referral_id)["outcomes"] == "pending", "it never came"
    here.withdraw(referral_id, everything=True)
    pair.settle()
    assert there.client.get_referral(referral_id).phase == "resting", "no hold-up"


def test_nothing_leaves_under_terms_that_she_has_narrowed(pair: Pair) -> None:
    referral_id = written(pair)
    said = pair.origin.client.get_consent(pair.consent_id)
    said.feedback = "status_only"
    pair.origin.client.record_consent(said)
    assert "name" not in arrived(pair, referral_id)
