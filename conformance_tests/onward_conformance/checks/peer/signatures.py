"""The pieces of signed and sealed tokens: text that is not the only one for its bytes, and faults
that are all answered alike.
"""

from __future__ import annotations

from collections.abc import Callable

from onward_conformance.check import Bench, check
from onward_conformance.jose import Key, unb64
from onward_conformance.referral import Envelope, Referral
from onward_conformance.results import Failed, spelled
from onward_conformance.road import NOW
from onward_conformance.written import padded, strayed

LOOSE = (strayed, padded)
SCHEMA = "INVALID_FIELD"


def _offer(referral: Referral) -> Envelope:
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts))


def _rewritten(token: str, piece: int, loose: Callable[[bytes], str], key: Key) -> str:
    """The token with one piece written so. The signature is right for the text as it is now."""
    pieces = token.split(".")
    data = unb64(pieces[piece])
    if len(data) % 3 == 0:
        data += b" "  # Text of these bytes has no bits to spare; JSON may end with a space.
    pieces[piece] = loose(data)
    if piece < 2:
        pieces[2] = key.es256(".".join(pieces[:2]).encode())
    return ".".join(pieces)


@check("KEY-012", negative=True)
def loose_base64_in_a_header(bench: Bench) -> None:
    """Each piece of an envelope's token, once with padding, and once with bits left over."""
    for loose in LOOSE:
        for piece in (0, 1, 2):
            referral = bench.referral()
            made = _offer(referral).made()
            token = _rewritten(made["header"], piece, loose, referral.author.sign)
            bench.refused({**made, "header": token}, "SIGNATURE_INVALID", SCHEMA)


@check("KEY-012", negative=True)
def loose_base64_in_an_entry(bench: Bench) -> None:
    """Each piece of an entry's token, once with padding, and once with bits left over."""
    for loose in LOOSE:
        for piece in (0, 1, 2):
            referral = bench.referral()
            token = referral.signed(referral.entry("offer", items=NOW))
            token = _rewritten(token, piece, loose, referral.author.sign)
            bundle = referral.bundle([token])
            bench.refused(referral.envelope(bundle), "SIGNATURE_INVALID", SCHEMA)


@check("KEY-012", negative=True)
def loose_base64_in_what_is_sealed(bench: Bench) -> None:
    """The sealed text's header and its tag, once with padding, and once with bits left over."""
    for loose in LOOSE:
        envelope = _offer(bench.referral())
        envelope.sealing = {
            "encode": lambda data, loose=loose: loose(data if len(data) % 3 else data + b" ")
        }
        bench.refused(envelope, "SEAL_INVALID", SCHEMA)
        envelope = _offer(bench.referral())
        rest, _, tag = envelope.sealed().rpartition(".")
        sealed = f"{rest}.{loose(unb64(tag))}"
        envelope.instead = sealed
        bench.refused(envelope, "SEAL_INVALID", SCHEMA)


@check("KEY-005", negative=True)
def faults_of_a_signature_are_answered_alike(bench: Bench) -> None:
    """Another key, type or algorithm, a member more: no answer says which it was."""
    faults = ({"key": Key.new()}, {"typ": "onward-receipt+jws"}, {"alg": "none"}, {"x5u": "a"})
    for inside in (False, True):
        told = []
        for token in faults:
            referral = bench.referral()
            if inside:
                entry = referral.signed(referral.entry("offer", items=NOW), **token)
                envelope = referral.envelope(referral.bundle([entry]))
            else:
                envelope = _offer(referral)
                envelope.token = dict(token)
            told.append(bench.refused(envelope, "SIGNATURE_INVALID").problem)
        if other := [one for one in told if one != told[0]]:
            raise Failed(f"{spelled(told[0])} for every fault", other[0])
