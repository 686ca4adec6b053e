"""How a whole run goes: where tests write, which begin, and which stay together in one worker."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from onward_server.demo import world

MEMORY = Path("/dev/shm")
LEAST = 2 * 1024**3
"""So many bytes have to be free there. A whole run needs less than half of it."""

LONG = ("test_reference", "test_machine", "test_mutants", "test_readme", "test_stories",
        "test_canary", "test_schema", "test_act_cells", "test_act_crossings", "test_crash",
        "test_each_category", "test_conversation", "test_node_conformance", "test_node_cli",
        "test_project", "test_demo_input", "test_docs")  # fmt: skip
"""Files that take long, the longest first: at the end one of them would run alone."""

WORKERS = 5
"""So many at the most have ports that no other has."""

PARTS = {"test_mutants.py": 40}
"""Files whose tests share nothing, and go to the workers in so many parts."""


def pytest_configure(config: pytest.Config) -> None:
    """Tests write in memory, where there is such a place, unless TMPDIR is set.

    Nodes wait for the disk with each act that they answer, and the tests make some ten thousand.
    What they show of a crash is that of a process that is killed, which loses nothing that it has
    written.
    """
    free = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free
    if "TMPDIR" not in os.environ and free > LEAST:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
    # The tests start hundreds of processes. Where this is set, as in many containers, each would
    # compile all of this project anew: a third of its start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    _ports()
    # A test that has no settings of its own finds the same in each run, however slow the machine.
    settings.register_profile(
        "onward",
        deadline=None,
        derandomize="ONWARD_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("onward")


def _ports() -> None:
    """Each worker gives ports of its own to the nodes that it starts."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    share = len(world.PORTS) // WORKERS
    first = world.PORTS.start + int(worker) % WORKERS * share
    world.PORTS = range(first, first + share)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files. The others keep their order."""
    turn = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: turn.get(item.path.stem, len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests stay in one worker: many share two processes that are dear to start."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            parts = PARTS.get(Path(file).name, 1)
            return f"{file} {crc32(nodeid.encode()) % parts}"

    # In the order of the collection; by itself it would begin with the files of most tests.
    config.option.loadscopereorder = False
    return ByFile(config, log)
