"""The demo on a terminal: the sheet, a timeline, who knows what, the trouble, the checks.

Made to be read at 80 columns: long words wrap, nothing is cut.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from onward_server.demo import words
from onward_server.demo.told import Moment, Need, Person, Told

MARKS = {
    "withheld": ("·", "dim"),
    "sent": ("○", "cyan"),
    "opened": ("●", "green"),
    "refused": ("✗", "red"),
    "destroyed": ("⌫", "magenta"),
}

OUTCOMES = {"counted": "", "overtaken": "yellow", "disallowed": "red"}

PARTS_NAMED = 3
"""How many parts of an entry are named; the others are counted."""

NARROW_NAME = 32
"""Columns of a terminal that the names of categories take at most."""


def show(told: Told, console: Console) -> None:
    """Everything, in the order in which somebody would ask."""
    if not told.sample:
        console.print(Text(words.SYNTHETIC_ONLY, style="bold yellow"))
    console.print(sheet(told))
    longest = told.longest
    if longest is not None:
        console.print(timeline(longest, told))
    console.print(knowledge(told, console.width))
    for scene in told.scenes:
        steps = Table.grid(padding=(0, 1))
        steps.add_column(justify="right", no_wrap=True)
        steps.add_column(overflow="fold")
        for number, step in enumerate(scene.steps, 1):
            steps.add_row(f"{number}.", Text(words.plain(step)))
        colour = "green" if scene.good else "red"
        verdict = "as it must" if scene.good else "NOT as it must"
        console.print(
            Panel(steps, title=Text(scene.title), subtitle=f"went {verdict}", border_style=colour)
        )
    if told.sent:
        console.print(checks(told))
    else:
        console.print("Nothing was sent, so there is nothing to check.")


def _table(title: str, *columns: str) -> Table:
    """A table whose headings and cells wrap, and are never cut."""
    table = Table(title=Text(title))
    for name in columns:
        longest = max((len(word) for word in name.split()), default=0)
        table.add_column(name, overflow="fold", min_width=longest)
    return table


def sheet(told: Told) -> Group:
    """Who was in the sheet, and what became of each row."""
    title = "The sheet (everybody in it is synthetic)" if told.sample else "The sheet"
    table = _table(title, "no.", "person", "what she or he wants", "where it stands")
    table.show_lines = True
    for number, person in enumerate(told.persons, 1):
        wants = [
            Text(f"{n}. {words.label('service_type', need.service)}: {_need(need)}")
            for n, need in enumerate(person.needs, 1)
        ]
        who = Text(f"{person.name}\n{person.number}")
        if person.referral_id:
            who.append(f", {person.transport}", style="dim")
        table.add_row(str(number), who, Group(*wants), Text(standing(person)))
    notes = [Text(f"refused row: {line}", style="red") for line in told.refused]
    notes += [Text(f"warning: {line}", style="yellow") for line in told.warnings]
    return Group(table, *notes)


def _need(need: Need) -> str:
    return words.wish(need.wish) + (f" → {words.state(need.state)}" if need.state else "")


def standing(person: Person) -> str:
    """Where one person's referral stands, in words."""
    if not person.referral_id:
        return f"not sent: {person.not_sent or 'nothing to ask for'}"
    stands = person.phase + (f" ({person.rest})" if person.rest else "")
    stands += ", closed" if person.closed else ""
    return f"{stands}; {words.FEEDBACK.get(person.feedback, person.feedback)}"


def timeline(person: Person, told: Told) -> Group:
    """One referral, entry by entry."""
    title = f"Timeline of {person.number}, {person.name}, over {person.transport}"
    table = _table(title, "time", "who", "act", "what it says")
    sides = {told.origin: "ministry", told.destination: "NGO"}
    for one in person.moments:
        text = _says(one)
        if one.outcome != "counted":
            text = f"{one.outcome}: {text}"
        style = OUTCOMES.get(one.outcome, "")
        who = sides.get(one.agency, one.agency)
        table.add_row(one.time, who, words.spaced(one.act), Text(text), style=style)
    who_is_who = f"ministry: {told.origin}   NGO: {told.destination}"
    return Group(table, Text(who_is_who, style="dim"))


def _says(one: Moment) -> str:
    named = ", ".join(words.category(part) for part in one.parts[:PARTS_NAMED])
    more = len(one.parts) - PARTS_NAMED
    parts = f"{words.count(len(one.parts), 'part')}: {named}" if one.parts else ""
    parts += f" and {more} more" if more > 0 else ""
    return "; ".join(text for text in (one.text, parts) if text)


def knowledge(told: Told, width: int) -> Group:
    """What the destination knows of each person, by category. The origin knows all of its sheet.

    Persons stand as numbers above narrow columns; where they are too many for the width, the
    table goes on below itself.
    """
    shown = [(n, person) for n, person in enumerate(told.persons, 1) if person.knows]
    title = f"What {told.destination} knows of each person"
    tables = [_knowledge(block, title) for block in _blocks(shown, (width - NARROW_NAME) // 6)]
    people = Text("   ".join(f"{n} {person.name.split(' ')[0]}" for n, person in shown))
    legend = Text("  ".join(f"{mark} {word}" for word, (mark, _) in MARKS.items()))
    blank = Text(f"blank: {told.origin} has none in its sheet. It knows every other cell.", "dim")
    return Group(*tables, people, legend, blank)


Numbered = tuple[int, Person]


def _blocks(shown: list[Numbered], size: int) -> Iterator[list[Numbered]]:
    size = max(size, 1)
    for start in range(0, len(shown), size):
        yield shown[start : start + size]


def _knowledge(block: list[Numbered], title: str) -> Table:
    table = Table(title=Text(title))
    table.add_column("category", no_wrap=True)
    for number, _ in block:
        table.add_column(str(number), justify="center", no_wrap=True, min_width=2)
    for category in order([person for _, person in block]):
        marks = [MARKS.get(person.knows.get(category, ""), ("", "")) for _, person in block]
        table.add_row(words.category(category), *(Text(mark, style) for mark, style in marks))
    return table


def order(persons: list[Person]) -> list[str]:
    """All categories that anything is said of, each once."""
    seen: dict[str, None] = {}
    for person in persons:
        seen.update(dict.fromkeys(person.knows))
    return list(seen)


def checks(told: Told) -> Table:
    """The checks at the end."""
    table = _table(f"Checked offline, after {told.seconds:.0f} s", "", "what", "result")
    for one in told.searches:
        result = "; ".join(one.found) or f"not found in {one.files} files, {one.size:,} bytes"
        table.add_row(
            _mark(not one.found), Text(f"search of {one.where} for {one.word}"), Text(result)
        )
    for check in told.checks:
        table.add_row(_mark(check.good), Text(check.what), Text(check.detail))
    return table


def _mark(good: bool) -> Text:
    return Text("✓", style="green") if good else Text("✗", style="red")
