"""A node with one referral, as a client of the SDK meets it: it may fail, and it tells events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from onward import errors
from onward.auth import Login
from onward.core import jose, parse, spec
from onward.v1.agreements_pb2 import KnownAgreement, ListAgreementsResponse
from onward.v1.consent_pb2 import ConsentRecord, Decision
from onward.v1.entry_pb2 import Head, Heads
from onward.v1.envelope_pb2 import LogExport
from onward.v1.local_pb2 import (
    ListAgenciesResponse,
    ListAuditResponse,
    ListEntriesResponse,
    ListNeedsHumanResponse,
    ListReferralsRequest,
    ListReferralsResponse,
    Opened,
    PreviewResponse,
)
from onward.v1.referral_pb2 import AuditRecord, Event, NeedsHuman, Recorded, Referral, StoredEntry
from onward.v1.services_pb2 import HeldServices, ListServicesResponse

ID = "referral-0001"
KEY = jose.new_key()
LOGIN = Login("a.example", KEY)
QUICK: Any = {"login": LOGIN, "actor": "u-17", "backoff": 0.0001}


def heads(origin: int, destination: int = 0) -> Heads:
    hashes = ["" if n == 0 else f"{n:043d}" for n in (origin, destination)]
    return Heads(
        origin=Head(seq=origin, hash=hashes[0]), destination=Head(seq=destination, hash=hashes[1])
    )


class Behaviour:
    """A node with one referral, whose head moves with each write; it may fail first."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.seq = 1
        self.failures: list[Exception] = []
        self.got: list[Any] = []
        self.tokens: list[str | None] = []

    def referral(self) -> Referral:
        return Referral(referral_id=ID, phase="offered", heads=heads(self.seq))

    def __call__(self, rpc: spec.Rpc, request: Any, token: str | None) -> Message:
        parse.validate(request)
        self.got.append(request)
        self.tokens.append(token)
        if self.failures:
            raise self.failures.pop(0)
        if rpc.kind:
            if request.write.HasField("expected_heads") and not rpc.unblockable:
                expected = request.write.expected_heads
                if expected != heads(self.seq):
                    raise errors.HeadsChanged("", heads(self.seq))
            self.seq += 1
            recorded = Recorded(referral=self.referral())
            return Opened(recorded=recorded) if rpc.kind == "opened" else recorded
        return self.read(rpc, request)

    def read(self, rpc: spec.Rpc, request: Any) -> Message:
        match rpc.name:
            case "GetReferral":
                return self.referral()
            case "ListReferrals":
                return self.page(request)
            case "ListAudit":
                first = request.after + 1
                last = min(first + request.page_size, 8)
                return ListAuditResponse(records=[AuditRecord(seq=n) for n in range(first, last)])
            case "RecordConsent" | "GetConsent":
                return ConsentRecord(consent_id="consent-0001", version=1)
            case "AddAgreement" | "EndAgreement":
                return KnownAgreement(in_force=rpc.name == "AddAgreement")
            case "ListAgreements":
                return ListAgreementsResponse(agreements=[KnownAgreement(in_force=True)])
            case "Preview":
                return PreviewResponse(decisions=[Decision(category="sex", permitted=True)])
            case "PublishServices":
                return HeldServices(agency="a.example", seq=request.expected_seq + 1)
            case "ListServices":
                return ListServicesResponse(lists=[HeldServices(agency="b.example", seq=7)])
            case "ListEntries":
                return ListEntriesResponse(entries=[StoredEntry(outcome="applied")])
            case "ListNeedsHuman":
                return ListNeedsHumanResponse(items=[NeedsHuman(referral_id=ID)])
            case "ExportLog":
                return LogExport(referral_id=ID)
            case "ListAgencies":
                return ListAgenciesResponse(trust_list=3)
            case _:
                return GetMessageClass(rpc.output)()

    def page(self, request: ListReferralsRequest) -> Message:
        number = int(request.page_token or "0")
        more = "" if number == 2 else str(number + 1)
        if number == 1:
            return ListReferralsResponse(next_page_token=more)
        return ListReferralsResponse(
            referrals=[Referral(referral_id=f"referral-{number}", heads=heads(7))],
            next_page_token=more,
        )

    def names(self) -> list[str]:
        return [type(request).__name__.removesuffix("Request") for request in self.got]


class Events:
    """A stream that gives a few events, and then ends or breaks."""

    def __init__(self, script: list[list[Any]]) -> None:
        self.script = script
        self.cursors: list[str] = []
        self.left = 0

    def __call__(self, rpc: spec.Rpc, request: Any, token: str | None) -> Iterator[Message]:
        self.cursors.append(request.cursor)
        try:
            for one in self.script.pop(0):
                if isinstance(one, Exception):
                    raise one
                yield Event(cursor=one, kind="entry", referral_id=ID)
        except GeneratorExit:
            self.left += 1
            raise
