"""Knocks as people at this agency see them, encrypted at rest; and which of them wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from onward.core import jose, spec
from onward.core.clock import stamp
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.knocks_local_pb2 import KnockRecord
from onward.v1.referral_pb2 import NeedsHuman
from onward_server.ports import Tx
from onward_server.ports_knocks import KnockRow, PostRow
from onward_server.service import sealing
from onward_server.service.context import Context

KEY = "knocks/record"
"""Knocks hold codes only, and belong to no case: one key for all of them."""

FREE_TRIES = 5
"""Wrong claims at one serial by one agency, before each further one has to wait."""

FORGOTTEN = timedelta(days=7)
"""After so long without another, wrong claims count no more."""


def keep(ctx: Context, tx: Tx, row: KnockRow, record: KnockRecord) -> KnockRecord:
    """Store a record with its row, and tell watchers that something changed."""
    content = ctx.keys.encrypt(KEY, _bound(ctx, row.knock_id), to_json(record))
    tx.put_knock(replace(row, content=content))
    tx.add_event("knock", "")
    return record


def change(ctx: Context, tx: Tx, record: KnockRecord, *, waits: bool) -> KnockRecord:
    """Store a record that has changed."""
    row = tx.knock(record.knock_id)
    if row is None:
        raise Refused("NOT_FOUND")
    return keep(ctx, tx, replace(row, waits=waits), record)


def load(ctx: Context, tx: Tx, knock_id: str) -> KnockRecord:
    """A record with what has become of it. Raises Refused NOT_FOUND."""
    row = tx.knock(knock_id)
    if row is None or row.content is None:
        raise Refused("NOT_FOUND")
    return shown(ctx, tx, row)


def shown(ctx: Context, tx: Tx, row: KnockRow) -> KnockRecord:
    """The record of a row that has content."""
    assert row.content is not None
    record = parse(KnockRecord, ctx.keys.decrypt(KEY, _bound(ctx, row.knock_id), row.content))
    if not record.outgoing:
        return record
    posts = tx.posts(row.knock_id)
    heard = {"answered", "sent"} if record.kind == "complaint" else {"answered"}
    # What the desk's own node said is no post.
    record.answered = record.asked - sum(1 for one in posts if one.state not in heard)
    if record.status == "pending":
        record.status = _status(ctx, row, record, posts)
    return record


def _status(ctx: Context, row: KnockRow, record: KnockRecord, posts: list[PostRow]) -> str:
    if record.answered == record.asked:
        return {"claim": "not_confirmed", "complaint": "delivered"}.get(record.kind, "pending")
    gone = any(one.state == "expired" for one in posts)
    over = ctx.now() >= row.made_at + sealing.LIFE
    return "expired" if gone or over else "pending"


def new(ctx: Context, kind: str, *, outgoing: bool, knock_id: str = "") -> KnockRecord:
    """The beginning of a record, under a new id unless the sender has given one."""
    return KnockRecord(
        knock_id=knock_id or ctx.new_id(),
        kind=kind,
        outgoing=outgoing,
        time=stamp(ctx.now()),
        status="pending" if outgoing else "waiting",
    )


def wire_id(knock_id: str, recipient: str) -> str:
    """The id under which one agency gets a knock: it tells nobody that another got it, too."""
    return jose.sha256(f"{knock_id}\x00{recipient}".encode())[:22]


def waiting(ctx: Context, tx: Tx) -> list[NeedsHuman]:
    """What of the knocks waits for a person."""
    codes = spec.registries()["needs_human"].codes
    found = []
    for row in tx.waiting_knocks():
        if row.content is not None:
            record = shown(ctx, tx, row)
            code = {"confirmed": "claim_confirmed", "expired": "undelivered"}.get(
                record.status, "knock_waiting"
            )
            if code == "claim_confirmed" and record.purpose != "resume":
                code = "claim_done"
            found.append(NeedsHuman(code=code, knock_id=row.knock_id))
    counts: dict[str, int] = {}
    for one in tx.guessing(FREE_TRIES, ctx.now() - FORGOTTEN):
        counts[one.agency] = counts.get(one.agency, 0) + one.failures
    found += [NeedsHuman(code="guessing", agency=who, count=n) for who, n in counts.items()]
    for needs in found:
        needs.next_step = codes[needs.code].next_step
    return found


def _bound(ctx: Context, knock_id: str) -> str:
    return f"{ctx.agency}/knock/{knock_id}"
