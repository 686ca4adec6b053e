"""Lists of services: publishing the agency's own, taking those of partners, and reading them all.

Lists are fetched whole, by the clock and from every accepted partner alike, so that no agency
learns who is about to be referred to it, or for what.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import cast

from onward.core import entries, jose, services
from onward.core.clock import moment, stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import PeerRequest
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import GetServicesRequest, GetServicesResponse
from onward.v1.services_pb2 import (
    HeldServices,
    ListServicesRequest,
    ListServicesResponse,
    PublishServicesRequest,
    ServiceList,
)
from onward_server.ports import ServiceListRow, Tx
from onward_server.service import audit
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context


def publish(
    ctx: Context, tx: Tx, request: PublishServicesRequest, caller: Caller, actor: Actor
) -> HeldServices:
    """Sign the next list of the agency's own services, in place of the one before.

    Raises Refused: what `core.services.check` refuses, SERVICE_LIST_INVALID if the node holds
    another list than the caller looked at, REQUEST_ID_REUSED.
    """
    asked = PublishServicesRequest()
    asked.CopyFrom(request)
    asked.ClearField("write")
    digest = jose.sha256(b"PublishServices" + to_json(asked))
    known = tx.answer(caller.client_id, request.write.request_id)
    if known is not None:
        if known[0] != digest:
            raise Refused("REQUEST_ID_REUSED", "/write/requestId")
        return HeldServices.FromString(known[1])
    services.check(request.services)
    held = tx.service_list(ctx.agency) or ServiceListRow(ctx.agency)
    if held.seq != request.expected_seq:
        raise Refused("SERVICE_LIST_INVALID", "/expectedSeq")
    now = ctx.now()
    life = timedelta(days=request.valid_days) if request.valid_days else services.LIFE
    new = ServiceList(
        version=entries.VERSION,
        environment=ctx.environment,
        agency=ctx.agency,
        seq=services.next_number(held.seq, now),
        issued_at=stamp(now),
        expires_at=stamp(now + life),
        services=request.services,
    )
    row = ServiceListRow(ctx.agency, new.seq, services.sign(new, ctx.keys.signing()), now)
    tx.put_service_list(row)
    audit.write(
        ctx, tx, actor, action="publish", client=caller.client_id, purpose=request.write.purpose
    )
    answer = _shown(ctx, row, ListServicesRequest())
    tx.keep_answer(caller.client_id, request.write.request_id, digest, answer.SerializeToString())
    return answer


def own(ctx: Context) -> GetServicesResponse:
    """The agency's own list, as it was signed; nothing where it has published none."""
    row = ctx.store.read(lambda tx: tx.service_list(ctx.agency))
    return GetServicesResponse(services=row.jws if row is not None else "")


def partners(ctx: Context) -> list[str]:
    """Agencies whose lists are fetched: accepted by this node, and active on the trust list."""
    accepted = ctx.store.read(lambda tx: tx.accepted())
    return [one for one in accepted if one != ctx.agency and not ctx.barred(one)]


def question(ctx: Context, agency: str) -> GetServicesRequest:
    """What is sent to a partner. It is the same whatever anybody looks for."""
    asked = PeerRequest(
        iss=ctx.agency,
        aud=agency,
        method="get_services",
        iat=stamp(ctx.now()),
        nonce=ctx.new_id(),
    )
    return GetServicesRequest(request=jose.sign(to_json(asked), jose.REQUEST, ctx.keys.signing()))


def take(ctx: Context, agency: str, answer: GetServicesResponse) -> bool:
    """Keep a partner's list, if all of it is as it must be. True if there is a newer one.

    Raises Refused; then what was held stays.
    """
    if not answer.services:
        failed(ctx, agency, "")
        return False
    new = services.verify(
        answer.services,
        agency=agency,
        environment=ctx.environment,
        trusted=ctx.trust.current(),
        now=ctx.now(),
    )
    row = ServiceListRow(agency, new.seq, answer.services, ctx.now())
    return ctx.store.write(lambda tx: _replace(ctx, tx, row, new))


def _replace(ctx: Context, tx: Tx, row: ServiceListRow, new: ServiceList) -> bool:
    held = tx.service_list(row.agency)
    # One that a key signed which the trust list has since dropped counts for nothing: whoever had
    # that key may have given it the highest number that there is.
    before = _standing(ctx, held) if held is not None else None
    services.check_newer(new, before)
    if before is not None and before.seq == new.seq and held is not None:
        # The bytes that were taken first stay.
        row = replace(row, jws=held.jws)
    tx.put_service_list(row)
    return before is None or new.seq > before.seq


def failed(ctx: Context, agency: str, reason: str) -> None:
    """Note why a partner's list could not be had, or nothing if it could. What was held stays."""

    def note(tx: Tx) -> None:
        held = tx.service_list(agency) or ServiceListRow(agency)
        if held.failed != reason:
            tx.put_service_list(replace(held, failed=reason))

    ctx.store.write(note)


def list_services(
    ctx: Context, tx: Tx, request: ListServicesRequest, caller: Caller
) -> ListServicesResponse:
    """The node's own list and those of its partners, as far as they match. Asks nobody."""
    answer = ListServicesResponse()
    for row in tx.service_lists():
        if request.agency and row.agency != request.agency:
            continue
        if row.agency == ctx.agency or (tx.accepts(row.agency) and not ctx.barred(row.agency)):
            answer.lists.append(_shown(ctx, row, request))
    return answer


def _shown(ctx: Context, row: ServiceListRow, request: ListServicesRequest) -> HeldServices:
    shown = HeldServices(agency=row.agency)
    if row.failed:
        shown.failed = _reason(row.failed)
    held, now = _standing(ctx, row), ctx.now()
    if held is None or row.confirmed_at is None:
        shown.stale = True
        return shown
    shown.seq = held.seq
    shown.issued_at.CopyFrom(held.issued_at)
    shown.expires_at.CopyFrom(held.expires_at)
    # The agency's own list needs nobody's word.
    confirmed = now if row.agency == ctx.agency else row.confirmed_at
    shown.confirmed_at.CopyFrom(stamp(confirmed))
    shown.age_minutes = max(0, int((now - confirmed).total_seconds())) // 60
    shown.stale = now >= moment(held.expires_at) or now - confirmed > services.FRESH
    shown.services.extend(
        services.matching(held.services, service_type=request.service_type, country=request.country)
    )
    return shown


def _reason(name: str) -> Reason:
    # The stubs name the value's type int, which it is.
    return cast(Reason, Reason.Value(f"REASON_{name}"))


def _standing(ctx: Context, row: ServiceListRow) -> ServiceList | None:
    """A list that was taken, if the key that signed it is still its agency's."""
    if not row.jws:
        return None
    find = ctx.trust.current().signing_key(row.agency)
    if find(jose.read_header(row.jws)["kid"]) is None:
        return None
    try:
        return _list(row.jws)
    except Refused:
        # Taken by an earlier version, which knew other codes or another rule: it is not shown.
        return None


@lru_cache(maxsize=256)
def _list(token: str) -> ServiceList:
    """A list whose signature was verified when it was taken. To be read only."""
    return services.read(jose.peek(token))
