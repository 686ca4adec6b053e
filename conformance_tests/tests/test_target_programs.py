"""The operator's own programs: what the suite gives them, and what it makes of their ends."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from onward_conformance.hands import NoHands, Program
from onward_conformance.target import STATE, Target

SIGNS = """
import json
said = json.load(open("agreement.json"))
said["signatures"].append({"agency": "target.example"})
json.dump(said, open("agreement.json", "w"))
"""
ECHOES = """
import json, sys
for line in sys.stdin:
    print(json.dumps({"ok": json.loads(line)}), flush=True)
"""


def signing(folder: Path, program: str) -> list[str]:
    """Who has signed once the program has ended."""
    target = Target(folder, sign_agreement=(sys.executable, "-c", program))
    sign = target.signing()
    assert sign
    signed = sign({"payload": "e30", "signatures": [{"agency": "suite.example"}]})
    return [one["agency"] for one in signed["signatures"]]


def test_the_target_adds_its_signature_to_an_agreement(tmp_path: Path) -> None:
    assert signing(tmp_path, SIGNS) == ["suite.example", "target.example"]


@pytest.mark.parametrize("program", ["raise SystemExit(1)", 'open("agreement.json", "w")'])
def test_a_program_that_signs_nothing_is_no_fault_of_the_target(
    tmp_path: Path, program: str
) -> None:
    with pytest.raises(NoHands):
        signing(tmp_path, program)


def test_without_a_program_nothing_can_be_signed(tmp_path: Path) -> None:
    assert Target(tmp_path).signing() is None


def test_a_program_is_told_who_acts_where_it_matters(tmp_path: Path) -> None:
    hands = Program([sys.executable, "-c", ECHOES], str(tmp_path))
    asked = {"call": "Bases.ApproveBasis", "request": {"basisId": "b"}}
    assert hands.call("Bases.ApproveBasis", {"basisId": "b"}) == asked
    said = hands.call("Bases.ApproveBasis", {"basisId": "b"}, "one")
    assert said == asked | {"person": "one"}
    hands.close()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("input(); raise SystemExit(7)", "has ended, with exit code 7, when it was asked for A.B"),
        ("input(); print('Ready: ' + 'x' * 200)", r"is no JSON: Ready: x{93}, when"),
        ("input(); print('[]')", "wrote JSON that is no object"),
    ],
)
def test_what_a_program_did_in_place_of_an_answer_is_said(
    tmp_path: Path, program: str, said: str
) -> None:
    hands = Program([sys.executable, "-c", program], str(tmp_path))
    with pytest.raises(NoHands, match=said):
        hands.call("A.B", {})
    hands.close()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit(7)", "has ended, with exit code 7"),
        ("print('Ready.', flush=True); input()", "is no JSON: Ready.$"),
        ("print('{}', flush=True); input()", "a line that nobody had asked for"),
    ],
)
def test_what_a_program_did_before_it_was_asked_is_said(
    tmp_path: Path, program: str, said: str
) -> None:
    hands = Program([sys.executable, "-c", program], str(tmp_path))
    end = time.monotonic() + 10
    while hands._lines.empty() and time.monotonic() < end:
        time.sleep(0.02)
    with pytest.raises(NoHands, match=said):
        hands.call("A.B", {})
    hands.close()


def test_what_an_earlier_version_of_the_suite_has_kept_is_made_anew(tmp_path: Path) -> None:
    target = Target(tmp_path, [{"agency": "target.example"}], reached={"rest": "http://a.example"})
    first = target.network()
    assert target.network().save() == first.save()
    path = tmp_path / STATE / "network.json"
    kept = json.loads(path.read_text())
    kept["casts"]["rest"].pop("signatory")
    path.write_text(json.dumps(kept))
    assert target.network().casts["rest"].signatory.name == "signatory.rest.conformance.example"
