"""From what is to be sent to an envelope, and how long to wait when it did not arrive."""

from __future__ import annotations

from datetime import timedelta

from onward.core import envelopes
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import Envelope, Sealed
from onward_server.service.context import Context

LIFE = timedelta(days=14)
"""How long an envelope is accepted, so that it can wait in a mailbox."""

FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=10)


def envelope(ctx: Context, recipient: str, what: Sealed, *, anyhow: bool) -> Envelope:
    """What is to be sent, sealed to the agency now. `anyhow`: also to a key whose time is over.

    Raises Refused AGENCY_UNKNOWN where there is no key.
    """
    now = ctx.now()
    trusted = ctx.trust.current()
    sealing_key = trusted.sealing_key(recipient, now)
    if sealing_key is None and anyhow:
        # Nothing holds a withdrawal back, not even a list whose keys have run out.
        sealing_key = trusted.sealing_key(recipient, None)
    if sealing_key is None:
        raise Refused("AGENCY_UNKNOWN")
    return envelopes.seal(
        what, mid=ctx.new_id(), sender=ctx.agency, recipient=recipient,
        environment=ctx.environment, signing_key=ctx.keys.signing(), sealing_key=sealing_key,
        now=now, expires=now + LIFE,
    )  # fmt: skip


def pause(
    ctx: Context, attempts: int, *, urgent: bool, longest: timedelta = LONGEST_RETRY
) -> timedelta:
    """Exponential backoff with jitter; withdrawals wait no longer than about a minute."""
    longest = timedelta(minutes=1) if urgent else longest
    wait: timedelta = min(FIRST_RETRY * 2 ** min(attempts, 12), longest)
    jitter = 0.5 + ctx.random.token(1)[0] / 255
    return wait * jitter
