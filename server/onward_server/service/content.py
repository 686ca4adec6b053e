"""Content at rest: each part under a key of its case and category, and read back."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from google.protobuf.message import Message

from onward.core import consent_status, grants, jose, messages, parts, receipt_number, spec
from onward.core.clock import stamp
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.core.states import Side, State, Withdrawn
from onward.v1.consent_pb2 import ConsentRecord, Grant
from onward.v1.entry_pb2 import Entry
from onward.v1.envelope_pb2 import Part
from onward_server.ports import Encrypted, PartRow, Tx
from onward_server.service import shelf, subjects
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


def withdrawn_keys(
    referral_id: str, state: State, found: Withdrawn, kept: Container[str] = ()
) -> set[str]:
    """All keys of the categories that a withdrawal covers, up to it, also those never used; but
    not of those that are kept.
    """
    before = state.withdrawals[: state.withdrawals.index(found)]
    link = {link_key(referral_id)} if found.everything else set()
    return link | {
        shelf.level(referral_id, category, epoch)
        for category in spec.categories()
        if found.covers(category) and category not in kept
        for epoch in range(sum(1 for one in before if one.covers(category)) + 1)
    }


def link_key(referral_id: str) -> str:
    """Key of what the referral belongs to at this agency."""
    return f"{referral_id}/link"


def part_of(ctx: Context, row: PartRow) -> Part:
    """The part in clear. Raises Refused PART_GONE if it can't be read any more."""
    if row.outcome != "held" or row.content is None:
        raise Refused("PART_GONE")
    return parse(Part, ctx.keys.decrypt(row.key_id, shelf.bound(ctx, row.digest), row.content))


def sealed_in_emergency(ctx: Context, row: PartRow) -> Part | None:
    """A part in clear that is held or sealed, for an emergency opening and nobody else.

    None for what was never here, was refused, or is destroyed.
    """
    if row.outcome not in ("held", "sealed"):
        return None
    try:
        return part_of(ctx, replace(row, outcome="held"))
    except Refused:
        return None  # Its key is gone, and a restored database does not know.


def message_of(ctx: Context, row: PartRow) -> Message:
    """The category message of a part. Raises Refused PART_GONE."""
    return parts.read(part_of(ctx, row))


def drop_unreadable(ctx: Context, tx: Tx, referral_id: str) -> None:
    """What a database restored from a backup holds, and its keys do not: it was destroyed since."""
    gone = []
    for row in tx.parts(referral_id):
        if row.outcome == "held":
            try:
                part_of(ctx, row)
            except Refused:
                gone.append(destroyed(row))
    tx.put_parts(referral_id, gone)


def destroyed(row: PartRow) -> PartRow:
    """A part's row without its content, for good."""
    return replace(row, outcome="destroyed", content=None, key_id="", keep_until=None)


def category(message: Message) -> str:
    """Id of the category whose message this is."""
    known = spec.category_of(message.DESCRIPTOR)
    assert known is not None
    return known.id


def journal_copy(ctx: Context, book: Ledger, message: Message, number: int) -> Encrypted:
    """A category message that stays here with the note of this number, encrypted under a key of
    its own kind.
    """
    part = parts.make(message, ctx.salt())
    epoch = shelf.epoch(book.state(), part.category)
    name = f"{book.row.referral_id}/{part.category}/journal/{epoch}"
    bound = f"{ctx.agency}/journal/{number}/{part.category}"
    return Encrypted(name, ctx.keys.encrypt(name, bound, to_json(part)))


def journal_category(name: str) -> str:
    """Of which category's journal this is the key."""
    return name.split("/")[1]


def withdrawn_journal(tx: Tx, book: Ledger, found: Withdrawn) -> set[str]:
    """Keys of what the journal holds of a withdrawal's categories from before it."""
    withdrawals = book.state().withdrawals
    before = withdrawals[: withdrawals.index(found)]
    keys = set()
    for name in tx.journal_keys(book.row.referral_id):
        _, category, _, epoch = name.split("/")
        older = int(epoch) <= sum(1 for one in before if one.covers(category))
        if found.covers(category) and older:
            keys.add(name)
    return keys


def newest_grant_row(
    ctx: Context, rows: Iterable[PartRow], ledger: Ledger, grantor: Side
) -> PartRow | None:
    """The last grant of one side that is still held. `rows` are the referral's parts.

    One by a basis speaks for what came with it alone: where she has agreed to anything, what she
    agreed to goes on.
    """
    order = {act.hash: number for number, act in enumerate(ledger.logs[grantor])}
    readable = [
        row
        for row in rows
        if row.category == "grant" and row.side == grantor and row.outcome == "held"
    ]
    readable.sort(key=lambda row: order.get(row.entry_hash, -1), reverse=True)
    agreed = (row for row in readable if _by_consent(grant_of(ctx, row)))
    return next(agreed, readable[0] if readable else None)


def _by_consent(grant: Grant | None) -> bool:
    return grant is not None and grant.basis == "consent"


def for_purpose(
    ctx: Context, known: list[PartRow], ledger: Ledger, rows: list[PartRow], purpose: str
) -> list[PartRow]:
    """Those of the rows whose grant names the purpose. `known` are all parts of the referral.

    What came by a basis is held to the grant it came with, all else to the newest.
    """
    by_digest = {row.digest: row for row in known}
    newest = newest_grant(ctx, known, ledger, "origin")
    read: dict[str, Grant | None] = {}

    def names(entry_hash: str) -> bool:
        if entry_hash not in read:
            found = granted(ctx, by_digest, ledger, entry_hash)
            read[entry_hash] = found[0] if found is not None else None
        own = read[entry_hash]
        grant = newest if own is None or _by_consent(own) else own
        return grant is not None and purpose in grant.purposes

    return [row for row in rows if names(row.entry_hash)]


def granted(
    ctx: Context, known: Mapping[str, PartRow], ledger: Ledger, entry_hash: str
) -> tuple[Grant, PartRow] | None:
    """The grant of an act, as far as it is held, and its row. `known` are the referral's parts by
    their digests.
    """
    act = ledger.act(entry_hash)
    row = known.get(grants.named(ledger.logs[act.side], act)) if act is not None else None
    if act is None or row is None or (row.category, row.side) != ("grant", act.side):
        return None
    grant = grant_of(ctx, row)
    return (grant, row) if grant is not None and grant.grant_id == act.entry.grant_id else None


def newest_grant(
    ctx: Context, rows: Iterable[PartRow], ledger: Ledger, grantor: Side
) -> Grant | None:
    """The same, read."""
    newest = newest_grant_row(ctx, rows, ledger, grantor)
    return grant_of(ctx, newest) if newest is not None else None


def grant_of(ctx: Context, row: PartRow) -> Grant | None:
    """A grant that is held; None if its key is gone and the database does not know, since it was
    restored from a backup. Absent is deny, and what never waits is not held up by it.
    """
    try:
        grant = message_of(ctx, row)
    except Refused:
        return None
    assert isinstance(grant, Grant)
    return grant


def withdrawn_since(state: State, category: str, entry_hash: str) -> bool:
    """Whether the category was taken back after this entry: only a new consent brings it back."""
    order = state.order
    then = order.index(entry_hash)
    return any(order.index(w.entry) > then for w in state.withdrawals if w.covers(category))


def feedback(ctx: Context, rows: Iterable[PartRow], ledger: Ledger) -> str:
    """What may flow back: the level in the origin's newest grant; nothing if there is none."""
    grant = newest_grant(ctx, rows, ledger, "origin")
    return grant.feedback if grant is not None else "nothing"


RECEIPTS = "receipts"
"""Key of the numbers of receipts."""


def consent_key(consent_id: str) -> str:
    """Key of all versions of a consent, and of what the person was shown under it."""
    return f"consent/{consent_id}"


def put_consent(ctx: Context, tx: Tx, record: ConsentRecord) -> None:
    """Fill in what is the node's to say, sign the version, and store it encrypted."""
    record.issuer = ctx.agency
    record.recorded_at.CopyFrom(stamp(ctx.now()))
    record.receipt_id = receipt_number.make(_receipts(ctx), record.consent_id)
    _remember(ctx, tx, record)
    token = jose.sign(to_json(record), jose.CONSENT, ctx.keys.signing())
    name = consent_key(record.consent_id)
    content = ctx.keys.encrypt(name, _consent_bound(ctx, record.version), token.encode())
    found_by = subjects.digest(ctx, record.subject_id)
    tx.add_consent(record.consent_id, record.version, found_by, Encrypted(name, content))


def consents_with(ctx: Context, tx: Tx, number: str) -> list[str]:
    """Ids of the consents whose receipt has this number.

    All ids are tried: nothing is decrypted, and no index in the database leads from paper to a row.
    """
    secret = _receipts(ctx)
    return [one for one in tx.consent_ids() if receipt_number.make(secret, one) == number]


def _receipts(ctx: Context) -> bytes:
    """The secret of the numbers of receipts."""
    return ctx.keys.mac(RECEIPTS, ctx.agency.encode())


def get_consent(ctx: Context, tx: Tx, consent_id: str) -> ConsentRecord | None:
    """The newest version of a consent, or None. Raises Refused PART_GONE if it was destroyed."""
    found = tx.consent(consent_id) if consent_id else None
    if found is None:
        return None
    record = _consent(ctx, consent_id, *found)[1]
    version, ended = (
        ctx.keys.remembered(consent_key(consent_id)) if tx.was_restored() else (0, False)
    )
    if version > record.version:
        # What she said last was lost with the database: nothing goes by what she said before.
        record.status = "withdrawn" if ended else "suspended"
    return record


def consent_lost(ctx: Context, tx: Tx, consent_id: str) -> bool:
    """Whether a restore has lost a newer version of a consent than this database has."""
    found = tx.consent(consent_id) if consent_id and tx.was_restored() else None
    return found is not None and ctx.keys.remembered(consent_key(consent_id))[0] > found[0]


def _remember(ctx: Context, tx: Tx, record: ConsentRecord) -> None:
    """Keep beside the keys how far this consent has come, so that no restore brings an older word
    back. After one, its number goes on from there.
    """
    name = consent_key(record.consent_id)
    if tx.was_restored():
        record.version = max(record.version, ctx.keys.remembered(name)[0] + 1)
    no = consent_status.says_no(record.status)
    if record.version > 1:
        ctx.keys.remember(name, record.version, ended=no)
    if no:
        ctx.keys.remember(_no(ctx, record.subject_id), record.recorded_at.seconds, ended=True)


def no_lost(ctx: Context, tx: Tx, subject_id: str, said: Iterable[ConsentRecord]) -> bool:
    """Whether a restore has lost the last no of a person, with the record in which it stood.

    `said` are all versions of all her records that there are.
    """
    at = ctx.keys.remembered(_no(ctx, subject_id))[0] if tx.was_restored() else 0
    known = [one.recorded_at.seconds for one in said if consent_status.says_no(one.status)]
    return at > max(known, default=0)


def _no(ctx: Context, subject_id: str) -> str:
    """What is remembered of a person: when her last no was recorded."""
    return f"no/{subjects.digest(ctx, subject_id)}"


def remember_no(ctx: Context, tx: Tx, consent_id: str, *, ended: bool) -> None:
    """She has taken back something of a consent that can't be read here: no backup of it counts."""
    found = tx.consent(consent_id) if consent_id else None
    if found is not None:
        name = consent_key(consent_id)
        known, before = ctx.keys.remembered(name)
        ctx.keys.remember(name, max(known, found[0]) + 1, ended=ended or before)


def offer_grant_id(ctx: Context, consent_id: str, referral_id: str) -> str:
    """Id of the grant that an offer by a consent brings. Nobody else can tell it from a random one;
    this agency finds by it the consent of a referral that a restore has lost.
    """
    return jose.b64(ctx.keys.mac("grants", f"{consent_id}/{referral_id}".encode())[:16])


def offered_by(ctx: Context, tx: Tx, offer: Entry) -> str:
    """The consent that an offer of this agency went by; empty if it can't be told."""
    known = tx.consent_ids() if offer.grant_id and offer.author == ctx.agency else []
    mine = (one for one in known if offer_grant_id(ctx, one, offer.referral_id) == offer.grant_id)
    return next(mine, "")


def consent_versions(ctx: Context, tx: Tx, consent_id: str) -> list[tuple[str, ConsentRecord]]:
    """All versions of a consent with their JWS, oldest first. Raises Refused PART_GONE."""
    return [
        _consent(ctx, consent_id, number, stored)
        for number, stored in tx.consent_versions(consent_id)
    ]


def _consent(
    ctx: Context, consent_id: str, version: int, stored: Encrypted
) -> tuple[str, ConsentRecord]:
    # By its own key's name, never by the one that stands beside it: that could be another's.
    name = consent_key(consent_id)
    plain = ctx.keys.decrypt(name, _consent_bound(ctx, version), stored.content)
    if plain.startswith(b"{"):
        return "", parse(ConsentRecord, plain)  # From before versions were signed.
    token = plain.decode()
    # It was encrypted here, bound to its place: it needs no other proof each time it is read.
    return token, parse(ConsentRecord, jose.peek(token))


def _consent_bound(ctx: Context, version: int) -> str:
    return f"{ctx.agency}/consent/{version}"


def read_in_emergency(ctx: Context, rows: Iterable[PartRow], record: Message) -> bool:
    """Fill a record for an emergency opening. Gives whether anything could be read."""
    found = [part for row in rows if (part := sealed_in_emergency(ctx, row)) is not None]
    for part in found:
        messages.put(record, parts.read(part))
    return bool(found)


def read_record(ctx: Context, rows: list[PartRow], record: Message) -> None:
    """Fill a record with what the parts hold; of a category that came twice, the last."""
    for row in rows:
        if row.category != "grant":
            messages.put(record, message_of(ctx, row))
