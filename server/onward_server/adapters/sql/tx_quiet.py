"""How all referrals stand, by a few questions over all of them."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.rows import Rows
from onward_server.adapters.sql.tables_holds import kept
from onward_server.adapters.sql.tables_mail import posted
from onward_server.ports_quiet import Marks


class QuietTx(Rows):
    """Questions over all referrals of the agency."""

    def marks(self) -> Marks:
        """How each of them stands."""
        e, c = t.entries.c, t.consents.c
        last = (
            select(e.referral_id, e.side, func.max(e.seq).label("seq"))
            .where(self._mine(t.entries))
            .group_by(e.referral_id, e.side)
            .subquery()
        )
        here = and_(e.referral_id == last.c.referral_id, e.side == last.c.side, e.seq == last.c.seq)
        ends = select(e.referral_id, e.hash).join(last, here).where(self._mine(t.entries))
        heads: dict[str, tuple[str, ...]] = {}
        for referral_id, hash_ in self.connection.execute(ends.order_by(e.side)):
            heads[referral_id] = (*heads.get(referral_id, ()), hash_)
        newest = (
            select(c.consent_id, func.max(c.version))
            .where(self._mine(t.consents))
            .group_by(c.consent_id)
        )
        targets = select(t.links.c.target).where(self._mine(t.links))
        return Marks(
            heads,
            {one[0]: one[1] for one in self.connection.execute(newest)},
            frozenset(self._busy()),
            frozenset(self.connection.execute(targets).scalars()),
        )

    def _busy(self) -> set[str]:
        sealed = select(t.parts.c.referral_id).where(self._mine(t.parts, outcome="sealed"))
        rows = [sealed] + [
            select(one.c.referral_id).where(self._mine(one))
            for one in (t.outbox, t.restored, t.links, kept, posted)
        ]
        return {name for one in rows for name in self.connection.execute(one.distinct()).scalars()}
