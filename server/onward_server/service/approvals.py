"""What two different persons have to approve, as it is kept, approved and waited for.

Bases other than consent and emergency openings go through here (onward.core.approvals has the
rules). The content is encrypted under a key of its own, bound to its row and version.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from onward.core import approvals, spec
from onward.core.clock import moment
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.holds_pb2 import EmergencyOpening
from onward.v1.referral_pb2 import NeedsHuman
from onward_server.ports import Tx
from onward_server.ports_approvals import ApprovalRow
from onward_server.service import subjects
from onward_server.service.context import Context

A = TypeVar("A", OtherBasis, EmergencyOpening)

BASIS, OPENING = "basis", "opening"
"""The kinds of what is approved, as rows name them."""

WAITING = {
    BASIS: ("basis_to_approve", "basis_review_due", "basis_tell_due"),
    OPENING: ("break_glass_to_approve", "break_glass_review_due", ""),
}
"""What waits for a person, by kind: to be approved, to be reviewed, to be told."""


def begin(ctx: Context, tx: Tx, one: A, *, subject: str = "") -> None:
    """Keep what was asked for."""
    kind, name = _name(one)
    basis = one.basis if isinstance(one, OtherBasis) else ""
    referral_id = one.referral_id if isinstance(one, EmergencyOpening) else ""
    row = ApprovalRow(
        name, kind, 0, one.state, approvals.ends(one), b"",
        subject=subjects.digest(ctx, subject) if subject else "", basis=basis,
        referral_id=referral_id,
    )  # fmt: skip
    keep(ctx, tx, row, one)


def keep(ctx: Context, tx: Tx, row: ApprovalRow, one: A) -> ApprovalRow:
    """Write it as it now stands, with what of it stands in clear. Gives the new row."""
    kind, name = row.kind, row.approval_id
    version = row.version + 1
    body = to_json(one)
    sealed = ctx.keys.encrypt(_key(kind, name), _bound(ctx, kind, name, version), body)
    row = replace(
        row, version=version, stage=one.state, until=approvals.ends(one), content=sealed,
        finding=one.finding,
    )  # fmt: skip
    tx.put_approval(row)
    # Outside the database: a backup must not bring back one that was refused since.
    ctx.keys.remember(_key(kind, name), version, ended=one.state == "refused")
    tx.add_event("approval", row.referral_id)
    return row


def basis(ctx: Context, tx: Tx, basis_id: str) -> tuple[ApprovalRow, OtherBasis]:
    """A basis as it was written. Raises Refused NOT_FOUND."""
    return _load(ctx, tx, BASIS, basis_id, OtherBasis)


def opening(ctx: Context, tx: Tx, opening_id: str) -> tuple[ApprovalRow, EmergencyOpening]:
    """An emergency opening as it was written. Raises Refused NOT_FOUND."""
    return _load(ctx, tx, OPENING, opening_id, EmergencyOpening)


def _load(ctx: Context, tx: Tx, kind: str, name: str, what: type[A]) -> tuple[ApprovalRow, A]:
    row = tx.approval(kind, name)
    if row is None:
        raise Refused("NOT_FOUND", "/basisId" if kind == BASIS else "/openingId")
    bound = _bound(ctx, kind, name, row.version)
    one = parse(what, ctx.keys.decrypt(_key(kind, name), bound, row.content))
    version, _ = ctx.keys.remembered(_key(kind, name))
    if tx.was_restored() and version > row.version:
        one.state = "refused"  # What was said last was lost in a restore: who needs it asks anew.
    return row, one


def shown(ctx: Context, row: ApprovalRow, one: A) -> A:
    """As people and rules see it: where it stands now, and how often it was used."""
    now = type(one)()
    now.CopyFrom(one)
    now.state = approvals.state(one, ctx.now())
    now.uses = row.uses
    return now


def waiting(ctx: Context, tx: Tx) -> list[NeedsHuman]:
    """What of all this waits for a person, with how long it is overdue."""
    now = ctx.now()
    codes = spec.registries()["needs_human"].codes
    found = []
    for row in tx.waiting_approvals(now):
        to_approve, to_review, to_tell = WAITING[row.kind]
        due: list[tuple[str, int]] = []
        if row.stage == "proposed":
            due.append((to_approve, 0))
        elif not row.finding and row.until <= now:
            due.append((to_review, approvals.review_overdue(row.until, now)))
        if row.stage != "proposed" and row.tell_next is not None and row.tell_next <= now:
            due.append((to_tell, (now - row.tell_next).days))
        found += [
            NeedsHuman(
                code=code, next_step=codes[code].next_step, referral_id=row.referral_id,
                approval_id=row.approval_id, days=days,
            )
            for code, days in due
        ]  # fmt: skip
    return found


def month(ctx: Context) -> str:
    """The present month, as FORMAT_MONTH."""
    return ctx.now().strftime("%Y-%m")


def month_of(one: OtherBasis) -> str:
    """The month in which a basis was approved."""
    return moment(one.valid_from).strftime("%Y-%m")


def _name(one: approvals.Asked) -> tuple[str, str]:
    if isinstance(one, OtherBasis):
        return BASIS, one.basis_id
    return OPENING, one.opening_id


def _key(kind: str, name: str) -> str:
    return f"{kind}/{name}"


def _bound(ctx: Context, kind: str, name: str, version: int) -> str:
    return f"{ctx.agency}/{kind}/{name}/{version}"
