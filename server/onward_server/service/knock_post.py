"""Knocks on their way: sealed anew at each try, from an encrypted row, until a receipt comes.

A row outlives its content only where an answer is expected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import Envelope, Sealed
from onward.v1.knocks_pb2 import Knock
from onward_server.ports import Tx
from onward_server.ports_knocks import PostRow
from onward_server.ports_mail import PostedRow
from onward_server.service import knock_records, posted, sealing
from onward_server.service.context import Context

KEY = "knocks/post"


@dataclass(frozen=True)
class Ready:
    """A knock that is sealed and may go."""

    row: PostRow
    envelope: Envelope


def queue(
    ctx: Context,
    tx: Tx,
    recipient: str,
    knock: Knock,
    *,
    record: str = "",
    passes: bool = False,
    urgent: bool = False,
    expects: str = "",
) -> None:
    """Have a knock sent. `record` is the id of our record of it, where an answer is expected or
    people are to see what becomes of it; `expects` is what an answer must carry to confirm.
    """  # fmt: skip
    now = ctx.now()
    wire_id = knock.knock_id
    sealed = ctx.keys.encrypt(KEY, _bound(ctx, wire_id, "content"), to_json(knock))
    awaited = _bound(ctx, wire_id, "expects")
    tx.put_post(
        PostRow(
            knock.knock_id, record, recipient, passes, urgent, 0, now, now + sealing.LIFE,
            content=sealed,
            expects=ctx.keys.encrypt(KEY, awaited, expects.encode()) if expects else None,
        )
    )  # fmt: skip


def expected(ctx: Context, row: PostRow) -> str:
    """What an answer must carry to confirm the claim; empty if nothing could."""
    if row.expects is None:
        return ""
    return ctx.keys.decrypt(KEY, _bound(ctx, row.wire_id, "expects"), row.expects).decode()


def _bound(ctx: Context, wire_id: str, column: str) -> str:
    return f"{ctx.agency}/post/{wire_id}/{column}"


def due(ctx: Context, limit: int) -> list[Ready]:
    """Knocks that are due, sealed, urgent ones first. What is too old is given up."""
    found = []
    for row in ctx.store.read(lambda tx: tx.due_posts(ctx.now(), limit)):
        if row.expires_at <= ctx.now():
            ctx.store.write(partial(_expire, ctx, row=row))
            continue
        try:
            found.append(_seal(ctx, row))
        except Refused as fault:
            ctx.store.write(partial(_defer, ctx, row=row, reason=fault.reason))
    return found


def _seal(ctx: Context, row: PostRow) -> Ready:
    if not row.passes:
        if reason := ctx.barred(row.recipient):
            raise Refused(reason)
        if ctx.trust.current().stale(ctx.now()):
            raise Refused("TRUST_LIST_STALE")
    assert row.content is not None
    there = ctx.store.read(lambda tx: tx.posted_knock(row.wire_id))
    if there is not None and there.until > ctx.now():
        return Ready(row, Envelope(header=there.header, sealed=there.sealed))
    plain = ctx.keys.decrypt(KEY, _bound(ctx, row.wire_id, "content"), row.content)
    knock = parse(Knock, plain)
    envelope = sealing.envelope(ctx, row.recipient, Sealed(knock=knock), anyhow=row.passes)
    return Ready(row, envelope)


def held(ctx: Context, there: PostedRow) -> None:
    """A mailbox has it: the same bytes go again later."""

    def work(tx: Tx) -> None:
        row = tx.post(there.wire_id)
        if row is not None and row.state == "due":
            kept = posted.keep(tx, there)
            again = ctx.now() + posted.pause(ctx, kept, urgent=row.urgent)
            tx.put_post(replace(row, next_at=again, reason=""))

    ctx.store.write(work)


def settle(ctx: Context, wire_id: str, mid: str) -> None:
    """A receipt came: the content goes, and the row too if no answer is expected."""

    def work(tx: Tx) -> None:
        tx.drop_posted(mid)
        row = tx.post(wire_id)
        if row is None or row.state != "due":
            return
        if not row.knock_id:
            tx.drop_post(wire_id)
            return
        tx.put_post(replace(row, state="sent", content=None))
        tx.add_event("knock", "")

    ctx.store.write(work)


def failed(ctx: Context, wire_id: str, reason: str, *, final: bool) -> None:
    """No receipt came: again later. `final`: the same bytes will never get one."""

    def work(tx: Tx) -> None:
        if final:
            _forget_posted(tx, wire_id)
        row = tx.post(wire_id)
        if row is not None and row.state == "due":
            _defer(ctx, tx, row, reason)

    ctx.store.write(work)


def give_up(tx: Tx, knock_id: str) -> None:
    """What has not left of a knock need not leave any more."""
    for row in tx.posts(knock_id):
        if row.state == "due":
            _forget_posted(tx, row.wire_id)
            tx.put_post(replace(row, state="expired", content=None, expects=None))


def _forget_posted(tx: Tx, wire_id: str) -> None:
    there = tx.posted_knock(wire_id)
    if there is not None:
        tx.drop_posted(there.mid)


def _defer(ctx: Context, tx: Tx, row: PostRow, reason: str) -> None:
    again = ctx.now() + sealing.pause(ctx, row.attempts, urgent=row.urgent)
    tx.put_post(replace(row, attempts=row.attempts + 1, next_at=again, reason=reason))


def _expire(ctx: Context, tx: Tx, row: PostRow) -> None:
    _forget_posted(tx, row.wire_id)
    if not row.knock_id:
        tx.drop_post(row.wire_id)
        return
    tx.put_post(replace(row, state="expired", content=None, expects=None))
    record = knock_records.load(ctx, tx, row.knock_id)
    if record.status == "expired" and not record.done:
        known = tx.knock(row.knock_id)
        assert known is not None
        tx.put_knock(replace(known, waits=True))
        tx.add_event("knock", "")
