"""The command `onward-conformance`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from onward_conformance.check import Bench
from onward_conformance.report import explained, summary, to_json, to_junit
from onward_conformance.results import Outcome, Result, passed
from onward_conformance.runner import chosen, run as run_checks
from onward_conformance.target import TEMPLATE, Target, TargetError, load

app = typer.Typer(
    help="Tests whether a node keeps to the Onward specification.", no_args_is_help=True,
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip

TargetFile = Annotated[Path, typer.Argument(help="What the suite has to know of the node.")]


def _load(path: Path) -> Target:
    try:
        return load(path)
    except TargetError as fault:
        typer.echo(f"error: {fault}", err=True)
        raise typer.Exit(2) from None


@app.command()
def init(path: TargetFile = Path("target.toml")) -> None:
    """Write a target file with comments."""
    if path.exists():
        typer.echo(f"error: {path} is there already", err=True)
        raise typer.Exit(2)
    path.write_text(TEMPLATE, encoding="utf-8")
    typer.echo(
        f"Written: {path}. Say in it where your node is; then `onward-conformance trust {path}`."
    )


@app.command()
def trust(path: TargetFile = Path("target.toml")) -> None:
    """Write the anchors and the trust list that the node under test is to use."""
    target = _load(path)
    network = target.network()
    for name, content in (("anchors", network.anchors()), ("trust-list", network.trust_list())):
        file = target.folder / f"{name}.json"
        file.write_text(json.dumps(content, indent=1), encoding="utf-8")
        typer.echo(f"Written: {file}")
    partners = ", ".join((network.partner.name, network.second.name))
    typer.echo(f"Give both to your node, and accept as partners: {partners}.")


@app.command()
def smoke(path: TargetFile = Path("target.toml")) -> None:
    """See whether the node can be reached and knows the suite, before anything counts."""
    target = _load(path)
    for way in target.ways:
        (result,) = run_checks(
            Bench(target.network(), target.wire(way)), chosen(["good-offer-is-receipted"])
        )
        typer.echo(f"{way}: {'well' if result.outcome is Outcome.PASS else result.came}")
        if result.outcome is not Outcome.PASS:
            raise typer.Exit(1)


@app.command(name="list")
def list_checks() -> None:
    """List the checks, with the requirements that each is about."""
    table = Table("Check", "Requirements", "About")
    for one in chosen([]):
        table.add_row(one.name, " ".join(one.requirements), one.about)
    Console().print(table)


@app.command()
def run(
    path: TargetFile = Path("target.toml"),
    only: Annotated[list[str] | None, typer.Option(help="A check, or a requirement's id.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the report here.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit report here.")] = None,
) -> None:
    """Run the checks. Exits 0 only if nothing failed."""
    target = _load(path)
    try:
        checks = chosen(only or [])
    except ValueError as fault:
        typer.echo(f"error: {fault}", err=True)
        raise typer.Exit(2) from None
    console = Console()
    found: dict[str, list[Result]] = {}
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    for way in target.ways:
        wire = target.wire(way)
        with Progress(*bar, console=console, transient=True) as progress:
            task = progress.add_task(way, total=len(checks))
            found[way] = []
            for result in run_checks(Bench(target.network(), wire), checks):
                found[way].append(result)
                progress.advance(task)
        wire.close()
        for result in found[way]:
            if result.outcome is not Outcome.PASS:
                console.print(explained(result, way, path), soft_wrap=True)
    console.print(summary(found))
    if json_file:
        json_file.write_text(to_json(target.entry["agency"], found), encoding="utf-8")
    if junit:
        junit.write_text(to_junit(found), encoding="utf-8")
    if not all(passed(results) for results in found.values()):
        raise typer.Exit(1)


def main() -> None:
    """The entry point."""
    app()
