"""Fetching mail: a node whose entry names a mailbox asks it, and takes what is there.

Here the suite's partner is the mailbox.
"""

from __future__ import annotations

from onward_conformance.check import PAUSE, SECONDS, Bench, check
from onward_conformance.jose import Key, read
from onward_conformance.network import Json
from onward_conformance.referral import Envelope
from onward_conformance.results import Failed, spelled
from onward_conformance.said import claims
from onward_conformance.wire import Answer


def _offer(bench: Bench, **changed: object) -> Envelope:
    referral = bench.referral(bench.cast.second)
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts), **changed)


def _fetched(bench: Bench, made: Json) -> str:
    """The receipt that the target brings for an envelope in its mailbox."""
    before = bench.peer.questions
    mid = bench.peer.post(bench.agency, made)
    # A node that has found nobody here, before the suite listened, asks again after a pause.
    seconds = PAUSE if bench.patience == SECONDS else 0.0
    bench.until(
        "a question for mail",
        lambda: bench.peer.questions > before or None,
        by="MBOX-040",
        seconds=seconds,
    )
    return bench.until(
        "a receipt with a question for mail", lambda: bench.peer.receipts.get(mid), by="MBOX-042"
    )


@check("MBOX-041", "MBOX-040", "MBOX-042")
def mail_is_fetched_and_receipted(bench: Bench) -> None:
    """What lies in the mailbox is fetched, taken, and receipted with the next question."""
    made = _offer(bench).made()
    bench.receipt(made, Answer(_fetched(bench, made)))


@check("MBOX-041")
def fetched_twice_is_taken_once(bench: Bench) -> None:
    """An envelope that comes again gets the byte-identical receipt."""
    made = _offer(bench).made()
    first = _fetched(bench, made)
    bench.peer.receipts.clear()
    if _fetched(bench, made) != first:
        raise Failed("the byte-identical receipt", "another")


def _never(name: str, about: str, **changed: object) -> None:
    """A check that bad mail gets no receipt, and does not hold back what is behind it."""

    def run(bench: Bench) -> None:
        bad, good = _offer(bench, **changed).made(), _offer(bench).made()
        mid = bench.peer.post(bench.agency, bad)
        _fetched(bench, good)
        if mid in bench.peer.receipts:
            said = claims(read(bench.peer.receipts[mid])[1])
            raise Failed("no receipt", f"one with {spelled(sorted(said))}")

    run.__name__ = name
    run.__doc__ = f"Mail {about} gets no receipt, and what is behind it is taken."
    check("MBOX-041", "MBOX-043", negative=True)(run)


_never("mail_that_is_forged", "with a forged header", token={"key": Key.new()})
_never("mail_for_another_recipient", "for another agency", header={"aud": "a.conformance.example"})
_never("mail_that_does_not_open", "that does not open", padded=b"\0" * 100)
_never("mail_of_an_unknown_version", "of another version", header={"version": "9.0"})
