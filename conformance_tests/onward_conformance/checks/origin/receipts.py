"""A destination whose receipts do not answer what was sent: what it did not receipt comes again."""

from __future__ import annotations

import json
from typing import Any

from onward_conformance.cases import offered, once, sent_again
from onward_conformance.check import Bench, check
from onward_conformance.jose import Key, Writer, compact, digest, read, sign
from onward_conformance.network import Json
from onward_conformance.peer import Arrival, Manner
from onward_conformance.referral import identifier
from onward_conformance.written import twice


def _forged(
    bench: Bench, *, key: Key | None = None, write: Writer = compact, **changed: Any
) -> Manner:
    """A receipt with these members in place of the right ones, signed by the destination."""

    def answer(_: Arrival, result: Json) -> Json:
        said = json.loads(read(result["receipt"])[1])
        for name, one in changed.items():
            said[name] = one(said[name]) if callable(one) else one
        typ = "onward-receipt+jws"
        return {"receipt": sign(write(said), typ, key or bench.cast.partner.sign)}

    return answer


def _not_taken(bench: Bench, manner: Manner, by: str) -> None:
    """A reminder is answered so; then it has to come again, before or with the next one."""
    case = offered(bench)
    after = len(case.arrivals)
    case.answers(once(manner))
    case.ask("Remind")
    case.came("remind")
    case.ask("Remind")
    sent_again(case, 2, after + 1, by=by)
    case.next("remind", 2)


@check("RCPT-006", negative=True)
def receipt_signed_by_another_key_at_the_origin(bench: Bench) -> None:
    """A key that is nobody's, under the name of one of the destination's."""
    mine = bench.cast.partner.sign

    def answer(_: Arrival, result: Json) -> Json:
        payload = read(result["receipt"])[1]
        return {"receipt": sign(payload, "onward-receipt+jws", Key.new(), kid=mine.kid)}

    _not_taken(bench, answer, "RCPT-006")


@check("RCPT-006", negative=True)
def receipt_signed_by_another_agency(bench: Bench) -> None:
    """Another member of the list can't receipt for the destination."""
    _not_taken(bench, _forged(bench, key=bench.cast.second.sign), "RCPT-006")


@check("RCPT-006", negative=True)
def receipt_for_another_message_at_the_origin(bench: Bench) -> None:
    """Its message id is another."""
    _not_taken(bench, _forged(bench, mid=identifier()), "RCPT-006")


@check("RCPT-006", negative=True)
def receipt_for_another_header_at_the_origin(bench: Bench) -> None:
    """Its digest is that of another header with the same message id."""
    _not_taken(bench, _forged(bench, header=digest("other.header.text")), "RCPT-006")


@check("RCPT-006", negative=True)
def receipt_in_the_name_of_another(bench: Bench) -> None:
    """It says that it comes from another agency."""
    _not_taken(bench, _forged(bench, iss=bench.cast.second.name), "RCPT-006")


@check("RCPT-006", negative=True)
def receipt_for_another_agency(bench: Bench) -> None:
    """It is not for the sender."""
    _not_taken(bench, _forged(bench, aud=bench.cast.second.name), "RCPT-006")


@check("RCPT-006", negative=True)
def receipt_for_another_referral_at_the_origin(bench: Bench) -> None:
    """It names a referral that is not the envelope's."""
    _not_taken(bench, _forged(bench, referralId=identifier()), "RCPT-006")


@check("RCPT-007", negative=True)
def receipt_with_an_earlier_head(bench: Bench) -> None:
    """It answers the envelope, and says that only the offer is there."""
    _not_taken(bench, _earlier(bench), "RCPT-007")


def _earlier(bench: Bench) -> Manner:
    def answer(arrival: Arrival, result: Json) -> Json:
        referral = bench.peer.referrals[arrival.bundle["referralId"]]
        first = {"seq": 1, "hash": digest(referral.theirs[0])}
        return _forged(bench, heads=lambda one: one | {"origin": first})(arrival, result)

    return answer


@check("RCPT-007", negative=True)
def receipt_with_the_hash_of_another_entry(bench: Bench) -> None:
    """The number is right, and the hash is not that of the entry."""

    def other(heads: Json) -> Json:
        return heads | {"origin": heads["origin"] | {"hash": digest("another.entry.text")}}

    _not_taken(bench, _forged(bench, heads=other), "RCPT-007")


@check("RCPT-010", negative=True)
def receipt_of_another_version_at_the_origin(bench: Bench) -> None:
    """What it says in a version that nobody speaks can't be known."""
    _not_taken(bench, _forged(bench, version="99.0"), "RCPT-010")


@check("KEY-003", "RCPT-006", negative=True)
def receipt_that_is_another_token(bench: Bench) -> None:
    """The same words, signed as a token of another type."""

    def answer(_: Arrival, result: Json) -> Json:
        payload = read(result["receipt"])[1]
        return {"receipt": sign(payload, "onward-entry+jws", bench.cast.partner.sign)}

    _not_taken(bench, answer, "KEY-003")


@check("RCPT-008", "DLV-055", negative=True)
def receipt_that_is_no_token(bench: Bench) -> None:
    """Words without a signature."""
    _not_taken(bench, lambda _, __: {"receipt": "e30.e30.AAAA"}, "RCPT-008")


@check("RCPT-008", "DLV-055", negative=True)
def answer_with_neither_receipt_nor_problem(bench: Bench) -> None:
    """Nothing was said of the envelope."""
    _not_taken(bench, lambda _, __: {}, "RCPT-008")


@check("RCPT-006", negative=True)
def receipt_of_the_envelope_before(bench: Bench) -> None:
    """A receipt that is genuine, and was given for an earlier envelope of the referral."""
    case = offered(bench)
    earlier: list[Json] = []

    def keep(_: Arrival, result: Json) -> Json:
        earlier.append(result)
        return result

    case.answers(keep)
    case.ask("Remind")
    case.came("remind")
    after = len(case.arrivals)
    case.answers(once(lambda _, __: earlier[0]))
    case.ask("Remind")
    case.next("remind", 2)
    case.ask("Remind")
    sent_again(case, 3, after + 1, by="RCPT-006")


@check("JSON-006", "RCPT-006", negative=True)
def receipt_with_a_member_twice_at_the_origin(bench: Bench) -> None:
    """What is signed names a member twice."""
    _not_taken(bench, _forged(bench, write=twice("mid")), "JSON-006")
