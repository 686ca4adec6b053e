"""How mutants are put in place."""

from __future__ import annotations

import pytest
from mutation import Mutant, broken

from onward.core import entries

HEAD = Mutant(
    "RCPT-003", "onward.core.entries",
    "return Head(seq=len(log), hash=log[-1].hash) if log else Head()", "return Head(seq=7)",
)  # fmt: skip


def test_a_place_that_is_gone_is_told() -> None:
    gone = Mutant("RCPT-003", "onward.core.entries", "nobody wrote this", "")
    with pytest.raises(AssertionError, match="0 times"), broken(gone):
        pass


def test_a_function_is_another_as_long_as_the_mutant_lasts() -> None:
    with broken(HEAD):
        assert entries.head([]).seq == 7
    assert entries.head([]).seq == 0


def test_a_constant_is_another_as_long_as_the_mutant_lasts() -> None:
    version = Mutant("DLV-008", "onward.core.entries", 'VERSION = "1.0"', 'VERSION = "1.1"')
    with broken(version):
        assert entries.VERSION == "1.1"
    assert entries.VERSION == "1.0"
