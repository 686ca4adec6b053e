"""Stories between real agencies' nodes, each in a file that reads like the story.

A story has a title, a line about it, and `play`: a generator that is given a stage, and gives the
day, counted from the first, on which it goes on. All people in it are synthetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from onward_server.demo.stage.stage import Stage
from onward_server.demo.stories import (
    border,
    crossings,
    family_not_viable,
    forward,
    mother_and_child,
    moves_on,
    self_returnee,
    taken_back,
    wrong_agency,
)


@dataclass(frozen=True)
class Story:
    """One story: its number and name on the command line, and how it is played."""

    number: int
    name: str
    title: str
    about: str
    play: Callable[[Stage], Iterator[int]]


MODULES = (
    self_returnee,
    mother_and_child,
    family_not_viable,
    moves_on,
    forward,
    border,
    wrong_agency,
    crossings,
    taken_back,
)

STORIES = tuple(
    Story(number, one.__name__.rpartition(".")[2].replace("_", "-"), one.TITLE, one.ABOUT, one.play)
    for number, one in enumerate(MODULES, 1)
)


def find(wanted: str) -> tuple[Story, ...]:
    """The story with this number or name; all, if nothing is asked for. Empty if there is none."""
    return tuple(one for one in STORIES if wanted in ("", str(one.number), one.name))
