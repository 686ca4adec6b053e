"""What the person took back from a recipient after a consent was given, under another consent.

Her own word counts, not the record in which it stands: an older yes undoes no later withdrawal
(docs/spec.md, section Withdrawal).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from onward.core import spec
from onward.core.clock import moment, stamp
from onward.core.guards import covered, withdrawable
from onward.core.refused import Refused
from onward.core.states import Withdrawn
from onward.v1.consent_pb2 import ConsentRecord
from onward_server.ports import Tx
from onward_server.service import approvals, content, ledger, subjects
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

LINKED, ALL, EVERYTHING = "*linked", "*", "*everything"
"""Stand in what is remembered for a group of purposes, and for a category: no code has a star."""


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
            at, counts = _times(ctx, book, one)
            later = begun is None or at < begun
            if one.kind == "withdraw" and given <= counts and (one.linked or here or later):
                only = None if one.linked or here else groups
                found.append(Taken(one.everything, one.categories, only))
    if tx.was_restored():
        found += _remembered(ctx, consent, destination, begun)
    return tuple(found)


def note(ctx: Context, tx: Tx, book: Ledger, one: Withdrawn) -> None:
    """Keep beside the keys, where no backup of the database reaches, that something was taken back
    in a referral of this agency: when that arrived here, and who took what back from whom.
    """
    name = _name(one)
    if book.side != "origin" or one.kind != "withdraw" or ctx.keys.remembered(name)[0]:
        return  # It has come again, after a restore.
    now = stamp(ctx.now()).seconds
    act = book.act(one.entry)
    named = withdrawable(act.entry.withdrawal.categories if act is not None else one.categories)
    for person, groups in _whose(ctx, tx, book):
        scopes = {LINKED} if one.linked else groups if groups is not None else {ALL}
        for scope in scopes:
            for what in (EVERYTHING,) if one.everything else sorted(named):
                fact = _fact(ctx, person, book.other_agency, scope, what)
                ctx.keys.remember(fact, now, ended=True)
    ctx.keys.remember(name, now, ended=one.everything)


def began_after(ctx: Context, tx: Tx, referral_id: str, one: Withdrawn) -> bool:
    """Whether a referral of this agency was offered after a withdrawal had arrived here."""
    arrived, _ = ctx.keys.remembered(_name(one))
    known = (row.entry for row in tx.entries(referral_id))
    begun = next((entry.time.seconds for entry in known if entry.kind == "offer"), 0)
    return 0 < arrived < begun


def _remembered(
    ctx: Context, consent: ConsentRecord, destination: str, begun: datetime | None
) -> Iterator[Taken]:
    """The same, as it is kept beside the keys: a restore may have lost the referral, or by what it
    began.
    """
    given = _given(consent).timestamp()
    for scope in (LINKED, ALL, *sorted(_groups(consent.purposes))):
        for what in (EVERYTHING, *spec.categories()):
            fact = _fact(ctx, consent.subject_id, destination, scope, what)
            at, _ = ctx.keys.remembered(fact)
            if at < given or (begun is not None and scope != LINKED and at >= begun.timestamp()):
                continue
            groups = None if scope in (LINKED, ALL) else frozenset({scope})
            named = frozenset() if what == EVERYTHING else covered([what])
            yield Taken(what == EVERYTHING, named, groups)


def _fact(ctx: Context, person: str, recipient: str, scope: str, what: str) -> str:
    return f"taken/{subjects.digest(ctx, person)}/{recipient}/{scope}/{what}"


def _name(one: Withdrawn) -> str:
    """What is remembered of one withdrawal: when it arrived."""
    return f"withdrawal/{one.entry}"


def persons(ctx: Context, tx: Tx, book: Ledger) -> list[str]:
    """Whom a referral of this agency is about: its own ids, by the consent and the bases by which
    something went, as far as they can be read.
    """
    return list(dict.fromkeys(person for person, _ in _whose(ctx, tx, book)))


def _whose(ctx: Context, tx: Tx, book: Ledger) -> Iterator[tuple[str, frozenset[str] | None]]:
    """The same, each with the groups of the purposes."""
    with suppress(Refused):
        record = content.get_consent(ctx, tx, book.row.consent_id)
        if record is not None:
            yield record.subject_id, _groups(record.purposes)
    for name in tx.used_in(book.row.referral_id):
        with suppress(Refused):
            basis = approvals.basis(ctx, tx, name)[1]
            yield basis.subject_id, _groups([basis.purpose])


def _given(consent: ConsentRecord) -> datetime:
    """When she said it. A version that repeats an older yes, or was written down late, is no newer
    word of hers.
    """
    return min(moment(consent.given_at), moment(consent.recorded_at))


def _times(ctx: Context, book: Ledger, one: Withdrawn) -> tuple[datetime, datetime]:
    """When she took it back; and from when on it counts over an older consent: from its arrival
    here, if another agency wrote it. That one's clock must not hide it.
    """
    arrived, _ = ctx.keys.remembered(_name(one))
    said = _time(book, one)
    if one.side == book.side or not arrived:
        return said, said
    here = datetime.fromtimestamp(arrived, UTC)
    return min(said, here), here


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
