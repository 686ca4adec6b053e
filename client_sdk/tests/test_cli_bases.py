"""`onward bases`: what the table says, and what people get wrong."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from onward import cli, cli_bases
from onward.v1.bases_pb2 import BasisCount

run = CliRunner().invoke

COUNTS = [
    BasisCount(month="2026-10", basis="consent", uses=400),
    BasisCount(month="2026-10", basis="vital_interest", uses=1, approved=1),
    BasisCount(month="2026-11", basis="consent", uses=300),
    BasisCount(month="2026-11", basis="legal_obligation", uses=0),
    BasisCount(
        month="2026-11", basis="vital_interest", uses=40, approved=12,
        not_reviewed=3, not_justified=2, not_told=5,
    ),
]  # fmt: skip


def shown(counts: list[BasisCount]) -> str:
    console = Console(width=80, file=StringIO())
    with console.capture() as captured:
        cli_bases.report(console, counts)
    return captured.get()


def test_a_habit_shows() -> None:
    lines = shown(COUNTS).splitlines()
    (few,) = (line for line in lines if "Vital interest" in line and "40" not in line)
    (many,) = (line for line in lines if "Vital interest" in line and "40" in line)
    assert few.count("█") == 1
    assert many.count("█") == cli_bases.WIDTH
    assert many.split()[-4:] == ["12", "3", "2", "5"]
    assert "41 of 741 acts with content went without the person's consent, 5.5 %" in lines[-1]
    assert sum("Obligation by law" in line for line in lines) == 1, "each in one line"
    assert sum("2026-11" in line for line in lines) == 1


def test_nothing_has_moved() -> None:
    assert shown([]).strip() == "No content has moved in these months."


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--node", "https://node.a.example"],
        ["--node", "https://node.a.example", "--key", "no-such-file.jwk"],
    ],
)
def test_what_people_get_wrong(arguments: list[str], tmp_path: Path) -> None:
    answer = run(cli.app, ["bases", *arguments])
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output
