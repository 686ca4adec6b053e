"""Puts a node together from its folder: the one place that knows all adapters."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from onward.core.refused import Refused
from onward_server.adapters.collecting import Collecting
from onward_server.adapters.commits import CommitFile
from onward_server.adapters.delivery import Delivery
from onward_server.adapters.keys import FileKeys, load_key
from onward_server.adapters.oauth import TokenEndpoint
from onward_server.adapters.service_lists import ServiceLists
from onward_server.adapters.sql.store import SqlStore
from onward_server.adapters.trust import StoredTrust
from onward_server.app.settings import Settings, SettingsError
from onward_server.service.context import Context
from onward_server.service.node import Node


class SystemClock:
    """Fulfils onward_server.ports.Clock. `offset` (settings: test only) puts it ahead."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset


class SystemRandom:
    """Fulfils onward_server.ports.Random."""

    def token(self, size: int) -> bytes:
        return os.urandom(size)


@dataclass(frozen=True)
class Wired:
    """A node that is ready to serve."""

    settings: Settings
    node: Node
    tokens: TokenEndpoint
    delivery: Delivery
    services: ServiceLists
    collecting: Collecting
    store: SqlStore
    trust: StoredTrust
    keys: FileKeys

    def close(self) -> None:
        """Finish what is under way, and let go of everything."""
        self.store.close()
        self.keys.close()


def open_store(settings: Settings, commits: CommitFile | None = None) -> SqlStore:
    """The node's database. Raises SettingsError if its schema is another than this code's.

    Without the counter of commits, it is for settings only: it must write no entries.
    """
    try:
        return SqlStore(settings.database, settings.agency, commits)
    except Refused:
        raise SettingsError(
            "the database has another schema than this version: run `onward-node migrate`"
        ) from None


def wire(settings: Settings) -> Wired:
    """The node of a folder. Raises SettingsError."""
    clients, login_keys, anchors = settings.clients(), settings.login_keys(), settings.anchors()
    try:
        keys = FileKeys(settings.keys)
        token_key = load_key(settings.keys / "token.jwk")
    except ValueError:
        raise SettingsError(f"a file in {settings.keys} is not a key") from None
    store = open_store(settings, keys.commits)
    trust = StoredTrust(store, anchors)
    node = Node(
        Context(
            agency=settings.agency,
            environment=settings.environment,
            store=store,
            keys=keys,
            clock=SystemClock(settings.clock_offset),
            trust=trust,
            random=SystemRandom(),
            login_keys=login_keys,
            destroy_after=settings.destroy_after,
            backups_kept=settings.backups_kept,
            mailbox=settings.mailbox,
        )
    )
    tokens = TokenEndpoint(
        settings.issuer,
        token_key,
        clients.get,
        store.remember_assertion,
        time.time,
    )
    return Wired(
        settings,
        node,
        tokens,
        Delivery(node, settings.peer_transport),
        ServiceLists(node, settings.peer_transport, settings.services_every),
        Collecting(node, settings.peer_transport, settings.collect_every),
        store,
        trust,
        keys,
    )
