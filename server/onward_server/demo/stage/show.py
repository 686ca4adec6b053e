"""Stories on a terminal: a timeline, what became of each wish, who knows what, and the end.

Made to be read at 100 columns, by somebody who knows cases and no computers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from onward_server.demo.stage.network import POSTS
from onward_server.demo.stage.telling import Check, Ended, Held, Line, Telling

SYNTHETIC = "Everybody in these stories is synthetic. No such person or agency exists."

NAMES = {post.key: (post.called, post.colour) for post in POSTS}

SECRET = "grey62 italic"
"""What stays secret is grey."""

FACTS = {
    "stays": SECRET,
    "no to": SECRET,
    "refused": "red",
    "stands": "bold",
}
"""How a fact is set, where it is not plain."""


LEGEND = (
    "✓ is as it must be   ✗ was refused, or is not as it must be   "
    "→ where the referral stands now   grey: what an agency is not told"
)
"""What the marks say."""


def show(tellings: list[Telling], console: Console, seconds: float) -> None:
    """All stories, one after the other, and how each ended."""
    console.print(Text(SYNTHETIC, style="bold yellow"))
    console.print(Text(LEGEND, style="dim"))
    for one in tellings:
        console.print()
        console.print(story(one))
    console.print()
    console.print(summary(tellings, seconds))


def story(told: Telling) -> Group:
    """One story."""
    parts: list[RenderableType] = [
        Panel(
            Text(told.about), title=Text(f"{told.number}. {told.title}", style="bold"),
            title_align="left", box=box.HEAVY, border_style=_colour(told.good),
        ),
        timeline(told.lines),
    ]  # fmt: skip
    if told.holders:
        parts += [Text(), holders(told.holders)]
    for ended in told.ended:
        parts += [Text(), end(ended), knowledge(ended)]
    return Group(*parts, Text(), checks(told))


def _colour(good: bool) -> str:
    return "green" if good else "red"


def _who(key: str) -> Text:
    called, colour = NAMES.get(key, (key, "bold white"))
    return Text(called[:1].upper() + called[1:], style=colour)


def timeline(lines: Iterable[Line]) -> Table:
    """Who did what, when."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True)
    table.add_column("when", no_wrap=True, style="dim")
    table.add_column("who", width=19)
    table.add_column("what", ratio=1)
    day = ""
    for line in lines:
        date = line.when.date().strftime("%d %b %Y")
        if line.sort == "chapter":
            table.add_section()
            table.add_row(date, "", Text(line.text, style="bold underline"))
        else:
            table.add_row("" if date == day else date, _who(line.who), _what(line))
        day = date
    return table


def _what(line: Line) -> Group:
    """What was done or said, and under it, set in, what the nodes told of it."""
    text = Text("✗ " if line.sort == "refused" else "", style="bold red")
    text.append(line.text, style="not bold default" + (" italic" if line.sort == "life" else ""))
    return Group(text, *(Padding(_fact(*one), (0, 0, 0, 2)) for one in line.facts))


def _fact(kind: str, said: str) -> Text:
    style = FACTS.get(kind, "dim")
    if kind == "stands":
        return Text(f"→ {said}", style=style)
    if kind == "refused":
        return Text(said, style=style)
    return Text.assemble((f"{kind}: ", "dim"), (said, style))


def end(ended: Ended) -> Table:
    """One referral at its end: each wish and what became of it, and who knows what."""
    table = Table(
        box=box.ROUNDED, expand=True, title_justify="left", border_style="bright_black",
        title=_ended_title(ended), show_header=True,
    )  # fmt: skip
    table.add_column("service", ratio=3)
    table.add_column("she wants it", ratio=1)
    table.add_column("it stands at", ratio=3)
    for want in ended.wants:
        reason = f" ({want.reason})" if want.reason else ""
        table.add_row(f"{want.number}. {want.service}", want.wish, f"{want.state}{reason}")
    return table


def _ended_title(ended: Ended) -> Text:
    text = _who(ended.origin)
    text.append(" → ", style="not italic white")
    text.append_text(_who(ended.destination))
    text.append(f"   {ended.stands}", style="bold not italic white")
    return text


def holders(held: Iterable[Held]) -> Table:
    """Who had what was taken back, and what each has certified."""
    table = Table(
        box=box.ROUNDED, expand=True, title_justify="left", border_style="bright_black",
        title=Text("Who had it, as the first agency can show it", style="bold not italic white"),
        caption=Text("Times are UTC. Until the last day, a backup of keys could open a copy."),
    )  # fmt: skip
    table.add_column("holder", ratio=1)
    for name in ("sealed by", "destroyed", "certified", "in backups until"):
        table.add_column(name)
    for one in held:
        times = (_clock(when, "%H:%M:%S") for when in (one.sealed, one.destroyed, one.certified))
        table.add_row(_who(one.agency), *times, _clock(one.copies_until, "%d %b %Y"))
    return table


def _clock(when: datetime | None, form: str) -> Text:
    return Text(when.strftime(form)) if when is not None else Text("waited for", style="yellow")


def knowledge(ended: Ended) -> Group:
    """Who knows what of her, and whether the referral ended as it should."""
    lines = []
    for known in ended.known:
        lines += [
            _known(known.agency, "can read", known.reads, "green"),
            _known(known.agency, "was never told", known.withheld, SECRET),
            _known(known.agency, "had, and it is destroyed", known.destroyed, "magenta"),
        ]
    shown = [line for line in lines if line.plain]
    faults = [Text(f"    {fault}", style="red") for fault in ended.faults]
    return Group(*shown, _mark(_as_it_should(ended)), *faults)


def checks(told: Telling) -> Group:
    """What else must be true, and why the story broke off, if it did."""
    shown = [_mark(one) for one in told.checks]
    if told.broke:
        shown.append(_mark(Check(f"it broke off: {told.broke}", False)))
    return Group(*shown)


def _as_it_should(ended: Ended) -> Check:
    road = f"{NAMES[ended.origin][0]} to {NAMES[ended.destination][0]}"
    if ended.faults:
        return Check(f"{road}: it does NOT end as it should", False)
    said = f"ends as it should, and both nodes tell the same ({ended.entries} entries)"
    return Check(f"{road}: {said}", True)


def _known(agency: str, what: str, categories: tuple[str, ...], style: str) -> Text:
    if not categories:
        return Text()
    text = _who(agency)
    text.append(f" {what}: ", style="white")
    text.append(", ".join(categories), style=style)
    return text


def _mark(check: Check) -> Text:
    text = Text("✓ " if check.good else "✗ ", style=_colour(check.good))
    text.append(check.what, style="default")
    if check.detail:
        text.append(f": {check.detail}", style="default")
    return text


def summary(tellings: list[Telling], seconds: float) -> Table:
    """All stories, and how each ended."""
    table = Table(title=f"How the stories ended, after {seconds:.0f} s", box=box.SIMPLE_HEAD)
    for name in ("", "story", "play it alone", "referrals", "entries"):
        table.add_column(name)
    for one in tellings:
        entries = sum(ended.entries for ended in one.ended)
        mark = Text("✓" if one.good else "✗", style=_colour(one.good))
        alone = f"--story {one.name}"
        table.add_row(mark, f"{one.number}. {one.title}", alone, str(len(one.ended)), str(entries))
    return table
