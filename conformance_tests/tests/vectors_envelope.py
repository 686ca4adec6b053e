"""Cases of envelopes and receipts, byte for byte: opened, or refused with the reason said here."""

from __future__ import annotations

from typing import Any

from vector_files import (
    DESTINATION,
    NOW,
    ORIGIN,
    REFERRAL,
    Case,
    Cases,
    b64,
    compact,
    named,
    part_digest,
    sha256,
)
from vector_jose import digest, jwe, jwk, jws, kid, pad

SALT = bytes(range(32))
AGE = '{"band":"a24_26","ageClass":"adult"}'
PART = {"category": "age_band", "salt": b64(SALT), "content": AGE}
ENTRY = {
    "version": "1.0",
    "referralId": REFERRAL,
    "author": ORIGIN,
    "recipient": DESTINATION,
    "round": 1,
    "seq": 1,
    "seen": {},
    "kind": "offer",
    "time": NOW,
    "grantId": "grant-00000001",
    "parts": [{"category": "age_band", "digest": part_digest("age_band", SALT, AGE)}],
    "items": [{"number": 1, "wish": "now"}],
}
TOKEN = jws(ENTRY, "onward-entry+jws", "origin")
HEADER = {
    "version": "1.0",
    "mid": "mid-000000000001",
    "iss": ORIGIN,
    "aud": DESTINATION,
    "iat": NOW,
    "exp": "2026-12-05T10:00:00Z",
    "environment": "test",
}
# What the destination knows: who may sign for whom, and its own key to open.
KEYS = {
    "signing": {ORIGIN: [jwk("origin")], DESTINATION: [jwk("destination")]},
    "sealing": [jwk("destination seal", secret=True)],
}


def inside(*tokens: str, parts: Any = (PART,)) -> dict[str, Any]:
    """A bundle of these entries."""
    bundle: dict[str, Any] = {"referralId": REFERRAL, "entries": list(tokens or (TOKEN,))}
    return {"bundle": bundle | ({"parts": list(parts)} if parts else {})}


def sealed(content: Any = None, *, padded: bytes | None = None, **header: Any) -> str:
    """The sealed text of an envelope."""
    plain = padded if padded is not None else pad(compact(content or inside()).encode())
    return jwe(plain, "destination seal", ORIGIN, DESTINATION, **header)


def case(
    why: str,
    expect: Any,
    text: str = "",
    *,
    header: dict[str, Any] | None = None,
    token: str = "",
    **jws_args: Any,
) -> Case:
    """An envelope and what becomes of it. A text is the reason of a refusal."""
    text = text or sealed()
    said = HEADER | {"digest": sha256(text.encode())} | (header or {})
    signer = jws_args.pop("signer", "origin")
    token = token or jws(said, jws_args.pop("typ", "onward-envelope+jws"), signer, **jws_args)
    outcome = {"reason": expect} if isinstance(expect, str) else expect
    return {
        "why": why,
        "kind": "envelope",
        "now": NOW,
        "recipient": DESTINATION,
        "environment": "test",
        "keys": KEYS,
        "envelope": {"header": token, "sealed": text},
        "expect": outcome,
    }


def opens(
    tokens: tuple[str, ...] = (TOKEN,),
    parts: tuple[dict[str, str], ...] = (PART,),
    size: int = 3072,
) -> Any:
    """What a good envelope holds."""
    return {
        "mid": HEADER["mid"],
        "paddedSize": size,
        "entries": [digest(token) for token in tokens],
        "parts": [part_digest(p["category"], SALT, p["content"]) for p in parts],
    }


TWIN = jws(ENTRY, "onward-entry+jws", "origin", twin=True)
LONG = {**PART, "content": '{"statements":[{"words":"' + "x" * 5000 + '","language":"ne"}]}'}
GOOD = sealed()
HEAD, _, NONCE, CIPHER, TAG = GOOD.split(".")
EMPTY = compact({}).encode()
RECEIPT = {
    "version": "1.0",
    "mid": HEADER["mid"],
    "header": digest(
        jws(HEADER | {"digest": sha256(GOOD.encode())}, "onward-envelope+jws", "origin")
    ),
    "iss": DESTINATION,
    "aud": ORIGIN,
    "referralId": REFERRAL,
    "heads": {"origin": {"seq": 1, "hash": digest(TOKEN)}, "destination": {}},
    "trustList": 7,
    "time": NOW,
}


def receipt(
    why: str, expect: str, typ: str = "onward-receipt+jws", by: str = "destination", **changed: Any
) -> Case:
    """A receipt for the good envelope, and the reason why it is refused."""
    return {
        "why": why,
        "kind": "receipt",
        "keys": KEYS,
        "envelope": case("", "")["envelope"],
        "receipt": jws(RECEIPT | changed, typ, by),
        "expect": {"reason": expect} if expect else {"header": RECEIPT["header"]},
    }


CASES: Cases = {
    "good": case("An offer with one part.", opens()),
    "larger-bucket": case(
        "More content, the next bucket.",
        opens(parts=(LONG,), size=12288),
        sealed(padded=pad(compact(inside(parts=[LONG])).encode(), 12288)),
    ),
    "entries-only": case("Without parts.", opens(parts=()), sealed(inside(parts=()))),
    "entry-with-the-other-signature": case(
        "ECDSA has two signatures for the same bytes: the entry and its hash are the same.",
        opens(tokens=(TWIN,)) | {"entries": [digest(TOKEN)]},
        sealed(inside(TWIN)),
    ),
    "header-with-the-other-signature": case(
        "The same of the envelope's header: to the receiver it is the same envelope.",
        opens(),
        twin=True,
    ),
    "wrong-recipient": case("For another agency.", "WRONG_RECIPIENT", header={"aud": ORIGIN}),
    "wrong-environment": case("Live to test.", "WRONG_ENVIRONMENT", header={"environment": "live"}),
    "expired": case("Its last moment is now.", "ENVELOPE_EXPIRED", header={"exp": NOW}),
    "from-the-future": case(
        "More than a minute ahead.", "ENVELOPE_EXPIRED", header={"iat": "2026-11-21T10:01:01Z"}
    ),
    "a-minute-ahead": case("Clocks differ.", opens(), header={"iat": "2026-11-21T10:01:00Z"}),
    "other-version": case(
        "A version this node does not speak.", "UNKNOWN_VERSION", header={"version": "2.0"}
    ),
    "unknown-member": case("A member no version has.", "UNKNOWN_FIELD", header={"priority": 1}),
    "signed-by-another": case(
        "Signed with the key of another agency.", "SIGNATURE_INVALID", signer="destination"
    ),
    "typ-of-an-entry": case("Another type of token.", "SIGNATURE_INVALID", typ="onward-entry+jws"),
    "key-in-the-header": case(
        "A stranger's signature with the key to check it by.",
        "SIGNATURE_INVALID",
        token=jws(
            HEADER | {"digest": sha256(GOOD.encode())},
            "onward-envelope+jws",
            "stranger",
            header={"jwk": jwk("stranger")},
        ),
    ),
    "algorithm-none": case(
        "No signature.",
        "SIGNATURE_INVALID",
        token=".".join(
            [
                b64(
                    compact(
                        {"alg": "none", "typ": "onward-envelope+jws", "kid": kid("origin")}
                    ).encode()
                ),
                b64(compact(HEADER | {"digest": sha256(GOOD.encode())}).encode()),
                "AA",
            ]
        ),
    ),
    "sealed-text-of-another": case(
        "The header names other sealed text.", "SEAL_INVALID", header={"digest": named("x")}
    ),
    "sealed-by-another-party": case(
        "Sealed by a third agency and passed on.",
        "SEAL_INVALID",
        sealed(apu=b64(b"other.bd.example")),
    ),
    "sealed-with-an-unknown-member": case(
        "A member of the seal that is not ours.", "SEAL_INVALID", sealed(cty="json")
    ),
    "sealed-text-truncated": case("Half of the text.", "SEAL_INVALID", GOOD[: len(GOOD) // 2]),
    "sealed-tag-cut": case("A shorter tag.", "SEAL_INVALID", GOOD[:-2]),
    "sealed-with-encrypted-key": case(
        "Direct agreement has no encrypted key.",
        "SEAL_INVALID",
        ".".join([HEAD, "AAAA", NONCE, CIPHER, TAG]),
    ),
    "padding-not-zero": case(
        "Something hides in the padding.", "SEAL_INVALID", sealed(padded=pad(EMPTY)[:-1] + b"\1")
    ),
    "no-bucket": case("Padded to no bucket.", "SEAL_INVALID", sealed(padded=pad(EMPTY, 3000))),
    "length-beyond-the-end": case(
        "The length says more than there is.",
        "SEAL_INVALID",
        sealed(padded=(4000).to_bytes(4, "big").ljust(3072, b"\0")),
    ),
    "nothing-inside": case("An empty message.", "INVALID_FIELD", sealed(padded=pad(EMPTY))),
    "receipt": receipt("It answers the envelope.", ""),
    "receipt-for-another-message": receipt("Another mid.", "ENTRY_INVALID", mid="mid-000000000002"),
    "receipt-for-another-header": receipt("Another header.", "ENTRY_INVALID", header=named("x")),
    "receipt-by-the-sender": receipt(
        "The sender receipts its own envelope.", "ENTRY_INVALID", by="origin", iss=ORIGIN
    ),
    "receipt-that-is-an-entry": receipt("Another type.", "SIGNATURE_INVALID", "onward-entry+jws"),
}
