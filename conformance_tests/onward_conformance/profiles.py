"""The roles that a target can declare, and which checks each brings."""

from __future__ import annotations

from collections.abc import Iterable

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


def chosen(declared: Iterable[str], wanted: Iterable[str] = ()) -> list[Check]:
    """The checks of a target with these profiles; of them those of these names or requirement ids.

    Raises ValueError for a name that is neither.
    """
    names, profiles = list(wanted), list(declared)
    known = {*ALL, *(one for each in ALL.values() for one in each.requirements)}
    if strangers := sorted(set(names) - known):
        raise ValueError(f"no check is named {', '.join(strangers)}")
    return [
        one
        for one in ALL.values()
        if applies(one, profiles)
        and (not names or one.name in names or set(one.requirements) & set(names))
    ]
