"""Bases other than consent: proposed, approved by two persons, reviewed, and told."""

from __future__ import annotations

from onward.core.refused import Refused
from onward.v1.bases_pb2 import OtherBasis
from onward_server.ports import Tx
from onward_server.service.context import Context


def load(ctx: Context, tx: Tx, basis_id: str) -> OtherBasis:
    """A basis as it stands. Raises Refused NOT_FOUND."""
    raise Refused("NOT_FOUND", "/basisId")


def denied(ctx: Context, tx: Tx, basis: OtherBasis) -> frozenset[str]:
    """What the person of a basis has denied in any consent on record."""
    return frozenset()
