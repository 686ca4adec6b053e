"""The commands `list` and `explain`: what the suite tests, and why it does not test the rest."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from onward_conformance.check import Check
from onward_conformance.checks import ALL
from onward_conformance.coverage import Coverage, here
from onward_conformance.profiles import PROFILES, parts
from onward_conformance.report.words import group
from onward_conformance.requirements import Requirement, requirements


def register(app: typer.Typer) -> None:
    """Give a command line the commands of this file."""
    app.command(name="list")(list_checks)
    app.command()(explain)


def list_checks(
    profile: Annotated[
        list[str] | None,
        typer.Option(help=f"Only of this folder: peer, without_..., {', '.join(PROFILES)}."),
    ] = None,
) -> None:
    """List the checks by profile and part, with the requirements that each is about."""
    wanted = set(profile or [])
    if strange := sorted(wanted - {one.profile for one in ALL.values()}):
        _refuse(f"no check is of the profile {', '.join(strange)}")
    console = Console(highlight=False)
    for (folder, name), found in parts(ALL.values()).items():
        if wanted and folder not in wanted:
            continue
        head = Text.assemble(
            (f"{group(folder)}: {name}", "bold underline"), f"  {len(found)} checks\n"
        )
        console.print(head)
        for one in found:
            console.print(Text.assemble((one.name, "bold"), f"  {' '.join(one.requirements)}"))
            console.print(Padding(Text(one.about), (0, 0, 1, 2)))


def explain(
    name: Annotated[str, typer.Argument(help="A requirement's id such as DLV-013, or a check.")],
) -> None:
    """Say what a requirement asks for, and which checks test it, or why none does."""
    state = here(requirements(), ALL)
    console = Console(highlight=False)
    if name in ALL:
        _check(console, state, ALL[name])
    elif found := state.requirements.get(name.upper()):
        _requirement(console, state, found)
    else:
        _refuse(f"no requirement and no check is named {name}: `onward-conformance list`")


def _refuse(text: str) -> None:
    typer.echo(f"error: {text}", err=True)
    raise typer.Exit(2)


def _sentence(console: Console, one: Requirement) -> None:
    console.print(Text.assemble((one.id, "bold"), f"  {one.level}  {one.section}"))
    console.print(Padding(Text(one.sentence), (0, 0, 0, 2)))
    console.print(Padding(Text(f"docs/{one.anchor}", style="dim"), (0, 0, 0, 2)))


def _check(console: Console, state: Coverage, one: Check) -> None:
    console.print(Text.assemble((one.name, "bold"), f"  for {group(one.profile)}"))
    console.print(Padding(Text(one.about), (0, 0, 1, 2)))
    for requirement in one.requirements:
        _sentence(console, state.requirements[requirement])
    _only(console, one.name)


def _requirement(console: Console, state: Coverage, one: Requirement) -> None:
    _sentence(console, one)
    console.print()
    checks = state.by_check.get(one.id, [])
    for each in checks:
        console.print(Text.assemble("Tested by ", (each.name, "bold"), f" ({group(each.profile)})"))
        console.print(Padding(Text(each.about), (0, 0, 0, 2)))
    for held in state.judges(one.id):
        console.print(held.capitalize() + ".")
    reason = state.reasons.of(one.id)
    if reason:
        told = "Of nodes not tested: " if one.id in state.tested else "Not tested: "
        console.print(Text.assemble(told, (reason.kind, "bold"), f". {reason.why}"))
        console.print(Padding(Text(state.reasons.kinds[reason.kind], style="dim"), (0, 0, 0, 2)))
        for path in reason.shown_by:
            console.print(f"  Shown for the reference node by {path}")
    elif one.id in state.reasons.to_do.ids and one.id in state.tested:
        console.print("Of nodes not tested yet.")
    elif one.id not in state.tested:
        console.print("Not tested yet." if one.strict else "No check: it is not a MUST.")
    if checks:
        _only(console, one.id)


def _only(console: Console, name: str) -> None:
    console.print(f"\nonward-conformance run target.toml --only {name}", soft_wrap=True)
