"""One valid call for each of the services Bases and BreakGlass, by the client's names."""

from __future__ import annotations

from typing import Any

from onward.v1.bases_pb2 import OtherBasis

BASIS = OtherBasis(
    subject_id="subject-0001", subject_kind="survivor", age_class="adult", basis="vital_interest",
    reason="unconscious", recipient="b.example", purpose="service_delivery", categories=["name"],
    hours=24, retention_days=30, tell_by="2026-12-01",
)  # fmt: skip
ID = "approval-0001"

BASES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "propose_basis": ((BASIS,), {}),
    "approve_basis": ((ID,), {"refuse": True}),
    "review_basis": ((ID, "justified"), {}),
    "tell_person": ((ID,), {"not_told": "would_endanger"}),
    "get_basis": ((ID,), {}),
    "count_bases": ((), {"since": "2026-01"}),
    "request_break_glass": (
        ("referral-0001",),
        {"reason": "danger_to_life", "categories": ["name"]},
    ),
    "approve_break_glass": ((ID,), {}),
    "get_break_glass": ((ID,), {}),
    "open_break_glass": ((ID,), {}),
    "review_break_glass": ((ID, "justified"), {}),
}
