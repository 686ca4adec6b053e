"""requirements.md: each requirement once, in order, and every name in it exists."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor

from onward.core import spec

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/requirements.md").read_text("utf-8")
SPEC = (ROOT / "docs/spec.md").read_text("utf-8")
STATES = ("carried", "partly", "not yet")

NAME = re.compile(r"(act )?`([^`]+)`")
LEGEND = re.compile(r"^- \*\*(\w+)\*\*: .* \(`([^`]+)`\)$", re.MULTILINE)
ROW = re.compile(r"^\| R[0-9]{3} \|.*$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    id: str
    asked: str
    state: str
    carried_by: str
    shown_by: str
    remark: str


ROWS = [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in ROW.findall(TEXT)]
TESTS = dict(LEGEND.findall(TEXT))


def field(descriptor: Descriptor | None, path: str) -> bool:
    """Whether the message has the field, and that one the next, and so on."""
    for step in path.split("."):
        found = descriptor.fields_by_name.get(step) if descriptor else None
        if found is None:
            return False
        descriptor = found.message_type
    return True


def exists(act: str, name: str) -> bool:
    """Whether a name in the column of what carries it is one of the specification."""
    if act:
        return name in spec.acts()
    if re.fullmatch(r"[A-Z]{3,4}-[0-9]{3}", name):
        return f"[{name}]" in SPEC
    if found := re.fullmatch(r"([a-z_]+):([a-z0-9_]+|\*)", name):
        registry = spec.registries().get(found[1])
        return registry is not None and (found[2] == "*" or found[2] in registry.codes)
    if re.fullmatch(r"[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+", name):
        return f"{spec.PACKAGE}.{name}" in spec.rpcs()
    if found := re.fullmatch(r"([A-Z][A-Za-z]+)\.([a-z0-9_.]+)", name):
        return field(spec.messages().get(f"{spec.PACKAGE}.{found[1]}"), found[2])
    if found := re.fullmatch(r"([a-z_]+)\.([a-z0-9_.]+)", name):
        category = spec.categories().get(found[1])
        return category is not None and field(category.descriptor, found[2])
    return False


@cache
def functions(path: str) -> frozenset[str]:
    """The tests in a file; none if there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def is_test(name: str) -> bool:
    """Whether a name such as docs/tests/test_x.py::test_y is a test."""
    path, _, function = name.partition("::")
    return function.startswith("test_") and function in functions(path)


def test_each_requirement_stands_once_and_in_order() -> None:
    assert [row.id for row in ROWS] == [f"R{number:03}" for number in range(1, 165)]


def test_the_counts_at_the_head_are_right() -> None:
    count = Counter(row.state for row in ROWS)
    assert set(count) <= set(STATES)
    told = ". ".join(f"{name.capitalize()}: {count[name]}" for name in STATES)
    assert f"\n{told}.\n" in TEXT


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_name_exists(row: Row) -> None:
    carriers = NAME.findall(row.carried_by)
    bare = re.sub(r"[\s,]", "", NAME.sub("", row.carried_by))
    assert bare == "", "only names stand in this column"
    assert [name for act, name in carriers if not exists(act, name)] == []
    shown = [name for _, name in NAME.findall(row.shown_by)]
    by_word = re.findall(r"\*\*(\w+)\*\*", row.shown_by)
    assert [word for word in by_word if word not in TESTS] == []
    assert [name for name in shown if not is_test(name)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_state_is_told_with_what_it_needs(row: Row) -> None:
    assert row.asked
    if row.state == "not yet":
        assert row.remark
        assert not row.shown_by
    else:
        assert row.carried_by
        assert row.shown_by
        assert row.remark or row.state == "carried"


def test_words_that_stand_for_tests_are_tests() -> None:
    assert TESTS
    assert [name for name in TESTS.values() if not is_test(name)] == []
    used = {word for row in ROWS for word in re.findall(r"\*\*(\w+)\*\*", row.shown_by)}
    assert used == set(TESTS)


@pytest.mark.parametrize(
    "name",
    [
        "name.nothing", "nothing.first_name", "name.first_name.more", "sex:nothing", "nothing:*",
        "CODE-999", "Referrals.Nothing", "Nothing.Decide", "Entry.nothing", "sex",
    ],
)  # fmt: skip
def test_a_name_that_does_not_exist_is_found(name: str) -> None:
    assert not exists("", name)
    assert not exists("act ", "nothing")
    assert not is_test("docs/tests/test_requirements_table.py::test_nothing")
    assert not is_test("docs/tests/test_nothing.py::test_every_name_exists")


def test_errors_that_are_answered_are_reasons() -> None:
    table = TEXT.partition("\n## Errors\n")[2]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 18
    for _, _, answered, _, _ in rows:
        names = re.findall(r"`([A-Z_]+)`", answered)
        assert names or answered.strip() in ("no error", "not yet", "not needed")
        assert set(names) <= set(spec.reasons())
