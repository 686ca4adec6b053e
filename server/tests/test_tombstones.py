"""What was destroyed stays destroyed: no name of a key comes back, no restored database and no
partner brings content back (docs/spec.md, sections Storage and Restore from a backup).
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from sqlalchemy import select

from desk import Desk
from nodes import Pair, reason
from onward.core.refused import Refused
from onward.v1.categories_pb2 import CaseRecord, EmergencyRecord
from onward_server.adapters.keyring import Keyring
from onward_server.adapters.keys import FileKeys
from onward_server.adapters.sql import tables
from people import DESTINATION, agreed, first, record, wishes


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    FileKeys.create(tmp_path / "keys")
    return FileKeys(tmp_path / "keys")


def test_no_name_comes_back(keys: FileKeys) -> None:
    content = keys.encrypt("case/name/0/0", "b", b"x")
    keys.make(["case/name/0/1", "case/name/1/0", "case/name/00/0"])
    keys.destroy(["case/name/0"])
    for one in ("case/name/0", "case/name/0/0", "case/name/0/1", "case/name/0/77"):
        assert reason(keys.encrypt, one, "b", b"x") == "PART_GONE"
        assert reason(keys.mac, one, b"x") == "PART_GONE"
        assert reason(keys.make, [one]) == "PART_GONE"
        assert keys.destroyed([one]) == {one}
    assert reason(keys.decrypt, "case/name/0/0", "b", content) == "PART_GONE"
    others = {"case/name/1/0", "case/name/00/0"}
    assert keys.living([*others, "case/name/0/1"]) == others
    assert keys.destroyed(["case", "case/name", *others]) == set()
    assert keys.encrypt("case/name/1/0", "b", b"x")


def test_a_tombstone_names_nobody(keys: FileKeys, tmp_path: Path) -> None:
    keys.encrypt("referral-9/name/0/0", "b", b"x")
    keys.remember("consent/consent-7", 3, ended=True)
    keys.destroy(["referral-9/name/0"])
    keys.close()
    raw = (tmp_path / "keys" / "keyring.sqlite3").read_bytes()
    assert b"referral-9" not in raw
    assert b"consent-7" not in raw


def test_another_process_does_not_make_it_again(keys: FileKeys, tmp_path: Path) -> None:
    other = FileKeys(tmp_path / "keys")
    other.encrypt("case/a/0/0", "b", b"x")
    keys.destroy(["case/a/0"])
    assert reason(other.encrypt, "case/a/0/0", "b", b"x") == "PART_GONE"
    made = subprocess.run(
        [
            sys.executable, "-c",
            "import sys, pathlib; from onward_server.adapters.keys import FileKeys;"
            "FileKeys(pathlib.Path(sys.argv[1])).make(['case/a/0/0'])", str(tmp_path / "keys"),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode
    assert "PART_GONE" in made.stderr


def test_making_and_destroying_at_once(keys: FileKeys, tmp_path: Path) -> None:
    """Whoever wins, what is destroyed last is destroyed."""
    other = FileKeys(tmp_path / "keys")
    for number in range(20):
        name = f"case/a/{number}/0"
        barrier = threading.Barrier(2)

        def make(name: str = name, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            for _ in range(3):
                reason(other.make, [name])

        thread = threading.Thread(target=make)
        thread.start()
        barrier.wait()
        keys.destroy([name])
        thread.join()
        assert keys.living([name]) == set()
    other.close()


def test_a_keyring_of_an_earlier_version(tmp_path: Path) -> None:
    """Its keys open what they opened, and it learns to keep tombstones."""
    FileKeys.create(tmp_path)
    master = (tmp_path / "master.key").read_bytes()
    db = sqlite3.connect(tmp_path / "keyring.sqlite3")
    db.execute("CREATE TABLE keys (id TEXT PRIMARY KEY, wrapped BLOB) WITHOUT ROWID")
    db.execute("INSERT INTO keys VALUES ('case/name/0', ?)", (aes_key_wrap(master, b"k" * 32),))
    db.commit()
    db.close()
    ring = Keyring(tmp_path)
    assert ring.get("case/name/0") == b"k" * 32
    ring.destroy(["case/name/0"])
    with pytest.raises(Refused):
        ring.make(["case/name/0"])
    ring.close()


def contents(desk: Desk) -> list[str]:
    """Categories of all parts that the database still has content of."""
    p = tables.parts.c
    with desk.store.engine.connect() as connection:
        found = connection.execute(select(p.category).where(p.content.is_not(None)))
        return sorted(found.scalars())


def test_a_restored_node_holds_nothing_that_was_destroyed(pair: Pair, tmp_path: Path) -> None:
    """Before it has answered anybody."""
    referral_id = pair.disclosed()
    backups = [desk.backup(tmp_path / f"{desk.agency}.backup") for desk in pair.desks]
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    for desk, backup in zip(pair.desks, backups, strict=True):
        desk.restore(backup)
        assert contents(desk) == []
        assert not desk.store.read(lambda tx: tx.unswept())


def test_the_look_through_is_made_up_for(pair: Pair, tmp_path: Path) -> None:
    """The node dies after it has seen that it was restored: the next start looks all the same."""
    referral_id = pair.disclosed()
    backup = pair.origin.backup(tmp_path / "backup")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    desk = pair.origin
    desk.store.close()
    desk.keys.close()
    for name in ("node.sqlite3", "node.sqlite3-wal", "node.sqlite3-shm"):
        (desk.folder / name).unlink(missing_ok=True)
    (desk.folder / "node.sqlite3").write_bytes(backup.read_bytes())
    desk._open()
    assert desk.store.restored
    assert contents(desk)
    desk.store.close()
    desk.keys.close()
    desk._open()
    assert not desk.store.restored
    desk.join(desk.anchors)
    assert contents(desk) == []


@pytest.mark.parametrize("when", ["before", "after"], ids=["younger than the backup", "in it"])
def test_a_hostile_answer_brings_nothing_back(pair: Pair, tmp_path: Path, when: str) -> None:
    """The other agency keeps all it had, with its keys; it leaves the withdrawal out of its answer
    and gives the old parts back, genuine and signed.
    """
    referral_id = pair.accepted()
    backup = pair.origin.backup(tmp_path / "before")
    pair.disclose(referral_id)
    if when == "after":
        backup = pair.origin.backup(tmp_path / "after")
    pair.destination.power_cut()
    theirs = {p: p.read_bytes() for p in pair.destination.folder.rglob("*") if p.is_file()}
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    pair.origin.restore(backup)
    pair.destination.store.close()
    pair.destination.keys.close()
    for path in pair.destination.folder.rglob("*"):
        if path.is_file() and path not in theirs:
            path.unlink()
    for path, data in theirs.items():
        path.write_bytes(data)
    pair.destination._open()
    pair.destination.join(pair.destination.anchors)
    assert contents(pair.destination), "it has everything still"
    pair.settle()
    assert "withdraw" not in {e.entry.kind for e in pair.origin.client.list_entries(referral_id)}
    assert not pair.origin.client.get_referral(referral_id).restored
    assert contents(pair.origin) == []
    assert reason(pair.disclose, referral_id) == "CONSENT_WITHDRAWN"


def test_nothing_is_written_into_what_was_destroyed(pair: Pair) -> None:
    """Where no log tells of the withdrawal any more, the way back is a new offer; an alert goes
    all the same.
    """
    referral_id = pair.accepted()
    for desk in pair.desks:
        desk.keys.destroy([f"{referral_id}/{one}/0" for one in ("name", "contact_safe")])
    before = len(pair.origin.client.list_entries(referral_id))
    assert reason(pair.disclose, referral_id) == "PART_GONE"
    pair.origin.client.get_referral(referral_id)
    told = EmergencyRecord()
    told.contact_safe.CopyFrom(record().contact_safe)
    pair.origin.client.alert(referral_id, first("safety_alert"), record=told)
    pair.settle()
    assert len(pair.destination.client.list_entries(referral_id)) == before + 1


def test_what_arrives_for_a_destroyed_category_is_refused(pair: Pair) -> None:
    referral_id = pair.accepted()
    pair.destination.keys.destroy([f"{referral_id}/name/0"])
    pair.disclose(referral_id)
    assert pair.destination.part_rows(referral_id)["name"] == "refused"
    assert pair.destination.part_rows(referral_id)["contact_safe"] == "held"
    pair.destination.client.open(referral_id)
    pair.settle()
    assert "part_refused" in pair.origin.needs(referral_id)


@pytest.mark.parametrize("no", ["withdrawn", "narrower"])
def test_a_consent_that_was_taken_back_stays_so(pair: Pair, tmp_path: Path, no: str) -> None:
    """Also where nothing was sent in between, so that no log tells of it."""
    client = pair.origin.client
    given = client.record_consent(agreed())
    backup = pair.origin.backup(tmp_path / "backup")
    if no == "withdrawn":
        given.status = "withdrawn"
    else:
        given.deny.append("name")
    client.record_consent(given)
    pair.origin.restore(backup)
    pair.settle()
    found = pair.origin.client.get_consent(given.consent_id)
    assert found.status == ("withdrawn" if no == "withdrawn" else "suspended")

    def offer() -> str:
        return reason(
            pair.origin.client.offer, destination=DESTINATION, consent_id=given.consent_id,
            items=wishes(), record=record(),
        )  # fmt: skip

    assert offer() == ("CONSENT_WITHDRAWN" if no == "withdrawn" else "CONSENT_EXPIRED")
    if no == "narrower":
        found.status = "given"
        confirmed = pair.origin.client.record_consent(found)
        assert confirmed.version == 3, "its number goes on from what was lost"
        assert offer() == ""
        assert pair.origin.client.get_consent(given.consent_id).status == "given"


def test_what_was_lost_waits_for_a_person(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.offer()
    backup = pair.origin.backup(tmp_path / "backup")
    given = pair.origin.client.get_consent(pair.consent_id)
    given.deny.append("language")
    pair.origin.client.record_consent(given)
    assert "consent_lost" not in pair.origin.needs(referral_id)
    pair.origin.restore(backup)
    pair.settle()
    assert "consent_lost" in pair.origin.needs(referral_id)
    found = pair.origin.client.get_consent(pair.consent_id)
    found.status = "given"
    pair.origin.client.record_consent(found)
    assert "consent_lost" not in pair.origin.needs(referral_id)


@pytest.mark.parametrize("who", ["origin", "destination"])
def test_what_was_corrected_opens_no_more(pair: Pair, tmp_path: Path, who: str) -> None:
    """Not from a backup either; what stands in for it, and what else was sent, is read on."""
    desk = pair.origin if who == "origin" else pair.destination
    referral_id = pair.disclosed()
    pair.disclose(referral_id)
    rows = desk.store.read(lambda tx: tx.parts(referral_id))
    wrong, other = [row for row in rows if row.category == "name"]
    assert wrong.key_id == other.key_id
    backup = desk.backup(tmp_path / "backup")
    right = CaseRecord()
    right.name.first_name = "Righted"
    pair.origin.client.get_referral(referral_id)
    pair.origin.client.correct(referral_id, corrects=[wrong.digest], record=right)
    pair.settle()
    desk.node.erase_due()
    for row in (wrong, other):
        bound = f"{desk.agency}/part/{row.digest}"
        old = reason(desk.keys.decrypt, row.key_id, bound, row.content or b"")
        assert old == "PART_GONE", "also the copy of what moved to another key"
    if who == "destination":
        assert desk.client.open(referral_id).record.name.first_name == "Righted"
        opened = desk.client.open(referral_id, parts=[other.digest]).record
        assert opened.name == record().name
    pair.settle()
    pair.disclose(referral_id)
    desk.restore(backup)
    pair.settle()
    assert wrong.digest not in {
        row.digest
        for row in desk.store.read(lambda tx: tx.parts(referral_id))
        if row.content is not None
    }


def test_the_write_ahead_log_is_emptied(pair: Pair) -> None:
    """What was destroyed is not even there as ciphertext."""
    referral_id = pair.disclosed()
    desk = pair.destination
    rows = desk.store.read(lambda tx: tx.parts(referral_id))
    sealed = [row.content for row in rows if row.content]
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    desk.node.erase_due()
    raw = b"".join(path.read_bytes() for path in desk.folder.glob("node.sqlite3*"))
    assert not [one for one in sealed if one in raw]
