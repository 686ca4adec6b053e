"""Delivery: what is looked at before anything is decrypted."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.check import Bench, check
from onward_conformance.jose import ORDER, Key, b64, read, unb64
from onward_conformance.network import moment, now
from onward_conformance.referral import Envelope, identifier
from onward_conformance.results import Failed
from onward_conformance.road import clock
from onward_conformance.said import claims
from onward_conformance.written import strayed

SCHEMA = ("INVALID_FIELD",)


def _offer(bench: Bench, **changed: object) -> Envelope:
    """An envelope that is good but for what is changed."""
    referral = bench.referral()
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts), **changed)


@check("RCPT-002", "RCPT-005", "DLV-046")
def good_offer_is_receipted(bench: Bench) -> None:
    """An offer from a partner is taken, and the receipt answers it."""
    bench.taken(_offer(bench))


@check("DLV-013")
def same_bytes_again(bench: Bench) -> None:
    """The same envelope again is answered with the byte-identical receipt."""
    made = _offer(bench).made()
    first, second = (bench.send(made)[0] for _ in range(2))
    bench.receipt(made, first)
    if second.receipt != first.receipt:
        came = "another receipt" if second.receipt else str(second)
        raise Failed("the byte-identical receipt", came)


@check("KEY-011", "KEY-010", "DLV-013")
def the_other_signature_for_the_same_bytes(bench: Bench) -> None:
    """A header with the twin of its signature is the same header."""
    envelope = _offer(bench)
    made = envelope.made()
    (first,) = bench.send(made)
    bench.receipt(made, first)
    signed, _, signature = made["header"].rpartition(".")
    (again,) = bench.send({**made, "header": f"{signed}.{_twin(signature)}"})
    if again.receipt != first.receipt:
        came = "another receipt" if again.receipt else str(again)
        by = "KEY-011" if again.reason == "MESSAGE_ID_REUSED" else "DLV-013"
        raise Failed("the byte-identical receipt", came, by=by)


def _twin(signature: str) -> str:
    raw = unb64(signature)
    s = ORDER - int.from_bytes(raw[32:], "big")
    return b64(raw[:32] + s.to_bytes(32, "big"))


@check("DLV-014", negative=True)
def message_id_used_again(bench: Bench) -> None:
    """Other bytes under a message id that was receipted."""
    mid = identifier()
    bench.taken(_offer(bench, mid=mid))
    bench.refused(_offer(bench, mid=mid), "MESSAGE_ID_REUSED")


@check("DLV-004", negative=True)
def sender_not_on_the_list(bench: Bench) -> None:
    """An agency that the trust list does not name."""
    referral = bench.referral(bench.cast.stranger)
    token, parts = referral.offer()
    bench.refused(referral.envelope(referral.bundle([token], parts)), "AGENCY_UNKNOWN")


@check("DLV-005", "ENV-006", negative=True)
def envelope_too_large(bench: Bench) -> None:
    """More than 262,144 bytes."""
    bench.refused(_offer(bench, padded=bytes(240_000)), "TOO_LARGE")


@check("DLV-006", negative=True)
def header_signed_by_another_key(bench: Bench) -> None:
    """A key that is nobody's, under the id of the sender's own."""
    own = bench.cast.partner.sign.kid
    bench.refused(_offer(bench, token={"key": Key.new(), "kid": own}), "SIGNATURE_INVALID")


@check("DLV-006", negative=True)
def header_signed_by_a_retired_key(bench: Bench) -> None:
    """A key of the sender whose last moment of use is over."""
    key = bench.cast.partner.retired
    bench.refused(_offer(bench, token={"key": key}), "SIGNATURE_INVALID")


@check("KEY-006", "DLV-006", negative=True)
def header_signed_by_a_key_for_sealing(bench: Bench) -> None:
    """A key that the list names for sealing signs nothing."""
    key = bench.cast.partner.seal
    bench.refused(_offer(bench, token={"key": key}), "SIGNATURE_INVALID")


@check("DLV-006", negative=True)
def header_with_a_flipped_bit(bench: Bench) -> None:
    """One letter of the signature is another."""
    made = _offer(bench).made()
    signed, _, signature = made["header"].rpartition(".")
    other = "A" if signature[40] != "A" else "B"
    broken = f"{signed}.{signature[:40]}{other}{signature[41:]}"
    bench.refused({**made, "header": broken}, "SIGNATURE_INVALID")


@check("KEY-002", negative=True)
def header_without_an_algorithm(bench: Bench) -> None:
    """The algorithm none."""
    bench.refused(_offer(bench, token={"alg": "none"}), "SIGNATURE_INVALID")


@check("KEY-003", negative=True)
def header_of_another_type(bench: Bench) -> None:
    """A token that is signed for another place."""
    bench.refused(_offer(bench, token={"typ": "onward-entry+jws"}), "SIGNATURE_INVALID")


@check("KEY-001", negative=True)
def header_with_another_member(bench: Bench) -> None:
    """A protected header with a member that is none of alg, typ and kid."""
    bench.refused(_offer(bench, token={"x5u": "https://node.example"}), "SIGNATURE_INVALID")


@check("KEY-004", "KEY-001", negative=True)
def header_that_brings_its_key(bench: Bench) -> None:
    """The key stands in the token itself."""
    key = Key.new()
    token = {"key": key, "jwk": key.public}
    bench.refused(_offer(bench, token=token), "SIGNATURE_INVALID")


@check("DLV-007", negative=True)
def header_without_a_message_id(bench: Bench) -> None:
    """A header that does not match its schema."""
    bench.refused(_offer(bench, header={"mid": None}), "INVALID_FIELD")


@check("JSON-010", "DLV-007", negative=True)
def header_with_a_stranger(bench: Bench) -> None:
    """A header with a field that its message does not have."""
    bench.refused(_offer(bench, header={"cc": "other.example"}), "UNKNOWN_FIELD")


@check("DLV-008", negative=True)
def header_of_another_version(bench: Bench) -> None:
    """A version that nobody speaks."""
    bench.refused(_offer(bench, header={"version": "99.0"}), "UNKNOWN_VERSION")


@check("DLV-009", negative=True)
def header_for_another_agency(bench: Bench) -> None:
    """A node speaks for its own agencies only."""
    other = bench.cast.unaccepted.name
    bench.refused(_offer(bench, header={"aud": other}), "WRONG_RECIPIENT")


@check("DLV-010", negative=True)
def header_of_another_environment(bench: Bench) -> None:
    """Test and live never meet."""
    other = "live" if bench.network.environment == "test" else "test"
    bench.refused(_offer(bench, header={"environment": other}), "WRONG_ENVIRONMENT")


@check("DLV-011", negative=True)
def envelope_that_has_expired(bench: Bench) -> None:
    """Its end has come."""
    times = {"iat": moment(now() - timedelta(days=15)), "exp": moment(now() - timedelta(days=1))}
    bench.refused(_offer(bench, header=times), "ENVELOPE_EXPIRED")


@check("DLV-011", negative=True)
def envelope_from_the_future(bench: Bench) -> None:
    """Sealed ten minutes ahead of the receiver's clock."""
    ahead = {"iat": moment(now() + timedelta(minutes=10))}
    bench.refused(_offer(bench, header=ahead), "ENVELOPE_EXPIRED")


@check("DLV-011")
def clocks_differ_by_a_little(bench: Bench) -> None:
    """Half a minute ahead of the target's clock is no fault."""
    ahead = clock(bench) + timedelta(seconds=30)
    bench.taken(_offer(bench, header={"iat": moment(ahead)}))


@check("DLV-012", "ENV-003", negative=True)
def digest_of_another_text(bench: Bench) -> None:
    """The header does not belong to what is sealed."""
    bench.refused(_offer(bench, header={"digest": b64(bytes(32))}), "SEAL_INVALID")


@check("KEY-012", negative=True)
def base64_with_padding(bench: Bench) -> None:
    """Base64url text has no padding."""
    made = _offer(bench).made()
    bench.refused({**made, "header": made["header"] + "=="}, "SIGNATURE_INVALID", *SCHEMA)


@check("KEY-012", negative=True)
def base64_that_is_not_the_only_text(bench: Bench) -> None:
    """The salt's last letter has two bits that mean nothing, and they are not zero."""
    referral = bench.referral()
    token, parts = referral.offer()
    parts[1]["salt"] = strayed(unb64(parts[1]["salt"]))
    (answer,) = bench.send(referral.envelope(referral.bundle([token], parts)))
    if answer.receipt and not claims(read(answer.receipt)[1]).get("refused"):
        raise Failed("the part to be refused, or the envelope", "a receipt for all of it")


@check("DLV-001")
def one_envelope_does_not_depend_on_another(bench: Bench) -> None:
    """A bad envelope between two good ones."""
    good, bad, other = (
        _offer(bench).made(),
        _offer(bench, header={"mid": None}).made(),
        _offer(bench).made(),
    )
    first, second, third = bench.send(good, bad, other)
    bench.receipt(good, first)
    bench.receipt(other, third)
    if second.receipt:
        raise Failed("a refusal of the second of three", str(second))
