"""What of the specification the conformance suite tests, section by section.

    python conformance_tests/covered.py                   shows the state; exits 1 for a fault
    python conformance_tests/covered.py --looked DLV-013  notes that somebody has looked at it
    python conformance_tests/covered.py --looked new      the same for what was never looked at
    python conformance_tests/covered.py --tidy            cuts not_tested.toml to what is needed

Whoever names an id with --looked says: I have read the sentence as it stands in docs/spec.md now,
and its checks (or the reason why it has none) are still right.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from onward_conformance import coverage
from onward_conformance.checks import ALL
from onward_conformance.coverage import Coverage
from onward_conformance.coverage_page import STATES, state
from onward_conformance.requirements import requirements

HERE = Path(__file__).resolve().parent
SUITE = HERE / "onward_conformance"
IDS = re.compile(r'^ids = (?:"""(.*?)"""|"(.*?)")', re.DOTALL | re.MULTILINE)
MOST = re.compile(r"^most = (\d+)$", re.MULTILINE)


def mutants() -> list[str]:
    """The requirement that each mutant of the reference node breaks."""
    found = [tomllib.loads(path.read_text("utf-8")) for path in (HERE / "tests/mutants").glob("*")]
    return [one["requirement"] for file in found for one in file["mutant"]]


def faults(here: Coverage, killed: Iterable[str]) -> list[str]:
    """Everything that is wrong."""
    killed = list(killed)
    return [
        *coverage.unknown(here, killed), *coverage.unexplained(here), *coverage.unread(here),
        *coverage.unbroken(here, killed), *coverage.too_kind(here),
    ]  # fmt: skip


def looked(here: Coverage, ids: Iterable[str]) -> dict[str, str]:
    """What looked.json has to say once these were looked at. Raises ValueError."""
    named = set(ids)
    if "new" in named:
        named = named - {"new"} | (here.settled & set(here.requirements)) - set(here.looked)
    if strange := sorted(named - set(here.requirements)):
        raise ValueError(f"no requirement is named {', '.join(strange)}")
    known = {one: here.looked[one] for one in here.settled & set(here.looked)}
    known |= {one: coverage.digest(here.requirements[one]) for one in named}
    order = list(here.requirements)
    return {one: known[one] for one in sorted(set(known) & set(order), key=order.index)}


def tidied(text: str, here: Coverage, killed: Iterable[str]) -> str:
    """A text such as not_tested.toml without what has got a check, or a mutant, since.

    The numbers of what is to do get smaller by it, and never larger.
    """
    dead = set(killed)
    first = {one.requirements[0] for one in here.checks}
    needless = dict.fromkeys(("[[no_mutant]]", "[mutants_to_do]"), (dead, first))
    blocks = []
    for block in re.split(r"(?m)^(?=\[)", text):
        done, needed = needless.get(block.partition("\n")[0], (here.of_nodes, None))
        found = IDS.search(block)
        if found:
            before = (found[1] or found[2] or "").split()
            left = [one for one in before if one not in done and (not needed or one in needed)]
            if not left and block.startswith("[["):
                continue
            if left != before:
                block = block[: found.start()] + _written(left) + block[found.end() :]
            block = _at_most(block, len(left))
        blocks.append(block)
    return "".join(blocks)


def _at_most(block: str, number: int) -> str:
    return MOST.sub(lambda it: f"most = {min(number, int(it[1]))}", block)


def _written(ids: list[str]) -> str:
    lines: list[str] = []
    for prefix in dict.fromkeys(one.partition("-")[0] for one in ids):
        of = " ".join(one for one in ids if one.startswith(f"{prefix}-"))
        lines += textwrap.wrap(of, 98, break_on_hyphens=False)
    return 'ids = """\n' + "".join(f"{one}\n" for one in lines) + '"""'


def table(here: Coverage) -> Table:
    """The MUSTs and MUST NOTs of each section, by what can be said of them."""
    shown = Table("Section", *(one.capitalize() for one in STATES), "All")
    for column in shown.columns[1:]:
        column.justify = "right"
    sections: dict[str, Counter[str]] = {}
    for name in here.strict:
        one = here.requirements[name]
        sections.setdefault(one.section, Counter())[state(here, one)] += 1
    whole: Counter[str] = sum(sections.values(), Counter())
    for section, count in sections.items():
        shown.add_row(section, *(str(count[one] or "") for one in STATES), str(count.total()))
    shown.add_section()
    shown.add_row("All", *(str(whole[one]) for one in STATES), str(whole.total()))
    return shown


def main() -> int:
    """The command. Gives the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--looked", nargs="+", metavar="ID", default=[], help="looked at; or `new`")
    parser.add_argument("--tidy", action="store_true", help="take out what is tested now")
    asked = parser.parse_args()
    killed = mutants()
    if asked.tidy:
        here = coverage.here(requirements(), ALL)
        text = tidied(coverage.own(coverage.NOT_TESTED), here, killed)
        (SUITE / coverage.NOT_TESTED).write_text(text, "utf-8")
    here = coverage.here(requirements(), ALL)
    if asked.looked:
        try:
            said = looked(here, asked.looked)
        except ValueError as fault:
            sys.stderr.write(f"error: {fault}\n")
            return 2
        (SUITE / coverage.LOOKED).write_text(json.dumps(said, indent=1) + "\n", "utf-8")
        here = coverage.here(requirements(), ALL)
    console = Console(highlight=False)
    console.print(table(here))
    checks = list(here.checks)
    negative = sum(one.negative for one in checks)
    console.print(f"{len(checks)} checks, {negative} negative ({negative / len(checks):.0%})")
    console.print(f"{len(killed)} mutants of {len(set(killed))} requirements")
    to_do = here.reasons.mutants_to_do
    console.print(f"{len(here.reasons.to_do.ids)} checks and {len(to_do.ids)} mutants are to do")
    wrong = faults(here, killed)
    for one in wrong:
        console.print(one, style="red", soft_wrap=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
