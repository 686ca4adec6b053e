"""Free text in what is told: its length in characters, and which characters it may hold."""

from __future__ import annotations

import json

from onward.v1 import options_pb2
from onward_conformance.check import Bench, check
from onward_conformance.network import Json
from onward_conformance.referral import part
from onward_conformance.results import Failed
from onward_conformance.road import accepted, give
from onward_conformance.shape import message, option

LONGEST: int = option(message("Name").fields_by_name["first_name"], options_pb2.field).text
"""Characters that a first name may have."""


def _told(bench: Bench, category: str, *contents: Json) -> list[list[str]]:
    """Why the target refuses a part with each of these, disclosed one after the other."""
    referral = accepted(bench)
    found = []
    for one in contents:
        grant = referral.grant([category])
        parts = [part("grant", grant), part(category, one)]
        said = give(bench, referral, "disclose", parts, grantId=grant["grantId"])
        found.append([each["reason"] for each in said.get("refused", [])])
    return found


@check("JSON-018", negative=True)
def text_that_its_field_does_not_allow(bench: Bench) -> None:
    """Empty, one character too long, and with control characters: the part is refused."""
    texts = ("", "a" * (LONGEST + 1), "a\x1bb", "a\x00b", "a\rb")
    found = _told(bench, "name", *({"firstName": one} for one in texts))
    for text, reasons in zip(texts, found, strict=True):
        if reasons != ["invalid"]:
            raise Failed(f"{json.dumps(text[:5])} of {len(text)} refused as invalid", reasons)


@check("JSON-018")
def text_that_its_field_just_allows(bench: Bench) -> None:
    """As long as it may be, in characters that take four bytes each; tabs and line feeds."""
    (found,) = _told(bench, "name", {"firstName": "\U00010900" * LONGEST})
    (more,) = _told(bench, "caseworker_notes", {"language": "en", "handover": "a\tb\nc"})
    if found or more:
        raise Failed("both texts to be taken", found + more)
