"""Envelopes of ours that a mailbox holds: they are not delivered, and go again as they are.

The receipt comes back as the answer to the same bytes, so these are kept until then. What this
node must not send any more is not kept either: part by part, a withdrawal reaches it here, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from onward.core import envelopes
from onward.core.clock import moment
from onward.v1.envelope_pb2 import Envelope, Part
from onward_server.ports import EntryRow, Tx
from onward_server.ports_mail import PostedRow
from onward_server.service import sealing
from onward_server.service.context import Context

LONGEST = timedelta(hours=1)
"""Longest pause before the mailbox is asked again."""

TO_CALL = timedelta(days=3)
"""After so long without a receipt, somebody should call the other agency."""


def by_mailbox(ctx: Context, recipient: str) -> str:
    """The agency that holds the recipient's mail; empty if its own node takes it."""
    found = ctx.trust.current().agency(recipient)
    return found.mailbox if found is not None else ""


def taker(ctx: Context, recipient: str) -> str:
    """The agency whose node takes what is for the recipient."""
    return by_mailbox(ctx, recipient) or recipient


def row(envelope: Envelope, until: datetime) -> PostedRow:
    """A row for an envelope that is held until then, at the latest until it is over itself."""
    header = envelopes.peek(envelope)
    return PostedRow(
        header.mid, header.aud, envelope.header, envelope.sealed, moment(header.iat),
        min(until, moment(header.exp)),
    )  # fmt: skip


def keep(tx: Tx, new: PostedRow) -> PostedRow:
    """Keep it, and count how often it went. Gives what is kept."""
    before = tx.posted_knock(new.wire_id) if new.wire_id else None
    known = [before] if before else tx.posted(new.referral_id) if new.referral_id else []
    tries = next((one.tries for one in known if one.mid == new.mid), 0)
    kept = replace(new, tries=tries + 1)
    tx.put_posted(kept)
    return kept


def pause(ctx: Context, kept: PostedRow, *, urgent: bool) -> timedelta:
    """How long until the same bytes go again."""
    return sealing.pause(ctx, kept.tries, urgent=urgent, longest=LONGEST)


def live(ctx: Context, tx: Tx, referral_id: str) -> list[PostedRow]:
    """What may go again: not over, and with nothing that was taken back or destroyed since."""
    rows = tx.posted(referral_id)
    if not rows:
        return []
    there = {one.digest for one in tx.parts(referral_id) if one.outcome == "held"}
    return [one for one in rows if one.until > ctx.now() and one.parts <= there]


def tidy(ctx: Context, tx: Tx, referral_id: str) -> None:
    """Let go of what may not go again."""
    rows = tx.posted(referral_id)
    if rows:
        stays = {one.mid for one in live(ctx, tx, referral_id)}
        for one in rows:
            if one.mid not in stays:
                tx.drop_posted(one.mid)


def beyond(
    rows: Iterable[PostedRow], waiting: list[EntryRow], parts: list[tuple[str, Part]]
) -> tuple[list[EntryRow], list[tuple[str, Part]]]:
    """What no mailbox holds yet."""
    upto, there = 0, frozenset[str]()
    for one in rows:
        upto, there = max(upto, one.upto), there | one.parts
    new = [one for one in waiting if one.seq > upto]
    return new, [(digest, part) for digest, part in parts if digest not in there]


def overdue(ctx: Context, tx: Tx, referral_id: str) -> bool:
    """Whether something waits in a mailbox for so long that somebody should call."""
    return any(one.since + TO_CALL <= ctx.now() for one in tx.posted(referral_id))
