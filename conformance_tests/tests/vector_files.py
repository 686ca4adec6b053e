"""What the makers of vectors share: names, moments, and writing a case as one file."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any

Case = dict[str, Any]
Cases = dict[str, Case]

ORIGIN = "msw.gov.bd.example"
DESTINATION = "shelter.np.example"
REFERRAL = "ref-00000001"
NOW = "2026-11-21T10:00:00Z"


def text(case: Case) -> str:
    """A case as it stands in its file."""
    return json.dumps(case, indent=1, ensure_ascii=False) + "\n"


def compact(value: Any) -> str:
    """JSON without white space, as it is hashed and signed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def sha256(data: bytes) -> str:
    """SHA-256 as base64url."""
    return b64(hashlib.sha256(data).digest())


def part_digest(category: str, salt: bytes, content: str) -> str:
    """The digest that binds a part: SHA-256 over domain, category, salt and content."""
    assert len(salt) == 32
    return sha256(b"onward-part\0" + category.encode() + b"\0" + salt + content.encode())


def named(name: str) -> str:
    """A digest that can be read: the name, filled up with A."""
    return name.replace(".", "-").ljust(43, "A")
