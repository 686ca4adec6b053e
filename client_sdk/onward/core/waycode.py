"""The way back: a number that can be spoken in any language, and written on a card.

Thirteen digits: a locator that several agencies share (2), a serial whose last digit says which
question is asked (3), a secret (7), and a check digit (1). See docs/guides/way-back.md and
domain.md R024 to R026.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from onward.core import spec
from onward.core.refused import Refused

SIZES = {"locator": 2, "serial": 3, "secret": 7}
"""How many digits each piece has, in their order. The check digit follows."""

RULE = f"{sum(SIZES.values()) + 1} digits, of which the last checks the others"

GROUPS = (4, 4, 5)
"""How the digits are written: like the number of a membership."""

CARD = ("Membership card", "No. {number}", "Please keep this number.")
"""What a card says, unless the agency gives other lines: nothing about why one has it."""

# An anti-symmetric quasigroup of order 10 (H. M. Damm, 2004): it finds every wrong digit, and
# every two neighbours that were swapped. The check digit is the row that the digits before it
# lead to; a whole code leads to 0.
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip

_SEPARATORS = frozenset({"Zs", "Pd", "Cf"})


@dataclass(frozen=True)
class WayCode:
    """The pieces of a way back."""

    locator: str
    serial: str
    secret: str

    @property
    def digits(self) -> str:
        """All digits, with the check digit."""
        body = self.locator + self.serial + self.secret
        return body + str(_check(body))

    @property
    def question(self) -> str:
        """The code (of standing_question) of what the person is to be asked."""
        return questions()[int(self.serial[-1])]


def questions() -> list[str]:
    """The codes that the last digit of a serial stands for, from 0."""
    return list(spec.registries()["standing_question"].codes)


def make(locator: str, question: str, entropy: bytes) -> WayCode:
    """A new way back. `entropy` is at least 16 random bytes; `question` of standing_question.

    Raises Refused UNKNOWN_CODE for another question, INVALID_FIELD for another locator.
    """
    known = questions()
    if question not in known:
        raise Refused("UNKNOWN_CODE", "/question")
    if not re.fullmatch("[0-9]{2}", locator) or len(entropy) < 16:
        raise Refused("INVALID_FIELD", "/locator")
    number = int.from_bytes(entropy, "big")
    secret = f"{number % 10**7:07}"
    # What shelf of the agency's offers it stands on: the other agencies see no more than this.
    shelf = f"{number // 10**7 % 100:02}"
    return WayCode(locator, f"{shelf}{known.index(question)}", secret)


def _check(digits: str) -> int:
    row = 0
    for digit in digits:
        row = int(DAMM[row][int(digit)])
    return row


def bare(text: str) -> str:
    """What was typed, as thirteen digits: spaces and dashes left out, digits of any script read.

    Raises Refused INVALID_FIELD where that leaves anything but thirteen digits.
    """
    found = []
    for char in text.strip():
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            found.append(str(digit))
        elif unicodedata.category(char) not in _SEPARATORS and char not in "./\t":
            raise Refused("INVALID_FIELD", "/code", expected=RULE)
    if len(found) != sum(SIZES.values()) + 1:
        raise Refused("INVALID_FIELD", "/code", expected=RULE)
    return "".join(found)


def parse(text: str) -> WayCode:
    """A way back as it was typed or heard.

    Raises Refused INVALID_FIELD for another number of digits, and where the check digit shows that
    one is wrong or two were swapped.
    """
    digits = bare(text)
    if _check(digits) != 0:
        raise Refused("INVALID_FIELD", "/code", expected=RULE)
    pieces, start = [], 0
    for size in SIZES.values():
        pieces.append(digits[start : start + size])
        start += size
    return WayCode(*pieces)


def shown(code: str) -> str:
    """A way back in groups, for reading aloud. Raises Refused INVALID_FIELD."""
    digits = parse(code).digits
    groups, start = [], 0
    for size in GROUPS:
        groups.append(digits[start : start + size])
        start += size
    return " ".join(groups)


def card(code: str, lines: Sequence[str] = CARD) -> list[str]:
    """The lines of a card. `{number}` in a line becomes the way back.

    Give lines in the person's own language, and nothing in them that tells what the agency does:
    whoever finds the card must learn nothing. Neither the question nor the answer stands on it.
    Raises Refused INVALID_FIELD for a code that can't be one, ValueError if no line holds it.
    """
    number = shown(code)
    written = [line.replace("{number}", number) for line in lines]
    if not any(number in line for line in written):
        raise ValueError("a card without its number: write {number} in one of the lines")
    return written
