"""The calls of the service Knocks, on the local plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from onward.core import spec, waycode, wayproof
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.v1.knocks_local_pb2 import (
    AnswerKnockRequest,
    ClaimRequest,
    GetKnockRequest,
    KnockRecord,
    ListKnocksRequest,
    ListKnocksResponse,
    ListStandingOffersRequest,
    ListStandingOffersResponse,
    LodgeComplaintRequest,
    MadeStandingOffer,
    MakeStandingOfferRequest,
    ReferSelfRequest,
    RevokeStandingOfferRequest,
    StandingOffer,
)
from onward.v1.knocks_pb2 import Knock, SelfReferralAnswer
from onward_server.ports import Tx
from onward_server.ports_knocks import KnockRow
from onward_server.service import audit, claims, knock_post, knock_records, standing
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.reads import PAGE, number


def read(ctx: Context, rpc: spec.Rpc, request: Any, caller: Caller, actor: Actor) -> Message:
    """Answer a call that only reads, once the audit says who does. Raises Refused."""

    def work(tx: Tx) -> Message:
        _audit(ctx, tx, "read_knock", request, caller.client_id, actor)
        return READS[rpc.name](ctx, tx, request)

    return ctx.store.write(work)


def _audit(ctx: Context, tx: Tx, action: str, request: Any, client: str, actor: Actor) -> None:
    audit.write(ctx, tx, actor, action=action, client=client, purpose=request.write.purpose)


def write(ctx: Context, rpc: spec.Rpc, request: Any, caller: Caller, actor: Actor) -> Message:
    """Answer a call that writes. Raises Refused, and then nothing was written."""
    asked = _fingerprint(ctx, rpc, request)
    client, request_id = caller.client_id, request.write.request_id
    before = ctx.store.read(lambda tx: tx.answer(client, request_id))
    # The slow part comes before the transaction: nobody else may wait for it.
    work = WRITES[rpc.name](ctx, request, client, before[1].decode() if before else "")

    def once(tx: Tx) -> Message:
        known = tx.answer(client, request_id)
        if known is not None:
            if known[0] != asked:
                raise Refused("REQUEST_ID_REUSED", "/write/requestId")
            _audit(ctx, tx, "read_knock", request, client, actor)
            return _again(ctx, tx, rpc, request, client, known[1].decode())
        # First: what it decrypts for whoever asks is not decrypted where this can't be written.
        _audit(ctx, tx, "knock", request, client, actor)
        name, answer = work(tx)
        tx.keep_answer(client, request_id, asked, name.encode())
        return answer

    return ctx.store.write(once)


def _fingerprint(ctx: Context, rpc: spec.Rpc, request: Any) -> str:
    bare = type(request)()
    bare.CopyFrom(request)
    bare.write.actor = ""
    return standing.fingerprint(ctx, rpc.full_name, bare.SerializeToString(deterministic=True))


def _again(ctx: Context, tx: Tx, rpc: spec.Rpc, request: Any, client: str, name: str) -> Message:
    """The same request again: what it made, as it is now. Only its id was kept."""
    if rpc.output.name == "KnockRecord":
        return knock_records.load(ctx, tx, name)
    _, offer = standing.load(ctx, tx, name)
    if rpc.output.name == "StandingOffer":
        return offer
    if not standing.repeatable(ctx, offer):
        return MadeStandingOffer(offer=offer)
    code = standing.code_for(ctx, name, request, client)
    return MadeStandingOffer(offer=offer, code=code.digits)


Work = Callable[[Tx], tuple[str, Message]]
"""What a call does in its transaction: gives the id of what it made, and the answer."""


def _make(ctx: Context, request: MakeStandingOfferRequest, client: str, known: str) -> Work:
    wayproof.normal(request.answer)
    offer_id = ctx.new_id()
    slow = b""
    if not known:
        code = standing.code_for(ctx, offer_id, request, client)
        slow = wayproof.stretched(code, request.answer)

    def work(tx: Tx) -> tuple[str, Message]:
        offer = standing.make(ctx, tx, offer_id, request, code, slow)
        return offer_id, MadeStandingOffer(offer=offer, code=code.digits)

    return work


def _revoke(ctx: Context, request: RevokeStandingOfferRequest, client: str, known: str) -> Work:
    status = "declined_for_good" if request.declined_for_good else "revoked"

    def work(tx: Tx) -> tuple[str, Message]:
        return request.offer_id, standing.end(ctx, tx, request.offer_id, status)

    return work


def _claim(ctx: Context, request: ClaimRequest, client: str, known: str) -> Work:
    code = waycode.parse(request.code)
    slow = b"" if known else wayproof.stretched(code, request.answer)

    def work(tx: Tx) -> tuple[str, Message]:
        record = claims.ask(ctx, tx, code, slow, request.purpose)
        return record.knock_id, knock_records.load(ctx, tx, record.knock_id)

    return work


def _refer_self(ctx: Context, request: ReferSelfRequest, client: str, known: str) -> Work:
    def work(tx: Tx) -> tuple[str, Message]:
        if request.agency == ctx.agency:
            raise Refused("WRONG_RECIPIENT", "/agency")
        if reason := ctx.barred(request.agency):
            raise Refused(reason, "/agency")
        claims.within_quota(ctx, tx, ctx.agency, "self_referral")
        record = knock_records.new(ctx, "self_referral", outgoing=True)
        record.agency, record.asked = request.agency, 1
        record.self_referral.CopyFrom(request.self_referral)
        wire_id = knock_records.wire_id(record.knock_id, request.agency)
        knock = Knock(knock_id=wire_id, time=record.time, self_referral=request.self_referral)
        knock_post.queue(ctx, tx, request.agency, knock, record=record.knock_id)
        return _sent(ctx, tx, record)

    return work


def _sent(ctx: Context, tx: Tx, record: KnockRecord) -> tuple[str, Message]:
    row = KnockRow(record.knock_id, ctx.agency, record.kind, False, ctx.now())
    knock_records.keep(ctx, tx, row, record)
    return record.knock_id, knock_records.load(ctx, tx, record.knock_id)


def _complain(ctx: Context, request: LodgeComplaintRequest, client: str, known: str) -> Work:
    def work(tx: Tx) -> tuple[str, Message]:
        trusted = ctx.trust.current()
        about = request.complaint.agency
        if trusted.agency(about) is None:
            raise Refused("AGENCY_UNKNOWN", "/complaint/agency")
        # Whoever is complained about does not look into it, and does not hear of it.
        bodies = [
            one for one in trusted.list.complaint_bodies if one != about and not ctx.barred(one)
        ]
        if not bodies:
            raise Refused("NO_COMPLAINT_BODY")
        claims.within_quota(ctx, tx, ctx.agency, "complaint")
        # What it is about is not kept here: it may be about the people who would read it.
        record = knock_records.new(ctx, "complaint", outgoing=True)
        record.asked = len(bodies)
        for body in bodies:
            wire_id = knock_records.wire_id(record.knock_id, body)
            if body == ctx.agency:
                mine = knock_records.new(ctx, "complaint", outgoing=False, knock_id=wire_id)
                mine.agency = ctx.agency
                mine.complaint.CopyFrom(request.complaint)
                row = KnockRow(wire_id, ctx.agency, "complaint", True, ctx.now())
                knock_records.keep(ctx, tx, row, mine)
                continue
            knock = Knock(knock_id=wire_id, time=record.time, complaint=request.complaint)
            knock_post.queue(ctx, tx, body, knock, record=record.knock_id, urgent=True)
        return _sent(ctx, tx, record)

    return work


def _answer(ctx: Context, request: AnswerKnockRequest, client: str, known: str) -> Work:
    def work(tx: Tx) -> tuple[str, Message]:
        record = knock_records.load(ctx, tx, request.knock_id)
        if record.done:
            raise Refused("STATE_CONFLICT")
        asks = record.kind == "self_referral" and not record.outgoing
        if asks != bool(request.result):
            raise Refused(
                "INVALID_FIELD", "/result", expected="required for a self_referral, else absent"
            )
        if (request.result == "cannot_help") != bool(request.reason):
            raise Refused("REASON_REQUIRED", "/reason")
        if asks:
            record.status = "answered"
            record.result, record.reason = request.result, request.reason
            answer = SelfReferralAnswer(
                answers=record.knock_id, result=request.result, reason=request.reason
            )
            reply = Knock(knock_id=ctx.new_id(), time=stamp(ctx.now()), self_referral_answer=answer)
            knock_post.queue(ctx, tx, record.agency, reply)
        record.done = True
        knock_records.change(ctx, tx, record, waits=False)
        return record.knock_id, record

    return work


WRITES: dict[str, Callable[[Context, Any, str, str], Work]] = {
    "MakeStandingOffer": _make,
    "RevokeStandingOffer": _revoke,
    "Claim": _claim,
    "ReferSelf": _refer_self,
    "LodgeComplaint": _complain,
    "AnswerKnock": _answer,
}
"""What answers each call that writes: given the request, the client, and the id of what the same
request made before, if it did.
"""


def _get(ctx: Context, tx: Tx, request: GetKnockRequest) -> KnockRecord:
    return knock_records.load(ctx, tx, request.knock_id)


def _list_knocks(ctx: Context, tx: Tx, request: ListKnocksRequest) -> ListKnocksResponse:
    size = request.page_size or PAGE
    rows = tx.knocks(number(request.page_token, "/pageToken"), size + 1)
    answer = ListKnocksResponse(knocks=[knock_records.shown(ctx, tx, r) for _, r in rows[:size]])
    if len(rows) > size:
        answer.next_page_token = str(rows[size - 1][0])
    return answer


def _list_offers(
    ctx: Context, tx: Tx, request: ListStandingOffersRequest
) -> ListStandingOffersResponse:
    size = request.page_size or PAGE
    rows = tx.standings(number(request.page_token, "/pageToken"), size + 1)
    offers: list[StandingOffer] = [standing.read(ctx, row) for _, row in rows[:size]]
    answer = ListStandingOffersResponse(offers=offers)
    if len(rows) > size:
        answer.next_page_token = str(rows[size - 1][0])
    return answer


READS: dict[str, Callable[[Context, Tx, Any], Message]] = {
    "GetKnock": _get,
    "ListKnocks": _list_knocks,
    "ListStandingOffers": _list_offers,
}
"""What answers each call that only reads."""
