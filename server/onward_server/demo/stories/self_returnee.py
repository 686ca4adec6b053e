"""She came back alone, says not now, and comes back a year later at another agency."""

from __future__ import annotations

from collections.abc import Iterator

from onward.v1.categories_pb2 import ChoiceRecord
from onward.v1.local_pb2 import LinkRequest
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import items, wishes, woman
from onward_server.demo.stage.stage import Stage

TITLE = "Not now, and a year later at another door"
ABOUT = (
    "Rahima came back alone, and no authority ever recorded her as a victim. Nobody needs that: "
    "she is offered help, says not now, and is not asked why she comes back."
)


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    centre, ministry, migrants = stage.desks("centre", "ministry", "migrants")
    rahima = woman("Rahima Sample")
    stage.life(rahima, "Other women who came back bring her to the centre.")
    asked = rahima.wants(
        ("transitional_housing", "undecided"),
        ("psychosocial_counselling", "undecided"),
        ("vocational_training", "now"),
    )
    consent = centre.asks(
        rahima, ministry, say="She agrees to be offered three services, without her name.",
    )  # fmt: skip
    first = centre.offers(ministry, rahima, consent, asked, "Asks whether there is a place.")
    ministry.does(first, "acknowledge", "Farida has seen it.")

    stage.life(rahima, "Too much at once. She wants to manage alone, and be left in peace.")
    record = ChoiceRecord()
    for number in (1, 2, 3):
        reasons = ["too_much_information", "managing_alone"]
        record.choice_reasons.choices.add(number=number, reasons=reasons)
    centre.does(
        first, "choice", "Writes down what she wants: no housing; the rest perhaps later. Her "
        "reasons are asked for, and stay here: she did not agree to share them.",
        wishes("never", 1) + wishes("later", 2, 3),
        record=record,
    )  # fmt: skip
    stage.ends(
        first,
        End(
            "resting", "deferred",
            items={1: ("never", "declined_by_survivor"), 2: ("later", "requested"),
                   3: ("later", "requested")},
            reads_there={"age_band", "sex", "language", "needs_services"},
        ),
    )  # fmt: skip
    yield 365

    stage.chapter("A year later")
    stage.life(rahima, "Her savings are gone. She goes to the migrants' group in her own town.")
    asked = rahima.wants(("vocational_training", "now"), ("mutual_support_group", "now"))
    consent = centre.asks(
        rahima, migrants, permit=["name", "contact_safe"],
        say="Asked anew, on the telephone: yes, the migrants' group may know who she is.",
    )  # fmt: skip
    second = centre.offers(
        migrants, rahima, consent, asked, "Refers her anew: she is not held to what she once said.",
        link=LinkRequest(kind="resumes", referral_id=first.referral_id),
    )  # fmt: skip
    migrants.does(second, "acknowledge", "Jahanara has seen it.")
    migrants.does(
        second, "decide", "Yes to both.",
        items("accepted", 1, 2),
    )  # fmt: skip
    centre.discloses(second, "Now her name and how to reach her go, and nothing else.")
    migrants.reads(second, "Calls her, as she wants to be called.")
    migrants.does(
        second, "progress", "Training and the group begin.",
        items("in_delivery", 1, 2),
    )  # fmt: skip
    stage.ends(
        second,
        End(
            "active",
            items={1: ("now", "in_delivery"), 2: ("now", "in_delivery")},
            reads_there={
                "age_band", "sex", "language", "needs_services", "name", "contact_safe",
            },
        ),
    )  # fmt: skip
    told = {p.category for case in (first, second) for p in centre.sees(case).parts}
    found = rahima.record.HasField("identification_status") or "identification_status" in told
    stage.check("no identification status stands anywhere, and nobody asked for one", not found)
