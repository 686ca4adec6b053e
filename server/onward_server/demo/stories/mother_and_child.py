"""A mother is accepted without her child: it is her decision, and another agency takes both."""

from __future__ import annotations

from collections.abc import Iterator

from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, wishes, woman
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
    yield from ()
