"""`onward services`: a file that is checked before it is published, and what a table says."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from onward import cli, cli_services
from onward.importers import sample_folder
from onward.v1.errors_pb2 import Reason
from onward.v1.services_pb2 import HeldServices

run = CliRunner().invoke
SAMPLE = sample_folder() / "services.json"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal so wide that no cell is broken."""
    monkeypatch.setattr(cli.out, "width", 200)


def test_a_file_that_can_be_published() -> None:
    shown = run(cli.app, ["services", "--check", str(SAMPLE)])
    assert shown.exit_code == 0, shown.output
    assert "Vocational training" in shown.output
    assert "vocational_training-001" in shown.output


def test_a_file_that_can_not(tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    path.write_text(SAMPLE.read_text().replace('["literacy"]', '["trauma_therapy"]'))
    shown = run(cli.app, ["services", "--check", str(path)])
    assert shown.exit_code == 1
    assert "PREREQUISITE_FORBIDDEN at /services/3/prerequisites/0" in shown.output
    assert "Nobody has to take one help" in shown.output


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--node", "https://node.a.example"],
        ["--node", "https://node.a.example", "--key", "no-such-file.jwk"],
        ["--node", "http://node.a.example", "--key", "no-such-file.jwk"],
        ["--check", "no-such-file.json"],
    ],
)
def test_what_people_get_wrong(arguments: list[str]) -> None:
    shown = run(cli.app, ["services", *arguments])
    assert shown.exit_code == 2
    assert "Traceback" not in shown.output
    assert len(shown.output.strip().splitlines()) == 1


def test_what_is_not_sure_is_said() -> None:
    lists = [
        HeldServices(agency="a.example", seq=7, age_minutes=90, stale=True),
        HeldServices(agency="b.example", stale=True, failed=Reason.REASON_SIGNATURE_INVALID),
    ]
    one, other = cli_services.remarks(lists)
    assert one == (
        "a.example: list 7, confirmed 90 minutes ago; stale: ask the agency before relying on it"
    )
    assert "b.example: no list" in other
    assert "SIGNATURE_INVALID: The signature does not verify" in other
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as said:
        cli_services.report(console, lists)
    assert "a.example" in said.get()
