"""What stands in the database: nothing of a person in clear, nothing that opens in another place,
and nothing that is read without the audit (docs/spec.md, section Storage).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from sqlalchemy import LargeBinary, Table, and_, select, update

from circle import Circle, agency
from columns import CLEAR
from desk import Desk
from emergencies import urgent
from nodes import reason
from onward.core import spec, wayproof
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item
from onward.v1.envelope_pb2 import Part
from onward.v1.knocks_local_pb2 import KnockRecord, StandingOffer
from onward.v1.local_pb2 import LinkRequest
from onward.v1.referral_pb2 import AuditRecord
from onward_server.adapters.sql import tables
from onward_server.adapters.sql.tx import SqlTx
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
    knocks,
    links,
    previews,
    reads,
    standing,
    suspected,
    writes,
)
from onward_server.service.context import Context
from people import agreed, decision, first, outcome_record, record, wishes
from test_holds import place
from test_knocks import ANSWER, COMPLAINT, HELP, LOCATORS, give

SECRET = {"content", "proof_key", "expects"}
"""Names of the columns that hold what is encrypted."""


@pytest.fixture
def circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Circle]:
    monkeypatch.setitem(wayproof.COST, "n", 2**4)
    made = Circle(tmp_path, LOCATORS, complaints=["peer", "fourth"])
    yield made
    made.close()


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
        desk.store.write(lambda tx, one=second: links._put(desk.ctx, tx, one))
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


def test_what_is_encrypted_opens_in_its_own_place_only(circle: Circle) -> None:
    """Swapped with any other row of the table, alone or together with the name of its key."""
    desk = full(circle)
    assert set(names(encrypted())) == set(READERS) | ELSEWHERE
    for table, column in encrypted():
        name = f"{table.name}.{column}"
        if name in ELSEWHERE:
            continue
        # What a withdrawal has sealed can't be read, wherever it stands.
        rows = [r for r in read_all(desk, table, column) if r.get("outcome") != "sealed"]
        assert len(rows) > 1, f"nothing to swap in {name}"
        before = [opened(desk, name, row) for row in rows]
        assert None not in before, name
        others = [c for c in ("key_id",) if c in table.c]
        for moved in ([column], [column, *others]):
            for row, other in itertools.permutations(rows[:6], 2):
                changed = row | {one: other[one] for one in moved}
                if changed[column] == row[column]:
                    continue
                put(desk, table, changed, moved)
                assert opened(desk, name, changed) is None, f"{name}: {moved}"
                put(desk, table, row, moved)
        assert [opened(desk, name, row) for row in rows] == before


def put(desk: Desk, table: Table, row: Row, columns: list[str]) -> None:
    values = {one: row[one] for one in columns}

    def work(tx: SqlTx) -> None:
        tx.connection.execute(update(table).where(key_of(table, row)).values(**values))

    desk.store.write(work)


def test_two_columns_of_one_row_are_not_each_other(circle: Circle) -> None:
    desk = full(circle)
    rows = read_all(desk, tables.knock_posts, "expects")
    for row in rows:
        if row["content"] is not None:
            swapped = row | {"content": row["expects"], "expects": row["content"]}
            assert opened(desk, "knock_posts.content", swapped) is None
            assert opened(desk, "knock_posts.expects", swapped) is None


def test_every_column_says_why_it_may_be_in_clear() -> None:
    """A new one has to be thought about (columns.py)."""
    found = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if column.name != "owner" and f"{table.name}.{column.name}" not in names(encrypted())
    }
    assert found == set(CLEAR)
    assert all(why for why in CLEAR.values())


CONTENT = (CaseRecord, ConsentRecord, KnockRecord, StandingOffer, Part)
"""What a person has told, or agreed to. A preview and a basis say by codes what would move."""


def holds(message: Descriptor, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a message can hold content."""
    if message.full_name in {one.DESCRIPTOR.full_name for one in CONTENT}:
        return True
    if message.full_name in seen:
        return False
    inner = [field.message_type for field in message.fields if field.message_type is not None]
    return any(holds(one, seen | {message.full_name}) for one in inner)


def reading() -> list[str]:
    """Calls of the local plane whose answer can hold content."""
    return [
        f"{rpc.service}.{rpc.name}"
        for rpc in spec.rpcs().values()
        if rpc.plane == "PLANE_LOCAL" and holds(rpc.output)
    ]


@pytest.mark.parametrize("name", reading())
def test_each_call_that_gives_content_names_who_asks(name: str) -> None:
    rpc = spec.rpcs()[f"onward.v1.{name}"]
    assert "write" in rpc.input.fields_by_name, "no actor, and no purpose"


def test_nothing_is_read_that_the_audit_does_not_hold(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it can't be written, no call gives content; where it can, it says who and what for."""
    desk = full(circle)
    tried: dict[str, Callable[[], object]] = {}
    client = desk.client
    consent_id = next(iter(read_all(desk, tables.consents, "content")))["consent_id"]
    knock_id = read_all(desk, tables.knocks, "content")[0]["knock_id"]
    offer_id = read_all(desk, tables.standing_offers, "content")[0]["offer_id"]
    referral_id = next(
        row["referral_id"] for row in read_all(desk, tables.parts, "content")
        if row["side"] == "destination" or row["outcome"] == "held"
    )  # fmt: skip
    received = desk.store.read(lambda tx: [r for _, r in tx.referrals(0, 99)])
    arrived = next(row.referral_id for row in received if row.destination == desk.agency)
    opening_id = client.request_break_glass(
        arrived, reason="danger_to_life", categories=["needs_services"]
    ).opening_id
    for login in ("s-1", "s-2"):
        desk.as_role("supervisor", login).approve_break_glass(opening_id)
    tried = {
        "Referrals.Open": lambda: client.open(arrived),
        "Consents.RecordConsent": lambda: client.record_consent(
            agreed(recipients=[agency("peer")], countries=["BD"])
        ),
        "Consents.GetConsent": lambda: client.get_consent(consent_id),
        "Consents.FindConsents": lambda: client.find_consents(
            client.get_consent(consent_id).receipt_id
        ),
        "Consents.ListConsentVersions": lambda: client.list_consent_versions(consent_id),
        "BreakGlass.OpenBreakGlass": lambda: client.open_break_glass(opening_id),
        "Knocks.MakeStandingOffer": lambda: give(desk),
        "Knocks.ListStandingOffers": lambda: list(client.list_standing_offers()),
        "Knocks.RevokeStandingOffer": lambda: client.revoke_standing_offer(offer_id),
        "Knocks.Claim": lambda: client.claim("1018 0305 46466", answer=ANSWER),
        "Knocks.ReferSelf": lambda: client.refer_self(agency("third"), HELP),
        "Knocks.LodgeComplaint": lambda: client.lodge_complaint(COMPLAINT),
        "Knocks.AnswerKnock": lambda: client.answer_knock(knock_id),
        "Knocks.GetKnock": lambda: client.get_knock(knock_id),
        "Knocks.ListKnocks": lambda: list(client.list_knocks()),
    }
    served = {name for name in reading() if _answered(desk, name)}
    assert set(tried) == served, "a call that gives content, and no try of it here"
    real = SqlTx.add_audit
    with monkeypatch.context() as broken:
        broken.setattr(SqlTx, "add_audit", _fails)
        for name, call in tried.items():
            assert reason_or_fault(call) != "", name
    assert referral_id
    for name in ("Referrals.Open", "Consents.GetConsent", "Knocks.GetKnock", "Knocks.ListKnocks",
                 "Knocks.ListStandingOffers"):  # fmt: skip
        written: list[dict[str, Any]] = []

        def keep(self: SqlTx, seq: int, raw: bytes, into: Any = written) -> None:
            into.append(json.loads(to_json(AuditRecord.FromString(raw))))
            real(self, seq, raw)

        with monkeypatch.context() as watched:
            watched.setattr(SqlTx, "add_audit", keep)
            tried[name]()
        assert written, name
        assert (written[0]["actor"], written[0]["purpose"]) == ("u-17", "service_delivery"), name


def _answered(desk: Desk, name: str) -> bool:
    """Whether this node answers the call: not all that the words name are served yet."""
    rpc = spec.rpcs()[f"onward.v1.{name}"]
    known = {*writes.WRITES, *reads.READS, *(f"Knocks.{one}" for one in knocks.WRITES)}
    known |= {f"Knocks.{one}" for one in knocks.READS}
    return bool(rpc.kind) or name in known


def _fails(*_: object) -> None:
    raise OSError("no room")


def reason_or_fault(call: Callable[[], object]) -> str:
    try:
        return reason(call)
    except Exception as fault:
        return type(fault).__name__


def test_no_message_of_content_is_missed() -> None:
    """The messages that stand for content here are those that the node encrypts."""
    assert all(issubclass(one, Message) for one in CONTENT)
    assert "Referrals.Open" in reading()
    assert "Referrals.ExportLog" not in reading()
