"""What the hot path costs: offers written, sealed, delivered and receipted between two nodes.

    python server/benchmarks/hot_path.py [NUMBER]

Both nodes are in this process, with their real databases and keys, and without a network. Times
are given beside the floor of the same run on the same machine: one ES256 signature and one
verification. Compare the ratios, not the seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from onward.auth import Login
from onward.calls import offer_record
from onward.core import jose, spec
from onward.importers import read_folder, sample_folder
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import OfferRequest, RecordConsentRequest
from onward.v1.peer_pb2 import DeliverRequest, DeliverResponse
from onward.v1.referral_pb2 import Write
from onward_server.app import settings
from onward_server.app.wiring import Wired, wire
from onward_server.demo.world import World
from onward_server.service import outbound
from onward_server.service.access import Caller

DELIVER = spec.rpcs()["onward.v1.Exchange.Deliver"]
OFFER = spec.acts()["offer"]
RECORD = spec.rpcs()["onward.v1.Consents.RecordConsent"]
CALLER = Caller("benchmark", frozenset(rpc.scope for rpc in spec.rpcs().values()))


def timed(what: str, number: int, work: Callable[[], object], floor: float | None = None) -> float:
    """Run it, and print microseconds for each, and how many floors that is."""
    began = time.perf_counter()
    work()
    each = (time.perf_counter() - began) / number
    ratio = f"{each / floor:8.1f} floors" if floor else "         floor"
    print(f"{what:52} {each * 1e6:9.0f} us {ratio}")  # noqa: T201  # it is what this is for
    return each


def floor(number: int) -> float:
    """One signature and one verification."""
    key = jose.new_key()

    def work() -> None:
        for _ in range(number):
            jose.verify(jose.sign(b"{}" * 400, jose.ENTRY, key), jose.ENTRY, lambda _: key)

    return timed("sign and verify 800 bytes (ES256)", number, work)


def offers(world: World, node: Wired, number: int, workers: int) -> None:
    """The agency's own software writes offers, from several threads."""
    case = read_folder(sample_folder()).cases[0]
    login = Login(world.origin.agency, world.origin.login_key)

    def write(request_id: str) -> Write:
        actor = login.assertion("benchmark", "caseworker")
        return Write(request_id=request_id, purpose="service_delivery", actor=actor)

    asked = RecordConsentRequest(write=write(f"consent-{workers:08}"), consent=case.consent)
    recorded = node.node.call(RECORD, asked, CALLER)
    assert isinstance(recorded, ConsentRecord)

    def one(index: int) -> None:
        request = OfferRequest(
            write=write(f"request-{workers}-{index:08}"),
            destination=world.destination.agency,
            consent_id=recorded.consent_id,
            items=[Item(number=1, wish="now"), Item(number=2, wish="later")],
            record=offer_record(case.record),
        )
        node.node.call(OFFER, request, CALLER)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(number)))


def deliver(here: Wired, there: Wired, number: int, batch: int, base: float) -> None:
    """Everything that waits is sealed, delivered and settled."""
    sealed: list[outbound.Outgoing] = []
    timed("seal an offer for delivery", number, lambda: sealed.extend(
        outbound.due(here.node.ctx, number)), base)  # fmt: skip
    answers: list[DeliverResponse] = []

    def send() -> None:
        for start in range(0, len(sealed), batch):
            envelopes = [one.envelope for one in sealed[start : start + batch]]
            answer = there.node.call(DELIVER, DeliverRequest(envelopes=envelopes), None)
            assert isinstance(answer, DeliverResponse)
            answers.append(answer)

    timed(f"take an envelope, {batch} to a call: to disk and receipt", number, send, base)
    receipts = [result.receipt for answer in answers for result in answer.results]
    assert all(receipts)

    def settle() -> None:
        for one, receipt in zip(sealed, receipts, strict=True):
            outbound.settle(here.node.ctx, one, receipt)

    timed("settle a receipt", number, settle, base)


def main() -> None:
    """Run it all."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        world = World.make(Path(folder))
        here, there = (wire(settings.load(site.folder)) for site in world.sites)
        base = floor(number)
        for workers in (1, 8):
            what = f"write an offer (8 parts), {workers} at a time: to disk"
            timed(what, number, lambda n=workers: offers(world, here, number, n), base)  # type: ignore[misc]
            deliver(here, there, number, 32 if workers == 8 else 1, base)
        here.close()
        there.close()


if __name__ == "__main__":
    main()
