"""The store: one writer thread with group commit, readers beside it.

Each write is a savepoint within a transaction that several share; nobody gets an answer before
the transaction is on disk. The agency's own writes go before what partners deliver.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError, TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from onward.core.refused import Refused
from onward_server.adapters.commits import CommitFile, Mark
from onward_server.adapters.sql import restored, tables as t
from onward_server.adapters.sql.schema import newest_schema, schema_of
from onward_server.adapters.sql.tx import SqlTx

T = TypeVar("T")

BATCH = 64
"""Most writes that share one transaction."""

BATCH_SECONDS = 0.05
"""After this long a transaction takes no more writes: whoever waits for it gets an answer."""

COUNTED_SECONDS = 10.0
"""So long does a reader wait for the counter of a commit that it has seen."""

LOCAL, DELIVERY, END = range(3)
"""Whose turn it is. The agency's own people never wait behind what partners send; what was asked
before the end is done before it."""

_Job = tuple[Callable[["SqlTx"], Any], Future[Any]]

BUSY = 10_000
"""So long does whoever writes wait for another process, in milliseconds."""

POOL = 48
"""Connections that stay open. A reader may need a second one (for the trust list) while it holds
its first, so there must be two for each thread that may serve a call."""


def engine_for(url: str) -> Engine:
    """An engine; on SQLite with write-ahead log, every commit on disk, deleted content wiped."""
    engine = create_engine(url, poolclass=QueuePool, pool_size=POOL, max_overflow=2 * POOL)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, _record: Any) -> None:
            # The driver would begin transactions on its own, and only before some statements.
            connection.isolation_level = None
            for setting in (
                f"busy_timeout={BUSY}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                "secure_delete=ON",
            ):  # fmt: skip
                connection.execute(f"PRAGMA {setting}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            if connection.get_execution_options().get("writes", False):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                # Takes no lock, so it can't fail. The way around would cost as much as a query.
                connection.connection.driver_connection.execute("BEGIN")

    return engine


class SqlStore:
    """Fulfils onward_server.ports.Store for one agency on one database.

    `commits` is the counter beside the keys. A store without it must write no entries.
    """

    def __init__(self, url: str, owner: str, commits: CommitFile | None = None) -> None:
        self.engine = engine_for(url)
        self.owner = owner
        self._check_schema()
        self._commits = commits
        self.restored = commits is not None and restored.check(self.engine, owner, commits)
        """Whether the database was restored from a backup since it was last opened."""
        # Set as long as the counter beside the keys has all that the database has.
        self._counted = threading.Event()
        self._counted.set()
        self._mark: Mark | None = None
        self._closing = threading.Lock()
        self._closed = False
        self._number = 0
        # The number keeps the order among equals, and keeps jobs from being compared.
        self._jobs: queue.PriorityQueue[tuple[int, int, _Job | None]] = queue.PriorityQueue()
        self._writer = threading.Thread(target=self._run, name="writer", daemon=True)
        self._writer.start()

    def _check_schema(self) -> None:
        if schema_of(self.engine) != newest_schema():
            self.engine.dispose()
            raise Refused("UNAVAILABLE")

    def read(self, work: Callable[[SqlTx], T]) -> T:
        """Run `work` on one view of the database."""
        try:
            with self.engine.connect() as connection, connection.begin():
                found = work(SqlTx(connection, self.owner))
        except (OperationalError, PoolTimeout):
            raise Refused("UNAVAILABLE") from None
        # What was read may leave the node: not before the counter knows of it.
        mine = threading.current_thread() is self._writer
        if not mine and not self._counted.wait(COUNTED_SECONDS):
            raise Refused("UNAVAILABLE")
        return found

    def tidy(self) -> None:
        """Bring what the write-ahead log holds into the database, and empty it: what was
        destroyed leaves no ciphertext there. Somebody who reads at this moment puts it off.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with suppress(OperationalError), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA busy_timeout=50")
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.execute(f"PRAGMA busy_timeout={BUSY}")

    def write(self, work: Callable[[SqlTx], T]) -> T:
        """Run `work` in the writer's thread; returns once it is on disk."""
        return self._submit(work).result()

    def write_each(self, works: Sequence[Callable[[SqlTx], T]]) -> list[T | Refused]:
        """Run each by itself, in order, after all `write`; they share commits to disk."""
        waiting = [self._submit(work, DELIVERY) for work in works]
        answers: list[T | Refused] = []
        for done in waiting:
            try:
                answers.append(done.result())
            except Refused as fault:
                answers.append(fault)
            except Exception:
                # Whatever one of them met must not become an answer to the others.
                answers.append(Refused("INTERNAL"))
        return answers

    def _submit(self, work: Callable[[SqlTx], T], turn: int = LOCAL) -> Future[T]:
        done: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise Refused("UNAVAILABLE")
            self._number += 1
            self._jobs.put((turn, self._number, (work, done)))
        return done

    def close(self) -> None:
        """Finish what was asked, and stop. Whoever asks later is told UNAVAILABLE."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._jobs.put((END, 0, None))
        self._writer.join()
        self.engine.dispose()

    def _run(self) -> None:
        while (first := self._jobs.get()[2]) is not None:
            self._commit(first)

    def _batch(self, first: _Job, taken: list[Future[Any]]) -> Iterator[_Job]:
        """`first`, and what comes in its turn as long as the transaction may last."""
        until = time.monotonic() + BATCH_SECONDS
        job: _Job | None = first
        while job is not None:
            taken.append(job[1])
            yield job
            full = len(taken) >= BATCH or time.monotonic() > until
            if full or self._jobs.empty():
                return
            job = self._jobs.get()[2]
        self._jobs.put((END, 0, None))

    def _commit(self, first: _Job) -> None:
        answers: list[tuple[Future[Any], Any, BaseException | None]] = []
        taken: list[Future[Any]] = []
        mark: Mark | None = None
        try:
            with self.engine.connect().execution_options(writes=True) as connection:
                transaction = connection.begin()
                stands = counts = False
                for work, done in self._batch(first, taken):
                    tx = SqlTx(connection, self.owner)
                    try:
                        # What comes first undoes nothing but itself, and needs no savepoint.
                        with connection.begin_nested() if stands else nullcontext():
                            answers.append((done, work(tx), None))
                        stands = True
                        counts = counts or tx.counted
                        continue
                    except OperationalError:
                        raise
                    except IntegrityError:
                        # Another process wrote the same row first: the caller may try again.
                        answers.append((done, None, Refused("UNAVAILABLE")))
                    except BaseException as fault:
                        answers.append((done, None, fault))
                    if not stands:
                        transaction.rollback()
                        transaction = connection.begin()
                with transaction:
                    if counts and self._commits is not None:
                        mark = restored.count(connection, self.owner)
                        self._counted.clear()
            self._mark = mark or self._mark
            self._advance()
        except BaseException:
            if self._mark is None:
                self._counted.set()
            # Nothing of the batch is on disk, or it is not counted: not one of them may be told
            # that it is.
            for done in taken or [first[1]]:
                done.set_exception(Refused("UNAVAILABLE"))
            return
        for done, value, failure in answers:
            if failure is None:
                done.set_result(value)
            else:
                done.set_exception(failure)

    def _advance(self) -> None:
        """Bring the counter beside the keys to what the database has, also after it failed."""
        if self._mark is not None and self._commits is not None:
            self._commits.advance(self._mark)
            self._mark = None
        self._counted.set()

    def remember_assertion(self, client: str, jti: str, expires: int) -> bool:
        """Remember a client assertion's id until it expires; False if it was seen before."""

        def work(tx: SqlTx) -> bool:
            a = t.assertions
            tx.connection.execute(a.delete().where(a.c.expires < int(time.time()) - 60))
            seen = select(a.c.jti).where(a.c.client == client, a.c.jti == jti)
            if tx.connection.execute(seen).first() is not None:
                return False
            tx.connection.execute(insert(a).values(client=client, jti=jti, expires=expires))
            return True

        return self.write(work)

    def put_trust_list(self, seq: int, signed: bytes) -> None:
        """Keep a list that verified; the newest is the one in force."""

        def work(tx: SqlTx) -> None:
            lists = t.trust_lists
            tx.connection.execute(lists.delete().where(lists.c.seq == seq))
            tx.connection.execute(insert(lists).values(seq=seq, signed=signed))

        self.write(work)

    def trust_list(self) -> bytes | None:
        """The newest list."""
        lists = t.trust_lists
        newest = select(lists.c.signed).order_by(lists.c.seq.desc()).limit(1)
        return self.read(lambda tx: tx.connection.execute(newest).scalar())

    def accept_peer(self, agency: str, accepted: bool = True) -> None:
        """Add an agency to the partners that this node accepts, or take it off."""
        self.write(lambda tx: tx.accept(agency, accepted))
