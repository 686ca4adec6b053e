"""Who holds what was taken back, and what each has certified: both sides, and those further down.

What a holder further down certified is believed only as it signed it. That it answers this
withdrawal, and no other, is the word of the agency that passed it on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from onward.core import entries
from onward.core.clock import moment, stamp
from onward.core.refused import Refused
from onward.core.states import SIDES, Side, State, Withdrawn
from onward.core.trust import Trusted
from onward.v1.entry_pb2 import Certificate, Entry
from onward.v1.referral_pb2 import Holder
from onward.v1.trust_pb2 import Agency, TrustList
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

PATIENCE = timedelta(days=2)
"""Beyond the delay of destruction: as long as an agency's node may be down over a weekend."""

KNOWN = 2048
"""So many certificates of others are not verified again each time that they are shown: all that
one holder can pass up for one withdrawal, twice."""


def holders(ctx: Context, book: Ledger) -> list[Holder]:
    """One for each withdrawal and holder, in the order of the fold."""
    state = book.state()
    return [holder for one in state.withdrawals for holder in _of(ctx, book, state, one)]


def _of(ctx: Context, book: Ledger, state: State, one: Withdrawn) -> Iterator[Holder]:
    """Both sides, then whoever they name further down."""
    agencies = {"origin": book.row.origin, "destination": book.row.destination}
    act = book.act(one.entry)
    since = moment(act.entry.time) if act is not None else ctx.now()
    known: dict[str, Holder] = {}
    for side in SIDES:
        said = _certificates(book, state, side, one.entry)
        known[agencies[side]] = _holder(agencies[side], one.entry, said)
    for side in SIDES:
        for certificate in _certificates(book, state, side, one.entry):
            for holder in _further(ctx, agencies[side], one.entry, certificate, frozenset()):
                before = known.get(holder.agency)
                if before is None or (holder.certified and holder.agency not in agencies.values()):
                    known[holder.agency] = holder
    for holder in known.values():
        if not holder.certified:
            holder.days = max(0, (ctx.now() - since).days)
            holder.destroy_by.CopyFrom(stamp(_limit(ctx, since)))
    yield from known.values()


def _certificates(book: Ledger, state: State, side: Side, withdrawal: str) -> list[Certificate]:
    """Those of one side that count, oldest first."""
    return [
        act.entry.certificate
        for act in book.logs[side]
        if act.kind == "erased"
        and act.entry.certificate.withdrawal == withdrawal
        and state.outcomes.get(act.hash) == "counted"
    ]


def _holder(agency: str, withdrawal: str, said: list[Certificate]) -> Holder:
    if not said:
        return Holder(agency=agency, withdrawal=withdrawal)
    newest = said[-1]
    return Holder(
        agency=agency, withdrawal=withdrawal, certified=True, destroyed_at=newest.destroyed_at,
        copies_until=newest.copies_until, kept=newest.kept,
    )  # fmt: skip


def _further(
    ctx: Context, to: str, withdrawal: str, certificate: Certificate, above: frozenset[str]
) -> Iterator[Holder]:
    """Holders that a certificate names: those that it waits for, and those that have certified to
    the agency `to`, with what they name in turn. `above` are those on the way down to it: nobody
    certifies to itself, or to whom it certifies in the end.
    """
    for agency in certificate.awaits:
        yield Holder(agency=agency, withdrawal=withdrawal)
    above |= {to}
    for token in certificate.further:
        entry = _read(ctx, token, to, above)
        if entry is not None:
            yield _holder(entry.author, withdrawal, [entry.certificate])
            yield from _further(ctx, entry.author, withdrawal, entry.certificate, above)


def _read(ctx: Context, token: str, to: str, above: frozenset[str]) -> Entry | None:
    """A certificate as its holder signed it for the agency `to`; None if it did not."""
    claimed = _claimed(token)
    if claimed is None or (claimed.kind, claimed.recipient) != ("erased", to):
        return None
    author = ctx.trust.current().agency(claimed.author)
    if author is None or claimed.author in above:
        return None
    return claimed if _signed(token, author.SerializeToString(deterministic=True)) else None


@lru_cache(maxsize=KNOWN)
def _claimed(token: str) -> Entry | None:
    """What a token says, before its signature is checked."""
    try:
        return entries.peek(token)
    except (Refused, ValueError):
        return None


@lru_cache(maxsize=KNOWN)
def _signed(token: str, author: bytes) -> bool:
    """Whether a token is an entry of this agency, by the keys that the trust list has of it."""
    agency = Agency.FromString(author)
    listed = Trusted(TrustList(agencies=[agency]), None)
    try:
        entries.read(token, listed.signing_key(agency.agency))
    except (Refused, ValueError):
        return False
    return True


def overdue(ctx: Context, book: Ledger, found: Iterable[Holder]) -> list[Holder]:
    """Those that have not certified, long after they should have."""
    since = {act.hash: moment(act.entry.time) for log in book.logs.values() for act in log}
    return [one for one in found if _late(ctx, one, since[one.withdrawal])]


def _late(ctx: Context, one: Holder, since: datetime) -> bool:
    late = ctx.now() > _limit(ctx, since)
    return late and not one.certified and one.agency != ctx.agency


def _limit(ctx: Context, since: datetime) -> datetime:
    """When what was withdrawn must be destroyed at the latest."""
    return since + ctx.destroy_after + PATIENCE
