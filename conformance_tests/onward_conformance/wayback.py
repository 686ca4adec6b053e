"""Ways back, and who can prove one: written from docs/spec.md, apart from the code under test."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from onward_conformance.jose import b64

TABLE = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
"""The quasigroup of the check digit."""

ANSWER = "mango"
"""What the person answers: letters that no form of writing changes."""


@dataclass(frozen=True)
class WayBack:
    """One way back, with what the person answers to its question."""

    locator: str
    serial: str
    secret: str
    answer: str = ANSWER

    @classmethod
    def new(cls, locator: str) -> WayBack:
        """A random one, with the first question."""
        number = int.from_bytes(os.urandom(8), "big")
        return cls(locator, f"{number % 100:02}0", f"{number // 100 % 10**7:07}")

    @classmethod
    def read(cls, code: str, answer: str = ANSWER) -> WayBack:
        """The pieces of a code."""
        return cls(code[:2], code[2:5], code[5:12], answer)

    @property
    def code(self) -> str:
        """Its thirteen digits."""
        body, check = self.locator + self.serial + self.secret, 0
        for digit in body:
            check = int(TABLE[check][int(digit)])
        return f"{body}{check}"

    def slow(self) -> bytes:
        """What costs a guess its price."""
        return hashlib.scrypt(
            f"{self.secret}\0{self.answer}".encode(),
            salt=f"onward way back\0{self.locator}{self.serial}".encode(),
            n=65536, r=8, p=1, dklen=32, maxmem=2**27,
        )  # fmt: skip


def proves(slow: bytes, asked: str, word: str, knock_id: str, desk: str, purpose: str) -> str:
    """What shows, with the word `claim` or `confirmed`, that its sender knows the way back."""
    key = hmac.digest(slow, f"key\0{asked}".encode(), "sha256")
    return b64(hmac.digest(key, "\0".join((word, knock_id, desk, purpose)).encode(), "sha256"))
