"""How referrals of this agency belong together. The other agencies never know.

A link stands outside the log: it is given with the offer, kept encrypted, and shown on both
referrals at this agency alone. For a family member's referral it is also what the survivor's veto
hangs on (docs/spec.md, section Family).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from google.protobuf.message import Message

from onward.core import family, jose
from onward.core.refused import Refused
from onward.core.states import LIVE
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.categories_pb2 import Name
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.local_pb2 import LinkRequest
from onward.v1.referral_pb2 import Link, Recorded
from onward_server.ports import LinkRow, Tx
from onward_server.service import bases, content, ledger
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

SIZE = 2048
"""Kept links are padded to this many bytes, or a multiple: a length must not tell what they are."""

ONWARD = "onward"
"""The kind of link of a referral that passes on what came in another."""

KEYED = "links"
"""Key of the digests by which links are found. Without it nobody can tell what they lead to."""


@dataclass(frozen=True)
class Kept:
    """A link as it is kept, encrypted, with the referral that has it.

    `names` are keyed digests of the words of the member's names: enough to hold them against a
    later list of people not to contact, and no name. `ended` says that the survivor took her yes
    back before the member was accepted.
    """

    referral_id: str
    kind: str
    other: str
    relation: str = ""
    names: tuple[tuple[str, ...], ...] = field(default=())
    ended: bool = False


def begin(ctx: Context, tx: Tx, request: Message, book: Ledger) -> None:
    """Check what a new referral belongs to, and keep it.

    Raises Refused FAMILY_CONTACT_DENIED, FAMILY_NOT_VIABLE, CONSENT_SCOPE, NOT_FOUND or
    INVALID_FIELD, before anything is written.
    """
    referral_id = book.row.referral_id
    member: ConsentRecord | OtherBasis | None = content.get_consent(ctx, tx, book.row.consent_id)
    basis_id: str = request.basis_id  # type: ignore[attr-defined]
    if member is None and basis_id:
        member = bases.load(ctx, tx, basis_id)
    link: LinkRequest | None = None
    if request.HasField("link"):
        link = request.link  # type: ignore[attr-defined]
    if link is not None:
        if link.kind == "same_person":
            # Not for anybody to say: it follows from the consent.
            raise Refused("INVALID_FIELD", "/link/kind", expected="another than same_person")
        source = tx.referral(link.referral_id)
        if source is None or link.referral_id == referral_id:
            raise Refused("NOT_FOUND", "/link/referralId")
        if link.kind == ONWARD and source.destination != ctx.agency:
            # Only what came can be passed on.
            raise Refused("INVALID_FIELD", "/link/referralId", expected="a referral that came here")
        if link.kind not in (ONWARD, "family") and source.destination == ctx.agency:
            # By no other name, or nobody would hold it to the grant under which it came.
            rule = "onward or family for a referral that came here"
            raise Refused("INVALID_FIELD", "/link/kind", expected=rule)
    if link is not None and link.kind == "family":
        _check_family(ctx, tx, link, member)
        put(ctx, tx, _first(ctx, referral_id, link))
        return
    if link is not None:
        put(ctx, tx, Kept(referral_id, link.kind, link.referral_id))
    if member is not None and member.subject_kind == family.MEMBER:
        _inherit(ctx, tx, book, link)


def _check_family(
    ctx: Context, tx: Tx, link: LinkRequest, member: ConsentRecord | OtherBasis | None
) -> None:
    if member is None:
        raise Refused("CONSENT_MISSING", "/consentId")
    survivor = _survivor(ctx, tx, link.referral_id)
    reason, pointer = family.refusal(link, survivor=survivor, member=member, now=ctx.now())
    if reason:
        raise Refused(reason, pointer)


def _first(ctx: Context, referral_id: str, link: LinkRequest) -> Kept:
    return Kept(referral_id, link.kind, link.referral_id, link.relation, _digests(ctx, link.name))


def _inherit(ctx: Context, tx: Tx, book: Ledger, link: LinkRequest | None) -> None:
    """A member's further referral stays under the survivor's word, by the links of the earlier.

    Without any link nobody could ask what she said, so it is refused.
    """
    before = [row.referral_id for row in tx.referrals_by_consent(book.row.consent_id)]
    if link is not None:
        before.append(link.referral_id)
    found = {
        one.other: one
        for referral_id in before
        for one in _of(ctx, tx, referral_id)
        if one.kind == "family" and referral_id != book.row.referral_id
    }
    if not found:
        raise Refused("CONSENT_SCOPE", "/link")
    for one in found.values():
        if _ended(ctx, tx, one, served=False):
            raise Refused("FAMILY_CONTACT_DENIED", "/link")
        put(ctx, tx, replace(one, referral_id=book.row.referral_id))


def check(ctx: Context, tx: Tx, book: Ledger, name: Name | None = None) -> None:
    """Whether the survivor still lets content go in a family member's referral.

    `name` is the member's, where the act tells it. Raises Refused FAMILY_CONTACT_DENIED.
    """
    served = book.state().served
    for one in _of(ctx, tx, book.row.referral_id):
        if one.kind == "family" and _ended(ctx, tx, one, served=served, name=name):
            raise Refused("FAMILY_CONTACT_DENIED")


def consent_changed(ctx: Context, tx: Tx, survivor: ConsentRecord) -> None:
    """A new version of a consent is kept: what links to its referrals follows it.

    Where a member was not accepted yet, the survivor's no stands until she says otherwise, also
    over an acceptance that comes later.
    """
    for row in tx.referrals_by_consent(survivor.consent_id):
        for one in _legible(ctx, tx.links_to(name(ctx, row.referral_id))):
            if one.kind != "family":
                continue  # By one that can't be read nothing is sent; it must hold back no no.
            ended = not _agreed(ctx, one, survivor)
            served = ledger.load(tx, one.referral_id, ctx.agency).state().served
            if one.ended != ended and not (ended and served):
                put(ctx, tx, replace(one, ended=ended))


def shown(ctx: Context, tx: Tx, book: Ledger) -> list[Link]:
    """Other referrals of this agency that belong to this one. A link that has ended is none."""
    referral_id = book.row.referral_id
    found = [
        Link(kind=one.kind, referral_id=one.other, relation=one.relation)
        for one in _legible(ctx, tx.links_of(referral_id))
        if _stands(ctx, tx, one)
    ]
    found += [
        Link(kind=one.kind, referral_id=one.referral_id, relation=one.relation)
        for one in _legible(ctx, tx.links_to(name(ctx, referral_id)))
        if _stands(ctx, tx, one)
    ]
    if book.row.consent_id:
        found += [
            Link(kind="same_person", referral_id=row.referral_id)
            for row in tx.referrals_by_consent(book.row.consent_id)
            if row.referral_id != referral_id
        ]
    return found


def onward_of(ctx: Context, tx: Tx, book: Ledger) -> str:
    """The referral of which this one passes something on; empty if it does not."""
    found = [one.other for one in _of(ctx, tx, book.row.referral_id) if one.kind == ONWARD]
    return found[0] if found else ""


def forwards(ctx: Context, tx: Tx, referral_id: str) -> list[str]:
    """Referrals of this agency that pass on what came in this one."""
    return [one.referral_id for one in _to(ctx, tx, referral_id) if one.kind == ONWARD]


def name(ctx: Context, referral_id: str) -> str:
    """A keyed digest of a referral's id, by which rows are found that must not tell it."""
    return _mac(ctx, "referral", referral_id)


def waiting(ctx: Context, tx: Tx, book: Ledger) -> list[tuple[str, str]]:
    """What a person has to do because the survivor no longer wants the contact."""
    state = book.state()
    if state.phase not in LIVE:
        return []
    ended = any(
        one.kind == "family" and _ended(ctx, tx, one, served=state.served)
        for one in _legible(ctx, tx.links_of(book.row.referral_id))
    )
    return [("family_contact_ended", "")] if ended else []


def broken(ctx: Context, tx: Tx, book: Ledger) -> list[str]:
    """The other agencies of referrals with a link, of this one or to it, that can't be read: what
    is taken back here may not go on to them. Empty for one that names no referral of ours.
    """
    mine = book.row.referral_id
    rows = [*tx.links_of(mine), *tx.links_to(name(ctx, mine))]
    bad = [tx.referral(row.referral_id) for row in rows if _part_lost(_one(ctx, row))]
    bad += [tx.referral(mine)] if short(ctx, tx, mine) else []
    ends = [{row.origin, row.destination} if row is not None else {""} for row in bad]
    return [next(iter(one - {ctx.agency})) for one in ends]


def short(ctx: Context, tx: Tx, referral_id: str) -> bool:
    """Whether a restore has lost a link of this referral, and it could not be made again: its key
    is there, and more was remembered than the database has.
    """
    if not tx.was_restored() or not ctx.keys.living([content.link_key(referral_id)]):
        return False
    known, _ = ctx.keys.remembered(facts(ctx, referral_id))
    return len(tx.links_of(referral_id)) < max(known, 1)


def spared(ctx: Context, tx: Tx, referral_id: str) -> set[str]:
    """The key of a link that a restore has lost, as long as it can come back: only by its key is
    the referral found to which what is taken back here has to go on.
    """
    if short(ctx, tx, referral_id) and tx.missing():
        return {content.link_key(referral_id)}
    return set()


def facts(ctx: Context, referral_id: str) -> str:
    """Where it is remembered what a referral belongs to. Nobody can tell once its link's key is
    destroyed.
    """
    return f"links/{jose.b64(ctx.keys.mac(content.link_key(referral_id), b'facts'))}"


def bare(recorded: Recorded) -> bytes:
    """An answer as it is kept for a repeated request: without what only this agency may know.

    It lies there in clear, and a stolen database must not tell who is whose sister.
    """
    kept = Recorded()
    kept.CopyFrom(recorded)
    kept.referral.ClearField("links")
    kept.referral.ClearField("needs_human")
    return kept.SerializeToString()


def _stands(ctx: Context, tx: Tx, one: Kept) -> bool:
    if one.kind != "family":
        return True
    survivor = _survivor(ctx, tx, one.other)
    return not one.ended and survivor is not None and _agreed(ctx, one, survivor)


def _ended(ctx: Context, tx: Tx, one: Kept, *, served: bool, name: Name | None = None) -> bool:
    """Whether the survivor's word keeps content from going.

    Who was accepted goes on alone when she takes her permission back; whom she names as not to be
    contacted does not.
    """
    survivor = _survivor(ctx, tx, one.other)
    if one.ended or survivor is None or content.consent_lost(ctx, tx, survivor.consent_id):
        return True
    if not served and not family.permitted(survivor, ctx.now()):
        return True
    said = one
    if name is not None and one.relation:  # Else it was made again, and other names may be lost.
        said = replace(one, names=one.names + _digests(ctx, name))
    return _vetoed(ctx, said, survivor)


def _agreed(ctx: Context, one: Kept, survivor: ConsentRecord) -> bool:
    return family.permitted(survivor, ctx.now()) and not _vetoed(ctx, one, survivor)


def _vetoed(ctx: Context, one: Kept, survivor: ConsentRecord) -> bool:
    known = [frozenset(words) for words in one.names]
    return family.vetoed(survivor, one.relation, known, lambda word: _mac(ctx, "name", word))


def _survivor(ctx: Context, tx: Tx, referral_id: str) -> ConsentRecord | None:
    """The newest consent of the person that a referral is about, if this agency has one."""
    row = tx.referral(referral_id)
    return content.get_consent(ctx, tx, row.consent_id) if row is not None else None


def _digests(ctx: Context, name: Name) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(sorted(_mac(ctx, "name", word) for word in words)) for words in family.names(name)
    )


def _mac(ctx: Context, what: str, value: str) -> str:
    return jose.b64(ctx.keys.mac(f"{KEYED}/{what}", value.encode()))


def put(ctx: Context, tx: Tx, one: Kept) -> None:
    """Keep a link, and remember beside the keys that there is one: which, but not whose."""
    body = {
        "kind": one.kind, "other": one.other, "relation": one.relation,
        "names": one.names, "ended": one.ended,
    }  # fmt: skip
    text = json.dumps(body).encode()
    padded = text.ljust(-(-len(text) // SIZE) * SIZE)
    key = content.link_key(one.referral_id)
    sealed = ctx.keys.encrypt(key, _bound(ctx, one.referral_id), padded)
    tx.put_link(LinkRow(one.referral_id, _mac(ctx, "referral", one.other), sealed))
    known = facts(ctx, one.referral_id)
    ctx.keys.remember(f"{known}/{one.kind}/{one.other}", 1, ended=one.ended)
    ctx.keys.remember(known, len(tx.links_of(one.referral_id)), ended=False)


def _bound(ctx: Context, referral_id: str) -> str:
    return f"{ctx.agency}/link/{referral_id}"


def _of(ctx: Context, tx: Tx, referral_id: str) -> list[Kept]:
    """The links that a referral was made with. Raises Refused PART_GONE if one was lost."""
    if short(ctx, tx, referral_id):
        raise Refused("PART_GONE")
    return list(_read(ctx, tx.links_of(referral_id)))


def _to(ctx: Context, tx: Tx, referral_id: str) -> list[Kept]:
    """The links that lead to a referral."""
    return list(_read(ctx, tx.links_to(_mac(ctx, "referral", referral_id))))


def _read(ctx: Context, rows: list[LinkRow]) -> Iterator[Kept]:
    """Links that a decision hangs on. Raises Refused PART_GONE for one that can't be read: none may
    be lost that way.
    """
    for row in rows:
        found = _one(ctx, row)
        if found is None:
            raise Refused("PART_GONE")
        yield from found


def _legible(ctx: Context, rows: list[LinkRow]) -> Iterator[Kept]:
    """Links to be shown. For those that can't be read there is `broken`."""
    for row in rows:
        yield from _one(ctx, row) or ()


def _part_lost(found: list[Kept] | None) -> bool:
    """Whether a link can't be read, or was made again without what nobody knows any more."""
    return found is None or any(one.kind == "family" and not one.relation for one in found)


def _one(ctx: Context, row: LinkRow) -> list[Kept] | None:
    """A link; an empty list where the member took everything back, and the link with it. None where
    somebody has changed it, or its key was lost.
    """
    key = content.link_key(row.referral_id)
    try:
        plain = ctx.keys.decrypt(key, _bound(ctx, row.referral_id), row.content)
    except Refused:
        return [] if ctx.keys.destroyed([key]) else None
    body = json.loads(plain)
    if _mac(ctx, "referral", body["other"]) != row.target:
        return None  # It belongs to another row.
    names = tuple(tuple(words) for words in body.pop("names"))
    one = Kept(row.referral_id, names=names, **body)
    if one.kind == "family" and not one.ended:
        # A backup must not bring back a yes that she took back since.
        fact = f"{facts(ctx, one.referral_id)}/{one.kind}/{one.other}"
        one = replace(one, ended=ctx.keys.remembered(fact)[1])
    return [one]
