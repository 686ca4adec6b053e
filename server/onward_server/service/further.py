"""What a certificate says of holders further down: whom it waits for, and who has certified.

What came in a referral and was passed on is held by others, too. A withdrawal was relayed to them
(service/relays.py); what they certify goes up the same way, as they signed it.
"""

from __future__ import annotations

from contextlib import suppress

from onward.core import entries
from onward.core.certificates import Certified
from onward.core.refused import Refused
from onward.core.states import State, Withdrawn
from onward.v1.entry_pb2 import Certificate
from onward_server.ports import Tx
from onward_server.service import forwards, ledger
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

MAX_TOKENS = 16
"""Most entries that a certificate carries."""

MAX_AWAITED = 64
"""Most holders that a certificate waits for by name."""

MAX_BYTES = 112 * 1024
"""Room for them within an entry that has to fit an envelope once it is signed, which takes a third
more; what a certificate names as destroyed takes of it."""

DIGEST_BYTES = 46
"""One digest in a list, in bytes."""


def fill(ctx: Context, tx: Tx, book: Ledger, found: Withdrawn, certificate: Certificate) -> None:
    """Put into a certificate of ours whom it waits for, and as many of the others' certificates as
    fit that none of ours has told. What did not fit is waited for, and goes with the next.
    """
    if book.side == "origin":
        return  # What was passed on is what came, and it came to the destination.
    before = book.state().certificates.get((book.side, found.entry), Certified())
    room = MAX_BYTES - len(certificate.destroyed) * DIGEST_BYTES
    awaits: set[str] = set()
    deeper: set[str] = set()
    for referral_id in forwards.targets(ctx, tx, book.row.referral_id):
        try:
            there = ledger.load(tx, referral_id, ctx.agency)
        except Refused:
            continue  # Lost with a database that was restored; the other agency still has it.
        answers = _answers(there, found)
        if not _gone(there.state(), found, answers):
            awaits.add(there.other_agency)
        for hash_, token in _tokens(there, answers):
            if hash_ in before.further:
                continue
            if len(certificate.further) == MAX_TOKENS or len(token) > room:
                awaits.add(there.other_agency)
                continue
            room -= len(token)
            certificate.further.append(token)
        for one in answers:
            said = there.state().certificates.get(("destination", one.entry), Certified())
            deeper |= said.awaits
    # Our own first: what others name must not make a certificate of ours invalid.
    named = [*sorted(awaits), *sorted(deeper - awaits)]
    certificate.awaits.extend(named[:MAX_AWAITED])


def drop(certificate: Certificate) -> bool:
    """Take the others' certificates out of one of ours that can't be written with them. Who gave
    them is waited for. Gives whether there was anything to take out.
    """
    if not certificate.further:
        return False
    awaits = list(certificate.awaits)
    given = []
    for token in certificate.further:
        with suppress(Refused, ValueError):
            given.append(entries.peek(token).author)
    del certificate.further[:], certificate.awaits[:]
    certificate.awaits.extend(list(dict.fromkeys([*given, *awaits]))[:MAX_AWAITED])
    return True


def _answers(there: Ledger, found: Withdrawn) -> list[Withdrawn]:
    """Withdrawals in a forward that take back something of what this one does."""
    return [
        one
        for one in there.state().withdrawals
        if one.everything or found.everything or one.categories & found.categories
    ]


def _gone(state: State, found: Withdrawn, answers: list[Withdrawn]) -> bool:
    """Whether the holder there has certified all that is in scope, and keeps nothing of it."""
    certified = {
        one.entry
        for one in answers
        if ("destination", one.entry) in state.certified
        and not state.certificates["destination", one.entry].kept
    }
    taken = [part for part in state.parts.values() if part.voided and found.covers(part.category)]
    return bool(certified) and all(certified & set(part.voided) for part in taken)


def _tokens(there: Ledger, answers: list[Withdrawn]) -> list[tuple[str, str]]:
    """Certificates of the holder there, oldest first, each with its hash."""
    outcomes = there.state().outcomes
    named = {one.entry for one in answers}
    return [
        (row.hash, row.jws)
        for row in there.rows
        if row.side == "destination"
        and row.entry.kind == "erased"
        and row.entry.certificate.withdrawal in named
        and outcomes.get(row.hash) == "counted"
    ]


def settled(state: State) -> bool:
    """Whether everything was taken back, and nobody further down is waited for any more."""
    return any(
        one.everything
        and ("destination", one.entry) in state.certified
        and state.certificates["destination", one.entry].complete
        for one in state.withdrawals
    )
