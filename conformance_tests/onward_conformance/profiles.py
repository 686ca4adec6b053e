"""The roles that a target can declare, and which checks each brings."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from onward_conformance.check import Check
from onward_conformance.checks import ALL
from onward_conformance.results import NODES, PROFILES

__all__ = ["NODES", "PROFILES", "applies", "chosen"]


def applies(one: Check, declared: Iterable[str]) -> bool:
    """Whether a check is for a target that declares these profiles.

    Checks of a folder `without_X` are for those nodes that do not declare X: they refuse it.
    """
    profiles = set(declared)
    if one.profile == "peer":
        return bool(profiles & NODES)
    if one.profile.startswith("without_"):
        return bool(profiles & NODES) and one.profile.removeprefix("without_") not in profiles
    return one.profile in profiles


def part(one: Check) -> str:
    """The part of its profile that a check belongs to: the name of the file that it stands in."""
    return one.run.__module__.rpartition(".")[2]


def parts(checks: Iterable[Check]) -> dict[tuple[str, str], list[Check]]:
    """The checks of each profile and part."""
    found: dict[tuple[str, str], list[Check]] = {}
    for one in checks:
        found.setdefault((one.profile, part(one)), []).append(one)
    return dict(sorted(found.items()))


def answers_to(one: Check) -> set[str]:
    """By what a check can be chosen: its name, its part, and its requirements."""
    return {one.name, part(one), *one.requirements}


def meant(names: Iterable[str], known: Iterable[str]) -> str:
    """What was meant perhaps by names that nothing has, as a question; empty if nothing is like
    them.
    """
    lower = {one.lower(): one for one in sorted(known)}
    near = [lower[one] for name in names for one in get_close_matches(name.lower(), lower, n=4)]
    return f". Do you mean {' or '.join(dict.fromkeys(near))}?" if near else ""


def chosen(declared: Iterable[str], wanted: Iterable[str] = ()) -> list[Check]:
    """The checks of a target with these profiles; of them those that answer to these words.

    Raises ValueError for a word that no check answers to.
    """
    words, profiles = set(wanted), list(declared)
    known = {one for each in ALL.values() for one in answers_to(each)}
    if strangers := sorted(words - known):
        raise ValueError(f"no check is named {', '.join(strangers)}{meant(strangers, known)}")
    return [
        one
        for one in ALL.values()
        if applies(one, profiles) and (not words or answers_to(one) & words)
    ]
