"""What an act brings: from the record that was given, to the parts that may go, with their grant.

The origin's goes by the person's consent, the destination's by the feedback that was agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from google.protobuf.message import Message

from onward.core import agreements as between, family, grants, messages, parts, projection, spec
from onward.core.consent import Stage
from onward.core.refused import Refused
from onward.v1.agreements_pb2 import Agreement
from onward.v1.categories_pb2 import NeedsServices
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant
from onward.v1.entry_pb2 import Entry, Item
from onward.v1.envelope_pb2 import Part
from onward_server.ports import Tx
from onward_server.service import agreements, bases, content, ground, keeping, links, previews
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


@dataclass
class Draft:
    """An act on its way to becoming an entry."""

    entry: Entry
    parts: list[Part]
    decisions: list[Decision]
    withheld: list[Message]
    preview_id: str = ""
    """What the person was shown: exactly this goes."""
    ground: ground.Ground | None = None


def project(
    ctx: Context, tx: Tx, rpc: spec.Rpc, request: Message, book: Ledger, draft: Draft,
    feedback: str,
) -> None:  # fmt: skip
    """Put the permitted categories of the request's record into parts, with their grant.

    An act that can be written without a record goes without what may not go.
    """
    fields = request.DESCRIPTOR.fields_by_name
    if "record" not in fields or not request.HasField("record"):
        return
    if withdrawal_incomplete(tx, book):
        # She has taken something back, and what all of it is can't be read yet.
        if rpc.unblockable:
            return
        raise Refused("STATE_CONFLICT", "/record")
    record: Message = request.record  # type: ignore[attr-defined]
    if book.side == "destination":
        purpose: str = request.write.purpose  # type: ignore[attr-defined]
        _by_feedback(ctx, tx, record, book, draft, feedback, purpose)
        return
    try:
        _by_consent(ctx, tx, request, record, book, draft)
    except Refused:
        if spec.required(request.DESCRIPTOR.fields_by_name["record"]):  # type: ignore[arg-type]
            raise
        draft.parts = []
        draft.decisions = [one for one in draft.decisions if not one.permitted]


def withdrawal_incomplete(tx: Tx, book: Ledger) -> bool:
    """Whether a withdrawal has sealed something that is genuine but can't be stored yet."""
    parts = book.state().parts
    return any(
        not parts[row.digest].voided
        for row in tx.parts(book.row.referral_id)
        if row.outcome == "sealed" and not keeping.past(row)
    )


def _by_consent(
    ctx: Context, tx: Tx, request: Message, record: Message, book: Ledger, draft: Draft
) -> None:
    given = getattr(request, "consent_id", "")
    basis_id = getattr(request, "basis_id", "")
    if given and not book.row.consent_id:
        bases.give_consent(ctx, tx, book, given)
    if given and given != book.row.consent_id:
        # One person's data never goes by another person's consent, and a withdrawal takes back
        # the one that the referral began with: a later yes is its next version.
        raise Refused("CONSENT_SCOPE", "/consentId")
    told = "name" in record.DESCRIPTOR.fields_by_name and record.HasField("name")
    links.check(ctx, tx, book, record.name if told else None)  # type: ignore[attr-defined]
    stands_on = ground.load(
        ctx, tx, destination=book.other_agency, consent_id=book.row.consent_id, basis_id=basis_id,
        onward_of=links.onward_of(ctx, tx, book), referral_id=book.row.referral_id,
    )  # fmt: skip
    if stands_on.basis is not None:
        bases.check(ctx, tx, book, stands_on.basis)
    purpose: str = request.write.purpose  # type: ignore[attr-defined]
    pointer = "/basisId" if basis_id else "/consentId"
    stage: Stage = "disclosure" if book.state().served else "offer"
    decided = ground.decide(
        ctx, stands_on, destination=book.other_agency, purpose=purpose, stage=stage,
        categories=projection.categories(record), telling=family.telling(record),
    )  # fmt: skip
    draft.decisions = list(decided.values())
    ground.check(ctx, stands_on, destination=book.other_agency, purpose=purpose, pointer=pointer)
    if stands_on.basis is None and stands_on.consent is not None:
        _check_services(stands_on.consent, request, record, book)
    draft.preview_id = getattr(request, "preview_id", "")
    if draft.preview_id:
        previews.check(
            ctx, tx, draft.preview_id, consent_id="" if basis_id else book.row.consent_id,
            destination=book.other_agency, purpose=purpose, stage=stage, record=record,
            decisions=draft.decisions,
        )  # fmt: skip
    draft.parts = projection.project(record, decided, ctx.salt)
    if not draft.parts:
        raise Refused("CONSENT_SCOPE", "/record")
    _grant(ctx, book, draft, stands_on)
    bases.used(ctx, tx, book, stands_on.basis)


def _check_services(
    consent: ConsentRecord, request: Message, record: Message, book: Ledger
) -> None:
    """Where the person named services, nothing else is asked for in her name.

    A service that she never wants is not asked for; but only if the act, and what the referral
    says of it, wish for it no more than the record does.
    """
    needs: NeedsServices = getattr(record, "needs_services", NeedsServices())
    wanted = {number for number, one in book.state().items.items() if one.wish != "never"}
    items: Iterable[Item] = getattr(request, "items", ())
    wanted |= {one.number for one in items if one.wish not in ("", "never")}
    for index, need in enumerate(needs.items):
        asked = need.wish != "never" or need.number in wanted
        if consent.services and asked and need.service_type not in consent.services:
            raise Refused("CONSENT_SCOPE", f"/record/needsServices/items/{index}")


def _grant(ctx: Context, book: Ledger, draft: Draft, stands_on: ground.Ground) -> None:
    assert stands_on.given is not None
    draft.ground = stands_on
    grant_id = ctx.new_id()
    if draft.entry.kind == "offer" and stands_on.basis is None:
        grant_id = content.offer_grant_id(ctx, book.row.consent_id, book.row.referral_id)
    grant = grants.from_ground(
        stands_on.given, draft.decisions, grant_id=grant_id, referral_id=book.row.referral_id,
        grantor=ctx.agency, grantee=book.other_agency, now=ctx.now(),
        agreement=stands_on.agreement, received=stands_on.received,
    )  # fmt: skip
    draft.entry.grant_id = grant.grant_id
    draft.parts.insert(0, parts.make(grant, ctx.salt()))


def _by_feedback(
    ctx: Context, tx: Tx, record: Message, book: Ledger, draft: Draft, feedback: str, purpose: str
) -> None:
    """What may flow back goes; the rest stays in the journal, also all of it where the two
    agencies have no agreement: the act itself names nobody, and what was learnt is not lost.
    """
    rows = tx.parts(book.row.referral_id)
    agreed = content.newest_grant_row(ctx, rows, book, "origin")
    names = projection.categories(record)
    state = book.state()
    withdrawn = {
        one for one in names if agreed and content.withdrawn_since(state, one, agreed.entry_hash)
    }
    received = content.newest_grant(ctx, rows, book, "origin")
    agreement = agreements.between(ctx, tx, book.other_agency)
    decided = grants.decide_feedback(
        names, feedback, withdrawn, agreement=agreement,
        not_agreed=_not_agreed(ctx, agreement, purpose, received),
    )  # fmt: skip
    draft.decisions = list(decided.values())
    draft.parts = projection.project(record, decided, ctx.salt)
    draft.withheld = _withheld(record, decided)
    if draft.parts and received is not None:
        permitted = [d.category for d in draft.decisions if d.permitted]
        grant = grants.for_feedback(
            received, permitted, grant_id=ctx.new_id(), now=ctx.now(), agreement=agreement
        )
        draft.entry.grant_id = grant.grant_id
        draft.parts.insert(0, parts.make(grant, ctx.salt()))


def _not_agreed(
    ctx: Context, agreement: Agreement | None, purpose: str, received: Grant | None
) -> str:
    """Why the two agencies have not agreed that anything flows back, as a decision reason."""
    needed, now = agreements.needed(ctx), ctx.now()
    if reason := between.scope(agreement, purpose=purpose, needed=needed, now=now):
        return reason
    left = received is None or between.purposes(agreement, received.purposes)
    return "" if left else "agreement_purpose"


def _withheld(record: Message, decided: Mapping[str, Decision]) -> list[Message]:
    return [message for name, message in messages.split(record) if not decided[name].permitted]
