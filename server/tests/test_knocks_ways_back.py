"""A way back: told at any agency, it finds the one that gave it."""

from __future__ import annotations

from datetime import timedelta

from circle import Circle, agency
from knocking import ANSWER, LOCATORS, SERVICES, give, needs
from nodes import reason
from onward.core import waycode
from people import agreed, record, wishes


def test_T22_way_back_works_at_a_third_agency(circle: Circle) -> None:
    """domain.md T22: told where it was neither made nor a partner is; restarts between."""
    code = give(circle["owner"]).code
    assert waycode.parse(code).locator == LOCATORS["owner"]
    circle["owner"].power_cut()
    third = circle["third"].as_role("intake")
    asked = third.claim(waycode.shown(code), answer=" mango! ")
    assert (asked.status, asked.agency, list(asked.services)) == ("pending", "", [])
    assert asked.asked == 3
    circle["third"].power_cut()
    circle.carry(circle["third"], to=["peer", "fourth"])
    third = circle["third"].as_role("intake")
    assert third.get_knock(asked.knock_id).status == "pending"
    circle.settle(jump=timedelta(minutes=5))
    circle["third"].power_cut()
    third = circle["third"].as_role("intake")
    found = third.get_knock(asked.knock_id)
    assert (found.status, found.agency) == ("confirmed", agency("owner"))
    assert list(found.services) == SERVICES
    assert needs(circle["third"]) == needs(circle["owner"]) == ["claim_confirmed"]
    (there,) = circle["owner"].client.list_knocks()
    assert (there.knock_id, there.agency, there.status) == (
        found.resumes,
        agency("third"),
        "confirmed",
    )

    # What follows is an ordinary offer, which says what it takes up.
    circle.partners("third", "owner")
    here = circle["third"].client
    consent = here.record_consent(agreed(recipients=[agency("owner")], countries=["BD"]))
    sent = here.offer(
        destination=agency("owner"), consent_id=consent.consent_id, items=wishes(),
        record=record(), resumes=found.resumes,
    )  # fmt: skip
    circle.settle()
    seen = circle["owner"].client.get_referral(sent.referral.referral_id)
    assert seen.resumes == there.knock_id
    for name, knock_id in (("third", found.knock_id), ("owner", there.knock_id)):
        circle[name].client.answer_knock(knock_id)
        assert "claim_confirmed" not in needs(circle[name])
    (offer,) = circle["owner"].client.list_standing_offers()
    assert (offer.status, offer.claimed) == ("resumed", 1)


def test_it_works_at_the_agency_that_made_it(circle: Circle) -> None:
    code = give(circle["owner"]).code
    found = circle["owner"].client.claim(code, answer=ANSWER)
    assert (found.status, found.agency, found.asked) == ("confirmed", agency("owner"), 1)
    assert list(found.services) == SERVICES
    assert circle.carry(circle["owner"]) == 0, "nobody else has to be asked"
    wrong = circle["owner"].client.claim(code, answer="melon")
    circle.settle()
    assert circle["owner"].client.get_knock(wrong.knock_id).status == "not_confirmed"


def test_a_locator_that_nobody_has(circle: Circle) -> None:
    code = waycode.make("99", "fruit", bytes(16)).digits
    assert reason(circle["third"].client.claim, code, answer=ANSWER) == "NO_LOCATOR"
    for entry in circle.agencies.values():
        entry.locator = ""
    circle.publish()
    assert reason(give, circle["owner"]) == "NO_LOCATOR"


def test_an_offer_names_only_own_referrals(circle: Circle) -> None:
    assert reason(give, circle["owner"], referral_ids=["nobodys-referral"]) == "NOT_FOUND"
    assert circle["owner"].rows()["standing_offers"] == 0


def test_the_same_request_gets_the_same_code(circle: Circle) -> None:
    owner = circle["owner"]
    first = give(owner, request_id="request-0001")
    assert give(owner, request_id="request-0001") == first
    assert owner.rows()["standing_offers"] == 1
    other = {"services": SERVICES, "question": "fruit", "answer": "melon"}
    again = reason(owner.client.make_standing_offer, **other, request_id="request-0001")
    assert again == "REQUEST_ID_REUSED"
    circle.clock.advance(timedelta(hours=25))
    late = give(owner, request_id="request-0001")
    assert (late.offer.offer_id, late.code) == (first.offer.offer_id, "")


def test_a_claim_that_somebody_else_never_gets(circle: Circle) -> None:
    """One of the asked is out of reach; the owner's word is enough, and nothing stays behind."""
    code = give(circle["owner"]).code
    asked = circle["third"].client.claim(code, answer=ANSWER)
    circle.carry(circle["third"], to=["owner"])
    circle.carry(circle["owner"])
    assert circle["third"].client.get_knock(asked.knock_id).status == "confirmed"
    assert circle["third"].due() == []
    circle.clock.advance(timedelta(days=15))
    circle.publish()
    assert circle["third"].due() == []
    assert needs(circle["third"]) == ["claim_confirmed"]
