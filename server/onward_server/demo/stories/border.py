"""A return: not before the risks are assessed and she has decided, and stopped at the border."""

from __future__ import annotations

from collections.abc import Iterator

from onward.v1.categories_pb2 import CaseRecord, EmergencyRecord
from onward_server.demo.stage.desk import Case
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, step, woman
from onward_server.demo.stage.stage import Stage

TITLE = "A handover that is refused at the border"
ABOUT = (
    "Nodi wants to go home. At the border a man waits whom she knows. She turns back, and that is "
    "a step like the others; a year later she goes."
)


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    shelter, ministry = stage.desks("shelter", "ministry")
    nodi = woman("Nodi Fictitious", band="a21_23", born="2004-01-09")
    asked = nodi.wants(("reception_on_arrival", "now"), ("counselling_professional", "later"))
    consent = shelter.asks(
        nodi, ministry,
        permit=["name", "contact_safe", "return_plan", "safety_risk", "location_current"],
        say="She agrees that her journey home is prepared with the ministry.",
    )  # fmt: skip
    case = shelter.offers(ministry, nodi, consent, asked, "Asks for somebody to receive her.")
    ministry.does(case, "acknowledge", "Farida has seen it.")
    ministry.does(case, "decide", "Yes.", items("accepted", 1, 2))
    shelter.discloses(case, "Who she is, and how to reach her.")
    ministry.reads(case, "Reads it.")
    ministry.does(
        case, "milestone", "She is a citizen: verified.",
        step("identity_verification"),
    )  # fmt: skip
    shelter.cannot(
        "TRAVEL_NOT_READY", "Books the bus, to save time.", "milestone", case,
        step("travel_plan", "in_progress"),
    )  # fmt: skip
    ready_to_go(case, "Risks are assessed with her: low.", "She has decided: home.")
    shelter.does(
        case, "milestone", "Now the journey is planned: by road, with Asha.",
        step("travel_plan"), record=plan("case_worker"),
    )  # fmt: skip
    ministry.reads(case, "Reads when and where she comes.")

    stage.life(nodi, "At the border post stands the man who once drove her the other way.")
    danger = EmergencyRecord()
    danger.safety_risk.risks.add(kind="trafficker_contact", level="immediate")
    shelter.does(
        case, "alert", "Warns the ministry, ahead of everything else.", "trafficker_contact",
        record=danger,
    )  # fmt: skip
    ministry.waits(case, "alert")
    ministry.does(
        case, "milestone", "Does not take her over here: the handover is refused.",
        step("handover", "refused"),
    )  # fmt: skip
    shelter.does(
        case, "milestone", "She has decided anew: not yet.",
        step("return_decision", decision="not_yet"),
    )  # fmt: skip
    shelter.waits(case, "travel_not_ready")
    shelter.cannot("TRAVEL_NOT_READY", "Signs the handover after all.", "handover", case)
    shelter.does(
        case, "milestone", "The journey is stopped. She sleeps at the shelter.",
        step("travel_plan", "blocked"),
    )  # fmt: skip
    yield 365

    stage.chapter("A year later")
    ready_to_go(case, "Assessed again, with the police post changed.", "Now: home.")
    shelter.does(
        case, "milestone", "Another crossing, by day, with a woman from the peer group.",
        step("travel_plan"), record=plan("peer"),
    )  # fmt: skip
    shelter.does(case, "handover", "Signs: handed over, safe.")
    first = next(e for e in ministry.client.list_entries(case.referral_id)
                 if e.entry.kind == "handover")  # fmt: skip
    ministry.does(case, "handover", "Signs too: she is here.", confirms=first.hash)
    for code, say in (
        ("handover", "Both have signed."),
        ("arrival", "She is received by a woman whom she has spoken with before."),
        ("first_72_hours", "Visited on the second evening: she sleeps."),
        ("feedback_to_host", "Lets the shelter know, as she wished."),
    ):
        ministry.does(case, "milestone", say, step(code))
    ministry.does(case, "follow_up", "The check of the first days.", follow_up="arrival_check_72h")
    ministry.does(
        case, "complete", "Received. Counselling waits until she wants it.",
        items("completed", 1),
    )  # fmt: skip
    shelter.does(case, "close", "Ends the loop.")
    steps = ("identity_verification", "risk_assessment", "travel_plan", "handover", "arrival",
             "first_72_hours", "feedback_to_host")  # fmt: skip
    stage.ends(
        case,
        End(
            "resting", "completed", closed=True, handed_over=True, follow_ups=1,
            items={1: ("now", "completed"), 2: ("later", "accepted")},
            milestones={**dict.fromkeys(steps, "done"), "return_decision": "return"},
            alerts={"trafficker_contact"},
            reads_there={*OFFERED, "name", "contact_safe", "return_plan", "safety_risk"},
        ),
    )  # fmt: skip


def ready_to_go(case: Case, assessed: str, decided: str) -> None:
    """The two steps before which nobody travels."""
    case.origin.does(case, "milestone", assessed, step("risk_assessment"))
    case.origin.does(
        case, "milestone", decided,
        step("return_decision", decision="return"),
    )  # fmt: skip


def plan(escort: str) -> CaseRecord:
    """The plan of the journey."""
    record = CaseRecord()
    journey = record.return_plan
    journey.from_country, journey.to_country = "IN", "BD"
    journey.travel_mode, journey.escort, journey.fit_to_travel = "road", escort, True
    return record
