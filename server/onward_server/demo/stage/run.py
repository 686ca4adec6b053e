"""Plays stories side by side on one network: all that have something to do today, then later days.

Time is turned for all at once, because the nodes have to be started again for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from onward.errors import OnwardError
from onward_server.app.settings import SettingsError
from onward_server.demo.desks import Stuck
from onward_server.demo.stage.desk import Wrong
from onward_server.demo.stage.network import POSTS, Network
from onward_server.demo.stage.stage import Stage
from onward_server.demo.stage.telling import Telling
from onward_server.demo.stories import Story
from onward_server.demo.story import Choice
from onward_server.demo.world import Transport

Progress = Callable[[int, int, str], None]
"""Told how many parts of stories are done, of how many so far, and what begins now."""


@dataclass
class Going:
    """A story under way, and the day on which it goes on."""

    day: int
    telling: Telling
    stage: Stage
    play: Iterator[int]


def transports(choice: Choice, number: int) -> dict[str, Transport]:
    """Which transport each agency's software uses in a story: with both, by turns."""
    turns: tuple[Transport, Transport] = ("rest", "grpc")
    if choice != "both":
        turns = (choice, choice)
    return {post.key: turns[(number + place) % 2] for place, post in enumerate(POSTS)}


def run(
    network: Network, stories: Sequence[Story], choice: Choice, progress: Progress
) -> list[Telling]:
    """Play them to their ends. A story that breaks tells why, and does not stop the others."""
    going = []
    for story in stories:
        telling = Telling(story.number, story.name, story.title, story.about)
        stage = Stage(network, telling, transports(choice, story.number))
        going.append(Going(0, telling, stage, story.play(stage)))
    told = [one.telling for one in going]
    done = 0
    while going:
        day = min(one.day for one in going)
        due = [one for one in going if one.day == day]
        if day != network.day:
            progress(done, done + len(going), f"day {day}: the nodes start again, clocks turned")
            network.turn_to(day, {key for one in due for key in one.stage.used})
        for one in due:
            progress(done, done + len(going), f"day {day}: {one.telling.title}")
            if not _goes_on(one):
                going.remove(one)
                done += 1
    return told


def _goes_on(one: Going) -> bool:
    """Play the story until time has to pass. False at its end."""
    try:
        one.day = next(one.play)
    except StopIteration:
        one.telling.finished = True
    except (Wrong, Stuck, OnwardError, SettingsError) as fault:
        one.telling.broke = str(fault)
    else:
        return True
    return False
