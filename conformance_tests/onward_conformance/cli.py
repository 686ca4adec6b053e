"""The command `onward-conformance`."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onward_conformance import __version__, ended, known
from onward_conformance.check import Check
from onward_conformance.checks import ALL
from onward_conformance.cli_explain import register
from onward_conformance.network import Way
from onward_conformance.profiles import chosen
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
from onward_conformance.runner import run as run_checks
from onward_conformance.session import bench
from onward_conformance.target import Target, TargetError
from onward_conformance.target_file import TEMPLATE, load

app = typer.Typer(
    help="Tests whether a node keeps to the Onward specification.", no_args_is_help=True,
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip

FIRST = "good-offer-is-receipted"
"""What a node has to manage before anything else of it can be tested."""

NEW_KEYS = (
    "The suite's keys are new. A node that knew it by others, or had another list, has to be"
    " set up anew: with an empty database, these anchors, this list, and these partners accepted."
)
SAME_KEYS = (
    "The suite's keys are those of before: a node that is set up for them needs the new list alone."
)

TargetFile = Annotated[Path, typer.Argument(help="What the suite has to know of the node.")]


def _load(path: Path) -> Target:
    try:
        return load(path)
    except TargetError as fault:
        refuse(fault)


def _known(path: Path) -> Target:
    """A target that is about to be tested. Its node knows the suite's agencies by their list."""
    target = _load(path)
    if not target.is_client and target.kept() is None:
        typer.echo(
            "The node does not know the suite: its keys are new, or agency.json or [suite] changed."
            f" `onward-conformance trust {path}`, and give the node what that writes.",
            err=True,
        )
    return target


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
    if target.is_client:
        refuse("a client needs no trust list: the suite plays its node")
    new = target.kept() is None
    network = target.network()
    for file in target.write(network):
        typer.echo(f"Written: {file}")
    typer.echo("Give anchors and list to your node. Accept as partners (partners.json):")
    for entry in network.entries:
        partners = network.accepted(entry["agency"])
        typer.echo(f"  at {entry['agency']}: {', '.join(partners)}")
    typer.echo(NEW_KEYS if new else SAME_KEYS)


@app.command()
def smoke(path: TargetFile = Path("target.toml")) -> None:
    """See whether the target can be reached and knows the suite, before anything counts."""
    target = _known(path)
    first = chosen(target.profiles, [FIRST]) or chosen(target.profiles)
    for way in target.ways:
        (result,) = _played(target, way, first[:1])
        well = result.outcome is Outcome.PASS
        said = "well" if well else f"expected {result.expected}, came {result.came}"
        if result.outcome is Outcome.ERROR:
            said = f"a fault of the suite: {result.came}"
        typer.echo(f"{way}: {said}")
        if not well:
            raise typer.Exit(3 if result.outcome is Outcome.ERROR else 1)


register(app)
app.command()(report)
app.command()(sign)
app.command()(verify)


@app.command()
def run(
    path: TargetFile = Path("target.toml"),
    only: Annotated[
        list[str] | None, typer.Option(help="A check, a part, or a requirement.")
    ] = None,
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
    can't be carried out, 3 for a fault of the suite itself, 4 if something was not tested. A run
    that is ended by Ctrl-C (130) or SIGTERM (143) writes its reports: the rest is not tested.
    """
    target = _known(path)
    try:
        asked = chosen(target.profiles, only or [])
        if not asked:
            raise ValueError(f"none of these checks is for a {' or '.join(target.profiles)}")
        checks = {way: [one for one in asked if one.over(way)] for way in target.ways}
        if not any(checks.values()):
            ways = " or ".join(WAYS[way] for way in target.ways)
            raise ValueError(f"none of these checks is made over {ways}")
        lines = known.read(known_failing, ALL) if known_failing else []
        signer = signed.key(key) if key else None
        files = Files(json_file, junit, html, badge, signer, spec)
        files.check()
    except (ValueError, known.KnownError, signed.SignatureError, FilesError) as fault:
        refuse(fault)
    console = Console()
    started, began = datetime.now(UTC), time.monotonic()
    found: list[Result] = []
    code = None
    try:
        with ended.heard():
            for way, those in checks.items():
                with closing(_played(target, way, those)) as made:
                    terminal.watched(ended.kept(made, found), len(those), WAYS[way], console)
    except ended.Ended as end:
        code = end.code
        found += ended.left(checks, found)
    results, stale = known.apply(found, lines, whole=not only)
    done = Run(
        results=tuple(results), stale=tuple(stale), only=tuple(only or ()),
        agency=target.agency, environment=target.environment, profiles=target.profiles,
        implementation=target.implementation, version=target.version, commit=target.commit,
        ways=tuple(target.ways), started=started, seconds=time.monotonic() - began,
        suite=__version__, spec=spec_version(),
    )  # fmt: skip
    terminal.show(done, console, str(path))
    for written in files.write(done):
        console.print(f"Written: {written}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(done.exit_code if code is None else code)


def _played(target: Target, way: Way, checks: list[Check]) -> Generator[Result]:
    """The results over one transport, as they come."""
    try:
        with bench(target, way) as made:
            yield from run_checks(made, checks)
    except TargetError as fault:
        refuse(fault)


def main() -> None:
    """The entry point. Whatever nobody thought of is the suite's fault, and never the target's."""
    try:
        app()
    except Exception:
        traceback.print_exc()
        sys.exit(3)
