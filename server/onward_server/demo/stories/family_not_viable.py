"""The family is not a place to live: the assessment says so, and her own services go on."""

from __future__ import annotations

from collections.abc import Iterator

from onward.v1.categories_pb2 import CaseRecord
from onward.v1.entry_pb2 import Item, Milestone
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, woman
from onward_server.demo.stage.stage import Stage

TITLE = "A family that is not viable"
ABOUT = (
    "Shirin is in a shelter abroad. Her family was found, and it is not safe. Home then means a "
    "town of her own choice, and nobody calls her brother."
)


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    shelter, ministry, centre = stage.desks("shelter", "ministry", "centre")
    shirin = woman("Shirin Testcase", band="a21_23", born="2003-02-17")
    people = shirin.record.do_not_contact.people
    people.add(relation="sibling", name="Jamal Testcase", reason="exploitation")
    people.add(relation="parent", name="Kabir Testcase", reason="violence")
    items = shirin.wants(
        ("family_assessment", "now"), ("housing_safe", "now"), ("group_counselling", "now")
    )
    consent = shelter.asks(
        shirin, ministry, permit=["name", "contact_safe", "do_not_contact"],
        deny=["exploitation_type", "hiv"],
        say="She agrees that her family is looked at, and says whom nobody may call.",
    )  # fmt: skip
    case = shelter.offers(ministry, shirin, consent, items, "Asks the ministry at home.")
    ministry.does(case, "acknowledge", "Farida has seen it.")
    ministry.does(
        case, "decide", "Yes to all three.",
        [Item(number=number, state="accepted") for number in (1, 2, 3)],
    )  # fmt: skip
    shelter.discloses(case, "Her name, and two names that must never be called.")
    ministry.reads(case, "Reads whom not to call, before anybody is called.")
    ministry.does(
        case, "milestone", "Found the family through the village school, asking for nobody.",
        Milestone(code="family_tracing", state="done"),
    )  # fmt: skip
    ministry.does(
        case, "milestone", "The family would take her back, and her father and brother with it: "
        "not viable. What was found stays at the ministry.",
        Milestone(code="family_and_community_assessment", state="done"),
        record=found(stage.today, ministry.post.agency),
    )  # fmt: skip
    ministry.does(
        case, "progress", "The assessment is done.", [Item(number=1, state="completed")]
    )
    stage.life(shirin, "Not back there. To a town where nobody knows her, in her own country.")
    plan = CaseRecord()
    plan.return_plan.pathway = "urban_integration"
    plan.return_plan.return_barriers.extend(["dangerous_retribution", "own_choice"])
    ministry.does(
        case, "milestone", "Plans a town flat instead: the shelter is told why home is not home.",
        Milestone(code="return_decision", state="done", decision="not_return"), record=plan,
    )  # fmt: skip
    ministry.cannot(
        "TRAVEL_NOT_READY", "Books a bus to the village.", "milestone", case,
        Milestone(code="travel_plan", state="in_progress"),
    )  # fmt: skip
    yield 90

    stage.chapter("Three months later")
    ministry.does(
        case, "progress", "She lives in a town of her choice, and goes to the group.",
        [Item(number=2, state="in_delivery"), Item(number=3, state="in_delivery")],
    )  # fmt: skip
    ministry.does(
        case, "complete", "The flat is hers, the group has ended.",
        [Item(number=2, state="completed"), Item(number=3, state="completed")],
    )  # fmt: skip
    shelter.does(case, "close", "Ends the loop.")
    stage.ends(
        case,
        End(
            "resting", "completed", closed=True,
            items={number: ("now", "completed") for number in (1, 2, 3)},
            milestones={"family_tracing": "done", "family_and_community_assessment": "done",
                        "return_decision": "not_return"},
            reads_there={*OFFERED, "name", "contact_safe", "do_not_contact"},
            reads_here={"return_plan"},
        ),
    )  # fmt: skip
    kept = [note for note in ministry.sees(case).journal if "family_assessment" in note.categories]
    stage.check(
        "what was found about the family stays at the ministry, in its own journal", bool(kept)
    )


def found(today: str, agency: str) -> CaseRecord:
    """What the ministry found about the family."""
    record = CaseRecord()
    assessment = record.family_assessment
    assessment.result, assessment.acceptance = "not_viable", "conditional"
    assessment.survivor_agrees, assessment.abuser_in_household = True, True
    assessment.assessed_on, assessment.assessed_by = today, agency
    return record
