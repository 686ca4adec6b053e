"""A hostile origin: forged authors, forks, cut and flipped tokens, delay and disorder."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.jose import ORDER, Key, b64, digest, part_digest, unb64
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import Envelope, Referral, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import (
    NAME,
    NOW,
    accepted,
    acknowledged,
    act,
    disclosed,
    entries,
    give,
    offered,
    opened,
    shown,
)


def _entry(referral: Referral, **header: Any) -> str:
    return referral.signed(referral.entry("offer", items=NOW), **header)


@check("DLV-021", negative=True)
def entry_signed_by_another_partner(bench: Bench) -> None:
    """The key is in use, and another agency's."""
    referral = bench.referral()
    token = _entry(referral, key=bench.cast.second.sign)
    bench.refused(referral.envelope(referral.bundle([token])), "SIGNATURE_INVALID")


@check("KEY-003", "DLV-021", negative=True)
def entry_of_another_type(bench: Bench) -> None:
    """A token that its author has signed as a receipt."""
    referral = bench.referral()
    token = _entry(referral, typ="onward-receipt+jws")
    bench.refused(referral.envelope(referral.bundle([token])), "SIGNATURE_INVALID")


@check("DLV-021", "KEY-005", negative=True)
def entry_with_a_flipped_letter(bench: Bench) -> None:
    """One letter of its payload, and one of its signature, are others."""
    for piece in (1, 2):
        referral = bench.referral()
        pieces = _entry(referral).split(".")
        text = pieces[piece]
        pieces[piece] = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
        bundle = referral.bundle([".".join(pieces)])
        bench.refused(referral.envelope(bundle), "SIGNATURE_INVALID")


@check("DLV-021", negative=True)
def entry_that_was_cut(bench: Bench) -> None:
    """The signature's last letters are missing."""
    referral = bench.referral()
    token = _entry(referral)[:-8]
    bench.refused(referral.envelope(referral.bundle([token])), "SIGNATURE_INVALID")


@check("DLV-020", negative=True)
def sealed_text_with_a_flipped_letter(bench: Bench) -> None:
    """One letter of the nonce, and one of the tag, are others."""
    for piece in (2, 4):
        referral = bench.referral()
        token, parts = referral.offer()
        envelope = referral.envelope(referral.bundle([token], parts))
        pieces = envelope.sealed().split(".")
        text = pieces[piece]
        pieces[piece] = text[:5] + ("A" if text[5] != "A" else "B") + text[6:]
        sealed = ".".join(pieces)
        envelope.instead = sealed
        bench.refused(envelope, "SEAL_INVALID")


@check("DLV-020", "ENV-015", negative=True)
def sealed_for_a_key_that_is_not_the_targets(bench: Bench) -> None:
    """The sealed text names a key that the target has not."""
    referral = bench.referral()
    token, parts = referral.offer()
    header = {"kid": Key.new().kid}
    content = referral.bundle([token], parts)
    bench.refused(referral.envelope(content, sealing=header), "SEAL_INVALID")


@check("DLV-012", "ENV-003", negative=True)
def sealed_text_under_another_header(bench: Bench) -> None:
    """The insides of two good envelopes are exchanged."""
    first, second = (_offer(bench).made() for _ in range(2))
    bench.refused({**first, "sealed": second["sealed"]}, "SEAL_INVALID")


def _offer(bench: Bench) -> Envelope:
    referral = bench.referral()
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts))


@check("DLV-011")
def envelope_that_was_delayed(bench: Bench) -> None:
    """It waited in a mailbox for thirteen days, and has not expired."""
    envelope = _offer(bench)
    sealed = now() - timedelta(days=13)
    envelope.header = {"iat": moment(sealed), "exp": moment(sealed + timedelta(days=14))}
    bench.taken(envelope)


@check("DLV-042", "DLV-002", negative=True)
def entries_in_the_wrong_order(bench: Bench) -> None:
    """The third entry stands before the second."""
    referral = offered(bench)
    tokens = [referral.write("remind") for _ in range(2)]
    bench.refused(referral.envelope(referral.bundle(tokens[::-1])), "GAP")
    bench.taken(referral.envelope(referral.bundle(tokens)))


@check("DLV-045", negative=True)
def seen_of_another_hash(bench: Bench) -> None:
    """`seen` names an entry of the target's with another hash."""
    referral = acknowledged(bench)
    token = referral.write("remind", seen={"seq": 1, "hash": b64(bytes(32))})
    bench.refused(referral.envelope(referral.bundle([token])), "FORK")


@check("DLV-041", "DLV-052", negative=True)
def fork_of_its_own_log(bench: Bench) -> None:
    """The origin has written another second entry: the first that came stands."""
    referral = offered(bench)
    fork = referral.signed(referral.entry("cancel", cancelReason="other"))
    give(bench, referral, "remind")
    bench.refused(referral.envelope(referral.bundle([fork])), "FORK")
    if set(entries(bench, referral)) != {digest(one) for one in referral.log}:
        raise Failed("the first entry alone", "another")


@check("KEY-011", "KEY-010", negative=True)
def entry_with_the_twin_of_its_signature(bench: Bench) -> None:
    """The other signature for the same entry is no fork."""
    referral = offered(bench)
    signed, _, signature = referral.log[0].rpartition(".")
    raw = unb64(signature)
    twin = raw[:32] + (ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    bench.taken(referral.envelope(referral.bundle([f"{signed}.{b64(twin)}"])))


def _judged(bench: Bench, referral: Referral, parts: list[Json], grant: str) -> dict[str, str]:
    """What the receipt refuses of a disclosure of these parts."""
    said = give(bench, referral, "disclose", parts, grantId=grant)
    names = {part_digest(one): one["category"] for one in parts}
    return {names.get(one["digest"], "?"): one["reason"] for one in said.get("refused", [])}


@check("GRNT-010", "GRNT-011", negative=True)
def grant_of_another_referral(bench: Bench) -> None:
    """The grant is right for another referral: it covers nothing here."""
    referral = accepted(bench)
    grant = referral.grant(["name"], referralId=offered(bench).referral_id)
    found = _judged(bench, referral, [part("grant", grant), part("name", NAME)], grant["grantId"])
    if found.get("name") != "no_grant":
        raise Failed("the name refused, without a grant", found or "no part refused")


@check("GRNT-010", "GRNT-011", negative=True)
def grant_for_somebody_else(bench: Bench) -> None:
    """Its grantee is another agency, or its grantor."""
    for changed in ({"grantee": bench.cast.second.name}, {"grantor": bench.cast.second.name}):
        referral = accepted(bench)
        grant = referral.grant(["name"], **changed)
        parts = [part("grant", grant), part("name", NAME)]
        found = _judged(bench, referral, parts, grant["grantId"])
        if found.get("name") != "no_grant":
            raise Failed("the name refused, without a grant", found or "no part refused")


@check("GRNT-010", negative=True)
def part_under_the_grant_of_another_entry(bench: Bench) -> None:
    """The entry names one grant, and the part would need another."""
    referral = disclosed(bench)
    grant = referral.grant(["nationality"])
    parts = [part("grant", grant), part("name", NAME)]
    found = _judged(bench, referral, parts, grant["grantId"])
    if found != {"name": "beyond_grant"}:
        raise Failed("the name beyond the grant", found)


@check("DLV-060", negative=True)
def grant_that_was_widened_later(bench: Bench) -> None:
    """A part was refused, and then a wider grant of the same id comes: the refusal is final."""
    referral = accepted(bench)
    narrow = referral.grant(["nationality"])
    name = part("name", NAME)
    found = _judged(bench, referral, [part("grant", narrow), name], narrow["grantId"])
    if found != {"name": "beyond_grant"}:
        raise Failed("the name beyond the grant", found, by="GRNT-010")
    wide = part("grant", narrow | {"categories": ["name", "nationality"]})
    give(bench, referral, "disclose", [wide], grantId=narrow["grantId"])
    said = bench.taken(referral.envelope(referral.bundle([], [name])))
    if [one["reason"] for one in said.get("refused", [])] != ["beyond_grant"]:
        raise Failed("the refusal once more", said.get("refused"), by="DLV-060")
    if "name" in opened(bench, referral):
        raise Failed("the refused name not to be read", "it is", by="DLV-063")


@check("RCPT-004", "DLV-060", negative=True)
def refused_part_that_comes_again(bench: Bench) -> None:
    """A part that was refused before is listed in each receipt for an envelope that brings it."""
    referral = accepted(bench)
    grant = referral.grant(["nationality"])
    name = part("name", NAME)
    _judged(bench, referral, [part("grant", grant), name], grant["grantId"])
    said = bench.taken(referral.envelope(referral.bundle([], [name])))
    wanted = [{"digest": part_digest(name), "reason": "beyond_grant"}]
    if said.get("refused") != wanted:
        raise Failed(f"refused {spelled(wanted)}", said.get("refused"))


@check("PART-002", "GRNT-010", negative=True)
def part_of_another_category_than_its_entry_says(bench: Bench) -> None:
    """The entry binds the part's digest as an age band, and the part is a name."""
    referral = accepted(bench)
    grant = referral.grant(["age_band", "name"])
    parts = [part("grant", grant), part("name", NAME)]
    entry = referral.entry("disclose", parts, grantId=grant["grantId"])
    entry["parts"][1]["category"] = "age_band"
    token = referral.signed(entry)
    referral.log.append(token)
    said = bench.taken(referral.envelope(referral.bundle([token], parts)))
    if [one["reason"] for one in said.get("refused", [])] != ["invalid"]:
        raise Failed("the part refused as invalid", said.get("refused"))


@check("CODE-001", "CODE-003", negative=True)
def part_of_an_unknown_category(bench: Bench) -> None:
    """An entry binds a part of a category that nobody knows: it is an error, and nothing stays."""
    referral = accepted(bench)
    unknown = part("star_sign", {"sign": "aries"})
    token = referral.signed(referral.entry("disclose", [unknown]))
    bench.refused(referral.envelope(referral.bundle([token], [unknown])), "UNKNOWN_CODE")


@check("GRNT-022", "DLV-063", "DLV-066", negative=True)
def refused_part_can_not_be_read(bench: Bench) -> None:
    """A person asks for a part that was refused."""
    referral = accepted(bench)
    grant = referral.grant(["nationality"])
    name = part("name", NAME)
    _judged(bench, referral, [part("grant", grant), name], grant["grantId"])
    request = {"referralId": referral.referral_id, "opened": [part_digest(name)]}
    bench.act_refused("Referrals.Open", request, "PART_GONE")
    status = [one for one in shown(bench, referral)["parts"] if one["category"] == "name"]
    if any(one.get("readable") for one in status):
        raise Failed("a name that nobody can read", "it is readable", by="DLV-063")


@check("GRNT-010", negative=True)
def identifier_after_the_referral_rests(bench: Bench) -> None:
    """It was declined: a name that is sent with a correction now is refused."""
    referral = acknowledged(bench)
    declined = [{"number": 1, "state": "declined_by_agency", "reason": "no_capacity"}]
    act(bench, referral, "Decide", items=declined)
    grant = referral.grant(["name"])
    found = _judged(bench, referral, [part("grant", grant), part("name", NAME)], grant["grantId"])
    if "name" not in found:
        raise Failed("the name refused", found or "no part refused")
