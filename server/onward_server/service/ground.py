"""What lets data move to another agency: the consent or the basis in its place, what the two
agencies have agreed, and the grants under which anything came that would be passed on.

One place for an act, its preview and its explanation, so that they can't differ.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from onward.core import consent as consents
from onward.core.refused import Refused
from onward.v1.agreements_pb2 import Agreement
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant
from onward_server.ports import Tx
from onward_server.service import agreements, bases, content, onward_grants, taken_back
from onward_server.service.context import Context


@dataclass(frozen=True)
class Ground:
    """All that decides but the recipient, the purpose and the moment.

    `denied` and `received` are as onward.core.consent.decide takes them. `taken` is what she took
    back since she gave the consent, under another one.
    """

    consent: ConsentRecord | None
    basis: OtherBasis | None = None
    agreement: Agreement | None = None
    received: Mapping[str, Grant] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    taken: tuple[taken_back.Taken, ...] = ()

    @property
    def given(self) -> ConsentRecord | OtherBasis | None:
        """The basis if there is one, else the consent."""
        return self.basis if self.basis is not None else self.consent

    def standing(self, purpose: str) -> ConsentRecord | OtherBasis | None:
        """The same, as it counts for a purpose: what was taken back since, is."""
        given = self.given
        over = any(one.everything and one.reaches(purpose) for one in self.taken)
        if not over or not isinstance(given, ConsentRecord):
            return given
        ended = ConsentRecord()
        ended.CopyFrom(given)
        ended.status = "withdrawn"
        return ended

    def no(self, purpose: str) -> frozenset[str]:
        """Categories that she has denied, or taken back since."""
        reached = (one.categories for one in self.taken if one.reaches(purpose))
        return self.denied.union(*reached)


def load(
    ctx: Context,
    tx: Tx,
    *,
    destination: str,
    consent_id: str = "",
    basis_id: str = "",
    onward_of: str = "",
    referral_id: str = "",
) -> Ground:
    """What there is. Raises Refused NOT_FOUND for a basis or a referral that is not there.

    `onward_of` is the referral from which something would be passed on, `referral_id` the one in
    which it would be sent, empty for a new one.
    """
    basis = bases.load(ctx, tx, basis_id) if basis_id else None
    consent = content.get_consent(ctx, tx, consent_id)
    taken: tuple[taken_back.Taken, ...] = ()
    if consent is not None and basis is None:
        taken = taken_back.since(ctx, tx, consent, destination, referral_id)
    return Ground(
        consent=consent,
        basis=basis,
        agreement=agreements.between(ctx, tx, destination),
        received=onward_grants.received(ctx, tx, onward_of) if onward_of else {},
        denied=bases.denied(ctx, tx, basis) if basis is not None else frozenset(),
        taken=taken,
    )


def shown_in(tx: Tx, *, destination: str, consent_id: str, accepted: bool) -> str:
    """The referral in which something is looked at before it is sent: a new one, empty; or, where
    the destination has accepted, the first by this consent.

    Raises Refused NOT_FOUND for a consent that is named and not there: "no consent" would read as
    if she had never agreed.
    """
    if consent_id and tx.consent(consent_id) is None:
        raise Refused("NOT_FOUND", "/consentId")
    rows = tx.referrals_by_consent(consent_id) if accepted else []
    return next((row.referral_id for row in rows if row.destination == destination), "")


def whole(ctx: Context, ground: Ground, *, destination: str, purpose: str) -> str:
    """Why nothing at all would be sent, as a decision reason; empty if something may be."""
    return consents.whole(
        ground.standing(purpose),
        recipient=ctx.recipient(destination),
        purpose=purpose,
        now=ctx.now(),
        agreement=ground.agreement,
        agreement_needed=agreements.needed(ctx),
    )


def decide(
    ctx: Context,
    ground: Ground,
    *,
    destination: str,
    purpose: str,
    stage: consents.Stage,
    categories: Iterable[str],
    telling: Container[str] = (),
) -> dict[str, Decision]:
    """One decision for each category."""
    return consents.decide(
        ground.standing(purpose),
        recipient=ctx.recipient(destination),
        purpose=purpose,
        stage=stage,
        categories=categories,
        now=ctx.now(),
        telling=telling,
        agreement=ground.agreement,
        agreement_needed=agreements.needed(ctx),
        received=ground.received,
        denied=ground.no(purpose),
    )


def check(ctx: Context, ground: Ground, *, destination: str, purpose: str, pointer: str) -> None:
    """Raises Refused with the error of the act if nothing at all may be sent."""
    if reason := whole(ctx, ground, destination=destination, purpose=purpose):
        raise Refused(consents.REFUSALS[reason], pointer)
