"""What a node has encrypted in its database: every column, how it is read, and rows of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import LargeBinary, Table, and_, select

from circle import Circle, agency
from desk import Desk
from emergencies import urgent
from holding import place
from knocking import ANSWER, HELP, give
from onward.core.refused import Refused
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import LinkRequest
from onward_server.adapters.sql import tables
from onward_server.ports import Encrypted, LinkRow, PartRow
from onward_server.ports_disclosures import DisclosureRow
from onward_server.ports_knocks import StandingRow
from onward_server.service import (
    approvals,
    content,
    disclosures,
    keeping,
    knock_post,
    knock_records,
    links,
    previews,
    standing,
    suspected,
)
from onward_server.service.context import Context
from people import agreed, decision, first, outcome_record, record, wishes

SECRET = {"content", "proof_key", "expects"}
"""Names of the columns that hold what is encrypted."""


def encrypted() -> list[tuple[Table, str]]:
    """Every column of the database that holds what is encrypted."""
    return [
        (table, column.name)
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name in SECRET
    ]


def names(columns: list[tuple[Table, str]]) -> list[str]:
    return [f"{table.name}.{column}" for table, column in columns]


Row = dict[str, Any]
Reader = Callable[[Context, Any, Row], object]


def _journal(ctx: Context, tx: Any, row: Row) -> object:
    category = row["key_id"].split("/")[1]
    bound = f"{ctx.agency}/journal/{row['note']}/{category}"
    return ctx.keys.decrypt(row["key_id"], bound, row["content"])


def _part(ctx: Context, tx: Any, row: Row) -> object:
    known = {name: row[name] for name in PartRow.__dataclass_fields__}
    return content.part_of(ctx, PartRow(**known))


def _consent(ctx: Context, tx: Any, row: Row) -> object:
    stored = Encrypted(row["key_id"], row["content"])
    return content._consent(ctx, row["consent_id"], row["version"], stored)


def _link(ctx: Context, tx: Any, row: Row) -> object:
    return list(links._read(ctx, [LinkRow(row["referral_id"], row["target"], row["content"])]))


def _standing(ctx: Context, tx: Any, row: Row) -> object:
    return standing.read(
        ctx, StandingRow(row["offer_id"], row["serial"], row["content"], row["proof_key"])
    )


def _proof(ctx: Context, tx: Any, row: Row) -> object:
    name = f"standing/{row['offer_id']}/proof"
    return ctx.keys.decrypt(name, standing._bound(ctx, row["offer_id"]), row["proof_key"])


def _knock(ctx: Context, tx: Any, row: Row) -> object:
    return knock_records.load(ctx, tx, row["knock_id"])


def _post(ctx: Context, tx: Any, row: Row) -> object:
    bound = knock_post._bound(ctx, row["wire_id"], "content")
    return ctx.keys.decrypt(knock_post.KEY, bound, row["content"])


def _expects(ctx: Context, tx: Any, row: Row) -> object:
    bound = knock_post._bound(ctx, row["wire_id"], "expects")
    return ctx.keys.decrypt(knock_post.KEY, bound, row["expects"])


def _approval(ctx: Context, tx: Any, row: Row) -> object:
    load = approvals.basis if row["kind"] == approvals.BASIS else approvals.opening
    return load(ctx, tx, row["approval_id"])


def _disclosure(ctx: Context, tx: Any, row: Row) -> object:
    known = {name: row[name] for name in DisclosureRow.__dataclass_fields__}
    known["received_at"] = None
    return disclosures._read(ctx, DisclosureRow(**known))


READERS: dict[str, Reader] = {
    "parts.content": _part,
    "journal_content.content": _journal,
    "consents.content": _consent,
    "previews.content": lambda ctx, tx, row: previews._load(ctx, tx, row["preview_id"]),
    "links.content": _link,
    "standing_offers.content": _standing,
    "standing_offers.proof_key": _proof,
    "knocks.content": _knock,
    "knock_posts.content": _post,
    "knock_posts.expects": _expects,
    "approvals.content": _approval,
    "disclosures.content": _disclosure,
    "holds.content": lambda ctx, tx, row: keeping.read(ctx, tx.hold(row["hold_id"])),
    "suspected.content": lambda ctx, tx, row: suspected._opened(
        ctx, tx.suspicion(row["referral_id"], row["withdrawal"])
    ),
}
"""How the node reads each of them. Whoever adds an encrypted column adds its reader here, and has
the rows made in `full`."""

ELSEWHERE = {
    # A key of its own for each row, named by the row; what can't be opened reads as nothing.
    "passed.content",
}


def full(circle: Circle) -> Desk:
    """A node with at least two rows of everything that it encrypts."""
    desk, peer = circle["owner"], circle["peer"]
    circle.partners("owner", "peer")
    for _ in range(2):
        given = desk.client.record_consent(
            agreed(recipients=[peer.agency], countries=["BD"], feedback="status_only")
        )
        given = desk.client.record_consent(given)
        ids = []
        for link in (None, True):
            sent = desk.client.offer(
                destination=peer.agency, consent_id=given.consent_id, items=wishes(),
                record=record(),
                link=LinkRequest(kind="forward", referral_id=ids[0]) if link else None,
            )  # fmt: skip
            ids.append(sent.referral.referral_id)
        # A second link of the same referral, under the same key.
        second = links.Kept(ids[1], "resumes", given.consent_id)
        desk.store.write(lambda tx, one=second: links.put(desk.ctx, tx, one))
        desk.client.show_preview(
            consent_id=given.consent_id, destination=peer.agency, record=record(),
            form=first("consent_form"), language="bn",
        )  # fmt: skip
        give(desk)
        place(desk, ids[0])
        desk.client.propose_basis(urgent(circle, recipient=peer.agency))
        desk.client.request_break_glass(ids[0], reason="danger_to_life", categories=["name"])
        desk.client.refer_self(agency("third"), HELP)
        desk.client.claim(give(peer).code, answer=ANSWER, to="revoke")
        desk.client.withdraw(ids[1], everything=True)
    # The journal is the destination's.
    given = peer.client.record_consent(
        agreed(recipients=[desk.agency], countries=["BD"], feedback="status_only")
    )
    sent = peer.client.offer(
        destination=desk.agency, consent_id=given.consent_id, items=wishes(), record=record()
    )
    for outgoing in peer.due():
        if outgoing.recipient == desk.agency and outgoing.referral_id:
            peer.answered(outgoing, desk.receive(outgoing.envelope)[0])
    referral_id = sent.referral.referral_id
    desk.client.get_referral(referral_id)
    desk.client.acknowledge(referral_id)
    desk.client.decide(referral_id, decision())
    for state in ("scheduled", "in_delivery"):
        desk.client.progress(referral_id, [Item(number=1, state=state)])
    for _ in range(2):
        desk.client.get_referral(referral_id)
        desk.client.follow_up(
            referral_id, follow_up=first("follow_up_kind"), record=outcome_record()
        )
    return desk


def read_all(desk: Desk, table: Table, column: str) -> list[Row]:
    with desk.store.engine.connect() as connection:
        rows = connection.execute(select(table).where(table.c[column].is_not(None))).mappings()
        return [dict(row) for row in rows]


def key_of(table: Table, row: Row) -> Any:
    return and_(*(one == row[one.name] for one in table.primary_key.columns))


def opened(desk: Desk, name: str, row: Row) -> object:
    """What the node reads; None where it refuses."""
    try:
        return desk.store.read(lambda tx: READERS[name](desk.ctx, tx, row))
    except Refused:
        return None
