"""What the tests of transports share: a node that notes what it gets, and a bridge to asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from onward.core import spec
from onward.transports.base import AsyncTransport
from onward.v1.entry_pb2 import Head, Heads
from onward.v1.local_pb2 import (
    DecideRequest,
    GetReferralRequest,
    ListAuditRequest,
    ListAuditResponse,
    ListReferralsRequest,
    ListReferralsResponse,
    WatchRequest,
)
from onward.v1.peer_pb2 import GetNodeRequest, GetNodeResponse
from onward.v1.referral_pb2 import AuditRecord, Event, Recorded, Referral

TIMEOUT = 30.0
ID = "referral-0001"
JWS = "e30.e30.AA"
HEADS = Heads(origin=Head(seq=2, hash="h" * 43), destination=Head())


class Behaviour:
    """What the node does with the next calls, and what it has got."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.got: list[tuple[str, Message, str | None]] = []

    def __call__(self, rpc: spec.Rpc, request: Message, token: str | None) -> Any:
        self.got.append((rpc.name, request, token))
        if self.error is not None:
            raise self.error
        match request:
            case DecideRequest():
                referral = Referral(referral_id=request.referral_id, items=request.items)
                return Recorded(referral=referral, entry="e" * 43)
            case GetReferralRequest():
                return Referral(referral_id=request.referral_id, phase="offered", heads=HEADS)
            case ListReferralsRequest():
                found = [Referral(referral_id=ID, round=request.page_size)]
                return ListReferralsResponse(referrals=found, next_page_token=request.page_token)
            case ListAuditRequest():
                return ListAuditResponse(records=[AuditRecord(seq=request.after + 1)])
            case GetNodeRequest():
                return GetNodeResponse(agencies=["b.example"], environment="test")
            case WatchRequest():
                first = int(request.cursor or "0") + 1
                return [
                    Event(cursor=str(number), kind="entry", referral_id=ID)
                    for number in range(first, 4)
                ]
        raise AssertionError("not expected")


class Bridge:
    """Drives an asynchronous transport like a blocking one, in one loop."""

    def __init__(self, make: Callable[[], AsyncTransport], loop: asyncio.Runner) -> None:
        self.loop = loop
        self.inner = make()

    def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        return self.loop.run(self.inner.call(rpc, request, token=token, timeout=timeout))

    def stream(self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float) -> Any:
        stream = self.inner.stream(rpc, request, token=token, timeout=timeout)

        async def step() -> Message | None:
            return await anext(stream, None)

        try:
            while (message := self.loop.run(step())) is not None:
                yield message
        finally:
            self.loop.run(stream.aclose())

    def close(self) -> None:
        self.loop.run(self.inner.close())
