"""How referrals belong together: the rows of links, and of referrals by one consent."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from onward_server.adapters.sql import tables as t
from onward_server.ports import LinkRow, ReferralRow


class LinksTx:
    """The part of a transaction that is about links."""

    connection: Connection
    _owner: str

    def referrals_by_consent(self, consent_id: str) -> list[ReferralRow]:
        if not consent_id:
            return []  # At a destination: it has no record, and nothing in common.
        c = t.referrals.c
        rows = self.connection.execute(
            select(c.referral_id, c.origin, c.destination, c.consent_id)
            .where(c.owner == self._owner, c.consent_id == consent_id)
            .order_by(c.n)
        )
        return [ReferralRow(*row) for row in rows]

    def links_of(self, referral_id: str) -> list[LinkRow]:
        c = t.links.c
        rows = self.connection.execute(
            select(c.referral_id, c.target, c.content)
            .where(c.owner == self._owner, c.referral_id == referral_id)
            .order_by(c.target)
        )
        return [LinkRow(*row) for row in rows]

    def links_to(self, target: str) -> list[LinkRow]:
        c = t.links.c
        rows = self.connection.execute(
            select(c.referral_id, c.target, c.content)
            .where(c.owner == self._owner, c.target == target)
            .order_by(c.referral_id)
        )
        return [LinkRow(*row) for row in rows]

    def put_link(self, row: LinkRow) -> None:
        c = t.links.c
        key = {"referral_id": row.referral_id, "target": row.target}
        changed = self.connection.execute(
            update(t.links)
            .where(c.owner == self._owner, *(c[name] == value for name, value in key.items()))
            .values(content=row.content)
        )
        if not changed.rowcount:
            self.connection.execute(
                insert(t.links).values(owner=self._owner, **key, content=row.content)
            )
