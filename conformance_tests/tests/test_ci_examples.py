"""The workflow examples: what CI systems would run there are commands that exist."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from onward_conformance import cli

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples" / "ci"
EXAMPLES = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))}
SCRIPTS = ("run", "script", "before_script")
REPORTS = {"--json", "--junit", "--html", "--badge"}


def scripts(found: Any) -> Iterator[str]:
    """Every line that a CI system would hand to a shell."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name in SCRIPTS:
                texts = value if isinstance(value, list) else [value]
                yield from (line for text in texts for line in text.splitlines() if line.strip())
            else:
                yield from scripts(value)
    elif isinstance(found, list):
        for one in found:
            yield from scripts(one)


def settings(found: Any) -> Iterator[str]:
    """Every line of the other texts."""
    if isinstance(found, dict):
        values = [value for name, value in found.items() if name not in SCRIPTS]
        yield from (line for value in values for line in settings(value))
    elif isinstance(found, list):
        yield from (line for value in found for line in settings(value))
    elif isinstance(found, str):
        yield from found.splitlines()


def commands(text: str) -> list[list[str]]:
    """The words of each `onward-conformance`, without its name."""
    lines = [shlex.split(line) for line in scripts(yaml.safe_load(text))]
    return [words[1:] for words in lines if words and words[0] == "onward-conformance"]


def parse(words: list[str]) -> dict[str, Any]:
    """What the command line makes of them. Raises UsageError of the library that reads it."""
    group: Any = typer.main.get_command(cli.app)
    values: dict[str, Any] = group.commands[words[0]].make_context(words[0], words[1:]).params
    return values


def wrong_commands(text: str) -> list[str]:
    """The names of the commands in it that can't be read."""
    wrong = []
    for words in commands(text):
        try:
            parse(words)
        except KeyError:
            wrong.append(words[0])
        except Exception as fault:
            if type(fault).__name__ not in ("NoSuchOption", "UsageError"):
                raise
            wrong.append(words[0])
    return wrong


def test_there_are_two() -> None:
    assert set(EXAMPLES) == {"github-actions.yml", "gitlab-ci.yml"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_commands_are_commands(name: str) -> None:
    found = commands(EXAMPLES[name])
    assert [one[0] for one in found] == ["trust", "smoke", "run"]
    for words in found:
        assert parse(words)["path"] == Path("target.toml")
    assert set(found[-1]) >= REPORTS | {"--known-failing"}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("conformance run", "conformance walk"),
        ("--junit", "--junits"),
        ("smoke target", "smoke a b"),
    ],
)
def test_a_command_that_does_not_exist_is_seen(name: str, right: str, wrong: str) -> None:
    assert len(wrong_commands(EXAMPLES[name].replace(right, wrong))) == 1
    assert wrong_commands(EXAMPLES[name]) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_run_writes_is_kept_also_when_it_fails(name: str) -> None:
    words = commands(EXAMPLES[name])[-1]
    written = [words[words.index(one) + 1] for one in sorted(REPORTS)]
    kept = set(settings(yaml.safe_load(EXAMPLES[name])))
    assert set(written) <= kept
    assert kept & {"always", "${{ !cancelled() }}"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_installs_the_suite_from_no_named_place(name: str) -> None:
    installs = [one for one in scripts(yaml.safe_load(EXAMPLES[name])) if "pip install" in one]
    assert installs == ["python -m pip install 'onward[conformance]'"]
    assert "://" not in EXAMPLES[name]
