"""What the person took back from a recipient after a consent was given, under another consent.

Her own word counts, not the record in which it stands: an older yes undoes no later withdrawal
(docs/spec.md, section Withdrawal).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from onward.core import spec
from onward.core.clock import moment
from onward.core.refused import Refused
from onward.core.states import Withdrawn
from onward.v1.consent_pb2 import ConsentRecord
from onward_server.ports import Tx
from onward_server.service import approvals, content, ledger, subjects
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


@dataclass(frozen=True)
class Taken:
    """One withdrawal that an older consent meets. `groups` are those of the purposes that it is
    about (registry purpose_group); None: of all.
    """

    everything: bool
    categories: frozenset[str] = frozenset()
    groups: frozenset[str] | None = None

    def reaches(self, purpose: str) -> bool:
        """Whether it is about what would be sent for this purpose."""
        return self.groups is None or bool(_groups([purpose]) & self.groups)


def since(
    ctx: Context, tx: Tx, consent: ConsentRecord, destination: str, referral_id: str
) -> tuple[Taken, ...]:
    """What she took back from this recipient since she gave this consent, in referrals by something
    else: with reach it meets all, without it this referral and those that began later.

    `referral_id` is where something would be sent; empty for a new one.
    """
    given = _given(consent)
    known = tx.entries(referral_id) if referral_id else []
    begun = next((moment(one.entry.time) for one in known if one.entry.kind == "offer"), None)
    found = []
    for book, groups in _others(ctx, tx, consent, destination):
        here = book.row.referral_id == referral_id
        if tx.restored(book.row.referral_id):
            found.append(Taken(everything=True))  # What she took back is not known yet.
        for one in book.state().withdrawals:
            at = _time(book, one)
            later = begun is None or at < begun
            if one.kind == "withdraw" and given <= at and (one.linked or here or later):
                only = None if one.linked or here else groups
                found.append(Taken(one.everything, one.categories, only))
    return tuple(found)


def _given(consent: ConsentRecord) -> datetime:
    """When she said it. A version that repeats an older yes, or was written down late, is no newer
    word of hers.
    """
    return min(moment(consent.given_at), moment(consent.recorded_at))


def _time(book: Ledger, one: Withdrawn) -> datetime:
    """When she took it back, as its author says; but after what its author had seen of ours, and no
    later than we had seen it: another agency's clock must neither hide it nor outlast her next yes.
    """
    act = book.act(one.entry)
    assert act is not None  # The fold has it from the log.
    said = moment(act.entry.time)
    if one.side == book.side:
        return said
    mine = [(other.seen >= one.seq, moment(other.entry.time)) for other in book.logs[book.side]]
    said = max([said, *(at for _, at in mine[: act.seen])])
    return min([said, *(at for later, at in mine if later)])


def _others(
    ctx: Context, tx: Tx, consent: ConsentRecord, destination: str
) -> Iterator[tuple[Ledger, frozenset[str] | None]]:
    """Her referrals to the recipient by something else, each with the groups of its purposes.

    What she takes back in one by this consent stands in its record, unless it began by a basis.
    """
    found: dict[str, frozenset[str] | None] = {}
    for name in subjects.consents_of(ctx, tx, consent.subject_id):
        if name != consent.consent_id:
            groups = _of_consent(ctx, tx, name)
            found |= {row.referral_id: groups for row in tx.referrals_by_consent(name)}
    for row in tx.approvals_of(subjects.digest(ctx, consent.subject_id)):
        groups = _of_basis(ctx, tx, row.approval_id)
        for name in tx.referrals_by(row.approval_id):
            found.setdefault(name, groups)
    for name, groups in found.items():
        book = ledger.load(tx, name, ctx.agency)
        otherwise = book.row.consent_id != consent.consent_id or tx.used_in(name)
        if otherwise and (book.side, book.other_agency) == ("origin", destination):
            yield book, groups


def _of_consent(ctx: Context, tx: Tx, name: str) -> frozenset[str] | None:
    try:
        record = content.get_consent(ctx, tx, name)
    except Refused:
        return None  # It can't be read any more.
    return _groups(record.purposes) if record is not None else None


def _of_basis(ctx: Context, tx: Tx, name: str) -> frozenset[str] | None:
    try:
        return _groups([approvals.basis(ctx, tx, name)[1].purpose])
    except Refused:
        return None


def _groups(purposes: Iterable[str]) -> frozenset[str]:
    codes = spec.registries()["consent_purpose"].codes
    return frozenset(codes[one].group for one in purposes if one in codes)
