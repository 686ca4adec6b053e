"""The reference node with one thing broken: changes of its source, and how they are put in place.

The changes stand in the folder `mutants`, by the part of the specification. A mutant changes one
place in the source of one module, in this process and for one run of the suite. The place is given
as it stands there: where the code has changed, the mutant says so and has to be looked at.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import threading
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

FOLDER = Path(__file__).parent / "mutants"

ALL = os.environ.get("ONWARD_MUTANTS") == "all"
"""Whether a mutant is asked every check that can tell, and not only those that name its
requirement: an hour in place of minutes, after which nothing else may have failed either.
"""

CAUGHT = "caught"
"""Property of a test's report: each check by which a mutant has failed."""

Record = Callable[[str, object], None]
"""pytest's `record_property`."""

Place = tuple[str, Any]
"""A function, by its file and its qualified name, or a line, by its file and its number."""

Changes = list[tuple[str, str]]
"""What stands in a module, and what is to stand there instead."""


@dataclass(frozen=True)
class Mutant:
    """`old` in the source of `module` becomes `new`; the suite must fail `requirement`."""

    requirement: str
    module: str
    old: str
    new: str
    profiles: tuple[str, ...] = ()
    """Which checks are run: those of these profiles; all of the reference's, if none is named."""
    also: tuple[tuple[str, str, str], ...] = ()
    """More places, each as module, old and new: where two parts of the node see to one thing."""

    @property
    def name(self) -> str:
        """How tests and people name it."""
        return f"{self.requirement} {self.module.rpartition('.')[2]}: {self.new.strip()[:40]}"

    def places(self) -> dict[str, Changes]:
        """What is changed, by module."""
        found: dict[str, Changes] = defaultdict(list)
        for module, old, new in ((self.module, self.old, self.new), *self.also):
            found[module].append((old, new))
        return found


def mutants() -> list[Mutant]:
    """All of them."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
            profiles = tuple(one.pop("profiles", ()))
            also = tuple((e["module"], e["old"], e["new"]) for e in one.pop("also", ()))
            found.append(Mutant(**one, profiles=profiles, also=also))
    return found


@dataclass(frozen=True)
class Change:
    """Where a mutant is: the lines of its places, and the functions that are others by it (none, if
    a constant is).
    """

    lines: frozenset[Place]
    functions: frozenset[Place]


class Trace:
    """Which lines and functions of the reference each check runs, so that a mutant asks only those
    checks that can tell. One run of all checks records it, in this process.
    """

    def __init__(self, watched: Iterable[Mutant]) -> None:
        self._functions: dict[str, set[Place]] = defaultdict(set)
        self._lines: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._watched: dict[str, set[int]] = defaultdict(set)
        for one in watched:
            for module, changes in one.places().items():
                for file, number in _source(one.name, module, changes)[1]:
                    self._watched[file].add(number)
        self._known: dict[CodeType, bool] = {}
        self._now = ""

    @contextmanager
    def recording(self) -> Iterator[None]:
        """All threads that begin from now on, and this one."""
        packages = [importlib.import_module(name) for name in ("onward", "onward_server")]
        folders = tuple(str(Path(one.__path__[0])) for one in packages)

        def begin(frame: FrameType, event: str, _: object) -> Any:
            code = frame.f_code
            if not code.co_filename.startswith(folders):
                return None
            self._functions[self._now].add((code.co_filename, code.co_qualname))
            return line if self._is_watched(code) else None

        def line(frame: FrameType, event: str, _: object) -> Any:
            if event == "line":
                self._lines[self._now].add((frame.f_code.co_filename, frame.f_lineno))
            return line

        threading.settrace(begin)
        before = sys.gettrace()
        sys.settrace(begin)
        try:
            yield
        finally:
            sys.settrace(before)
            threading.settrace(None)  # type: ignore[arg-type]  # typeshed knows no end of it

    def _is_watched(self, code: CodeType) -> bool:
        if code not in self._known:
            own = {number for _, _, number in code.co_lines() if number}
            self._known[code] = bool(own & self._watched.get(code.co_filename, set()))
        return self._known[code]

    def begin(self, check: str) -> None:
        """What runs from now on belongs to this check."""
        self._now = check

    def tells(self, change: Change) -> set[str] | None:
        """The checks that run what is changed. None: any may be one, since it is a constant, or
        nothing of it ran in a check.
        """
        if not change.functions:
            return None
        exact = {name for name, ran in self._lines.items() if name and ran & change.lines}
        roughly = {name for name, ran in self._functions.items() if name and ran & change.functions}
        return exact or roughly or None


def _source(mutant: str, name: str, changes: Changes) -> tuple[str, frozenset[Place]]:
    """A module's source with its changes, and the lines where they are."""
    file = importlib.import_module(name).__file__
    assert file
    before = Path(file).read_text(encoding="utf-8")
    source, lines = before, set()
    for old, new in changes:
        times = source.count(old)
        assert times == 1, f"{mutant}: its place stands there {times} times"
        bare = old.strip("\n")
        first = before[: before.index(old) + old.index(bare)].count("\n") + 1
        lines |= {(file, first + number) for number in range(bare.count("\n") + 1)}
        source = source.replace(old, new)
    return source, frozenset(lines)


@contextmanager
def broken(one: Mutant) -> Iterator[Change]:
    """The modules with their changes, as long as this lasts."""
    with ExitStack() as parts:
        made = [
            parts.enter_context(_changed(one.name, module, changes))
            for module, changes in one.places().items()
        ]
        constant = any(not part.functions for part in made)
        yield Change(
            frozenset[Place]().union(*(part.lines for part in made)),
            frozenset[Place]() if constant
            else frozenset[Place]().union(*(part.functions for part in made)),
        )  # fmt: skip


@contextmanager
def _changed(mutant: str, name: str, changes: Changes) -> Iterator[Change]:
    """One module with its changes.

    Functions keep their identity and get other code, so that it counts wherever they were imported
    to, and in the methods of objects that exist already.
    """
    module = importlib.import_module(name)
    source, lines = _source(mutant, name, changes)
    changed = ModuleType(name)
    changed.__dict__.update(vars(module))
    exec(compile(source, str(module.__file__), "exec"), changed.__dict__)
    undo: list[tuple[FunctionType, CodeType, Any]] = []
    names: dict[str, Any] = {}
    _swap(name, vars(module), changed.__dict__, undo, names)
    assert undo or names, f"{mutant}: nothing is another"
    before = {key: vars(module).get(key) for key in names}
    vars(module).update(names)
    try:
        functions = {(code.co_filename, code.co_qualname) for _, code, _ in undo}
        yield Change(lines, frozenset() if names else frozenset(functions))
    finally:
        for function, code, defaults in undo:
            function.__code__, function.__defaults__ = code, defaults
        vars(module).update(before)


def _swap(
    name: str,
    old: Any,
    new: Any,
    undo: list[tuple[FunctionType, CodeType, Any]],
    names: dict[str, Any],
) -> None:
    """Give the functions of one namespace the code of another; constants go to `names`."""
    for key, made in list(new.items()):
        held = old.get(key)
        if isinstance(made, type) and made.__module__ == name and isinstance(held, type):
            _swap(name, dict(vars(held)), dict(vars(made)), undo, {})
            continue
        there, here = _function(made), _function(held)
        if there is None or there.__module__ != name:
            if isinstance(made, (int, float, str, frozenset, tuple)) and made != held:
                names[key] = made
        elif here is None:
            names[key] = made
        elif not _same(here.__code__, there.__code__):
            undo.append((here, here.__code__, here.__defaults__))
            here.__code__, here.__defaults__ = there.__code__, there.__defaults__


def _function(value: Any) -> FunctionType | None:
    """The plain function behind a value: a method's, a property's, a decorated one's."""
    if isinstance(value, property):
        value = value.fget
    value = inspect.unwrap(getattr(value, "__func__", value)) if callable(value) else value
    return value if isinstance(value, FunctionType) else None


def _same(one: CodeType, other: CodeType) -> bool:
    return one.replace(co_firstlineno=1) == other.replace(co_firstlineno=1)
