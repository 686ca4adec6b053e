"""Trouble, on stage: a sender breaks its word; a withdrawal while the other node is dead."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path

from onward.errors import PartGone
from onward_server.demo import disk
from onward_server.demo.desks import wait
from onward_server.demo.play import Play
from onward_server.demo.told import Scene, Search
from onward_server.demo.world import World

EXCESS = "exploitation_location"
"""The category that the broken node sends though nobody agreed to it."""


def beyond_grant(world: World, play: Play) -> Scene:
    """A disclosure with one part beyond its grant: that part is refused, and the log goes on."""
    steps = [f"The ministry's node is started again, broken on purpose: it sends {EXCESS} unasked."]
    world.origin.end()
    world.origin.start("onward_server.demo.faulty", EXCESS)
    world.origin.wait()
    play.desks.origin.get_referral(play.person.referral_id)
    play.disclose()
    play.open()
    world.origin.end()
    world.origin.start()
    world.origin.wait()
    referral = play.desks.origin.get_referral(play.person.referral_id)
    refused = [part for part in referral.parts if part.state == "refused"]
    steps += [f"The NGO's node refuses it: {part.category}, {part.refusal}." for part in refused]
    steps.append(f"It took the others: {', '.join(play.person.inbox_after)}.")
    waiting = [one.code for one in referral.needs_human]
    steps.append(f"At the ministry it waits for a human: {', '.join(waiting)}. The log goes on.")
    good = (
        [part.category for part in refused] == [EXCESS]
        and EXCESS not in play.person.inbox_after
        and "part_refused" in waiting
    )
    return Scene("A part beyond its grant", steps, good)


def withdrawal(world: World, play: Play, other: Play) -> tuple[Scene, list[Search]]:
    """The NGO's node is killed; she withdraws meanwhile; it comes back."""
    name = play.person.name
    words = [word for word in name.split() if len(word) >= disk.SHORTEST]
    before = disk.search("the NGO's disk while it held her data", world.destination.folder, words)
    desks, referral_id = play.desks, play.person.referral_id
    # The first event of a watch tells where now is.
    cursor = next(desks.destination.watch()).cursor
    world.destination.end(signal.SIGKILL)
    steps = ["The NGO's node is killed: no warning, no clean-up."]
    desks.origin.get_referral(other.person.referral_id)
    desks.origin.handover(other.person.referral_id)
    steps.append("The ministry goes on with another referral: that message has to wait.")
    desks.origin.withdraw(referral_id, everything=True)
    steps.append(f"{name} takes everything back. At the ministry it is sealed at once.")
    world.destination.start()
    world.destination.wait()
    steps.append("The NGO's node comes back.")
    first = next(desks.destination.watch(cursor))
    lands_first = first.referral_id == referral_id
    steps.append(f"What lands first: {'the withdrawal' if lands_first else 'something else'}.")

    def certified() -> bool | None:
        referral = desks.origin.get_referral(referral_id)
        return len(referral.certified) == 2 or None

    wait(certified, "both certificates")
    desks.settled(other.person.referral_id)
    referral = desks.settled(referral_id)
    steps.append(f"Certificates from: {', '.join(referral.certified)}.")
    gone = unreadable(play)
    steps.append("At the NGO nothing of hers can be opened any more." if gone else "STILL READABLE")
    after = disk.search("the NGO's disk afterwards", world.destination.folder, words)
    keys = keys_left(world.destination.folder, referral_id)
    steps.append(f"Keys of her case left at the NGO: {keys}. Her name on its disk: "
                 f"{'not found' if not after.found else 'FOUND'}.")  # fmt: skip
    good = lands_first and gone and not after.found and not before.found and keys == 0
    good = good and (referral.phase, referral.rest_reason) == ("resting", "withdrawn")
    return Scene("She withdraws while the other node is dead", steps, good), [before, after]


def unreadable(play: Play) -> bool:
    """Whether the NGO can open nothing of hers."""
    there = play.desks.destination
    there.get_referral(play.person.referral_id)
    try:
        there.open(play.person.referral_id)
    except PartGone:
        return True
    return False


def keys_left(folder: Path, referral_id: str) -> int:
    """How many keys of a case the keyring still has."""
    with sqlite3.connect(f"file:{folder / 'keys' / 'keyring.sqlite3'}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT count(*) FROM keys WHERE id LIKE ?", (f"{referral_id}/%",))
        return int(rows.fetchone()[0])
