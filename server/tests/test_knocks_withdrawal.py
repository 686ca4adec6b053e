"""A way back takes back, too: the offer itself, and what she agreed to. Nothing holds it up."""

from __future__ import annotations

import pytest

from circle import Circle
from knocking import ANSWER, claim, give, refer
from nodes import reason


def test_revoked_by_phone_at_another_agency(circle: Circle) -> None:
    """domain.md 8b.5: she calls any agency; the card is lost, and nobody can use it."""
    code = give(circle["owner"]).code
    found = claim(circle, "third", code, to="revoke")
    assert (found.status, list(found.services)) == ("confirmed", [])
    (offer,) = circle["owner"].client.list_standing_offers()
    assert offer.status == "revoked"
    assert claim(circle, "fourth", code).status == "not_confirmed"
    assert claim(circle, "third", code, to="withdraw").status == "not_confirmed"


def test_ended_at_the_owners_desk(circle: Circle) -> None:
    owner = circle["owner"]
    made = give(owner)
    done = owner.client.revoke_standing_offer(made.offer.offer_id, declined_for_good=True)
    assert done.status == "declined_for_good"
    again = owner.client.revoke_standing_offer(made.offer.offer_id)
    assert again.status == "declined_for_good", "ending it twice changes nothing"
    assert claim(circle, "third", made.code).status == "not_confirmed"
    assert reason(owner.client.revoke_standing_offer, "no-such-offer") == "NOT_FOUND"


def test_withdrawal_by_code_reaches_both_holders(circle: Circle) -> None:
    """Told at a third agency; nobody at the owner has to do anything."""
    referral_id = refer(circle, "owner", "peer")
    code = give(circle["owner"], referral_ids=[referral_id]).code
    found = claim(circle, "third", code, to="withdraw")
    assert (found.status, list(found.services)) == ("confirmed", [])
    for name in ("owner", "peer"):
        seen = circle[name].client.get_referral(referral_id)
        assert (seen.phase, seen.rest_reason) == ("resting", "withdrawn")
        assert not [part for part in seen.parts if part.readable]
    assert claim(circle, "fourth", code, to="withdraw").status == "confirmed", "again does no harm"
    entries = circle["owner"].client.list_entries(referral_id)
    assert [one.entry.kind for one in entries].count("withdraw") == 1
    assert claim(circle, "third", code).status == "confirmed", "the way back still stands"


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_withdrawal_passes_from_whoever_is_barred(circle: Circle, status: str) -> None:
    referral_id = refer(circle, "owner", "peer")
    code = give(circle["owner"], referral_ids=[referral_id]).code
    circle.status("third", status)
    asked = circle["third"].client.claim(code, answer=ANSWER)
    assert circle["third"].client.claim(code, answer=ANSWER, to="withdraw").status == "pending"
    circle.settle()
    seen = circle["owner"].client.get_referral(referral_id)
    assert seen.rest_reason == "withdrawn"
    assert circle["third"].client.get_knock(asked.knock_id).status == "pending", "others do not"
    done = [one for one in circle["third"].client.list_knocks() if one.purpose == "withdraw"]
    assert [one.status for one in done] == ["confirmed"]


def test_withdrawal_passes_by_a_stale_list(circle: Circle) -> None:
    referral_id = refer(circle, "owner", "peer")
    code = give(circle["owner"], referral_ids=[referral_id]).code
    circle.publish(stamped=False)
    held = circle["third"].client.claim(code, answer=ANSWER)
    assert claim(circle, "third", code, to="withdraw").status == "confirmed"
    assert circle["third"].client.get_knock(held.knock_id).status == "pending"
    assert circle["peer"].client.get_referral(referral_id).rest_reason == "withdrawn"


def test_a_lock_never_holds_up_a_withdrawal(circle: Circle) -> None:
    """It is done; only whoever guesses is not told."""
    referral_id = refer(circle, "owner", "peer")
    code = give(circle["owner"], referral_ids=[referral_id]).code
    for _ in range(5):
        claim(circle, "third", code, "melon")
    assert claim(circle, "third", code, to="withdraw").status == "not_confirmed"
    assert circle["peer"].client.get_referral(referral_id).rest_reason == "withdrawn"
    assert claim(circle, "third", code, "melon", to="withdraw").status == "not_confirmed"
