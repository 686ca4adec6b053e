"""Watch over HTTP: server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from starlette.responses import StreamingResponse

from onward.core import parse
from onward.v1 import referral_pb2
from onward_server.adapters import errors, watch
from onward_server.adapters.api import Api
from onward_server.adapters.problems import HEADERS

HEARTBEAT = b": heartbeat\n\n"
# Buffering would hold events back: the second name is the one that nginx reads.
_HEADERS = {**HEADERS, "X-Accel-Buffering": "no"}


def frame(event: referral_pb2.Event) -> bytes:
    """One event as it stands in the stream. ProtoJSON has no line breaks."""
    head = f"id: {event.cursor}\nevent: {event.kind}\ndata: "
    return head.encode("ascii") + parse.to_json(event) + b"\n\n"


async def _frames(api: Api, cursor: str, seconds: float, heartbeat: float) -> AsyncIterator[bytes]:
    try:
        async with aclosing(watch.follow(api, cursor, seconds, heartbeat)) as events:
            async for event in events:
                yield HEARTBEAT if event is None else frame(event)
    except Exception as error:
        # The status is sent already. The stream ends, and the client resumes at its cursor.
        errors.refusal(error, "Watch")


async def stream(api: Api, cursor: str, seconds: float, heartbeat: float) -> StreamingResponse:
    """The events after the cursor, for so many seconds. Raises Refused before it begins."""
    await watch.check(api, cursor)
    frames = _frames(api, cursor, seconds, heartbeat)
    return StreamingResponse(frames, headers=_HEADERS, media_type="text/event-stream")
