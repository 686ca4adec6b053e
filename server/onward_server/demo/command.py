"""`onward-node demo`."""

from __future__ import annotations

import shutil
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from onward.errors import OnwardError
from onward.importers import ImportFault, sample_folder
from onward_server.demo import page, terminal
from onward_server.demo.desks import Stuck
from onward_server.demo.story import Story
from onward_server.demo.told import Told
from onward_server.demo.world import CLIENT, World


class Transports(StrEnum):
    """Which transport the agencies' own software uses."""

    rest = "rest"
    grpc = "grpc"
    both = "both"


def demo(
    transport: Annotated[
        Transports, typer.Option(help="Transport of the agencies' software: by turns, or one.")
    ] = Transports.both,
    input: Annotated[
        Path | None,
        typer.Option(help="A folder with cases.xlsx or cases.csv, consents.csv and wishes.csv."),
    ] = None,
    show: Annotated[
        Path | None, typer.Option(help="Write the story as one self-contained HTML page.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave both nodes running, and say how to reach them.")
    ] = False,
) -> None:
    """Two agencies hand over cases: consent, offer, disclosure, trouble, and proof.

    Two nodes run on this machine, each its own process. Exits with 1 if any check fails.
    """
    console = Console()
    source = input or sample_folder()
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
        if not told.good:
            raise typer.Exit(1)
    except (ImportFault, Stuck, OnwardError) as fault:
        Console(stderr=True).print(f"[red]onward-node:[/red] {fault}", highlight=False)
        raise typer.Exit(1) from None
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


def _play(world: World, source: Path, transport: Transports, bar: Progress, task: TaskID) -> Told:
    def progress(what: str) -> None:
        bar.update(task, completed=story.done, total=story.total, description=what)

    story = Story(world, transport.value, progress)
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
