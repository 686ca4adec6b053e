"""The local audit: who did what, to what end. Written before content is decrypted.

Each record's hash covers the one before it, so that a record can't be changed or taken out
without being seen.
"""

from __future__ import annotations

from collections.abc import Iterable

from onward.core import jose
from onward.core.clock import stamp
from onward.v1.referral_pb2 import AuditRecord
from onward_server.ports import Tx
from onward_server.service.access import Actor
from onward_server.service.context import Context


def write(
    ctx: Context,
    tx: Tx,
    actor: Actor,
    *,
    action: str,
    client: str = "",
    purpose: str = "",
    referral_id: str = "",
    categories: Iterable[str] = (),
) -> None:
    """Add a record to the chain."""
    last = AuditRecord()
    stored = tx.last_audit()
    if stored is not None:
        last.ParseFromString(stored)
    record = AuditRecord(
        seq=last.seq + 1,
        time=stamp(ctx.now()),
        actor=actor.login,
        client=client,
        action=action,
        purpose=purpose,
        referral_id=referral_id,
        categories=sorted(set(categories)),
    )
    record.hash = chain(last.hash, record)
    tx.add_audit(record.seq, record.SerializeToString(deterministic=True))


def chain(before: str, record: AuditRecord) -> str:
    """The hash of a record after the one with the hash `before`."""
    bare = AuditRecord()
    bare.CopyFrom(record)
    bare.ClearField("hash")
    return jose.sha256(before.encode() + b"\x00" + bare.SerializeToString(deterministic=True))
