"""What waits for a person in any referral, without folding those in which nothing does.

That nothing waits is remembered in this process, with all that it follows from: the heads of both
logs, the consent, the trust list, and the moment from which time alone could change it. Where one
of these is another, the referral is read anew. So nothing is stored that could disagree with the
logs, and a process that has just begun has forgotten everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from onward.core import childhood, follow_ups
from onward.core.refused import Refused
from onward.core.states import State
from onward.v1.referral_pb2 import NeedsHuman
from onward_server.ports import ReferralRow, Tx
from onward_server.ports_quiet import Marks
from onward_server.service import attention, content, ledger, links
from onward_server.service.context import EVERYTHING, Context


@dataclass(frozen=True)
class Quiet:
    """Nothing waits in a referral that stands so, until a moment; for ever if there is none.

    `name` is what links to it are found by.
    """

    stands: tuple[object, ...]
    until: datetime | None
    name: str


def needs_human(ctx: Context, tx: Tx) -> list[NeedsHuman]:
    """Whatever waits in any referral, the oldest referral first."""
    rows = [row for _, row in tx.referrals(0, EVERYTHING)]
    if tx.was_restored():
        # What was lost shows in nothing that is here.
        return [item for row in rows for item in _read(ctx, tx, row)[0]]
    marks, lists = tx.marks(), _lists(ctx)
    found: list[NeedsHuman] = []
    for row in rows:
        heads = marks.heads.get(row.referral_id, ())
        stands = (lists, row.consent_id, marks.versions.get(row.consent_id, 0), *heads)
        if _still(ctx, row.referral_id, stands, marks):
            continue
        items, until = _read(ctx, tx, row)
        found += items
        if items:
            ctx.quiet.pop(row.referral_id, None)
        else:
            name = links.name(ctx, row.referral_id)
            ctx.quiet[row.referral_id] = Quiet(stands, until, name)
    return found


def _lists(ctx: Context) -> int:
    """Which trust list is in force: others' certificates are verified by it."""
    try:
        return ctx.trust.current().list.seq
    except Refused:
        return -1


def _still(ctx: Context, referral_id: str, stands: tuple[object, ...], marks: Marks) -> bool:
    """Whether nothing has changed from which it followed that nothing waits."""
    known: Quiet | None = ctx.quiet.get(referral_id)
    return (
        known is not None
        and referral_id not in marks.busy
        and known.name not in marks.targets
        and known.stands == stands
        and (known.until is None or ctx.now() < known.until)
    )


def _read(ctx: Context, tx: Tx, row: ReferralRow) -> tuple[list[NeedsHuman], datetime | None]:
    """What waits in one, and from when on it could be more though nobody writes."""
    book = ledger.load(tx, row.referral_id, ctx.agency)
    items = attention.needs_human(ctx, tx, book)
    return items, None if items else _until(ctx, tx, row, book.state())


def _until(ctx: Context, tx: Tx, row: ReferralRow, state: State) -> datetime | None:
    moments = []
    if state.respond_by and state.phase in ("offered", "acknowledged"):
        moments.append(datetime.fromtimestamp(state.respond_by, UTC))
    if (coming := follow_ups.next_due(state)) is not None:
        moments.append(coming[1])
    if state.ended_at is not None and state.served and len(state.handover) == 1:
        moments.append(state.ended_at + attention.DAY_TO_SIGN)
    if _grows_up(ctx, tx, row):
        # Where a day begins in UTC, she may be of age.
        today = ctx.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        moments.append(today + timedelta(days=1))
    return min(moments, default=None)


def _grows_up(ctx: Context, tx: Tx, row: ReferralRow) -> bool:
    try:
        consent = content.get_consent(ctx, tx, row.consent_id)
    except Refused:
        return False
    return consent is not None and childhood.stays_a_child(consent, ctx.now())
