"""Reading what the other agency has disclosed: for a purpose, and with an audit entry first."""

from __future__ import annotations

from onward.core.refused import Refused
from onward.v1.categories_pb2 import CaseRecord
from onward_server.ports import Tx
from onward_server.service import audit, content, shelf
from onward_server.service.access import Actor
from onward_server.service.context import Context
from onward_server.service.disclosure import Draft
from onward_server.service.ledger import Ledger

MAX_NAMED = 256
"""Most parts that an entry names as opened or refused (onward.v1.Entry)."""


def read(
    ctx: Context, tx: Tx, draft: Draft, book: Ledger, actor: Actor, client: str, purpose: str
) -> CaseRecord:
    """Decrypt what the act reads, and name it in the draft. Raises Refused NOT_FOUND, PART_GONE or
    PURPOSE_NOT_GRANTED.
    """
    rows = [
        row
        for row in tx.parts(book.row.referral_id)
        if row.side != book.side and row.category != "grant"
    ]
    wanted = set(draft.entry.opened)
    if wanted - {row.digest for row in rows}:
        raise Refused("NOT_FOUND", "/opened")
    rows = [r for r in rows if r.digest in wanted or (not wanted and r.outcome == "held")]
    if any(row.outcome != "held" for row in rows) or not rows:
        raise Refused("PART_GONE", "/opened")
    known = tx.parts(book.row.referral_id)
    granted = content.for_purpose(ctx, known, book, rows, purpose)
    if not granted or (wanted and len(granted) < len(rows)):
        raise Refused("PURPOSE_NOT_GRANTED", "/write/purpose")
    rows = granted
    order = {act.hash: n for n, act in enumerate(book.logs["origin"] + book.logs["destination"])}
    rows.sort(key=lambda row: (order.get(row.entry_hash, 0), row.category))
    # Of more than an entry can name, the newest; the others are read by naming them.
    rows = rows[-MAX_NAMED:]
    audit.write(
        ctx, tx, actor, action="open", client=client, purpose=purpose,
        referral_id=book.row.referral_id, categories=[row.category for row in rows],
    )  # fmt: skip
    record = CaseRecord()
    content.read_record(ctx, rows, record)
    tx.put_parts(book.row.referral_id, [shelf.used(ctx, row) for row in rows])
    del draft.entry.opened[:]
    draft.entry.opened.extend(sorted(row.digest for row in rows))
    return record
