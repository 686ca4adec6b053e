"""Agencies that share a node: one address, and nothing else in common."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.network import Agency, Json
from onward_conformance.question import question
from onward_conformance.referral import Envelope, Referral, identifier
from onward_conformance.results import Failed


def others(bench: Bench) -> list[str]:
    """The agencies that share the target's node."""
    return [one["agency"] for one in bench.network.entries[1:]]


def offer(bench: Bench, target: str, author: Agency | None = None, **changed: object) -> Envelope:
    """A good offer to one of them."""
    referral = bench.referral(author, target)
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts), **changed)


def _begun(bench: Bench) -> Referral:
    """A referral that the first of them has taken."""
    referral = bench.referral()
    token, parts = referral.offer()
    bench.taken(referral.envelope(referral.bundle([token], parts)))
    return referral


def _at_other(bench: Bench, referral: Referral) -> Referral:
    """The same referral, as if it were with the other agency."""
    return Referral(
        bench.network, referral.author, others(bench)[0], referral_id=referral.referral_id
    )


@check("HOST-001", "KEY-007")
def each_agency_takes_its_own(bench: Bench) -> None:
    """An offer to each of them is taken, and each receipt is signed by that agency's own key."""
    for agency in (bench.agency, *others(bench)):
        bench.taken(offer(bench, agency))


@check("HOST-006")
def one_message_id_at_two_agencies(bench: Bench) -> None:
    """Envelopes with one message id to two of them are two messages."""
    mid = identifier()
    for agency in (bench.agency, *others(bench)):
        (answer,) = bench.send(offer(bench, agency, mid=mid))
        if not answer.receipt:
            raise Failed("a receipt", str(answer))


@check("HOST-003")
def node_names_all_of_its_agencies(bench: Bench) -> None:
    """GetNode names all of them, whichever is asked."""
    expected = sorted([bench.agency, *others(bench)])
    for agency in expected:
        asked = question(bench.cast.partner, agency, "get_node")
        answer = bench.wire.ask("GetNode", {"request": asked})
        found = sorted((answer.said or {}).get("agencies", []))
        if found != expected:
            raise Failed(", ".join(expected), ", ".join(found) or str(answer))


@check("HOST-007", negative=True)
def sealed_with_the_key_of_the_other(bench: Bench) -> None:
    """An envelope to one of them that is sealed to the key of another is not opened."""
    envelope = offer(bench, others(bench)[0])
    envelope.seal_to = bench.agency
    bench.refused(envelope, "SEAL_INVALID")


@check("HOST-004", "DLV-001", negative=True)
def bad_envelope_beside_good_ones(bench: Bench) -> None:
    """In one call: to the first a bad one, to the others good ones, to nobody one more."""
    bad = offer(bench, bench.agency)
    bad.padded = b"\0" * 100
    nobody = offer(bench, bench.agency, header={"aud": "nobody.conformance.example"})
    good = [offer(bench, agency) for agency in others(bench)]
    answers = bench.send(bad, *good, nobody)
    if answers[0].reason != "SEAL_INVALID":
        raise Failed("SEAL_INVALID for the first", str(answers[0]))
    for answer in answers[1:-1]:
        if not answer.receipt:
            raise Failed("a receipt for each good one", str(answer))
    if answers[-1].reason != "WRONG_RECIPIENT":
        raise Failed("WRONG_RECIPIENT for the last", str(answers[-1]), by="HOST-002")


@check("HOST-002", negative=True)
def stranger_to_nobody(bench: Bench) -> None:
    """A sender that is not on the list, to an agency that is not here: the order of the checks."""
    envelope = offer(
        bench, bench.agency, bench.cast.stranger, header={"aud": "nobody.conformance.example"}
    )
    bench.refused(envelope, "AGENCY_UNKNOWN")


@check("HOST-005", negative=True)
def partner_of_one_is_not_of_the_other(bench: Bench) -> None:
    """Whom the first accepts as a partner, the others do not accept by that."""
    bench.taken(offer(bench, bench.agency, bench.cast.second))
    bench.refused(offer(bench, others(bench)[0], bench.cast.second), "PEER_NOT_ACCEPTED")


@check("HOST-005", negative=True)
def referral_of_one_is_unknown_to_the_other(bench: Bench) -> None:
    """A second entry of a referral with the first, sent to the other, is one of nothing."""
    referral = _at_other(bench, _begun(bench))
    token = referral.signed(referral.entry("remind", seq=2, prev=identifier() + "A" * 21))
    answer = bench.refused(referral.envelope(referral.bundle([token])), "GAP")
    heads: Json = (answer.problem or {}).get("heads", {})
    if heads.get("origin") or heads.get("destination"):
        raise Failed("empty heads", heads, by="HOST-009")


@check("HOST-005", negative=True)
def withdrawal_at_one_is_none_at_the_other(bench: Bench) -> None:
    """A withdrawal that names a referral of the first, sent to the other, reaches nothing."""
    begun = _begun(bench)
    referral = _at_other(bench, begun)
    token = referral.signed(
        referral.entry(
            "withdraw", seq=2, prev=identifier() + "A" * 21, withdrawal={"everything": True}
        )
    )
    bench.refused(referral.envelope(referral.bundle([token])), "GAP")
    bench.act("Referrals.Acknowledge", {"referralId": begun.referral_id})
    bench.came(begun, "acknowledge", by="HOST-005")


@check("HOST-009", negative=True)
def error_tells_nothing_of_the_others(bench: Bench) -> None:
    """An error for an agency that is here holds the name of no other agency."""
    envelope = offer(bench, bench.agency, bench.cast.unaccepted)
    answer = bench.refused(envelope, "PEER_NOT_ACCEPTED")
    said = str(answer.problem)
    if named := [one for one in others(bench) if one in said]:
        raise Failed("no name of another agency", named[0])
