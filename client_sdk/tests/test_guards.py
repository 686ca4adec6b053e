"""Conditions of acts beyond their phase: what each refuses, and with which reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from builders import AGENCIES, DAY, NOW, digest, items, wish, wishes
from onward.core import choices, guards, spec
from onward.core.clock import stamp
from onward.core.states import ItemStatus, Side
from onward.core.transitions import refusal
from onward.v1.entry_pb2 import Certificate, Item, Question, Withdrawal
from table_acts import GONE, NEEDS, PART, SOON, act, state

# Where, which act, its content, and why it is refused. The author is right in each.
TWICE = [*wishes("now"), *wishes("now")]
GUARDS: list[tuple[str, str, dict[str, Any], str]] = [
    ("", "offer", {"items": []}, "ITEM_UNKNOWN"),
    ("", "offer", {"items": wishes("never")}, "WISH_FORBIDS"),
    ("", "offer", {"items": wishes("")}, "WISH_FORBIDS"),
    ("", "offer", {"items": TWICE}, "ITEM_UNKNOWN"),
    ("", "offer", {"items": [Item(number=1, wish="now", state="accepted")]}, "ITEM_UNKNOWN"),
    ("", "offer", {"items": [wish(1, "now", "2027-01-01")]}, "ITEM_UNKNOWN"),
    ("", "offer", {"items": [wish(1, "later", "2027-01-01")]}, ""),
    ("", "offer", {"items": [Item(number=1, wish="now", together_with=2)]}, "ITEM_UNKNOWN"),
    ("", "offer", {"items": [Item(number=1, wish="now", together_with=1)]}, "ITEM_UNKNOWN"),
    ("offered", "amend", {"items": wishes("now")}, "ITEM_UNKNOWN"),
    ("offered", "amend", {"items": [wish(3, "never")]}, "WISH_FORBIDS"),
    ("offered", "amend", {"items": [Item(number=3, wish="now", together_with=1)]}, ""),
    ("offered", "amend", {"items": [Item(number=3, wish="now", together_with=4)]}, "ITEM_UNKNOWN"),
    ("offered", "amend", {"items": []}, ""),
    ("declined", "reopen", {"items": []}, "ITEM_UNKNOWN"),
    ("declined", "reopen", {"items": wishes("never")}, "WISH_FORBIDS"),
    ("declined", "reopen", {"items": TWICE}, "ITEM_UNKNOWN"),
    ("declined", "reopen", {"items": [wish(3, "now")]}, ""),
    ("accepted", "answer", {"answers": GONE}, "STATE_CONFLICT"),
    ("accepted", "clarify", {"question": Question(items=[7])}, "ITEM_UNKNOWN"),
    ("accepted", "clarify", {"question": Question()}, ""),
    ("acknowledged", "decide", {"items": []}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": [Item(number=3, state="accepted")]}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": items("in_delivery")}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": items("accepted", wish="later")}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": items("declined_by_agency")}, "REASON_REQUIRED"),
    ("acknowledged", "decide", {"items": items("accepted", why="no_capacity")}, "REASON_REQUIRED"),
    ("accepted", "propose_forward", {"forward_to": AGENCIES["origin"]}, "INVALID_FIELD"),
    ("accepted", "propose_forward", {"forward_to": AGENCIES["destination"]}, "INVALID_FIELD"),
    ("accepted", "propose_forward", {"items": [Item(number=7)]}, "ITEM_UNKNOWN"),
    ("accepted", "propose_forward", {"items": wishes("now")}, "ITEM_UNKNOWN"),
    ("accepted", "propose_forward", {"items": items("unavailable")}, "ITEM_UNKNOWN"),
    ("accepted", "progress", {"items": items("accepted")}, "STATE_CONFLICT"),
    ("accepted", "progress", {"items": items("in_delivery", wish="now")}, "ITEM_UNKNOWN"),
    ("accepted", "progress", {"items": items("completed", why="other")}, "ITEM_UNKNOWN"),
    ("accepted", "progress", {"items": []}, "ITEM_UNKNOWN"),
    ("accepted", "complete", {"grant_id": "grant-00000001"}, "STATE_CONFLICT"),
    ("accepted", "complete", {"items": items("scheduled")}, "STATE_CONFLICT"),
    ("accepted", "opened", {"opened": [PART["d"]]}, "STATE_CONFLICT"),
    ("accepted", "opened", {"opened": [digest("none")]}, "STATE_CONFLICT"),
    ("accepted", "opened", {"opened": []}, "STATE_CONFLICT"),
    ("accepted", "handover", {"confirms": digest("none")}, "STATE_CONFLICT"),
    ("accepted", "withdraw", {"withdrawal": Withdrawal()}, "INVALID_FIELD"),
    ("accepted", "erased", {"certificate": Certificate(withdrawal=GONE[::-1])}, "STATE_CONFLICT"),
    ("accepted", "choice", {"items": []}, "ITEM_UNKNOWN"),
    ("accepted", "choice", {"items": [wish(3, "now")]}, "ITEM_UNKNOWN"),
    ("accepted", "choice", {"items": wishes("maybe")}, "ITEM_UNKNOWN"),
    ("accepted", "choice", {"items": TWICE}, "ITEM_UNKNOWN"),
    ("accepted", "choice", {"items": items("accepted", wish="now")}, "ITEM_UNKNOWN"),
    ("accepted", "choice", {"items": [wish(1, "never", "2027-01-01")]}, "ITEM_UNKNOWN"),
    ("accepted", "choice", {"items": [Item(number=1, wish="now", together_with=2)]},
     "ITEM_UNKNOWN"),
    ("accepted", "choice", {"items": wishes("never")}, ""),
    ("accepted", "correct", {"corrects": [PART["o"]]}, "STATE_CONFLICT"),
    ("accepted", "correct", {"corrects": [digest("none")]}, "STATE_CONFLICT"),
    ("accepted", "correct", {"items": [Item(number=7, state="completed")]}, "ITEM_UNKNOWN"),
    ("accepted", "correct", {"items": items("declined_by_agency")}, "ITEM_UNKNOWN"),
    ("accepted", "correct", {"items": [Item(number=2, state="in_delivery")]}, "STATE_CONFLICT"),
    ("accepted", "correct", {"items": items("completed")}, ""),
    ("accepted", "correct", {"items": items("completed", why="other")}, "ITEM_UNKNOWN"),
]  # fmt: skip


@pytest.mark.parametrize(("stands", "kind", "fields", "expected"), GUARDS)
def test_guard(stands: str, kind: str, fields: dict[str, Any], expected: str) -> None:
    side: Side = "origin" if spec.acts()[kind].author == "AUTHOR_ORIGIN" else "destination"
    at = state(stands, **NEEDS.get(kind, {}))
    assert refusal(at, act(kind, side, **{"forward_to": "c.example"} | fields)) == expected


def test_origin_corrects_its_parts_and_no_item() -> None:
    assert refusal(state("active"), act("correct", "origin", corrects=[PART["o"]])) == ""
    one = act("correct", "origin", items=items("completed"))
    assert refusal(state("active"), one) == "ITEM_UNKNOWN"


def test_nothing_expires_before_the_time_that_was_given() -> None:
    at = state("offered", respond_by=SOON)
    for late, expected in ((-1, "STATE_CONFLICT"), (0, ""), (1, "")):
        moment = stamp(NOW + DAY + timedelta(seconds=late))
        assert refusal(at, act("expire", "origin", time=moment)) == expected


# Of an item in this state of delivery that the person wants so: which steps may be reported.
TODAY = NOW.date().isoformat()
PLANS: list[tuple[ItemStatus, str, str]] = [
    (ItemStatus("now", "accepted"), "offered scheduled in_delivery", ""),
    (ItemStatus("now", "accepted", asks=3), "", "CHOICE_NEEDED"),
    (ItemStatus("undecided", "accepted"), "offered", "CHOICE_NEEDED"),
    (ItemStatus("later", "accepted"), "", "WISH_FORBIDS"),
    (ItemStatus("later", "accepted", not_before="2026-11-22"), "", "WISH_FORBIDS"),
    (ItemStatus("later", "accepted", not_before=TODAY), "offered scheduled in_delivery", ""),
    (ItemStatus("later", "accepted", not_before="2026-12"), "", "WISH_FORBIDS"),
    (ItemStatus("later", "accepted", not_before="2026-11"), "offered scheduled in_delivery", ""),
    (ItemStatus("later", "in_delivery"), "paused", ""),
    (ItemStatus("later", "scheduled"), "no_show", "WISH_FORBIDS"),
    (ItemStatus("never", "offered"), "declined_by_survivor", "WISH_FORBIDS"),
    (ItemStatus("now", "in_delivery", asks=3), "paused", ""),
    (ItemStatus("now", "paused", asks=3), "", "CHOICE_NEEDED"),
    (ItemStatus("now", "requested"), "", "STATE_CONFLICT"),
    (ItemStatus("now", "unavailable"), "", "STATE_CONFLICT"),
]


@pytest.mark.parametrize(("item", "allowed", "why"), PLANS)
def test_steps_follow_the_person(item: ItemStatus, allowed: str, why: str) -> None:
    at = state("accepted", items={1: item})
    found = {
        step: refusal(at, act("progress", "destination", items=items(step)))
        for step in sorted(guards.DELIVERIES)
    }
    begun = item.delivery not in ("requested", "unavailable")
    ends = choices.DONE if begun else frozenset()
    assert {step for step, why_ in found.items() if not why_} == ends | set(allowed.split())
    assert set(found.values()) <= {"", "STATE_CONFLICT", why}
    assert why in found.values()
