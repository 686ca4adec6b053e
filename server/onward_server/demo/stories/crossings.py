"""A day on which everything crosses: nobody is overruled in silence, and a person looks."""

from __future__ import annotations

from collections.abc import Iterator

from onward.calls import offer_record
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, wishes, woman
from onward_server.demo.stage.stage import Stage

TITLE = "A day on which everything crosses"
ABOUT = (
    "The line is down. One agency says yes while the other cancels, and each writes down another "
    "word of hers. When the line is back, both see the same, and what is open stands in a list."
)


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    ministry, centre = stage.desks("ministry", "centre")
    lipi = woman("Lipi Standin", band="a30_38", born="1994-08-21")
    asked = lipi.wants(("housing_safe", "now"), ("family_mediation", "undecided"))
    consent = ministry.asks(lipi, centre, say="She agrees that the centre is asked.")
    case = ministry.offers(centre, lipi, consent, asked, "Asks for a flat.")
    centre.does(case, "acknowledge", "Nasrin has seen it.")

    stage.life(lipi, "Tells the centre that mediation might help, and the ministry: never.")
    stage.goes_down(ministry)
    centre.alone(case, "choice", "Writes down that she wants mediation now.", wishes("now", 2))
    centre.alone(case, "decide", "Says yes to both.", items("accepted", 1, 2))
    stage.goes_down(centre)
    stage.comes_back(ministry)
    ministry.alone(case, "choice", "Writes down that she never wants it.", wishes("never", 2))
    ministry.alone(case, "cancel", "Cancels: a cousin has a flat for her.", "no_longer_needed")
    stage.comes_back(centre)
    stage.meets(
        case, "The line is back. Both logs go both ways, and both nodes tell the same story: of "
        "two words of hers the stricter stands, and the acceptance did not count.",
    )  # fmt: skip
    for desk in (ministry, centre):
        step = desk.waits(case, "overtaken_acceptance")
        stage.told(desk, "It stands in the list of what needs a human.", [("next step", step)])
    both = [{i.number: i.wish for i in desk.sees(case).items} for desk in (ministry, centre)]
    stage.check("of two crossing choices the stricter stands, at both", both == [both[0]] * 2
                and both[0][2] == "never")  # fmt: skip

    centre.does(case, "confirm_cancel", "Confirms, and calls the ministry: the flat is there.")
    stage.life(lipi, "The cousin's flat came to nothing. Yes, please; and no mediation.")
    ministry.does(
        case, "reopen", "Asks again, in a second round.", wishes("now", 1),
        record=offer_record(lipi.record),
    )  # fmt: skip
    centre.does(case, "acknowledge", "Nasrin has seen it.")
    centre.does(case, "decide", "Yes, and this time it counts.", items("accepted", 1))
    stage.ends(
        case,
        End(
            "accepted", round=2, reads_there=OFFERED,
            items={1: ("now", "accepted"), 2: ("never", "declined_by_survivor")},
        ),
    )  # fmt: skip
    yield from ()
