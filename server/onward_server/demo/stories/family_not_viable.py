"""The family is not a place to live: the assessment says so, and her own services go on."""

from __future__ import annotations

from collections.abc import Iterator

from onward.v1.categories_pb2 import CaseRecord
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, step, woman
from onward_server.demo.stage.stage import Stage

TITLE = "A family that is not viable"
ABOUT = (
    "Shirin is in a shelter abroad. Her family was found, and it is not safe. Home then means a "
    "town of her own choice, and nobody calls her brother."
)


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    shelter, ministry = stage.desks("shelter", "ministry")
    shirin = woman("Shirin Testcase", band="a21_23", born="2003-02-17")
    people = shirin.record.do_not_contact.people
    people.add(relation="sibling", name="Jamal Testcase", reason="exploitation")
    people.add(relation="parent", name="Kabir Testcase", reason="violence")
    asked = shirin.wants(
        ("family_assessment", "now"), ("housing_safe", "now"), ("group_counselling", "now")
    )
    consent = shelter.asks(
        shirin, ministry, permit=["name", "contact_safe", "do_not_contact"],
        deny=["exploitation_type", "hiv"],
        say="She agrees that her family is looked at, and says whom nobody may call.",
    )  # fmt: skip
    case = shelter.offers(ministry, shirin, consent, asked, "Asks the ministry at home.")
    ministry.does(case, "acknowledge", "Farida has seen it.")
    ministry.does(
        case, "decide", "Yes to all three.",
        items("accepted", 1, 2, 3),
    )  # fmt: skip
    shelter.discloses(case, "Her name, and two names that must never be called.")
    ministry.reads(case, "Reads whom not to call, before anybody is called.")
    ministry.does(
        case, "milestone", "Found the family through the village school, asking for nobody.",
        step("family_tracing"),
    )  # fmt: skip
    ministry.does(
        case, "milestone", "The family would take her back, and her father and brother with it: "
        "not viable. What was found stays at the ministry.",
        step("family_and_community_assessment"),
        record=found(stage.today, ministry.post.agency),
    )  # fmt: skip
    ministry.does(case, "progress", "The assessment is done.", items("completed", 1))
    stage.life(shirin, "Not back there. To a town where nobody knows her, in her own country.")
    plan = CaseRecord()
    plan.return_plan.pathway = "urban_integration"
    plan.return_plan.return_barriers.extend(["dangerous_retribution", "own_choice"])
    ministry.does(
        case, "milestone", "Plans a town flat instead: the shelter is told why home is not home.",
        step("return_decision", decision="not_return"), record=plan,
    )  # fmt: skip
    ministry.cannot(
        "TRAVEL_NOT_READY", "Books a bus to the village.", "milestone", case,
        step("travel_plan", "in_progress"),
    )  # fmt: skip
    yield 365

    stage.chapter("A year later")
    ministry.does(
        case, "progress", "She lives in a town of her choice, and goes to the group.",
        items("in_delivery", 2, 3),
    )  # fmt: skip
    ministry.does(
        case, "complete", "The flat is hers, the group has ended.",
        items("completed", 2, 3),
    )  # fmt: skip
    shelter.does(case, "close", "Ends the loop.")
    stage.ends(
        case,
        End(
            "resting", "completed", closed=True,
            items=dict.fromkeys((1, 2, 3), ("now", "completed")),
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
