"""Knowing a request again that held content, without keeping the content.

Of content only a keyed digest is kept: from a bare one, a name or a telephone number could be
guessed long after it was destroyed. Its key ends with each withdrawal in the referral.
"""

from __future__ import annotations

from contextlib import suppress

from google.protobuf.message import Message

from onward.core import jose, spec
from onward.core.refused import Refused
from onward.core.states import State
from onward_server.service import once
from onward_server.service.context import Context

AHEAD = 64
"""How far the key in use may be ahead of the log, after a restore from a backup."""


def _key(referral_id: str, epoch: int) -> str:
    return f"{referral_id}/asked/{epoch}"


def ended_keys(referral_id: str, state: State) -> set[str]:
    """Keys that end with the withdrawals so far, and the one of earlier versions."""
    ended = {_key(referral_id, epoch) for epoch in range(len(state.withdrawals))}
    return ended | {f"{referral_id}/request"}


def fingerprint(
    ctx: Context, rpc: spec.Rpc, request: Message, referral_id: str, state: State
) -> str:
    """What was asked, so that a request id can't stand for two requests."""
    asked = _bare(rpc, request)
    if not _holds_content(request):
        return _plain(ctx, rpc, asked)
    now = len(state.withdrawals)
    for epoch in range(now, now + AHEAD):
        # One that was destroyed is met where the log has lost a withdrawal.
        with suppress(Refused):
            return _digest(ctx, _key(referral_id, epoch), asked)
    raise Refused("PART_GONE")


def same(
    ctx: Context, rpc: spec.Rpc, request: Message, referral_id: str, state: State, kept: str
) -> bool:
    """Whether it is the request of which this digest was kept. Where its key has ended nobody can
    tell, and it counts as another.
    """
    asked = _bare(rpc, request)
    if not _holds_content(request):
        return kept == _plain(ctx, rpc, asked)
    names = {_key(referral_id, epoch) for epoch in range(len(state.withdrawals) + AHEAD)}
    return any(kept == _digest(ctx, name, asked) for name in ctx.keys.living(names))


def _plain(ctx: Context, rpc: spec.Rpc, asked: bytes) -> str:
    if rpc.kind == "withdraw":
        # It must not tell whether somebody suspected pressure. This key outlives the referral's.
        return _digest(ctx, once.KEY, asked)
    return jose.sha256(asked)


def _holds_content(request: Message) -> bool:
    return "record" in request.DESCRIPTOR.fields_by_name


def _digest(ctx: Context, name: str, asked: bytes) -> str:
    return jose.b64(ctx.keys.mac(name, asked))


def _bare(rpc: spec.Rpc, request: Message) -> bytes:
    bare = type(request)()
    bare.CopyFrom(request)
    bare.write.actor = ""  # type: ignore[attr-defined]  # signed anew at each try
    # Whoever asks again after a break may have looked in between.
    bare.write.ClearField("expected_heads")  # type: ignore[attr-defined]
    return rpc.full_name.encode() + bare.SerializeToString(deterministic=True)
