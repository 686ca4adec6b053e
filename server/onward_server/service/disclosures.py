"""Who received what: a row for each entry that brought content, in the transaction of the entry.

The rows name categories and hold no content. Their key is none of those that a withdrawal
destroys: a person who has taken everything back can still ask who had it (domain.md section 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from google.protobuf.message import Message

from onward.core import parts
from onward.core.acts import Act
from onward.core.clock import moment, stamp
from onward.core.refused import Refused
from onward.v1.consent_pb2 import ConsentRecord, Grant
from onward.v1.consents_local_pb2 import (
    Disclosure,
    ListDisclosuresRequest,
    ListDisclosuresResponse,
)
from onward.v1.envelope_pb2 import Receipt
from onward.v1.referral_pb2 import Holder
from onward_server.ports import PartRow, Tx
from onward_server.ports_disclosures import DisclosureRow
from onward_server.service import audit, content, ledger, subjects
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.disclosure import Draft
from onward_server.service.holders import holders
from onward_server.service.ledger import Ledger
from onward_server.service.once import Handler

KEY = "disclosures"
"""Key of all rows. It names no case, so that no withdrawal reaches it."""

NO_REFUSAL = ("", "withdrawn", "corrected")
"""Reasons of a part of ours that are no word of the recipient's."""

SIZE = 512
"""Rows are padded to this many bytes, or a multiple: a length must not tell what was sent."""


def sent(
    ctx: Context, tx: Tx, request: Message, book: Ledger, draft: Draft, entry_hash: str
) -> None:
    """An entry of ours brings content to the other agency."""
    grant = next((parts.read(one) for one in draft.parts if one.category == "grant"), None)
    named = [one.category for one in draft.parts if one.category != "grant"]
    if not named or not isinstance(grant, Grant):
        return
    row = Disclosure(
        sender=ctx.agency,
        recipient=book.other_agency,
        categories=named,
        time=draft.entry.time,
        purposes=[request.write.purpose],  # type: ignore[attr-defined]  # every act's request has it
        preview_id=getattr(request, "preview_id", ""),
    )
    subject_id = ""
    if draft.ground is not None and draft.ground.given is not None:
        given = draft.ground.given
        subject_id = given.subject_id
        if isinstance(given, ConsentRecord):
            row.consent_id, row.version = given.consent_id, given.version
        else:
            row.basis_id = given.basis_id
    _by(row, grant)
    _put(ctx, tx, book, row, entry_hash, subject_id)


def _by(row: Disclosure, grant: Grant) -> None:
    row.basis, row.grant_id, row.agreement_id = grant.basis, grant.grant_id, grant.agreement_id


def received(
    ctx: Context,
    tx: Tx,
    book: Ledger,
    settled: Iterable[PartRow],
    grant_of: Callable[[Act], Grant | None],
) -> None:
    """Parts of the other agency were taken here. What is refused is not stored, nor accounted."""
    taken: dict[str, list[str]] = {}
    for one in settled:
        if one.outcome == "held" and one.category != "grant":
            taken.setdefault(one.entry_hash, []).append(one.category)
    for entry_hash, named in taken.items():
        act = book.act(entry_hash)
        assert act is not None  # A part is settled only where its entry stands.
        row = Disclosure(
            sender=book.other_agency, recipient=ctx.agency, categories=named,
            time=act.entry.time, received_at=stamp(ctx.now()),
        )  # fmt: skip
        grant = grant_of(act)
        if grant is not None:
            row.purposes[:] = grant.purposes
            _by(row, grant)
        _put(ctx, tx, book, row, entry_hash)


def _put(
    ctx: Context, tx: Tx, book: Ledger, row: Disclosure, entry_hash: str, subject_id: str = ""
) -> None:
    """Keep a row. Parts of one entry may come in several envelopes."""
    referral_id = book.row.referral_id
    row.referral_id = referral_id
    known = tx.disclosures_in(referral_id)
    before = next((one for one in known if one.entry_hash == entry_hash), None)
    if before is not None:
        row.categories.extend(_read(ctx, before).categories)
    row.categories[:] = sorted(set(row.categories))
    at = before.received_at if before is not None else None
    if at is None and row.HasField("received_at"):
        at = moment(row.received_at)
    subject = next((one.subject for one in known if one.subject), "")
    if not subject:
        subject = _subject(ctx, tx, book, subject_id)
    tx.put_disclosure(
        DisclosureRow(referral_id, entry_hash, subject, _sealed(ctx, row, entry_hash), at)
    )


def _subject(ctx: Context, tx: Tx, book: Ledger, subject_id: str) -> str:
    """Whom a row is about, as a keyed digest; empty where this agency has no id of the person."""
    if not subject_id and book.row.consent_id:
        record = content.get_consent(ctx, tx, book.row.consent_id)
        subject_id = record.subject_id if record is not None else ""
    return subjects.digest(ctx, subject_id) if subject_id else ""


def _sealed(ctx: Context, row: Disclosure, entry_hash: str) -> bytes:
    kept = Disclosure()
    kept.CopyFrom(row)
    kept.ClearField("received_at")  # Stands in a column of its own.
    plain = kept.SerializeToString()
    framed = len(plain).to_bytes(4, "big") + plain
    padded = framed.ljust(-(-len(framed) // SIZE) * SIZE, b"\x00")
    return ctx.keys.encrypt(KEY, _bound(ctx, row.referral_id, entry_hash), padded)


def _bound(ctx: Context, referral_id: str, entry_hash: str) -> str:
    return f"{ctx.agency}/disclosure/{referral_id}/{entry_hash}"


def _read(ctx: Context, row: DisclosureRow) -> Disclosure:
    bound = _bound(ctx, row.referral_id, row.entry_hash)
    padded = ctx.keys.decrypt(KEY, bound, row.content)
    size = int.from_bytes(padded[:4], "big")
    read = Disclosure.FromString(padded[4 : 4 + size])
    if row.received_at is not None:
        read.received_at.CopyFrom(stamp(row.received_at))
    return read


def arrived(tx: Tx, referral_id: str, delivered: Iterable[PartRow], receipt: Receipt) -> None:
    """A receipt covers parts of ours: the recipient has them, or has refused them."""
    for entry_hash in {one.entry_hash for one in delivered if one.category != "grant"}:
        tx.disclosure_received(referral_id, entry_hash, moment(receipt.time))


def list_disclosures(
    ctx: Context, tx: Tx, request: ListDisclosuresRequest, caller: Caller, actor: Actor
) -> ListDisclosuresResponse:
    """Who received what, by person or by referral.

    Raises Refused INVALID_FIELD unless exactly one of the two is named, and NOT_FOUND for who is
    not on record here: a mistyped id must not tell a person that nobody received anything.
    """
    if bool(request.subject_id) == bool(request.referral_id):
        raise Refused("INVALID_FIELD", "/subjectId", expected="either subjectId or referralId")
    audit.write(
        ctx, tx, actor, action="account", client=caller.client_id,
        purpose=request.write.purpose, referral_id=request.referral_id,
    )  # fmt: skip
    if request.referral_id:
        referrals = [request.referral_id]
        if tx.referral(request.referral_id) is None:
            raise Refused("NOT_FOUND", "/referralId")
    else:
        about = tx.disclosures_about(subjects.digest(ctx, request.subject_id))
        if not about and not _on_record(ctx, tx, request.subject_id):
            raise Refused("NOT_FOUND", "/subjectId")
        # Rows may be lost with a database that was restored; what went by her consents is hers.
        known = [one.referral_id for one in about]
        referrals = list(dict.fromkeys(known + subjects.referrals_of(ctx, tx, request.subject_id)))
    found = [one for name in referrals for one in _in(ctx, tx, name)]
    found.sort(key=lambda one: moment(one.time))
    return ListDisclosuresResponse(disclosures=found)


def _on_record(ctx: Context, tx: Tx, subject_id: str) -> bool:
    """Whether a consent or another basis is about the person."""
    bases = tx.approvals_of(subjects.digest(ctx, subject_id))
    return bool(bases or subjects.consents_of(ctx, tx, subject_id))


def _in(ctx: Context, tx: Tx, referral_id: str) -> list[Disclosure]:
    """All of one referral, with what became of it since."""
    book = ledger.load(tx, referral_id, ctx.agency)
    known = {one.entry_hash: _read(ctx, one) for one in tx.disclosures_in(referral_id)}
    rows: dict[str, list[PartRow]] = {}
    for part in tx.parts(referral_id):
        if part.category != "grant":
            rows.setdefault(part.entry_hash, []).append(part)
    certified = holders(ctx, book)
    found = []
    for act in (*book.logs["origin"], *book.logs["destination"]):
        mine = rows.get(act.hash, [])
        one = known.get(act.hash) or _unaccounted(book, act, mine)
        if one is not None:
            found.append(_since(book, act, one, mine, certified))
    return found


def _unaccounted(book: Ledger, act: Act, rows: list[PartRow]) -> Disclosure | None:
    """An entry that came back after a restore: its row was lost, and what it brought was not."""
    theirs = act.side != book.side
    named = [one.category for one in rows if not theirs or one.outcome == "held"]
    if not named:
        return None
    return Disclosure(
        referral_id=book.row.referral_id, sender=act.entry.author, recipient=act.entry.recipient,
        categories=sorted(set(named)), time=act.entry.time, grant_id=act.entry.grant_id,
    )  # fmt: skip


def _since(
    book: Ledger, act: Act, one: Disclosure, rows: list[PartRow], certified: list[Holder]
) -> Disclosure:
    """The same, with what both logs tell since."""
    state = book.state()
    told = {row.category: state.parts[row.digest] for row in rows if row.digest in state.parts}
    mine = act.side == book.side
    refused = {row.category for row in rows if mine and row.reason not in NO_REFUSAL}
    refused |= {category for category, part in told.items() if part.refusal}
    taken: dict[str, list[str]] = {}
    for category, part in told.items():
        if part.voided:  # The first of them: what is taken back again was so before.
            taken.setdefault(part.voided[0], []).append(category)
    one.refused[:] = sorted(refused & set(one.categories))
    one.withdrawn[:] = sorted(name for name, part in told.items() if part.voided)
    one.undelivered[:] = sorted(row.category for row in rows if mine and not row.delivered)
    for found in state.withdrawals:
        act_ = book.act(found.entry)
        if found.entry in taken and act_ is not None:
            one.taken_back.add(
                withdrawal=found.entry, time=act_.entry.time, categories=sorted(taken[found.entry])
            )
    one.holders.extend(holder for holder in certified if holder.withdrawal in taken)
    return one


WRITES: dict[str, Handler] = {"Consents.ListDisclosures": list_disclosures}
"""Which function answers which call."""
