"""One valid call for each act that is not part of the straight way, and for calls that are no
acts, by the client's names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from onward.v1.agreements_pb2 import SignedAgreement
from onward.v1.categories_pb2 import CaseRecord, OfferRecord
from onward.v1.entry_pb2 import Item, Milestone, Question

ID = "referral-0001"
ITEM = Item(number=1, wish="now")
DIGEST = "d" * 43

HOLDS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "place_hold": (
        (ID,),
        {
            "authority": "court",
            "country": "IN",
            "evidence": DIGEST,
            "until": datetime(2030, 1, 1, tzinfo=UTC),
        },
    ),
    "lift_hold": (("hold-0001",), {}),
    "list_holds": ((), {}),
}

ROAD: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "amend": ((ID,), {"record": OfferRecord(), "items": [ITEM]}),
    "answer": ((ID,), {"answers": DIGEST}),
    "remind": ((ID,), {}),
    "cancel": ((ID, "sent_twice"), {}),
    "expire": ((ID,), {}),
    "reopen": ((ID, [ITEM]), {"record": OfferRecord()}),
    "recall": ((ID,), {}),
    "invalidate": ((ID,), {}),
    "clarify": ((ID, Question(codes=["arrival"])), {}),
    "confirm_cancel": ((ID,), {}),
    "pause": ((ID, "childcare"), {}),
    "resume": ((ID,), {}),
    "propose_forward": ((ID, "c.example"), {}),
    "choice": ((ID, [ITEM]), {}),
    "correct": ((ID,), {"corrects": [DIGEST]}),
    "milestone": ((ID, Milestone(code="travel_plan", state="requested")), {}),
    "alert": ((ID, "missing"), {}),
    "complaint": ((ID, "poor_quality"), {}),
    "list_suspected": ((), {}),
    "confirm_withdrawal": ((ID, DIGEST), {}),
    "list_disclosures": (("subject-0001",), {}),
}

CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "list_agreements": ((), {"agency": "b.example"}),
    "add_agreement": ((SignedAgreement(payload="e30"),), {}),
    "end_agreement": (("agreement-0001",), {}),
}
"""Calls that are no acts."""

CONSENTS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "list_consent_versions": (("consent-0001",), {}),
    "find_consents": (("1018 0305 4649",), {}),
    "explain": ((), {"destination": "b.example", "consent_id": "consent-0001"}),
    "show_preview": (
        (),
        {
            "consent_id": "consent-0001", "destination": "b.example", "record": CaseRecord(),
            "form": "text", "language": "bn",
        },
    ),
    "get_shown_preview": (("preview-0001",), {}),
    "check_understanding": ((ID,), {"feedback": "nothing", "categories": ["name"]}),
}  # fmt: skip
