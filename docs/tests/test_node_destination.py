"""The destination in Node.js exchanges a referral with the reference node, and passes the vectors.

It was written from `docs/`, `proto/` and `schemas/` alone. What it gets wrong here, a partner who
reads these documents gets wrong too.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from google.protobuf.json_format import MessageToDict

from onward.auth import ClientCredentials, Login, load_key_file, save_key_file, scopes_of
from onward.client import Client
from onward.core import jose
from onward.importers import Case, read_folder, sample_folder
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item
from onward_server.app.cli import main
from onward_server.demo.world import free_port

HERE = Path(__file__).resolve().parents[1] / "examples" / "node-destination"
NODE = shutil.which("node")
ORIGIN, DESTINATION = "msw.gov.bd.example", "shelter.ngo.in.example"
PATIENCE = 60.0  # seconds until something that takes milliseconds counts as not happening

pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")

# Loaded into the server's process by the test of a kill: it dies where an answer would leave, once
# the file is there. Everything before, such as the store, has happened.
DIES_BEFORE_IT_ANSWERS = """
import { existsSync, unlinkSync } from "node:fs";
import { ServerResponse } from "node:http";
const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function (...given) {
  const wish = process.env.DIE_BEFORE_ANSWER;
  if (existsSync(wish)) { unlinkSync(wish); process.kill(process.pid, "SIGKILL"); }
  return end.apply(this, given);
};
"""


def until(happened: Callable[[], Any], what: str) -> Any:
    """What `happened` gives, once it gives something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := happened():
            return found
        time.sleep(0.05)
    pytest.fail(f"it did not happen in {PATIENCE} seconds: {what}")


def onward_node(*arguments: str | Path) -> str:
    """What a command of the reference node says, without a process of its own."""
    typed = ["onward-node", *(str(one) for one in arguments)]
    said = StringIO()
    with patch.object(sys, "argv", typed), redirect_stdout(said), suppress(SystemExit):
        main()
    return said.getvalue()


def cli(*arguments: str | Path) -> None:
    """A command of the destination."""
    done = subprocess.run(
        [str(NODE), HERE / "cli.js", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


class Destination:
    """The Node.js destination as a process, and its hook as the conformance suite runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.die = folder / "die-before-answer"
        preload = folder / "preload.mjs"
        preload.write_text(DIES_BEFORE_IT_ANSWERS, encoding="utf-8")
        self.command = [str(NODE), "--import", preload.as_uri(), str(HERE / "cli.js"), "serve"]
        self.process: subprocess.Popen[bytes] | None = None
        self.hook = subprocess.Popen(
            [str(NODE), str(HERE / "hook.js"), str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self) -> None:
        (self.folder / "hook.json").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [*self.command, str(self.folder)],
            stdout=subprocess.DEVNULL, env={"DIE_BEFORE_ANSWER": str(self.die)},
        )  # fmt: skip
        until((self.folder / "hook.json").exists, "the destination serves")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.hook.stdin is not None
        assert self.hook.stdout is not None
        self.hook.stdin.close()
        self.hook.wait()
        self.hook.stdout.close()
        self.kill()

    def call(self, name: str, **request: Any) -> dict[str, Any]:
        """One call through the hook."""
        assert self.hook.stdin is not None
        assert self.hook.stdout is not None
        self.hook.stdin.write(json.dumps({"call": f"Referrals.{name}", "request": request}) + "\n")
        self.hook.stdin.flush()
        answer: dict[str, Any] = json.loads(self.hook.stdout.readline())
        return answer

    def ok(self, name: str, **request: Any) -> dict[str, Any]:
        answer = self.call(name, **request)
        assert "ok" in answer, answer
        ok: dict[str, Any] = answer["ok"]
        return ok

    def part(self, referral_id: str, category: str) -> dict[str, Any]:
        """The newest part of a category, as the destination has it."""
        parts = self.call("GetReferral", referralId=referral_id).get("ok", {}).get("parts", [])
        return next((one for one in reversed(parts) if one["category"] == category), {})


@contextmanager
def serving(folder: Path) -> Iterator[None]:
    """The reference node serves."""
    program = "from onward_server.app.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Destination, Case]]:
    """Both nodes on one trust list, as in the quickstart; the origin's client; a synthetic case."""
    home = tmp_path_factory.mktemp("node-destination")
    origin, shelter, authority = home / "origin", home / "shelter", home / "authority.jwk"
    rest, grpc, port = free_port(), free_port(), free_port()
    onward_node(
        "init", origin, "--agency", ORIGIN, "--country", "BD", "--kind", "national_government",
        "--rest", f"127.0.0.1:{rest}", "--grpc", f"127.0.0.1:{grpc}",
    )  # fmt: skip
    cli(
        "init", shelter, "--agency", DESTINATION, "--country", "IN", "--kind", "ngo_local",
        "--listen", f"127.0.0.1:{port}", "--destroy-after", "0", "--sweep-every", "0.2",
    )  # fmt: skip
    anchors, trust_list = home / "anchors.json", home / "list.json"
    onward_node("trust", "authority", authority)
    onward_node(
        "trust", "anchors", anchors, "--authority", authority, "--stamper", authority,
        "--threshold", "1",
    )  # fmt: skip
    agencies = [origin / "agency.json", shelter / "agency.json"]
    onward_node(
        "trust", "new", trust_list, "--seq", "1", "--agency", agencies[0], "--agency", agencies[1]
    )
    onward_node("trust", "sign", trust_list, "--key", authority)
    onward_node("trust", "stamp", trust_list, "--key", authority)
    for folder in (origin, shelter):
        shutil.copy(anchors, folder / "anchors.json")
    shutil.copy(trust_list, shelter / "trust-list.json")
    onward_node("trust", "load", origin, trust_list)
    onward_node("trust", "accept", origin, DESTINATION)
    cli("accept", shelter, ORIGIN)
    for name in ("client", "login"):
        save_key_file(home / f"{name}.jwk", jose.new_key())
        public = load_key_file(home / f"{name}.jwk").as_dict(private=False)
        (home / f"{name}.pub.jwk").write_text(json.dumps(public), encoding="utf-8")
    onward_node("client", origin, "cases", "--key", home / "client.pub.jwk", "--role", "caseworker")
    onward_node("login", origin, "login", "--key", home / "login.pub.jwk")

    destination = Destination(shelter)
    destination.start()
    address = f"http://127.0.0.1:{rest}"
    credentials = ClientCredentials(
        "cases", load_key_file(home / "client.jwk"), address, scopes_of("caseworker")
    )
    login = Login(ORIGIN, load_key_file(home / "login.jwk"))
    case = read_folder(sample_folder()).cases[0]
    with serving(origin):
        until(lambda: reachable(rest), "the origin serves")
        with Client.rest(address, credentials=credentials, login=login, actor="farida") as client:
            yield client, destination, case
    destination.stop()


def reachable(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def offer(client: Client, case: Case) -> tuple[str, str]:
    """Offers the case as somebody else's, and gives the ids of the referral and of the consent."""
    agreed = ConsentRecord()
    agreed.CopyFrom(case.consent)
    agreed.subject_id = f"person-{uuid4().hex}"
    agreed.feedback = "status_only"
    consent_id = client.record_consent(agreed).consent_id
    items = [Item(number=1, wish="now")]
    sent = client.offer(
        destination=DESTINATION, consent_id=consent_id, items=items, record=case.record
    )
    return sent.referral.referral_id, consent_id


def test_its_modules_pass_the_vectors_and_their_own_tests() -> None:
    tests = sorted(str(path) for path in (HERE / "test").glob("*.test.js"))
    done = subprocess.run(
        [str(NODE), "--test", *tests], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_referral_goes_its_way_and_back(world: tuple[Client, Destination, Case]) -> None:
    client, there, case = world
    referral, consent_id = offer(client, case)
    until(lambda: there.part(referral, "grant").get("readable"), "the offer arrives")

    # Before the acceptance there is no name; and nobody accepts what nobody has looked at.
    first = there.ok("Open", referralId=referral, write={"purpose": "service_delivery"})
    assert "name" not in first["record"]
    assert first["record"]["sex"]["sex"] == "female"
    decision = [{"number": 1, "state": "accepted"}]
    refused = there.call("Decide", referralId=referral, items=decision)
    assert refused == {"reason": "STATE_CONFLICT"}
    there.ok("Acknowledge", referralId=referral)
    there.ok("Decide", referralId=referral, items=decision)
    until(lambda: client.get_referral(referral).phase == "accepted", "the acceptance arrives")

    client.disclose(referral, consent_id=consent_id, record=case.record)
    until(lambda: there.part(referral, "name").get("readable"), "the disclosure arrives")
    opened = there.ok("Open", referralId=referral, write={"purpose": "service_delivery"})
    assert opened["record"]["name"] == MessageToDict(case.record.name)
    assert "contactSafe" not in opened["record"]  # the consent does not name it
    wrong = there.call("Open", referralId=referral, write={"purpose": "research"})
    assert wrong == {"reason": "PURPOSE_NOT_GRANTED"}

    there.ok("Progress", referralId=referral, items=[{"number": 1, "state": "in_delivery"}])
    until(lambda: client.get_referral(referral).phase == "active", "the progress arrives")
    states = {one.category: one.state for one in client.get_referral(referral).parts}
    assert states["name"] == "opened"

    client.withdraw(referral, everything=True)
    until(lambda: DESTINATION in client.get_referral(referral).certified, "the certificate arrives")
    assert there.call("Open", referralId=referral) == {"reason": "PART_GONE"}
    keys = list((there.folder / "keys" / "content").iterdir())
    assert keys
    assert {one.suffix for one in keys} == {".gone"}


def test_a_withdrawal_at_the_destination_reaches_the_origin(
    world: tuple[Client, Destination, Case],
) -> None:
    client, there, case = world
    referral, _ = offer(client, case)
    until(lambda: there.part(referral, "sex").get("readable"), "the offer arrives")
    there.ok("Withdraw", referralId=referral, withdrawal={"categories": ["sex"]})
    assert not there.part(referral, "sex").get("readable")
    assert there.part(referral, "language")["readable"]
    until(lambda: DESTINATION in client.get_referral(referral).certified, "it certifies")
    states = {one.category: one.state for one in client.get_referral(referral).parts}
    assert states["sex"] in {"withdrawn", "erased"}
    assert states["language"] == "sent"


def test_a_kill_loses_nothing(world: tuple[Client, Destination, Case]) -> None:
    """Between the store and the answer; and between an act and its delivery."""
    client, there, case = world
    there.die.touch()
    referral, _ = offer(client, case)
    assert there.process is not None
    assert there.process.wait(timeout=PATIENCE) == -9
    assert f'"referral":"{referral}"' in (there.folder / "log.jsonl").read_text(encoding="utf-8")
    there.start()
    entries = there.ok("ListEntries", referralId=referral)["entries"]
    assert [one["entry"]["kind"] for one in entries] == ["offer"]
    assert there.part(referral, "language")["readable"]

    there.ok("Acknowledge", referralId=referral)
    there.kill()
    there.start()
    until(lambda: client.get_referral(referral).phase == "acknowledged", "it arrives all the same")
    until(lambda: client.get_referral(referral).undelivered == 0, "the origin has its receipt")
    entries = there.ok("ListEntries", referralId=referral)["entries"]
    assert [one["entry"]["kind"] for one in entries] == ["offer", "acknowledge"]


def test_what_a_restored_backup_has_lost_comes_back(
    world: tuple[Client, Destination, Case],
) -> None:
    client, there, case = world
    log = there.folder / "log.jsonl"
    older, _ = offer(client, case)
    until(lambda: there.part(older, "language").get("readable"), "the offer arrives")
    backup = log.read_bytes()
    there.ok("Acknowledge", referralId=older)
    younger, _ = offer(client, case)
    until(lambda: there.part(younger, "language").get("readable"), "the other offer arrives")
    until(lambda: client.get_referral(older).phase == "acknowledged", "the act arrives")
    there.kill()
    log.write_bytes(backup)
    there.start()

    def whole(referral: str) -> bool:
        ok = there.call("GetReferral", referralId=referral).get("ok", {})
        return ok.get("phase") == client.get_referral(referral).phase and not ok.get("restored")

    until(lambda: whole(older) and whole(younger), "both are whole again")
    there.ok("Acknowledge", referralId=younger)
    until(lambda: client.get_referral(younger).phase == "acknowledged", "it goes on")
    accepted = [{"number": 1, "state": "accepted"}]
    there.ok("Decide", referralId=older, items=accepted)
    until(lambda: client.get_referral(older).phase == "accepted", "it goes on, and nothing forked")
