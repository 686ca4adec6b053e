"""The database and the keys: what is acknowledged is on disk, what is destroyed is gone."""

from __future__ import annotations

import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from desk import empty_database
from nodes import Pair, reason
from onward.core.refused import Refused
from onward.v1.local_pb2 import PreviewRequest
from onward_server.adapters.keys import FileKeys
from onward_server.adapters.sql import schema, tables
from onward_server.adapters.sql.store import SqlStore, engine_for
from onward_server.app.settings import SettingsError
from onward_server.app.wiring import open_store
from people import DESTINATION, record

OWNER = "msw.gov.bd.example"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    (tmp_path / "node.sqlite3").write_bytes(empty_database())
    made = SqlStore(f"sqlite:///{tmp_path / 'node.sqlite3'}", OWNER)
    yield made
    made.close()


def events(store: SqlStore) -> list[str]:
    return [referral for _, _, referral in store.read(lambda tx: tx.events(0, 10_000))]


def test_the_migrations_make_the_tables(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_the_newest_schema_is_the_one_that_alembic_ends_with(store: SqlStore) -> None:
    (head,) = ScriptDirectory(schema.HERE).get_heads()
    assert schema.newest_schema() == head == schema.schema_of(store.engine)


def test_a_database_without_a_schema_has_none(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert schema.schema_of(engine) == ""
    engine.dispose()


def test_many_writers_at_once_lose_nothing(store: SqlStore) -> None:
    def write(number: int) -> int:
        store.write(lambda tx: tx.add_event("entry", f"referral-{number:04}"))
        # Who was answered finds it on disk.
        with sqlite3.connect(store.engine.url.database or "") as other:
            found = other.execute(
                "SELECT count(*) FROM events WHERE referral_id = ?", (f"referral-{number:04}",)
            ).fetchone()[0]
        other.close()
        return int(found)

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(write, range(200))) == {1}
    assert len(set(events(store))) == 200


def together(store: SqlStore, *works: Any) -> list[Any]:
    """Jobs that share one transaction: they wait behind one that holds the writer."""
    hold, held = threading.Event(), threading.Event()

    def first(tx: Any) -> None:
        held.set()
        hold.wait(60)

    def outcome(work: Any) -> Any:
        try:
            return store.write(work)
        except Exception as fault:
            return fault

    with ThreadPoolExecutor(len(works) + 1) as pool:
        waiting = pool.submit(outcome, first)
        held.wait(10)
        results = [pool.submit(outcome, work) for work in works]
        while store._jobs.qsize() < len(works):
            pass
        hold.set()
        waiting.result()
        return [one.result() for one in results]


def test_a_job_that_fails_does_not_undo_others(store: SqlStore) -> None:
    def bad(tx: Any) -> None:
        tx.add_event("entry", "referral-bad")
        raise Refused("STATE_CONFLICT")

    def twice(tx: Any) -> None:
        tx.remember_delivery("a.example", "mid-00001", "h", "r")

    results = together(
        store, lambda tx: tx.add_event("entry", "one"), bad, twice, twice,
        lambda tx: tx.add_event("entry", "two"),
    )  # fmt: skip
    assert sorted(events(store)) == ["one", "two"]
    faults = sorted(one.reason for one in results if isinstance(one, Refused))
    assert faults == ["STATE_CONFLICT", "UNAVAILABLE"]


def failing(name: str) -> Any:
    """A job that writes, and then fails."""

    def work(tx: Any) -> None:
        tx.add_event("entry", name)
        raise Refused("STATE_CONFLICT")

    return work


def test_what_one_wrote_before_it_failed_is_undone(store: SqlStore) -> None:
    """Also what came first in its transaction, or alone."""
    assert reason(store.write, failing("alone")) == "STATE_CONFLICT"
    assert events(store) == []
    store.write(lambda tx: tx.add_event("entry", "after"))
    one = lambda tx: tx.add_event("entry", "one")  # noqa: E731
    two = lambda tx: tx.add_event("entry", "two")  # noqa: E731
    jobs = [failing("first"), failing("second"), one, failing("third"), two]
    told = [getattr(each, "reason", "") for each in store.write_each(jobs)]
    assert told == ["STATE_CONFLICT", "STATE_CONFLICT", "", "STATE_CONFLICT", ""]
    assert events(store) == ["after", "one", "two"]


def test_when_the_commit_fails_nobody_is_told_that_it_worked(store: SqlStore) -> None:
    broken = threading.Event()

    def commit(connection: Any) -> None:
        if broken.is_set():
            raise OSError("disk full")

    event.listen(store.engine, "commit", commit)
    broken.set()
    results = together(
        store, *[lambda tx, n=n: tx.add_event("entry", f"lost-{n}") for n in range(5)]
    )
    assert [one.reason for one in results] == ["UNAVAILABLE"] * 5
    broken.clear()
    assert events(store) == []
    store.write(lambda tx: tx.add_event("entry", "after"))
    assert events(store) == ["after"]


def test_closing_while_jobs_wait(store: SqlStore) -> None:
    """Each is either done or told; nobody waits for ever."""
    stopped = threading.Event()

    def write() -> list[str]:
        told = []
        while not stopped.is_set():
            told.append(reason(store.write, lambda tx: tx.add_event("entry", "one")))
            if told[-1]:
                return told
        return told

    with ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write) for _ in range(8)]
        while len(events(store)) < 20:
            pass
        store.close()
        told = [one for writer in writers for one in writer.result(10)]
        stopped.set()
    assert told.count("UNAVAILABLE") == 8
    path = store.engine.url.database or ""
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM events").fetchone()[0] == told.count("")
    db.close()


def held(store: SqlStore) -> threading.Event:
    """The writer is busy until this is set."""
    hold, held = threading.Event(), threading.Event()

    def first(tx: Any) -> None:
        held.set()
        hold.wait(60)

    store._submit(first)
    held.wait(10)
    return hold


def test_local_writes_go_before_deliveries(store: SqlStore) -> None:
    """However much a partner sends, the agency's own people do not wait behind it."""
    hold = held(store)
    order: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        many = [lambda tx, n=n: order.append(f"delivery {n}") for n in range(200)]
        sent = pool.submit(store.write_each, many)
        while store._jobs.qsize() < 200:
            pass
        mine = pool.submit(store.write, lambda tx: order.append("mine"))
        while store._jobs.qsize() < 201:
            pass
        hold.set()
        mine.result(10)
        assert len(sent.result(10)) == 200
    assert order == ["mine", *(f"delivery {n}" for n in range(200))]


def test_a_transaction_lasts_no_longer_than_it_may(store: SqlStore) -> None:
    """Slow deliveries do not share one commit that everybody waits for."""
    hold = held(store)
    commits: list[float] = []
    event.listen(store.engine, "commit", lambda _: commits.append(time.monotonic()))
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(store.write_each, [lambda tx: time.sleep(0.03)] * 10)
        while store._jobs.qsize() < 10:
            pass
        time.sleep(0.1)
        hold.set()
        sent.result(10)
    assert len(commits) >= 4


def test_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "node.sqlite3"
    path.write_bytes(empty_database())
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '0000'")
    db.close()

    class Settings:
        database = f"sqlite:///{path}"
        agency = OWNER

    with pytest.raises(SettingsError, match="onward-node migrate"):
        open_store(Settings())  # type: ignore[arg-type]


def test_another_process_writes_meanwhile(pair: Pair) -> None:
    """As `trust load` and `trust accept` do while the node serves."""
    store = SqlStore(pair.origin.database, OWNER)
    try:
        with ThreadPoolExecutor(4) as pool:
            here = [pool.submit(pair.offer) for _ in range(1)]
            there = [pool.submit(store.accept_peer, f"a{n}.example") for n in range(30)]
            for one in (*here, *there):
                one.result()
    finally:
        store.close()
    assert pair.origin.rows()["peers"] == 31
    assert pair.origin.store.read(lambda tx: tx.accepts("a7.example"))


def test_many_readers_do_not_starve_each_other(pair: Pair) -> None:
    """A preview reads the trust list while it holds a view of its own."""
    request = PreviewRequest(destination=DESTINATION, purpose="service_delivery", record=record())
    gate = threading.Barrier(40)

    def ask() -> int:
        gate.wait(60)
        return sum(len(pair.origin.call("Referrals.Preview", request).decisions) for _ in range(5))

    with ThreadPoolExecutor(40) as pool:
        results = [pool.submit(ask) for _ in range(40)]
        assert len({one.result(120) for one in results}) == 1


def test_only_committed_pages_survive(store: SqlStore) -> None:
    """What a transaction wrote before it was cut off is not there afterwards."""
    engine = engine_for(str(store.engine.url))
    with engine.connect().execution_options(writes=True) as connection:
        transaction = connection.begin()
        connection.exec_driver_sql(
            "INSERT INTO events (owner, referral_id, kind) VALUES ('o', 'lost', 'entry')"
        )
        transaction.rollback()
    engine.dispose()
    assert events(store) == []


# Keys.


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[FileKeys]:
    FileKeys.create(tmp_path / "keys")
    made = FileKeys(tmp_path / "keys")
    yield made
    made.close()


def test_what_was_under_a_destroyed_key_is_gone(keys: FileKeys) -> None:
    first = keys.encrypt("case/name/0", "bound", b"a name")
    other = keys.encrypt("case/sex/0", "bound", b"other")
    mac = keys.mac("case/request", b"asked")
    assert keys.decrypt("case/name/0", "bound", first) == b"a name"
    for _ in range(2):
        keys.destroy(["case/name/0", "case/request", "never/there"])
    assert reason(keys.decrypt, "case/name/0", "bound", first) == "PART_GONE"
    assert keys.decrypt("case/sex/0", "bound", other) == b"other"
    assert mac
    assert reason(keys.mac, "case/request", b"asked") == "PART_GONE"
    assert reason(keys.encrypt, "case/name/0", "bound", b"new") == "PART_GONE"
    assert reason(keys.make, ["case/name/0", "case/name/1"]) == "PART_GONE"
    assert keys.living(["case/name/1"]) == set(), "none was made"
    assert reason(keys.decrypt, "case/name/0", "bound", first) == "PART_GONE"


def test_content_is_bound_to_its_place(keys: FileKeys) -> None:
    content = keys.encrypt("case/name/0", "a.example/part/one", b"a name")
    assert reason(keys.decrypt, "case/name/0", "a.example/part/two", content) == "PART_GONE"
    changed = content[:-1] + bytes([content[-1] ^ 1])
    assert reason(keys.decrypt, "case/name/0", "a.example/part/one", changed) == "PART_GONE"
    keys.encrypt("case/sex/0", "x", b"")
    assert reason(keys.decrypt, "case/sex/0", "a.example/part/one", content) == "PART_GONE"


def test_two_processes_make_one_key(keys: FileKeys, tmp_path: Path) -> None:
    others = [FileKeys(tmp_path / "keys") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: one.encrypt("case/name/0", "b", b"x"), others))
    assert {keys.decrypt("case/name/0", "b", one) for one in made} == {b"x"}
    for one in others:
        one.close()


def test_nobody_else_can_read_the_keys(keys: FileKeys, tmp_path: Path) -> None:
    keys.encrypt("case/name/0", "b", b"x")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert set(modes) == {"sign.jwk", "seal.jwk", "master.key", "keyring.sqlite3", "commits"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):
        FileKeys.create(tmp_path / "keys")
