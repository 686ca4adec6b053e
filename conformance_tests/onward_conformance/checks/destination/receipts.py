"""Receipts of the origin that are wrong: the target takes none of them, and sends again."""

from __future__ import annotations

import json
from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.jose import Key, Writer, b64, compact, read, sign
from onward_conformance.network import Json
from onward_conformance.peer import Arrival, Hung, Manner, refusing
from onward_conformance.referral import Referral, identifier
from onward_conformance.results import Failed
from onward_conformance.road import act, disclosed, offered, refuses, shown
from onward_conformance.written import twice

HASH = b64(bytes(32))
AGAIN = (
    "the envelope once more: its first answer was no right receipt, and must not be taken for one"
)


def _sends(bench: Bench, manner: Manner, *, by: str) -> tuple[Referral, list[Arrival]]:
    """The target acknowledges, and its first envelope is answered in this manner. Gives that
    envelope and the next, which has to come.
    """
    referral = offered(bench)
    answered: list[Arrival] = []

    def once(arrival: Arrival, right: Json) -> Json:
        answered.append(arrival)
        return manner(arrival, right) if len(answered) == 1 else right

    bench.peer.manners[referral.referral_id] = once
    bench.act("Referrals.Acknowledge", {"referralId": referral.referral_id})
    bench.until(AGAIN, lambda: len(answered) > 1 or None, by=by)
    if answered[0].bundle.get("entries") != answered[1].bundle.get("entries"):
        raise Failed("the same entries once more", "others", by=by)
    return referral, answered


def _receipt(
    bench: Bench, _key: Key | None = None, _typ: str = "", *, write: Writer = compact,
    kid: str = "", **changed: Any,
) -> Manner:  # fmt: skip
    """A receipt with other members; None leaves one out. It names the partner's key, or `kid`."""

    def manner(_: Arrival, right: Json) -> Json:
        said = json.loads(read(right["receipt"])[1]) | changed
        said = {name: one for name, one in said.items() if one is not None}
        key = _key or bench.cast.partner.sign
        names = kid or bench.cast.partner.sign.kid
        token = sign(write(said), _typ or "onward-receipt+jws", key, kid=names)
        return {"receipt": token}

    return manner


def _head(seq: int, hash_: str) -> Json:
    """A receipt's heads with this one for the target's log."""
    head = {"seq": seq, "hash": hash_} if seq else {}
    return {"origin": {}, "destination": head}


@check("RCPT-006", negative=True)
def receipt_signed_by_another_key(bench: Bench) -> None:
    """The receipt says the right thing, and nobody has signed it."""
    _sends(bench, _receipt(bench, Key.new()), by="RCPT-006")


@check("RCPT-006", negative=True)
def receipt_that_another_agency_has_signed(bench: Bench) -> None:
    """Another member of the list receipts by its own key: in the origin's name, and in its own."""
    second = bench.cast.second
    for name in (bench.cast.partner.name, second.name):
        manner = _receipt(bench, second.sign, kid=second.sign.kid, iss=name)
        _sends(bench, manner, by="RCPT-006")


@check("KEY-003", "RCPT-006", negative=True)
def receipt_of_another_type(bench: Bench) -> None:
    """A token that the origin has signed for another place."""
    _sends(bench, _receipt(bench, None, "onward-entry+jws"), by="KEY-003")


@check("RCPT-006", negative=True)
def receipt_for_another_message(bench: Bench) -> None:
    """Its message id is another."""
    _sends(bench, _receipt(bench, mid=identifier()), by="RCPT-006")


@check("RCPT-006", negative=True)
def receipt_for_another_header(bench: Bench) -> None:
    """Its digest of the header is another."""
    _sends(bench, _receipt(bench, header=HASH), by="RCPT-006")


@check("JSON-006", "RCPT-006", negative=True)
def receipt_with_a_member_twice(bench: Bench) -> None:
    """What is signed names a member twice, once also in disguise."""
    for write in (twice("mid"), twice("time", escaped=True)):
        _sends(bench, _receipt(bench, write=write), by="JSON-006")


@check("RCPT-006", negative=True)
def receipt_in_another_name(bench: Bench) -> None:
    """It names another partner as its issuer."""
    _sends(bench, _receipt(bench, iss=bench.cast.second.name), by="RCPT-006")


@check("RCPT-006", negative=True)
def receipt_to_somebody_else(bench: Bench) -> None:
    """It is addressed to another agency."""
    _sends(bench, _receipt(bench, aud=bench.cast.second.name), by="RCPT-006")


@check("RCPT-006", negative=True)
def receipt_for_another_referral(bench: Bench) -> None:
    """It names another referral."""
    _sends(bench, _receipt(bench, referralId=identifier()), by="RCPT-006")


@check("KNCK-005", negative=True)
def receipt_as_for_a_knock(bench: Bench) -> None:
    """It names neither a referral nor heads, as one for a knock."""
    _sends(bench, _receipt(bench, referralId=None, heads=None), by="KNCK-005")


@check("RCPT-010", negative=True)
def receipt_of_another_version(bench: Bench) -> None:
    """A version that nobody speaks."""
    _sends(bench, _receipt(bench, version="99.0"), by="RCPT-010")


@check("RCPT-007", negative=True)
def receipt_that_is_behind(bench: Bench) -> None:
    """Its head is from before the entry that was sent."""
    _sends(bench, _receipt(bench, heads=_head(0, "")), by="RCPT-007")


@check("RCPT-007", negative=True)
def receipt_with_another_head(bench: Bench) -> None:
    """Its head has the entry's number and another hash."""
    _sends(bench, _receipt(bench, heads=_head(1, HASH)), by="RCPT-007")


@check("DLV-055", "RCPT-008", negative=True)
def no_receipt_at_all(bench: Bench) -> None:
    """The origin hangs up: the target sends again, and still counts it as not delivered."""
    referral = offered(bench)

    def hung(_: Arrival, _right: Json) -> Json:
        raise Hung

    bench.peer.manners[referral.referral_id] = hung
    act(bench, referral, "Acknowledge")
    if not shown(bench, referral).get("undelivered"):
        raise Failed("an entry that is not delivered", "none", by="RCPT-008")
    bench.peer.manners.clear()

    def delivered() -> bool:
        return not shown(bench, referral).get("undelivered")

    bench.until("the envelope once more, since no receipt came", delivered, by="DLV-055")


@check("DLV-055", negative=True)
def refusal_for_no_known_reason(bench: Bench) -> None:
    """The origin fails by a fault of its own."""
    _sends(bench, refusing("INTERNAL"), by="DLV-055")


@check("ENV-007", "ENV-001", "DLV-055", negative=True)
def another_try_has_another_message_id(bench: Bench) -> None:
    """Sent again it is the identical envelope, or has a message id of its own."""
    _, (first, second, *_) = _sends(bench, refusing("UNAVAILABLE"), by="DLV-055")
    if first.envelope != second.envelope and first.header["mid"] == second.header["mid"]:
        raise Failed("a new mid for other bytes", "the same mid")


@check("DLV-053", negative=True)
def gap_is_filled_from_where_it_is(bench: Bench) -> None:
    """The origin has lost what it had receipted: the target sends from the head that it gives."""
    referral = disclosed(bench)
    first = len(bench.peer.arrivals)
    empty = {"origin": referral.heads["origin"], "destination": {}}
    answered: list[Arrival] = []

    def once(arrival: Arrival, right: Json) -> Json:
        answered.append(arrival)
        gap = refusing("GAP", heads=empty)
        return gap(arrival, right) if len(answered) == 1 else right

    bench.peer.manners[referral.referral_id] = once
    bench.act("Referrals.Open", {"referralId": referral.referral_id})

    def again() -> bool:
        return any(
            one.bundle.get("entries", [])[:1] == referral.theirs[:1]
            for one in bench.peer.arrivals[first:]
        )

    bench.until("all entries from the first on", again, by="DLV-053")


@check("DLV-054", negative=True)
def fork_stops_writing(bench: Bench) -> None:
    """The origin says that another entry stands there: nothing but a withdrawal is written."""
    referral = disclosed(bench)
    heads = referral.heads
    answered: list[Arrival] = []

    def fork(arrival: Arrival, right: Json) -> Json:
        answered.append(arrival)
        return refusing("FORK", heads=heads)(arrival, right)

    bench.peer.manners[referral.referral_id] = fork
    bench.act("Referrals.Pause", {"referralId": referral.referral_id, "pauseReason": "family"})
    bench.until("the entry to be sent", lambda: len(answered) or None, by="DLV-055")

    def waits() -> bool:
        needs = shown(bench, referral).get("needsHuman", [])
        return any(one.get("code") == "undelivered" for one in needs)

    bench.until("the fork to be shown to people", waits, by="FOLD-030")
    refuses(bench, referral, "Resume", "FORK")
    bench.act(
        "Referrals.Withdraw",
        {"referralId": referral.referral_id, "withdrawal": {"everything": True}},
    )
