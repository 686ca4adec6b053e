"""A member that stands twice: in each text of a token and of a part, and not in the sealed text
alone. Both say the same, so only a reader that counts members sees it.
"""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.checks.peer.questions import ask
from onward_conformance.jose import Writer, part_digest, read, sign
from onward_conformance.network import Json
from onward_conformance.referral import AGE, Envelope, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import NOW
from onward_conformance.said import claims
from onward_conformance.written import twice


def _offer(bench: Bench, **changed: Any) -> Envelope:
    """A good offer's envelope."""
    referral = bench.referral()
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts), **changed)


@check("JSON-006", "DLV-046", negative=True)
def member_twice_in_an_entry(bench: Bench) -> None:
    """A signed entry that names a member twice, once also in disguise."""
    for write in (twice("seq"), twice("kind", escaped=True)):
        referral = bench.referral()
        text = write(referral.entry("offer", items=NOW))
        token = sign(text, "onward-entry+jws", referral.author.sign)
        bench.refused(referral.envelope(referral.bundle([token])), "DUPLICATE_MEMBER")


@check("JSON-006", "DLV-007", negative=True)
def member_twice_in_a_header(bench: Bench) -> None:
    """An envelope's signed header that names a member twice."""
    for name in ("exp", "digest"):
        made = _offer(bench).made()
        bench.refused(_rewritten(bench, made, twice(name)), "DUPLICATE_MEMBER")


def _rewritten(bench: Bench, made: Json, write: Writer) -> Json:
    """The same envelope, its header written in another way and signed again."""
    said = claims(read(made["header"])[1])
    token = sign(write(said), "onward-envelope+jws", bench.cast.partner.sign)
    return {**made, "header": token}


@check("JSON-006", negative=True)
def member_twice_in_a_part(bench: Bench) -> None:
    """A part's text that names a member twice: the part is refused, and the entry stands."""
    for write in (twice("band"), twice("ageClass", escaped=True)):
        referral = bench.referral()
        grant = referral.grant(["age_band"])
        age = {**part("age_band", AGE), "content": write(AGE).decode()}
        parts = [part("grant", grant), age]
        token = referral.write("offer", parts, items=NOW, grantId=grant["grantId"])
        said = bench.taken(referral.envelope(referral.bundle([token], parts)))
        wanted = [{"digest": part_digest(age), "reason": "invalid"}]
        if said.get("refused") != wanted:
            raise Failed(f"refused {spelled(wanted)}", said.get("refused"))


@check("JSON-006", negative=True)
def member_twice_in_a_question(bench: Bench) -> None:
    """A question that its agency has signed, and that names a member twice."""
    answer = ask(bench, "GetNode", _write=twice("nonce"))
    if answer.reason != "DUPLICATE_MEMBER":
        raise Failed("DUPLICATE_MEMBER", str(answer))


@check("KEY-001", negative=True)
def protected_header_with_a_member_twice(bench: Bench) -> None:
    """A token names its algorithm, its type or its key twice: that of an envelope, and that of an
    entry.
    """
    for write in (twice("alg"), twice("typ"), twice("kid", escaped=True)):
        bench.refused(_offer(bench, token={"write": write}), "SIGNATURE_INVALID")
        referral = bench.referral()
        token = referral.signed(referral.entry("offer", items=NOW), write=write)
        bench.refused(referral.envelope(referral.bundle([token])), "SIGNATURE_INVALID")


@check("ENV-012", "ENV-014", "ENV-015", negative=True)
def sealed_header_with_a_member_twice(bench: Bench) -> None:
    """The protected header of the sealed text, or the key in it, names a member twice."""
    for write in (twice("enc"), twice("apv"), twice("kid", escaped=True), twice("x")):
        bench.refused(_offer(bench, sealing={"write": write}), "SEAL_INVALID")
