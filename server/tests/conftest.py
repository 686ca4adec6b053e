"""Fixtures that several test files share."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapter_world import World
from circle import Circle
from forked import NURSERY, fast_nodes
from knocking import LOCATORS
from nodes import Pair
from onward.core import wayproof


@pytest.fixture(scope="module", autouse=True)
def _fast_nodes() -> Iterator[None]:
    with fast_nodes():
        yield


def pytest_unconfigure() -> None:
    NURSERY.end()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Two nodes in this process."""
    made = Pair(tmp_path)
    yield made
    made.close()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Pair]:
    """Two nodes of environment live: nothing goes between them without an agreement."""
    made = Pair(tmp_path, "live")
    yield made
    made.close()


@pytest.fixture
def circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Circle]:
    """Four agencies on one list, three of them with the same locator; two hear complaints."""
    # What makes guessing slow would make these tests slow; test_knocks_guessing.py holds its cost.
    monkeypatch.setitem(wayproof.COST, "n", 2**4)
    made = Circle(tmp_path, LOCATORS, complaints=["peer", "fourth"])
    yield made
    made.close()


@pytest.fixture
def world() -> World:
    """A node whose answers the test sets, behind the real adapters."""
    return World()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected stays: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
