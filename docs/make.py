"""Generates what docs/ holds besides prose, and the list of requirements for machines.

    python docs/make.py           writes
    python docs/make.py --check   writes nothing; names what differs, and exits 1

requirements.json comes from docs/spec.md and stands in the conformance suite, which carries it to
partners. coverage.md says of each requirement which checks test it, or why none does.
transitions.md comes from the table of acts in the core, from the authors in proto/, and from
trying every act in every state that can be reached. compatibility.md comes from docs/reports/.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from onward.core import choices, guards, spec, transitions
from onward.core.acts import Act
from onward.core.states import LIVE, ItemStatus, State
from onward.v1.entry_pb2 import Entry, Item, Question, Withdrawal
from onward_conformance.checks import ALL
from onward_conformance.coverage import here
from onward_conformance.coverage_page import page
from onward_conformance.report import matrix
from onward_conformance.requirements import Requirement
from onward_conformance.spec_text import requirements

DOCS = Path(__file__).resolve().parent
SUITE = DOCS.parent / "conformance_tests/onward_conformance"


def requirements_json() -> str:
    """The contents of requirements.json."""
    found = {"version": "1.0", "requirements": requirements((DOCS / "spec.md").read_text("utf-8"))}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def coverage_md() -> str:
    """The contents of coverage.md, by the sentences as they stand in spec.md now."""
    found = requirements((DOCS / "spec.md").read_text("utf-8"))
    given = (SUITE / "not_tested.toml").read_text("utf-8")
    return page(here({one["id"]: Requirement(**one) for one in found}, ALL, given))


# What follows tries every act in every state that can be reached, for the diagrams.

# States of delivery that act alike, each by one of them.
ALIKE = dict.fromkeys(("offered", "scheduled", "no_show"), "accepted")
ALIKE |= {"paused": "in_delivery", "declined_by_agency": "unavailable"}
ALIKE |= dict.fromkeys(choices.DONE - choices.HERS, "completed")

Edges = dict[tuple[str, str], set[str]]


def _wished(number: int, wish: str) -> Item:
    return Item(number=number, wish=wish)


def _entries(count: int, most: int, *, alike: bool) -> Iterator[Entry]:
    """Entries worth trying on so many items, of which there may be so many at the most."""
    numbers = range(1, count + 1)
    wishes = ("now", "later") if alike else ("now", "undecided", "later")
    steps = sorted({ALIKE.get(one, one) if alike else one for one in guards.DELIVERIES})
    for kind, size in itertools.product(("offer", "reopen"), range(1, most + 1)):
        for chosen in itertools.product(wishes, repeat=size):
            items = [_wished(n, wish) for n, wish in enumerate(chosen, 1)]
            yield Entry(kind=kind, seq=1, items=items)
    if 0 < count < most:
        yield Entry(kind="amend", items=[_wished(count + 1, "now")])
    for number, wish in itertools.product(numbers, (*wishes, "never")):
        yield Entry(kind="choice", items=[_wished(number, wish)])
    for size in range(1, count + 1):
        for states in itertools.product(sorted(guards.DECISIONS), repeat=size):
            yield Entry(kind="decide", items=[
                Item(number=n, state=s, reason="other" if s == "declined_by_agency" else "")
                for n, s in zip(numbers, states, strict=False)
            ])  # fmt: skip
    for number, step in itertools.product(numbers, steps):
        one = [Item(number=number, state=step)]
        yield Entry(kind="progress", items=one)
        if step in choices.DONE:
            yield Entry(kind="complete", items=one)
        if step in choices.BEGUN:
            yield Entry(kind="correct", items=one)
    yield Entry(kind="complete", items=[Item(number=n, state="completed") for n in numbers])
    yield Entry(kind="withdraw", withdrawal=Withdrawal(everything=True))
    yield Entry(kind="clarify", question=Question(codes=["area"]))
    yield Entry(kind="answer", answers="hash")
    yield Entry(kind="pause", pause_reason="travel")
    for kind in sorted(set(transitions.TABLE) - WITH_CONTENT):
        yield Entry(kind=kind)


WITH_CONTENT = frozenset(
    {"offer", "reopen", "choice", "decide", "progress", "correct", "withdraw", "clarify", "answer",
     "pause"}
)  # fmt: skip


@cache
def _acts(count: int, most: int, alike: bool) -> list[Act]:
    found = []
    for entry in _entries(count, most, alike=alike):
        entry.round, entry.time.seconds = 1, 1
        from_origin = spec.acts()[entry.kind].author == "AUTHOR_ORIGIN"
        found.append(Act("hash", "origin" if from_origin else "destination", entry))
    return found


CROSSING = frozenset({"choice", "progress", "correct", "withdraw"})
"""Facts by which a phase may change, also where their author could not have written them."""


def _plain(state: State, *, alike: bool, flags: bool) -> State:
    """The state without what no phase depends on, and its items in a fixed order."""
    woken = state.rest in ("deferred", "not_wanted")
    still = alike and state.phase not in LIVE and not woken
    return State(
        phase=state.phase, rest=state.rest, respond_by=1, cancel_pending=state.cancel_pending,
        acknowledged=state.acknowledged and (woken or state.phase in LIVE),
        accepted=state.accepted and (woken or state.phase in LIVE),
        pause_reason=state.pause_reason if flags else "",
        question=state.question if flags else "",
        items=dict(enumerate(_sorted_items(state, alike=alike, still=still), 1)),
    )  # fmt: skip


def _sorted_items(state: State, *, alike: bool, still: bool) -> list[ItemStatus]:
    """Items by what matters of them. Where only a new round goes on, it asks for what is open."""
    if still and (state.phase == "invalidated" or state.rest == "withdrawn"):
        return [ItemStatus("now")] * len(state.items)
    found = []
    for item in state.items.values():
        delivery = ALIKE.get(item.delivery, item.delivery) if alike else item.delivery
        if still and delivery not in choices.DONE | choices.NOT_TAKEN:
            delivery = "requested"
        found.append((item.wish, delivery))
    return [ItemStatus(wish, delivery) for wish, delivery in sorted(found)]


def _key(state: State) -> object:
    items = tuple((one.wish, one.delivery) for one in state.items.values())
    flags = (state.cancel_pending, state.pause_reason, state.question, state.acknowledged)
    return state.phase, state.rest, items, flags


def explore(
    labels: Callable[[State], tuple[str, ...]],
    most: int,
    *,
    alike: bool = True,
    flags: bool = False,
    crossing: bool = False,
) -> Edges:
    """Which acts lead from which label to which, over all states that can be reached.

    With `crossing`, facts are also tried where their author could not have written them: they
    count whenever they arrive.
    """
    edges: Edges = {}
    start = _plain(State(), alike=alike, flags=flags)
    seen, waiting = {_key(start)}, [start]
    while waiting:
        state = waiting.pop()
        for act in _acts(len(state.items), most, alike):
            row = transitions.TABLE[act.kind]
            late = crossing and act.kind in CROSSING and state.phase
            if not late and transitions.refusal(state, act):
                continue
            after = _plain(row.effect(state, act), alike=alike, flags=flags)
            for pair in zip(labels(state), labels(after), strict=False):
                edges.setdefault(pair, set()).add(act.kind)
            if _key(after) not in seen:
                seen.add(_key(after))
                waiting.append(after)
    return edges


def label(state: State) -> str:
    """Where a referral stands, as the diagram names it."""
    return f"{state.phase}: {state.rest}" if state.phase == "resting" else state.phase


@cache
def phases() -> Edges:
    """Every way from phase to phase, also of acts that cross. Two items are enough."""
    return explore(lambda state: (label(state),), 2, crossing=True)


def _item(axis: str) -> Edges:
    def labels(state: State) -> tuple[str, ...]:
        return tuple(str(getattr(item, axis)) for item in state.items.values()) or ("",)

    found = explore(labels, 1, alike=False)
    return {pair: kinds - {"correct"} for pair, kinds in found.items() if kinds - {"correct"}}


FLAGS: dict[str, tuple[str, str]] = {
    "cancel_pending": ("not asked to cancel", "asked to cancel"),
    "pause_reason": ("going on", "paused"),
    "question": ("no question", "question open"),
}


def _flags() -> Edges:
    def labels(state: State) -> tuple[str, ...]:
        live = state.phase in LIVE
        return tuple(
            words[bool(getattr(state, name))] if live else f"{words[0]}, at rest"
            for name, words in FLAGS.items()
        )

    return explore(labels, 1, flags=True)


def _state_id(text: str) -> str:
    return re.sub(r"[^a-z_]+", "_", text) or "[*]"


def _diagram(edges: Edges) -> list[str]:
    """The edges as a diagram. Whoever stays has no edge."""
    moved = {pair: kinds for pair, kinds in edges.items() if pair[0] != pair[1]}
    labels = sorted({one for pair in moved for one in pair if one})
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'  state "{one}" as {_state_id(one)}' for one in labels if _state_id(one) != one]
    for (before, after), kinds in sorted(moved.items()):
        lines.append(f"  {_state_id(before)} --> {_state_id(after)}: {', '.join(sorted(kinds))}")
    return [*lines, "```"]


def _about(thing: object) -> str:
    return " ".join((thing.__doc__ or "").split())


def _phases(phases: frozenset[str]) -> str:
    if phases == transitions.BEFORE:
        return "no log yet"
    order = list(spec.registries()["phase"].codes)
    return ", ".join(f"`{one}`" for one in sorted(phases, key=order.index))


def transitions_md() -> str:
    """The contents of transitions.md."""
    edges = phases()
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
            _about(row.guard),
            _about(row.effect),
            ", ".join(f"`{one}`" for one in found) or "nowhere",
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## Phases", "", "An act that is not named at an arrow leaves the phase.", ""]
    lines += _diagram(edges)
    lines += [
        "",
        "## An item",
        "",
        "Its delivery. A correction may lead from any step that was reported to any other.",
        "",
    ]
    lines += _diagram(_item("delivery"))
    lines += ["", "What the person wants of it.", "", *_diagram(_item("wish"))]
    lines += ["", "## Beside the phase", "", "What can be open while a referral is under way.", ""]
    lines += [*_diagram(_flags()), ""]
    return "\n".join(lines)


def made() -> dict[Path, str]:
    """Every file that is generated, with its contents."""
    return {
        SUITE / "requirements.json": requirements_json(),
        DOCS / "coverage.md": coverage_md(),
        DOCS / "transitions.md": transitions_md(),
        DOCS / "compatibility.md": matrix.page((DOCS / "reports").glob("*.json")),
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
        sys.stderr.write(f"{name} is not what docs/make.py makes\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
