"""She came back alone, says not now, and comes back a year later at another agency."""

from __future__ import annotations

from collections.abc import Iterator

from onward.core import waycode
from onward.v1.categories_pb2 import ChoiceRecord
from onward.v1.knocks_local_pb2 import KnockRecord
from onward_server.demo import words
from onward_server.demo.desks import wait
from onward_server.demo.stage.desk import Desk
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, wishes, woman
from onward_server.demo.stage.stage import Stage

TITLE = "Not now, and a year later at another door"
ABOUT = (
    "Rahima came back alone, and no authority ever recorded her as a victim. Nobody needs that: "
    "she is offered help, says not now, and is not asked why she comes back."
)
FRUIT = "jackfruit"
"""What she will answer when she is asked for a fruit. It stands on no card."""


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    # All four: a card names none of the agencies that share its first two digits.
    centre, ministry, migrants, _ = stage.desks("centre", "ministry", "migrants", "shelter")
    rahima = woman("Rahima Sample")
    stage.life(rahima, "Other women who came back bring her to the centre.")
    asked = rahima.wants(
        ("transitional_housing", "undecided"),
        ("psychosocial_counselling", "undecided"),
        ("vocational_training", "now"),
    )
    consent = centre.asks(
        rahima, ministry, say="She agrees to be offered three services, without her name."
    )
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
    made = centre.client.make_standing_offer(
        services=["psychosocial_counselling", "vocational_training"], question="fruit",
        answer=FRUIT, referral_ids=[first.referral_id],
    )  # fmt: skip
    stage.told(
        centre, "Gives her a way back: a number on a card that could be any club's, and a question "
        "of her own choice. The node keeps neither.", [("card", _hidden(made.code))],
    )  # fmt: skip
    stage.ends(
        first,
        End(
            "resting", "deferred",
            items={1: ("never", "declined_by_survivor"), 2: ("later", "requested"),
                   3: ("later", "requested")},
            reads_there=OFFERED,
        ),
    )  # fmt: skip
    yield 365

    stage.chapter("A year later")
    stage.life(rahima, "Her savings are gone. She goes to the migrants' group in her own town.")
    wrong = _told_at(migrants, made.code, "mango")
    stage.told(
        migrants, "Somebody else has found the card and guesses a fruit: the desk learns nothing.",
        [("stays", "who gave the card, what it is for, and that there is anything at all")],
    )  # fmt: skip
    right = _told_at(migrants, made.code, FRUIT.upper())
    stage.told(
        migrants, "She says her number and her fruit. Now, and not before, the desk sees that the "
        "women's centre stands open for her.",
        [("open", ", ".join(words.label("service_type", one) for one in right.services))],
    )  # fmt: skip
    stage.check("a found card told nothing; her own word opened the door",
                (wrong.status, wrong.agency, list(wrong.services)) == ("not_confirmed", "", [])
                and (right.status, right.agency) == ("confirmed", centre.post.agency))  # fmt: skip
    asked = rahima.wants(("vocational_training", "now"), ("mutual_support_group", "now"))
    consent = migrants.asks(
        rahima, centre, permit=["name", "contact_safe"],
        say="Asked anew: yes, and with her name once the centre has said yes.",
    )  # fmt: skip
    second = migrants.offers(
        centre, rahima, consent, asked, "Refers her: she is not held to what she once said.",
        resumes=right.resumes,
    )  # fmt: skip
    (there,) = [one for one in centre.client.list_knocks() if one.knock_id == right.resumes]
    centre.client.answer_knock(there.knock_id)
    migrants.client.answer_knock(right.knock_id)
    centre.does(second, "acknowledge", "Nasrin has seen it: somebody who has a way back is here.")
    centre.does(second, "decide", "Yes to both.", items("accepted", 1, 2))
    migrants.discloses(second, "Now her name and how to reach her go, and nothing else.")
    centre.reads(second, "Calls her, as she wants to be called.")
    centre.does(second, "progress", "Training and the group begin.", items("in_delivery", 1, 2))
    stage.ends(
        second,
        End(
            "active", items=dict.fromkeys((1, 2), ("now", "in_delivery")),
            reads_there={*OFFERED, "name", "contact_safe"},
        ),
    )  # fmt: skip
    told = {p.category for p in (*centre.sees(first).parts, *centre.sees(second).parts)}
    found = rahima.record.HasField("identification_status") or "identification_status" in told
    stage.check("no identification status stands anywhere, and nobody asked for one", not found)


def _hidden(code: str) -> str:
    """A code as the story may show it: whoever reads along must not be able to use it."""
    shown = waycode.shown(code)
    return "".join("•" if one.isdigit() else one for one in shown) + " (hers alone)"


def _told_at(desk: Desk, code: str, answer: str) -> KnockRecord:
    """Told at a desk; what its node says once all agencies that could have given it were asked."""
    asked = desk.client.claim(waycode.shown(code), answer=answer)

    def settled() -> KnockRecord | None:
        found = desk.client.get_knock(asked.knock_id)
        return found if found.status != "pending" else None

    return wait(settled, "an answer to a way back")
