"""Signing and sealing, written from the RFCs and apart from the code under test.

Everything that a hostile agency gets wrong on purpose is a parameter here: other header members,
another type, the twin of a signature, a broken padding.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onward_conformance.results import spelled

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the group of P-256."""

BUCKETS = (3072, 12288, 49152, 192512)
"""Sizes in bytes to which content is padded (ENV-010)."""


class Bad(Exception):
    """A token of the target that is not as the specification says; the text says what is wrong."""


def b64(data: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of such a text. Raises Bad if it is not the only text for them (KEY-012)."""
    if not isinstance(text, str):
        raise Bad("something else in place of base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Bad("text that is no base64url") from None
    if b64(data) != text:
        raise Bad("base64url that is not the only text for its bytes")
    return data


def sha256(data: bytes) -> str:
    """The digest as the specification writes it."""
    return b64(hashlib.sha256(data).digest())


def compact(value: Any) -> bytes:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def digest(token: str) -> str:
    """The hash that names a signed token: over its signing input, without the signature."""
    return sha256(token.rpartition(".")[0].encode())


def part_digest(one: dict[str, Any]) -> str:
    """What binds a part: its category, its salt and its text."""
    said = b"onward-part\0" + one["category"].encode() + b"\0"
    return sha256(said + unb64(one["salt"]) + one["content"].encode())


@dataclass(frozen=True)
class Key:
    """A private key on P-256."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls) -> Key:
        """A random one."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, text: str) -> Key:
        """One that `text` keeps. Raises ValueError if the file holds no such key."""
        number = int.from_bytes(unb64(json.loads(text)["d"]), "big")
        return cls(ec.derive_private_key(number, ec.SECP256R1()))

    @property
    def public(self) -> dict[str, str]:
        """The JWK (RFC 7517) without a kid."""
        point = self.private.public_key().public_numbers()
        x, y = (b64(one.to_bytes(32, "big")) for one in (point.x, point.y))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}

    @property
    def text(self) -> str:
        """The private JWK, to be kept in a file."""
        number = self.private.private_numbers().private_value
        return json.dumps({**self.public, "d": b64(number.to_bytes(32, "big"))})

    @property
    def kid(self) -> str:
        """The thumbprint (RFC 7638): SHA-256 over the members in the order of their names."""
        return sha256(compact(self.public))

    def es256(self, signed: bytes, *, twin: bool = False) -> str:
        """An ES256 signature (RFC 7518, 3.4). `twin` is the other one for the same bytes."""
        r, s = decode_dss_signature(self.private.sign(signed, ec.ECDSA(hashes.SHA256())))
        s = ORDER - s if twin else s
        return b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


Writer = Callable[[Any], bytes]
"""How a protected header is written as JSON."""


def sign(
    payload: bytes, typ: str, key: Key, /, *,
    twin: bool = False, write: Writer = compact, **header: Any,
) -> str:  # fmt: skip
    """A compact JWS (RFC 7515). `header` overrides members; None leaves one out."""
    protected = {"alg": "ES256", "typ": typ, "kid": key.kid} | header
    protected = {name: one for name, one in protected.items() if one is not None}
    signed = f"{b64(write(protected))}.{b64(payload)}"
    return f"{signed}.{key.es256(signed.encode(), twin=twin)}"


def _point(public: dict[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(unb64(public[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def read(token: str) -> tuple[dict[str, Any], bytes]:
    """Header and payload of a JWS, which is not verified. Raises Bad."""
    pieces = token.split(".") if isinstance(token, str) else []
    if len(pieces) != 3:
        raise Bad("a token that does not have three pieces")
    return _header(pieces[0]), unb64(pieces[1])


def _header(text: str) -> dict[str, Any]:
    try:
        header = json.loads(unb64(text))
    except (ValueError, RecursionError):
        raise Bad("a token whose header is no JSON") from None
    if not isinstance(header, dict):
        raise Bad("a token whose header is no object")
    return header


def verify(token: str, typ: str, keys: dict[str, dict[str, str]]) -> bytes:
    """The payload, once one of the public keys, by their kid, verifies it. Raises Bad."""
    header, payload = read(token)
    if set(header) != {"alg", "typ", "kid"}:
        raise Bad(f"a header with {spelled(sorted(header))} in place of alg, kid, typ")
    if (header["alg"], header["typ"]) != ("ES256", typ):
        came = f"alg {spelled(header['alg'])} and typ {spelled(header['typ'])}"
        raise Bad(f"{came} in place of ES256 and {typ}")
    if not isinstance(header["kid"], str) or header["kid"] not in keys:
        raise Bad("a key that is not one of the target's")
    signed, _, signature = token.rpartition(".")
    raw = unb64(signature)
    if len(raw) != 64:
        raise Bad(f"a signature of {len(raw)} bytes in place of 64")
    r, s = (int.from_bytes(raw[n : n + 32], "big") for n in (0, 32))
    try:
        _point(keys[header["kid"]]).verify(
            encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        raise Bad("a signature that does not verify") from None
    return payload


def _agreed(shared: bytes, header: dict[str, Any]) -> bytes:
    """The content key (RFC 7518, 4.6.2): one SHA-256 is as long as it."""

    def counted(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    parties = b"".join(counted(unb64(header[name])) for name in ("apu", "apv"))
    said = counted(header["enc"].encode()) + parties + (256).to_bytes(4, "big")
    return hashlib.sha256((1).to_bytes(4, "big") + shared + said).digest()


def seal(
    padded: bytes, to: dict[str, str], sender: str, recipient: str, *,
    write: Writer = compact, encode: Callable[[bytes], str] = b64, **header: Any,
) -> str:  # fmt: skip
    """A compact JWE (RFC 7516) with direct ECDH-ES and A256GCM. `header` overrides members; what
    it gives as `epk` is added to the ephemeral key's own. `write` and `encode` make it a text.
    """
    ephemeral = Key.new()
    if "epk" in header:
        header["epk"] = ephemeral.public | header["epk"]
    protected = {
        "alg": "ECDH-ES", "enc": "A256GCM", "typ": "onward-sealed+jwe",
        "kid": sha256(compact({name: to[name] for name in ("crv", "kty", "x", "y")})),
        "apu": b64(sender.encode()), "apv": b64(recipient.encode()), "epk": ephemeral.public,
    } | header  # fmt: skip
    key = _agreed(ephemeral.private.exchange(ec.ECDH(), _point(to)), protected)
    bound, nonce = encode(write(protected)), os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, padded, bound.encode())
    return f"{bound}..{b64(nonce)}.{b64(sealed[:-16])}.{b64(sealed[-16:])}"


def unseal(token: str, key: Key) -> bytes:
    """The padded content. Raises Bad."""
    pieces = token.split(".")
    if len(pieces) != 5 or pieces[1]:
        raise Bad("a sealed text that is no JWE with direct agreement")
    header = _header(pieces[0])
    nonce, sealed, tag = (unb64(one) for one in pieces[2:])
    try:
        shared = key.private.exchange(ec.ECDH(), _point(header["epk"]))
        content = _agreed(shared, header)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Bad("a sealed text without a point on P-256 and two parties") from None
    try:
        return AESGCM(content).decrypt(nonce, sealed + tag, pieces[0].encode())
    except (InvalidTag, ValueError):
        raise Bad("a sealed text that does not open") from None


def pad(content: bytes, size: int = 0) -> bytes:
    """Length in 4 bytes, content, zeros up to the smallest bucket, or to `size`."""
    least = len(content) + 4
    size = size or next(one for one in BUCKETS if one >= least)
    return (len(content).to_bytes(4, "big") + content).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """The content. Raises Bad where the padding is not as ENV-010 says."""
    length = int.from_bytes(padded[:4], "big")
    content = padded[4 : 4 + length]
    if pad(content) != padded:
        raise Bad("a padding that is not that of the smallest bucket")
    return content
