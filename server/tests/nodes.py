"""Two real nodes in one process, with a clock that tests turn and a delivery that tests carry.

Everything is the node's own code: service, SQLite store on files, keys on files, a trust list
that three authorities have signed. Only the wire is missing: envelopes are carried by hand, so
that a test can drop, repeat, reorder and delay them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from onward.auth import Login
from onward.client import Client
from onward.core import entries, jose, parse, spec, trust
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.errors import OnwardError
from onward.transports.memory import Memory
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.envelope_pb2 import Envelope
from onward.v1.peer_pb2 import DeliverRequest, DeliverResult
from onward.v1.referral_pb2 import Referral
from onward.v1.trust_pb2 import Agency, SignedTrustList, TrustList
from onward_server.adapters.keys import FileKeys
from onward_server.adapters.sql import tables
from onward_server.adapters.sql.store import SqlStore, migrate
from onward_server.adapters.trust import StoredTrust
from onward_server.app import provision
from onward_server.app.wiring import SystemRandom
from onward_server.service import outbound
from onward_server.service.access import Caller
from onward_server.service.context import Context
from onward_server.service.node import Node
from onward_server.service.outbound import Outgoing
from people import DESTINATION, ORIGIN, agreed, decision, record, wishes

DELIVER = spec.rpcs()["onward.v1.Exchange.Deliver"]
ALL_SCOPES = frozenset(rpc.scope for rpc in spec.rpcs().values() if rpc.scope)
DELAY = timedelta(hours=24)


class Clock:
    """Fulfils onward_server.ports.Clock."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        """For the login, which signs with the same time."""
        return self.at.timestamp()

    def advance(self, by: timedelta) -> None:
        self.at += by


@cache
def empty_database() -> bytes:
    """A database at the newest schema, made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "node.sqlite3"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()


class Desk:
    """One agency: its node, and clients of it for people in several roles."""

    def __init__(self, folder: Path, agency: str, country: str, clock: Clock) -> None:
        self.folder = folder
        self.agency = agency
        self.country = country
        self.clock = clock
        self.login_key = jose.new_key()
        FileKeys.create(folder / "keys")
        self.database = f"sqlite:///{folder / 'node.sqlite3'}"
        (folder / "node.sqlite3").write_bytes(empty_database())
        self.scopes = ALL_SCOPES
        self._open()

    def _open(self) -> None:
        self.keys = FileKeys(self.folder / "keys")
        self.store = SqlStore(self.database, self.agency)

    def join(self, anchors: Any) -> None:
        """The node, once there is a trust list to stand on."""
        self.anchors = anchors
        self.trust = StoredTrust(self.store, anchors)
        public = dict(self.login_key.as_dict(private=False))
        self.ctx = Context(
            agency=self.agency, environment="test", store=self.store, keys=self.keys,
            clock=self.clock, trust=self.trust, random=SystemRandom(),
            login_keys={jose.kid(self.login_key): json.dumps(public)},
            destroy_after=DELAY,
        )  # fmt: skip
        self.node = Node(self.ctx)
        self.client = self.as_role("caseworker")

    def as_role(self, role: str, actor: str = "u-17") -> Client:
        """A client for a person in this role."""
        return Client(
            Memory(self._call), login=Login(self.agency, self.login_key, self.clock.seconds),
            actor=actor, role=role, retries=0,
        )  # fmt: skip

    def _call(self, rpc: spec.Rpc, request: Message, token: str | None) -> Message:
        parse.validate(request)
        return self.node.call(rpc, request, Caller("case-management", self.scopes))

    def call(self, name: str, request: Message, scopes: Iterable[str] = ALL_SCOPES) -> Any:
        """One call as its bare request. Raises Refused."""
        rpc = spec.rpcs()[f"onward.v1.{name}"]
        parse.validate(request)
        return self.node.call(rpc, request, Caller("case-management", frozenset(scopes)))

    def agency_entry(self) -> Agency:
        """As it stands in the trust list."""
        now = datetime.now(UTC) - timedelta(days=1)
        entry = Agency(
            agency=self.agency, country=self.country, kind="ngo_local", status="active",
            versions=[entries.VERSION], rest="http://127.0.0.1:9", grpc="127.0.0.1:9",
            purposes=spec.registries()["consent_purpose"].allowed(),
        )  # fmt: skip
        (sealing,) = self.keys.sealing_public()
        for use, key in (("sign", self.keys.signing()), ("seal", sealing)):
            entry.keys.append(trust.agency_key(key, use, now, now + provision.KEY_LIFE))
        return entry

    def power_cut(self) -> None:
        """Everything that is not on disk is gone; the node starts again from its files."""
        self.store.close()
        self.keys.close()
        self._open()
        self.join(self.anchors)

    def due(self) -> list[Outgoing]:
        """Envelopes that are due now."""
        return outbound.due(self.ctx, 256)

    def receive(self, *envelopes: Envelope) -> list[DeliverResult]:
        """Exchange.Deliver at this node."""
        return list(self.call("Exchange.Deliver", DeliverRequest(envelopes=envelopes)).results)

    def answered(self, outgoing: Outgoing, result: DeliverResult | None) -> None:
        """What this node does with the answer to one of its envelopes; None is no answer."""
        if result is not None and result.receipt:
            outbound.settle(self.ctx, outgoing, result.receipt)
        else:
            outbound.failed(self.ctx, outgoing, result.problem if result else None)

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.store.engine.connect() as connection:
            return {
                name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
                for name in tables.metadata.tables
            }

    def part_rows(self, referral_id: str) -> dict[str, str]:
        """Category to outcome, for parts that the other side wrote."""
        theirs = "destination" if self.agency == ORIGIN else "origin"
        rows = self.store.read(lambda tx: tx.parts(referral_id))
        return {row.category: row.outcome for row in rows if row.side == theirs}

    def own_parts(self, referral_id: str) -> dict[str, str]:
        """Category to outcome, for this side's own parts."""
        mine = "origin" if self.agency == ORIGIN else "destination"
        rows = self.store.read(lambda tx: tx.parts(referral_id))
        return {row.category: row.outcome for row in rows if row.side == mine}

    def needs(self, referral_id: str) -> list[str]:
        """Codes of what waits for a person."""
        return [one.code for one in self.client.get_referral(referral_id).needs_human]

    def close(self) -> None:
        with suppress(Exception):
            self.store.close()
        self.keys.close()


class Pair:
    """A ministry and an NGO that trust the same list and accept each other."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.folder = folder
        self.origin = self._desk(ORIGIN, "BD")
        self.destination = self._desk(DESTINATION, "IN")
        self.desks = [self.origin, self.destination]
        self.authorities = [jose.new_key() for _ in range(3)]
        self.stamper = jose.new_key()
        self.anchors = provision.anchors("test", 2, self.authorities, [self.stamper])
        self.agencies = {desk.agency: desk.agency_entry() for desk in self.desks}
        self.seq = 0
        for desk in self.desks:
            desk.join(self.anchors)
        self.publish()
        self.origin.store.accept_peer(DESTINATION)
        self.destination.store.accept_peer(ORIGIN)

    def _desk(self, agency: str, country: str) -> Desk:
        folder = self.folder / agency
        folder.mkdir()
        return Desk(folder, agency, country, self.clock)

    def other(self, desk: Desk) -> Desk:
        return self.destination if desk is self.origin else self.origin

    def publish(self, *, stamped: bool = True, to: Iterable[Desk] | None = None) -> None:
        """A new trust list, to all nodes or some. Without a stamp it is stale."""
        self.seq += 1
        new = TrustList(
            version=entries.VERSION, environment="test", seq=self.seq,
            issued_at=stamp(self.clock.now()),
            expires_at=stamp(self.clock.now() + provision.LIST_LIFE),
            agencies=self.agencies.values(),
        )  # fmt: skip
        signed = SignedTrustList(payload=jose.b64(to_json(new)))
        for key in self.authorities[:2]:
            provision.sign_list(signed, key)
        if stamped:
            provision.stamp_list(signed, self.stamper)
        for desk in to or self.desks:
            desk.trust.offer(to_json(signed))

    def status(self, desk: Desk, status: str) -> None:
        """Another standing of an agency, in a new list."""
        self.agencies[desk.agency].status = status
        self.publish()

    def carry(self, sender: Desk, *, repeat: int = 1) -> list[DeliverResult]:
        """Carry all that is due, one call for each envelope, each `repeat` times."""
        results = []
        for outgoing in sender.due():
            for _ in range(repeat):
                (result,) = self.other(sender).receive(outgoing.envelope)
            sender.answered(outgoing, result)
            results.append(result)
        return results

    def settle(self, *, jump: timedelta = timedelta(0)) -> None:
        """Carry everything both ways until nothing is due; then both look at what they have."""
        self.clock.advance(jump)
        for _ in range(50):
            if not [r for desk in self.desks for r in self.carry(desk)]:
                for desk in self.desks:
                    list(desk.client.list_referrals())
                return
        raise AssertionError("delivery does not come to an end")

    def erase(self) -> None:
        """Time passes until withdrawals are carried out at both."""
        self.clock.advance(DELAY)
        for desk in self.desks:
            desk.node.erase_due()
        self.settle()

    def close(self) -> None:
        for desk in self.desks:
            desk.close()

    # A conversation, step by step.

    def offer(self, permit: Iterable[str] | None = None, **consent: Any) -> str:
        """Consent and offer, delivered. Gives the referral's id."""
        given = self.origin.client.record_consent(agreed(permit, **consent))
        self.consent_id = given.consent_id
        sent = self.origin.client.offer(
            destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
        )
        self.settle()
        return sent.referral.referral_id

    def accept(self, referral_id: str) -> None:
        """Acknowledged, and item 1 accepted, item 2 declined."""
        there = self.destination.client
        there.get_referral(referral_id)
        there.acknowledge(referral_id)
        there.decide(referral_id, decision())
        self.settle()

    def disclose(self, referral_id: str, what: CaseRecord | None = None) -> None:
        """Sent, and delivered."""
        here = self.origin.client
        here.get_referral(referral_id)
        here.disclose(referral_id, consent_id=self.consent_id, record=what or record())
        self.settle()

    def accepted(self, permit: Iterable[str] | None = None, **consent: Any) -> str:
        """A referral that was accepted."""
        referral_id = self.offer(permit, **consent)
        self.accept(referral_id)
        return referral_id

    def disclosed(self, permit: Iterable[str] | None = None, **consent: Any) -> str:
        """A referral whose content has arrived."""
        referral_id = self.accepted(permit, **consent)
        self.disclose(referral_id)
        return referral_id

    def views(self, referral_id: str) -> tuple[Referral, Referral]:
        """Both nodes' views, as far as the fold makes them."""
        return (
            folded(self.origin.client.get_referral(referral_id)),
            folded(self.destination.client.get_referral(referral_id)),
        )


LOCAL_FIELDS = ("needs_human", "journal", "undelivered")


def folded(referral: Referral) -> Referral:
    """A view without what is only its own node's."""
    bare = Referral()
    bare.CopyFrom(referral)
    for name in LOCAL_FIELDS:
        bare.ClearField(name)
    for part in bare.parts:
        part.readable = False
    return bare


def reason(work: Callable[..., Any], *args: Any, **named: Any) -> str:
    """Why a call is refused; an empty string if it is not."""
    try:
        work(*args, **named)
    except (Refused, OnwardError) as fault:
        return fault.reason
    return ""
