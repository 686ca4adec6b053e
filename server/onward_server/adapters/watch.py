"""Following the node's events from a cursor on: the same for REST and gRPC."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from functools import partial

from anyio import to_thread

from onward.v1 import referral_pb2
from onward_server.adapters.api import Api

HEARTBEAT = 10.0
"""Seconds between two heartbeats, whatever happens: so that their rhythm tells nothing."""

_BATCH = 100


async def check(api: Api, cursor: str) -> None:
    """Raise Refused if the node can't resume there, before anything has been answered."""
    if cursor:
        await to_thread.run_sync(api.events, cursor, 1)


async def follow(
    api: Api, cursor: str, seconds: float, heartbeat: float
) -> AsyncGenerator[referral_pb2.Event | None]:
    """Events after the cursor (from now on, if it is empty), and None for each heartbeat.

    Without a cursor the first event is a start, which tells where now is: whoever loses the
    connection before anything has happened can resume from there.

    Ends when the seconds are over, which is when the caller's token expires. Events are also
    looked for at each heartbeat, since another process may have written them.
    """
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # The loop has been closed: nobody follows any more.
            loop.call_soon_threadsafe(woken.set)

    end = loop.time() + seconds
    beat = loop.time() + heartbeat
    # Subscribed first, so that no event falls between reading and waiting.
    unsubscribe = await to_thread.run_sync(partial(api.subscribe, wake))
    try:
        after = cursor
        if not cursor:
            after = await to_thread.run_sync(api.newest_cursor)
            yield referral_pb2.Event(cursor=after, kind="start")
        while loop.time() < end:
            woken.clear()
            events = await to_thread.run_sync(api.events, after, _BATCH)
            for event in events:
                after = event.cursor
                yield event
            if loop.time() >= beat:
                beat = loop.time() + heartbeat
                yield None
            if len(events) < _BATCH:
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), max(0, min(beat, end) - loop.time()))
    finally:
        unsubscribe()
