"""Signing and sealing for vectors, written from the RFCs and apart from the code under test.

Keys, nonces and signatures are derived from names, so that a vector is made again byte for byte.
That is right for test data, and for nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from vector_files import b64, compact, sha256

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the group of P-256."""


def private(name: str) -> ec.EllipticCurvePrivateKey:
    """The key of this name."""
    number = int.from_bytes(hashlib.sha256(f"vector key {name}".encode()).digest(), "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, ec.SECP256R1())


def jwk(name: str, *, secret: bool = False) -> dict[str, str]:
    """The key as a JWK (RFC 7517), without a kid."""
    key = private(name)
    point = key.public_key().public_numbers()
    result = {"kty": "EC", "crv": "P-256"}
    result |= {"x": b64(point.x.to_bytes(32, "big")), "y": b64(point.y.to_bytes(32, "big"))}
    if secret:
        result["d"] = b64(key.private_numbers().private_value.to_bytes(32, "big"))
    return result


def kid(name: str) -> str:
    """The key's thumbprint (RFC 7638): SHA-256 over its members in the order of their names."""
    members = jwk(name)
    return sha256(compact({one: members[one] for one in ("crv", "kty", "x", "y")}).encode())


def es256(name: str, signed: str, *, twin: bool = False) -> str:
    """An ES256 signature (RFC 7518, 3.4). `twin` is the other one for the same bytes: n - s."""
    scheme = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(private(name).sign(signed.encode(), scheme))
    s = ORDER - s if twin else s
    return b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def jws(
    payload: Any, typ: str, name: str, *, header: dict[str, Any] | None = None, twin: bool = False
) -> str:
    """A compact JWS (RFC 7515)."""
    protected = {"alg": "ES256", "typ": typ, "kid": kid(name)} | (header or {})
    body = payload if isinstance(payload, bytes) else compact(payload).encode()
    signed = f"{b64(compact(protected).encode())}.{b64(body)}"
    return f"{signed}.{es256(name, signed, twin=twin)}"


def digest(token: str) -> str:
    """The hash that names a signed token: over its signing input, without the signature."""
    return sha256(token.rpartition(".")[0].encode())


def _concat_kdf(shared: bytes, header: dict[str, Any], bits: int) -> bytes:
    """RFC 7518, 4.6.2, for a key as long as one SHA-256."""

    def counted(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    said = [header["apu"], header["apv"]]
    parties = b"".join(counted(_unb64(one)) for one in said)
    info = counted(header["enc"].encode()) + parties + bits.to_bytes(4, "big")
    return hashlib.sha256((1).to_bytes(4, "big") + shared + info).digest()[: bits // 8]


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def jwe(plain: bytes, to: str, sender: str, recipient: str, **header: Any) -> str:
    """A compact JWE (RFC 7516) with direct ECDH-ES and A256GCM."""
    ephemeral = "ephemeral " + to
    protected = {
        "alg": "ECDH-ES",
        "enc": "A256GCM",
        "typ": "onward-sealed+jwe",
        "kid": kid(to),
        "apu": b64(sender.encode()),
        "apv": b64(recipient.encode()),
        "epk": jwk(ephemeral),
    } | header
    shared = private(ephemeral).exchange(ec.ECDH(), private(to).public_key())
    key = _concat_kdf(shared, protected, 256)
    aad = b64(compact(protected).encode())
    nonce = hashlib.sha256(plain).digest()[:12]
    sealed = AESGCM(key).encrypt(nonce, plain, aad.encode())
    return f"{aad}..{b64(nonce)}.{b64(sealed[:-16])}.{b64(sealed[-16:])}"


def pad(content: bytes, size: int = 3072) -> bytes:
    """Length in 4 bytes, content, zeros up to the bucket."""
    return (len(content).to_bytes(4, "big") + content).ljust(size, b"\0")
