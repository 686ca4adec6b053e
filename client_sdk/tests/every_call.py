"""One valid call for each method of the client, by its name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from client_node import ID
from every_basis_call import BASES
from onward.core import spec
from onward.v1.agreements_pb2 import SignedAgreement
from onward.v1.categories_pb2 import CaseRecord, OfferRecord
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item, Milestone, Question
from onward.v1.knocks_pb2 import ComplaintNotice, SelfReferral

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


def consent() -> ConsentRecord:
    result = ConsentRecord(
        subject_id="subject-0001",
        subject_kind="survivor",
        age_class="adult",
        status="given",
        onward_sharing="none",
        feedback="none",
        retention_days=30,
        given_by="person",
        method="verbal",
        notice_language="bn",
        notice_form="read_aloud",
    )
    for moment in (result.valid_from, result.valid_until, result.given_at):
        moment.FromSeconds(1_800_000_000)
    for field in spec.messages()["onward.v1.ConsentRecord"].fields:
        codes = spec.rule(field).codes
        if codes and not spec.repeated(field):
            setattr(result, field.name, spec.registries()[codes].allowed()[0])
    return result


KIND = spec.registries()["follow_up_kind"].allowed()[0]
HELP = SelfReferral(who="self", entry_channel="self", services=["medical_care"], country="BD")
COMPLAINT = ComplaintNotice(agency="b.example", complaint="punishment")

EVERY_CALL: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "offer": (
        (),
        {
            "destination": "b.example",
            "consent_id": "consent-0001",
            "items": [Item(number=1)],
            "record": OfferRecord(),
        },
    ),
    "acknowledge": ((ID,), {}),
    "decide": ((ID, [Item(number=1, state="accepted")]), {}),
    "disclose": ((ID,), {"consent_id": "consent-0001", "record": CaseRecord()}),
    "open": ((ID,), {"parts": ["d" * 43]}),
    "progress": ((ID, [Item(number=1)]), {}),
    "handover": ((ID,), {"confirms": "d" * 43}),
    "follow_up": ((ID,), {"follow_up": KIND, "record": CaseRecord()}),
    "complete": ((ID,), {}),
    "close": ((ID,), {}),
    "withdraw": ((ID,), {"everything": True}),
    "erase": ((ID,), {}),
    "preview": ((), {"destination": "b.example", "record": CaseRecord()}),
    "get_referral": ((ID,), {}),
    "list_referrals": ((), {}),
    "list_entries": ((ID,), {}),
    "export_log": ((ID,), {}),
    "list_needs_human": ((), {}),
    "record_consent": ((consent(),), {}),
    "get_consent": (("consent-0001",), {}),
    "list_agencies": ((), {}),
    "publish_services": (([],), {"expected_seq": 3}),
    "list_services": ((), {"service_type": "work", "country": "IN"}),
    "make_standing_offer": (
        (),
        {"services": ["medical_care"], "question": "fruit", "answer": "mango"},
    ),
    "list_standing_offers": ((), {}),
    "revoke_standing_offer": (("offer-0001",), {}),
    "claim": (("1018 0305 46466",), {"answer": "mango"}),
    "refer_self": (("b.example", HELP), {}),
    "lodge_complaint": ((COMPLAINT,), {}),
    "answer_knock": (("knock-0001",), {"result": "can_help"}),
    "get_knock": (("knock-0001",), {}),
    "list_knocks": ((), {}),
    "list_audit": ((), {"after": 2, "page_size": 2}),
    **HOLDS,
    **ROAD,
    **CALLS,
    **BASES,
    **CONSENTS,
}
