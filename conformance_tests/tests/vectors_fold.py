"""Cases of the fold. Every expectation is written by hand."""

from __future__ import annotations

from fold_script import Script, accepted, certificate, expect, offered, refused, states
from vector_files import Cases, named

ALL = {"withdrawal": {"everything": True}}

CLINIC = "clinic.ngo.in.example"
"""A holder further down."""

SIGNED = "e30.e30.c2ln"
"""Where an entry of another referral is told; the fold does not read it."""


def some(*categories: str) -> dict[str, object]:
    """A withdrawal of these categories."""
    return {"withdrawal": {"categories": list(categories)}}


LINEAR = "o1+ d1+ d2+"

CASES: Cases = {
    "empty": Script().case("Two empty logs.", expect("", "", "")),
    "offer": offered("now", "later", parts=["age_band"]).case(
        "An offer begins the referral with its items and parts.",
        expect("offered", "o1+", "now requested, later requested", {"age_band": "o sent"}),
    ),
    "offer-of-never": offered("never").case(
        "What the person never wants is not offered: nothing begins.", expect("", "o1x", "")
    ),
    "offer-twice": offered().o("offer", items=[{"number": 1, "wish": "now"}]).case(
        "A second offer in the same log is disallowed.",
        expect("offered", "o1+ o2x", "now requested"),
    ),
    "acknowledged": offered().d("acknowledge").case(
        "A person has seen it.", expect("acknowledged", "o1+ d1+", "now requested")
    ),
    "decided-before-acknowledged": offered().d("decide", items=states("accepted")).case(
        "A decision needs a person who has seen the offer.",
        expect("offered", "o1+ d1x", "now requested"),
    ),
    "accepted": accepted().case("Every item accepted.", expect("accepted", LINEAR)),
    "accepted-in-part": offered("now", "now").d("acknowledge").d(
        "decide", items=states("accepted", "declined_by_agency:no_capacity")
    ).case(
        "One accepted, one declined: accepted.",
        expect("accepted", LINEAR, "now accepted, now declined_by_agency no_capacity"),
    ),
    "declined": offered().d("acknowledge").d("decide", items=states("unavailable")).case(
        "Nothing is left to deliver: it rests as declined.",
        expect("resting/declined", LINEAR, "now unavailable"),
    ),
    "deferred": accepted("later", "later").case(
        "Every item is for later: it rests as deferred.",
        expect("resting/deferred", LINEAR, "later accepted, later accepted"),
    ),
    "waitlisted": offered().d("acknowledge").d("decide", items=states("waitlisted")).case(
        "A place on a waiting list is no acceptance.",
        expect("acknowledged", LINEAR, "now waitlisted"),
    ),
    "decided-by-the-origin": offered().d("acknowledge").sync().o(
        "decide", items=states("accepted")
    ).case(
        "Only the destination decides.", expect("acknowledged", "o1+ d1+ o2x", "now requested")
    ),
    "disclosed": accepted(parts=["age_band"]).o("disclose", parts=["name", "hiv"]).case(
        "After acceptance the rest is sent.",
        expect(
            "accepted", LINEAR + " o2+",
            parts={"age_band": "o sent", "name": "o sent", "hiv": "o sent"},
        ),
    ),
    "disclosed-too-early": offered().o("disclose", parts=["name"]).case(
        "A disclosure before acceptance is disallowed and its parts are refused.",
        expect("offered", "o1+ o2x", "now requested", {"name": "o refused disallowed"}),
    ),
    "disclosed-without-having-seen-the-acceptance": offered().d("acknowledge").d(
        "decide", items=states("accepted")
    ).o("disclose", parts=["name"]).case(
        "What counts is what its author had seen, not what there is. The origin's comes first.",
        expect("accepted", "o1+ o2x d1+ d2+", parts={"name": "o refused disallowed"}),
    ),
    "service": accepted().d("progress", items=states("in_delivery")).d(
        "complete", items=states("completed")
    ).d("follow_up", followUp="home_visit").sync().o("close").case(
        "Service begins, ends, is followed up; the origin ends the loop.",
        expect(
            "resting/completed", LINEAR + " d3+ d4+ d5+ o2+", "now completed", closed=True
        ),
    ),
    "active": accepted().d("progress", items=states("in_delivery")).case(
        "The first service has begun.", expect("active", LINEAR + " d3+", "now in_delivery")
    ),
    "progress-on-later": accepted("later", "now").d("progress", items=states("in_delivery")).case(
        "An item that the person wants later is not begun.",
        expect("accepted", LINEAR + " d3x", "later accepted, now accepted"),
    ),
    "completed-too-early": accepted("now", "now").d("complete", items=states("completed")).case(
        "An item is still open.", expect("accepted", LINEAR + " d3x", "now accepted, now accepted")
    ),
    "acceptance-crosses-withdrawal": offered(parts=["age_band"]).d("acknowledge").d(
        "decide", items=states("accepted")
    ).o("withdraw", **ALL).case(
        "Neither had seen the other: the withdrawal comes first, the decision is overtaken.",
        expect(
            "resting/withdrawn", "o1+ o2+ d1~ d2~", "now requested", {"age_band": "o withdrawn"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "outcome-crosses-withdrawal": accepted().o("withdraw", **ALL).d(
        "complete", items=states("completed")
    ).case(
        "The outcome is overtaken and changes nothing.",
        expect(
            "resting/withdrawn", "o1+ d1+ d2+ o2+ d3~", uncertified={"o": ["o2"], "d": ["o2"]}
        ),
    ),
    "fact-crosses-withdrawal": accepted().o("withdraw", **ALL).d(
        "progress", items=states("in_delivery")
    ).case(
        "A fact counts in whatever phase it arrives, and does not wake the referral.",
        expect(
            "resting/withdrawn", "o1+ d1+ d2+ o2+ d3+", "now in_delivery",
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "parts-of-an-act-that-brings-none": accepted().o("close", parts=["name"]).case(
        "Acts whose request has no record bring no content: a name in a close is refused.",
        expect("accepted", LINEAR + " o2+", parts={"name": "o refused disallowed"}, closed=True),
    ),
    "withdrawn-with-what-its-text-may-speak-of": accepted().d(
        "follow_up", followUp="welfare_check", parts=["outcomes", "service_history"]
    ).sync().o("withdraw", **some("aspirations")).case(
        "Outcomes may speak of aspirations: who takes these back takes back both.",
        expect(
            "accepted", LINEAR + " d3+ o2+",
            parts={"outcomes": "d withdrawn", "service_history": "d sent"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "refused-stays-refused-when-withdrawn": offered(parts=["age_band"]).d(
        "acknowledge", refused=refused("age_band")
    ).sync().o("withdraw", **ALL).case(
        "A part that was refused stays so, though its author's copy is void.",
        expect(
            "resting/withdrawn", "o1+ d1+ o2+", "now requested",
            {"age_band": "o refused beyond_grant"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "withdrawal-in-part": accepted(parts=["age_band", "sex"]).o("withdraw", **some("sex")).case(
        "Withdrawn in part: the phase stays.",
        expect(
            "accepted", LINEAR + " o2+", parts={"age_band": "o sent", "sex": "o withdrawn"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "withdrawn-by-the-origin-while-feedback-is-on-its-way": accepted().o(
        "withdraw", **some("outcomes")
    ).d("follow_up", followUp="welfare_check", parts=["outcomes", "service_history"]).case(
        "It voids what the other side wrote without having seen it.",
        expect(
            "accepted", "o1+ d1+ d2+ o2+ d3+", "now accepted",
            {"outcomes": "d withdrawn", "service_history": "d sent"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "withdrawn-by-the-destination-while-a-disclosure-is-on-its-way": accepted().d(
        "withdraw", **some("name")
    ).o("disclose", parts=["name", "hiv"]).case(
        "The same the other way round, where the disclosure comes first.",
        expect(
            "accepted", "o1+ d1+ d2+ o2+ d3+",
            parts={"name": "o withdrawn", "hiv": "o sent"},
            uncertified={"o": ["d3"], "d": ["d3"]},
        ),
    ),
    "disclosed-again-after-withdrawal": accepted(parts=["sex"]).d(
        "withdraw", **some("name", "sex")
    ).sync().o("disclose", parts=["name"]).case(
        "Whoever has seen the withdrawal may send under a new grant.",
        expect(
            "accepted", "o1+ d1+ d2+ d3+ o2+", parts={"sex": "o withdrawn", "name": "o sent"},
            uncertified={"o": ["d3"], "d": ["d3"]},
        ),
    ),
    "disclosed-again-by-the-side-that-withdrew": accepted().o("close").o(
        "withdraw", **some("name")
    ).o("disclose", parts=["name"]).case(
        "A side has seen its own withdrawals, however little it has seen of the other's log.",
        expect(
            "accepted", LINEAR + " o2+ o3+ o4+", parts={"name": "o sent"}, closed=True,
            uncertified={"o": ["o3"], "d": ["o3"]},
        ),
    ),
    "withdrawal-behind-a-disallowed-act": accepted(parts=["sex"]).o("acknowledge").o(
        "withdraw", **ALL
    ).case(
        "A disallowed act does not stop the log.",
        expect(
            "resting/withdrawn", LINEAR + " o2x o3+", parts={"sex": "o withdrawn"},
            uncertified={"o": ["o3"], "d": ["o3"]},
        ),
    ),
    "withdrawal-of-another-round": accepted().o("withdraw", round=9, **ALL).case(
        "A withdrawal counts in whatever round.",
        expect(
            "resting/withdrawn", LINEAR + " o2+", uncertified={"o": ["o2"], "d": ["o2"]}
        ),
    ),
    "withdrawal-of-everything-and-something": accepted(parts=["sex"]).o(
        "withdraw", withdrawal={"everything": True, "categories": ["name"]}
    ).case(
        "Everything is everything, whatever stands beside it.",
        expect(
            "resting/withdrawn", LINEAR + " o2+", parts={"sex": "o withdrawn"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "act-of-another-round": accepted().d("progress", round=2, items=states("in_delivery")).case(
        "There is no second round before it is reopened.", expect("accepted", LINEAR + " d3x")
    ),
    "erased": accepted(parts=["sex", "age_band"]).o("withdraw", **some("sex")).sync().d(
        "erased", certificate=certificate("o2")
    ).sync().o("erased", certificate=certificate("o2")).case(
        "Both holders have certified.",
        expect(
            "accepted", LINEAR + " o2+ d3+ o3+", parts={"sex": "o erased", "age_band": "o sent"}
        ),
    ),
    "certified-by-one": accepted(parts=["sex"]).o("withdraw", **some("sex")).sync().d(
        "erased", certificate=certificate("o2")
    ).d("erased", certificate=certificate("o2")).case(
        "One certificate is not enough, and twice is once.",
        expect(
            "accepted", LINEAR + " o2+ d3+ d4x", parts={"sex": "o withdrawn"},
            uncertified={"o": ["o2"]},
        ),
    ),
    "certified-with-one-further-down": accepted(parts=["sex"]).o(
        "withdraw", **some("sex")
    ).sync().d(
        "erased", certificate=certificate("o2", awaits=[CLINIC])
    ).sync().o("erased", certificate=certificate("o2")).case(
        "Both have certified, and one of them waits for a holder further down.",
        expect("accepted", LINEAR + " o2+ d3+ o3+", parts={"sex": "o withdrawn"}),
    ),
    "certified-further-down": accepted(parts=["sex"]).o("withdraw", **some("sex")).d(
        "progress", items=states("in_delivery")
    ).sync().d(
        "erased", certificate=certificate("o2", awaits=[CLINIC])
    ).o("erased", certificate=certificate("o2")).d(
        "erased", certificate=certificate("o2", further=[SIGNED])
    ).sync().d(
        "erased", certificate=certificate("o2", further=[SIGNED])
    ).d("erased", certificate=certificate("o2", awaits=[CLINIC])).case(
        "A further certificate tells what the last holder certified; the same again, or one that "
        "takes it back, is not allowed.",
        expect(
            "active", LINEAR + " o2+ d3+ o3+ d4+ d5+ d6x d7x", "now in_delivery",
            parts={"sex": "o erased"},
        ),
    ),
    "kept-by-law": accepted(parts=["sex", "age_band"]).o("withdraw", **some("sex", "age_band"))
    .sync().d(
        "erased", certificate=certificate("o2", keeps=["sex"])
    ).sync().o("erased", certificate=certificate("o2")).case(
        "What one side keeps, sealed, is not erased; the rest is.",
        expect(
            "accepted", LINEAR + " o2+ d3+ o3+",
            parts={"sex": "o withdrawn", "age_band": "o erased"},
        ),
    ),
    "kept-no-longer": accepted(parts=["sex"]).o("withdraw", **some("sex")).sync().d(
        "erased", certificate=certificate("o2", keeps=["sex"])
    ).sync().o("erased", certificate=certificate("o2")).d(
        "erased", certificate=certificate("o2")
    ).d("erased", certificate=certificate("o2", keeps=["sex"])).case(
        "A further certificate says that it is gone; nothing is kept again.",
        expect("accepted", LINEAR + " o2+ d3+ o3+ d4+ d5x", parts={"sex": "o erased"}),
    ),
    "kept-stays-sealed": accepted(parts=["sex"]).o("withdraw", **some("sex")).sync().d(
        "erased", certificate=certificate("o2", keeps=["sex"])
    ).d("opened", opened=[named("sex")]).case(
        "What is kept is withdrawn: who says that it was opened changes nothing of that.",
        expect(
            "accepted", LINEAR + " o2+ d3+ d4+", parts={"sex": "o withdrawn"},
            uncertified={"o": ["o2"]},
        ),
    ),
    "certificates-of-an-earlier-withdrawal": accepted(parts=["sex"]).o(
        "withdraw", **some("sex", "name")
    ).o("disclose", parts=["name"]).o("withdraw", **ALL).o(
        "erased", certificate=certificate("o2")
    ).sync().d("erased", certificate=certificate("o2")).case(
        "They erase what that withdrawal took back, not what a later one did.",
        expect(
            "resting/withdrawn", LINEAR + " o2+ o3+ o4+ o5+ d3+",
            parts={"sex": "o erased", "name": "o withdrawn"},
            uncertified={"o": ["o4"], "d": ["o4"]},
        ),
    ),
    "refused-parts": offered(parts=["age_band", "hiv"]).d(
        "acknowledge", refused=refused("hiv")
    ).case(
        "The receiver's next entry says which parts it refused.",
        expect(
            "acknowledged", "o1+ d1+", "now requested",
            {"age_band": "o sent", "hiv": "o refused beyond_grant"},
        ),
    ),
    "own-parts-are-not-refused": offered(parts=["age_band"]).o(
        "withdraw", **some("sex"), refused=refused("age_band")
    ).case(
        "Nobody refuses a part of their own.",
        expect(
            "offered", "o1+ o2+", "now requested", {"age_band": "o sent"},
            uncertified={"o": ["o2"], "d": ["o2"]},
        ),
    ),
    "opened": accepted(parts=["age_band", "sex"]).d("opened", opened=[named("sex")]).case(
        "A person has read it.",
        expect("accepted", LINEAR + " d3+", parts={"age_band": "o sent", "sex": "o opened"}),
    ),
    "digest-bound-once": accepted(parts=["sex"]).d(
        "progress", items=states("in_delivery"), parts=["sex"]
    ).case(
        "Whoever names a digest again binds nothing.",
        expect("active", LINEAR + " d3+", "now in_delivery", {"sex": "o sent"}),
    ),
    "handover": accepted().o("handover").sync().d("handover", confirms=named("o2")).o(
        "handover"
    ).case(
        "Each side signs once; the second names the first.",
        expect("accepted", LINEAR + " o2+ o3x d3+", handover="od"),
    ),
    "handovers-cross": accepted().o("handover").d("handover").case(
        "Two first signatures that cross both count.",
        expect("accepted", LINEAR + " o2+ d3+", handover="od"),
    ),
    "order-of-crossing-acts": accepted().o("close").d(
        "progress", items=states("scheduled")
    ).d("progress", items=states("in_delivery")).o("close", seen=3).o("close", seen=3).case(
        "An entry follows what it had seen; otherwise the origin's comes first.",
        expect("active", LINEAR + " o2+ d3+ o3+ o4+ d4+", "now in_delivery", closed=True),
    ),
    "cycle": Script().o("offer", seen=1, items=[{"number": 1, "wish": "now"}]).d(
        "acknowledge", seen=1
    ).case("Each says to have seen the other first.", {"error": "CYCLE"}),
    "seen-what-is-not-there": offered().o("close", seen=4).case(
        "An entry says to have seen more than there is.", {"error": "CYCLE"}
    ),
    "unseen": accepted().o("close").o("close", seen=1).case(
        "An entry has seen less than the one before it.", {"error": "CYCLE"}
    ),
}  # fmt: skip
