"""Generates what docs/ holds besides prose: requirements.json and transitions.md.

    python docs/make.py           writes
    python docs/make.py --check   writes nothing; names what differs, and exits 1

requirements.json comes from docs/spec.md, transitions.md from the table of acts in the core, from
the authors in proto/, and from trying every act in every state that can be reached.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from onward.core import guards, spec, transitions
from onward.core.acts import Act
from onward.core.states import PartStatus, Side, State, other
from onward.v1.entry_pb2 import Certificate, Entry, Item, Withdrawal

DOCS = Path(__file__).resolve().parent

ID = re.compile(r"\[([A-Z]{3,4}-[0-9]{3})\]")
LEVEL = re.compile(r"\b(MUST NOT|MUST|SHOULD NOT|SHOULD|MAY|SHALL NOT|SHALL|REQUIRED|OPTIONAL)\b")
HEADING = re.compile(r"^(#{1,6}) (.+)$")
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) +")
SENTENCE = re.compile(r"(?<=[.!?:]) +(?=[\[A-Z`])")
CODE = re.compile(r"`[^`]*`")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a document, with the heading that it stands under."""

    text: str
    section: str


def slug(heading: str) -> str:
    """The anchor of a heading."""
    bare = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return bare.strip().replace(" ", "-")


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Paragraphs, list items and table rows as one line each, with their heading."""
    section, block, fenced = "", "", False
    for line in [*text.splitlines(), ""]:
        if line.startswith("```"):
            fenced = not fenced
        heading = HEADING.match(line)
        ends = fenced or heading or not line.strip() or line.startswith(("```", "|"))
        if (ends or ITEM.match(line)) and block:
            yield section, block
            block = ""
        if heading:
            section = heading[2]
        elif line.startswith("|"):
            yield section, line
        elif not ends:
            block = f"{block} {ITEM.sub('', line).strip()}".strip()


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence outside code blocks."""
    for section, block in _blocks(text):
        hidden: list[str] = []

        def hide(found: re.Match[str], hidden: list[str] = hidden) -> str:
            hidden.append(found[0])
            return f"`{len(hidden) - 1}`"

        for one in SENTENCE.split(CODE.sub(hide, block)):
            shown = re.sub(r"`(\d+)`", lambda found, hidden=hidden: hidden[int(found[1])], one)
            yield Sentence(shown.strip(), section)


def requirements(text: str) -> list[dict[str, str]]:
    """The requirements of the specification, in its order."""
    found = []
    for one in sentences(text):
        ids = ID.findall(CODE.sub("", one.text))
        levels = LEVEL.findall(CODE.sub("", one.text))
        if len(ids) == 1 and len(levels) == 1:
            sentence = ID.sub("", one.text).strip()
            found.append(
                {
                    "id": ids[0],
                    "level": levels[0],
                    "sentence": sentence,
                    "section": one.section,
                    "anchor": f"spec.md#{slug(one.section)}",
                }
            )
    return found


def requirements_json() -> str:
    """The contents of requirements.json."""
    found = requirements((DOCS / "spec.md").read_text("utf-8"))
    return (
        json.dumps({"version": "1.0", "requirements": found}, indent=1, ensure_ascii=False) + "\n"
    )


# What follows tries acts on states. Two items are enough: one that is wanted now, one later.

OFFERS = (("now",), ("later",), ("now", "later"))
PART = {"x" * 43: PartStatus("age_band", "origin", "origin-1")}


def _acts(state: State) -> Iterator[Act]:
    """Acts worth trying in a state. Those that the table refuses fall out later."""
    numbers = sorted(state.items)
    entries: list[Entry] = [Entry(kind=kind) for kind in transitions.TABLE]
    if not state.phase:
        for wishes in OFFERS:
            items = [Item(number=n, wish=wish) for n, wish in enumerate(wishes, 1)]
            entries.append(Entry(kind="offer", seq=1, items=items))
    each = sorted(guards.DECISIONS)
    for size in range(1, len(numbers) + 1):
        for states in itertools.product(each, repeat=size):
            chosen = [
                Item(number=n, state=s, reason="other" if s == "declined_by_agency" else "")
                for n, s in zip(numbers, states, strict=False)
            ]
            entries.append(Entry(kind="decide", items=chosen))
    steps = sorted({one for after in guards.STEPS.values() for one in after})
    for number, step in itertools.product(numbers, steps):
        entries.append(Entry(kind="progress", items=[Item(number=number, state=step)]))
    done = [Item(number=n, state="completed") for n in numbers]
    entries.append(Entry(kind="complete", items=done))
    entries += [Entry(kind="complete", items=[one]) for one in done]
    entries.append(Entry(kind="opened", opened=list(PART)))
    entries.append(Entry(kind="withdraw", withdrawal=Withdrawal(everything=True)))
    entries.append(Entry(kind="withdraw", withdrawal=Withdrawal(categories=["sex"])))
    sides: tuple[Side, Side] = ("origin", "destination")
    for side in sides:
        for base in entries:
            entry = Entry()
            entry.CopyFrom(base)
            entry.round = state.round
            if entry.kind == "handover":
                entry.confirms = state.handover.get(other(side), "")
            if entry.kind == "erased" and state.uncertified(side):
                entry.certificate.CopyFrom(Certificate(withdrawal=state.uncertified(side)[0]))
            yield Act(f"{side}-{entry.kind}", side, entry)


def _label(state: State) -> str:
    return f"{state.phase}: {state.rest}" if state.phase == "resting" else state.phase


def explore() -> dict[tuple[str, str], set[str]]:
    """Which acts lead from which phase to which, over all states that can be reached."""
    edges: dict[tuple[str, str], set[str]] = {}
    seen = set()
    waiting = [State()]
    while waiting:
        state = waiting.pop()
        for act in _acts(state):
            if transitions.refusal(state, act):
                continue
            after = transitions.TABLE[act.kind].effect(state, act)
            edges.setdefault((_label(state), _label(after)), set()).add(act.kind)
            after = replace(after, parts=PART, withdrawals=after.withdrawals[:1])
            items = tuple((n, one.wish, one.delivery) for n, one in sorted(after.items.items()))
            key = (after.phase, after.rest, items, bool(after.withdrawals))
            if key not in seen:
                seen.add(key)
                waiting.append(after)
    return edges


def _state_id(label: str) -> str:
    return label.replace(": ", "_") or "[*]"


def _diagram(edges: dict[tuple[str, str], set[str]]) -> list[str]:
    labels = sorted({label for edge in edges for label in edge if label})
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'  state "{one}" as {_state_id(one)}' for one in labels if ":" in one]
    for (before, after), kinds in sorted(edges.items()):
        if before != after:
            lines.append(
                f"  {_state_id(before)} --> {_state_id(after)}: {', '.join(sorted(kinds))}"
            )
    return [*lines, "```"]


def _first_line(thing: object) -> str:
    return (thing.__doc__ or "").strip().partition("\n")[0]


def _phases(phases: frozenset[str]) -> str:
    if phases == transitions.BEFORE:
        return "no log yet"
    order = list(spec.registries()["phase"].codes)
    return ", ".join(f"`{one}`" for one in sorted(phases, key=order.index))


def transitions_md() -> str:
    """The contents of transitions.md."""
    edges = explore()
    lines = [
        "# Acts and phases",
        "",
        "Generated by `docs/make.py` from the table of acts, and by trying every act in every",
        "state that can be reached; not edited by hand. What the columns mean stands in",
        "[the fold](spec.md#the-fold).",
    ]
    lines += [
        "",
        "## Steps of an item",
        "",
        "| An item in | goes on by `progress` or `complete` to |",
        "| --- | --- |",
    ]
    for state, after in guards.STEPS.items():
        lines.append(f"| `{state}` | {', '.join(f'`{one}`' for one in sorted(after))} |")
    named = (
        ("What `decide` sets", guards.DECISIONS),
        ("Done: delivery has ended", guards.DONE),
        ("Not taken: nobody delivers it", guards.NOT_TAKEN),
    )
    lines += ["", "| Set | States |", "| --- | --- |"]
    lines += [f"| {name} | {', '.join(f'`{o}`' for o in sorted(found))} |" for name, found in named]
    lines += [
        "",
        "## Acts",
        "",
        "| Act | Author | Sort | Written in phase | Condition | Effect | Moves the phase to |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, row in transitions.TABLE.items():
        author = spec.acts()[kind].author.removeprefix("AUTHOR_").lower()
        found = sorted(
            {after for (before, after), kinds in edges.items() if kind in kinds and before != after}
        )
        cells = (
            f"`{kind}`",
            author,
            row.sort,
            _phases(row.phases),
            _first_line(row.guard),
            _first_line(row.effect),
            ", ".join(f"`{one}`" for one in found) or "nowhere",
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## Phases", "", *_diagram(edges), ""]
    return "\n".join(lines)


def made() -> dict[Path, str]:
    """Every file that is generated, with its contents."""
    return {
        DOCS / "requirements.json": requirements_json(),
        DOCS / "transitions.md": transitions_md(),
    }


def main() -> int:
    """Write or check. Gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if files differ")
    check = parser.parse_args().check
    stale = []
    for path, text in made().items():
        if check:
            if not path.exists() or path.read_text("utf-8") != text:
                stale.append(path.name)
        else:
            path.write_text(text, "utf-8")
    for name in stale:
        sys.stderr.write(f"docs/{name} is not what docs/make.py makes\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
