"""The report in a terminal: what failed, and how it can be mended; then one table."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from collections.abc import Iterable
from itertools import product

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from onward_conformance.report.words import alike, causes, counted, group, over, set_aside, verdict
from onward_conformance.results import UNKNOWN, WAYS, Outcome, Result, Run, Verdict

STYLES = {
    Outcome.PASS: "green", Outcome.FAIL: "bold red", Outcome.WARNING: "yellow",
    Outcome.NOT_APPLICABLE: "dim", Outcome.NOT_TESTED: "magenta", Outcome.ERROR: "bold magenta",
}  # fmt: skip
VERDICTS = {
    Verdict.CONFORMS: "bold green", Verdict.INCOMPLETE: "bold magenta", Verdict.FAILS: "bold red",
}  # fmt: skip
ORDER = (Outcome.ERROR, Outcome.WARNING, Outcome.FAIL)
"""After what was not tested; the worst stands last, right above the table."""

SHOWN = 3
"""Checks of one requirement that are shown in full: one fault can fail many."""


EVERY = 30.0
"""Seconds between two lines of a run that nobody watches: so its log shows that it goes on."""


def show(run: Run, console: Console, target: str) -> None:
    """Print the report. `target` is the file that the run was made with."""
    known = [one for one in run.results if one.known]
    if untested := run.with_outcome(Outcome.NOT_TESTED):
        console.print()
        _untested(console, untested)
    for outcome, requirement in product(ORDER, _requirements(run)):
        found = [one for one in run.with_outcome(outcome) if one.requirement == requirement]
        if new := [one for one in found if not one.known]:
            console.print()
            _explain(run, console, requirement, new, target)
    if known or run.stale:
        console.print()
        _known(console, known, list(run.stale))
    console.print()
    console.print(table(run))
    console.print(Text(verdict(run), "bold" if _in_part(run) else VERDICTS[run.overall]))
    if aside := set_aside(run):
        console.print(Text(f"{aside} Which they are: --html PAGE.html, or --json REPORT.json."))
    facts = f"Suite {run.suite}, {counted(len(run.results), 'check')}, {run.seconds:.0f} s"
    console.print(Text(f"{facts}, environment {run.environment}", "dim"))


def watched(results: Iterable[Result], total: int, name: str, console: Console) -> list[Result]:
    """The results as they come, with a bar; where nobody watches, a line now and then."""
    found: list[Result] = []
    failed, last = 0, time.monotonic()
    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TextColumn("{task.fields[said]}", style="red", markup=False),
    )  # fmt: skip
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task(f"{name:<4}", total=total, said="")
        for one in results:
            found.append(one)
            failed += one.outcome is Outcome.FAIL
            progress.update(task, advance=1, said=f"{failed} failed" if failed else "")
            if quiet and len(found) < total and time.monotonic() - last >= EVERY:
                last = time.monotonic()
                so_far = f"{len(found)} of {counted(total, 'check')}, {failed} failed"
                console.print(Text(f"{name:<4}  {so_far}"))
    seconds = sum(one.seconds for one in found)
    end = f", {failed} failed" if failed else ""
    console.print(Text(f"{name:<4}  {counted(len(found), 'check')} in {seconds:.1f} s{end}"))
    return found


def _requirements(run: Run) -> list[str]:
    return list(dict.fromkeys(one.requirement for one in run.results))


def _in_part(run: Run) -> bool:
    """Whether it is open only since no more was asked for, which is no fault."""
    return bool(run.only) and run.overall is Verdict.INCOMPLETE and not run.with_outcome(*UNKNOWN)


def _untested(console: Console, results: list[Result]) -> None:
    """Each cause once, with how many checks it kept from being made, and a few of them."""
    count = counted(len({one.name for one in results}), "check")
    style = f"reverse {STYLES[Outcome.NOT_TESTED]}"
    console.print(Text.assemble((" NOT TESTED ", style), f"  {count}"))
    short = False
    for cause, kept in causes(results):
        names = list(dict.fromkeys(one.name for one in kept))
        console.print(Padding(Text(cause, "bold"), (0, 0, 0, 2)))
        first, rest = names[:SHOWN], names[SHOWN:]
        short = short or bool(rest)
        more = f" and {len(rest)} more" if rest else ""
        count, ways = counted(len(names), "check"), over(one.way for one in kept)
        text = f"{count} over {ways}: {', '.join(first)}{more}"
        console.print(Padding(Text(text), (0, 0, 0, 4)))
    if short:
        text = "All of them by name: add --html PAGE.html, or --json REPORT.json."
        console.print(Padding(Text(text, "dim"), (0, 0, 0, 2)))


def _explain(
    run: Run, console: Console, requirement: str, results: list[Result], target: str
) -> None:
    """A requirement once, with the first of its checks in full and the names of the others."""
    outcome = results[0].outcome
    style, about = STYLES[outcome], run.about.get(requirement)
    head = Text.assemble((f" {outcome.value.upper()} ", f"reverse {style}"), "  ")
    head.append(requirement, "bold")
    if about:
        head.append(f"  {about.level}", style).append(f"  {about.anchor}", "dim")
    console.print(head)
    if about:
        console.print(Padding(about.sentence, (0, 0, 0, 2)), markup=False, highlight=False)
    if outcome is Outcome.ERROR:
        text = "A fault of the suite, not of the target. It does not count as a failure."
        console.print(Padding(Text(text, style), (0, 0, 0, 2)))
    found = alike(results)
    for one, ways in found[:SHOWN]:
        _check(console, one, ways, target)
    if rest := found[SHOWN:]:
        names = ", ".join(one.name for one, _ in rest)
        text = f"and {counted(len(rest), 'more check')}: {names}"
        console.print(Padding(Text(text), (0, 0, 0, 2)))


def _check(console: Console, one: Result, ways: list[str], target: str) -> None:
    about = f"  {group(one.profile)}, over {over(ways)}"
    console.print(Text.assemble("  ", (one.name, "bold"), (about, "dim")))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True, min_width=len("expected"))
    grid.add_column(overflow="fold")
    if one.expected and one.outcome is not Outcome.ERROR:
        grid.add_row("expected", Text(one.expected))
    if one.came:
        grid.add_row("came", Text(one.came, "bold"))
    console.print(Padding(grid, (0, 0, 0, 4)))
    command = f"onward-conformance run {shlex.quote(target)} --only {one.name}"
    # One line whatever the width, so that it can be copied.
    console.print(Text.assemble(("    again     ", "dim"), (command, "cyan")), soft_wrap=True)


def _known(console: Console, known: list[Result], stale: list[str]) -> None:
    console.print(Rule("known-failing", style="dim", align="left"))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for one in known:
        name = Text(f"{one.name} {WAYS[one.way]}")
        grid.add_row(Text("known", "yellow"), name.append(f": {one.known}", "dim"))
    for said in stale:
        grid.add_row(Text("MEND", "bold red"), Text(said))
    console.print(grid)
    if stale:
        console.print(Text("The run fails until these lines are mended.", "red"))


def table(run: Run) -> Table:
    """How many of each outcome, and the verdict, by profile and transport."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("Profile", "Over"):
        made.add_column(name, no_wrap=True)
    for name in ("Pass", "Fail", "Warn", "n/a", "Untested", "Error"):
        made.add_column(name, justify="right", no_wrap=True)
    made.add_column("Verdict", no_wrap=True)
    for profile, way in run.pairs:
        count = Counter(one.outcome for one in run.of(profile, way))
        found = run.verdict(profile, way)
        made.add_row(
            profile, WAYS[way],
            *(Text(str(count[one]), STYLES[one] if count[one] else "dim") for one in Outcome),
            Text("in part", "dim") if _in_part(run) else Text(found.value, VERDICTS[found]),
        )  # fmt: skip
    return made
