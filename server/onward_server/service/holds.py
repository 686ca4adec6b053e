"""Legal holds: an authority orders that content is not destroyed. It keeps; it opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from onward.core.clock import moment, stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.bases_pb2 import Approval
from onward.v1.holds_pb2 import (
    Hold,
    LiftHoldRequest,
    ListHoldsRequest,
    ListHoldsResponse,
    PlaceHoldRequest,
)
from onward_server.ports import Tx
from onward_server.ports_erasure import HoldRow
from onward_server.service import agreements, audit, keeping, ledger
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.once import Handler, once


def place(ctx: Context, tx: Tx, request: PlaceHoldRequest, caller: Caller, actor: Actor) -> Hold:
    """Keep content of a referral from being destroyed. Raises Refused NOT_FOUND, HOLD_AUTHORITY
    for an authority that the agreement does not name, AGREEMENT_MISSING where there is none and
    data is real, INVALID_FIELD for a time that is over.
    """

    def do() -> tuple[str, Hold]:
        book = ledger.load(tx, request.referral_id, ctx.agency)
        _check_authority(ctx, tx, book.other_agency, request.authority)
        if moment(request.until) <= ctx.now():
            raise Refused("INVALID_FIELD", "/until", expected="in the future")
        hold = Hold(
            hold_id=ctx.new_id(), referral_id=request.referral_id, authority=request.authority,
            country=request.country, evidence=request.evidence,
            categories=sorted(set(request.categories)), until=request.until,
            placed=Approval(actor=actor.login, time=stamp(ctx.now())),
        )  # fmt: skip
        _put(ctx, tx, hold)
        _audit(ctx, tx, request, hold, caller, actor)
        return hold.hold_id, hold

    return once(ctx, tx, caller, request, do, lambda name: _load(ctx, tx, name))


def _check_authority(ctx: Context, tx: Tx, other: str, authority: str) -> None:
    agreement = agreements.between(ctx, tx, other)
    if agreement is None:
        if ctx.environment != "test":
            raise Refused("AGREEMENT_MISSING", "/referralId")
        return
    if authority not in agreement.hold_authorities:
        named = ", ".join(agreement.hold_authorities) or "none is named"
        raise Refused("HOLD_AUTHORITY", "/authority", expected=f"by the agreement: {named}")


def lift(ctx: Context, tx: Tx, request: LiftHoldRequest, caller: Caller, actor: Actor) -> Hold:
    """End an order: what only it kept is destroyed and certified. Raises Refused NOT_FOUND, and
    ALREADY_DONE for one that was lifted before.
    """

    def do() -> tuple[str, Hold]:
        hold = _load(ctx, tx, request.hold_id)
        if hold.HasField("lifted"):
            raise Refused("ALREADY_DONE")
        hold.lifted.CopyFrom(Approval(actor=actor.login, time=stamp(ctx.now())))
        _put(ctx, tx, hold)
        keeping.release(ctx, tx, hold.referral_id)
        _audit(ctx, tx, request, hold, caller, actor)
        return hold.hold_id, hold

    return once(ctx, tx, caller, request, do, lambda name: _load(ctx, tx, name))


def _put(ctx: Context, tx: Tx, hold: Hold) -> None:
    bound = f"{ctx.agency}/hold/{hold.referral_id}"
    sealed = ctx.keys.encrypt(f"holds/{hold.hold_id}", bound, to_json(hold))
    open_still = not hold.HasField("lifted")
    tx.put_hold(HoldRow(hold.hold_id, hold.referral_id, moment(hold.until), open_still, sealed))


def _load(ctx: Context, tx: Tx, hold_id: str) -> Hold:
    row = tx.hold(hold_id)
    if row is None:
        raise Refused("NOT_FOUND")
    return keeping.read(ctx, row)


def _audit(ctx: Context, tx: Tx, request: Any, hold: Hold, caller: Caller, actor: Actor) -> None:
    audit.write(
        ctx, tx, actor, action="hold", client=caller.client_id, purpose=request.write.purpose,
        referral_id=hold.referral_id, categories=hold.categories,
    )  # fmt: skip


def list_holds(
    ctx: Context, tx: Tx, request: ListHoldsRequest, caller: Caller
) -> ListHoldsResponse:
    """All orders, oldest first."""
    found: list[Hold] = [keeping.read(ctx, row) for row in tx.holds()]
    found.sort(key=lambda one: one.placed.time.seconds)
    return ListHoldsResponse(holds=found)


WRITES: dict[str, Handler] = {"Holds.PlaceHold": place, "Holds.LiftHold": lift}
"""Which function answers which call."""

READS: dict[str, Callable[[Context, Tx, Any, Caller], Message]] = {"Holds.ListHolds": list_holds}
"""The same for those that only read."""
