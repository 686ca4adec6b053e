"""What results say can be read by who writes a node in another language than the suite's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from runs import in_python, result

import onward_conformance
from onward_conformance.results import Failed, Outcome, spelled
from onward_conformance.said import told
from onward_conformance.wire import Answer

PACKAGE = Path(onward_conformance.__file__).parent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("WRONG_RECIPIENT", "WRONG_RECIPIENT"),
        (None, "nothing"),
        (True, "true"),
        (3, "3"),
        ({"seq": 3, "hash": None}, '{"seq": 3, "hash": null}'),
        (told({"seq": [1, {"x": "ü"}]}), '{"seq": [1, {"x": "ü"}]}'),
        (("acknowledged", 2), '["acknowledged", 2]'),
        ({"b", "a"}, '["a", "b"]'),
        ([("a", {"b"})], '[["a", ["b"]]]'),
        (Answer(said={"b": 1, "a": 2}), 'an answer with ["a", "b"]'),
        (10**5000, "a value that JSON has not"),
    ],
    ids=lambda one: one if isinstance(one, str) else type(one).__name__,
)
def test_a_value_is_spelled_as_json_or_in_words(value: object, text: str) -> None:
    assert spelled(value) == text
    failed = Failed(value, value)
    assert (failed.expected, failed.came, str(failed)) == (
        text,
        text,
        f"expected {text}; came {text}",
    )
    assert in_python([result("x", Outcome.FAIL, expected=text, came=text)]) == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [([], "a list"), (None, "nothing"), (5, "a number"), ("", "text"), (True, "true")],
)
def test_what_is_no_object_is_named_as_json_names_it(value: object, kind: str) -> None:
    with pytest.raises(Failed) as failed:
        told(value)
    assert failed.value.came == kind


@pytest.mark.parametrize("text", ["None", "{'a': 1}", "seq True", "['a']", "('a', 2)", "Row([])"])
def test_what_is_python_is_seen(text: str) -> None:
    assert in_python([result("x", Outcome.FAIL, came=text)]) == [text]


NAMES = {"Failed", "Missing", "Bad"}
VALUES = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp)


def texts() -> Iterator[tuple[str, ast.JoinedStr]]:
    """Each text with a value in it that a check puts into a failure."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in NAMES:
                for argument in call.args:
                    for one in ast.walk(argument):
                        if isinstance(one, ast.JoinedStr):
                            yield f"{path.relative_to(PACKAGE)}:{one.lineno}", one


def wrong(one: ast.JoinedStr) -> bool:
    """Whether it would write a value as Python does."""
    values = [each for each in one.values if isinstance(each, ast.FormattedValue)]
    called = {
        getattr(each.value.func, "id", getattr(each.value.func, "attr", ""))
        for each in values
        if isinstance(each.value, ast.Call)
    }
    return (
        (isinstance(one.values[0], ast.FormattedValue) and len(one.values) == 1)
        or any(each.conversion != -1 or isinstance(each.value, VALUES) for each in values)
        or bool(called & {"get", "sorted", "set", "list", "tuple", "dict"})
    )


def test_checks_hand_over_values_and_not_what_python_makes_of_them() -> None:
    found = list(texts())
    assert len(found) > 50
    assert [place for place, one in found if wrong(one)] == []
