"""Agreements with other agencies: taken, ended, and asked for."""

from __future__ import annotations

from onward.v1.agreements_pb2 import Agreement
from onward_server.ports import Tx
from onward_server.service.context import Context


def between(ctx: Context, tx: Tx, other: str) -> Agreement | None:
    """The agreement between this agency and another, if this node holds one."""
    return None
