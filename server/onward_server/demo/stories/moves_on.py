"""She migrates again, safely and legally, and stays in contact for two years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onward.v1.categories_pb2 import CaseRecord, Outcomes
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, woman
from onward_server.demo.stage.stage import Stage

TITLE = "Moving on, and staying in touch"
ABOUT = (
    "Hasina wants to work abroad again, and this time legally. That is a plan like any other: "
    "she is helped with it, asked how she is for two years, and never closed for having moved."
)
GOAL = "নিজের টাকায় মাকে একটা ঘর তুলে দেব।"
"""Her goal in her own words: to build her mother a house with her own money."""

LADDER = "Ladder of life, 0 to 10"
YEAR = 365


@dataclass(frozen=True)
class Call:
    """A follow-up: what is told of it, and what she and the group say of her money."""

    day: int
    say: str
    kind: str
    contact: str
    hers: int
    theirs: int
    debt: str
    work: str
    saved: int
    goal: int


CALLS = (
    Call(0, "Before she leaves: papers complete, the debt no longer grows.", "outcome_assessment",
         "reached_ok", 4, 3, "stable", "none", 1, 1),
    Call(YEAR, "She calls from Kuala Lumpur, from her own telephone.", "post_remigration_contact",
         "moved", 6, 6, "falling", "formal", 5, 4),
    Call(2 * YEAR, "No debt, savings, and the walls of the house stand.",
         "post_remigration_contact", "reached_ok", 8, 7, "none", "decent", 8, 8),
)  # fmt: skip
"""Ratings are from 0 to 10: financial health by each rater, her savings, and her own goal."""


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    shelter, migrants = stage.desks("shelter", "migrants")
    hasina = woman("Hasina Placeholder", band="a27_29", born="1998-11-05")
    hopes = hasina.record.aspirations
    hopes.pathways.add(pathway="safe_remigration", country="MY", since=stage.today)
    hopes.goals.add(number=1, own_words=GOAL, language="bn")
    hasina.record.debts.status = "growing"
    hasina.record.debts.debts.add(holder="family", lender_kind="moneylender", from_migration=True)
    hasina.record.savings_income.savings = "none"
    asked = hasina.wants(("legal_migration_advice", "now"), ("pre_departure_orientation", "now"))
    stage.life(hasina, f"“{GOAL}” (“I will build my mother a house from my own money.”)")
    consent = shelter.asks(
        hasina, migrants,
        permit=["name", "contact_safe", "aspirations", "debts", "savings_income"],
        say="She agrees, for three years, and wants the shelter to hear how it goes.",
    )  # fmt: skip
    case = shelter.offers(migrants, hasina, consent, asked, "Asks those who know the way.")
    migrants.does(case, "acknowledge", "Jahanara has seen it.")
    migrants.does(
        case, "decide", "Yes. To want to migrate is no reason to decline: there is no code for it.",
        items("accepted", 1, 2),
    )  # fmt: skip
    shelter.discloses(case, "Her plan and her goal, in her own words.")
    got = migrants.reads(case, "Reads it, and calls her.").aspirations.goals[0]
    stage.check("her goal arrived in her own words, with its language", _hers(got))
    migrants.does(
        case, "progress", "Goes through contract, visa and the labour office's number with her.",
        items("in_delivery", 1, 2),
    )  # fmt: skip
    migrants.does(
        case, "complete", "She knows her rights there, and whom to call.", items("completed", 1, 2)
    )
    for call in CALLS:
        if call.day:
            yield call.day
            stage.chapter("A year later" if call.day == YEAR else "Two years later")
        migrants.does(
            case, "follow_up", call.say, follow_up=call.kind, record=told(call, stage.today)
        )
        came = shelter.reads(case, "Hears how she is.").outcomes
        stage.told(shelter, "Her word and the group's stand side by side.", side_by_side(came))
    stage.ends(
        case,
        End(
            "resting", "completed", follow_ups=3,
            items=dict.fromkeys((1, 2), ("now", "completed")),
            reads_there={*OFFERED, "name", "contact_safe", "aspirations", "debts",
                         "savings_income"},
            reads_here={"outcomes", "service_history"},
        ),
    )  # fmt: skip
    stage.check("after two years her goal still stands in her own words", _hers(came.goals[0]))
    stage.check("never closed for having moved", not shelter.sees(case).closed)


def _hers(goal: object) -> bool:
    words = getattr(goal, "own_words", "")
    return words == GOAL and getattr(goal, "language", "") == "bn"


def told(call: Call, today: str) -> CaseRecord:
    """What a follow-up brought: her word and the group's apart, with instrument, date and base."""
    record = CaseRecord()
    for rater, value in (("survivor", call.hers), ("agency", call.theirs)):
        record.outcomes.ratings.add(
            domain="financial_health", rater=rater, value=value, date=today, instrument=LADDER,
            asked=1, answered=1, debt_status=call.debt, employment=call.work,
        )  # fmt: skip
    record.outcomes.ratings.add(
        domain="financial_health", indicator="can_meet_basic_needs", rater="survivor",
        value=call.saved, date=today, instrument="Her own savings book", asked=1, answered=1,
    )  # fmt: skip
    record.outcomes.goals.add(
        own_words=GOAL, language="bn", number=1, progress=call.goal, date=today
    )
    record.service_history.follow_ups.add(kind=call.kind, date=today, contact_result=call.contact)
    return record


def side_by_side(outcomes: Outcomes) -> list[tuple[str, str]]:
    """The same question, each rater on its own; never one number made of two."""
    asked = [one for one in outcomes.ratings if one.debt_status]
    said = ", ".join(f"{one.rater} {one.value} of 10" for one in asked)
    own = next(one for one in outcomes.ratings if not one.debt_status)
    one = asked[0]
    money = f"{said} ({one.instrument}, {one.date}, {one.answered} of {one.asked} asked)"
    goal = outcomes.goals[0]
    return [
        ("financial health", money),
        ("debt and work", f"debt {one.debt_status}, work {one.employment}; savings: her own "
                          f"{own.value} of 10"),
        ("her goal", f"{goal.progress} of 10 by her own word [{goal.language}]"),
    ]  # fmt: skip
