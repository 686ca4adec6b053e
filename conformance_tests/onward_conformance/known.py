"""The known-failing file: failures that a partner knows of, each with its reason.

    # A line of its own is a comment.
    check-name        # the reason, over every transport
    check-name grpc   # the reason, over one

It is strict both ways: a failure that stands there does not fail the run, and a line whose check
does not fail any more does. A known failure still keeps a report from saying that the target
conforms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from onward_conformance.results import UNKNOWN, WAYS, Outcome, Result


class KnownError(Exception):
    """The file can't be used; the text says which line, and what to do."""


@dataclass(frozen=True)
class Line:
    """One known failure. `way` is empty where it is for every transport."""

    place: str
    name: str
    way: str
    reason: str

    def covers(self, result: Result) -> bool:
        """Whether it speaks of this result."""
        return result.name == self.name and self.way in ("", result.way)


def read(path: Path, names: Collection[str]) -> list[Line]:
    """The lines of the file. `names` are those of all checks. Raises KnownError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise KnownError(f"can't read {path}: {fault}") from None
    found: list[Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            one = _line(f"{path}:{number}", line, names)
            if twin := next((each for each in found if _overlap(each, one)), None):
                raise KnownError(f"{one.place}: {one.name} stands already at {twin.place}")
            found.append(one)
    return found


def _line(place: str, text: str, names: Collection[str]) -> Line:
    said, _, reason = text.partition("#")
    words, reason = said.split(), reason.strip()
    if len(words) > 2:
        raise KnownError(f"{place}: write `check-name[ transport]  # reason`")
    name, way = words[0], (words[1] if len(words) == 2 else "")
    if name not in names:
        raise KnownError(
            f"{place}: no check is named {name}; `onward-conformance list` names them all"
        )
    if way and way not in WAYS:
        raise KnownError(f"{place}: the transport is one of {', '.join(WAYS)}, not {way}")
    if not reason:
        raise KnownError(f"{place}: {name} has no reason; write it behind a #")
    return Line(place, name, way, reason)


def _overlap(one: Line, other: Line) -> bool:
    return one.name == other.name and (one.way == other.way or not one.way or not other.way)


def apply(
    results: Iterable[Result], lines: Iterable[Line], *, whole: bool = True
) -> tuple[list[Result], list[str]]:
    """The results with the reasons of known failures, and what is wrong with the lines now.

    Args:
        results: those of a run that is over.
        lines: what `read` gave.
        whole: whether all checks were to run; otherwise a line whose check did not is right.
    """
    marked = list(results)
    stale: list[str] = []
    for line in lines:
        covered = [one for one in marked if line.covers(one)]
        if not covered and whole:
            stale.append(f"{line.place}: {line.name} was not run: remove the line")
        stale += _no_longer(line, covered)
        marked = [
            replace(one, known=line.reason)
            if line.covers(one) and one.outcome is Outcome.FAIL
            else one
            for one in marked
        ]
    return marked, stale


def _no_longer(line: Line, covered: list[Result]) -> list[str]:
    """What to do about a line of which a check does not fail any more."""
    fails = sorted({one.way for one in covered if one.outcome is Outcome.FAIL})
    mended = {one.way for one in covered if one.outcome not in (Outcome.FAIL, *UNKNOWN)}
    if not mended - set(fails):
        return []
    over = " and ".join(WAYS[way] for way in WAYS if way in mended)
    said = f"{line.place}: {line.name} does not fail any more over {over}"
    if fails and not line.way:
        return [f"{said}: name in the line the transport over which it still does"]
    return [f"{said}: remove the line"]
