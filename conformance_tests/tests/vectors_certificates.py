"""Cases of certificates: what the further ones of one side may say of one withdrawal.

Every expectation is written by hand.
"""

from __future__ import annotations

from typing import Any

from fold_script import certificate
from vector_files import Case, Cases

CLINIC, LEGAL = "clinic.ngo.in.example", "legal.in.example"
"""Holders further down."""

A, B = "e30.YQ.c2ln", "e30.Yg.c2ln"
"""Entries in which they certify; the rule does not read them."""

MOST = 64
"""So many of one side count for one withdrawal, if what they say is not that less is kept."""


def said(**what: Any) -> Case:
    """One certificate of the same withdrawal."""
    return certificate("o2", **what)


def kept(category: str, law: str = "medical_records", until: str = "2027-01-01") -> Case:
    """Something that is kept, with the law and its end."""
    return {
        "category": category, "law": law, "country": "IN", "until": f"{until}T00:00:00Z"
    }  # fmt: skip


def case(
    why: str, counts: str, *certificates: Case, keeps: tuple[str, ...] = (),
    awaits: tuple[str, ...] = (),
) -> Case:  # fmt: skip
    """`counts` holds for each certificate + or x; the others are what stands after the last."""
    return {
        "why": why,
        "certificates": list(certificates),
        "expect": {
            "counts": [one == "+" for one in counts],
            "kept": sorted(keeps),
            "awaits": sorted(awaits),
            "complete": not keeps and not awaits,
        },
    }


def told(number: int) -> str:
    """One of many entries of others."""
    return f"e30.{number:04}.c2ln"


CASES: Cases = {
    "all-destroyed": case("Everything is destroyed at once.", "+", said()),
    "the-same-again": case("Twice is once.", "+x", said(), said()),
    "kept": case(
        "An order keeps one category, sealed. It stands as kept, and more is to come.",
        "+",
        said(kept=[kept("name", "legal_hold")]),
        keeps=("name",),
    ),
    "kept-then-destroyed": case(
        "The order is lifted, or has ended: a further certificate says so.",
        "++",
        said(kept=[kept("name", "legal_hold")]),
        said(),
    ),
    "kept-by-two-laws": case(
        "Two categories under two laws end one after the other.",
        "+++",
        said(kept=[kept("name", "legal_hold"), kept("physical_health")]),
        said(kept=[kept("physical_health")]),
        said(),
    ),
    "kept-for-longer": case(
        "Another order prolongs it: that alone is nothing to certify.",
        "+x",
        said(kept=[kept("name", "legal_hold")]),
        said(kept=[kept("name", "legal_hold", "2028-01-01")]),
        keeps=("name",),
    ),
    "kept-by-another-law": case(
        "What was kept under one law is not kept under another.",
        "+x",
        said(kept=[kept("name", "legal_hold")]),
        said(kept=[kept("name")]),
        keeps=("name",),
    ),
    "kept-in-another-country": case(
        "Nor by the law of another country.",
        "+x",
        said(kept=[kept("name", "legal_hold")]),
        said(kept=[{**kept("name", "legal_hold"), "country": "BD"}]),
        keeps=("name",),
    ),
    "kept-more": case(
        "What was not kept at first was destroyed: it can't be kept later.",
        "+x",
        said(kept=[kept("name", "legal_hold")]),
        said(kept=[kept("name", "legal_hold"), kept("sex", "legal_hold")]),
        keeps=("name",),
    ),
    "kept-one-for-another": case(
        "One less and another more is not less.",
        "+x",
        said(kept=[kept("name", "legal_hold")]),
        said(kept=[kept("sex", "legal_hold")]),
        keeps=("name",),
    ),
    "kept-again": case(
        "What is gone does not come back.",
        "++x",
        said(kept=[kept("name", "legal_hold")]),
        said(),
        said(kept=[kept("name", "legal_hold")]),
    ),
    "waits": case(
        "A holder further down has not certified yet.", "+", said(awaits=[CLINIC]), awaits=(CLINIC,)
    ),
    "waits-then-told": case(
        "It has certified: its entry goes up as it signed it.",
        "++",
        said(awaits=[CLINIC]),
        said(further=[A]),
    ),
    "waits-for-fewer": case(
        "One of two is waited for no more.",
        "++",
        said(awaits=[CLINIC, LEGAL]),
        said(awaits=[LEGAL]),
        awaits=(LEGAL,),
    ),
    "told-and-waits-on": case(
        "A holder that has certified tells of one behind it: it is waited for from now on.",
        "++",
        said(awaits=[CLINIC]),
        said(awaits=[LEGAL], further=[A]),
        awaits=(LEGAL,),
    ),
    "waits-for-another-of-a-sudden": case(
        "Nobody is waited for whom no other certificate has named.",
        "+x",
        said(awaits=[CLINIC]),
        said(awaits=[LEGAL]),
        awaits=(CLINIC,),
    ),
    "told-twice": case(
        "The same entry of another is told once.",
        "+x",
        said(awaits=[LEGAL], further=[A]),
        said(awaits=[LEGAL], further=[A]),
        awaits=(LEGAL,),
    ),
    "told-one-by-one": case(
        "What did not fit follows; what was told before need not be told again.",
        "++",
        said(awaits=[LEGAL], further=[A]),
        said(further=[B]),
    ),
    "told-with-more-kept": case(
        "News from others does not excuse keeping more.",
        "+x",
        said(awaits=[CLINIC]),
        said(kept=[kept("name", "legal_hold")], further=[A]),
        awaits=(CLINIC,),
    ),
    "too-many": case(
        "After 64 of them only what keeps less counts: what a law keeps always ends.",
        "+" * MOST + "x+",
        said(kept=[kept("name")], awaits=[CLINIC]),
        *(
            said(kept=[kept("name")], awaits=[CLINIC], further=[told(number)])
            for number in range(MOST)
        ),
        said(awaits=[CLINIC]),
        awaits=(CLINIC,),
    ),
}
