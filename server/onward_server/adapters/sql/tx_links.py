"""How referrals belong together: the rows of links, and of referrals by one consent."""

from __future__ import annotations

from dataclasses import fields

from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.rows import Rows
from onward_server.ports import LinkRow, ReferralRow

REFERRAL = tuple(field.name for field in fields(ReferralRow))
LINK = tuple(field.name for field in fields(LinkRow))


class LinksTx(Rows):
    """The part of a transaction that is about links."""

    def referrals_by_consent(self, consent_id: str) -> list[ReferralRow]:
        if not consent_id:
            return []  # At a destination: it has no record, and nothing in common.
        rows = self._find(t.referrals, REFERRAL, "n", consent_id=consent_id)
        return [ReferralRow(*row) for row in rows]

    def links_of(self, referral_id: str) -> list[LinkRow]:
        rows = self._find(t.links, LINK, "target", referral_id=referral_id)
        return [LinkRow(*row) for row in rows]

    def links_to(self, target: str) -> list[LinkRow]:
        rows = self._find(t.links, LINK, "referral_id", target=target)
        return [LinkRow(*row) for row in rows]

    def put_link(self, row: LinkRow) -> None:
        key = {"referral_id": row.referral_id, "target": row.target}
        self._put(t.links, key, {"content": row.content})
