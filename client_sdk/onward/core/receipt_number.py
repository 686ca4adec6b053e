"""The number of a receipt: twelve digits that a person can read out over the telephone.

A consent has one number, in all of its versions, so that old paper still finds it. It is made of
the consent's id with a secret of the node: who has a copy of the database and finds the paper can't
tell whose it is (docs/spec.md, section Consent).
"""

from __future__ import annotations

import hmac

from onward.core import digits

SIZE = 12
"""Digits, with the check digit."""

GROUPS = (4, 4, 4)
"""How they are written."""


def make(secret: bytes, consent_id: str) -> str:
    """The number of a consent. `secret` is the node's, the same for all of its consents."""
    found = hmac.digest(secret, consent_id.encode(), "sha256")
    body = f"{int.from_bytes(found, 'big') % 10 ** (SIZE - 1):0{SIZE - 1}}"
    return f"{body}{digits.check(body)}"


def parse(text: str) -> str:
    """A number as it was typed or heard, in digits of any script, without spaces. What stands on
    the paper before its first digit, such as "No.", is left out.

    Raises Refused INVALID_FIELD for another number of digits, and where the check digit shows that
    one is wrong or two were swapped.
    """
    first = next((n for n, char in enumerate(text) if char.isdecimal()), 0)
    return digits.read(text[first:], SIZE, "/receiptNumber")


def shown(receipt_id: str) -> str:
    """The number in groups; a reference of another form as it is."""
    if len(receipt_id) == SIZE and receipt_id.isdecimal():
        return digits.grouped(receipt_id, GROUPS)
    return receipt_id
