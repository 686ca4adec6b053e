"""An agency whose node can't be reached: whom it asks for its mail, and how."""

from __future__ import annotations

from onward.core import jose
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import PeerRequest
from onward.v1.trust_pb2 import Agency
from onward_server.service.context import Context


def mailbox(ctx: Context) -> str:
    """The agency that holds this one's mail; empty if it has no mailbox. Raises Refused."""
    own = ctx.trust.current().agency(ctx.agency)
    return own.mailbox if own is not None and own.mailbox != ctx.agency else ""


def member(ctx: Context, agency: str) -> Agency:
    """The mailbox's entry. Raises Refused AGENCY_UNKNOWN."""
    found = ctx.trust.current().agency(agency)
    if found is None:
        raise Refused("AGENCY_UNKNOWN")
    return found


def question(ctx: Context, agency: str) -> str:
    """The signed request, which is the same whatever is collected."""
    asked = PeerRequest(
        iss=ctx.agency, aud=agency, method="collect", iat=stamp(ctx.now()), nonce=ctx.new_id()
    )
    return jose.sign(to_json(asked), jose.REQUEST, ctx.keys.signing())
