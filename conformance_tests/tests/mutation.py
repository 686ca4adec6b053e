"""The reference node with one thing broken: changes of its source, and how they are put in place.

The changes stand in the folder `mutants`, by the part of the specification. A mutant changes one
place in the source of one module, in this process and for one run of the suite. The place is given
as it stands there: where the code has changed, the mutant says so and has to be looked at.
"""

from __future__ import annotations

import importlib
import inspect
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "mutants"

CAUGHT = "caught"
"""Property of a test's report: each check by which a mutant has failed."""

Record = Callable[[str, object], None]
"""pytest's `record_property`."""

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


def plain(config: pytest.Config) -> bool:
    """Whether the run is of everything: then of mutants no more is asked than has to be."""
    return not (config.option.markexpr or config.option.keyword)


def _source(mutant: str, name: str, changes: Changes) -> str:
    """A module's source with its changes."""
    file = importlib.import_module(name).__file__
    assert file
    source = Path(file).read_text(encoding="utf-8")
    for old, new in changes:
        times = source.count(old)
        assert times == 1, f"{mutant}: its place stands there {times} times"
        source = source.replace(old, new)
    return source


@contextmanager
def broken(one: Mutant) -> Iterator[None]:
    """The modules with their changes, as long as this lasts."""
    with ExitStack() as parts:
        for module, changes in one.places().items():
            parts.enter_context(_changed(one.name, module, changes))
        yield


@contextmanager
def _changed(mutant: str, name: str, changes: Changes) -> Iterator[None]:
    """One module with its changes.

    Functions keep their identity and get other code, so that it counts wherever they were imported
    to, and in the methods of objects that exist already.
    """
    module = importlib.import_module(name)
    changed = ModuleType(name)
    changed.__dict__.update(vars(module))
    code = compile(_source(mutant, name, changes), str(module.__file__), "exec")
    exec(code, changed.__dict__)
    undo: list[tuple[FunctionType, CodeType, Any]] = []
    names: dict[str, Any] = {}
    _swap(name, vars(module), changed.__dict__, undo, names)
    assert undo or names, f"{mutant}: nothing is another"
    before = {key: vars(module).get(key) for key in names}
    vars(module).update(names)
    try:
        yield
    finally:
        for function, own, defaults in undo:
            function.__code__, function.__defaults__ = own, defaults
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
