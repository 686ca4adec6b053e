"""The way back: a number that can be spoken in any language, and written on a card.

Thirteen digits: a locator that several agencies share (2), a serial whose last digit says which
question is asked (3), a secret (7), and a check digit (1). See docs/guides/way-back.md and
domain.md R024 to R026.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onward.core import digits, spec
from onward.core.refused import Refused

SIZES = {"locator": 2, "serial": 3, "secret": 7}
"""How many digits each piece has, in their order. The check digit follows."""

SIZE = sum(SIZES.values()) + 1
"""Digits, with the check digit."""

GROUPS = (4, 4, 5)
"""How the digits are written: like the number of a membership."""

CARD = ("Membership card", "No. {number}", "Please keep this number.")
"""What a card says, unless the agency gives other lines: nothing about why one has it."""


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
        return body + str(digits.check(body))

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


def bare(text: str) -> str:
    """What was typed, as thirteen digits: spaces and dashes left out, digits of any script read.

    Raises Refused INVALID_FIELD where that leaves anything but thirteen digits.
    """
    return digits.bare(text, SIZE, "/code")


def parse(text: str) -> WayCode:
    """A way back as it was typed or heard.

    Raises Refused INVALID_FIELD for another number of digits, and where the check digit shows that
    one is wrong or two were swapped.
    """
    found = digits.read(text, SIZE, "/code")
    return WayCode(*digits.grouped(found, SIZES.values()).split())


def shown(code: str) -> str:
    """A way back in groups, for reading aloud. Raises Refused INVALID_FIELD."""
    return digits.grouped(parse(code).digits, GROUPS)


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
