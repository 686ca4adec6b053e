"""Signing and sealing: the one suite of version 1 (docs/spec.md, section Suite).

ES256 signatures and ECDH-ES with A256GCM, both on P-256, through joserfc, with the algorithms
fixed by name. Every token has a `typ` and its verifier checks it, so that a receipt can never
pass for an entry.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from onward.core.refused import Refused

ENTRY = "onward-entry+jws"
ENVELOPE = "onward-envelope+jws"
RECEIPT = "onward-receipt+jws"
REQUEST = "onward-request+jws"
RESYNC = "onward-resync+jws"
TRUST = "onward-trust+jws"
STAMP = "onward-stamp+jws"
SERVICES = "onward-services+jws"
AGREEMENT = "onward-agreement+jws"
CONSENT = "onward-consent+jws"
ACTOR = "onward-actor+jws"
SEALED = "onward-sealed+jwe"

MAX_ENVELOPE = 256 * 1024
"""Largest envelope, header and sealed text together, in bytes."""

MAX_PAYLOAD = 4 * 1024 * 1024
"""Largest signed payload, in bytes of its base64url: that of a trust list with its members."""

KeyFinder = Callable[[str], ECKey | None]
"""Gives the public key of a key id, or None."""


def b64(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def opaque(token: Callable[[int], bytes]) -> str:
    """An id of 128 bits from `token`, which gives so many random bytes as it is asked for.

    It begins with a letter or a digit: command lines take a dash for the beginning of an option.
    """
    while not (made := b64(token(16)))[0].isalnum():
        pass
    return made


def unb64(text: str) -> bytes:
    """Base64url without padding as bytes. Raises ValueError for anything else.

    The text must be the only one for its bytes: no other alphabet, no bits left over.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if b64(data) != text:
        raise ValueError("not base64url as it is written")
    return data


def sha256(data: bytes) -> str:
    """SHA-256 as base64url."""
    return b64(hashlib.sha256(data).digest())


def digest(token: str) -> str:
    """The hash that names a signed token: SHA-256 of its JWS signing input.

    The signature is left out, because an ECDSA signature can be changed by anyone into another
    one that is valid for the same bytes; with it in the hash, a receiver could forge a fork.
    """
    return sha256(token.rpartition(".")[0].encode("ascii"))


@dataclass(frozen=True)
class Verified:
    """What a valid signature covers."""

    payload: bytes
    kid: str
    digest: str


def new_key() -> ECKey:
    """A new P-256 private key with its RFC 7638 thumbprint as key id."""
    key = ECKey.generate_key("P-256", private=True)
    return load_key(dict(key.as_dict(private=True)))


def load_key(data: dict[str, Any]) -> ECKey:
    """A key from its JWK members. The key id is always the thumbprint (RFC 7638)."""
    names = ("kty", "crv", "x", "y", "d")
    members: dict[str, str | list[str]] = {name: data[name] for name in names if name in data}
    if members.get("kty") != "EC" or members.get("crv") != "P-256":
        raise ValueError("only P-256 keys are used")
    key = ECKey.import_key(members)
    key.ensure_kid()
    return key


@lru_cache(maxsize=1024)
def public_key(x: str, y: str) -> ECKey:
    """A public key from its coordinates (base64url)."""
    return load_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})


def kid(key: ECKey) -> str:
    """The key's id: its RFC 7638 thumbprint."""
    return str(key.kid or key.thumbprint())


def sign(payload: bytes, typ: str, key: ECKey) -> str:
    """A compact JWS over the payload, with typ and key id in its header."""
    header = {"alg": "ES256", "typ": typ, "kid": kid(key)}
    return jws.serialize_compact(header, payload, key, registry=_signing())


def _signing() -> jws.JWSRegistry:
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_payload_length = MAX_PAYLOAD
    return registry


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name twice")
    return members


def _header(token: str) -> dict[str, Any]:
    """The protected header of a token. Raises ValueError if readers could take it differently."""
    header = json.loads(unb64(token.partition(".")[0]), object_pairs_hook=_members)
    if not isinstance(header, dict):
        raise ValueError("no object")
    return header


def read_header(token: str) -> dict[str, str]:
    """The header of a token of ours, strictly: alg, typ and kid, each once, nothing else."""
    try:
        header = _header(token)
    except (ValueError, RecursionError):
        raise Refused("SIGNATURE_INVALID") from None
    if set(header) != {"alg", "typ", "kid"} or not all(isinstance(v, str) for v in header.values()):
        raise Refused("SIGNATURE_INVALID")
    return header


def peek(token: str) -> bytes:
    """The payload without verifying it: only to learn whose key to verify with."""
    try:
        return unb64(token.split(".")[1])
    except (ValueError, IndexError):
        raise Refused("SIGNATURE_INVALID") from None


def verify(token: str, typ: str, find: KeyFinder) -> Verified:
    """The payload, if the token is of this type and signed by a key that `find` knows.

    Raises Refused SIGNATURE_INVALID otherwise, whatever is wrong: a caller who forges learns
    nothing more.
    """
    header = read_header(token)
    if header["alg"] != "ES256" or header["typ"] != typ:
        raise Refused("SIGNATURE_INVALID")
    key = find(header["kid"])
    if key is None:
        raise Refused("SIGNATURE_INVALID")
    try:
        checked = jws.deserialize_compact(token, key, registry=_signing())
    except (JoseError, ValueError):
        raise Refused("SIGNATURE_INVALID") from None
    return Verified(checked.payload, header["kid"], digest(token))


def _sealing() -> jwe.JWERegistry:
    # Naming the algorithms also refuses compression, which joserfc would allow (zip bombs, and
    # sizes that tell what is inside).
    registry = jwe.JWERegistry(algorithms=["ECDH-ES", "A256GCM"])
    registry.max_ciphertext_length = MAX_ENVELOPE
    return registry


def seal(plaintext: bytes, key: ECKey, sender: str, recipient: str) -> str:
    """A compact JWE to the recipient's key, with both agencies bound into it (apu, apv)."""
    header = {
        "alg": "ECDH-ES",
        "enc": "A256GCM",
        "typ": SEALED,
        "kid": kid(key),
        "apu": b64(sender.encode()),
        "apv": b64(recipient.encode()),
    }
    return jwe.encrypt_compact(header, plaintext, key, registry=_sealing())


def _is_point(value: Any) -> bool:
    """Whether an ephemeral key is a public one of the suite, and nothing else."""
    if not isinstance(value, dict) or set(value) != {"kty", "crv", "x", "y"}:
        return False
    return (value["kty"], value["crv"]) == ("EC", "P-256")


def unseal(token: str, find: KeyFinder, sender: str, recipient: str) -> bytes:
    """The plaintext of a compact JWE. Raises Refused SEAL_INVALID."""
    expected = {
        "alg": "ECDH-ES",
        "enc": "A256GCM",
        "typ": SEALED,
        "apu": b64(sender.encode()),
        "apv": b64(recipient.encode()),
    }
    try:
        header = _header(token)
        if set(header) != {*expected, "kid", "epk"} or not _is_point(header["epk"]):
            raise Refused("SEAL_INVALID")
        if any(header[name] != value for name, value in expected.items()):
            raise Refused("SEAL_INVALID")
        key = find(str(header["kid"]))
        if key is None:
            raise Refused("SEAL_INVALID")
        opened = jwe.decrypt_compact(token, key, registry=_sealing())
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Refused("SEAL_INVALID") from None
    if opened.plaintext is None:
        raise Refused("SEAL_INVALID")
    return opened.plaintext
