"""`onward services`: what the agencies that a node knows offer, as a table."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onward.core import spec
from onward.v1.errors_pb2 import Reason
from onward.v1.services_pb2 import HeldServices, ServiceOffer

COLUMNS = ("agency", "service", "for whom", "may leave", "room", "first", "languages")


def label(registry: str, code: str) -> str:
    """A code in words."""
    known = spec.registries()[registry].codes.get(code)
    return known.label if known else code


def whom(one: ServiceOffer) -> str:
    """Whom a service takes, and what happens to the children of a mother."""
    said = [", ".join(one.sexes), ", ".join(one.age_classes)]
    if one.children_with_mother == "up_to_age":
        said.append(f"children with their mother up to {one.child_max_age}")
    elif one.children_with_mother:
        said.append(f"children with their mother: {one.children_with_mother}")
    return "; ".join(said)


def room(one: ServiceOffer) -> str:
    """Whether there is room, and how long one waits."""
    waits = f", {one.waiting_weeks} weeks" if one.waiting_weeks else ""
    return f"{one.capacity}{waits}"


def first(one: ServiceOffer) -> str:
    """What is asked for before it."""
    return ", ".join((*one.prerequisites, *one.conditions)) or "nothing"


def row(agency: str, one: ServiceOffer) -> list[str]:
    """One service as a row of the table."""
    cells = (
        agency,
        f"{label('service_type', one.service_type)}\n{one.service_id}",
        whom(one),
        one.freedom_of_movement or "-",
        room(one),
        first(one),
        ", ".join(one.languages) or "not said",
    )
    return [escape(cell) for cell in cells]


def table(offers: Iterable[tuple[str, ServiceOffer]]) -> Table:
    """Services with their agencies."""
    made = Table(*COLUMNS)
    for column in made.columns:
        column.overflow = "fold"
    for agency, one in offers:
        made.add_row(*row(agency, one))
    return made


def remarks(lists: Iterable[HeldServices]) -> list[str]:
    """Which lists there are, and what to know before relying on one."""
    said = []
    for held in lists:
        if not held.seq:
            line = f"{held.agency}: no list"
        else:
            line = f"{held.agency}: list {held.seq}, confirmed {held.age_minutes} minutes ago"
        if held.stale:
            line += "; stale: ask the agency before relying on it"
        if held.failed:
            name = Reason.Name(held.failed).removeprefix("REASON_")
            known = spec.reasons().get(name)
            line += f"; no newer one was taken: {name}: {known.text if known else ''}"
        said.append(line)
    return said


def report(out: Console, lists: list[HeldServices]) -> None:
    """Print the lists: a table of all services, and a line for each agency."""
    out.print(table((held.agency, one) for held in lists for one in held.services))
    for line in remarks(lists):
        out.print(escape(line), highlight=False)
