"""An agency can't help and names another: nothing goes there before she agrees."""

from __future__ import annotations

from collections.abc import Iterator

from onward.calls import offer_record
from onward.v1.entry_pb2 import Question
from onward.v1.local_pb2 import LinkRequest
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, items, woman
from onward_server.demo.stage.stage import Stage

TITLE = "A forward to a third agency"
ABOUT = (
    "Salma wants a trade and a place to live. The ministry can't offer the trade and knows who "
    "can. Only the agency that asked, and only with her word, can ask there."
)


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    shelter, ministry, centre = stage.desks("shelter", "ministry", "centre")
    salma = woman("Salma Mockname", band="a18_20", born="2006-06-30")
    asked = salma.wants(("vocational_training", "now"), ("transitional_housing", "now"))
    consent = shelter.asks(
        salma, ministry, permit=["name"], say="She agrees that the ministry is asked, nobody else."
    )
    first = shelter.offers(ministry, salma, consent, asked, "Asks the ministry.")
    before = len(list(centre.client.list_referrals()))
    ministry.does(first, "acknowledge", "Farida has seen it.")
    ministry.does(
        first, "clarify", "Asks back, by code: in what language, and who comes along?",
        Question(codes=["language_or_access", "who_comes_along"], items=[1]),
    )  # fmt: skip
    salma.record.language.interpreter_needed = False
    salma.record.needs_services.children_along = 0
    question = shelter.sees(first).question_entry
    shelter.does(
        first, "answer", "Answers: Bengali is enough, she comes alone.", answers=question,
        record=offer_record(salma.record),
    )  # fmt: skip
    ministry.does(
        first, "propose_forward", "No places left. Names the women's centre; the centre hears "
        "nothing of it.", centre.post.agency,
    )  # fmt: skip
    shelter.waits(first, "forward_proposed")
    nothing = len(list(centre.client.list_referrals())) == before
    stage.check("while the ministry only proposed it, nothing reached the centre", nothing)
    shelter.cannot(
        "CONSENT_SCOPE", "Sends it on at once, on the old consent.", "offer",
        destination=centre.post.agency, consent_id=consent, items=asked, record=salma.record,
    )  # fmt: skip

    stage.life(salma, "The women's centre? Yes.")
    consent = shelter.asks(
        salma, centre, permit=["name", "contact_safe"], say="Asked anew: the centre, and her name."
    )
    second = shelter.offers(
        centre, salma, consent, asked, "Asks the centre itself. That the two belong together "
        "stays at the shelter.", link=LinkRequest(kind="forward", referral_id=first.referral_id),
    )  # fmt: skip
    centre.does(second, "acknowledge", "Nasrin has seen it.")
    centre.does(
        second, "decide", "Yes to both.",
        items("accepted", 1, 2),
    )  # fmt: skip
    shelter.discloses(second, "Her name, and how to call her.")
    centre.reads(second, "Calls her.")
    shelter.does(first, "cancel", "Asks the ministry to cancel.", "forwarded")
    ministry.waits(first, "cancel_requested")
    ministry.does(first, "confirm_cancel", "Confirms.")
    stage.ends(
        first,
        End(
            "resting", "cancelled", reads_there=OFFERED,
            items={1: ("now", "requested"), 2: ("now", "requested")},
        ),
    )  # fmt: skip
    stage.ends(
        second,
        End(
            "accepted",
            items={1: ("now", "accepted"), 2: ("now", "accepted")},
            reads_there={*OFFERED, "name", "contact_safe"},
        ),
    )  # fmt: skip
    links = [
        bool(desk.sees(case).links)
        for desk, case in ((shelter, second), (ministry, first), (centre, second))
    ]
    stage.check(
        "only the shelter knows that the two belong together", links == [True, False, False]
    )
    yield from ()
