"""Links that a restore has lost, made again from what is remembered beside the keys.

The other agency gives back a referral, but never what it belongs to here, which it was not told.
Without that a withdrawal would not go on, and an onward limit would not hold.
"""

from __future__ import annotations

from collections.abc import Iterable

from onward.core import spec
from onward_server.ports import Tx
from onward_server.service import links
from onward_server.service.context import Context

ALL = 2**31 - 1


def again(ctx: Context, tx: Tx, referral_id: str) -> None:
    """A referral has come back: with it come its links, and those of others to it."""
    known = [row.referral_id for _, row in tx.referrals(0, ALL)]
    for one in known:
        if links.short(ctx, tx, one):
            _again(ctx, tx, one, known if one == referral_id else [referral_id])


def _again(ctx: Context, tx: Tx, referral_id: str, others: Iterable[str]) -> None:
    """What else was known of a link is lost: a family member without a name is anybody whom the
    survivor has named.
    """
    facts = links.facts(ctx, referral_id)
    kinds = spec.registries()["link_kind"].codes
    for other in others:
        for kind in kinds:
            found, ended = ctx.keys.remembered(f"{facts}/{kind}/{other}")
            if not found:
                continue
            links.put(ctx, tx, links.Kept(referral_id, kind, other, ended=ended))
            # What was taken back in the other one went nowhere while this link was not known.
            tx.renew_relays(other)
