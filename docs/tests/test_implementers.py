"""The guide for implementers: its examples work, and what it names is there."""

from __future__ import annotations

import json
import re
import shlex
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import typer
from google.protobuf.json_format import ParseDict
from google.protobuf.message_factory import GetMessageClass
from typer.testing import CliRunner

from onward.v1 import local_pb2
from onward_conformance import cli
from onward_conformance.checks import ALL
from onward_conformance.hands import NoHands, Program, Refusal
from onward_conformance.jose import read, unb64, unpad
from onward_conformance.profiles import PROFILES, answers_to
from onward_conformance.requirements import requirements
from onward_conformance.spec_text import ID
from onward_conformance.target_file import TABLES, TEMPLATE, load
from reference import Reference

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/implementers.md").read_text("utf-8")
VECTORS = ROOT / "conformance_tests/onward_conformance/vectors"


def blocks(language: str) -> list[str]:
    """The code blocks of one language, with its mark."""
    return re.findall(rf"```{language}\n(.*?)\n```", TEXT, re.DOTALL)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table of a section, without its head."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def vectors(folder: str) -> list[dict[str, Any]]:
    """All cases of one folder."""
    return [json.loads(path.read_text("utf-8")) for path in (VECTORS / folder).glob("*.json")]


def test_what_it_says_to_run_chooses_checks() -> None:
    words = re.findall(r"--only (\S+)", TEXT)
    assert len(words) > 4
    known = {word for one in ALL.values() for word in answers_to(one)}
    assert [word for word in words if word not in known] == []


def commands() -> list[list[str]]:
    """The words of each line in a block for the shell that calls the suite, without its name."""
    lines = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    return [words[1:] for words in lines if words[0] == "onward-conformance"]


def test_its_commands_are_commands() -> None:
    group: Any = typer.main.get_command(cli.app)
    assert {words[0] for words in commands()} >= {"init", "trust", "smoke", "run", "explain"}
    for name, *words in commands():
        group.commands[name].make_context(name, words)  # Raises a UsageError.


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One with the reference node behind its target.toml."""
    made = tmp_path_factory.mktemp("implementers")
    node = Reference(made)
    node.start()
    names = [f"agency-{number}.json" for number, _ in enumerate(node.network.entries)]
    for name, entry in zip(names, node.network.entries, strict=True):
        (made / name).write_text(json.dumps(entry), "utf-8")
    lines = ["[target]", 'profiles = ["destination"]', f"entries = {json.dumps(names)}"]
    lines += [f'{way} = "{address}"' for way, address in node.target.addresses.items()]
    lines += ["[suite]", *(f'{way} = "{at}"' for way, at in node.target.listens.items())]
    lines += ["[local]", *(f'{name} = "{said}"' for name, said in node.target.local.items())]
    (made / "target.toml").write_text("\n".join(lines), "utf-8")
    yield made
    node.close()


HANDLESS = {"header", "inside", "logs", "grants"}
"""Levels that need no hands. The others take longer, and are run by the suite's own tests."""
LEVELS = [words for words in commands() if words[0] == "smoke" or HANDLESS & set(words)]


@pytest.mark.parametrize("words", LEVELS, ids=" ".join)
def test_each_level_is_passed_by_the_reference_node(
    folder: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(cli.app, words)
    assert done.exit_code == 0, done.output


def test_the_requirements_that_it_names_are_there() -> None:
    named = set(ID.findall(re.sub(r"\b([A-Z]{3,4}-[0-9]{3})\b", r"[\1]", TEXT)))
    assert len(named) > 20
    assert named - set(requirements()) == {"SHA-256"}


def test_the_failure_is_one_that_can_come() -> None:
    name, level, _ = re.findall(r"FAIL +(\S+) +(\S+) +(spec\.md\S+)", TEXT)[0]
    one = requirements()[name]
    assert (one.level, one.anchor) == (level, "spec.md#delivery")
    assert f"\n  {one.sentence}\n" in TEXT
    assert ALL["header-of-another-environment"].requirements[0] == name


def test_the_entry_for_the_trust_list_is_one() -> None:
    (example,) = blocks("json")
    entry = json.loads(example)
    schema = json.loads((ROOT / "schemas/v1/Agency.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(entry)
    assert {key["use"] for key in entry["keys"]} == {"sign", "seal"}
    for key in entry["keys"]:
        point = {"crv": "P-256", "kty": "EC", "x": key["x"], "y": key["y"]}
        told = json.dumps(point, separators=(",", ":")).encode()
        assert key["kid"] == code()["b64"](sha256(told).digest())


def code() -> dict[str, Any]:
    """What the example in Python defines."""
    (example,) = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(example, "implementers.md", "exec"), names)
    return names


def test_digests_are_those_of_the_vectors() -> None:
    here = code()
    receipts = [one for one in vectors("envelope") if "header" in one["expect"]]
    assert receipts
    for one in receipts:
        header = one["envelope"]["header"]
        assert here["digest"](header) == one["expect"]["header"]
        said = json.loads(read(header)[1])
        assert here["sealed_digest"](one["envelope"]["sealed"]) == said["digest"]
    parts = [part for one in vectors("projection") for part in one["expect"]]
    assert parts
    for part in parts:
        assert (
            here["part_digest"](part["category"], part["salt"], part["content"]) == part["digest"]
        )


@pytest.mark.parametrize("size", [0, 1, 3068, 3069, 12284, 192508])
def test_padding_is_taken_off_again(size: int) -> None:
    padded = code()["pad"](b"x" * size)
    assert unpad(padded) == b"x" * size
    assert len(padded) == min(one for one in (3072, 12288, 49152, 192512) if one >= size + 4)


def test_every_member_of_the_file_is_explained() -> None:
    told: dict[str, set[str]] = {}
    for table, member, about in rows("target.toml"):
        assert about
        told.setdefault(table, set()).add(member)
    assert told == TABLES


def test_every_profile_is_explained() -> None:
    assert dict(rows("Profiles")) == PROFILES


def test_the_file_that_init_writes_works_with_the_entry_of_the_guide(tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_text(TEMPLATE, "utf-8")
    (tmp_path / "agency.json").write_text(blocks("json")[0], "utf-8")
    target = load(tmp_path / "target.toml")
    assert target.profiles == ("destination",)
    listed = json.loads(unb64(target.network().trust_list()["payload"]))["agencies"]
    assert json.loads(blocks("json")[0]).items() <= listed[0].items()


def test_what_goes_to_the_hands_are_requests_of_the_local_plane() -> None:
    lines = [json.loads(line) for line in TEXT.splitlines() if line.startswith('{"')]
    asked = [line for line in lines if "call" in line]
    assert len(asked) == 2
    assert [line for line in lines if not {"call", "ok", "reason"} & set(line)] == []
    for line in asked:
        service, _, method = line["call"].partition(".")
        found = local_pb2.DESCRIPTOR.services_by_name[service].methods_by_name[method]
        ParseDict(line["request"], GetMessageClass(found.input_type)())


class Node(BaseHTTPRequestHandler):
    """A partner's own interface, as the example expects it: every decision comes too late."""

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        decided = self.path == "/decide"
        body = {"reason": "STATE_CONFLICT"} if decided else {"referralId": request["referralId"]}
        self.send_response(409 if decided else 200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Program]:
    with HTTPServer(("127.0.0.1", 0), Node) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (example,) = blocks("python no-run")
        own = example.replace("127.0.0.1:8000", f"127.0.0.1:{server.server_port}")
        (tmp_path / "hands.py").write_text(own, "utf-8")
        program = Program([sys.executable, "hands.py"], str(tmp_path))
        yield program
        program.close()
        server.shutdown()


def test_the_program_that_acts_does(hands: Program) -> None:
    request = {"referralId": "0b0c4c9e-2f4d-4b0e-9a43-3c1f5a1d7f10"}
    assert hands.call("Referrals.Acknowledge", request) == request
    with pytest.raises(Refusal) as refused:
        hands.call("Referrals.Decide", request)
    assert refused.value.reason == "STATE_CONFLICT"
    with pytest.raises(NoHands):
        hands.call("Referrals.Withdraw", request)
    assert hands.call("Referrals.Open", request) == request
