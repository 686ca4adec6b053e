"""`onward-node demo --stories`."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from onward_server.app.settings import SettingsError
from onward_server.demo.stage import show
from onward_server.demo.stage.network import Network
from onward_server.demo.stage.nursery import Nursery
from onward_server.demo.stage.run import run
from onward_server.demo.stories import STORIES, Story, find
from onward_server.demo.story import Choice


def chosen(wanted: str) -> tuple[Story, ...]:
    """One story by number or name, or all. Raises SettingsError if there is no such story."""
    stories = find(wanted)
    if not stories:
        names = ", ".join(f"{one.number} {one.name}" for one in STORIES)
        raise SettingsError(f"there is no story {wanted!r}: there are {names}")
    return stories


def play(stories: Sequence[Story], choice: Choice, console: Console) -> bool:
    """Play stories, and show them. True if each ended as it should.

    Raises SettingsError if a node can't start.
    """
    folder = Path(tempfile.mkdtemp(prefix="onward-stories-"))
    network: Network | None = None
    begun = time.monotonic()
    try:
        with _bar(console) as bar, Nursery() as nursery:
            task = bar.add_task("making four nodes, their keys and a trust list", total=None)
            network = Network.make(folder, nursery)
            bar.update(task, description="starting four nodes")
            network.start(network.sites)
            tellings = run(
                network, stories, choice,
                lambda done, of, what: bar.update(
                    task, completed=done, total=of, description=what
                ),
            )  # fmt: skip
        show.show(tellings, console, time.monotonic() - begun)
        return all(one.good for one in tellings)
    finally:
        if network is not None:
            network.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(), BarColumn(bar_width=24), TimeElapsedColumn(),
        TextColumn("{task.description}"), console=console, transient=True,
    )  # fmt: skip
