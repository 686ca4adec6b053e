"""She migrates again, safely and legally, and stays in contact for two years."""

from __future__ import annotations

from collections.abc import Iterator

from onward.v1.categories_pb2 import CaseRecord, Outcomes
from onward.v1.entry_pb2 import Item
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, woman
from onward_server.demo.stage.stage import Stage

TITLE = "Moving on, and staying in touch"
ABOUT = (
    "Hasina wants to work abroad again, and this time legally. That is a plan like any other: "
    "she is helped with it, asked how she is for two years, and never closed for having moved."
)
GOAL = "নিজের টাকায় মাকে একটা ঘর তুলে দেব।"
"""Her goal in her own words: to build her mother a house with her own money."""

INSTRUMENT = "Ladder of life, 0 to 10"
YEARS = (
    # day, told, follow-up, contact, how many asked and answered, ratings by herself and the agency
    (90, "Before she leaves: papers complete, half of the debt paid.", "outcome_assessment",
     "reached_ok", (4, 3), ("falling", "none", 2), 1),
    (365, "She calls from Kuala Lumpur, from her own telephone.", "post_remigration_contact",
     "moved", (6, 6), ("falling", "formal", 5), 4),
    (730, "Two years on: no debt, savings, and the walls of the house stand.",
     "post_remigration_contact", "reached_ok", (8, 7), ("none", "decent", 8), 8),
)  # fmt: skip


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
    items = hasina.wants(("legal_migration_advice", "now"), ("pre_departure_orientation", "now"))
    stage.life(hasina, "“" + GOAL + "” (in Bengali: a house for her mother, from her own money)")
    consent = shelter.asks(
        hasina, migrants,
        permit=["name", "contact_safe", "aspirations", "debts", "savings_income"],
        say="She agrees, for three years, and wants the shelter to hear how it goes.",
    )  # fmt: skip
    case = shelter.offers(migrants, hasina, consent, items, "Asks those who know the way.")
    migrants.does(case, "acknowledge", "Jahanara has seen it.")
    migrants.does(
        case, "decide", "Yes. Wanting to migrate is no reason to decline, and no code for it.",
        [Item(number=1, state="accepted"), Item(number=2, state="accepted")],
    )  # fmt: skip
    shelter.discloses(case, "Her plan and her goal, in her own words.")
    got = migrants.reads(case, "Reads it, and calls her.")
    stage.check("her goal arrived in her own words, in her own language",
                [(g.own_words, g.language) for g in got.aspirations.goals] == [(GOAL, "bn")])  # fmt: skip
    migrants.does(
        case, "progress", "Contract, visa and the labour office's number are gone through.",
        [Item(number=1, state="in_delivery"), Item(number=2, state="in_delivery")],
    )  # fmt: skip
    migrants.does(
        case, "complete", "She knows her rights there, and whom to call.",
        [Item(number=1, state="completed"), Item(number=2, state="completed")],
    )  # fmt: skip
    for day, say, kind, contact, values, about, progress in YEARS:
        yield day
        stage.chapter(f"{day} days later")
        record = told(stage.today, kind, contact, values, about, progress)
        migrants.does(case, "follow_up", say, follow_up=kind, record=record)
        came = shelter.reads(case, "Hears how she is.")
        stage.told(shelter, "What she says and what the group says stand side by side.",
                   ratings(came.outcomes))  # fmt: skip
    stage.ends(
        case,
        End(
            "resting", "completed", follow_ups=3,
            items={1: ("now", "completed"), 2: ("now", "completed")},
            reads_there={*OFFERED, "name", "contact_safe", "aspirations", "debts",
                         "savings_income"},
            reads_here={"outcomes", "service_history"},
        ),
    )  # fmt: skip
    newest = came.outcomes.goals[0]
    stage.check("her own goal came back in her own words, with its language",
                (newest.own_words, newest.language) == (GOAL, "bn"))  # fmt: skip
    stage.check("not closed for having moved", not shelter.sees(case).closed)


def told(
    today: str, kind: str, contact: str, values: tuple[int, int], about: tuple[str, str, int],
    progress: int,
) -> CaseRecord:  # fmt: skip
    """What a follow-up brought: her word and the group's, apart, each with instrument and date."""
    record = CaseRecord()
    debt, work, savings = about
    for rater, value in zip(("survivor", "agency"), values, strict=True):
        record.outcomes.ratings.add(
            domain="financial_health", rater=rater, value=value, date=today,
            instrument=INSTRUMENT, asked=1, answered=1, debt_status=debt, employment=work,
        )  # fmt: skip
    record.outcomes.ratings.add(
        domain="financial_health", indicator="income_change", rater="survivor", value=savings,
        date=today, instrument="Her own savings book", asked=1, answered=1,
    )  # fmt: skip
    record.outcomes.goals.add(own_words=GOAL, language="bn", number=1, progress=progress, date=today)
    record.service_history.follow_ups.add(kind=kind, date=today, contact_result=contact)
    return record


def ratings(outcomes: Outcomes) -> list[tuple[str, str]]:
    """Ratings for a timeline: the same question, each rater on its own."""
    asked = [one for one in outcomes.ratings if one.debt_status]
    said = ", ".join(f"{one.rater} {one.value} of 10" for one in asked)
    last = asked[-1]
    goal = outcomes.goals[0]
    return [
        ("money", f"{said} ({last.instrument}); debt {last.debt_status}, work {last.employment}"),
        ("her goal", f"{goal.own_words} [{goal.language}] {goal.progress} of 10, by her own word"),
    ]
