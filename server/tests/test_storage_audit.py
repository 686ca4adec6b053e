"""Nothing that a person has told is read without the audit (docs/spec.md, section Storage)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from circle import Circle, agency
from desk import Desk
from knocking import ANSWER, COMPLAINT, HELP, give
from nodes import reason
from onward.core import spec
from onward.core.parse import to_json
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.envelope_pb2 import Part
from onward.v1.knocks_local_pb2 import KnockRecord, StandingOffer
from onward.v1.referral_pb2 import AuditRecord
from onward_server.adapters.sql import tables
from onward_server.adapters.sql.tx import SqlTx
from onward_server.service import knocks, reads, writes
from people import agreed
from stored import full, read_all

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
