"""A write that is asked for twice is done once (docs/spec.md, Local plane)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from onward.core import jose
from onward.core.refused import Refused
from onward_server.ports import Tx
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context

M = TypeVar("M", bound=Message)

Handler = Callable[[Context, Tx, Any, Caller, Actor], Message]
"""What answers a call that writes: it takes the request, who calls, and the actor."""

KEY = "requests"
"""Key of the digests by which requests are known again: from a bare one, what stands in a request
could be guessed."""


def once(
    ctx: Context,
    tx: Tx,
    caller: Caller,
    request: Message,
    do: Callable[[], tuple[str, M]],
    again: Callable[[str], M],
) -> M:
    """Do what is asked, or find what it gave before.

    `do` gives the id of what it made, and the answer; `again` the answer for that id. Raises
    Refused REQUEST_ID_REUSED.
    """
    asked = fingerprint(ctx, request)
    request_id: str = request.write.request_id  # type: ignore[attr-defined]
    known = tx.answer(caller.client_id, request_id)
    if known is not None:
        if known[0] != asked:
            raise Refused("REQUEST_ID_REUSED", "/write/requestId")
        return again(known[1].decode())
    name, answer = do()
    tx.keep_answer(caller.client_id, request_id, asked, name.encode())
    return answer


def fingerprint(ctx: Context, request: Message) -> str:
    """A keyed digest of all that was asked but the actor assertion, which is made anew."""
    bare = type(request)()
    bare.CopyFrom(request)
    bare.write.actor = ""  # type: ignore[attr-defined]
    bare.write.ClearField("expected_heads")  # type: ignore[attr-defined]
    name = request.DESCRIPTOR.full_name.encode()
    return jose.b64(ctx.keys.mac(KEY, name + bare.SerializeToString(deterministic=True)))
