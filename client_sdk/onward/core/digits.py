"""Numbers that people read aloud and copy by hand: a check digit at their end, groups, and any
script's digits when they come back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from onward.core.refused import Refused

# An anti-symmetric quasigroup of order 10 (H. M. Damm, 2004): it finds every wrong digit, and
# every two neighbours that were swapped. The check digit is the row that the digits before it
# lead to; a whole number leads to 0.
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip

_SEPARATORS = frozenset({"Zs", "Pd", "Cf"})


def check(digits: str) -> int:
    """The check digit of these digits; 0 for a number that ends with the right one."""
    row = 0
    for digit in digits:
        row = int(DAMM[row][int(digit)])
    return row


def rule(count: int) -> str:
    """What is expected of a number of so many digits, in the words of a refusal."""
    return f"{count} digits, of which the last checks the others"


def bare(text: str, count: int, pointer: str) -> str:
    """What was typed, as so many digits: spaces and dashes left out, digits of any script read.

    Raises Refused INVALID_FIELD at `pointer` where that leaves anything else.
    """
    found = []
    for char in text.strip():
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            found.append(str(digit))
        elif unicodedata.category(char) not in _SEPARATORS and char not in "./\t":
            raise Refused("INVALID_FIELD", pointer, expected=rule(count))
    if len(found) != count:
        raise Refused("INVALID_FIELD", pointer, expected=rule(count))
    return "".join(found)


def read(text: str, count: int, pointer: str) -> str:
    """The same, held to its check digit, which shows one that is wrong or two that were swapped.

    Raises Refused INVALID_FIELD.
    """
    digits = bare(text, count, pointer)
    if check(digits) != 0:
        raise Refused("INVALID_FIELD", pointer, expected=rule(count))
    return digits


def grouped(digits: str, groups: Iterable[int]) -> str:
    """The digits in groups of these sizes, for reading aloud."""
    said, start = [], 0
    for size in groups:
        said.append(digits[start : start + size])
        start += size
    return " ".join(said)
