"""Which checks a run has: those of the profiles of a target, and of them what is asked."""

from __future__ import annotations

import pytest

from onward_conformance.checks import ALL
from onward_conformance.profiles import chosen, part


def test_by_profile() -> None:
    found = {one.profile for one in chosen(["destination"])}
    assert {"peer", "destination"} <= found
    assert not found & {"origin", "client", "without_destination"}
    assert {one.profile for one in chosen(["client"])} == {"client"}


def test_by_name_by_part_and_by_requirement() -> None:
    (one,) = chosen(["destination"], ["same-bytes-again"])
    assert one is ALL["same-bytes-again"]
    assert one in chosen(["destination"], ["DLV-013"])
    header = chosen(["destination"], ["header"])
    assert one in header
    assert {(each.profile, part(each)) for each in header} == {("peer", "header")}
    both = chosen(["destination"], ["header", "inside"])
    assert len(both) == len(header) + len(chosen(["destination"], ["inside"]))


def test_a_mistyped_name_is_answered_with_what_was_meant() -> None:
    with pytest.raises(ValueError, match=r"named heade. Do you mean header"):
        chosen(["destination"], ["heade"])
    with pytest.raises(ValueError, match=r"named xyzzyq$"):
        chosen(["destination"], ["xyzzyq"])


def test_what_is_asked_for_never_goes_beyond_what_is_declared() -> None:
    assert chosen(["client"], ["header"]) == []


@pytest.mark.parametrize("word", ["no-such-check", "DLV-999", "heade"])
def test_what_nobody_answers_to_is_an_error(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        chosen(["destination"], ["header", word])
