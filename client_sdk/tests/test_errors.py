"""One exception for each reason, and one reason for each exception."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

from onward import errors
from onward.core import spec
from onward.core.refused import Refused
from onward.v1 import errors_pb2
from onward.v1.entry_pb2 import Head, Heads
from onward.v1.errors_pb2 import Problem

GROUPS = {
    "InvalidRequest": (1, 19),
    "PeerRefused": (20, 39),
    "NotAuthorised": (40, 59),
    "ReferralConflict": (60, 79),
    "ConsentRefused": (80, 99),
    "NodeFailed": (100, 119),
}
OTHERS = {"TransportFailed", "TokenRefused"}


def classes() -> dict[str, type[errors.OnwardError]]:
    found = inspect.getmembers(errors, inspect.isclass)
    return {
        name: kind
        for name, kind in found
        if issubclass(kind, errors.OnwardError) and kind is not errors.OnwardError
    }


def camel(reason: str) -> str:
    return "".join(word.capitalize() for word in reason.split("_"))


def test_every_reason_has_one_class_and_every_class_one_reason() -> None:
    assert set(errors.BY_REASON) == set(spec.reasons())
    written = set(classes()) - set(GROUPS) - OTHERS
    assert written == {camel(reason) for reason in spec.reasons()}
    for reason, kind in errors.BY_REASON.items():
        assert kind.reason == reason
        assert kind is getattr(errors, camel(reason))


@pytest.mark.parametrize("reason", spec.reasons())
def test_a_reason_stands_in_the_group_of_its_number(reason: str) -> None:
    number = errors_pb2.Reason.Value(f"REASON_{reason}")
    (parent,) = errors.BY_REASON[reason].__bases__
    first, last = GROUPS[parent.__name__]
    assert first <= number <= last


def test_the_tree_is_drawn_as_it_is() -> None:
    drawn = errors.__doc__ or ""
    for name in classes():
        assert name in drawn


@pytest.mark.parametrize("reason", spec.reasons())
def test_a_problem_becomes_its_exception(reason: str) -> None:
    heads = Heads(origin=Head(seq=1, hash="a" * 43), destination=Head())
    number: Any = errors_pb2.Reason.Value(f"REASON_{reason}")
    error = errors.from_problem(Problem(reason=number, pointer="/items/0", heads=heads))
    assert type(error) is errors.BY_REASON[reason]
    assert (error.reason, error.pointer, error.heads) == (reason, "/items/0", heads)
    assert error.text == spec.reasons()[reason].text
    assert error.transient == (reason == "UNAVAILABLE")
    refused = errors.from_refused(Refused(reason, "/items/0", heads))
    assert (type(refused), refused.heads) == (type(error), heads)


def test_an_unknown_reason_is_a_failure_of_the_node_and_no_guess() -> None:
    for number in (0, 9999):
        error = errors.from_problem(Problem(reason=number, pointer="/items"))  # type: ignore[arg-type]
        assert type(error) is errors.NodeFailed
        assert (error.reason, error.pointer, error.heads) == ("", "/items", None)
        assert not error.transient
    assert errors.from_reason("NO_SUCH_REASON") is None
    assert errors.from_reason("") is None


def test_what_another_machine_says_is_shown_only_if_it_is_a_place_or_a_code() -> None:
    assert errors.StateConflict("/items/0\nAmina").pointer == ""
    assert errors.StateConflict("Amina").pointer == ""
    assert errors.TokenRefused("Amina").code == ""
    assert "Amina" not in repr((errors.StateConflict("Amina"), errors.TokenRefused("Amina")))
    assert str(errors.TokenRefused("invalid_client")).startswith("TokenRefused invalid_client")
    assert str(errors.StateConflict("/items/0")).startswith("STATE_CONFLICT at /items/0: ")
    assert errors.InvalidField(expected="\x1b[2J").expected == ""
    told = str(errors.InvalidField("/hours", expected="integer, maximum 72"))
    assert told.endswith(" Expected: integer, maximum 72")
    assert str(errors.TransportFailed("ConnectError")).startswith("TransportFailed: No answer")


def test_an_error_survives_pickling() -> None:
    error = errors.HeadsChanged("", Heads(origin=Head(seq=3)))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.heads) == (type(error), error.heads)
    for one in (errors.TransportFailed("timeout"), errors.TokenRefused("invalid_scope")):
        assert vars(pickle.loads(pickle.dumps(one))) == vars(one)
