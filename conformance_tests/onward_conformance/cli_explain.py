"""The commands `list` and `explain`: what the suite tests, and why it does not test the rest."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from onward_conformance.calls import calls
from onward_conformance.check import Check
from onward_conformance.checks import ALL
from onward_conformance.coverage import Coverage, here
from onward_conformance.profiles import NODES, PROFILES, chosen, meant, parts
from onward_conformance.report.words import counted, group
from onward_conformance.requirements import Requirement, requirements


def register(app: typer.Typer) -> None:
    """Give a command line the commands of this file."""
    app.command(name="list")(list_checks)
    app.command()(explain)


def list_checks(
    profile: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Only those of a profile, {', '.join(PROFILES)}; of peer, which are for every"
            " node; or of without_X, for nodes that are no X."
        ),
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
    name: Annotated[
        str, typer.Argument(help="An id such as DLV-013, a check, a part, or a profile.")
    ],
) -> None:
    """Say what a requirement asks for, and which checks test it, or why none does.

    Of a check, it says what it is about; of a profile, its parts; of a part, its checks.
    """
    state = here(requirements(), ALL)
    console = Console(highlight=False)
    folders = sorted({one.profile for one in ALL.values()})
    found = {key: held for key, held in parts(ALL.values()).items() if key[1] == name}
    if name in ALL:
        _check(console, state, ALL[name])
    elif known := state.requirements.get(name.upper()):
        _requirement(console, state, known)
    elif name in folders:
        _profile(console, name)
    elif not found:
        _refuse(_stranger(name, [*ALL, *state.requirements, *folders, *_part_names()]))
    for (folder, _), held in found.items():
        _part(console, folder, name, held)
    if found:
        _only(console, name)


def _part_names() -> list[str]:
    return sorted({name for _, name in parts(ALL.values())})


def _stranger(name: str, known: list[str]) -> str:
    """What is said of a name that nothing has, with what was meant perhaps."""
    near = meant([name], known)
    return (
        f"nothing is named {name}, no requirement, check, part or profile{near}"
        f"{'' if near else ': `onward-conformance list`'}"
    )


def _about(checks: list[Check]) -> str:
    """What the file says of itself in which these checks stand."""
    return " ".join((sys.modules[checks[0].run.__module__].__doc__ or "").split())


def _profile(console: Console, folder: str) -> None:
    """What it is, its parts, what it asks of the hands, and how to be tested as it."""
    other = folder.removeprefix("without_")
    what = "for every node" if other == folder else f"for every node that is not of profile {other}"
    what = f"a target that {PROFILES[folder]}" if folder in PROFILES else what
    mine = {name: held for (one, name), held in parts(ALL.values()).items() if one == folder}
    count = counted(sum(len(held) for held in mine.values()), "check")
    console.print(Text.assemble((folder, "bold"), f"  {what}: {count}"))
    if folder in NODES:
        whole = counted(len(chosen([folder])), "check")
        console.print(f"  With those for every node, a run as {folder} alone makes {whole}.")
    for name, held in mine.items():
        console.print(Text.assemble("  ", (name, "bold"), f"  {counted(len(held), 'check')}"))
        console.print(Padding(Text(_about(held)), (0, 0, 0, 4)))
    if asked := calls().get(folder):
        console.print("\nIt asks the hands for:")
        console.print(Padding(Text(", ".join(sorted(asked))), (0, 0, 0, 2)))
    if folder in PROFILES:
        console.print(f'\nTo be tested as one, in target.toml: profiles = ["{folder}"]')
    console.print(f"onward-conformance list --profile {folder}", soft_wrap=True)


def _part(console: Console, folder: str, name: str, checks: list[Check]) -> None:
    """What it is about, and each of its checks."""
    console.print(Text.assemble((name, "bold"), f"  for {group(folder)}"))
    console.print(Padding(Text(_about(checks)), (0, 0, 1, 2)))
    for one in checks:
        console.print(Text.assemble("  ", (one.name, "bold"), f"  {' '.join(one.requirements)}"))
        console.print(Padding(Text(one.about), (0, 0, 0, 4)))


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
