"""Cases of the fold on the road: choices, cancelling, rounds, recalls, pauses, journeys.

Every expectation is written by hand.
"""

from __future__ import annotations

from fold_script import Script, accepted, expect, offered, states
from vector_files import Cases, named
from vectors_fold import ALL, LINEAR


def wishes(*each: str) -> list[dict[str, object]]:
    """What the person wants of items numbered from 1."""
    return [{"number": n, "wish": wish} for n, wish in enumerate(each, 1)]


def step(code: str, decision: str = "") -> dict[str, str]:
    """A step of a return that is done."""
    return {"code": code, "state": "done"} | ({"decision": decision} if decision else {})


CASES: Cases = {
    "choices-cross": accepted("now").o("choice", items=wishes("now")).d(
        "choice", items=wishes("later")
    ).case(
        "Of two choices that crossed the most restrictive stands: she wants it later.",
        expect("resting/deferred", LINEAR + " o2+ d3+", "later accepted"),
    ),
    "choice-that-has-seen-both": accepted("now").o("choice", items=wishes("never")).d(
        "choice", items=wishes("later")
    ).sync("o").o("choice", items=wishes("now")).case(
        "A choice that has seen both stands alone, and wakes what rested for her.",
        expect("acknowledged", LINEAR + " o2+ d3+ o3+", "now requested"),
    ),
    "never-is-not-the-agencys-decline": offered("now", "now").d(
        "choice", items=wishes("never", "never")
    ).case(
        "The person wants none of it: it rests as not wanted, and each item is declined by her.",
        expect(
            "resting/not_wanted", "o1+ d1+",
            "never declined_by_survivor, never declined_by_survivor",
        ),
    ),
    "never-crosses-the-beginning": accepted("now").o("choice", items=wishes("never")).d(
        "progress", items=states("in_delivery")
    ).case(
        "Service had begun when she ended it: a fact counts, and ends as stopped by her.",
        expect("resting/not_wanted", LINEAR + " o2+ d3+", "never stopped_by_survivor"),
    ),
    "cancel-crosses-acceptance": offered().d("acknowledge").sync().o(
        "cancel", cancelReason="sent_twice"
    ).d("decide", items=states("accepted")).case(
        "After a request to cancel nothing is accepted: the acceptance is overtaken.",
        expect("acknowledged", "o1+ d1+ o2+ d2~", "now requested"),
    ),
    "cancel-confirmed": accepted().o("cancel", cancelReason="sent_twice").sync().o(
        "disclose", parts=["name"]
    ).d("confirm_cancel").case(
        "Who is asked to cancel is told nothing more; it rests as cancelled once confirmed.",
        expect(
            "resting/cancelled", LINEAR + " o2+ o3x d3+",
            parts={"name": "o refused disallowed"},
        ),
    ),
    "cancel-answered-by-an-outcome": accepted().o("cancel", cancelReason="other").sync().d(
        "complete", items=states("completed")
    ).case(
        "The destination answers a request to cancel with what it has done.",
        expect("resting/completed", LINEAR + " o2+ d3+", "now completed"),
    ),
    "reopened": accepted().d("complete", items=states("completed")).sync().o(
        "reopen", items=wishes("now"), parts=["age_band"]
    ).sync().d("acknowledge").d("acknowledge", round=2).case(
        "Another round lands in offered; acts of the round before are disallowed.",
        expect(
            "acknowledged", LINEAR + " d3+ o2+ d4x d5+", "now requested",
            {"age_band": "o sent"}, round=2,
        ),
    ),
    "reopened-while-a-follow-up-was-on-its-way": accepted().d(
        "complete", items=states("completed")
    ).sync().o("reopen", items=wishes("now")).d("follow_up", followUp="home_visit",
                                                parts=["outcomes"]).case(
        "A fact of the round before counts in the next.",
        expect(
            "offered", LINEAR + " d3+ o2+ d4+", "now requested", {"outcomes": "d sent"}, round=2
        ),
    ),
    "reopened-after-withdrawal": accepted().o("withdraw", **ALL).o(
        "reopen", items=wishes("now")
    ).case(
        "After a withdrawal of everything the way back is a new referral.",
        expect(
            "resting/withdrawn", LINEAR + " o2+ o3x", uncertified={"o": ["o2"], "d": ["o2"]}
        ),
    ),
    "recalled": offered(parts=["age_band"]).d("acknowledge").sync().o("recall").case(
        "The wrong agency, and nothing was opened: every part is void, for good.",
        expect(
            "invalidated", "o1+ d1+ o2+", "now requested", {"age_band": "o withdrawn"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "recalled-too-late": offered(parts=["age_band"]).d("opened", opened=[named("age_band")]).sync(
    ).o("recall").o("invalidate").case(
        "What was read is not recalled any more; it can be invalidated.",
        expect(
            "invalidated", "o1+ d1+ o2x o3+", "now requested", {"age_band": "o withdrawn"},
            uncertified={"o": ["o3"], "d": ["o3"]},
        ),
    ),
    "paused": accepted().d("pause", pauseReason="travel").d(
        "progress", items=states("in_delivery")
    ).d("resume").d("progress", items=states("in_delivery")).case(
        "Nothing moves ahead during a pause; then it goes on.",
        expect("active", LINEAR + " d3+ d4x d5+ d6+", "now in_delivery"),
    ),
    "journey-before-her-decision": accepted().d(
        "milestone", milestone=step("risk_assessment")
    ).d("milestone", milestone=step("travel_plan")).d(
        "milestone", milestone=step("return_decision", "return")
    ).d("milestone", milestone=step("travel_plan")).case(
        "No journey before the risks are assessed and she has decided to return.",
        expect("accepted", LINEAR + " d3+ d4x d5+ d6+"),
    ),
    "not-return-crosses-return": accepted().o(
        "milestone", milestone=step("risk_assessment")
    ).sync().o("milestone", milestone=step("return_decision", "not_return")).d(
        "milestone", milestone=step("return_decision", "return")
    ).sync().d("milestone", milestone=step("travel_plan")).d("handover").case(
        "Of decisions that crossed, not to return stands: no journey and no handover.",
        expect("accepted", LINEAR + " o2+ o3+ d3+ d4x d5x"),
    ),
    "mother-without-her-child": Script().o("offer", items=[
        {"number": 1, "wish": "now", "togetherWith": 2}, {"number": 2, "wish": "now"},
    ]).sync().d("acknowledge").d("decide", items=states("accepted", "unavailable")).d(
        "progress", items=states("scheduled")
    ).sync().o("choice", items=wishes("now")).sync().d(
        "progress", items=states("scheduled")
    ).case(
        "Accepted without the item that it belongs to: it waits for her own decision.",
        expect("accepted", LINEAR + " d3x o2+ d4+", "now scheduled, now unavailable"),
    ),
    "undecided-is-not-begun": accepted("undecided").d("progress", items=states("offered")).d(
        "progress", items=states("in_delivery")
    ).case(
        "Silence is never now: what she has not decided on can be offered, and not begun.",
        expect("accepted", LINEAR + " d3+ d4x", "undecided offered"),
    ),
}  # fmt: skip
