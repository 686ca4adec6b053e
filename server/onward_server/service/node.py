"""The service object: one call in, one answer out, whatever the transport."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from google.protobuf.message import Message

from onward.core import spec
from onward.core.refused import Refused
from onward.v1.local_pb2 import (
    EraseRequest,
    ExportLogRequest,
)
from onward.v1.peer_pb2 import (
    CollectRequest,
    DeliverRequest,
    GetNodeRequest,
    GetServicesRequest,
    GetTrustListRequest,
    ResyncRequest,
)
from onward.v1.referral_pb2 import Event, Write
from onward_server.ports import ErasureRow, Tx
from onward_server.service import (
    access,
    audit,
    knocks,
    ledger,
    peer,
    pipeline,
    reads,
    relays,
    restored,
    suspected,
    sweeps,
    writes,
)
from onward_server.service.access import Actor, Caller
from onward_server.service.context import EVERYTHING, Context
from onward_server.service.reads import number
from onward_server.service.turns import Turns

log = structlog.get_logger("onward.node")


class Node:
    """What an agency's node does, behind every transport."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.agency = ctx.agency
        self.environment = ctx.environment
        self._listeners: list[Callable[[], None]] = []
        self._turns = Turns()
        restored.sweep(ctx)
        # Before anybody needs it: no withdrawal waits for a key to be made.
        ctx.keys.make([suspected.KEY])

    def call(self, rpc: spec.Rpc, request: Message, caller: Caller | None) -> Message:
        """Answer one call. The request has passed its schema. Raises Refused."""
        if rpc.plane == "PLANE_PEER":
            return self._peer(request)
        known = access.authorise(rpc, caller)
        if rpc.kind:
            return self._act(rpc, request, known)
        if f"{rpc.service}.{rpc.name}" in writes.WRITES:
            return self._write(rpc, request, known)
        if rpc.service == "Knocks":
            return self._knocks(rpc, request, known)
        read = reads.READS.get(f"{rpc.service}.{rpc.name}")
        if read is None:
            raise Refused("UNIMPLEMENTED")
        if isinstance(request, ExportLogRequest):
            # What leaves the node, even to its own people, stands in the audit.
            return self.ctx.store.write(lambda tx: reads.export_log(self.ctx, tx, request, known))
        return self.ctx.store.read(lambda tx: read(self.ctx, tx, request, known))

    def _act(self, rpc: spec.Rpc, request: Message, caller: Caller) -> Message:
        actor = self._actor(rpc, request.write)  # type: ignore[attr-defined]

        def work(tx: Tx) -> Message:
            return pipeline.write(self.ctx, tx, rpc, request, caller, actor)

        answer = self.ctx.store.write(work)
        if spec.acts()[rpc.kind].urgent or rpc.kind == "erased":
            self.relay_due()
        self.changed()
        return answer

    def _write(self, rpc: spec.Rpc, request: Message, caller: Caller) -> Message:
        actor = self._actor(rpc, request.write)  # type: ignore[attr-defined]
        work = writes.WRITES[f"{rpc.service}.{rpc.name}"]
        answer = self.ctx.store.write(lambda tx: work(self.ctx, tx, request, caller, actor))
        self.changed()
        return answer

    def _knocks(self, rpc: spec.Rpc, request: Message, caller: Caller) -> Message:
        actor = self._actor(rpc, request.write)  # type: ignore[attr-defined]
        if rpc.name in knocks.READS:
            return knocks.read(self.ctx, rpc, request, caller, actor)
        answer = knocks.write(self.ctx, rpc, request, caller, actor)
        self.relay_due()
        self.changed()
        return answer

    def _actor(self, rpc: spec.Rpc, what: Write) -> Actor:
        try:
            return access.actor(
                what.actor, rpc, agency=self.agency, login_keys=self.ctx.login_keys,
                now=self.ctx.now(),
            )  # fmt: skip
        except Refused:
            if not rpc.unvouched:
                raise
            return access.UNVOUCHED

    def _peer(self, request: Message) -> Message:
        if isinstance(request, DeliverRequest):
            answer = peer.deliver(self.ctx, request)
            self.relay_due()
            self.changed()
            return answer
        if isinstance(request, CollectRequest):
            return peer.collect(self.ctx, request)
        if isinstance(request, GetNodeRequest):
            return peer.get_node(self.ctx, request)
        if isinstance(request, GetServicesRequest):
            return peer.get_services(self.ctx, request)
        if isinstance(request, GetTrustListRequest):
            return peer.get_trust_list(self.ctx, request)
        if isinstance(request, ResyncRequest):
            given = peer.resync(self.ctx, request)
            self.relay_due()
            self.changed()
            return given
        raise Refused("UNIMPLEMENTED")

    def erase_due(self, limit: int = 20, *, sweep: bool = True) -> int:
        """Destroy what withdrawals have sealed and whose time has come, and with `sweep` whatever
        else a node destroys by itself. Gives how many.
        """
        rpc = spec.acts()["erased"]
        # First, since what is destroyed may be all that tells who else holds something.
        self.relay_due()
        rows = self._turns.order(self.ctx.store.read(self._erasures))[:limit]
        done = 0
        for row in rows:

            def work(tx: Tx, row: ErasureRow = row) -> bool:
                book = ledger.load(tx, row.referral_id, self.agency)
                request = EraseRequest(referral_id=row.referral_id)
                pipeline.perform(self.ctx, tx, rpc, request, book, access.NODE, "", row.withdrawal)
                audit.write(
                    self.ctx, tx, access.NODE, action="destroy", referral_id=row.referral_id
                )
                return True

            # One that can't be destroyed now stays due, and lets the others go first.
            gone = sweeps.tried(self.ctx, work)
            self._turns.tried(row, done=gone)
            done += gone
        if sweep:
            done += sweeps.run(self.ctx, limit, self._turns)
        if done:
            self.ctx.store.tidy()
            self.relay_due()
            self.changed()
        return done

    def _erasures(self, tx: Tx) -> list[ErasureRow]:
        return suspected.ready(self.ctx, tx, tx.due_erasures(self.ctx.now(), EVERYTHING))

    def relay_due(self) -> int:
        """Pass withdrawals on to other holders, and their certificates back. Gives how many."""
        try:
            return relays.carry_out(self.ctx, self._turns)
        except Exception as fault:
            # It is noted, and the next turn tries again; whoever called has been answered.
            log.error("not relayed", fault=type(fault).__name__)
            return 0

    def events(self, after: str, limit: int) -> list[Event]:
        """What happened after a cursor; from the beginning if it is empty."""
        rows = self.ctx.store.read(lambda tx: tx.events(number(after, "/cursor"), limit))
        return [Event(cursor=str(n), kind=kind, referral_id=referral) for n, kind, referral in rows]

    def newest_cursor(self) -> str:
        """The cursor of the last thing that happened."""
        return str(self.ctx.store.read(lambda tx: tx.newest_event()))

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called after each change. Gives the way to end it."""
        self._listeners.append(wake)
        return lambda: self._listeners.remove(wake)

    def changed(self) -> None:
        """Tell everybody who waits that something may have changed."""
        for wake in list(self._listeners):
            wake()
