"""What the suite tests of the specification, and why it does not test the rest.

Beside the checks stand two files: `not_tested.toml` says for each requirement without a check why
it has none, `looked.json` which sentence of each requirement its checks or its reason were last
held against. Each fault is found by a function of what it is given, so that this can be tested.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from onward_conformance.check import Check
from onward_conformance.requirements import Requirement

ID = re.compile(r"[A-Z]{3,4}-[0-9]{3}")
NEGATIVES = 0.6
"""At least this share of all checks shows that something is refused, dropped or not sent."""
NOT_TESTED, LOOKED = "not_tested.toml", "looked.json"
TO_DO = ("to_do", "mutants_to_do")
CLIENT = "client"
PLAYED = frozenset({"client_bench.py", "listener.py", "played.py", "played_servers.py"})
"""Where the suite plays a node, for a client under test."""


@dataclass(frozen=True)
class Reason:
    """Why these requirements have no check (or, of `no_mutant`, no mutant)."""

    why: str
    ids: tuple[str, ...]
    kind: str = ""
    shown_by: tuple[str, ...] = ()
    """Files of this project's own tests, which show it for the reference node."""


@dataclass(frozen=True)
class ToDo:
    """What is missing and known to be."""

    ids: tuple[str, ...] = ()
    most: int = 0
    """How many there may be. This number is only ever made smaller."""

    def grown(self, what: str) -> list[str]:
        """A line if there are more."""
        if len(self.ids) <= self.most:
            return []
        return [f"{len(self.ids)} {what} are to do, and at most {self.most} may be"]


@dataclass(frozen=True)
class Reasons:
    """What not_tested.toml says."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    """What each kind of reason means."""
    reasons: tuple[Reason, ...] = ()
    no_mutant: tuple[Reason, ...] = ()
    to_do: ToDo = field(default_factory=ToDo)
    """Could be seen from outside, and has no check yet."""
    mutants_to_do: ToDo = field(default_factory=ToDo)
    """Has checks, and no mutant yet."""

    def of(self, requirement: str) -> Reason | None:
        """The reason of one requirement, if it has one."""
        return next((one for one in self.reasons if requirement in one.ids), None)


def read_reasons(text: str) -> Reasons:
    """What a text such as not_tested.toml says. Raises ValueError, KeyError or TypeError."""
    said = tomllib.loads(text)
    made: dict[str, tuple[Reason, ...]] = {}
    for name in ("reason", "no_mutant"):
        found = said.get(name, [])
        made[name] = tuple(
            Reason(
                ids=tuple(one.pop("ids").split()), shown_by=tuple(one.pop("shown_by", ())), **one
            )
            for one in found
        )
    if strange := {one.kind for one in made["reason"]} - set(said["kinds"]):
        raise ValueError(f"no kind of reason is {', '.join(sorted(strange))}")
    to_do = (ToDo(tuple(said[name]["ids"].split()), said[name]["most"]) for name in TO_DO)
    return Reasons(said["kinds"], made["reason"], made["no_mutant"], *to_do)


def own(name: str) -> str:
    """The text of a file of this package."""
    return files("onward_conformance").joinpath(name).read_text(encoding="utf-8")


def digest(one: Requirement) -> str:
    """A short digest of a sentence and its level."""
    return hashlib.sha256(f"{one.level} {one.sentence}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Coverage:
    """All that is known of what is tested."""

    requirements: Mapping[str, Requirement]
    checks: Iterable[Check]
    judged: Mapping[str, frozenset[str]]
    """Requirements by which the suite fails a target, by the files that do it."""
    reasons: Reasons
    looked: Mapping[str, str]

    @cached_property
    def by_check(self) -> dict[str, list[Check]]:
        """The checks of each requirement that has some."""
        found: dict[str, list[Check]] = {}
        for one in self.checks:
            for requirement in one.requirements:
                found.setdefault(requirement, []).append(one)
        return found

    @property
    def tested(self) -> set[str]:
        """What has a check, or is what one fails by."""
        return {*self.by_check, *self.judged}

    @property
    def of_nodes(self) -> set[str]:
        """What is tested of nodes. What a client alone is held to can have a reason for nodes."""
        found = {name for name, checks in self.by_check.items() if any(map(_of_nodes, checks))}
        return found | {name for name in self.judged if self._places(name)}

    def _places(self, requirement: str) -> list[str]:
        where = self.judged.get(requirement, frozenset())
        return [one for one in sorted(where) if not _of_clients(one)]

    def judges(self, requirement: str) -> list[str]:
        """What holds the target to it beside the checks that name it, in words."""
        where = self.judged.get(requirement, frozenset())
        own = [path for path in where if not path.startswith("checks/")]
        words = {
            True: "of a client, held against all it sends",
            False: "held against all that comes",
        }
        if own:
            return sorted({words[_of_clients(path)] for path in own})
        if requirement in self.by_check:
            return []
        return [
            f"what a check of {path.removeprefix('checks/')} fails by" for path in sorted(where)
        ]

    @property
    def settled(self) -> set[str]:
        """What is tested, or has a reason: somebody has read its sentence."""
        return self.tested | {one for reason in self.reasons.reasons for one in reason.ids}

    @property
    def strict(self) -> list[str]:
        """Every MUST and MUST NOT."""
        return [name for name, one in self.requirements.items() if one.strict]

    @property
    def open(self) -> list[str]:
        """Every MUST with neither a check nor a reason, and not known to be to do."""
        settled = self.settled | set(self.reasons.to_do.ids)
        return [one for one in self.strict if one not in settled]


def _of_nodes(check: Check) -> bool:
    return check.profile != CLIENT


def _of_clients(path: str) -> bool:
    return path in PLAYED or path.startswith(f"checks/{CLIENT}/")


def _ids(reasons: Iterable[Reason]) -> list[str]:
    return [one for reason in reasons for one in reason.ids]


def unknown(here: Coverage, mutants: Iterable[str]) -> list[str]:
    """Ids that the specification does not have, with where they stand."""
    places = {
        "a check": here.by_check, "the suite": here.judged, "a mutant": mutants,
        "a reason": _ids(here.reasons.reasons), "to_do": here.reasons.to_do.ids,
        "no_mutant": _ids(here.reasons.no_mutant),
        "mutants_to_do": here.reasons.mutants_to_do.ids, LOOKED: here.looked,
    }  # fmt: skip
    return [
        f"{one} of {place} is no requirement"
        for place, found in places.items()
        for one in sorted(set(found) - set(here.requirements))
    ]


def unexplained(here: Coverage) -> list[str]:
    """MUSTs with neither a check nor a reason, and lines of the file that are not needed."""
    reasons = here.reasons
    given = Counter([*_ids(reasons.reasons), *reasons.to_do.ids])
    found = [f"{one} has neither a check nor a reason" for one in here.open]
    found += [f"{one} stands {times} times" for one, times in given.items() if times > 1]
    found += [f"{one} has a check: take it out" for one in given if one in here.of_nodes]
    found += [
        f"{one} could be left untested without a reason: take it out"
        for one in given
        if one in here.requirements and not here.requirements[one].strict
    ]
    return found + reasons.to_do.grown("checks")


def unread(here: Coverage) -> list[str]:
    """Requirements whose sentence was not looked at since it changed, or came."""
    return [
        f"{one} has a new sentence: look at its checks, then `covered.py --looked {one}`"
        for one in sorted(here.settled & set(here.requirements))
        if here.looked.get(one) != digest(here.requirements[one])
    ]


def unbroken(here: Coverage, mutants: Iterable[str]) -> list[str]:
    """MUSTs that checks are about first of all, and that no mutant breaks; needless reasons."""
    to_do = here.reasons.mutants_to_do
    first = {one.requirements[0] for one in here.checks}
    given = Counter([*_ids(here.reasons.no_mutant), *to_do.ids])
    strict, killed, excused = set(here.strict), set(mutants), set(given)
    found = [f"{one} has no mutant" for one in sorted(first & strict - killed - excused)]
    found += [f"{one} stands {times} times" for one, times in given.items() if times > 1]
    found += [f"{one} has a mutant: take it out" for one in sorted(excused & killed)]
    found += [f"{one} has no check: take it out" for one in sorted(excused - first)]
    return found + to_do.grown("mutants")


def too_kind(here: Coverage) -> list[str]:
    """A line if too few checks show that something is refused, dropped or not sent."""
    checks = list(here.checks)
    count = sum(one.negative for one in checks)
    if count >= NEGATIVES * len(checks):
        return []
    return [f"{count} of {len(checks)} checks are negative; {NEGATIVES:.0%} have to be"]


@cache
def judged() -> dict[str, frozenset[str]]:
    """Requirements by which the suite fails a target outside of what a check says it is about.

    An id that stands by itself in the suite's source is one that it says when it is broken.
    """
    found: dict[str, set[str]] = {}
    for path, tree in sources().items():
        named = {id(each) for node in ast.walk(tree) for each in _decorated(node)}
        for node in ast.walk(tree):
            if (text := constant(node)) and ID.fullmatch(text) and id(node) not in named:
                found.setdefault(text, set()).add(path)
    return {one: frozenset(where) for one, where in found.items()}


@cache
def sources() -> dict[str, ast.Module]:
    """The syntax tree of each module of the suite, by its path."""
    here = Path(__file__).parent
    return {
        path.relative_to(here).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(here.rglob("*.py"))
    }


def _decorated(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.FunctionDef):
        for one in node.decorator_list:
            yield from ast.walk(one)


def constant(node: ast.AST) -> str:
    """The text that a node of a syntax tree is; empty if it is none."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def here(
    requirements: Mapping[str, Requirement], checks: Mapping[str, Check], given: str = ""
) -> Coverage:
    """The state of this package, by these requirements. `given`: another text of reasons."""
    return Coverage(
        requirements, list(checks.values()), judged(), read_reasons(given or own(NOT_TESTED)),
        json.loads(own(LOOKED)),
    )  # fmt: skip
