"""A mother is accepted without her child: it is her decision, and another agency takes both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onward.core import spec
from onward.v1.consent_pb2 import BestInterest, ConsentRecord
from onward.v1.local_pb2 import LinkRequest
from onward_server.demo.stage.desk import Desk
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, Person, agrees, boy, items, wishes, woman
from onward_server.demo.stage.stage import Stage

TITLE = "A mother and her child"
ABOUT = "Moyna looks for a safe place for herself and her son, and not for one without the other."


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    migrants, ministry, centre = stage.desks("migrants", "ministry", "centre")
    moyna = woman("Moyna Example", band="a27_29", born="1997-09-12")
    moyna.record.children.count = 1
    moyna.record.children.children.add(number=1, age_band="a0_8", sex="male", comes_along=True)
    asked = moyna.wants(
        ("transitional_housing", "now"), ("childcare", "now"), ("legal_advice", "later"),
        together={1: 2, 2: 1},
    )  # fmt: skip
    consent = migrants.asks(
        moyna, ministry, centre, permit=["name", "contact_safe", "children"],
        contact_family="only_agreed",
        say="She agrees: first without her name, and with it once somebody takes them in.",
    )  # fmt: skip
    first = migrants.offers(
        ministry, moyna, consent, asked,
        "Asks for a place for her and one for her son, each only together with the other.",
    )  # fmt: skip
    ministry.does(first, "acknowledge", "Farida has seen it.")
    ministry.does(
        first, "decide", "A bed for her, none for the boy: this house takes no children.",
        items("accepted", 1, 3)
        + items("declined_by_agency", 2, reason="eligibility_children_not_accommodated"),
    )  # fmt: skip
    migrants.waits(first, "choice_needed")
    ministry.cannot(
        "CHOICE_NEEDED", "Reserves the bed before she was asked.", "progress", first,
        items("scheduled", 1),
    )  # fmt: skip
    stage.life(moyna, "Not without him. And no lawyer there either.")
    migrants.does(
        first, "choice", "Writes down her decision.",
        wishes("never", 1, 3),
    )  # fmt: skip
    migrants.does(first, "close", "Ends the loop. The ministry never learnt her name.")
    stage.ends(
        first,
        End(
            "resting", "not_wanted", closed=True,
            items={1: ("never", "declined_by_survivor"), 2: ("now", "declined_by_agency"),
                   3: ("never", "declined_by_survivor")},
            reads_there=OFFERED,
        ),
    )  # fmt: skip

    second = migrants.offers(
        centre, moyna, consent, asked, "Asks the women's centre for both, together."
    )
    centre.does(second, "acknowledge", "Nasrin has seen it.")
    centre.does(
        second, "decide", "Both are welcome; a lawyer when she wants one.",
        items("accepted", 1, 2, 3),
    )  # fmt: skip
    migrants.discloses(second, "Now her name goes, and that she has a son.")
    centre.reads(second, "Prepares a room for two.")
    centre.does(
        second, "progress", "They move in together.",
        items("in_delivery", 1, 2),
    )  # fmt: skip
    centre.cannot(
        "WISH_FORBIDS", "Makes an appointment with the lawyer, for next week.", "progress", second,
        items("scheduled", 3),
    )  # fmt: skip
    stage.ends(
        second,
        End(
            "active",
            items={1: ("now", "in_delivery"), 2: ("now", "in_delivery"), 3: ("later", "accepted")},
            reads_there={*OFFERED, "name", "contact_safe", "children"},
        ),
    )  # fmt: skip

    shanto = boy("Shanto Example", born="2020-03-15")
    stage.life(moyna, "And school for him.")
    migrants.cannot(
        "GUARDIAN_CONFLICT", "His uncle would sign for him, and gain by it.", "record_consent",
        speaks_for(shanto, stage, centre, guardian_conflict=True),
    )  # fmt: skip
    his = migrants.client.record_consent(speaks_for(shanto, stage, centre)).consent_id
    stage.told(migrants, "His mother signs, he agrees, and an assessment finds it good for him.")
    asked = shanto.wants(("school_support_child", "now"))
    third = migrants.offers(
        centre, shanto, his, asked, "A referral of his own, which tells nothing of hers.",
        link=LinkRequest(kind="family", referral_id=second.referral_id, relation="child",
                         name=shanto.record.name),
    )  # fmt: skip
    centre.does(third, "acknowledge", "Nasrin has seen it.")
    centre.does(third, "decide", "A place at the school near by.", items("accepted", 1))
    stage.ends(
        third, End("accepted", items={1: ("now", "accepted")}, reads_there=OFFERED)
    )  # fmt: skip
    tells = {p.category for p in centre.sees(third).parts} & {
        one.id for one in spec.categories().values() if one.trafficking
    }
    stage.check("nothing in the boy's referral tells that his mother was trafficked", not tells)
    stage.check("the centre's node does not know that the two belong together",
                not centre.sees(third).links and bool(migrants.sees(third).links))  # fmt: skip
    yield from ()


def speaks_for(child: Person, stage: Stage, to: Desk, **changes: Any) -> ConsentRecord:
    """What a guardian agrees to for a child, with what has to be checked first. Experimental."""
    assessed = BestInterest(
        finding="share", assessed_by=to.post.agency, assessed_on=stage.today, child_heard=True
    )
    return agrees(
        child, stage.now, [to.named], subject_kind="family_member", age_class="child",
        given_by="guardian", purposes=["service_delivery"], guardian_conflict_checked=True,
        child_assent=True, adult_on="2038-03-15", best_interest=assessed, **changes,
    )  # fmt: skip
