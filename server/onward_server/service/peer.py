"""Questions of other nodes, each signed with the agency's key."""

from __future__ import annotations

from datetime import timedelta

from onward.core import entries, jose
from onward.core.clock import moment
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import PeerRequest
from onward.v1.peer_pb2 import (
    CollectRequest,
    CollectResponse,
    DeliverRequest,
    DeliverResponse,
    DeliverResult,
    GetNodeRequest,
    GetNodeResponse,
    GetServicesRequest,
    GetServicesResponse,
    GetTrustListRequest,
    ResyncRequest,
    ResyncResponse,
)
from onward.v1.trust_pb2 import SignedTrustList
from onward_server.service import (
    inbound,
    knock_inbox,
    mailbox,
    resync as answers,
    service_lists,
)
from onward_server.service.context import Context

VALID = timedelta(minutes=5)


def deliver(
    ctx: Context, request: DeliverRequest, knock: inbound.TakeKnock = knock_inbox.take
) -> DeliverResponse:
    """A receipt or an error for each envelope, in order; a mailbox holds what is for others."""
    is_mail = [mailbox.is_mail(ctx, one) for one in request.envelopes]
    own = [one for one, mail in zip(request.envelopes, is_mail, strict=True) if not mail]
    others = [one for one, mail in zip(request.envelopes, is_mail, strict=True) if mail]
    taken = iter(inbound.deliver(ctx, own, knock) if own else [])
    held = iter(mailbox.hold(ctx, others) if others else [])
    return DeliverResponse(results=[_told(next(held)) if mail else next(taken) for mail in is_mail])


def _told(outcome: DeliverResult | Refused) -> DeliverResult:
    if isinstance(outcome, Refused):
        return DeliverResult(problem=inbound.problem(outcome))
    return outcome


def collect(ctx: Context, request: CollectRequest) -> CollectResponse:
    """What this node holds for the agency that asks. Raises Refused."""
    if not ctx.mailbox:
        raise Refused("UNIMPLEMENTED")
    # Also for a removed agency: a withdrawal has to reach it.
    asking = _authenticate(ctx, request.request, "collect", removed=True).iss
    return CollectResponse(
        envelopes=mailbox.collect(ctx, asking, request.receipts, request.max, request.after)
    )


def get_node(ctx: Context, request: GetNodeRequest) -> GetNodeResponse:
    """Who the node is."""
    _authenticate(ctx, request.request, "get_node")
    return GetNodeResponse(
        agencies=[ctx.agency],
        versions=[entries.VERSION],
        environment=ctx.environment,
        trust_list=ctx.trust.current().list.seq,
    )


def get_trust_list(ctx: Context, request: GetTrustListRequest) -> SignedTrustList:
    """The trust list that the node holds, whole."""
    _authenticate(ctx, request.request, "get_trust_list")
    return parse(SignedTrustList, ctx.trust.signed())


def get_services(ctx: Context, request: GetServicesRequest) -> GetServicesResponse:
    """The agency's list of services, whole, for every active member."""
    asking = _authenticate(ctx, request.request, "get_services").iss
    if reason := ctx.barred(asking):
        raise Refused(reason)
    return service_lists.own(ctx)


def resync(ctx: Context, request: ResyncRequest) -> ResyncResponse:
    """What the node has of a referral of both, for an agency that has lost some of it."""
    asked = _authenticate(ctx, request.request, "resync")
    return ctx.store.write(lambda tx: answers.answer(ctx, tx, asked, VALID))


def _authenticate(ctx: Context, token: str, method: str, *, removed: bool = False) -> PeerRequest:
    claimed = parse(PeerRequest, jose.peek(token))
    if not (removed and ctx.trust.current().agency(claimed.iss)):
        ctx.member(claimed.iss)
    find = ctx.trust.current().signing_key(claimed.iss, ctx.now())
    asked = parse(PeerRequest, jose.verify(token, jose.REQUEST, find).payload)
    if asked.aud != ctx.agency:
        raise Refused("WRONG_RECIPIENT")
    age = ctx.now() - moment(asked.iat)
    if asked.method != method or not -timedelta(minutes=1) <= age <= VALID:
        raise Refused("SIGNATURE_INVALID")
    return asked
