"""What of this agency's parts may still leave: decided again each time that something is sent.

An act decides when it is written. Until its parts are on their way the person may have said no,
a basis or a grant may be over, the survivor may have forbidden the contact, and the agencies may
have agreed on less (docs/spec.md, section Consent). What may not go waits here, and holds back
neither an entry nor a withdrawal.
"""

from __future__ import annotations

from functools import cached_property

from onward.core import agreements as between, consent as consents, grants
from onward.core.clock import moment
from onward.core.refused import Refused
from onward.v1.agreements_pb2 import Agreement
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant
from onward_server.ports import PartRow, Tx
from onward_server.service import agreements, approvals, content, ground, links
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


def may(ctx: Context, tx: Tx, book: Ledger, rows: list[PartRow]) -> tuple[list[PartRow], str]:
    """Those of the rows, which are ours, that may leave now; and the error for the others."""
    if not rows:
        return [], ""
    try:
        judge = _Judge(ctx, tx, book)
        found = {row.digest: judge.refusal(row) for row in rows if row.category != "grant"}
    except Refused as fault:
        return [], fault.reason  # What decides can't be read, or the survivor wants no contact.
    good = [row for row in rows if found.get(row.digest) == ""]
    # A grant goes with what it is for: alone it would only tell what she had agreed to.
    going = {row.entry_hash for row in good}
    good += [row for row in rows if row.category == "grant" and row.entry_hash in going]
    return good, next((reason for reason in found.values() if reason), "")


class _Judge:
    """Judges the parts of one referral. Raises Refused if it can't, FAMILY_CONTACT_DENIED too.

    All parts under one grant are decided together, and a grant is opened only if it is asked for:
    sending is the hot path, and a referral that has lasted has many.
    """

    def __init__(self, ctx: Context, tx: Tx, book: Ledger) -> None:
        self._ctx, self._tx, self._book = ctx, tx, book
        self._agreement: Agreement | None = agreements.between(ctx, tx, book.other_agency)
        self._known = {row.digest: row for row in tx.parts(book.row.referral_id)}
        self._grants: dict[str, Grant | None] = {}
        self._refusals: dict[str, dict[str, str]] = {}
        if book.side == "origin":
            links.check(ctx, tx, book)

    def refusal(self, row: PartRow) -> str:
        """Why the part may not leave, as an error; empty if it may."""
        grant = self._grant(row.entry_hash)
        if grant is None:
            return "CONSENT_MISSING"
        if grant.grant_id not in self._refusals:
            self._refusals[grant.grant_id] = self._decide(grant)
        return self._refusals[grant.grant_id].get(row.category, "CONSENT_SCOPE")

    def _grant(self, entry_hash: str) -> Grant | None:
        """What an act was done under."""
        if entry_hash not in self._grants:
            found = content.granted(self._ctx, self._known, self._book, entry_hash)
            self._grants[entry_hash] = found[0] if found is not None else None
        return self._grants[entry_hash]

    def _decide(self, grant: Grant) -> dict[str, str]:
        """For each category of the grant, why it may not leave under it, as an error."""
        now, needed = self._ctx.now(), agreements.needed(self._ctx)
        names = list(grant.categories)
        if between.missing(self._agreement, needed=needed, now=now):
            return dict.fromkeys(names, "AGREEMENT_MISSING")
        if now >= moment(grant.valid_until):
            return dict.fromkeys(names, "CONSENT_EXPIRED")
        agreed = [
            one for one in names
            if not between.refusal(self._agreement, one, grant, needed=needed, now=now)
        ]  # fmt: skip
        found = dict.fromkeys(names, "AGREEMENT_SCOPE")
        if self._book.side == "destination":
            back = {one: grants.flows_back(one, self._level) for one in agreed}
            return found | {one: "" if may else "CONSENT_SCOPE" for one, may in back.items()}
        against = [self._against(one, grant, agreed) for one in self._of(grant)]
        for one in agreed:
            reasons = [each[one] for each in against]
            found[one] = "" if "" in reasons else next(iter(reasons), "CONSENT_MISSING")
        return found

    @cached_property
    def _level(self) -> str:
        """What may flow back by the origin's newest grant, which may have come since the act."""
        return content.feedback(self._ctx, self._tx.parts(self._book.row.referral_id), self._book)

    def _of(self, grant: Grant) -> list[ground.Ground]:
        """What the grant was made from, as it stands now: of bases, those used in the referral."""
        names = [""]
        if grant.basis != "consent":
            used = self._tx.used_in(self._book.row.referral_id)
            found = ((name, approvals.basis(self._ctx, self._tx, name)[1]) for name in used)
            names = [name for name, one in found if one.basis == grant.basis]
        return [self._load(name) for name in names]

    def _load(self, basis_id: str) -> ground.Ground:
        return ground.load(
            self._ctx, self._tx, destination=self._book.other_agency, basis_id=basis_id,
            consent_id=self._book.row.consent_id if not basis_id else "",
            onward_of=links.onward_of(self._ctx, self._tx, self._book),
            referral_id=self._book.row.referral_id,
        )  # fmt: skip

    def _against(
        self, stands_on: ground.Ground, grant: Grant, categories: list[str]
    ) -> dict[str, str]:
        """Why this no longer lets each category go under the grant, as an error; empty if so."""
        given = stands_on.given
        # Of a consent that is no yes any more the decision says so.
        if (
            isinstance(given, ConsentRecord)
            and given.status in consents.VALID
            and grants.wider(grant, given)
        ):
            return dict.fromkeys(categories, "CONSENT_SCOPE")
        # Which purpose the act was for is not kept: one that is still good is enough.
        decided = [
            ground.decide(
                self._ctx, stands_on, destination=self._book.other_agency, purpose=purpose,
                stage="disclosure", categories=categories,
            )
            for purpose in grant.purposes
        ]  # fmt: skip
        return {one: _error([each[one] for each in decided]) for one in categories}


def _error(decisions: list[Decision]) -> str:
    """Empty if one of them permits; else the error of the first."""
    if any(one.permitted for one in decisions):
        return ""
    reason = next((one.reason for one in decisions), "")
    return consents.REFUSALS.get(reason, "CONSENT_SCOPE")
