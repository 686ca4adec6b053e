"""`onward-node demo`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from onward_server.demo import page, terminal
from onward_server.demo.story import Choice, Story
from onward_server.demo.told import Told
from onward_server.demo.world import CLIENT, World


def run(transport: Choice, source: Path, show: Path | None, keep: bool) -> bool:
    """Play it, tell it, and end both nodes. True if everything went as it must.

    Raises ImportFault, Stuck or OnwardError if it can't go on.
    """
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="onward-demo-"))
    world: World | None = None
    kept = False
    try:
        with _bar(console) as bar:
            task = bar.add_task("making two nodes, their keys and a trust list", total=None)
            world = World.make(folder)
            bar.update(task, description="starting two nodes")
            world.start()
            told = _play(world, source, transport, bar, task)
        terminal.show(told, console)
        if show is not None:
            show.write_text(page.render(told), encoding="utf-8")
            console.print(f"The story in pictures: {show}")
        if keep:
            _say_how(world, console)
            kept = True
        return told.good
    finally:
        if not kept:
            if world is not None:
                world.stop()
            shutil.rmtree(folder, ignore_errors=True)


def _bar(console: Console) -> Progress:
    """What is happening stands beside the bar; the bar moves when something is finished."""
    return Progress(
        SpinnerColumn(), BarColumn(bar_width=24), TimeElapsedColumn(),
        TextColumn("{task.description}"), console=console, transient=True,
    )  # fmt: skip


def _play(world: World, source: Path, transport: Choice, bar: Progress, task: TaskID) -> Told:
    def progress(what: str) -> None:
        bar.update(task, completed=story.done, total=story.total, description=what)

    story = Story(world, transport, progress)
    return story.tell(source)


def _say_how(world: World, console: Console) -> None:
    console.print("\nBoth nodes are still running. End them by their pids.", style="bold")
    for site in world.sites:
        pid = site.process.pid if site.process else "?"
        console.print(f"[bold]{site.agency}[/bold]  pid {pid}")
        console.print(f"  REST      {site.issuer}        API page {site.issuer}/docs")
        console.print(f"  gRPC      {site.grpc}")
        client_key, login_key = site.save_credentials(site.folder)
        console.print(f"  client    {CLIENT}, key {client_key}")
        console.print(f"  login key {login_key}")
    console.print(f"Everything lies in {world.folder}; delete it when you are done.")
