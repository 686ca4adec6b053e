"""A new master key while the node serves: nothing is lost, nobody waits, and the old one opens
nothing any more (docs/spec.md, section Storage).
"""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from typer.testing import CliRunner

from nodes import Pair, reason
from onward_server.adapters import keyring, masters
from onward_server.adapters.keyring import Keyring
from onward_server.adapters.keys import FileKeys
from onward_server.app import provision
from onward_server.app.cli import app
from test_node_cli import init, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    FileKeys.create(tmp_path / "keys")
    return tmp_path / "keys"


def master_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("master*.key"))


def test_all_keys_open_what_they_opened(folder: Path) -> None:
    keys = FileKeys(folder)
    kept = {f"case/{n}": keys.encrypt(f"case/{n}", "b", b"x") for n in range(40)}
    said = keys.mac("case/mac", b"asked")
    keys.destroy(["case/gone"])
    keys.remember("consent/1", 4, ended=True)
    assert keys.rotate() == 40 + 1 + 1
    for one in (keys, FileKeys(folder)):
        assert all(one.decrypt(name, "b", sealed) == b"x" for name, sealed in kept.items())
        assert one.mac("case/mac", b"asked") == said
        assert one.destroyed(["case/gone/1"]) == {"case/gone/1"}
        assert one.remembered("consent/1") == (4, True)
    assert master_files(folder) == ["master-1.key"]
    assert stat.S_IMODE((folder / "master-1.key").stat().st_mode) == 0o600
    keys.rotate()
    assert master_files(folder) == ["master-2.key"]


def test_an_old_copy_of_the_keyring_opens_nothing(folder: Path, tmp_path: Path) -> None:
    """Nor does the new master key open it."""
    keys = FileKeys(folder)
    keys.encrypt("case/1", "b", b"x")
    copy = shutil.copyfile(folder / "keyring.sqlite3", tmp_path / "copy")
    keys.rotate()
    db = sqlite3.connect(copy)
    wrapped = [row[0] for row in db.execute("SELECT wrapped FROM keys")]
    db.close()
    for one in wrapped:
        with pytest.raises(InvalidUnwrap):
            aes_key_unwrap(masters.read(folder, 1), one)
    with pytest.raises(FileNotFoundError):
        masters.read(folder, 0)


def test_another_process_goes_on_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the keyring open and the old master key in mind, and makes and uses keys."""
    monkeypatch.setattr(keyring, "BATCH", 7)
    serving, rotating = FileKeys(folder), FileKeys(folder)
    kept = {f"case/{n}": serving.encrypt(f"case/{n}", "b", b"x") for n in range(60)}
    faults: list[BaseException] = []
    done = threading.Event()

    def serve() -> None:
        number = 0
        try:
            while not done.is_set():
                name = f"new/{number}"
                kept[name] = serving.encrypt(name, "b", b"x")
                assert serving.decrypt("case/3", "b", kept["case/3"]) == b"x"
                number += 1
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=serve)
    thread.start()
    for _ in range(3):
        rotating.rotate()
    done.set()
    thread.join()
    assert not faults
    for keys in (serving, rotating, FileKeys(folder)):
        assert all(keys.decrypt(name, "b", sealed) == b"x" for name, sealed in kept.items())
    assert master_files(folder) == ["master-3.key"]


def test_one_that_was_broken_off_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each step: no key is lost, and the next call brings all under one master key."""
    keys = FileKeys(folder)
    kept = {f"case/{n}": keys.encrypt(f"case/{n}", "b", b"x") for n in range(20)}
    monkeypatch.setattr(keyring, "BATCH", 5)
    wrap = Keyring._wrap_some

    def killed(fails_at: int) -> None:
        count = 0

        def some(self: Keyring, newest: int) -> int:
            nonlocal count
            count += 1
            if count > fails_at:
                raise KeyboardInterrupt
            return wrap(self, newest)

        monkeypatch.setattr(Keyring, "_wrap_some", some)

    for fails_at in (0, 1, 3):
        killed(fails_at)
        with pytest.raises(KeyboardInterrupt):
            keys.rotate()
        keys.close()
        keys = FileKeys(folder)
        assert all(keys.decrypt(name, "b", sealed) == b"x" for name, sealed in kept.items())
    monkeypatch.setattr(Keyring, "_wrap_some", wrap)
    keys.rotate()
    assert len(master_files(folder)) == 1
    assert all(keys.decrypt(name, "b", sealed) == b"x" for name, sealed in kept.items())


def test_a_torn_master_key_is_made_anew(folder: Path) -> None:
    keys = FileKeys(folder)
    sealed = keys.encrypt("case/1", "b", b"x")
    (folder / "master-1.key").write_bytes(b"half")
    keys.rotate()
    assert keys.decrypt("case/1", "b", sealed) == b"x"


def test_a_node_that_rotates_while_it_serves(pair: Pair) -> None:
    referral_id = pair.disclosed()
    for desk in pair.desks:
        Keyring(desk.folder / "keys").rotate()
    assert pair.destination.client.open(referral_id).record.HasField("name")
    pair.settle()
    pair.disclose(referral_id)
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    assert reason(pair.destination.client.open, referral_id) == "PART_GONE"
    for desk in pair.desks:
        assert master_files(desk.folder / "keys") == ["master-1.key"]


def test_the_command(tmp_path: Path) -> None:
    new = provision.NewNode(
        agency="a.example", environment="test", country="BD", kind="ngo_local",
        rest="127.0.0.1:8080", grpc="127.0.0.1:8090", issuer="http://127.0.0.1:8080",
    )  # fmt: skip
    provision.init(tmp_path / "node", new)
    done = CliRunner().invoke(app, ["keys", "rotate", str(tmp_path / "node")])
    assert done.exit_code == 0, done.output
    assert master_files(tmp_path / "node" / "keys") == ["master-1.key"]


def test_what_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    init(tmp_path / "node")
    where = tmp_path / "node" / "keys" / "master.key"
    kept = where.read_bytes()
    where.unlink()
    assert f"{where} is missing: put back" in run("keys", "rotate", tmp_path / "node", code=1)
    where.write_bytes(kept[:9])
    assert "is damaged: put back" in run("keys", "rotate", tmp_path / "node", code=1)
    where.write_bytes(kept)
    assert "a new master key" in run("keys", "rotate", tmp_path / "node")
