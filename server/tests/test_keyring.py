"""The keyring's file: what was destroyed is in none of its bytes."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nodes import Pair, reason
from onward.core import spec
from onward_server.adapters.keyring import Keyring
from onward_server.adapters.keys import FileKeys

CATEGORIES = sorted(spec.categories())
TIGHT = (2, 3)
"""Orders of making and destroying by which rows are moved in a page, and leave copies behind."""


def wrapped(folder: Path) -> dict[str, bytes]:
    """All keys, as they lie in the file."""
    with sqlite3.connect(folder / "keyring.sqlite3") as keyring:
        return dict(keyring.execute("SELECT id, wrapped FROM keys").fetchall())


@pytest.mark.parametrize("order", TIGHT)
def test_no_byte_of_what_was_destroyed_is_left(tmp_path: Path, order: int) -> None:
    """Without building the file anew a part of a wrapped key stays, which opens with the master
    key and a little patience.
    """
    FileKeys.create(tmp_path / "keys")
    keys = FileKeys(tmp_path / "keys")
    chance = random.Random(order)
    file = tmp_path / "keys" / "keyring.sqlite3"
    for _ in range(12):
        case = "".join(
            chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", k=22)
        )
        names = [f"{case}/{one}/0/0" for one in CATEGORIES]
        first = chance.sample(names, 15)
        keys.make(first)
        keys.make(set(names) - set(first))
        for _ in range(8):
            gone = [
                names.pop(chance.randrange(len(names))) for _ in range(chance.choice((1, 1, 3)))
            ]
            were = wrapped(tmp_path / "keys")
            keys.destroy(gone)
            raw = file.read_bytes()
            for one in gone:
                assert one.encode() not in raw
                assert were[one][:30] not in raw
    keys.close()


def test_a_file_that_was_not_built_anew_is_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "keys"
    FileKeys.create(folder)
    keys = FileKeys(folder)
    keys.make(f"case/{one}/{n}" for one in CATEGORIES for n in range(10))
    with monkeypatch.context() as broken:
        broken.setattr(Keyring, "_tidy", dies)
        with pytest.raises(Dead):
            keys.destroy(["case"])
    keys.close()
    before = (folder / "keyring.sqlite3").stat().st_size
    again = FileKeys(folder)
    assert (folder / "keyring.sqlite3").stat().st_size < before
    assert reason(again.make, ["case/name/0"]) == "PART_GONE"
    again.close()
    with sqlite3.connect(folder / "keyring.sqlite3") as keyring:
        assert keyring.execute("PRAGMA application_id").fetchone() == (0,)


class Dead(BaseException):
    """The process ended here."""


def dies(_: Keyring) -> None:
    raise Dead


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[FileKeys]:
    """A keyring that waits for others no longer than a moment."""
    FileKeys.create(tmp_path / "keys")
    made = FileKeys(tmp_path / "keys")
    made._ring._db.execute("PRAGMA busy_timeout = 20")
    yield made
    made.close()


def test_somebody_who_reads_puts_off_a_change_and_breaks_nothing(
    keys: FileKeys, tmp_path: Path
) -> None:
    """A backup tool, or a process that hangs."""
    keys.make(["case/sex/0"])
    with closing(sqlite3.connect(tmp_path / "keys" / "keyring.sqlite3")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM keys").fetchall()
        assert reason(keys.make, ["case/name/0"]) == "UNAVAILABLE"
        assert reason(keys.destroy, ["case/sex"]) == "UNAVAILABLE"
        assert keys.living(["case/name/0", "case/sex/0"]) == {"case/sex/0"}
        other.execute("ROLLBACK")
    keys.make(["case/name/0"])
    keys.destroy(["case/sex"])
    again = FileKeys(tmp_path / "keys")
    assert again.living(["case/name/0", "case/sex/0"]) == {"case/name/0"}
    again.close()


def test_who_destroys_again_builds_the_file_that_was_left(
    keys: FileKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.make(f"case/{one}/{n}" for one in CATEGORIES for n in range(10))
    file = tmp_path / "keys" / "keyring.sqlite3"
    with monkeypatch.context() as broken:
        broken.setattr(Keyring, "_tidy", dies)
        with pytest.raises(Dead):
            keys.destroy(["case"])
    before = file.stat().st_size
    keys.destroy(["case"])
    assert file.stat().st_size < before


def test_a_keyring_that_is_kept_busy_holds_back_no_withdrawal(pair: Pair) -> None:
    """By a tool that copies it, say. What a restore would have to know of her no is not kept."""
    referral_id = pair.disclosed()
    here = pair.origin
    here.keys._ring._db.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(here.folder / "keys" / "keyring.sqlite3")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM keys").fetchall()
        here.client.get_referral(referral_id)
        here.client.withdraw(referral_id, everything=True)
        assert reason(here.client.open, referral_id) == "PART_GONE"
        other.execute("ROLLBACK")
    pair.settle()
    assert reason(pair.destination.client.open, referral_id) == "PART_GONE"
    pair.erase()
    assert set(here.own_parts(referral_id).values()) == {"destroyed"}
