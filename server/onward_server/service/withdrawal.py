"""What was taken back: sealed at once, destroyed after a delay, and certified.

Called after every change of a log, ours or received, so that it makes no difference which side
a withdrawal came from, or in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import structlog

from onward.core.clock import stamp
from onward.core.consent_status import says_no
from onward.core.guards import covered, withdrawable
from onward.core.refused import Refused
from onward.core.states import Side, State, Withdrawn
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Certificate, Entry, Kept
from onward_server.ports import ErasureRow, PartRow, Tx
from onward_server.ports_erasure import KeptRow
from onward_server.ports_withdrawals import RelayRow
from onward_server.service import (
    asked,
    content,
    forwards,
    further,
    keeping,
    links,
    shelf,
    suspected,
    taken_back,
)
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

log = structlog.get_logger("onward.node")

MAX_NAMED = 512
"""Most parts that a certificate names, so that those of four agencies fit into each other. What is
destroyed has no limit."""


def seal(ctx: Context, tx: Tx, book: Ledger, *, at_once: bool = False) -> None:
    """Make unreadable whatever the fold says was withdrawn, and plan its destruction.

    `at_once` plans it for now, with all that was taken back before and is covered by it: the
    person has confirmed, and a certificate must not come later than the destruction.
    """
    state = book.state()
    referral_id = book.row.referral_id
    held = [r for r in tx.parts(referral_id) if r.outcome == "held"] if _touched(state) else []
    _seal(tx, referral_id, [row for row in held if _voided(state, row)])
    _drop_corrected(ctx, tx, book, state, held)
    planned = {row.withdrawal for row in tx.erasures(referral_id)}
    due = ctx.now() if at_once else ctx.now() + ctx.destroy_after
    waiting = [w for w in state.withdrawals if (book.side, w.entry) not in state.certified]
    new = [one for one in waiting if one.entry not in planned]
    for one in new:
        tx.add_erasure(ErasureRow(referral_id, one.entry, due))
        with _held_up_by_nothing("not kept for a restore"):
            taken_back.note(ctx, tx, book, one)
        _take_back_consent(ctx, tx, book, one)
    for one in waiting if at_once else ():
        if any(later.includes(one) for later in new):
            tx.hasten_erasure(referral_id, one.entry, due)
    if state.withdrawals:
        _note(ctx, tx, book, at_once)


def _note(ctx: Context, tx: Tx, book: Ledger, at_once: bool) -> None:
    """What other referrals may have to hear of: withdrawals, and certificates of whoever holds
    what came from elsewhere. It is carried out after this transaction (service/relays.py).
    """
    referral_id = book.row.referral_id
    taken = [one.entry for one in book.state().withdrawals]
    certified = [act.hash for act in book.logs["destination"] if act.kind == "erased"]
    known = tx.relays(referral_id)
    for hash_ in taken + certified:
        if hash_ not in known:
            tx.add_relay(RelayRow(referral_id, hash_, at_once))
    if not set(taken) <= known:
        try:
            forwards.note(ctx, tx, book)
        except Refused as fault:
            # A link that can't be read. What is noted stays due until it can.
            log.error("not noted", reason=fault.reason)


def _touched(state: State) -> bool:
    return bool(state.withdrawals) or any(p.state == "corrected" for p in state.parts.values())


def _drop_corrected(ctx: Context, tx: Tx, book: Ledger, state: State, held: list[PartRow]) -> None:
    """What its author has corrected is gone here, with its key: what stands in for it, and what
    else was under that key, moves to another.
    """
    wrong = [row for row in held if state.parts[row.digest].state == "corrected"]
    if wrong:
        shelf.Shelf(ctx, tx, book).retire(tx, wrong, "corrected")


def _take_back_consent(ctx: Context, tx: Tx, book: Ledger, one: Withdrawn) -> None:
    """The origin's own record of the consent follows, so that nothing is sent by it again. One that
    can't be read or written holds back no withdrawal: nothing goes by it, and her no is kept with
    the keys, should a backup bring it back.
    """
    if book.side != "origin" or one.kind != "withdraw":
        return  # Where the referral was an error, what the person agreed to was not.
    try:
        _end_consent(ctx, tx, book, one)
    except Refused as fault:
        log.error("consent not ended", reason=fault.reason)
        with _held_up_by_nothing("not kept for a restore"):
            content.remember_no(ctx, tx, book.row.consent_id, ended=one.everything)


@contextmanager
def _held_up_by_nothing(said: str) -> Iterator[None]:
    """A keyring that another process keeps busy holds back no withdrawal."""
    try:
        yield
    except Refused as fault:
        log.error(said, reason=fault.reason)


def _end_consent(ctx: Context, tx: Tx, book: Ledger, one: Withdrawn) -> None:
    record = content.get_consent(ctx, tx, book.row.consent_id)
    if record is None or says_no(record.status):
        return
    newer = ConsentRecord()
    newer.CopyFrom(record)
    newer.version += 1
    if one.everything:
        newer.status = "withdrawn"
    else:
        act = book.act(one.entry)
        named = set(act.entry.withdrawal.categories) if act is not None else set(one.categories)
        denied = sorted(withdrawable(named) - set(record.deny))
        if not denied:
            return  # It says so already.
        newer.deny.extend(denied)
    content.put_consent(ctx, tx, newer)
    links.consent_changed(ctx, tx, newer)


Said = Callable[[], ConsentRecord | None]
"""Reads the consent that a referral goes by. Raises Refused PART_GONE if it was destroyed."""


def owed_by_consent(tx: Tx, book: Ledger, consent: Said) -> bool:
    """Whether this referral went by a consent that says no by now, and still has what she took
    back with that no.

    What moved here by another basis was not hers to deny, as far as that goes over a no.
    """
    state = book.state()
    if any(one.everything for one in state.withdrawals):
        return False
    try:
        record = consent()
    except Refused:
        return False  # It says nothing that could be read.
    if record is None or says_no(record.status):
        return record is not None
    return not tx.used_in(book.row.referral_id) and bool(denied_parts(state, record.deny, "origin"))


def denied_parts(state: State, denied: Iterable[str], *authors: Side) -> list[str]:
    """Those of the categories of which something stands in a referral that nobody took back."""
    there = {
        part.category
        for part in state.parts.values()
        if part.state not in ("refused", "corrected") and not part.voided and part.author in authors
    }
    return sorted(one for one in withdrawable(denied) if covered([one]) & there)


def _voided(state: State, row: PartRow) -> tuple[str, ...]:
    """The withdrawals that took back what this row holds, in the order of the fold.

    Should the other side have bound our part's digest as its own, the row stands for itself.
    """
    part = state.parts[row.digest]
    if part.author == row.side and part.category == row.category:
        return part.voided
    return tuple(one.entry for one in state.withdrawals if one.covers(row.category))


def seal_unverified(ctx: Context, tx: Tx, entry: Entry, entry_hash: str, sender: str) -> None:
    """Make unreadable what a withdrawal names that is genuine but can't be stored yet.

    It waits for entries before it. What it seals stays sealed; its destruction is planned once
    it stands in the log.
    """
    row = tx.referral(entry.referral_id)
    if row is None or {sender, ctx.agency} != {row.origin, row.destination}:
        return
    if any(one.hash == entry_hash for one in tx.entries(entry.referral_id)):
        return  # It stands in the log already: what was agreed since is not its to take back.
    everything = entry.withdrawal.everything
    if entry.kind != "withdraw":
        if sender != row.origin:
            return  # Only the origin's to write.
        everything = True
    named = covered(entry.withdrawal.categories)
    held = [part for part in tx.parts(entry.referral_id) if part.outcome == "held"]
    taken = [part for part in held if everything or part.category in named]
    _seal(tx, entry.referral_id, taken)


def _seal(tx: Tx, referral_id: str, rows: list[PartRow]) -> None:
    sealed = [replace(row, outcome="sealed", reason="withdrawn") for row in rows]
    tx.put_parts(referral_id, sealed)


def certify(
    ctx: Context, tx: Tx, book: Ledger, entry: Entry, answers: str = "", keep: Iterable[Kept] = ()
) -> None:
    """Destroy what one withdrawal has sealed, and put the certificate into the entry.

    `answers` names the withdrawal; without it, the oldest that this side has not certified. One
    that it has certified gets a further certificate, which the fold allows only where it adds
    something. `keep` is what a law obliges this agency to keep. Keys first: should the node die
    before the entry is stored, doing it again destroys nothing more and certifies the same.
    Raises Refused STATE_CONFLICT if there is none.
    """
    state = book.state()
    waiting = state.uncertified(book.side)
    named = answers or next(iter(waiting), "")
    found = next((w for w in state.withdrawals if w.entry == named), None)
    if found is None or suspected.marked(ctx, tx, book.row.referral_id, named):
        raise Refused("STATE_CONFLICT")
    first = found.entry in waiting
    rows, kept = _destroy(ctx, tx, book, found, keep)
    gone = [row for row in rows if row.content is not None]
    new = Certificate(withdrawal=found.entry) if first else again(ctx, tx, book, found)
    if first or gone:
        new.destroyed_at.CopyFrom(stamp(ctx.now()))
        new.copies_until.CopyFrom(stamp(ctx.now() + ctx.backups_kept))
        new.destroyed.extend(sorted(row.digest for row in gone)[:MAX_NAMED])
    del new.kept[:]
    new.kept.extend(keeping.message(row) for row in kept)
    if first:
        further.fill(ctx, tx, book, found, new)
    entry.certificate.CopyFrom(new)


def again(ctx: Context, tx: Tx, book: Ledger, found: Withdrawn) -> Certificate:
    """A further certificate of what this side has certified before, as it would say it now."""
    before = next(
        act.entry.certificate
        for act in reversed(book.logs[book.side])
        if act.kind == "erased" and act.entry.certificate.withdrawal == found.entry
    )
    newer = Certificate(
        withdrawal=found.entry, destroyed_at=before.destroyed_at, copies_until=before.copies_until,
        kept=before.kept,
    )  # fmt: skip
    further.fill(ctx, tx, book, found, newer)
    return newer


def _destroy(
    ctx: Context, tx: Tx, book: Ledger, found: Withdrawn, keep: Iterable[Kept] = ()
) -> tuple[list[PartRow], list[KeptRow]]:
    """Destroy what a withdrawal has sealed. Gives the rows as they were, and what is kept."""
    referral_id = book.row.referral_id
    state = book.state()
    rows = [
        row
        for row in tx.parts(referral_id)
        if row.outcome in ("sealed", "pending") and found.entry in _voided(state, row)
    ]
    journal = content.withdrawn_journal(tx, book, found)
    held = {row.category for row in rows if row.content is not None}
    held |= {content.journal_category(name) for name in journal}
    kept = keeping.decide(ctx, tx, book, found, keep, held)
    rows = [row for row in rows if row.category not in kept or row.content is None]
    journal = {name for name in journal if content.journal_category(name) not in kept}
    keys = {row.key_id for row in rows if row.key_id} | journal
    keys |= content.withdrawn_keys(referral_id, state, found, kept)
    spared = keys & links.spared(ctx, tx, referral_id)
    ctx.keys.destroy(keys - spared | asked.ended_keys(referral_id, state))
    tx.add_spent(referral_id, spared)
    # What has not come yet is refused by the same reason when it comes.
    gone = [replace(content.destroyed(row), reason=row.reason or "withdrawn") for row in rows]
    tx.put_parts(referral_id, gone)
    tx.drop_journal(referral_id, journal)
    tx.end_erasure(referral_id, found.entry)
    tx.put_kept(referral_id, found.entry, kept.values())
    return rows, list(kept.values())


def destroyed_before(ctx: Context, tx: Tx, book: Ledger, entry: Entry) -> None:
    """A certificate of ours came back, which the backup did not hold: what it certifies is so
    again. The keys are gone already, since no backup of the database holds them.
    """
    named = entry.certificate.withdrawal
    found = next((w for w in book.state().withdrawals if w.entry == named), None)
    if found is not None:
        _destroy(ctx, tx, book, found)
        # What it keeps is noted also where it is lost, or its time is over: one more has to say so.
        tx.put_kept(book.row.referral_id, named, keeping.certified(tx, book, found).values())
