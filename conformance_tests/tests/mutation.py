"""The reference node with one thing broken: changes of its source, and how they are put in place.

The changes stand in the folder `mutants`, by the part of the specification. A mutant changes one
place in the source of one module, in this process and for one run of the suite. The place is given
as it stands there: where the code has changed, the mutant says so and has to be looked at.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import threading
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

FOLDER = Path(__file__).parent / "mutants"

Place = tuple[str, str]
"""A function: its file, and its qualified name."""


@dataclass(frozen=True)
class Mutant:
    """`old` in the source of `module` becomes `new`; the suite must fail `requirement`."""

    requirement: str
    module: str
    old: str
    new: str
    profiles: tuple[str, ...] = ()
    """Which checks are run: those of these profiles; all of the reference's, if none is named."""

    @property
    def name(self) -> str:
        """How tests and people name it."""
        return f"{self.requirement} {self.module.rpartition('.')[2]}: {self.new.strip()[:40]}"


def mutants() -> list[Mutant]:
    """All of them."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
            profiles = tuple(one.pop("profiles", ()))
            found.append(Mutant(**one, profiles=profiles))
    return found


class Trace:
    """Which functions of the reference each check runs, so that a mutant asks only those checks
    that can tell. One run of all checks records it, in this process.
    """

    def __init__(self) -> None:
        self._by_check: dict[str, set[Place]] = defaultdict(set)
        self._now = ""

    @contextmanager
    def recording(self) -> Iterator[None]:
        """All threads that begin from now on, and this one."""
        folders = tuple(
            str(Path(m.__path__[0])) for m in (_package("onward"), _package("onward_server"))
        )

        def note(frame: FrameType, event: str, _: object) -> None:
            code = frame.f_code
            if event == "call" and code.co_filename.startswith(folders):
                self._by_check[self._now].add((code.co_filename, code.co_qualname))

        threading.setprofile(note)
        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]  # typeshed knows no end of it

    def begin(self, check: str) -> None:
        """What runs from now on belongs to this check."""
        self._now = check

    def tells(self, changed: Iterable[Place]) -> set[str] | None:
        """The checks that run one of the functions. None: any may, since the change is of a
        constant, or of what runs before the first check, or once for all of them.
        """
        places = set(changed)
        if not places or places & self._by_check[""]:
            return None
        return {name for name, ran in self._by_check.items() if ran & places} or None


def _package(name: str) -> ModuleType:
    return importlib.import_module(name)


@contextmanager
def broken(one: Mutant) -> Iterator[set[Place]]:
    """The module with its change, as long as this lasts. Gives the functions that are others now;
    none, if a constant is.

    Functions keep their identity and get other code, so that it counts wherever they were imported
    to, and in the methods of objects that exist already.
    """
    module = importlib.import_module(one.module)
    assert module.__file__
    source = Path(module.__file__).read_text(encoding="utf-8")
    times = source.count(one.old)
    assert times == 1, f"{one.name}: its place stands there {times} times"
    changed = ModuleType(module.__name__)
    changed.__dict__.update(vars(module))
    exec(compile(source.replace(one.old, one.new), module.__file__, "exec"), changed.__dict__)
    undo: list[tuple[FunctionType, CodeType, Any]] = []
    names: dict[str, Any] = {}
    _swap(module.__name__, vars(module), changed.__dict__, undo, names)
    assert undo or names, f"{one.name}: nothing is another"
    before = {name: vars(module).get(name) for name in names}
    vars(module).update(names)
    try:
        yield set() if names else {(code.co_filename, code.co_qualname) for _, code, _ in undo}
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
