"""Signing: what a forger may try on a JWS, and what canonical text is."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from builders import key, reason
from onward.core import jose

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the group of P-256."""

PAYLOAD = b'{"a":1}'


def b64(data: bytes | str) -> str:
    """Base64url, done here and not by the code under test."""
    raw = data.encode() if isinstance(data, str) else data
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def find(kid: str) -> Any:
    """Knows the key of one agency."""
    return key("origin") if kid == jose.kid(key("origin")) else None


def raw_signature(text: str) -> bytes:
    """ES256 over any text, so that only what is odd about the token is wrong with it."""
    r, s = decode_dss_signature(
        key("origin").private_key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    )
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token(header: dict[str, Any] | str, payload: bytes = PAYLOAD) -> str:
    """A token with this header, truly signed."""
    text = header if isinstance(header, str) else json.dumps(header)
    signed = f"{b64(text)}.{b64(payload)}"
    return f"{signed}.{b64(raw_signature(signed))}"


def header(**changed: Any) -> dict[str, Any]:
    """A good header with some members changed."""
    good = {"alg": "ES256", "typ": jose.ENTRY, "kid": jose.kid(key("origin"))}
    return {name: value for name, value in (good | changed).items() if value is not None}


def verdict(text: str, typ: str = jose.ENTRY) -> str:
    """Why a token is refused; empty if it is not."""
    return reason(jose.verify, text, typ, find)


def test_signed_token_verifies() -> None:
    made = jose.sign(PAYLOAD, jose.ENTRY, key("origin"))
    found = jose.verify(made, jose.ENTRY, find)
    assert (found.payload, found.kid) == (PAYLOAD, jose.kid(key("origin")))
    head = made.rpartition(".")[0]
    assert found.digest == jose.digest(made) == b64(hashlib.sha256(head.encode()).digest())
    assert verdict(token(header())) == ""


PUBLIC = key("origin").as_dict(private=False)
ODD: dict[str, dict[str, Any] | str] = {
    "alg of another curve": header(alg="ES384"),
    "alg in small letters": header(alg="es256"),
    "no alg": header(alg=None),
    "alg a list": header(alg=["ES256"]),
    "typ of a receipt": header(typ=jose.RECEIPT),
    "typ with a media type before it": header(typ="application/" + jose.ENTRY),
    "no typ": header(typ=None),
    "no kid": header(kid=None),
    "kid of nobody": header(kid="A" * 43),
    "kid a path": header(kid="../../dev/null"),
    "kid with a zero byte": header(kid=jose.kid(key("origin")) + "\0"),
    "key in the header": header(jwk=dict(PUBLIC)),
    "key at an address": header(jku="https://keys.example/jwks.json"),
    "certificate": header(x5c=["MIIB"]),
    "unknown crit": header(crit=["exp"], exp=1),
    "empty crit": header(crit=[]),
    "payload as it is": header(b64=False, crit=["b64"]),
    "payload as it is, not critical": header(b64=False),
    "compressed": header(zip="DEF"),
    "one more member": header(cty="json"),
    "a name twice": json.dumps(header())[:-1] + ',"alg":"ES256"}',
    "a name twice, differing": '{"alg":"none",' + json.dumps(header())[1:],
    "no object": json.dumps(list(header().items())),
    "no JSON": "alg=ES256",
    "too deep": "[" * 100_000,
}


@pytest.mark.parametrize("name", ODD)
def test_truly_signed_token_with_an_odd_header_is_refused(name: str) -> None:
    assert verdict(token(ODD[name])) == "SIGNATURE_INVALID"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
@pytest.mark.parametrize("signature", ["", "AA", "A" * 86])
def test_no_algorithm(alg: str, signature: str) -> None:
    text = f"{b64(json.dumps(header(alg=alg)))}.{b64(PAYLOAD)}.{signature}"
    assert verdict(text) == "SIGNATURE_INVALID"


@pytest.mark.parametrize(
    "secret",
    [
        json.dumps(PUBLIC).encode(),
        key("origin").as_pem(private=False),
        PUBLIC["x"].encode(),  # type: ignore[union-attr]
    ],
    ids=["as JWK", "as PEM", "its x"],
)
def test_public_key_as_a_shared_secret(secret: bytes) -> None:
    signed = f"{b64(json.dumps(header(alg='HS256')))}.{b64(PAYLOAD)}"
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    assert verdict(f"{signed}.{b64(mac)}") == "SIGNATURE_INVALID"


def test_key_of_another_agency() -> None:
    forged = jose.sign(PAYLOAD, jose.ENTRY, key("destination"))
    assert verdict(forged) == "SIGNATURE_INVALID"
    head, payload, _ = token(header()).split(".")
    stolen = f"{head}.{payload}.{forged.rpartition('.')[2]}"
    assert verdict(stolen) == "SIGNATURE_INVALID"


def test_every_changed_or_lost_character_is_noticed() -> None:
    good = token(header())
    for place, old in enumerate(good):
        for new in "A-.=+ \n" if place % 7 == 0 else "A":
            if new != old:
                assert verdict(good[:place] + new + good[place + 1 :]) == "SIGNATURE_INVALID"
        assert verdict(good[:place]) == "SIGNATURE_INVALID"
    for tail in ("=", "A", ".", "\n", ".AA", "\u00e4"):
        assert verdict(good + tail) == "SIGNATURE_INVALID"


@pytest.mark.parametrize(
    "text", ["", ".", "..", "...", "e30", "e30.e30", "\u00e4.e30.e30", "e30.e30.e30"]
)
def test_what_is_no_token(text: str) -> None:
    assert verdict(text) == "SIGNATURE_INVALID"


def test_signature_of_zeros_and_in_the_other_encoding() -> None:
    head = token(header()).rpartition(".")[0]
    der = key("origin").private_key.sign(head.encode(), ec.ECDSA(hashes.SHA256()))
    for signature in (bytes(64), ORDER.to_bytes(32, "big") * 2, der):
        assert verdict(f"{head}.{b64(signature)}") == "SIGNATURE_INVALID"


def test_other_signature_for_the_same_bytes_has_the_same_digest() -> None:
    """ECDSA lets anyone turn s into n - s: another text, which must not pass for another entry."""
    good = token(header())
    head, _, signature = good.rpartition(".")
    raw = jose.unb64(signature)
    s = ORDER - int.from_bytes(raw[32:], "big")
    twin = f"{head}.{b64(raw[:32] + s.to_bytes(32, 'big'))}"
    assert twin != good
    assert verdict(twin) == ""
    assert jose.digest(twin) == jose.digest(good)


def test_payload_of_a_whole_trust_list_is_not_too_large() -> None:
    made = jose.sign(b"x" * 1_000_000, jose.TRUST, key("origin"))
    assert verdict(made, jose.TRUST) == ""


@pytest.mark.parametrize("text", ["QQ==", "QR", "Q", "+_8", "/_8", "QQ\n", " QQ", "Q.Q", "\u00c4"])
def test_bytes_have_one_text(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        jose.unb64(text)
    assert jose.unb64("-_8") == b"\xfb\xff"
    assert jose.unb64("") == b""


@pytest.mark.parametrize(
    "changed", [{"kty": "OKP"}, {"crv": "P-384"}, {"kty": "oct", "k": "AAAA"}, {"crv": None}]
)
def test_key_of_another_kind_is_not_loaded(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="only P-256"):
        jose.load_key({**PUBLIC, **changed})


def test_key_off_the_curve_is_not_loaded() -> None:
    with pytest.raises(ValueError, match=r".*"):
        jose.public_key(PUBLIC["x"], PUBLIC["x"])  # type: ignore[arg-type]


def test_an_id_never_looks_like_an_option() -> None:
    """A dash or an underscore first: another is drawn."""
    drawn = iter([b"\xfb" + bytes(15), b"\xff" * 16, bytes(16)])
    assert jose.opaque(lambda size: next(drawn)[:size]) == "A" * 22
