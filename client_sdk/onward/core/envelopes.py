"""Envelopes and receipts: the same bytes over every transport (docs/spec.md, section Envelope)."""

from __future__ import annotations

from datetime import datetime

from joserfc.jwk import ECKey

from onward.core import jose
from onward.core.clock import moment, stamp
from onward.core.entries import VERSION
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import Envelope, EnvelopeHeader, Receipt, Sealed

BUCKETS = (3 * 1024, 12 * 1024, 48 * 1024, 188 * 1024)
"""Sizes, in bytes, that the inside of an envelope is padded to."""

LENGTH_BYTES = 4

SKEW_SECONDS = 60
"""How far a clock may run ahead."""


def pad(content: bytes) -> bytes:
    """Length (4 bytes, big endian), content, and zeros up to the next bucket.

    Raises Refused TOO_LARGE if it fits in none.
    """
    framed = len(content).to_bytes(LENGTH_BYTES, "big") + content
    for size in BUCKETS:
        if len(framed) <= size:
            return framed.ljust(size, b"\x00")
    raise Refused("TOO_LARGE")


def unpad(padded: bytes) -> bytes:
    """The content of a padded text. Raises Refused SEAL_INVALID if the layout is another."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    end = LENGTH_BYTES + length
    if len(padded) not in BUCKETS or end > len(padded) or any(padded[end:]):
        raise Refused("SEAL_INVALID")
    return padded[LENGTH_BYTES:end]


def seal(
    content: Sealed,
    *,
    mid: str,
    sender: str,
    recipient: str,
    environment: str,
    signing_key: ECKey,
    sealing_key: ECKey,
    now: datetime,
    expires: datetime,
) -> Envelope:
    """An envelope to one agency. `mid` is 128 random bits; `sealing_key` is the recipient's."""
    sealed = jose.seal(pad(to_json(content)), sealing_key, sender, recipient)
    header = EnvelopeHeader(
        version=VERSION,
        mid=mid,
        iss=sender,
        aud=recipient,
        iat=stamp(now),
        exp=stamp(expires),
        environment=environment,
        digest=jose.sha256(sealed.encode("ascii")),
    )
    return Envelope(header=jose.sign(to_json(header), jose.ENVELOPE, signing_key), sealed=sealed)


def peek(envelope: Envelope) -> EnvelopeHeader:
    """The header, not yet verified: only to learn who says to have sent it."""
    return parse(EnvelopeHeader, jose.peek(envelope.header))


def verify(
    envelope: Envelope, find: jose.KeyFinder, *, recipient: str, environment: str, now: datetime
) -> EnvelopeHeader:
    """The verified header. Opens nothing. Raises Refused with the first thing that is wrong."""
    if len(envelope.header) + len(envelope.sealed) > jose.MAX_ENVELOPE:
        raise Refused("TOO_LARGE")
    if not envelope.sealed.isascii():
        raise Refused("SEAL_INVALID")
    verified = jose.verify(envelope.header, jose.ENVELOPE, find)
    header = parse(EnvelopeHeader, verified.payload)
    if header.version != VERSION:
        raise Refused("UNKNOWN_VERSION", "/version")
    if header.aud != recipient:
        raise Refused("WRONG_RECIPIENT")
    if header.environment != environment:
        raise Refused("WRONG_ENVIRONMENT")
    early = (moment(header.iat) - now).total_seconds() > SKEW_SECONDS
    if early or moment(header.exp) <= now:
        raise Refused("ENVELOPE_EXPIRED")
    if header.digest != jose.sha256(envelope.sealed.encode("ascii")):
        raise Refused("SEAL_INVALID")
    return header


def unseal(envelope: Envelope, header: EnvelopeHeader, find: jose.KeyFinder) -> Sealed:
    """The inside of a verified envelope. Raises Refused."""
    text = unpad(jose.unseal(envelope.sealed, find, header.iss, header.aud))
    content = parse(Sealed, text)
    if content.WhichOneof("content") is None:
        raise Refused("INVALID_FIELD")
    return content


def sign_receipt(receipt: Receipt, key: ECKey) -> str:
    """The receipt as its JWS."""
    return jose.sign(to_json(receipt), jose.RECEIPT, key)


def read_receipt(token: str, find: jose.KeyFinder) -> Receipt:
    """The receipt in a JWS. Raises Refused."""
    receipt = parse(Receipt, jose.verify(token, jose.RECEIPT, find).payload)
    if receipt.version != VERSION:
        raise Refused("UNKNOWN_VERSION", "/version")
    return receipt


def check_receipt(
    receipt: Receipt, header_token: str, header: EnvelopeHeader, *, knock: bool = False
) -> None:
    """Whether the receipt answers this envelope. Raises Refused ENTRY_INVALID.

    One for a bundle names the referral and both heads, one for a `knock` neither.
    """
    whole = bool(receipt.referral_id) and receipt.HasField("heads")
    bare = not receipt.referral_id and not receipt.HasField("heads")
    answers = (bare if knock else whole) and (
        receipt.mid == header.mid
        and receipt.header == jose.digest(header_token)
        and receipt.iss == header.aud
        and receipt.aud == header.iss
    )
    if not answers:
        raise Refused("ENTRY_INVALID")
