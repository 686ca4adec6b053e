"""What this agency has about one person, found without saying in the database whose it is.

By a keyed digest of the agency's own id of her: a stolen database does not tell which records
belong together (docs/spec.md, section Consent).
"""

from __future__ import annotations

from onward.core import jose
from onward_server.ports import Tx
from onward_server.service.context import Context

KEYED = "subjects"
"""Key of the digests by which what there is of a person is found."""


def digest(ctx: Context, subject_id: str) -> str:
    """What a person is found by in the database. Nobody can guess the id by it."""
    return jose.b64(ctx.keys.mac(KEYED, subject_id.encode()))


def consents_of(ctx: Context, tx: Tx, subject_id: str) -> list[str]:
    """Ids of all consents that this agency has of a person."""
    return tx.consents_of(digest(ctx, subject_id))


def referrals_of(ctx: Context, tx: Tx, subject_id: str) -> list[str]:
    """Ids of all referrals about a person that went by a consent or another basis of hers."""
    rows = [
        row for name in consents_of(ctx, tx, subject_id) for row in tx.referrals_by_consent(name)
    ]
    found = [row.referral_id for row in rows]
    for basis in tx.approvals_of(digest(ctx, subject_id)):
        found += tx.referrals_by(basis.approval_id)
    return list(dict.fromkeys(found))
