"""Answering a party that was restored from a backup: what this node has of a referral of both.

It gives back entries of both logs, and those parts of the asking agency's own that are still
held. What this node wrote itself, it sends again with its parts, as if it had not been delivered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from onward.core import jose
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.entry_pb2 import Head, Heads
from onward.v1.envelope_pb2 import Bundle, Envelope, Part, PeerRequest, ResyncAnswer, Sealed
from onward.v1.peer_pb2 import ResyncResponse
from onward_server.ports import EntryRow, OutboxRow, Tx
from onward_server.service import access, audit, content, ledger, loads, outbound, restored, sealing
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

MANY = loads.MAX_PARTS

PAGE = 256
"""Referrals that one answer names (onward.v1.ResyncAnswer)."""


def answer(ctx: Context, tx: Tx, asked: PeerRequest, valid: timedelta) -> ResyncResponse:
    """What this node has, signed, and sealed what the other has lost. Raises Refused.

    `asked` is authentic; `valid` says for how long it could be asked again.
    """
    if not tx.first_use(asked.iss, asked.nonce, ctx.now(), ctx.now() + 2 * valid):
        raise Refused("SIGNATURE_INVALID")
    said = ResyncAnswer(iss=ctx.agency, aud=asked.iss, nonce=asked.nonce, time=stamp(ctx.now()))
    if not asked.referral_id:
        said.referrals.extend(tx.referrals_with(asked.iss, asked.after, PAGE))
        said.provisional = tx.unlisted(asked.iss)
        return ResyncResponse(answer=_signed(ctx, said))
    said.referral_id = asked.referral_id
    said.heads.CopyFrom(Heads(origin=Head(), destination=Head()))
    row = tx.referral(asked.referral_id)
    if row is None or {asked.iss, ctx.agency} != {row.origin, row.destination}:
        # Alike for a referral that does not exist and for somebody else's.
        _lost_here(ctx, tx, asked, known=row is not None)
        said.provisional = tx.unlisted(asked.iss) or (
            row is None and tx.restored(asked.referral_id)
        )
        return ResyncResponse(answer=_signed(ctx, said))
    book = ledger.load(tx, asked.referral_id, ctx.agency)
    restored.notice_heads(ctx, tx, book, asked.heads)
    said.heads.CopyFrom(book.heads)
    said.provisional = tx.restored(asked.referral_id)
    given = _given(ctx, tx, book, asked.heads)
    _send_again(ctx, tx, book, asked.heads)
    return ResyncResponse(answer=_signed(ctx, said), lost=given)


def _signed(ctx: Context, said: ResyncAnswer) -> str:
    return jose.sign(to_json(said), jose.RESYNC, ctx.keys.signing())


def _lost_here(ctx: Context, tx: Tx, asked: PeerRequest, *, known: bool) -> None:
    """The other agency has entries of a referral that we do not know: if we were restored, too, we
    have to ask for it in our turn.
    """
    trusted = tx.accepts(asked.iss) and not ctx.barred(asked.iss)
    if (
        not known
        and trusted
        and tx.was_restored()
        and (asked.heads.origin.seq or asked.heads.destination.seq)
    ):
        tx.mark_restored(asked.referral_id, asked.iss, ctx.now())


def _stands(book: Ledger, heads: Heads) -> bool:
    """Whether both heads are of these logs, or beyond them."""
    for side, log in book.logs.items():
        head = getattr(heads, side)
        if 0 < head.seq <= len(log) and log[head.seq - 1].hash != head.hash:
            return False
    return True


def _given(ctx: Context, tx: Tx, book: Ledger, heads: Heads) -> Envelope | None:
    """The entries that the other agency lacks, as many as one envelope holds; None if it has all.

    Where its heads are of another branch, from the beginning.
    """
    whole = _stands(book, heads)
    after = {side: getattr(heads, side).seq if whole else 0 for side in book.logs}
    rows = {row.hash: row for row in book.rows}
    lacking = [rows[h] for h in book.state().order if rows[h].seq > after[rows[h].side]]
    held_back = outbound.held_back(ctx, tx, book.other_agency)
    if held_back:
        lacking = _passing(book, lacking)
    if not lacking:
        return None
    parts = {} if held_back else _parts(ctx, tx, book, lacking)
    load = loads.Load(Bundle(referral_id=book.row.referral_id))
    for one in lacking[: loads.MAX_ENTRIES]:
        own = parts.get(one.hash, [])
        size = loads.entry_size(one) + sum(loads.part_size(part) for part in own)
        fits = load.size + size <= loads.MAX_CONTENT
        # Only of the first one may some parts be too many.
        if load.bundle.entries and not (fits and len(load.bundle.parts) + len(own) <= MANY):
            break
        load.takes(loads.entry_size(one))
        load.bundle.entries.append(one.jws)
        loads.add(load, [("", part) for part in own])
    if load.bundle.parts:
        audit.write(
            ctx, tx, access.NODE, action="resync", referral_id=book.row.referral_id,
            categories=[part.category for part in load.bundle.parts],
        )  # fmt: skip
    return _sealed(ctx, book, load.bundle)


def _passing(book: Ledger, lacking: list[EntryRow]) -> list[EntryRow]:
    """Where nothing but withdrawals may go to the other agency: what it wrote itself, what it had
    seen then, and those.
    """
    last = 0
    for number, one in enumerate(lacking, 1):
        if one.side != book.side or outbound.rule(one).passes:
            last = number
    return lacking[:last]


def _parts(ctx: Context, tx: Tx, book: Ledger, lacking: list[EntryRow]) -> dict[str, list[Part]]:
    """What is held here of the other agency's own, by the entries that bind it."""
    wanted = {one.hash for one in lacking if one.side != book.side}
    found: dict[str, list[Part]] = {}
    for row in tx.parts(book.row.referral_id):
        if row.entry_hash in wanted and row.side != book.side and row.outcome == "held":
            try:
                part = content.part_of(ctx, row)
            except Refused:
                continue  # Its key is gone.
            found.setdefault(row.entry_hash, []).append(part)
    return found


def _sealed(ctx: Context, book: Ledger, bundle: Bundle) -> Envelope:
    return sealing.envelope(ctx, book.other_agency, Sealed(bundle=bundle), anyhow=True)


def _send_again(ctx: Context, tx: Tx, book: Ledger, heads: Heads) -> None:
    """What this node wrote after the other's head waits again, and all parts that it still holds:
    a part may have come later than its entry.
    """
    own = getattr(heads, book.side)
    after = own.seq if _stands(book, heads) else 0
    referral_id = book.row.referral_id
    tx.unset_delivered(referral_id, book.side, after=after)
    held = [row for row in tx.parts(referral_id) if row.side == book.side and row.outcome == "held"]
    tx.put_parts(referral_id, [replace(row, delivered=False, reason="") for row in held])
    waiting = [row for row in book.rows if row.side == book.side and row.seq > after]
    if not waiting and not held:
        return
    row = tx.outbox(referral_id) or OutboxRow(referral_id, book.other_agency, False, 0, ctx.now())
    urgent = row.urgent or any(outbound.rule(one).urgent for one in waiting)
    tx.put_outbox(replace(row, urgent=urgent, attempts=0, next_at=ctx.now(), reason=""))
