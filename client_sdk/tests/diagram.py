"""The edges of the diagram of phases, as docs/transitions.md draws it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from onward.core.states import State

PAGE = Path(__file__).parents[2] / "docs" / "transitions.md"
EDGE = re.compile(r"^  (\S+) --> (\S+): (.+)$", re.MULTILINE)

Edge = tuple[str, str, str]
"""From one phase to another, by an act."""


@cache
def edges() -> frozenset[Edge]:
    """All of them."""
    text = PAGE.read_text()
    drawn = text[text.index("stateDiagram-v2") :]
    drawn = drawn[: drawn.index("```")]
    return frozenset(
        (before, after, kind)
        for before, after, kinds in EDGE.findall(drawn)
        for kind in kinds.split(", ")
    )


def name(state: State) -> str:
    """A state as the diagram names it."""
    if not state.phase:
        return "[*]"
    return f"resting_{state.rest}" if state.phase == "resting" else state.phase
