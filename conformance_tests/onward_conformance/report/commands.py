"""Commands for reports that are there already: `report`, `sign`, `verify`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from onward_conformance import __version__
from onward_conformance.profiles import chosen
from onward_conformance.report import document, signed, terminal
from onward_conformance.report.files import Files, FilesError
from onward_conformance.report.words import verdict
from onward_conformance.results import Verdict

ReportFile = Annotated[Path, typer.Argument(help="A report that `run --json` has written.")]
SpecOption = Annotated[
    str, typer.Option("--spec", help="Where spec.md is, for links: ./FOLDER, ../, / or https://.")
]
HtmlOption = Annotated[Path | None, typer.Option("--html", help="Write a page for people here.")]
JunitOption = Annotated[Path | None, typer.Option("--junit", help="Write JUnit's XML here.")]
BadgeOption = Annotated[Path | None, typer.Option("--badge", help="Write an SVG badge here.")]


def refuse(fault: Exception | str) -> NoReturn:
    """Say what is wrong with how the command was used, and end it with 2."""
    typer.echo(f"error: {fault}", err=True)
    raise typer.Exit(2)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        refuse(f"can't read {path}: {fault.strerror}")


def _json(path: Path) -> Any:
    try:
        return json.loads(_bytes(path))
    except ValueError as fault:
        refuse(f"{path} is no JSON: {fault}")


def report(
    path: ReportFile,
    html: HtmlOption = None,
    junit: JunitOption = None,
    badge: BadgeOption = None,
    spec: SpecOption = "",
) -> None:
    """Show a report, and make the other forms of it. Exits as the run did."""
    files = Files(junit=junit, html=html, badge=badge, spec=spec)
    try:
        files.check()
        run = document.read(_bytes(path))
    except (FilesError, document.ReportError) as fault:
        refuse(fault)
    terminal.show(run, Console(), "target.toml")
    for written in files.write(run):
        typer.echo(f"Written: {written}")
    raise typer.Exit(run.exit_code)


def sign(
    path: ReportFile,
    key: Annotated[Path, typer.Option("--key", help="The agency's private signing key, a JWK.")],
) -> None:
    """Sign a report, where the key is not where the run was. Writes REPORT.jws beside it."""
    try:
        token = signed.sign(_bytes(path), signed.key(key))
    except signed.SignatureError as fault:
        refuse(fault)
    made = path.with_suffix(".jws")
    made.write_text(token + "\n", encoding="utf-8")
    typer.echo(f"Written: {made}")


def verify(
    path: Annotated[Path, typer.Argument(help="A signed report, .jws.")],
    trust_list: Annotated[
        Path | None, typer.Option("--trust-list", help="The list whose member signed it.")
    ] = None,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", help="The authorities of that list.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", help="A public JWK, in place of list and anchors.")
    ] = None,
    agency: Annotated[str, typer.Option(help="The agency whose report it has to be.")] = "",
    environment: Annotated[str, typer.Option(help="With --key: the report's.")] = "test",
    suite: Annotated[
        list[str] | None, typer.Option(help="A version that is good enough; else this one.")
    ] = None,
    max_age: Annotated[int, typer.Option(min=0, help="Days since the run, at the most.")] = 30,
    html: HtmlOption = None,
    spec: SpecOption = "",
) -> None:
    """Verify a signed report. Exits 0 only if it is good and its target conforms."""
    now = datetime.now(UTC)
    files = Files(html=html, spec=spec)
    try:
        files.check()
        if key and not trust_list and not anchors:
            signer = signed.public_key(key, environment)
        elif trust_list and anchors and not key:
            signer = signed.listed(_json(trust_list), _json(anchors), now)
        else:
            refuse("name --trust-list and --anchors, or --key alone")
        run = signed.check(
            _bytes(path).decode("ascii", "replace"), signer, now, agency=agency,
            suites=suite or [__version__], max_age=timedelta(days=max_age),
        )  # fmt: skip
        if run.suite == __version__ and not run.only:
            signed.nothing_left_out(run, chosen(run.profiles))
    except (signed.SignatureError, FilesError) as fault:
        refuse(fault)
    files.write(run)
    console = Console()
    who = "a listed key of that agency" if signer.agencies else "the key that was given"
    console.print(terminal.table(run))
    console.print(Text(verdict(run), terminal.VERDICTS[run.overall]))
    console.print(
        Text(
            f"Signed by {who}, about {run.agency}; environment {run.environment},"
            f" suite {run.suite}, run on {run.started:%Y-%m-%d}."
        )
    )
    if run.overall is not Verdict.CONFORMS:
        raise typer.Exit(1 if run.overall is Verdict.FAILS else 4)
