"""Texts that are written wrongly on purpose, so that only a strict reader sees it."""

from __future__ import annotations

import re
import string
from typing import Any

from onward_conformance.jose import Writer, b64, compact

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
"""Of base64url, in the order of what its letters mean."""


def twice(name: str, *, escaped: bool = False) -> Writer:
    """Writes JSON in which the first member of this name stands twice. Both say the same, and an
    `escaped` one is not found by who looks for its name in the text.
    """
    other = f"\\u{ord(name[0]):04x}{name[1:]}" if escaped else name

    def write(value: Any) -> bytes:
        text, times = re.subn(
            rf'"{name}":("[^"]*"|\d+)', lambda one: f'{one[0]},"{other}":{one[1]}',
            compact(value).decode(), count=1,
        )  # fmt: skip
        assert times
        return text.encode()

    return write


def strayed(data: bytes) -> str:
    """Base64url whose last letter has bits that mean nothing, and that are not all zero."""
    text = b64(data)
    assert len(text) % 4
    return text[:-1] + ALPHABET[ALPHABET.index(text[-1]) + 1]


def padded(data: bytes) -> str:
    """Base64url with the padding that ordinary base64 has."""
    text = b64(data)
    assert len(text) % 4
    return text + "=" * (-len(text) % 4)
