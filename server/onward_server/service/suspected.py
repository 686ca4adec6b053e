"""Withdrawals that may have been made under pressure (docs/spec.md, section Withdrawal).

Outwardly nothing differs: same answer, same entry, same envelope, same audit record, whatever is
named is sealed, and an erasure by hand is answered alike. Only the destruction at this node waits
until somebody has reviewed it, or until the longest time for that is over. Each withdrawal that is
written here has a mark, encrypted and of one length, so that neither the rows nor their sizes tell
which was meant.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta

from onward.core.clock import moment, stamp
from onward.core.refused import Refused
from onward.v1.holds_pb2 import (
    ConfirmWithdrawalRequest,
    ListSuspectedRequest,
    ListSuspectedResponse,
    SuspectedWithdrawal,
)
from onward.v1.local_pb2 import EraseRequest, WithdrawRequest
from onward_server.ports import ErasureRow, Tx
from onward_server.ports_withdrawals import SuspectedRow
from onward_server.service import audit, keeping
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger
from onward_server.service.once import Handler, once

LONGEST = timedelta(hours=72)
"""So long may a review take: long enough for a weekend, and she may have meant it."""

KEY = "suspected"
"""Key of the marks."""

SIZE = 512
"""Marks are padded to this many bytes: a confirmation with the longest login fits."""


@dataclass(frozen=True)
class Mark:
    """What is kept of one withdrawal: until when it waits, if at all, who confirmed it, and whether
    somebody has asked for its destruction by hand.
    """

    suspected: bool
    until: int
    actor: str = ""
    confirmed: int = 0
    asked: bool = False

    def waits(self, now: datetime) -> bool:
        """Whether its destruction still waits."""
        return self.suspected and not self.confirmed and now.timestamp() < self.until


def mark(ctx: Context, tx: Tx, referral_id: str, withdrawal: str, request: object) -> None:
    """A withdrawal was written here: keep whether it was suspected."""
    if not isinstance(request, WithdrawRequest):
        return
    until = stamp(ctx.now() + LONGEST).seconds
    _begin(ctx, tx, referral_id, withdrawal, Mark(request.suspected_pressure, until))


def _begin(ctx: Context, tx: Tx, referral_id: str, withdrawal: str, one: Mark) -> None:
    """Keep a mark; and beside the keys, in one form for all, should the database be restored."""
    fact = _fact(referral_id, withdrawal, suspected=one.suspected)
    with suppress(Refused):  # A keyring that is kept busy holds back no withdrawal.
        ctx.keys.remember(fact, one.until, ended=False)
    tx.put_suspicion(_sealed(ctx, referral_id, withdrawal, one))


def _fact(referral_id: str, withdrawal: str, *, suspected: bool) -> str:
    return f"{KEY}/{referral_id}/{withdrawal}/{int(suspected)}"


def again(ctx: Context, tx: Tx, referral_id: str, withdrawal: str) -> None:
    """A withdrawal that was written here came back after a restore: with it comes its mark."""
    for one in (True, False):
        until, _ = ctx.keys.remembered(_fact(referral_id, withdrawal, suspected=one))
        if until and tx.suspicion(referral_id, withdrawal) is None:
            tx.put_suspicion(_sealed(ctx, referral_id, withdrawal, Mark(one, until)))


def moved(ctx: Context, tx: Tx, referral_id: str, before: str, now: str) -> None:
    """A withdrawal was written a second time, since its number was taken: its mark stands."""
    row = tx.suspicion(referral_id, before)
    if row is not None:
        _begin(ctx, tx, referral_id, now, _read(ctx, row))


def marked(ctx: Context, tx: Tx, referral_id: str, withdrawal: str) -> bool:
    """Whether a withdrawal is one that waits for a review: what is relayed here waits with it."""
    row = tx.suspicion(referral_id, withdrawal)
    return row is not None and _read(ctx, row).waits(ctx.now())


def by_hand(
    ctx: Context, tx: Tx, book: Ledger, request: EraseRequest, actor: Actor, client: str
) -> str:
    """The withdrawal that an erasure by hand carries out now: the oldest. Empty where that waits
    for a review: then it is noted that somebody asked, and what a law keeps, and nothing shows.

    Raises Refused STATE_CONFLICT where none waits for its destruction, and what it raises for
    `keep`.
    """
    referral_id = book.row.referral_id
    for name in book.state().uncertified(book.side):
        row = tx.suspicion(referral_id, name)
        one = _read(ctx, row) if row is not None else Mark(False, 0)
        if not one.waits(ctx.now()):
            return name
        if one.asked:
            continue
        keeping.note(ctx, tx, book, name, request.keep)
        tx.put_suspicion(_sealed(ctx, referral_id, name, replace(one, asked=True)))
        audit.write(
            ctx, tx, actor, action="act", client=client, purpose=request.write.purpose,
            referral_id=referral_id,
        )  # fmt: skip
        return ""
    raise Refused("STATE_CONFLICT")


def ready(ctx: Context, tx: Tx, rows: list[ErasureRow]) -> list[ErasureRow]:
    """Those of the erasures that are due which wait for nobody's review."""
    return [row for row in rows if not marked(ctx, tx, row.referral_id, row.withdrawal)]


def _sealed(ctx: Context, referral_id: str, withdrawal: str, one: Mark) -> SuspectedRow:
    plain = json.dumps(astuple(one)).encode()
    bound = _bound(ctx, referral_id, withdrawal)
    content = ctx.keys.encrypt(KEY, bound, plain.ljust(SIZE))
    return SuspectedRow(referral_id, withdrawal, content)


def _read(ctx: Context, row: SuspectedRow) -> Mark:
    """A mark that can't be read is none: it must hold back neither this withdrawal nor others."""
    try:
        return _opened(ctx, row)
    except Refused:
        return Mark(False, 0)


def _opened(ctx: Context, row: SuspectedRow) -> Mark:
    bound = _bound(ctx, row.referral_id, row.withdrawal)
    return Mark(*json.loads(ctx.keys.decrypt(KEY, bound, row.content)))


def _bound(ctx: Context, referral_id: str, withdrawal: str) -> str:
    return f"{ctx.agency}/suspected/{referral_id}/{withdrawal}"


def _shown(ctx: Context, row: SuspectedRow) -> SuspectedWithdrawal:
    one = _read(ctx, row)
    found = SuspectedWithdrawal(referral_id=row.referral_id, withdrawal=row.withdrawal)
    found.destroyed_at.seconds = one.until
    if one.confirmed:
        found.destroyed_at.seconds = one.confirmed
        found.confirmed.actor = one.actor
        found.confirmed.time.seconds = one.confirmed
    return found


def list_suspected(
    ctx: Context, tx: Tx, request: ListSuspectedRequest, caller: Caller
) -> ListSuspectedResponse:
    """Those that were marked, oldest first."""
    rows = [row for row in tx.suspected() if _read(ctx, row).suspected]
    return ListSuspectedResponse(withdrawals=[_shown(ctx, row) for row in rows])


def confirm(
    ctx: Context, tx: Tx, request: ConfirmWithdrawalRequest, caller: Caller, actor: Actor
) -> SuspectedWithdrawal:
    """It was the person's own will: it is carried out now.

    Raises Refused NOT_FOUND, alike for none and for one that was not marked, and STATE_CONFLICT
    where it waits no longer.
    """

    def again(_: str) -> SuspectedWithdrawal:
        return _shown(ctx, _find(ctx, tx, request))

    def do() -> tuple[str, SuspectedWithdrawal]:
        row = _find(ctx, tx, request)
        before = _read(ctx, row)
        if not before.waits(ctx.now()):
            raise Refused("STATE_CONFLICT")
        now = stamp(ctx.now())
        newer = replace(before, actor=actor.login, confirmed=now.seconds)
        kept = _sealed(ctx, row.referral_id, row.withdrawal, newer)
        tx.put_suspicion(kept)
        tx.hasten_erasure(row.referral_id, row.withdrawal, moment(now))
        audit.write(
            ctx, tx, actor, action="review_withdrawal", client=caller.client_id,
            purpose=request.write.purpose, referral_id=row.referral_id,
        )  # fmt: skip
        return row.withdrawal, _shown(ctx, kept)

    return once(ctx, tx, caller, request, do, again)


def _find(ctx: Context, tx: Tx, request: ConfirmWithdrawalRequest) -> SuspectedRow:
    row = tx.suspicion(request.referral_id, request.withdrawal)
    if row is None or not _read(ctx, row).suspected:
        raise Refused("NOT_FOUND")
    return row


WRITES: dict[str, Handler] = {"Holds.ConfirmWithdrawal": confirm}
"""The calls that write."""
