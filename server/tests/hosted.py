"""Three agencies that one process speaks for, one outside, and one that is hostile: real nodes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any

from google.protobuf.message import Message

from hostile import Hostile
from nodes import reason
from onward.client import Client
from onward.core import jose, spec
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.transports.base import Transport as Wire
from onward.transports.grpc import Grpc
from onward.transports.rest import Rest
from onward.v1.entry_pb2 import Head, Heads
from onward.v1.envelope_pb2 import Envelope, PeerRequest
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import DeliverRequest, DeliverResult
from onward.v1.trust_pb2 import Agency
from onward_server.app import provision
from onward_server.demo.world import Site, Transport, free_port
from people import DESTINATION, ORIGIN, agreed, decision, record, wishes

CENTRE, HARBOUR = "centre.ngo.in.example", "harbour.ngo.in.example"
WAYS: tuple[Transport, Transport] = ("rest", "grpc")


class Hosted:
    """`ministry`, `shelter` and `centre` share a process; `harbour` has one of its own, with an
    address apart for other nodes, too.

    The first two and the harbour are partners; the ministry and the shelter have accepted the
    hostile agency, too. Nobody has accepted the centre, or is accepted by it.
    """

    def __init__(self, folder: Path) -> None:
        peers, alone = ({f"peer_{way}": f"127.0.0.1:{free_port()}" for way in WAYS} for _ in "12")
        self.ministry = Site(folder / "m", ORIGIN, "BD", "national_government", "grpc", **peers)
        self.shelter = Site(folder / "s", DESTINATION, "IN", "shelter", "rest", **peers)
        self.centre = Site(folder / "c", CENTRE, "IN", "ngo_local", "rest", **peers)
        self.harbour = Site(folder / "h", HARBOUR, "IN", "ngo_local", "grpc", **alone)
        self.together = (self.ministry, self.shelter, self.centre)
        self.hostile = Hostile()
        self.entries: dict[str, Agency] = {}
        for site in (*self.together, self.harbour):
            self.entries[site.agency] = site.make(destroy_after=1)
        self.entries[self.hostile.agency] = self.hostile.entry_in_list()
        authority, stamper = jose.new_key(), jose.new_key()
        anchors = provision.anchors("test", 1, [authority], [stamper])
        signed = provision.new_list("test", 1, list(self.entries.values()))
        provision.sign_list(signed, authority)
        provision.stamp_list(signed, stamper)
        partners = {ORIGIN, DESTINATION, HARBOUR}
        for site in (*self.together, self.harbour):
            more = {self.hostile.agency} if site in self.together[:2] else set()
            others = partners - {site.agency} if site.agency in partners else set()
            site.trust(anchors, signed, sorted(others | more))
        self._ends = ExitStack()
        self.wires: dict[str, Wire] = {
            "rest": Rest(f"http://{peers['peer_rest']}"), "grpc": Grpc(peers["peer_grpc"]),
        }  # fmt: skip
        for wire in self.wires.values():
            self._ends.callback(wire.close)

    def start(self) -> None:
        """Both processes at once."""
        self.harbour.start()
        self.start_together()
        self.harbour.wait()

    def start_together(self) -> None:
        """The process that speaks for three."""
        self.ministry.start("onward_server.app.cli", *(str(s.folder) for s in self.together[1:]))
        for site in self.together:
            site.process = self.ministry.process
            site.wait()

    def stop(self) -> None:
        self._ends.close()
        if self.harbour.process is not None:
            os.kill(self.harbour.process.pid, signal.SIGCONT)
        self.ministry.end()
        self.harbour.end()
        for site in (*self.together, self.harbour):
            for client in site.clients:
                client.disconnect()

    def ask(self, way: str, name: str, request: Message) -> Any:
        """One call at the address that the agencies share."""
        return self.wires[way].call(spec.rpcs()[name], request, token=None, timeout=20)

    def deliver(self, way: str, *envelopes: Envelope) -> list[DeliverResult]:
        """One call of Deliver."""
        request = DeliverRequest(envelopes=envelopes)
        return list(self.ask(way, "onward.v1.Exchange.Deliver", request).results)

    def question(self, aud: str, method: str, **changes: Any) -> str:
        """A question of the hostile agency, well signed."""
        asked = PeerRequest(
            iss=self.hostile.agency, aud=aud, method=method, iat=stamp(datetime.now(UTC)),
            nonce=jose.opaque(token_bytes), **changes,
        )  # fmt: skip
        return jose.sign(to_json(asked), jose.REQUEST, self.hostile.signing)


def empty() -> Heads:
    """Heads of whoever holds nothing."""
    return Heads(origin=Head(), destination=Head())


def why(result: DeliverResult) -> str:
    """Why an envelope was refused; empty for a receipt."""
    return "" if result.receipt else Reason.Name(result.problem.reason).removeprefix("REASON_")


def until(what: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most."""
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def offered(client: Client, to: str) -> tuple[str, str]:
    """A consent and an offer under it. Gives the ids of the referral and of the consent."""
    given = client.record_consent(agreed(recipients=[to]))
    sent = client.offer(
        destination=to, consent_id=given.consent_id, items=wishes(), record=record()
    )
    return sent.referral.referral_id, given.consent_id


def arrived(client: Client, referral_id: str) -> None:
    """The referral is at the client's agency."""
    until(lambda: reason(client.get_referral, referral_id) == "")


def accepted(client: Client, referral_id: str) -> None:
    """The destination accepts, as soon as the offer is there."""
    arrived(client, referral_id)
    client.acknowledge(referral_id)
    client.decide(referral_id, decision())


@contextmanager
def hosted(folder: Path) -> Iterator[Hosted]:
    """All of them, serving."""
    made = Hosted(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()
