"""The tools that keep the project in order, run as tests so that one command runs everything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TOOLS = {
    "ruff check": ["ruff", "check", "--no-cache", "."],
    "ruff format": ["ruff", "format", "--no-cache", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-cache"],
}

LONGEST = 400
"""Lines after which a file should be looked at: does it still hold one idea?"""


@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS.keys())
def test_tool(command: list[str]) -> None:
    tool = Path(sys.executable).parent / command[0]
    done = subprocess.run(
        [str(tool), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def tracked() -> list[Path]:
    """Files that belong to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def generated(path: Path) -> bool:
    """Whether a tool writes the file."""
    name = str(path.relative_to(ROOT))
    return name.startswith(("client_sdk/onward/v1/", "schemas/")) or "/versions/" in name


def test_no_python_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix == ".py" and not generated(path)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_nothing_names_this_machine_or_a_package_registry() -> None:
    places = re.compile(
        "|".join((re.escape(str(ROOT)) + "/", r"/home/\w+/", r"pypi\.org", r"registry\.npmjs"))
    )
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != Path(__file__).resolve()
        and places.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []
