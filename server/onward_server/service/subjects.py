"""What this agency has about one person, found without saying in the database whose it is.

By a keyed digest of the agency's own id of her: a stolen database does not tell which records
belong together (docs/spec.md, section Consent).
"""

from __future__ import annotations

from onward.core import jose
from onward_server.service.context import Context

KEY = "subjects"
"""Key of the digests. Without it nobody can tell whom a row is about."""


def digest(ctx: Context, subject_id: str) -> str:
    """What a person is found by in the database. Nobody can guess the id by it."""
    return jose.b64(ctx.keys.mac(KEY, subject_id.encode()))
