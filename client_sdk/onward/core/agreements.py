"""Agreements between two agencies: the widest that a consent can have effect between them.

Docs/spec.md, section Agreements. In environment live nothing goes without one. Both parties sign
the same bytes; each keeps them at its own node, which judges the signatures when it takes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from joserfc.jwk import ECKey

from onward.core import jose, spec
from onward.core.clock import moment
from onward.core.parse import parse, to_json, validate
from onward.core.refused import Refused
from onward.core.trust import Trusted
from onward.v1.agreements_pb2 import Agreement, PartySignature, SignedAgreement
from onward.v1.consent_pb2 import ConsentRecord, Grant

MAX_BYTES = 64 * 1024
"""Largest agreement, in bytes of its JSON."""

INVALID = "AGREEMENT_INVALID"


@dataclass(frozen=True)
class Held:
    """A version of an agreement that a node holds, and whether that node has ended it."""

    agreement: Agreement
    ended: bool = False


def in_force(agreement: Agreement | None, now: datetime) -> bool:
    """Whether an agreement that both have signed can be used at this moment."""
    if agreement is None:
        return False
    return moment(agreement.valid_from) <= now < moment(agreement.valid_until)


def governing(held: Iterable[Held], now: datetime) -> Held | None:
    """Of all that a node holds with one other agency, what counts now; None if nothing does.

    Of each agreement, its newest version that has begun: one that is signed ahead leaves the one
    before it in force until then.
    """
    newest: dict[str, Held] = {}
    for one in held:
        name = one.agreement.agreement_id
        begun = moment(one.agreement.valid_from) <= now
        if begun and (name not in newest or _version(newest[name]) < _version(one)):
            newest[name] = one
    good = [one for one in newest.values() if not one.ended and in_force(one.agreement, now)]
    return max(good, key=lambda one: moment(one.agreement.valid_from), default=None)


def _version(held: Held) -> int:
    return held.agreement.version


def scope(agreement: Agreement | None, *, purpose: str, needed: bool, now: datetime) -> str:
    """Why nothing may go for this purpose, as a decision reason; empty if something may.

    `needed` says that without an agreement nothing goes: environment live.
    """
    if missing(agreement, needed=needed, now=now):
        return "no_agreement"
    return "" if agreement is None or purpose in agreement.purposes else "agreement_purpose"


def missing(agreement: Agreement | None, *, needed: bool, now: datetime) -> bool:
    """Whether nothing may go at all: none is in force, and one is needed, or there was one."""
    return (needed or agreement is not None) and not in_force(agreement, now)


def storage(agreement: Agreement | None, consent: ConsentRecord) -> str:
    """Why the data could be stored where the person did not agree to, as a decision reason."""
    if agreement is None or not consent.storage_countries:
        return ""
    agreed = set(consent.storage_countries)
    return "" if set(agreement.storage_countries) <= agreed else "storage_not_agreed"


def ceiling(agreement: Agreement | None, category: str) -> str:
    """Why this category may not go, as a decision reason; empty if it may."""
    if agreement is None or category in agreement.categories:
        return ""
    return "beyond_agreement"


def refusal(
    agreement: Agreement | None, category: str, grant: Grant, *, needed: bool, now: datetime
) -> str:
    """Why a receiver refuses a part that came under this grant, as a refusal code; empty if not.

    The grant must name the agreement that the receiver itself holds in force, and be no wider.
    """
    named = agreement.agreement_id if agreement is not None else ""
    if missing(agreement, needed=needed, now=now) or grant.agreement_id != named:
        return "no_agreement"
    if agreement is None:
        return ""
    wider = (
        not set(grant.purposes) <= set(agreement.purposes)
        or not set(grant.storage_countries) <= set(agreement.storage_countries)
        or grant.retention_days > agreement.retention_days
    )
    return "beyond_agreement" if wider else ceiling(agreement, category)


def retention(agreement: Agreement | None, days: int) -> int:
    """Days that a recipient may keep data: what was asked for, and no longer than agreed."""
    return min(days, agreement.retention_days) if agreement is not None else days


def purposes(agreement: Agreement | None, named: Iterable[str]) -> list[str]:
    """What a recipient may use data for: those that were named, as far as they were agreed."""
    return [one for one in named if agreement is None or one in agreement.purposes]


def draft(agreement: Agreement) -> SignedAgreement:
    """The bytes that both parties sign. Raises Refused AGREEMENT_INVALID."""
    try:
        validate(agreement)
    except Refused as fault:
        raise Refused(INVALID, f"/payload{fault.pointer}", expected=fault.expected) from None
    _check(agreement)
    return SignedAgreement(payload=jose.b64(to_json(agreement)))


def sign(signed: SignedAgreement, agency: str, key: ECKey) -> SignedAgreement:
    """The agreement with this party's signature, in place of an earlier one of its own.

    Raises Refused AGREEMENT_INVALID if the agency is no party of it.
    """
    if agency not in read(signed.payload).parties:
        raise Refused(INVALID, "/payload/parties")
    protected, _, signature = jose.sign(jose.unb64(signed.payload), jose.AGREEMENT, key).split(".")
    new = PartySignature(agency=agency, protected=protected, signature=signature)
    others = [one for one in signed.signatures if one.agency != agency]
    return SignedAgreement(payload=signed.payload, signatures=[*others, new])


def read(payload: str) -> Agreement:
    """What was agreed, whoever signed it. Raises Refused AGREEMENT_INVALID with what is wrong."""
    pointer = rule = ""
    try:
        agreement = parse(Agreement, jose.unb64(payload), max_bytes=MAX_BYTES)
    except Refused as fault:
        pointer, rule = fault.pointer, fault.expected
    except ValueError:
        pass
    else:
        _check(agreement)
        return agreement
    raise Refused(INVALID, f"/payload{pointer}", expected=rule)


def _check(agreement: Agreement) -> None:
    """What the schema can't say. Raises Refused."""
    if len(set(agreement.parties)) != len(agreement.parties):
        raise Refused(INVALID, "/payload/parties")
    for index, category in enumerate(agreement.categories):
        known = spec.categories().get(category)
        if known is None or known.protocol:
            raise Refused(INVALID, f"/payload/categories/{index}")
    if moment(agreement.valid_until) <= moment(agreement.valid_from):
        raise Refused(INVALID, "/payload/validUntil", expected="after validFrom")


def verify(
    signed: SignedAgreement, *, trusted: Trusted, environment: str, now: datetime
) -> Agreement:
    """The agreement, if both of its parties have signed it. Raises Refused AGREEMENT_INVALID.

    Each signature is by a key that the trust list names for its party, and that is in use at this
    moment: an agreement is judged once, when it is taken, and a key may be retired afterwards.
    """
    agreement = read(signed.payload)
    if agreement.environment != environment:
        raise Refused(INVALID, "/payload/environment")
    signers = sorted(one.agency for one in signed.signatures)
    if signers != sorted(agreement.parties):
        raise Refused(INVALID, "/signatures")
    for index, one in enumerate(signed.signatures):
        member = trusted.agency(one.agency)
        if member is None or member.status == "removed":
            raise Refused(INVALID, f"/signatures/{index}/agency")
        token = f"{one.protected}.{signed.payload}.{one.signature}"
        try:
            jose.verify(token, jose.AGREEMENT, trusted.signing_key(one.agency, now))
        except Refused:
            raise Refused(INVALID, f"/signatures/{index}") from None
    return agreement
