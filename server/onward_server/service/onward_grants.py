"""What another agency has disclosed, and whether its grant lets it go on."""

from __future__ import annotations

from onward.v1.consent_pb2 import Grant
from onward_server.ports import Tx
from onward_server.service.context import Context


def received(ctx: Context, tx: Tx, referral_id: str) -> dict[str, Grant]:
    """Categories that came in a referral, each with the grant that covers it now."""
    return {}
