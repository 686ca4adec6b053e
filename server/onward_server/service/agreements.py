"""Agreements with other agencies: taken, ended, and asked for (docs/spec.md, Agreements).

Signatures are judged once, when an agreement is taken; from then on the signed bytes are what is
kept. A key that is retired later takes nothing back: either party ends an agreement when it will.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from onward.core import agreements, jose
from onward.core.clock import moment, stamp
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.agreements_pb2 import (
    AddAgreementRequest,
    Agreement,
    EndAgreementRequest,
    KnownAgreement,
    ListAgreementsRequest,
    ListAgreementsResponse,
    SignedAgreement,
)
from onward_server.ports import Tx
from onward_server.ports_agreements import AgreementRow
from onward_server.service import audit
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.once import Handler, once

INVALID = "AGREEMENT_INVALID"

OVER = Agreement()
"""Stands for agreements of which none is in force any more: it is so at no moment."""


def between(ctx: Context, tx: Tx, other: str) -> Agreement | None:
    """The agreement between this agency and another, to be read only; None if there never was one.

    Where there was one and none is in force, one that is over: then nothing may go, in any
    environment.
    """
    rows = tx.agreements_with(other)
    if not rows:
        return None
    found = _governing(ctx, rows)
    return _agreed(found.signed) if found else OVER


def needed(ctx: Context) -> bool:
    """Whether nothing goes without an agreement."""
    return ctx.environment == "live"


def _governing(ctx: Context, rows: list[AgreementRow]) -> AgreementRow | None:
    """Of all versions that are held with one agency, the one that counts now."""
    held = (agreements.Held(_agreed(row.signed), row.ended_at is not None) for row in rows)
    found = agreements.governing(held, ctx.now())
    if found is None:
        return None
    counts = (found.agreement.agreement_id, found.agreement.version)
    row = next(row for row in rows if (row.agreement_id, row.version) == counts)
    return row if _proven(ctx, row) else None


@lru_cache(maxsize=256)
def _agreed(signed: bytes) -> Agreement:
    """What was agreed, of bytes that were verified when they were taken. To be read only.

    Taken by an earlier version, which knew other codes or another rule, it is never in force.
    """
    try:
        return agreements.read(_signed(signed).payload)
    except Refused:
        return OVER


def _signed(signed: bytes) -> SignedAgreement:
    return parse(SignedAgreement, signed)


def _key(row: AgreementRow) -> str:
    return f"agreement/{row.agreement_id}/{row.version}"


def _bound(ctx: Context, signed: bytes) -> str:
    return f"{ctx.agency}/agreement/{jose.sha256(signed)}"


def _proven(ctx: Context, row: AgreementRow) -> bool:
    """Whether this node took exactly these bytes, and has not ended the agreement since: also
    where the database was restored from a backup, and does not know it.
    """
    try:
        ctx.keys.decrypt(_key(row), _bound(ctx, row.signed), row.proof)
    except Refused:
        return False
    return True


def add(
    ctx: Context, tx: Tx, request: AddAgreementRequest, caller: Caller, actor: Actor
) -> KnownAgreement:
    """Take an agreement that both parties have signed. Raises Refused AGREEMENT_INVALID.

    The same bytes again are what is held already.
    """

    def do() -> tuple[str, KnownAgreement]:
        row, new = _take(ctx, tx, request.agreement)
        if new:
            audit.write(
                ctx, tx, actor, action="agreement", client=caller.client_id,
                purpose=request.write.purpose,
            )  # fmt: skip
        return f"{row.agreement_id} {row.version}", _known(ctx, tx, row)

    def again(name: str) -> KnownAgreement:
        agreement_id, version = name.split(" ")
        return _known(ctx, tx, _version(tx, agreement_id, int(version)))

    return once(ctx, tx, caller, request, do, again)


def _take(ctx: Context, tx: Tx, given: SignedAgreement) -> tuple[AgreementRow, bool]:
    """What was given as it is held now, and whether it is new here."""
    try:
        new = agreements.verify(
            given, trusted=ctx.trust.current(), environment=ctx.environment, now=ctx.now()
        )
        return _keep(ctx, tx, given, new)
    except Refused as fault:
        if fault.reason != INVALID:
            raise
        raise Refused(INVALID, f"/agreement{fault.pointer}", expected=fault.expected) from None


def _keep(
    ctx: Context, tx: Tx, given: SignedAgreement, new: Agreement
) -> tuple[AgreementRow, bool]:
    if ctx.agency not in new.parties:
        raise Refused(INVALID, "/payload/parties")
    other = next(one for one in new.parties if one != ctx.agency)
    everything = tx.agreements()
    same = [row for row in everything if row.agreement_id == new.agreement_id]
    for row in same:
        if row.version == new.version and _signed(row.signed).payload == given.payload:
            return row, False
    if any(row.version >= new.version for row in same):
        raise Refused(INVALID, "/payload/version")
    if any(row.other != other for row in same):
        raise Refused(INVALID, "/payload/parties")
    if moment(new.valid_until) <= ctx.now():
        raise Refused(INVALID, "/payload/validUntil")
    for row in everything:
        # Two at once would leave open which of them binds, and each node could choose another.
        beside = row.other == other and row.agreement_id != new.agreement_id
        if beside and row.ended_at is None and _overlap(_agreed(row.signed), new):
            raise Refused(INVALID, "/payload/agreementId")
    signed = to_json(given)
    row = AgreementRow(new.agreement_id, new.version, other, signed, b"")
    proof = ctx.keys.encrypt(_key(row), _bound(ctx, signed), b"")
    row = AgreementRow(new.agreement_id, new.version, other, signed, proof)
    tx.add_agreement(row)
    _end_replaced(ctx, [*same, row])
    return row, True


def end_replaced(ctx: Context) -> None:
    """Destroy what proves a version that another has replaced since, which was signed ahead."""
    _end_replaced(ctx, ctx.store.read(lambda tx: tx.agreements()))


def _end_replaced(ctx: Context, rows: Iterable[AgreementRow]) -> None:
    """No restored database may bring back what has been replaced: it may be wider."""
    newest: dict[str, int] = {}
    known = list(rows)
    for row in known:
        if moment(_agreed(row.signed).valid_from) <= ctx.now():
            newest[row.agreement_id] = max(row.version, newest.get(row.agreement_id, 0))
    names = [_key(row) for row in known if row.version < newest.get(row.agreement_id, 0)]
    ctx.keys.destroy(ctx.keys.living(names))


def _overlap(one: Agreement, two: Agreement) -> bool:
    return moment(one.valid_from) < moment(two.valid_until) and (
        moment(two.valid_from) < moment(one.valid_until)
    )


def end(
    ctx: Context, tx: Tx, request: EndAgreementRequest, caller: Caller, actor: Actor
) -> KnownAgreement:
    """End an agreement at this node, at once and for good. Raises Refused NOT_FOUND.

    Ended stays ended: only a higher version, which both have signed, takes its place.
    """

    def do() -> tuple[str, KnownAgreement]:
        rows = _versions(tx, request.agreement_id)
        if any(row.ended_at is None for row in rows):
            ctx.keys.destroy(_key(row) for row in rows)
            tx.end_agreement(request.agreement_id, ctx.now())
            audit.write(
                ctx, tx, actor, action="agreement", client=caller.client_id,
                purpose=request.write.purpose,
            )  # fmt: skip
        return request.agreement_id, again(request.agreement_id)

    def again(name: str) -> KnownAgreement:
        return _known(ctx, tx, _versions(tx, name)[-1])

    return once(ctx, tx, caller, request, do, again)


def _versions(tx: Tx, agreement_id: str) -> list[AgreementRow]:
    """All versions of an agreement, oldest first. Raises Refused NOT_FOUND."""
    found = [row for row in tx.agreements() if row.agreement_id == agreement_id]
    if not found:
        raise Refused("NOT_FOUND", "/agreementId")
    return found


def _version(tx: Tx, agreement_id: str, version: int) -> AgreementRow:
    return next(row for row in _versions(tx, agreement_id) if row.version == version)


def _known(ctx: Context, tx: Tx, row: AgreementRow) -> KnownAgreement:
    """A version as it stands at this node now."""
    governing = _governing(ctx, tx.agreements_with(row.other))
    return KnownAgreement(
        agreement=_agreed(row.signed),
        in_force=governing is not None
        and (governing.agreement_id, governing.version) == (row.agreement_id, row.version),
        ended_at=stamp(row.ended_at) if row.ended_at else None,
        signed=_signed(row.signed),
    )


def list_agreements(
    ctx: Context, tx: Tx, request: ListAgreementsRequest, caller: Caller
) -> ListAgreementsResponse:
    """The newest version of each, and the one in force where that is an earlier one."""
    rows = tx.agreements_with(request.agency) if request.agency else tx.agreements()
    newest = {row.agreement_id: row.version for row in rows}
    shown = [(row, _known(ctx, tx, row)) for row in rows]
    return ListAgreementsResponse(
        agreements=[
            known
            for row, known in shown
            if known.in_force or row.version == newest[row.agreement_id]
        ]
    )


WRITES: dict[str, Handler] = {"Agreements.AddAgreement": add, "Agreements.EndAgreement": end}
"""Which function answers which call that writes."""
