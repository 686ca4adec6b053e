"""Questions of other nodes, each signed with the agency's key."""

from __future__ import annotations

from datetime import timedelta

from onward.core import entries, jose
from onward.core.clock import moment
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import PeerRequest
from onward.v1.peer_pb2 import (
    DeliverRequest,
    DeliverResponse,
    GetNodeRequest,
    GetNodeResponse,
    GetServicesRequest,
    GetServicesResponse,
    GetTrustListRequest,
    ResyncRequest,
    ResyncResponse,
)
from onward.v1.trust_pb2 import SignedTrustList
from onward_server.service import inbound, knock_inbox, resync as answers, service_lists
from onward_server.service.context import Context

VALID = timedelta(minutes=5)


def deliver(ctx: Context, request: DeliverRequest) -> DeliverResponse:
    """A receipt or an error for each envelope, in order."""
    return DeliverResponse(results=inbound.deliver(ctx, request.envelopes, knock_inbox.take))


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


def _authenticate(ctx: Context, token: str, method: str) -> PeerRequest:
    claimed = parse(PeerRequest, jose.peek(token))
    ctx.member(claimed.iss)
    find = ctx.trust.current().signing_key(claimed.iss, ctx.now())
    asked = parse(PeerRequest, jose.verify(token, jose.REQUEST, find).payload)
    if asked.aud != ctx.agency:
        raise Refused("WRONG_RECIPIENT")
    age = ctx.now() - moment(asked.iat)
    if asked.method != method or not -timedelta(minutes=1) <= age <= VALID:
        raise Refused("SIGNATURE_INVALID")
    return asked
