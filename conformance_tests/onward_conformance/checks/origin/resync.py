"""A destination asks for what it has lost: what the target sends it again."""

from __future__ import annotations

from onward_conformance.cases import disclosed
from onward_conformance.check import Bench, check
from onward_conformance.checks.peer.questions import lost


@check("RST-016")
def parts_that_the_destination_lost_are_sent_again(bench: Bench) -> None:
    """It has nothing of the target any more: entries and parts count as not delivered."""
    case = disclosed(bench)
    after = len(case.arrivals)
    heads = case.referral.heads | {"origin": {}}

    def again() -> bool | None:
        told = {p["category"] for one in case.arrivals[after:] for p in one.bundle.get("parts", [])}
        return case.categories <= told or None

    lost(bench, "all parts again", again, referralId=case.id, heads=heads)
