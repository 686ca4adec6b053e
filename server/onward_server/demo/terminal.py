"""The demo on a terminal: a progress bar, a timeline, and a table of who knows what."""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from onward_server.demo.told import Person, Told

MARKS = {
    "withheld": ("·", "dim"),
    "sent": ("○", "cyan"),
    "opened": ("●", "green"),
    "refused": ("✗", "red"),
    "destroyed": ("⌫", "magenta"),
}


def show(told: Told, console: Console) -> None:
    """Everything, in the order in which somebody would ask."""
    console.print(sheet(told))
    longest = max(told.persons, key=lambda p: (len(p.moments), p.number), default=None)
    if longest is not None and longest.moments:
        console.print(timeline(longest))
    console.print(knowledge(told))
    for scene in told.scenes:
        console.print(
            Panel(
                "\n".join(f"{number}. {step}" for number, step in enumerate(scene.steps, 1)),
                title=scene.title,
                border_style="green" if scene.good else "red",
            )
        )
    console.print(checks(told))


def sheet(told: Told) -> Group:
    """Who was in the sheet, and what became of each row."""
    table = Table(title="The sheet (everybody in it is synthetic)")
    for name in ("case", "person", "over", "feedback", "what she or he wants", "where it stands"):
        table.add_column(name)
    for person in told.persons:
        wants = "\n".join(
            f"{need.number} {need.service}: {need.wish}"
            + (f" → {need.state}" if need.state else "")
            for need in person.needs
        )
        table.add_row(
            person.number, person.name, person.transport if person.referral_id else "",
            person.feedback, wants, standing(person),
        )  # fmt: skip
    notes = [Text(f"refused row: {line}", style="red") for line in told.refused]
    notes += [Text(f"warning: {line}", style="yellow") for line in told.warnings]
    return Group(table, *notes)


def standing(person: Person) -> str:
    """Where one person's referral stands, in words."""
    if not person.referral_id:
        return f"not sent: {person.not_sent or 'nothing to ask for'}"
    words = f"{person.phase} ({person.rest})" if person.rest else person.phase
    return words + (", closed" if person.closed else "")


def timeline(person: Person) -> Table:
    """One referral, entry by entry."""
    table = Table(title=f"Timeline of {person.number}, {person.name}, over {person.transport}")
    for name in ("time", "agency", "act", "what it says", "outcome"):
        table.add_column(name)
    for one in person.moments:
        style = {"counted": "", "overtaken": "yellow", "disallowed": "red"}[one.outcome]
        table.add_row(one.time, one.agency, one.act, one.text, one.outcome, style=style)
    return table


def knowledge(told: Told) -> Group:
    """What the destination knows of each person, by category. The origin knows all of its sheet."""
    shown = [person for person in told.persons if person.knows]
    table = Table(title=f"What {told.destination} knows of each person")
    table.add_column("category")
    for person in shown:
        table.add_column(person.number, justify="center")
    rows = [category for category in _order(shown)]
    for category in rows:
        cells = []
        for person in shown:
            mark, style = MARKS.get(person.knows.get(category, ""), ("", ""))
            cells.append(Text(mark, style=style))
        table.add_row(category, *cells)
    legend = Text("  ".join(f"{mark} {word}" for word, (mark, _) in MARKS.items()), style="dim")
    blank = Text(f"blank: {told.origin} has none in its sheet. It knows every other cell.", "dim")
    return Group(table, legend, blank)


def _order(persons: list[Person]) -> list[str]:
    seen: dict[str, None] = {}
    for person in persons:
        seen.update(dict.fromkeys(person.knows))
    return list(seen)


def checks(told: Told) -> Table:
    """The checks at the end."""
    table = Table(title=f"Checked offline, after {told.seconds:.0f} s")
    for name in ("", "what", "result"):
        table.add_column(name)
    for one in told.searches:
        mark = "[red]✗[/red]" if one.found else "[green]✓[/green]"
        result = "; ".join(one.found) or f"not found in {one.files} files, {one.size:,} bytes"
        table.add_row(mark, f"search of {one.where} for {one.word}", result)
    for one_check in told.checks:
        mark = "[green]✓[/green]" if one_check.good else "[red]✗[/red]"
        table.add_row(mark, one_check.what, one_check.detail)
    return table
