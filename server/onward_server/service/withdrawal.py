"""What was taken back: sealed at once, destroyed after a delay, and certified.

Called after every change of a log, ours or received, so that it makes no difference which side
a withdrawal came from, or in which order.
"""

from __future__ import annotations

from dataclasses import replace

from onward.core.clock import stamp
from onward.core.consent_status import says_no
from onward.core.guards import withdrawable
from onward.core.refused import Refused
from onward.core.states import State, Withdrawn
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Certificate, Entry
from onward_server.ports import ErasureRow, PartRow, Tx
from onward_server.service import content, links
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

MAX_NAMED = 2048
"""Most parts that a certificate names. What is destroyed has no limit."""


def seal(ctx: Context, tx: Tx, book: Ledger, *, at_once: bool = False) -> None:
    """Make unreadable whatever the fold says was withdrawn, and plan its destruction.

    `at_once` plans it for now: the person has confirmed.
    """
    state = book.state()
    referral_id = book.row.referral_id
    held = [r for r in tx.parts(referral_id) if r.outcome == "held"] if _touched(state) else []
    _seal(tx, referral_id, [row for row in held if _voided(state, row)])
    _drop_corrected(tx, referral_id, state, held)
    planned = {row.withdrawal for row in tx.erasures(referral_id)}
    due = ctx.now() if at_once else ctx.now() + ctx.destroy_after
    for one in state.withdrawals:
        certified = (book.side, one.entry) in state.certified
        if one.entry not in planned and not certified:
            tx.add_erasure(ErasureRow(referral_id, one.entry, due))
            _take_back_consent(ctx, tx, book, one)


def _touched(state: State) -> bool:
    return bool(state.withdrawals) or any(p.state == "corrected" for p in state.parts.values())


def _drop_corrected(tx: Tx, referral_id: str, state: State, held: list[PartRow]) -> None:
    """What its author has corrected is gone here. Its key also opens what stands in for it."""
    wrong = [row for row in held if state.parts[row.digest].state == "corrected"]
    gone = [
        replace(row, outcome="destroyed", reason="corrected", content=None, key_id="")
        for row in wrong
    ]
    tx.put_parts(referral_id, gone)


def _take_back_consent(ctx: Context, tx: Tx, book: Ledger, one: Withdrawn) -> None:
    """The origin's own record of the consent follows, so that nothing is sent by it again."""
    record = content.get_consent(ctx, tx, book.row.consent_id)
    if book.side != "origin" or record is None or says_no(record.status):
        return
    if one.kind != "withdraw":
        return  # The referral was an error; what the person agreed to was not.
    newer = ConsentRecord()
    newer.CopyFrom(record)
    newer.version += 1
    if one.everything:
        newer.status = "withdrawn"
    else:
        act = book.act(one.entry)
        named = set(act.entry.withdrawal.categories) if act is not None else set(one.categories)
        newer.deny.extend(sorted(named - set(record.deny)))
    content.put_consent(ctx, tx, newer)
    links.consent_changed(ctx, tx, newer)


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
    named = withdrawable(entry.withdrawal.categories)
    held = [part for part in tx.parts(entry.referral_id) if part.outcome == "held"]
    covered = [part for part in held if everything or part.category in named]
    _seal(tx, entry.referral_id, covered)


def _seal(tx: Tx, referral_id: str, rows: list[PartRow]) -> None:
    sealed = [replace(row, outcome="sealed", reason="withdrawn") for row in rows]
    tx.put_parts(referral_id, sealed)


def certify(ctx: Context, tx: Tx, book: Ledger, entry: Entry, answers: str = "") -> None:
    """Destroy what one withdrawal has sealed, and put the certificate into the entry.

    `answers` names the withdrawal; without it, the oldest that this side has not certified.
    Keys first: should the node die before the entry is stored, doing it again destroys nothing
    more and certifies the same. Raises Refused STATE_CONFLICT if nothing is to be destroyed.
    """
    waiting = book.state().uncertified(book.side)
    if not waiting or (answers and answers not in waiting):
        raise Refused("STATE_CONFLICT")
    found = next(w for w in book.state().withdrawals if w.entry == (answers or waiting[0]))
    rows = _destroy(ctx, tx, book, found)
    now = ctx.now()
    entry.certificate.CopyFrom(
        Certificate(
            withdrawal=found.entry,
            destroyed=sorted(r.digest for r in rows if r.content is not None)[:MAX_NAMED],
            destroyed_at=stamp(now),
            copies_until=stamp(now + ctx.backups_kept),
        )
    )


def _destroy(ctx: Context, tx: Tx, book: Ledger, found: Withdrawn) -> list[PartRow]:
    """Destroy what a withdrawal has sealed. Gives the rows as they were."""
    referral_id = book.row.referral_id
    state = book.state()
    rows = [
        row
        for row in tx.parts(referral_id)
        if row.outcome in ("sealed", "pending") and found.entry in _voided(state, row)
    ]
    journal = content.withdrawn_journal(tx, book, found)
    keys = {row.key_id for row in rows if row.key_id} | journal
    keys |= content.withdrawn_keys(referral_id, state, found)
    ctx.keys.destroy(keys | {content.request_key(referral_id)})
    gone = [replace(row, outcome="destroyed", content=None, key_id="") for row in rows]
    tx.put_parts(referral_id, gone)
    tx.drop_journal(referral_id, journal)
    tx.end_erasure(referral_id, found.entry)
    return rows


def destroyed_before(ctx: Context, tx: Tx, book: Ledger, entry: Entry) -> None:
    """A certificate of ours came back, which the backup did not hold: what it certifies is so
    again. The keys are gone already, since no backup of the database holds them.
    """
    named = entry.certificate.withdrawal
    found = next((w for w in book.state().withdrawals if w.entry == named), None)
    if found is not None:
        _destroy(ctx, tx, book, found)
