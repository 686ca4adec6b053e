"""Ways back: who guesses, listens or lies learns nothing by it, and is seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from circle import Circle, agency
from desk import Desk
from knocking import ANSWER, SERVICES, claim, give, needs, send
from onward.core import waycode, wayproof
from onward.core.parse import to_json
from onward.v1.knocks_local_pb2 import KnockRecord
from onward.v1.knocks_pb2 import Knock


def other_secret(code: str) -> str:
    """A code that differs in its secret only."""
    right = waycode.parse(code)
    secret = f"{(int(right.secret) + 1) % 10**7:07}"
    return waycode.WayCode(right.locator, right.serial, secret).digits


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
