"""The family is not a place to live: the assessment says so, and her own services go on."""

from __future__ import annotations

from collections.abc import Iterator

from onward.calls import offer_record
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.local_pb2 import LinkRequest
from onward_server.demo.stage.desk import Case
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, Person, items, step, woman
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
    asked = shirin.wants(("family_assessment", "now"), ("group_counselling", "now"))
    consent = shelter.asks(
        shirin, ministry, permit=["name", "contact_safe", "do_not_contact"],
        deny=["exploitation_type", "hiv"],
        say="She agrees that her family is looked at, and says whom nobody may call.",
    )  # fmt: skip
    case = shelter.offers(ministry, shirin, consent, asked, "Asks the ministry at home.")
    ministry.does(case, "acknowledge", "Farida has seen it.")
    ministry.does(
        case, "decide", "Yes to both.",
        items("accepted", 1, 2),
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
    flat = her_flat(stage, shirin)
    nobody_of_hers(stage, flat, found(stage.today, ministry.post.agency))
    yield 365

    stage.chapter("A year later")
    centre.does(flat, "complete", "The flat is hers now.", items("completed", 1))
    ministry.does(case, "complete", "The group has ended.", items("completed", 2))
    shelter.does(case, "close", "Ends the loop.")
    stage.ends(
        case,
        End(
            "resting", "completed", closed=True,
            items=dict.fromkeys((1, 2), ("now", "completed")),
            milestones={"family_tracing": "done", "family_and_community_assessment": "done",
                        "return_decision": "not_return"},
            reads_there={*OFFERED, "name", "contact_safe", "do_not_contact"},
            reads_here={"return_plan"},
        ),
    )  # fmt: skip
    stage.ends(
        flat,
        End(
            "resting", "completed", items={1: ("now", "completed")},
            reads_there={*OFFERED, "name", "contact_safe"},
        ),
    )  # fmt: skip
    kept = [note for note in ministry.sees(case).journal if "family_assessment" in note.categories]
    stage.check(
        "what was found about the family stays at the ministry, in its own journal", bool(kept)
    )


def her_flat(stage: Stage, shirin: Person) -> Case:
    """Her own service goes on, at a third agency, under her own word."""
    ministry, centre = stage.desks("ministry", "centre")
    listed = shirin.record.do_not_contact
    consent = ministry.asks(
        shirin, centre, permit=["name", "contact_safe"], contact_family="only_agreed",
        do_not_contact=listed,
        say="Asked anew: a flat by way of the centre. Her mother may be helped; her father and "
        "her brother are never to be called.",
    )  # fmt: skip
    asked = shirin.wants(("housing_safe", "now"))
    flat = ministry.offers(centre, shirin, consent, asked, "Asks for a flat in a town.")
    centre.does(flat, "acknowledge", "Nasrin has seen it.")
    centre.does(flat, "decide", "Yes.", items("accepted", 1))
    ministry.discloses(flat, "Her name, and how to reach her. Nothing of her family.")
    centre.reads(flat, "Calls her.")
    centre.does(flat, "progress", "She moves in.", items("in_delivery", 1))
    return flat


def nobody_of_hers(stage: Stage, flat: Case, what: CaseRecord) -> None:
    """Help for her family would have to be linked to her, and the node does not let it be."""
    ministry, centre = stage.desks("ministry", "centre")
    for reason, name, relation, say in (
        ("FAMILY_CONTACT_DENIED", "Jamal Testcase", "sibling",
         "Refers her brother for a household loan."),
        ("FAMILY_NOT_VIABLE", "Amina Testcase", "parent",
         "Refers her mother, in the house where the father lives."),
    ):  # fmt: skip
        member = woman(name, band="a48_plus", born="1970-01-01")
        consent = ministry.asks(
            member, centre, subject_kind="family_member", purposes=["service_delivery"]
        )
        link = LinkRequest(
            kind="family", referral_id=flat.referral_id, relation=relation,
            name=member.record.name, assessment=what.family_assessment,
        )  # fmt: skip
        ministry.cannot(
            reason, say, "offer", destination=centre.post.agency, consent_id=consent,
            items=member.wants(("household_livelihood", "now")), link=link,
            record=offer_record(member.record),
        )  # fmt: skip


def found(today: str, agency: str) -> CaseRecord:
    """What the ministry found about the family."""
    record = CaseRecord()
    assessment = record.family_assessment
    assessment.result, assessment.acceptance = "not_viable", "conditional"
    assessment.survivor_agrees, assessment.abuser_in_household = True, True
    assessment.assessed_on, assessment.assessed_by = today, agency
    return record
