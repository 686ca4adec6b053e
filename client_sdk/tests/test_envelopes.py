"""Envelopes and receipts: sealing, padding, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, strategies as st
from joserfc import jwe

from builders import AGENCIES, DAY, NOW, REFERRAL, key, offered, profile, reason
from onward.core import entries, envelopes, jose
from onward.core.envelopes import BUCKETS
from onward.core.parse import to_json
from onward.v1.envelope_pb2 import Bundle, Envelope, EnvelopeHeader, Part, Sealed

ORIGIN, DESTINATION = AGENCIES["origin"], AGENCIES["destination"]
MID = "mid-000000000001"


@cache
def content() -> Sealed:
    """An offer in a bundle."""
    world = offered(signed=True)
    token = world.tokens[world.logs["origin"][0].hash]
    return Sealed(bundle=Bundle(referral_id=REFERRAL, entries=[token]))


def sealed(**changed: Any) -> Envelope:
    """An envelope from the origin to the destination, with something changed."""
    said: dict[str, Any] = {
        "mid": MID,
        "sender": ORIGIN,
        "recipient": DESTINATION,
        "environment": "test",
        "signing_key": key("origin"),
        "sealing_key": key("destination seal"),
        "now": NOW,
        "expires": NOW + 14 * DAY,
    }
    return envelopes.seal(changed.pop("content", content()), **said | changed)


def find(kid: str) -> Any:
    """Keys that the destination knows."""
    known = [key("origin"), key("destination seal")]
    return next((one for one in known if jose.kid(one) == kid), None)


def verify(envelope: Envelope, **changed: Any) -> EnvelopeHeader:
    """The destination verifies."""
    said: dict[str, Any] = {"recipient": DESTINATION, "environment": "test", "now": NOW}
    return envelopes.verify(envelope, find, **said | changed)


def opened(envelope: Envelope) -> Sealed:
    """The destination verifies and opens."""
    return envelopes.unseal(envelope, verify(envelope), find)


def resealed(text: str) -> Envelope:
    """An envelope around any sealed text, with a header that fits it."""
    good = envelopes.peek(sealed())
    good.digest = jose.sha256(text.encode("ascii"))
    return enclose(good, text)


def enclose(header: EnvelopeHeader, text: str) -> Envelope:
    """An envelope with this header, truly signed."""
    return Envelope(header=jose.sign(to_json(header), jose.ENVELOPE, key("origin")), sealed=text)


def test_envelope_opens_for_its_recipient() -> None:
    assert opened(sealed()) == content()
    header = verify(sealed())
    assert (header.mid, header.iss, header.aud) == (MID, ORIGIN, DESTINATION)


@pytest.mark.parametrize(
    ("envelope", "verifier", "expected"),
    [
        ({"signing_key": key("stranger")}, {}, "SIGNATURE_INVALID"),
        ({"recipient": "other.np.example"}, {}, "WRONG_RECIPIENT"),
        ({"environment": "live"}, {}, "WRONG_ENVIRONMENT"),
        ({}, {"recipient": "other.np.example"}, "WRONG_RECIPIENT"),
        ({}, {"environment": "live"}, "WRONG_ENVIRONMENT"),
        ({}, {"now": NOW + 14 * DAY}, "ENVELOPE_EXPIRED"),
        ({}, {"now": NOW + 14 * DAY - timedelta(seconds=1)}, ""),
        ({}, {"now": NOW - timedelta(seconds=60)}, ""),
        ({}, {"now": NOW - timedelta(seconds=61)}, "ENVELOPE_EXPIRED"),
        ({"expires": NOW - DAY}, {}, "ENVELOPE_EXPIRED"),
    ],
)
def test_header_limits(envelope: dict[str, Any], verifier: dict[str, Any], expected: str) -> None:
    assert reason(verify, sealed(**envelope), **verifier) == expected


def test_header_of_another_version_or_with_other_sealed_text() -> None:
    one, two = sealed(), sealed()
    assert reason(verify, Envelope(header=one.header, sealed=two.sealed)) == "SEAL_INVALID"
    assert reason(verify, Envelope(header=one.header, sealed=one.sealed + "A")) == "SEAL_INVALID"
    assert reason(verify, Envelope(header=one.header, sealed="\u00e4")) == "SEAL_INVALID"
    assert reason(verify, Envelope()) == "SIGNATURE_INVALID"
    header = envelopes.peek(one)
    header.version = "2.0"
    assert reason(verify, enclose(header, one.sealed)) == "UNKNOWN_VERSION"


def test_entry_or_receipt_is_no_header() -> None:
    good = sealed()
    payload = jose.peek(good.header)
    for typ in (jose.ENTRY, jose.RECEIPT, jose.REQUEST):
        forged = Envelope(header=jose.sign(payload, typ, key("origin")), sealed=good.sealed)
        assert reason(verify, forged) == "SIGNATURE_INVALID"
    receipt = jose.sign(payload, jose.RECEIPT, key("origin"))
    assert reason(entries.read, receipt, find) == "SIGNATURE_INVALID"


def test_too_large_is_refused_before_anything_is_read() -> None:
    good = sealed()
    huge = Envelope(header=good.header, sealed=good.sealed + "A" * jose.MAX_ENVELOPE)
    assert reason(verify, huge) == "TOO_LARGE"


@pytest.mark.parametrize("size", [0, 1, 3067, 3068, 3069, 12284, 12285, 192508])
def test_padding_to_buckets(size: int) -> None:
    padded = envelopes.pad(b"\xff" * size)
    assert len(padded) == min(bucket for bucket in BUCKETS if bucket >= size + 4)
    assert envelopes.unpad(padded) == b"\xff" * size


def test_largest_bucket_fits_an_envelope_and_no_more_fits_it() -> None:
    assert reason(envelopes.pad, bytes(BUCKETS[-1] - 3)) == "TOO_LARGE"
    text = jose.seal(bytes(BUCKETS[-1]), key("destination seal"), ORIGIN, DESTINATION)
    assert len(text) + len(sealed().header) < jose.MAX_ENVELOPE
    parts = [Part(category="name", salt="A" * 43, content="x" * 9000) for _ in range(21)]
    bulky = Sealed(bundle=Bundle(referral_id=REFERRAL, parts=parts))
    assert reason(verify, sealed(content=bulky)) == ""


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0\0",
        bytes(BUCKETS[0] + 1),
        (5).to_bytes(4, "big") + bytes(100),
        (BUCKETS[0] - 3).to_bytes(4, "big") + bytes(BUCKETS[0] - 4),
        b"\xff" * BUCKETS[0],
        (2).to_bytes(4, "big") + b"{}" + bytes(BUCKETS[0] - 7) + b"\x01",
        (2).to_bytes(4, "big") + b"{}\x01" + bytes(BUCKETS[0] - 7),
    ],
)
def test_other_layouts_are_refused(padded: bytes) -> None:
    assert reason(envelopes.unpad, padded) == "SEAL_INVALID"
    text = jose.seal(padded, key("destination seal"), ORIGIN, DESTINATION)
    assert reason(opened, resealed(text)) == "SEAL_INVALID"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"{}", "INVALID_FIELD"),
        (b"[]", "INVALID_FIELD"),
        (b"{", "INVALID_JSON"),
        (b'{"x":1}', "UNKNOWN_FIELD"),
    ],
)
def test_content_is_held_to_the_schema(text: bytes, expected: str) -> None:
    token = jose.seal(envelopes.pad(text), key("destination seal"), ORIGIN, DESTINATION)
    assert reason(opened, resealed(token)) == expected


PADDED = envelopes.pad(b"{}")


def jwe_token(**changed: Any) -> str:
    """A JWE with a header of one's own choice."""
    header = {
        "alg": "ECDH-ES",
        "enc": "A256GCM",
        "typ": jose.SEALED,
        "kid": jose.kid(key("destination seal")),
        "apu": jose.b64(ORIGIN.encode()),
        "apv": jose.b64(DESTINATION.encode()),
    }
    header = {name: value for name, value in (header | changed).items() if value is not None}
    registry = jwe.JWERegistry(
        algorithms=["ECDH-ES", "ECDH-ES+A128KW", "A256GCM", "A128GCM", "A128CBC-HS256", "DEF"],
        strict_check_header=False,
    )
    return jwe.encrypt_compact(header, PADDED, key("destination seal"), registry=registry)


@pytest.mark.parametrize(
    "changed",
    [
        {"apu": jose.b64(b"other.np.example")},
        {"apv": jose.b64(b"other.np.example")},
        {"apu": None},
        {"typ": None},
        {"typ": jose.ENTRY},
        {"enc": "A128GCM"},
        {"enc": "A128CBC-HS256"},
        {"alg": "ECDH-ES+A128KW"},
        {"zip": "DEF"},
        {"kid": "../seal"},
        {"cty": "json"},
        {"jku": "https://keys.example/jwks.json"},
    ],
)
def test_truly_sealed_text_with_an_odd_header_is_refused(changed: dict[str, Any]) -> None:
    assert reason(jose.unseal, jwe_token(), find, ORIGIN, DESTINATION) == ""
    assert reason(jose.unseal, jwe_token(**changed), find, ORIGIN, DESTINATION) == "SEAL_INVALID"


POINT = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}


@pytest.mark.parametrize(
    "epk",
    [
        None,
        "text",
        [],
        {},
        POINT,
        {**POINT, "d": "A" * 43},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {name: POINT[name] for name in ("kty", "x", "y")},
        {**POINT, "x": 1},
        {**POINT, "x": ""},
        {**POINT, "crv": ["P-256"]},
    ],
)
def test_ephemeral_key_must_be_a_point_of_the_curve(epk: Any) -> None:
    head, *rest = jwe_token().split(".")
    header = json.loads(jose.unb64(head)) | {"epk": epk}
    text = ".".join([jose.b64(json.dumps(header).encode()), *rest])
    assert reason(jose.unseal, text, find, ORIGIN, DESTINATION) == "SEAL_INVALID"


def test_header_of_sealed_text_with_a_name_twice_or_with_an_encrypted_key() -> None:
    head, _, *rest = jwe_token().split(".")
    header = jose.unb64(head).decode()
    twice = jose.b64((header[:-1] + f',"typ":"{jose.SEALED}"}}').encode())
    for text in (".".join([twice, "", *rest]), ".".join([head, "AAAA", *rest])):
        assert reason(jose.unseal, text, find, ORIGIN, DESTINATION) == "SEAL_INVALID"


@profile(60)
@given(
    place=st.floats(0, 1, exclude_max=True),
    flip=st.sampled_from("AQgw_-.=\u00e4"),
    cut=st.booleans(),
)
def test_changed_or_truncated_sealed_text_never_opens(place: float, flip: str, cut: bool) -> None:
    good = SEALED_ONCE
    at = int(place * len(good))
    bad = good[:at] if cut else good[:at] + flip + good[at + 1 :]
    if bad != good:
        assert reason(jose.unseal, bad, find, ORIGIN, DESTINATION) == "SEAL_INVALID"


SEALED_ONCE = jwe_token()
