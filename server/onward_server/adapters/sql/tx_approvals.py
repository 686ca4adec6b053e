"""What two persons have to approve: the rows of bases and emergency openings."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.sql import ColumnElement

from onward.core.refused import Refused
from onward_server.adapters.sql import tables as base, tables_approvals as t
from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import Rows
from onward_server.ports_approvals import ApprovalRow

NAMES = tuple(field.name for field in fields(ApprovalRow))


class ApprovalsSql(Rows):
    """Fulfils onward_server.ports_approvals.ApprovalsTx."""

    counted: bool

    def put_approval(self, row: ApprovalRow) -> None:
        self.counted = True  # A refusal that a restore has lost must be noticed.
        values = asdict(row)
        values["until"] = naive(row.until)
        values["tell_next"] = naive(row.tell_next) if row.tell_next else None
        if row.version == 1:
            self._add(t.approvals, **values)
            return
        del values["uses"]
        c = t.approvals.c
        mine = and_(c.owner == self._owner, c.approval_id == row.approval_id)
        changed = self.connection.execute(
            update(t.approvals).where(mine, c.version == row.version - 1).values(**values)
        )
        if not changed.rowcount:
            # Somebody else wrote in between: no refusal is lost under an approval.
            raise Refused("UNAVAILABLE")

    def add_use(self, approval_id: str) -> None:
        c = t.approvals.c
        mine = and_(c.owner == self._owner, c.approval_id == approval_id)
        self.connection.execute(update(t.approvals).where(mine).values(uses=c.uses + 1))

    def approval(self, kind: str, approval_id: str) -> ApprovalRow | None:
        found = self._first(t.approvals, NAMES, approval_id=approval_id, kind=kind)
        return _row(found._asdict()) if found else None

    def approvals_of(self, subject: str) -> list[ApprovalRow]:
        rows = self._find(t.approvals, NAMES, "until approval_id", subject=subject)
        return [_row(found._asdict()) for found in rows]

    def waiting_approvals(self, now: datetime) -> list[ApprovalRow]:
        c = t.approvals.c
        asks = and_(c.stage == "proposed", c.until > naive(now))
        unreviewed = and_(c.finding == "", c.until <= naive(now))
        # However it ended: what was refused while it was in force may have been used before.
        due = and_(c.uses > 0, or_(unreviewed, c.tell_next <= naive(now)))
        return self._approvals(or_(asks, due))

    def bases_since(self, month: str) -> list[ApprovalRow]:
        c = t.approvals.c
        # It has a month since it was approved, also if it was refused later.
        return self._approvals(c.kind == "basis", c.month >= month)

    def _approvals(self, *which: ColumnElement[bool]) -> list[ApprovalRow]:
        rows = self.connection.execute(
            select(*(t.approvals.c[name] for name in NAMES))
            .where(t.approvals.c.owner == self._owner, *which)
            .order_by(t.approvals.c.until, t.approvals.c.approval_id)
        )
        return [_row(found._asdict()) for found in rows]

    def use_in(self, approval_id: str, referral_id: str) -> None:
        if referral_id not in self.referrals_by(approval_id):
            self._add(t.approval_uses, approval_id=approval_id, referral_id=referral_id)

    def referrals_by(self, approval_id: str) -> list[str]:
        rows = self._find(t.approval_uses, ("referral_id",), approval_id=approval_id)
        return list(rows.scalars())

    def used_in(self, referral_id: str) -> list[str]:
        rows = self._find(t.approval_uses, ("approval_id",), referral_id=referral_id)
        return list(rows.scalars())

    def count_basis(self, month: str, basis: str) -> None:
        c = t.basis_counts.c
        changed = self.connection.execute(
            update(t.basis_counts)
            .where(c.owner == self._owner, c.month == month, c.basis == basis)
            .values(uses=c.uses + 1)
        )
        if not changed.rowcount:
            self._add(t.basis_counts, month=month, basis=basis, uses=1)

    def basis_counts(self, since: str) -> list[tuple[str, str, int]]:
        c = t.basis_counts.c
        rows = self.connection.execute(
            select(c.month, c.basis, c.uses).where(c.owner == self._owner, c.month >= since)
        )
        return [(month, basis, uses) for month, basis, uses in rows]

    def set_consent(self, referral_id: str, consent_id: str) -> None:
        c = base.referrals.c
        self.connection.execute(
            update(base.referrals)
            .where(c.owner == self._owner, c.referral_id == referral_id)
            .values(consent_id=consent_id)
        )


def _row(values: dict[str, object]) -> ApprovalRow:
    for name in ("until", "tell_next"):
        at = values[name]
        if isinstance(at, datetime):
            values[name] = aware(at)
    return ApprovalRow(**values)  # type: ignore[arg-type]  # the columns are its fields
