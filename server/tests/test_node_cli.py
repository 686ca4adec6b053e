"""`onward-node`: making and keeping a node, and one clear line for whatever goes wrong."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nodes import Pair
from onward.auth import scopes_of
from onward.core import jose
from onward_server.app import cli
from onward_server.demo.world import _healthy, free_port
from onward_server.service import reads
from people import DESTINATION, first

AGENCY = "msw.gov.bd.example"
NODE = (sys.executable, "-m", "onward_server.app.cli")


def run(*arguments: object, code: int = 0) -> str:
    """One command. Gives what it said; where it fails, that must be one line."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["onward-node", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert (ended.value.code or 0) == code, err.getvalue()
    return told(err.getvalue()) if code else out.getvalue()


def serve_fails(*folders: Path) -> str:
    """What `serve` says, which must be one line: in a process of its own, for its libraries."""
    done = subprocess.run(
        [*NODE, "serve", *map(str, folders)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    return told(done.stderr)


def told(said: str) -> str:
    """One line, and no traceback."""
    (line,) = said.strip().splitlines()
    assert line.startswith("onward-node: ")
    return line


def init(folder: Path, **changes: object) -> str:
    given = {
        "agency": AGENCY, "country": "BD", "kind": first("agency_kind"),
        "rest": f"127.0.0.1:{free_port()}", "grpc": f"127.0.0.1:{free_port()}",
    } | changes  # fmt: skip
    return run("init", folder, *[part for n, v in given.items() for part in (f"--{n}", v)])


def public(path: Path) -> Path:
    """A public key's file."""
    path.write_text(json.dumps(jose.new_key().as_dict(private=False)))
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a node, and beside it a list and anchors that fit."""
    folder = tmp_path_factory.mktemp("cli")
    init(folder / "node")
    for name in ("one", "two", "stamper"):
        run("trust", "authority", folder / f"{name}.jwk")
    run("trust", "anchors", folder / "anchors.json", "--authority", folder / "one.jwk",
        "--authority", folder / "two.jwk", "--stamper", folder / "stamper.jwk",
        "--threshold", 2)  # fmt: skip
    run("trust", "new", folder / "list.json", "--agency", folder / "node" / "agency.json",
        "--seq", 1)  # fmt: skip
    return folder


def test_from_nothing_to_a_node_that_serves(made: Path) -> None:
    node, signed = made / "node", made / "list.json"
    assert "node's folder" in serve_fails(made)
    assert "anchors" in serve_fails(node)
    (node / "anchors.json").write_bytes((made / "anchors.json").read_bytes())
    assert "onward-node trust load" in serve_fails(node)
    assert "nobody has signed this list yet" in run("trust", "load", node, signed, code=1)
    one = jose.kid(jose.load_key(json.loads((made / "one.jwk").read_text())))
    assert one in run("trust", "sign", signed, "--key", made / "one.jwk")
    run("trust", "sign", signed, "--key", made / "stamper.jwk")
    said = run("trust", "load", node, signed, code=1)
    assert "TRUST_LIST_INVALID: 1 of 2 needed signatures are by your authorities" in said
    run("trust", "sign", signed, "--key", made / "two.jwk")
    run("trust", "stamp", signed, "--key", made / "stamper.jwk")
    shown = run("trust", "show", signed)
    assert "Trust list 1" in shown
    assert AGENCY in shown
    assert "…" not in shown
    assert "is in force" in run("trust", "load", node, signed)
    partner = "shelter.ngo.in.example"
    assert "not on the trust list" in run("trust", "accept", node, partner)
    assert "no longer" in run("trust", "accept", node, partner, "--remove")
    assert "was not accepted" in run("trust", "accept", node, partner, "--remove")
    assert "own id" in run("trust", "accept", node, AGENCY, code=1)
    run("client", node, "case-app", "--key", public(made / "c.jwk"), "--scope", "referrals:read")
    said = run("client", node, "case-app", "--key", made / "one.jwk", "--role", "caseworker")
    assert "Replaced case-app" in said
    assert "holds the private key" in said
    assert "Before: no whole role (1 scope). Now: caseworker (" in said
    assert "not any more" not in said
    said = run("client", node, "case-app", "--key", public(made / "c.jwk"), "--role", "intake")
    assert "private" not in said
    assert "consents:read" in said.partition("not any more")[2]
    run("client", node, "case-app", "--key", public(made / "c.jwk"), "--role", "caseworker")
    assert "started again" in said
    scopes = json.loads((node / "clients" / "case-app.json").read_text())["scopes"]
    assert scopes == sorted(scopes_of("caseworker"))
    assert "Registered" in run("login", node, "login", "--key", public(made / "l.jwk"))
    assert "revision 0012" in run("migrate", node)
    assert "Nothing waits" in run("needs-human", node)
    serve(node, signed)


def serve(node: Path, signed: Path) -> None:
    """It serves, a second one can't, a list loads meanwhile, and it ends when told to."""
    rest = next(
        line.split('"')[1] for line in (node / "node.toml").read_text().splitlines()
        if line.startswith("rest")
    )  # fmt: skip
    process = subprocess.Popen(
        [*NODE, "serve", str(node)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        while process.poll() is None and not _healthy(rest):
            pass
        assert rest in serve_fails(node)
        run("trust", "load", node, signed)
        # The database's journals are there only as long as it is open.
        mine = [*node.glob("node.*"), node / "agency.json", *node.glob("clients/*")]
        assert {"node.toml", "node.sqlite3", "node.sqlite3-wal"} <= {one.name for one in mine}
        assert {stat.S_IMODE(one.stat().st_mode) for one in mine} == {0o600}
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert b"serving" in out
    assert b"Traceback" not in out + err


def test_a_port_in_use(made: Path, tmp_path: Path) -> None:
    for which in ("rest", "grpc"):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            node = tmp_path / which
            init(node, **{which: address})
            list_ = tmp_path / f"{which}.json"
            (node / "anchors.json").write_bytes((made / "anchors.json").read_bytes())
            run("trust", "new", list_, "--agency", node / "agency.json", "--seq", 1)
            for key in ("one", "two"):
                run("trust", "sign", list_, "--key", made / f"{key}.jwk")
            run("trust", "load", node, list_)
            assert address in serve_fails(node)


def test_what_people_get_wrong(made: Path, tmp_path: Path) -> None:
    node, key = made / "node", public(tmp_path / "key.jwk")
    assert "not empty" in run(
        "init", node, "--agency", AGENCY, "--country", "BD", "--kind", "x", code=1
    )
    run("init", tmp_path / "bad", "--agency", "No Agency", "--country", "BD", "--kind", "x", code=1)
    for name, value, said in (
        ("agency", "No Agency", "domain name"),
        ("kind", "x", "onward codes agency_kind"),
        ("environment", "prod", "test or live"),
        ("country", "Bangladesh", "country"),
        ("rest", "nowhere", "host:port"),
    ):
        given = {"agency": AGENCY, "country": "BD", "kind": first("agency_kind")} | {name: value}
        options = [part for n, v in given.items() for part in (f"--{n}", v)]
        assert said in run("init", tmp_path / "none", *options, code=1)
        assert not (tmp_path / "none").exists()
    run("client", node, "app", "--key", key, "--scope", "everything", code=1)
    assert "--role" in run("client", node, "app", "--key", key, code=1)
    assert "caseworker" in run("client", node, "app", "--key", key, "--role", "boss", code=1)
    assert "can't be met" in run(
        "trust", "anchors", tmp_path / "a.json", "--authority", made / "one.jwk",
        "--stamper", made / "stamper.jwk", "--threshold", 2, code=1,
    )  # fmt: skip
    run("client", node, "../app", "--key", key, "--scope", "referrals:read", code=1)
    (tmp_path / "not.jwk").write_text("{")
    run("login", node, "login", "--key", tmp_path / "not.jwk", code=1)
    run("trust", "load", node, tmp_path / "not.jwk", code=1)
    run("trust", "sign", made / "list.json", "--key", tmp_path / "not.jwk", code=1)
    assert "never written over" in run("trust", "authority", made / "one.jwk", code=1)
    assert "onward-node 1." in run("--version")
    for change in ('agency = "x"', 'environment = "other"', 'rest = "nowhere"', "rest = 7", "rest"):
        copy = tmp_path / "copy"
        copy.mkdir(exist_ok=True)
        name = change.split(" ")[0]
        lines = (node / "node.toml").read_text().splitlines()
        (copy / "node.toml").write_text(
            "\n".join(change if line.startswith(name) else line for line in lines)
        )
        assert "node.toml" in run("migrate", copy, code=1)


def test_no_help_is_cut_at_80_columns() -> None:
    """Of a command's text its first sentence stands in the list, and nothing of it is lost."""
    for words in ([], ["trust"], ["agreement"], ["keys"]):
        told = CliRunner().invoke(cli.app, [*words, "--help"], terminal_width=80)
        assert told.exit_code == 0
        assert "..." not in told.output.partition("Commands:")[2], words


def test_what_waits_is_told_apart(tmp_path: Path) -> None:
    """By the agency and the time: its kind and its referral may be the same."""
    pair = Pair(tmp_path)
    referral_id = pair.disclosed()
    here = pair.origin
    here.client.withdraw(referral_id, categories=["name"])
    pair.clock.advance(timedelta(minutes=1))
    here.client.withdraw(referral_id, everything=True)
    rows = here.store.read(
        lambda tx: [cli._waits(here.ctx, tx, one) for one in reads.waiting(here.ctx, tx)]
    )
    due = [row for row in rows if "erasure_due" in row[1]]
    assert len(set(due)) == 2
    assert all(DESTINATION in row[0] for row in due)
    pair.close()
