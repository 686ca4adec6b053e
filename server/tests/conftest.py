"""Fixtures that several test files share."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapter_world import World
from circle import Circle
from forked import Nursery
from knocking import LOCATORS
from nodes import Pair
from onward.core import wayproof
from onward_server.demo.world import Site

LONG = ("test_machine", "test_stories", "test_readme", "test_canary", "test_schema",
        "test_act_cells", "test_crash", "test_each_category", "test_conversation",
        "test_node_cli", "test_project", "test_demo_input", "test_docs")  # fmt: skip
"""Files that take long, the longest first: at the end one of them would run alone."""


MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    """Temporary folders lie in memory where there is room: nodes wait for their disk more than for
    anything else. What a power cut would take is not what these tests can show.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
    # The tests start hundreds of processes. Where this is set, as in many containers, each would
    # compile all of this project anew: a third of its start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files. The others keep their order."""
    turn = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: turn.get(item.path.stem, len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests stay in one worker: many share two processes that are dear to start."""
    from xdist.scheduler import LoadFileScheduling

    # In the order of the collection; by itself it would begin with the files of most tests.
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


NURSERY = Nursery()


@pytest.fixture(scope="module", autouse=True)
def _fast_nodes() -> Iterator[None]:
    """Nodes in processes of their own are forks of one that has loaded the server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Site, "start", lambda *asked: NURSERY.start(*asked))
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
