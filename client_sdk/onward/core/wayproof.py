"""Who knows a way back and its answer, shown without saying either.

    stretched = scrypt(secret || 0x00 || answer; locator || serial)      once, slow on purpose
    key       = HMAC-SHA-256(stretched, "key" || 0x00 || agency)         what the agency keeps
    proof     = HMAC-SHA-256(key, "claim" || 0x00 || knock || 0x00 || desk || 0x00 || purpose)
    confirmed = HMAC-SHA-256(key, "confirmed" || 0x00 || knock || 0x00 || desk || 0x00 || purpose)

A claim carries `proof`, the answer that confirms it `confirmed`: so the desk knows that it was
the agency that gave the way back, and not another that would like to meet her.

An agency that did not give the way back, and gets a claim because it has the same locator, could
only try secrets and answers, each at the price of one scrypt (docs/decisions/0011-ways-back.md).
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from onward.core import jose
from onward.core.refused import Refused
from onward.core.waycode import WayCode

COST = {"n": 2**16, "r": 8, "p": 1, "maxmem": 128 * 1024 * 1024}
"""Parameters of scrypt (RFC 7914): 64 MiB and about a fifth of a second for each guess."""


ROUNDS = 3
"""So often is an answer folded: after it, folding once more changes nothing."""


def normal(answer: str) -> str:
    """What counts of an answer: letters, marks and digits of its compatibility form, case folded.

    Raises Refused INVALID_FIELD if that leaves nothing.
    """
    kept = answer
    for _ in range(ROUNDS):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
        # Marks are vowels in many scripts: without them, words of Bengali or Khmer fall together.
        kept = "".join(char for char in folded if unicodedata.category(char)[0] in "LMN")
    if not kept:
        raise Refused("INVALID_FIELD", "/answer")
    return kept


def stretched(code: WayCode, answer: str) -> bytes:
    """The slow half, the same for every agency. Raises Refused INVALID_FIELD for no answer."""
    password = f"{code.secret}\x00{normal(answer)}".encode()
    salt = f"onward way back\x00{code.locator}{code.serial}".encode()
    return hashlib.scrypt(password, salt=salt, dklen=32, **COST)


def key(slow: bytes, agency: str) -> bytes:
    """What the agency that gave a way back keeps of it."""
    return hmac.digest(slow, f"key\x00{agency}".encode(), "sha256")


def proof(kept: bytes, knock_id: str, desk: str, purpose: str) -> str:
    """What a claim carries: good for this knock, desk and purpose only."""
    return _said(kept, "claim", knock_id, desk, purpose)


def confirmed(kept: bytes, knock_id: str, desk: str, purpose: str) -> str:
    """What the answer carries that confirms a claim."""
    return _said(kept, "confirmed", knock_id, desk, purpose)


def _said(kept: bytes, *what: str) -> str:
    return jose.b64(hmac.digest(kept, "\x00".join(what).encode(), "sha256"))


def holds(kept: bytes, given: str, knock_id: str, desk: str, purpose: str) -> bool:
    """Whether a proof is right, in a time that does not tell how nearly."""
    return hmac.compare_digest(proof(kept, knock_id, desk, purpose), given)
