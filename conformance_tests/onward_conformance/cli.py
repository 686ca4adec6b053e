"""The command `onward-conformance`."""

from __future__ import annotations

import json
import sys
import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onward_conformance import __version__, known
from onward_conformance.check import Bench, Check
from onward_conformance.checks import ALL
from onward_conformance.report import signed, terminal
from onward_conformance.report.commands import (
    BadgeOption,
    HtmlOption,
    JunitOption,
    SpecOption,
    refuse,
    report,
    sign,
    verify,
)
from onward_conformance.report.files import Files, FilesError
from onward_conformance.requirements import spec_version
from onward_conformance.results import WAYS, Outcome, Result, Run
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
        refuse(fault)


@app.command()
def init(path: TargetFile = Path("target.toml")) -> None:
    """Write a target file with comments."""
    if path.exists():
        refuse(f"{path} is there already")
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


app.command()(report)
app.command()(sign)
app.command()(verify)


@app.command()
def run(
    path: TargetFile = Path("target.toml"),
    only: Annotated[list[str] | None, typer.Option(help="A check, or a requirement's id.")] = None,
    known_failing: Annotated[
        Path | None, typer.Option(help="Failures that are known: `check[ transport]  # reason`.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the report here.")] = None,
    junit: JunitOption = None,
    html: HtmlOption = None,
    badge: BadgeOption = None,
    key: Annotated[
        Path | None, typer.Option("--sign", help="Sign the JSON report with this JWK.")
    ] = None,
    spec: SpecOption = "",
) -> None:
    """Run the checks.

    Exits 0 if everything that was asked for has passed, 1 if something failed, 2 if the command
    can't be carried out, 3 for a fault of the suite itself, 4 if something was not tested.
    """
    target = _load(path)
    try:
        checks = chosen(only or [])
        lines = known.read(known_failing, ALL) if known_failing else []
        signer = signed.key(key) if key else None
        files = Files(json_file, junit, html, badge, signer, spec)
        files.check()
    except (ValueError, known.KnownError, signed.SignatureError, FilesError) as fault:
        refuse(fault)
    console = Console()
    started, began = datetime.now(UTC), time.monotonic()
    results, stale = known.apply(_played(target, checks, console), lines, whole=not only)
    done = Run(
        results=tuple(results), stale=tuple(stale), only=tuple(only or ()),
        agency=target.entry["agency"], environment=target.environment,
        implementation=getattr(target, "implementation", ""),
        version=getattr(target, "version", ""), commit=getattr(target, "commit", ""),
        profiles=tuple(getattr(target, "profiles", ("destination",))), ways=tuple(target.ways),
        started=started, seconds=time.monotonic() - began, suite=__version__, spec=spec_version(),
    )  # fmt: skip
    terminal.show(done, console, str(path))
    for written in files.write(done):
        console.print(f"Written: {written}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(done.exit_code)


def _played(target: Target, checks: list[Check], console: Console) -> list[Result]:
    """The results over every transport, with the progress as they come."""
    found: list[Result] = []
    for way in target.ways:
        wire = target.wire(way)
        made = (replace(one, way=way) for one in run_checks(Bench(target.network(), wire), checks))
        found += terminal.watched(made, len(checks), WAYS[way], console)
        wire.close()
    return found


def main() -> None:
    """The entry point. Whatever nobody thought of is the suite's fault, and never the target's."""
    try:
        app()
    except Exception:
        traceback.print_exc()
        sys.exit(3)
