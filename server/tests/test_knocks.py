"""Ways back, self-referrals and complaints between agencies that need not know each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from circle import Circle, agency
from desk import Desk
from nodes import reason
from onward.core import spec, waycode, wayproof
from onward.core.parse import to_json
from onward.v1.knocks_local_pb2 import KnockRecord, MakeStandingOfferRequest
from onward.v1.knocks_pb2 import ComplaintNotice, Knock, SelfReferral
from people import agreed, decision, record, wishes

LOCATORS = {"owner": "10", "peer": "10", "third": "20", "fourth": "10"}
SERVICES = ["psychosocial_counselling", "vocational_training"]
ANSWER = "Mango"


@pytest.fixture
def circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Circle]:
    # What makes guessing slow would make these tests slow; its real cost is held below.
    monkeypatch.setitem(wayproof.COST, "n", 2**4)
    made = Circle(tmp_path, LOCATORS, complaints=["peer", "fourth"])
    yield made
    made.close()


def give(desk: Desk, **more: Any) -> Any:
    """A way back, with its code."""
    return desk.client.make_standing_offer(
        services=SERVICES, question="fruit", answer=ANSWER, **more
    )


def claim(circle: Circle, name: str, code: str, answer: str = ANSWER, to: str = "resume") -> Any:
    """Told at a desk, and settled."""
    asked = circle[name].client.claim(code, answer=answer, to=to)
    circle.settle()
    return circle[name].client.get_knock(asked.knock_id)


def other_secret(code: str) -> str:
    """A code that differs in its secret only."""
    right = waycode.parse(code)
    secret = f"{(int(right.secret) + 1) % 10**7:07}"
    return waycode.WayCode(right.locator, right.serial, secret).digits


def needs(desk: Desk) -> list[str]:
    return sorted(one.code for one in desk.client.list_needs_human())


def refer(circle: Circle, origin: str, destination: str, content: Any = None) -> str:
    """A referral that was disclosed. Gives its id."""
    circle.partners(origin, destination)
    here, there = circle[origin].client, circle[destination].client
    consent = here.record_consent(agreed(recipients=[agency(destination)], countries=["BD"]))
    sent = here.offer(
        destination=agency(destination), consent_id=consent.consent_id, items=wishes(),
        record=content or record(),
    )  # fmt: skip
    referral_id: str = sent.referral.referral_id
    circle.settle()
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    there.decide(referral_id, decision())
    circle.settle()
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=consent.consent_id, record=content or record())
    circle.settle()
    parts = circle[destination].client.get_referral(referral_id).parts
    assert [part for part in parts if part.readable]
    return referral_id


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


def test_all_refusals_look_alike(circle: Circle) -> None:
    """A wrong secret, a wrong answer, an ended offer, an unknown serial and a locked one."""
    owner = circle["owner"]
    made, ended = give(owner), give(owner)
    owner.client.revoke_standing_offer(ended.offer.offer_id)
    pieces = waycode.parse(made.code)
    serial = f"{(int(pieces.serial) + 10) % 1000:03}"
    unknown = waycode.WayCode(pieces.locator, serial, pieces.secret).digits
    tries = {
        "secret": (other_secret(made.code), ANSWER),
        "answer": (made.code, "melon"),
        "ended": (ended.code, ANSWER),
        "serial": (unknown, ANSWER),
    }
    told = {}
    for name, (code, answer) in tries.items():
        told[name] = claim(circle, "third", code, answer)
    for _ in range(4):
        claim(circle, "third", made.code, "melon")
    told["locked"] = claim(circle, "third", made.code, ANSWER)
    shapes = set()
    for record_ in told.values():
        bare = KnockRecord()
        bare.CopyFrom(record_)
        bare.ClearField("knock_id")
        bare.ClearField("time")
        shapes.add(to_json(bare))
    assert len(shapes) == 1
    assert told["locked"].status == "not_confirmed"
    answers = [
        (iss, knock.claim_answer) for iss, _, knock in circle.opened()
        if knock.HasField("claim_answer")
    ]  # fmt: skip
    assert len(answers) == 3 * 9, "every asked agency answers every claim"
    for _, answer in answers:
        assert answer.result == "not_confirmed"
        assert not answer.proof
        assert not answer.services
    assert sizes_vary(circle) == {}, "nor does the size of what travels tell"


def test_a_right_answer_has_the_size_of_a_wrong_one(circle: Circle) -> None:
    code = give(circle["owner"]).code
    claim(circle, "third", code)
    claim(circle, "third", code, "melon")
    assert sizes_vary(circle) == {}


def sizes_vary(circle: Circle) -> dict[tuple[str, str], set[int]]:
    """Between which two agencies messages differ in size."""
    found: dict[tuple[str, str], set[int]] = {}
    for iss, aud, envelope in circle.wire:
        found.setdefault((iss, aud), set()).add(len(envelope.sealed))
    return {pair: sizes for pair, sizes in found.items() if len(sizes) > 1}


def test_each_guess_has_its_price() -> None:
    """OWASP's least for scrypt is 16 MiB at p=5; this is 64 MiB (RFC 7914, section 2)."""
    assert wayproof.COST["n"] * wayproof.COST["r"] * 128 >= 64 * 1024 * 1024


def test_others_with_the_locator_learn_nothing(circle: Circle) -> None:
    """What they get: that somebody came, and three digits. It differs from what the owner gets."""
    code = give(circle["owner"]).code
    pieces = waycode.parse(code)
    found = claim(circle, "third", code)
    assert found.status == "confirmed"
    copies = {aud: knock for _, aud, knock in circle.opened() if knock.HasField("claim")}
    assert set(copies) == {agency("owner"), agency("peer"), agency("fourth")}
    for text in (to_json(knock).decode() for knock in copies.values()):
        for hidden in (pieces.secret, code, ANSWER.lower(), found.knock_id, agency("owner")):
            assert hidden not in text.lower() or hidden == pieces.serial
    assert len({knock.claim.proof for knock in copies.values()}) == 3
    assert len({knock.knock_id for knock in copies.values()}) == 3
    for name in ("peer", "fourth"):
        assert list(circle[name].client.list_knocks()) == []
        assert needs(circle[name]) == []


def test_nobody_else_can_confirm(circle: Circle) -> None:
    """One with the same locator that would like to meet her says that it was it."""
    code = give(circle["owner"]).code
    asked = circle["third"].client.claim(code, answer=ANSWER)
    circle.carry(circle["third"], to=["peer"])
    (copy,) = [knock for _, aud, knock in circle.opened() if aud == agency("peer")]
    forged = Knock(knock_id="forged-knock-0001", time=copy.time)
    forged.claim_answer.answers = copy.knock_id
    forged.claim_answer.result = "confirmed"
    forged.claim_answer.proof = copy.claim.proof
    forged.claim_answer.services.append("shelter_emergency")
    assert send(circle, "peer", "third", forged) == ""
    circle.settle(jump=timedelta(minutes=5))
    found = circle["third"].client.get_knock(asked.knock_id)
    assert (found.status, found.agency) == ("confirmed", agency("owner"))
    assert list(found.services) == SERVICES


def send(circle: Circle, sender: str, recipient: str, knock: Knock) -> str:
    """A knock that a faulty or hostile node makes. Gives why it is refused."""
    from onward.v1.envelope_pb2 import Sealed
    from onward.v1.errors_pb2 import Reason
    from onward_server.service import sealing

    what = Sealed(knock=knock)
    envelope = sealing.envelope(circle[sender].ctx, agency(recipient), what, anyhow=True)
    (result,) = circle[recipient].receive(envelope)
    if result.receipt:
        return ""
    return Reason.Name(result.problem.reason).removeprefix("REASON_")


def test_an_answer_to_nothing_is_refused(circle: Circle) -> None:
    code = give(circle["owner"]).code
    asked = circle["third"].client.claim(code, answer=ANSWER)
    answer = Knock(knock_id="answer-knock-0001")
    answer.time.GetCurrentTime()
    answer.time.nanos = 0
    answer.claim_answer.answers = asked.knock_id
    answer.claim_answer.result = "confirmed"
    assert send(circle, "peer", "third", answer) == "NOT_FOUND"
    before = circle["third"].rows()
    assert send(circle, "peer", "third", answer) == "NOT_FOUND"
    assert circle["third"].rows() == before


def test_guessing_is_slowed_counted_and_shown(circle: Circle) -> None:
    owner = circle["owner"]
    code = give(owner).code
    for _ in range(5):
        assert claim(circle, "third", code, "melon").status == "not_confirmed"
    assert claim(circle, "third", code).status == "not_confirmed", "locked, though it is right"
    assert [one.status for one in owner.client.list_standing_offers()] == ["offered"]
    assert list(owner.client.list_knocks()) == []
    assert claim(circle, "fourth", code).status == "confirmed", "only for the desk that guesses"
    (found,) = [one for one in owner.client.list_needs_human() if one.code == "guessing"]
    assert (found.agency, found.count) == (agency("third"), 5)
    circle.settle(jump=timedelta(minutes=1, seconds=1))
    assert claim(circle, "third", code).status == "confirmed"
    claim(circle, "third", code, "melon")
    circle.settle(jump=timedelta(minutes=1, seconds=1))
    assert claim(circle, "third", code).status == "not_confirmed", "the wait has doubled"
    circle.settle(jump=timedelta(minutes=1))
    assert claim(circle, "third", code).status == "confirmed"
    circle.settle(jump=timedelta(days=8))
    assert "guessing" not in needs(owner), "forgotten after a week without another"
    (offer,) = owner.client.list_standing_offers()
    assert offer.claimed == 3


def test_a_code_of_another_agency_is_no_guess(circle: Circle) -> None:
    """Where nothing stands at a serial, a claim there is about somebody else's offer."""
    code = give(circle["owner"]).code
    for _ in range(7):
        claim(circle, "third", code, "melon")
    assert needs(circle["peer"]) == needs(circle["fourth"]) == []
    assert circle["peer"].rows()["guesses"] == 0


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


def test_neither_code_nor_answer_is_kept(circle: Circle) -> None:
    """Nothing at rest holds them, at the owner or at the desk; nor does the record of the code."""
    answer = "Zvezdochka"
    made = circle["owner"].client.make_standing_offer(
        services=SERVICES, question="story", answer=answer
    )
    found = claim(circle, "third", made.code, answer)
    assert found.status == "confirmed"
    secret = waycode.parse(made.code).secret
    for desk in circle.desks.values():
        kept = b"".join(path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())
        kept += b"".join(plain(desk))
        for hidden in (made.code, secret, answer, answer.lower()):
            assert hidden.encode() not in kept


def plain(desk: Desk) -> Iterator[bytes]:
    """Everything that the node can show of its knocks and offers."""
    for knock in desk.client.list_knocks():
        yield to_json(knock)
    for offer in desk.client.list_standing_offers():
        yield to_json(offer)
    for one in desk.client.list_audit():
        yield to_json(one)


HELP = SelfReferral(
    who="peer", entry_channel="peer_network", services=["shelter_emergency"], country="BD",
    subdivision="BD-C", language="bn", priority="urgent",
)  # fmt: skip


def test_somebody_asks_for_help_and_is_answered(circle: Circle) -> None:
    """domain.md R013: no partner, no account, no paper, no name."""
    asked = circle["third"].as_role("intake").refer_self(agency("owner"), HELP)
    circle.settle()
    assert needs(circle["owner"]) == ["knock_waiting"]
    (there,) = circle["owner"].client.list_knocks()
    assert (there.kind, there.agency, there.status) == ("self_referral", agency("third"), "waiting")
    assert there.self_referral == HELP
    circle["owner"].client.answer_knock(there.knock_id, result="cannot_help", reason="no_capacity")
    assert needs(circle["owner"]) == []
    circle.settle()
    found = circle["third"].client.get_knock(asked.knock_id)
    assert (found.status, found.result, found.reason) == ("answered", "cannot_help", "no_capacity")
    assert needs(circle["third"]) == ["knock_waiting"]
    circle["third"].client.answer_knock(asked.knock_id)
    assert needs(circle["third"]) == []
    assert reason(circle["third"].client.answer_knock, asked.knock_id) == "STATE_CONFLICT"


def test_no_status_is_a_reason_to_turn_somebody_away(circle: Circle) -> None:
    circle["third"].client.refer_self(agency("owner"), HELP)
    circle.settle()
    (there,) = circle["owner"].client.list_knocks()
    answer = circle["owner"].client.answer_knock
    for why in ("no_official_status", "remigration_intent", "mental_health_prerequisite"):
        assert reason(answer, there.knock_id, result="cannot_help", reason=why) == "FORBIDDEN_CODE"
    assert reason(answer, there.knock_id, result="cannot_help") == "REASON_REQUIRED"
    assert reason(answer, there.knock_id) == "INVALID_FIELD"
    assert reason(answer, "no-such-knock") == "NOT_FOUND"
    assert not any("status" in field.name for field in SelfReferral.DESCRIPTOR.fields)


def test_whom_somebody_may_be_sent_to(circle: Circle) -> None:
    ask = circle["third"].client.refer_self
    assert reason(ask, agency("third"), HELP) == "WRONG_RECIPIENT"
    assert reason(ask, "nobody.example", HELP) == "AGENCY_UNKNOWN"
    circle.status("owner", "suspended")
    assert reason(ask, agency("owner"), HELP) == "PEER_SUSPENDED"


COMPLAINT = ComplaintNotice(
    agency=agency("owner"), complaint="confinement", month="2026-10", service="shelter_emergency"
)


def test_a_complaint_bypasses_the_agency_complained_about(circle: Circle) -> None:
    lodged = circle["third"].client.lodge_complaint(COMPLAINT)
    assert lodged.asked == 2
    circle.settle()
    for name in ("peer", "fourth"):
        (there,) = circle[name].client.list_knocks()
        assert there.complaint == COMPLAINT
        assert needs(circle[name]) == ["knock_waiting"]
    assert list(circle["owner"].client.list_knocks()) == []
    assert agency("owner") not in {aud for _, aud, _ in circle.wire}
    mine = circle["third"].client.get_knock(lodged.knock_id)
    assert (mine.status, mine.answered) == ("delivered", 2)
    assert not mine.HasField("complaint"), "where it was lodged, nobody reads it up"


def test_a_complaint_about_a_body_skips_it(circle: Circle) -> None:
    about = ComplaintNotice(agency=agency("peer"), complaint="abuse")
    assert circle["peer"].client.lodge_complaint(about).asked == 1, "also lodged at itself"
    circle.settle()
    assert [aud for _, aud, _ in circle.wire] == [agency("fourth")]
    (there,) = circle["fourth"].client.list_knocks()
    assert there.complaint == about
    seen = [one for one in circle["peer"].client.list_knocks() if one.HasField("complaint")]
    assert seen == []


def test_a_body_gets_what_is_lodged_at_its_own_desk(circle: Circle) -> None:
    circle["peer"].client.lodge_complaint(COMPLAINT)
    circle.settle()
    (mine,) = [one for one in circle["peer"].client.list_knocks() if not one.outgoing]
    assert mine.complaint == COMPLAINT
    assert needs(circle["peer"]) == ["knock_waiting"]


def test_nobody_to_complain_to(circle: Circle) -> None:
    lodge = circle["third"].client.lodge_complaint
    unknown = ComplaintNotice(agency="nobody.example", complaint="abuse")
    assert reason(lodge, unknown) == "AGENCY_UNKNOWN"
    circle.complaints = [agency("owner")]
    circle.publish()
    assert reason(lodge, COMPLAINT) == "NO_COMPLAINT_BODY"
    knock = Knock(knock_id="complaint-000001", complaint=COMPLAINT)
    knock.time.FromSeconds(int(circle.clock.seconds()))
    assert send(circle, "third", "owner", knock) == "WRONG_RECIPIENT"
    assert send(circle, "third", "peer", knock) == "WRONG_RECIPIENT"


def test_knocks_hold_codes_and_nothing_personal() -> None:
    """By their schema: no free text, no telephone number, no category."""
    seen, todo = set(), [Knock.DESCRIPTOR]
    while todo:
        message = todo.pop()
        seen.add(message.name)
        assert spec.category_of(message) is None
        for field in message.fields:
            if field.message_type is not None:
                todo += [field.message_type] if field.message_type.name != "Timestamp" else []
                continue
            if field.type == field.TYPE_STRING:
                assert not spec.rule(field).text
    assert {"Claim", "ClaimAnswer", "SelfReferral", "ComplaintNotice"} <= seen


def test_a_barred_agency_gets_nothing_through(circle: Circle) -> None:
    code = give(circle["owner"]).code
    circle["third"].client.claim(code, answer=ANSWER)
    circle["third"].client.refer_self(agency("owner"), HELP)
    outgoing = circle["third"].due()
    circle.status("third", "suspended")
    for one in outgoing:
        result = circle.deliver(one, circle.named(one.recipient))
        assert not result.receipt
    assert circle["owner"].rows()["knocks"] == 0


def test_floods_are_bounded(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a quota for each sender; what takes back has one of its own."""
    from onward_server.service import claims

    monkeypatch.setattr(claims, "A_DAY", 3)
    results = []
    for number in range(5):
        knock = Knock(knock_id=f"flood-{number:06}", self_referral=HELP)
        knock.time.FromSeconds(int(circle.clock.seconds()))
        results.append(send(circle, "third", "owner", knock))
    assert results == ["", "", "", "TOO_MANY_TRIES", "TOO_MANY_TRIES"]
    rows = circle["owner"].rows()
    assert (rows["knocks"], rows["deliveries"]) == (3, 3)
    code = give(circle["owner"]).code
    assert claim(circle, "fourth", code).status == "confirmed", "others are not held up"
    knock = Knock(knock_id="flood-withdrawal")
    knock.time.FromSeconds(int(circle.clock.seconds()))
    knock.claim.purpose, knock.claim.serial, knock.claim.proof = "withdraw", "000", "A" * 43
    assert send(circle, "third", "owner", knock) == ""
    assert reason(circle["third"].client.refer_self, agency("peer"), HELP) == ""
    circle.clock.advance(timedelta(days=1, seconds=1))
    again = Knock(knock_id="flood-tomorrow", self_referral=HELP, time=knock.time)
    circle.publish()
    assert send(circle, "third", "owner", again) == ""


def test_the_same_knock_counts_once(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its receipt was lost: it is sealed anew, under another message id."""
    from onward_server.service import knock_inbox

    code = give(circle["owner"]).code
    circle["third"].client.claim(code, answer="melon")
    for _ in range(3):
        for outgoing in circle["third"].due():
            circle.deliver(outgoing, circle.named(outgoing.recipient))
    (row,) = circle["owner"].store.read(lambda tx: tx.guessing(1, circle.clock.now()))
    assert row.failures == 1
    monkeypatch.setattr(knock_inbox, "MOST_TIMES", 3)
    again = [circle.deliver(o, circle.named(o.recipient)) for o in circle["third"].due()]
    assert not any(result.receipt for result in again)
    circle.settle()
    (mine,) = circle["third"].client.list_knocks()
    assert mine.status in ("pending", "not_confirmed")


def test_somebody_elses_knock_id_is_refused(circle: Circle) -> None:
    knock = Knock(knock_id="the-same-knock-id", self_referral=HELP)
    knock.time.FromSeconds(int(circle.clock.seconds()))
    assert send(circle, "third", "owner", knock) == ""
    assert send(circle, "peer", "owner", knock) == "MESSAGE_ID_REUSED"


def test_what_cannot_be_delivered_is_shown_after_two_weeks(circle: Circle) -> None:
    asked = circle["third"].client.refer_self(agency("owner"), HELP)
    circle.carry(circle["third"], to=[])
    circle.clock.advance(timedelta(days=14, hours=1))
    circle.publish()
    assert circle["third"].due() == []
    assert circle["third"].client.get_knock(asked.knock_id).status == "expired"
    assert needs(circle["third"]) == ["undelivered"]
    assert circle["third"].store.read(lambda tx: tx.due_posts(circle.clock.now(), 9)) == []
    circle["third"].client.answer_knock(asked.knock_id)
    assert needs(circle["third"]) == []


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


def test_content_leaves_the_post_with_its_receipt(circle: Circle) -> None:
    circle["third"].client.lodge_complaint(COMPLAINT)
    circle["third"].client.refer_self(agency("owner"), HELP)
    circle.settle()
    with circle["third"].store.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT state, content FROM knock_posts").all()
    assert {tuple(row) for row in found} == {("sent", None)}
    assert circle["owner"].rows()["knock_posts"] == 0


def test_roles_and_scopes(circle: Circle) -> None:
    intake = circle["owner"].as_role("intake")
    made = reason(intake.make_standing_offer, services=SERVICES, question="fruit", answer="x")
    assert made == "ROLE_INSUFFICIENT"
    scopes = {rpc.scope for rpc in spec.rpcs().values() if rpc.service == "Knocks"}
    assert scopes == {f"knocks:{one}" for one in ("offer", "claim", "read", "answer", "complain")}
    listed = list(circle["owner"].client.list_knocks())
    circle["owner"].scopes = frozenset()
    assert reason(lambda: list(circle["owner"].client.list_knocks())) == "SCOPE_INSUFFICIENT"
    assert listed == []
    assert set(spec.roles()["intake"].scopes) & scopes == scopes - {"knocks:offer"}
    rule = MakeStandingOfferRequest.DESCRIPTOR.fields_by_name["answer"]
    assert not spec.rule(rule).text


def test_T27_nothing_in_notifications_carries_content(circle: Circle) -> None:
    """domain.md T27: a watcher learns that something happened, and in which referral."""
    referral_id = refer(circle, "owner", "peer")
    code = give(circle["owner"], referral_ids=[referral_id]).code
    claim(circle, "third", code)
    circle["third"].client.refer_self(agency("owner"), HELP)
    circle["third"].client.lodge_complaint(COMPLAINT)
    circle.settle()
    claim(circle, "fourth", code, to="withdraw")
    kinds = set()
    for desk in circle.desks.values():
        for event in desk.node.events("", 1000):
            told = json.loads(to_json(event))
            assert set(told) <= {"cursor", "kind", "referralId"}
            assert told["cursor"].isdigit()
            assert told["kind"] in spec.registries()["event_kind"].codes
            assert told.get("referralId", referral_id) == referral_id
            kinds.add(told["kind"])
            if told["kind"] == "knock":
                assert "referralId" not in told, "a knock is of no referral, and its id stays here"
    assert {"entry", "receipt", "knock"} <= kinds
