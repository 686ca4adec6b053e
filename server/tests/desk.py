"""One agency in this process: its real node, and clients of it for people in several roles."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import Dialect, Engine

from onward.auth import Login
from onward.client import Client
from onward.core import entries, jose, parse, spec, trust
from onward.core.clock import moment
from onward.transports.memory import Memory
from onward.v1.envelope_pb2 import Envelope
from onward.v1.peer_pb2 import DeliverRequest, DeliverResult
from onward.v1.trust_pb2 import Agency
from onward_server.adapters.keys import FileKeys
from onward_server.adapters.sql import store, tables
from onward_server.adapters.sql.schema import migrate
from onward_server.adapters.sql.store import SqlStore, engine_for
from onward_server.adapters.trust import StoredTrust
from onward_server.app import provision
from onward_server.app.wiring import SystemRandom
from onward_server.service import outbound, recovery
from onward_server.service.access import Caller
from onward_server.service.context import Context
from onward_server.service.node import Node
from onward_server.service.outbound import Outgoing
from people import ORIGIN

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


DIALECTS: list[Dialect] = []
STATEMENTS: dict[Any, Any] = {}


def compiling_once(url: str) -> Engine:
    """Statements are compiled once for a process, not once for each of its many short-lived nodes:
    that was a fifth of what a test took.
    """
    engine = engine_for(url)
    if not DIALECTS:
        DIALECTS.append(engine.dialect)
    engine.dialect = DIALECTS[0]
    engine.update_execution_options(compiled_cache=STATEMENTS)
    return engine


store.engine_for = compiling_once


class Desk:
    """One agency: its node, and clients of it for people in several roles."""

    def __init__(
        self, folder: Path, agency: str, country: str, clock: Clock, environment: str = "test"
    ) -> None:
        self.folder = folder
        self.environment = environment
        self.agency = agency
        self.country = country
        self.clock = clock
        self.login_key = jose.new_key()
        self.mailbox = False
        FileKeys.create(folder / "keys")
        self.database = f"sqlite:///{folder / 'node.sqlite3'}"
        (folder / "node.sqlite3").write_bytes(empty_database())
        self.scopes = ALL_SCOPES
        self._open()

    def _open(self) -> None:
        self.keys = FileKeys(self.folder / "keys")
        self.store = SqlStore(self.database, self.agency, self.keys.commits)

    def join(self, anchors: Any) -> None:
        """The node, once there is a trust list to stand on."""
        self.anchors = anchors
        self.trust = StoredTrust(self.store, anchors)
        public = dict(self.login_key.as_dict(private=False))
        self.ctx = Context(
            agency=self.agency, environment=self.environment, store=self.store, keys=self.keys,
            clock=self.clock, trust=self.trust, random=SystemRandom(),
            login_keys={jose.kid(self.login_key): json.dumps(public)},
            destroy_after=DELAY, mailbox=self.mailbox,
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
        elif result is not None and result.HasField("held"):
            outbound.held(self.ctx, outgoing, moment(result.held.until))
        else:
            outbound.failed(self.ctx, outgoing, result.problem if result else None)

    def recover(self, other: Desk) -> int:
        """Ask the other node for what a restore has lost, and take it. Gives how many answers."""
        came = 0
        for row in recovery.due(self.ctx, 256):
            question: recovery.Question | None = recovery.ask(self.ctx, row)
            while question is not None:
                answer = other.call("Exchange.Resync", question.request)
                question = recovery.take(self.ctx, question, answer)
                came += 1
        return came

    def backup(self, path: Path) -> Path:
        """A copy of the database, as `onward-node backup` makes it."""
        provision.backup(self.database, path)
        return path

    def restore(self, path: Path) -> None:
        """The node stops, its database is replaced by a backup, and it starts again."""
        self.store.close()
        self.keys.close()
        for name in ("node.sqlite3", "node.sqlite3-wal", "node.sqlite3-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copyfile(path, self.folder / "node.sqlite3")
        self._open()
        self.join(self.anchors)

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
