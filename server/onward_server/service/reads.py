"""Reading: referrals, entries, what waits for a person, the audit, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from onward.core import family, projection
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import LogExport
from onward.v1.local_pb2 import (
    ExportLogRequest,
    GetReferralRequest,
    KnownAgency,
    ListAgenciesRequest,
    ListAgenciesResponse,
    ListAuditRequest,
    ListAuditResponse,
    ListEntriesRequest,
    ListEntriesResponse,
    ListNeedsHumanRequest,
    ListNeedsHumanResponse,
    ListReferralsRequest,
    ListReferralsResponse,
    PreviewRequest,
    PreviewResponse,
)
from onward.v1.referral_pb2 import AuditRecord, NeedsHuman, Referral, StoredEntry
from onward_server.ports import Tx
from onward_server.service import (
    agreements,
    approvals,
    audit,
    basis_counts,
    ground,
    holds,
    knock_records,
    ledger,
    quiet,
    service_lists,
    suspected,
    view,
)
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context

PAGE = 50


def get_referral(ctx: Context, tx: Tx, request: GetReferralRequest, caller: Caller) -> Referral:
    """One referral."""
    return view.referral(ctx, tx, ledger.load(tx, request.referral_id, ctx.agency))


def list_referrals(
    ctx: Context, tx: Tx, request: ListReferralsRequest, caller: Caller
) -> ListReferralsResponse:
    """A page of referrals, oldest first."""
    size = request.page_size or PAGE
    rows = tx.referrals(number(request.page_token, "/pageToken"), size + 1)
    answer = ListReferralsResponse()
    for _, row in rows[:size]:
        answer.referrals.append(
            view.referral(ctx, tx, ledger.load(tx, row.referral_id, ctx.agency))
        )
    if len(rows) > size:
        answer.next_page_token = str(rows[size - 1][0])
    return answer


def number(token: str, pointer: str) -> int:
    """A cursor as the number that it is. Raises Refused for anything that this node never gave."""
    if token and not (token.isascii() and token.isdigit() and len(token) < 19):
        raise Refused("INVALID_FIELD", pointer, expected="as this node gave it")
    return int(token or 0)


def list_entries(
    ctx: Context, tx: Tx, request: ListEntriesRequest, caller: Caller
) -> ListEntriesResponse:
    """Both logs, in the order of the fold."""
    book = ledger.load(tx, request.referral_id, ctx.agency)
    outcomes = book.state().outcomes
    rows = {row.hash: row for row in book.rows}
    return ListEntriesResponse(
        entries=[
            StoredEntry(jws=rows[h].jws, hash=h, entry=rows[h].entry, outcome=outcome)
            for h, outcome in outcomes.items()
        ]
    )


def export_log(ctx: Context, tx: Tx, request: ExportLogRequest, caller: Caller) -> LogExport:
    """What proves the referral offline. Holds no personal data."""
    book = ledger.load(tx, request.referral_id, ctx.agency)
    receipts = tx.receipts(request.referral_id)
    audit.write(
        ctx, tx, Actor("", ""), action="export", client=caller.client_id,
        referral_id=request.referral_id,
    )  # fmt: skip
    return LogExport(
        referral_id=request.referral_id,
        environment=ctx.environment,
        origin=[row.jws for row in book.rows if row.side == "origin"],
        destination=[row.jws for row in book.rows if row.side == "destination"],
        headers=[header for header, _ in receipts],
        receipts=[receipt for _, receipt in receipts],
    )


def list_needs_human(
    ctx: Context, tx: Tx, request: ListNeedsHumanRequest, caller: Caller
) -> ListNeedsHumanResponse:
    """Whatever waits for a person, each with its next step."""
    return ListNeedsHumanResponse(items=waiting(ctx, tx))


def waiting(ctx: Context, tx: Tx) -> list[NeedsHuman]:
    """The same as a list."""
    found = quiet.needs_human(ctx, tx)
    return found + knock_records.waiting(ctx, tx) + approvals.waiting(ctx, tx)


def preview(ctx: Context, tx: Tx, request: PreviewRequest, caller: Caller) -> PreviewResponse:
    """What would be sent and what withheld, and by which line of the consent."""
    whose = {"destination": request.destination, "consent_id": request.consent_id}
    within = ground.shown_in(tx, **whose, accepted=request.accepted)
    stands_on = ground.load(ctx, tx, **whose, referral_id=within)
    decided = ground.decide(
        ctx, stands_on, destination=request.destination, purpose=request.purpose,
        stage="disclosure" if request.accepted else "offer",
        categories=projection.categories(request.record), telling=family.telling(request.record),
    )  # fmt: skip
    return PreviewResponse(decisions=decided.values())


def list_agencies(
    ctx: Context, tx: Tx, request: ListAgenciesRequest, caller: Caller
) -> ListAgenciesResponse:
    """Members of the trust list, and which of them this node accepts."""
    trusted = ctx.trust.current()
    return ListAgenciesResponse(
        agencies=[
            KnownAgency(agency=one, accepted=tx.accepts(one.agency))
            for one in trusted.list.agencies
        ],
        trust_list=trusted.list.seq,
        stale=trusted.stale(ctx.now()),
    )


def list_audit(
    ctx: Context, tx: Tx, request: ListAuditRequest, caller: Caller
) -> ListAuditResponse:
    """The audit, oldest first."""
    rows = tx.audits(request.after, request.page_size or 100)
    return ListAuditResponse(records=[AuditRecord.FromString(row) for row in rows])


READS: dict[str, Callable[[Context, Tx, Any, Caller], Message]] = {
    "Referrals.GetReferral": get_referral,
    "Referrals.ListReferrals": list_referrals,
    "Referrals.ListEntries": list_entries,
    "Referrals.ExportLog": export_log,  # the one that writes: its audit record
    "Referrals.ListNeedsHuman": list_needs_human,
    "Referrals.Preview": preview,
    "Directory.ListAgencies": list_agencies,
    "Services.ListServices": service_lists.list_services,
    "Audit.ListAudit": list_audit,
    "Agreements.ListAgreements": agreements.list_agreements,
    **basis_counts.READS,
    **holds.READS,
    "Holds.ListSuspected": suspected.list_suspected,
}
"""Which function answers which call."""
