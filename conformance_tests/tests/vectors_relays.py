"""Cases of relays: into which of a node's other referrals a withdrawal goes on.

Every expectation is written by hand.
"""

from __future__ import annotations

from typing import Any

from fold_script import Script, accepted, offered
from vector_files import DESTINATION, ORIGIN, REFERRAL, Case, Cases, named
from vectors_fold import ALL, some


def linked(what: dict[str, Any]) -> dict[str, Any]:
    """The same withdrawal, wherever there is something of her."""
    return {"withdrawal": {**what["withdrawal"], "linked": True}}


def came(*parts: str) -> Script:
    """A referral of which this node is the destination, or was before."""
    return accepted(parts=list(parts or ("name", "sex")))


def of(script: Script, consent: str = "", onward: str = "") -> Case:
    """One referral of the node. With the consent by which this node offered it, it is the origin;
    `onward` is the referral whose content it passes on.
    """
    made: Case = {"side": "origin" if consent else "destination"}
    made |= {"consent": consent} if consent else {}
    made |= {"onwardOf": onward} if onward else {}
    return {**made, "origin": script.logs["o"], "destination": script.logs["d"]}


def case(why: str, at: str, entry: str, expect: dict[str, Any], **referrals: Case) -> Case:
    """`at` and `entry` name the withdrawal that came, or was written, in one of them."""
    return {
        "why": why,
        "agency": DESTINATION,
        "referrals": {name: _between(name, one) for name, one in referrals.items()},
        "withdrawal": {"referral": at, "entry": named(entry)},
        "expect": {name: what["withdrawal"] for name, what in expect.items()},
    }


def _between(name: str, referral: Case) -> Case:
    """The same referral with its own id and agencies: the node is one, on its side, of each."""
    others = {REFERRAL: f"referral-{name}"}
    if referral["side"] == "origin":
        others |= {ORIGIN: DESTINATION, DESTINATION: f"{name}.ngo.example"}
    logs = {
        side: [{**one, "entry": _named(one["entry"], others)} for one in referral[side]]
        for side in ("origin", "destination")
    }
    return {**referral, **logs}


def _named(entry: dict[str, Any], others: dict[str, str]) -> dict[str, Any]:
    changed = ("referralId", "author", "recipient")
    return entry | {name: others.get(entry[name], entry[name]) for name in changed}


def down(why: str, withdrawn: dict[str, Any], there: Script, expect: Any = None) -> Case:
    """A withdrawal in `here`, of which `there` passes on what came."""
    return case(
        why, "here", "o2", {"there": expect} if expect else {},
        here=of(came().o("withdraw", **withdrawn)),
        there=of(there, consent="c-1", onward="here"),
    )  # fmt: skip


def up(why: str, withdrawn: dict[str, Any], expect: dict[str, Any]) -> Case:
    """A withdrawal by the third agency, in `there`."""
    return case(
        why, "there", "d3", expect,
        here=of(came()),
        there=of(came().d("withdraw", **withdrawn), consent="c-1", onward="here"),
    )  # fmt: skip


def beside(why: str, withdrawn: dict[str, Any], expect: dict[str, Any]) -> Case:
    """A withdrawal in one of three that this node has offered, two of them by one consent."""
    return case(
        why, "here", "o2", expect,
        here=of(came().o("withdraw", **withdrawn), consent="c-1"),
        same=of(came(), consent="c-1"),
        other=of(came(), consent="c-2"),
    )  # fmt: skip


CASES: Cases = {
    "passed-on": down("What came here was passed on: there, too.", ALL, came(), ALL),
    "some": down("No more is relayed than was said.", some("name"), came(), some("name")),
    "of-what-never-went": down(
        "Also of what was not passed on so far: it is not to come later.",
        some("hiv"),
        came(),
        some("hiv"),
    ),
    "to-each": case(
        "It was passed on to two.", "here", "o2", {"first": ALL, "second": ALL},
        here=of(came().o("withdraw", **ALL)),
        first=of(came(), consent="c-1", onward="here"),
        second=of(came(), consent="c-2", onward="here"),
    ),
    "written-here": case(
        "Whoever wrote it: this node's own goes on too.", "here", "d3", {"there": ALL},
        here=of(came().d("withdraw", **ALL)),
        there=of(came(), consent="c-1", onward="here"),
    ),
    "recall": case(
        "A recall is relayed as a withdrawal of everything.", "here", "o2", {"there": ALL},
        here=of(offered(parts=["age_band"]).o("recall")),
        there=of(came(), consent="c-1", onward="here"),
    ),
    "invalidate": case(
        "So is what was never meant to be a referral.", "here", "o2", {"there": ALL},
        here=of(came().o("invalidate")),
        there=of(came(), consent="c-1", onward="here"),
    ),
    "into-one-that-rests": down(
        "It goes in whatever state the other referral is.",
        ALL,
        offered(parts=["age_band"]).o("cancel", cancelReason="no_longer_needed"),
        ALL,
    ),
    "not-up": up("It does not go back to where the content came from.", ALL, {}),
    "linked-up": up(
        "A linked one does, and stays linked on its way.", linked(ALL), {"here": linked(ALL)}
    ),
    "linked-up-in-part": up(
        "In part as well.", linked(some("sex")), {"here": linked(some("sex"))}
    ),
    "not-beside": beside("It is about its own referral and no other.", ALL, {}),
    "linked-beside": beside(
        "A linked one goes into every referral by the same consent, and by no other.",
        linked(ALL),
        {"same": linked(ALL)},
    ),
    "linked-everywhere": case(
        "Up, down and beside at once.", "here", "o2",
        {"up": linked(ALL), "down": linked(ALL), "beside": linked(ALL)},
        up=of(came()),
        here=of(came().o("withdraw", **linked(ALL)), consent="c-1", onward="up"),
        down=of(came(), consent="c-9", onward="here"),
        beside=of(came(), consent="c-1"),
    ),
    "said-before": down(
        "It stands there already, and nothing came since: it ends.",
        ALL,
        came().o("withdraw", **ALL),
    ),
    "said-before-by-the-other": down(
        "Whoever said it there.", ALL, came().d("withdraw", **ALL)
    ),
    "said-before-with-more": down(
        "What was taken back with everything is not taken back again.",
        some("name"),
        came().o("withdraw", **ALL),
    ),
    "said-before-one-by-one": down(
        "Two that were said apart cover both.",
        some("name", "sex"),
        came().o("withdraw", **some("sex")).o("withdraw", **some("name")),
    ),
    "said-before-in-part": down(
        "Where one is missing it is relayed as it was said.",
        some("name", "sex"),
        came().o("withdraw", **some("name")),
        some("name", "sex"),
    ),
    "said-before-category-by-category": down(
        "Everything is more than all that is there.",
        ALL,
        came().o("withdraw", **some("name", "sex")),
        ALL,
    ),
    "came-again": down(
        "After a new yes it came again: it is to be taken back again.",
        some("name"),
        came("name").o("withdraw", **some("name")).o("disclose", parts=["name.2"]),
        some("name"),
    ),
    "came-after-everything": down(
        "A warning came after everything was taken back: it is taken back, too.",
        ALL,
        came().o("withdraw", **ALL).o("alert", alert="missing", parts=["safety_risk"]),
        ALL,
    ),
    "something-else-came": down(
        "What came since is something else.",
        some("name"),
        came("name").o("withdraw", **some("name")).o("disclose", parts=["sex"]),
    ),
    "came-again-as-text": down(
        "Outcomes may speak of aspirations: they came since.",
        some("aspirations"),
        came().o("withdraw", **some("aspirations")).sync().d(
            "follow_up", followUp="welfare_check", parts=["outcomes"]
        ),
        some("aspirations"),
    ),
    "linked-after-one-that-was-not": case(
        "One that stayed in its referral does not stand for one that goes everywhere.",
        "there", "d3", {"here": linked(ALL)},
        here=of(came().o("withdraw", **ALL)),
        there=of(came().d("withdraw", **linked(ALL)), consent="c-1", onward="here"),
    ),
    "not-linked-after-one-that-was": down(
        "One that went everywhere stands for one that does not.",
        ALL,
        came().o("withdraw", **linked(ALL)),
    ),
}  # fmt: skip
