"""What went on to a third agency is taken back at the first: all three destroy it, and certify."""

from __future__ import annotations

from collections.abc import Iterator

from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import LinkRequest
from onward_server.demo.stage import holding
from onward_server.demo.stage.ending import End
from onward_server.demo.stage.people import OFFERED, Person, items, woman
from onward_server.demo.stage.stage import Stage

TITLE = "Taken back from all who have it"
ABOUT = (
    "With her yes, what the shelter told the ministry of Shirin went on to the women's centre. She "
    "takes it back where she is known, at the shelter, and wishes it destroyed at once: there it "
    "is, and at the two others after their own short delay. Each of the three destroys what it has "
    "of the referral, and signs that it did; the shelter can show her all three. The shelter's own "
    "file about her is not what is destroyed, and her help goes on."
)

NAMED = ("name", "contact_safe")
"""What goes all the way, beside what an offer holds."""


def play(stage: Stage) -> Iterator[int]:
    """Play it."""
    shelter, ministry, centre = stage.desks("shelter", "ministry", "centre")
    shirin = woman("Shirin Specimen", band="a21_23", born="2003-02-17")
    asked = shirin.wants(("counselling_professional", "now"))
    consent = shelter.asks(
        shirin, ministry, centre, permit=[*NAMED, "date_of_birth"],
        onward_sharing="same_purpose_named",
        say="She agrees that the ministry is asked, and may pass it on to the centre, to nobody "
        "else.",
    )  # fmt: skip
    first = shelter.offers(ministry, shirin, consent, asked, "Asks the ministry.")
    ministry.does(first, "acknowledge", "Farida has seen it.")
    ministry.does(first, "decide", "Yes, with the centre.", items("accepted", 1))
    shelter.discloses(first, "Who she is, and how to call her.")
    known = Person("Shirin", record=ministry.reads(first, "Calls her."))

    consent = ministry.asks(
        known, centre, permit=NAMED, say="She agrees again: the centre, and no date of birth."
    )
    second = ministry.offers(
        centre, known, consent, [Item(number=1, wish="now")], "Asks the centre, with what came "
        "from the shelter.", link=LinkRequest(kind="onward", referral_id=first.referral_id),
    )  # fmt: skip
    centre.does(second, "acknowledge", "Nasrin has seen it.")
    centre.does(second, "decide", "Yes.", items("accepted", 1))
    ministry.discloses(second, "Her name, and how to call her.")
    centre.reads(second, "Calls her.")
    centre.does(second, "progress", "The first hour has begun.", items("in_delivery", 1))

    stage.life(shirin, "The hours are good. But my name is in three places, and I want it in none.")
    stage.goes_down(centre)
    seen: holding.Seen = {}
    shelter.does(first, "withdraw", "Takes everything back, to be destroyed at once as she wishes, "
                 "and asks her no reason. Its own file about her stays; her hours go on.",
                 everything=True, destroy_now=True)  # fmt: skip
    holding.sealed(shelter, first, seen)
    holding.sealed(ministry, first, seen)
    ministry.cannot("PART_GONE", "Wants to read it once more.", "open", first)
    holding.certified(shelter, first, shelter, ministry)
    called = {one.post.agency: one.post.called for one in (shelter, ministry, centre)}
    waits = [called[one.agency] for one in shelter.sees(first).holders if not one.certified]
    stage.told(
        shelter, "Can tell her at once who has destroyed it, and who has not.",
        [("waits", f"the certificate of {one}") for one in waits],
    )  # fmt: skip
    stage.check("while its node was off, the centre was named as the one that is waited for",
                waits == [centre.post.called])  # fmt: skip

    stage.comes_back(centre)
    holding.sealed(centre, second, seen)
    centre.cannot("PART_GONE", "Wants to read it.", "open", second)
    holding.certified(shelter, first, shelter, ministry, centre)
    holding.certified(ministry, second, ministry, centre)
    stage.told(shelter, "Shows her that all three have destroyed it.")
    stage.holds(first, seen)
    for case, state, knew in (
        (first, "accepted", {*NAMED, "date_of_birth"}), (second, "in_delivery", {*NAMED})
    ):  # fmt: skip
        stage.ends(case, End("resting", "withdrawn", items={1: ("now", state)}, certified=True))
        gone = {part.category for part in case.destination.sees(case).parts
                if part.state == "erased"} - {"grant"}  # fmt: skip
        stage.check(f"{case.destination.post.called}: all that it had is erased",
                    gone == {*OFFERED, *knew})  # fmt: skip
    theirs = {one.agency for one in centre.sees(second).holders}
    stage.check("nobody told the centre that there was a shelter before the ministry",
                theirs == {ministry.post.agency, centre.post.agency})  # fmt: skip
    yield from ()
