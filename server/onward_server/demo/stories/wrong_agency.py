"""The wrong agency was asked by mistake: recalled before anybody read it."""

from __future__ import annotations

from collections.abc import Iterator

from onward_server.demo.desks import wait
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, woman
from onward_server.demo.stage.stage import Stage

TITLE = "A mistake, recalled in time"
ABOUT = (
    "Two names stand next to each other in a list, and the wrong one is chosen. As long as nobody "
    "there has opened it, it can be taken back, and is never readable again."
)


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    ministry, migrants, shelter = stage.desks("ministry", "migrants", "shelter")
    parul = woman("Parul Dummy", band="a30_38", born="1992-12-01")
    asked = parul.wants(("wage_recovery", "now"), ("medical_care", "now"))
    consent = ministry.asks(
        parul, shelter, migrants, permit=["name"], say="She agrees that two agencies may be asked."
    )
    wrong = ministry.offers(
        migrants, parul, consent, asked, "Offers, to the migrants' group: a slip of the hand."
    )
    ministry.does(wrong, "recall", "Sees it within the minute, and takes everything back.")

    def certified() -> bool | None:
        return len(ministry.sees(wrong).certified) == 2 or None

    wait(certified, "both certificates")
    stage.told(ministry, "Both agencies have certified that their copies are destroyed.")
    migrants.cannot("PART_GONE", "Wants to see what that was.", "open", wrong)
    migrants.cannot(
        "STATE_CONFLICT", "Wants to accept all the same.", "decide", wrong,
        items("accepted", 1),
    )  # fmt: skip
    stage.ends(
        wrong,
        End(
            "invalidated", certified=True,
            items={1: ("now", "requested"), 2: ("now", "requested")},
        ),
    )  # fmt: skip
    opened = [one for one in migrants.client.list_audit() if one.referral_id == wrong.referral_id
              and one.action == "open"]  # fmt: skip
    stage.check("at the migrants' group nobody ever read a word of it", not opened)

    right = ministry.offers(shelter, parul, consent, asked, "Offers to the shelter, as was meant.")
    shelter.does(right, "acknowledge", "Asha has seen it.")
    shelter.does(
        right, "decide", "Yes to both.",
        items("accepted", 1, 2),
    )  # fmt: skip
    ministry.discloses(right, "Her name goes, once.")
    shelter.reads(right, "Calls her.")
    stage.ends(
        right,
        End(
            "accepted", items={1: ("now", "accepted"), 2: ("now", "accepted")},
            reads_there={*OFFERED, "name"},
        ),
    )  # fmt: skip
    yield from ()
