"""The commands against a node that is there: the reference node, in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward_conformance import cli
from onward_conformance.checks import ALL
from onward_conformance.network import Agency
from onward_conformance.report import document
from onward_conformance.results import Outcome, Verdict
from onward_conformance.target_file import load
from reference import Reference

CHECK = "good-offer-is-receipted"


def toml(one: Reference) -> str:
    """What its operator would write."""
    said, listens = one.target, one.target.listens
    tables = {
        "target": {"implementation": "reference", "version": "1.0", "profiles": ["destination"],
                   "entries": ["agency.json", "beside.json"], **said.addresses},
        "suite": {**listens, **{f"{way}_address": said.reached[way] for way in said.reached}},
        "local": said.local,
    }  # fmt: skip
    return "\n".join(
        f"[{name}]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in table.items())
        for name, table in tables.items()
    )


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = Reference(tmp_path_factory.mktemp("reference"))
    path = made.target.folder / "target.toml"
    for name, entry in zip(("agency", "beside"), made.target.entries, strict=True):
        (path.parent / f"{name}.json").write_text(json.dumps(entry))
    made.start()
    path.write_text(toml(made))
    yield path
    made.close()


def command(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, [str(one) for one in words], catch_exceptions=False)
    return done.exit_code, done.output


def test_smoke(target: Path) -> None:
    assert command("smoke", target) == (0, "rest: well\ngrpc: well\n")


def test_a_check_that_passes(target: Path) -> None:
    report = target.parent / "one.json"
    code, said = command("run", target, "--only", CHECK, "--json", report)
    assert code == 0, said
    run = document.read(report.read_bytes())
    assert [(one.name, one.way, one.outcome) for one in run.results] == [
        (CHECK, "rest", Outcome.PASS), (CHECK, "grpc", Outcome.PASS),
    ]  # fmt: skip
    assert (run.title, run.overall) == ("reference 1.0", Verdict.INCOMPLETE)


def test_a_known_failure_that_is_none_fails_the_run(target: Path) -> None:
    lines = target.parent / "known-failing.txt"
    lines.write_text(f"{CHECK} grpc  # receipts are not built yet\n")
    code, said = command("run", target, "--only", CHECK, "--known-failing", lines)
    assert code == 1
    assert "does not fail any more over gRPC" in " ".join(said.split())


def test_a_check_of_another_profile_is_not_run_in_silence(target: Path) -> None:
    other = next(one.name for one in ALL.values() if one.profile == "client")
    code, said = command("run", target, "--only", other)
    assert (code, "none of these checks is for a destination" in said) == (2, True)


def test_what_the_node_needs_is_written(target: Path) -> None:
    code, said = command("trust", target)
    assert code == 0
    signed = json.loads((target.parent / "trust-list.json").read_text())
    assert len(signed["signatures"]) == 2
    assert "shelter.ngo.in.example: partner.rest.conformance.example" in said


def test_a_target_file_to_begin_with(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    assert command("init", path)[0] == 0
    assert command("init", path)[0] == 2
    (tmp_path / "agency.json").write_text(json.dumps(Agency("node.example").entry()))
    assert load(path).profiles == ("destination",)


def test_every_check_is_listed() -> None:
    code, said = command("list")
    assert code == 0
    assert said.count("\n") > len(ALL)
