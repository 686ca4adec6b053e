"""Bases other than consent: proposed, approved by two persons, used, reviewed, and told.

A basis stands in place of a consent for one agency, one purpose and a few hours. It never travels.
What the person said, in any consent and to whatever moved by a basis, is asked at each use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from onward.core import approvals as rules, bases, childhood, consent_status
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.core.states import Withdrawn
from onward.v1.bases_pb2 import (
    ApproveBasisRequest,
    GetBasisRequest,
    OtherBasis,
    ProposeBasisRequest,
    ReviewBasisRequest,
    TellPersonRequest,
)
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.referral_pb2 import Write
from onward_server.ports import Tx
from onward_server.ports_approvals import ApprovalRow
from onward_server.service import approvals, audit, content, ledger, subjects
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger
from onward_server.service.once import Handler, once


def load(ctx: Context, tx: Tx, basis_id: str) -> OtherBasis:
    """A basis as it stands. Raises Refused NOT_FOUND."""
    return approvals.shown(ctx, *approvals.basis(ctx, tx, basis_id))


def denied(ctx: Context, tx: Tx, basis: OtherBasis) -> frozenset[str]:
    """What of a basis's categories its person has said no to."""
    said = consents_of(ctx, tx, basis.subject_id)
    return bases.denied(basis, said, _taken_back(ctx, tx, basis.subject_id))


def consents_of(ctx: Context, tx: Tx, subject_id: str) -> list[ConsentRecord]:
    """The newest version of each consent of a person, with what she has said no to since her last
    yes.

    One that was destroyed can't be read any more: she has taken it back.
    """
    found, known = [], []
    for name in subjects.consents_of(ctx, tx, subject_id):
        try:
            newest = content.get_consent(ctx, tx, name)
            said = [one for _, one in content.consent_versions(ctx, tx, name)]
        except Refused:
            found.append(ConsentRecord(status="withdrawn"))
            continue
        if newest is not None:
            known += said
            # As it counts after a restore: what she said last may be lost.
            said[-1] = newest
            found.append(consent_status.since_the_last_yes(said))
    if content.no_lost(ctx, tx, subject_id, known):
        found.append(ConsentRecord(status="refused"))
    return found


def _taken_back(ctx: Context, tx: Tx, subject_id: str) -> Iterator[Withdrawn]:
    """What the person took back in referrals in which something moved by a basis."""
    for row in tx.approvals_of(subjects.digest(ctx, subject_id)):
        for referral_id in tx.referrals_by(row.approval_id):
            state = ledger.load(tx, referral_id, ctx.agency).state()
            yield from (one for one in state.withdrawals if one.kind == "withdraw")
            if tx.restored(referral_id):
                # What she took back since the backup is not known yet.
                yield Withdrawn("", "origin", 0, everything=True, categories=frozenset())


def check(ctx: Context, tx: Tx, book: Ledger, basis: OtherBasis) -> None:
    """Whether the referral is about the basis's person, and the basis says of her what is on
    record, as far as anything is.

    Raises Refused BASIS_CEILING: no basis reaches another person.
    """
    consent = content.get_consent(ctx, tx, book.row.consent_id)
    if book.row.consent_id and consent is None:
        raise Refused("NOT_FOUND", "/consentId")
    known = {one.subject_id for one in _used_in(ctx, tx, book)}
    if consent is not None:
        known.add(consent.subject_id)
    said = consents_of(ctx, tx, basis.subject_id)
    if known - {basis.subject_id} or bases.contradicts(basis, said, ctx.now()):
        raise Refused("BASIS_CEILING", "/basisId")


def give_consent(ctx: Context, tx: Tx, book: Ledger, consent_id: str) -> None:
    """A referral that began by a basis goes on by the person's own yes.

    Raises Refused CONSENT_SCOPE unless it began so and the consent is of the same person.
    """
    consent = content.get_consent(ctx, tx, consent_id)
    if consent is None:
        raise Refused("CONSENT_MISSING", "/consentId")
    whose = {(one.subject_id, one.subject_kind) for one in _used_in(ctx, tx, book)}
    if whose != {(consent.subject_id, consent.subject_kind)}:
        raise Refused("CONSENT_SCOPE", "/consentId")
    tx.set_consent(book.row.referral_id, consent_id)
    book.row = replace(book.row, consent_id=consent_id)


def _used_in(ctx: Context, tx: Tx, book: Ledger) -> list[OtherBasis]:
    names = tx.used_in(book.row.referral_id)
    return [approvals.basis(ctx, tx, name)[1] for name in names]


def used(ctx: Context, tx: Tx, book: Ledger, basis: OtherBasis | None) -> None:
    """Content goes: count by which basis, and remember in which referral one was used."""
    tx.count_basis(approvals.month(ctx), basis.basis if basis is not None else "consent")
    if basis is None:
        return
    tx.add_use(basis.basis_id)
    if basis.HasField("told") or basis.not_told:
        row, one = approvals.basis(ctx, tx, basis.basis_id)
        one.ClearField("told")
        one.ClearField("not_told")
        due = max(bases.tell_day(one), ctx.now())
        approvals.keep(ctx, tx, replace(row, tell_next=due), one)
    tx.use_in(basis.basis_id, book.row.referral_id)


def propose(
    ctx: Context, tx: Tx, request: ProposeBasisRequest, caller: Caller, actor: Actor
) -> OtherBasis:
    """A new basis, which waits for two approvals. Raises Refused."""

    def do() -> tuple[str, OtherBasis]:
        new = OtherBasis()
        new.CopyFrom(request.basis)
        _check(ctx, tx, new)
        new.basis_id, new.state = ctx.new_id(), "proposed"
        new.proposed.actor = actor.login
        new.proposed.time.CopyFrom(stamp(ctx.now()))
        approvals.begin(ctx, tx, new, subject=new.subject_id)
        _audit(ctx, tx, request.write, caller, actor, new)
        return new.basis_id, load(ctx, tx, new.basis_id)

    return once(ctx, tx, caller, request, do, lambda name: load(ctx, tx, name))


def _check(ctx: Context, tx: Tx, new: OtherBasis) -> None:
    bases.check(new, ctx.now())
    if childhood.is_child(new) and ctx.environment == "live":
        raise Refused("CHILD_PROFILE_OFF", "/basis/ageClass")
    if new.recipient == ctx.agency:
        raise Refused("WRONG_RECIPIENT", "/basis/recipient")
    if reason := ctx.barred(new.recipient):
        raise Refused(reason, "/basis/recipient")
    said = consents_of(ctx, tx, new.subject_id)
    taken = list(_taken_back(ctx, tx, new.subject_id))
    if field := bases.contradicts(new, said, ctx.now()):
        raise Refused("BASIS_CEILING", f"/basis/{field}")
    if bases.said_no(new, said, taken):
        raise Refused("BASIS_CEILING", "/basis/reason")
    no = bases.denied(new, said, taken)
    for index, category in enumerate(new.categories):
        if category in no:
            raise Refused("BASIS_CEILING", f"/basis/categories/{index}")


def approve(
    ctx: Context, tx: Tx, request: ApproveBasisRequest, caller: Caller, actor: Actor
) -> OtherBasis:
    """One person's yes or no. Raises Refused APPROVAL_NEEDED, APPROVAL_OVER or ALREADY_DONE."""

    def change(row: ApprovalRow, one: OtherBasis) -> ApprovalRow:
        rules.approve(one, actor.login, ctx.now(), refuse=request.refuse)
        if one.state != "approved":
            return row
        return replace(row, month=approvals.month_of(one), tell_next=bases.tell_day(one))

    return _change(ctx, tx, request, caller, actor, change)


def review(
    ctx: Context, tx: Tx, request: ReviewBasisRequest, caller: Caller, actor: Actor
) -> OtherBasis:
    """What somebody else has found. Raises Refused as onward.core.approvals.review does."""

    def change(row: ApprovalRow, one: OtherBasis) -> ApprovalRow:
        rules.review(one, actor.login, request.finding, ctx.now())
        return row

    return _change(ctx, tx, request, caller, actor, change)


def tell(
    ctx: Context, tx: Tx, request: TellPersonRequest, caller: Caller, actor: Actor
) -> OtherBasis:
    """The person was told, or can't be. Raises Refused ALREADY_DONE or NOTHING_TO_TELL.

    There is nothing to tell before anything has moved; what moves later is to be told again.
    """

    def change(row: ApprovalRow, one: OtherBasis) -> ApprovalRow:
        if one.HasField("told"):
            raise Refused("ALREADY_DONE")
        if not row.uses:
            raise Refused("NOTHING_TO_TELL")
        one.not_told = request.not_told
        late = ctx.now() >= bases.tell_day(one)
        if request.not_told:
            again = bases.tell_again(request.not_told, ctx.now())
            return replace(row, tell_next=again, told_late=True)
        one.told.actor = actor.login
        one.told.time.CopyFrom(stamp(ctx.now()))
        return replace(row, tell_next=None, told_late=row.told_late or late)

    return _change(ctx, tx, request, caller, actor, change)


def get(ctx: Context, tx: Tx, request: GetBasisRequest, caller: Caller, actor: Actor) -> OtherBasis:
    """One basis. Raises Refused NOT_FOUND."""
    _audit(ctx, tx, request.write, caller, actor)
    return load(ctx, tx, request.basis_id)


def _change(
    ctx: Context, tx: Tx, request: ApproveBasisRequest | ReviewBasisRequest | TellPersonRequest,
    caller: Caller, actor: Actor, change: Callable[[ApprovalRow, OtherBasis], ApprovalRow],
) -> OtherBasis:  # fmt: skip
    def do() -> tuple[str, OtherBasis]:
        row, one = approvals.basis(ctx, tx, request.basis_id)
        row = approvals.keep(ctx, tx, change(row, one), one)
        _audit(ctx, tx, request.write, caller, actor, one)
        return request.basis_id, approvals.shown(ctx, row, one)

    return once(ctx, tx, caller, request, do, lambda name: load(ctx, tx, name))


def _audit(
    ctx: Context, tx: Tx, write: Write, caller: Caller, actor: Actor,
    basis: OtherBasis | None = None,
) -> None:  # fmt: skip
    audit.write(
        ctx, tx, actor, action="basis", client=caller.client_id, purpose=write.purpose,
        categories=basis.categories if basis is not None else (),
    )  # fmt: skip


WRITES: dict[str, Handler] = {
    "Bases.ProposeBasis": propose,
    "Bases.ApproveBasis": approve,
    "Bases.ReviewBasis": review,
    "Bases.TellPerson": tell,
    "Bases.GetBasis": get,
}
"""Which function answers which call."""
