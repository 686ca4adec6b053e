"""Cases of projection: from a case record to its parts, with their exact bytes."""

from __future__ import annotations

from typing import Any

from vector_files import DESTINATION, NOW, Case, Cases, b64, part_digest
from vectors_consent import RECORD

AGE = {"band": "a24_26", "ageClass": "adult"}
NAME = {"firstName": 'Maya "Mimi"', "secondName": "Šrestha ☂ 東"}
WORDS = {"statements": [{"words": "One line.\nAnother\tline.", "language": "ne"}]}
SEX = {"sex": "female"}
NEEDS = {"needs": ["counselling"]}
SALTS = [bytes([number]) * 32 for number in range(8)]


def case(
    why: str,
    record: dict[str, Any],
    expect: list[tuple[str, str]],
    consent: Any = None,
    **asked: Any,
) -> Case:
    """`expect` holds for each part its category and its exact text."""
    said = {
        "recipient": {"agency": DESTINATION, "country": "NP"},
        "purpose": "service_delivery",
        "stage": "disclosure",
        "now": NOW,
    } | asked
    made = [
        {
            "category": category,
            "salt": b64(salt),
            "content": content,
            "digest": part_digest(category, salt, content),
        }
        for salt, (category, content) in zip(SALTS, expect, strict=False)
    ]
    salts = [b64(salt) for salt in SALTS]
    consented = {**RECORD, **(consent or {})}
    return {
        "why": why, "record": record, "consent": consented, **said, "salts": salts, "expect": made
    }  # fmt: skip


CASES: Cases = {
    "permitted-only": case(
        "The permitted categories, in the order of their field numbers, one salt each.",
        {"sex": SEX, "ageBand": AGE, "hiv": NEEDS},
        [
            ("age_band", '{"band":"a24_26","ageClass":"adult"}'),
            ("hiv", '{"needs":["counselling"]}'),
        ],
    ),
    "nothing-permitted": case("A record of which nothing may go.", {"sex": SEX}, []),
    "text-as-it-is": case(
        "Text stands in UTF-8; only quotation mark, backslash and control characters are escaped.",
        {"name": NAME},
        [("name", '{"firstName":"Maya \\"Mimi\\"","secondName":"Šrestha ☂ 東"}')],
    ),
    "before-acceptance": case(
        "An offer holds no direct identifier, whatever the consent permits.",
        {"name": NAME, "ageBand": AGE},
        [("age_band", '{"band":"a24_26","ageClass":"adult"}')],
        stage="offer",
    ),
    "denied-leaves-no-trace": case(
        "Deny beats permit: nothing tells that the category was there.",
        {"name": NAME, "hiv": NEEDS},
        [("hiv", '{"needs":["counselling"]}')],
        {"deny": ["name"]},
    ),
    "free-text-with-all-it-touches": case(
        "Line breaks and tabs in text are escaped the short way.",
        {"survivorOwnWords": WORDS},
        [
            (
                "survivor_own_words",
                '{"statements":[{"words":"One line.\\nAnother\\tline.","language":"ne"}]}',
            )
        ],
        {
            "permit": [
                "survivor_own_words", "identity_document", "immigration_status", "address_exact",
                "location_current", "family_assessment", "do_not_contact",
                "exploitation_detail_narrative", "exploitation_location",
                "criminal_justice_history", "case_proceedings", "physical_health",
                "mental_health", "sexual_reproductive_health", "hiv", "substance_use",
                "self_harm_risk", "safety_risk", "caseworker_notes", "attachments", "pregnancy",
                "exploitation_type", "means_of_control", "recruitment", "return_plan",
            ]
        },
    ),
    "withdrawn": case(
        "A consent that was taken back projects to nothing.",
        {"name": NAME, "ageBand": AGE},
        [],
        {"status": "withdrawn"},
    ),
}  # fmt: skip
