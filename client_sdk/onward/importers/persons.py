"""Two rows that may be one person: neither is read, and nothing of them is merged.

A bridge that takes the first of several persons who match sends one person's data under another's
name (domain.md T4). Which row is right, only somebody who knows the person can say.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations

from onward.importers.model import Case, RowProblem
from onward.importers.table import plain

FULL_DATE = len("2026-11-21")


def _papers(case: Case) -> set[Hashable]:
    papers = case.record.identity_document.papers
    return {(paper.kind, paper.country, plain(paper.number)) for paper in papers if paper.number}


def _called(case: Case) -> Hashable:
    """Whole name and whole date of birth; None where the sheet does not say both."""
    name, born = case.record.name, case.record.date_of_birth.date
    whole = tuple(plain(one) for one in (name.first_name, name.middle_name, name.second_name))
    return (*whole, born) if any(whole) and len(born) == FULL_DATE else None


def _alike(one: Case, other: Case) -> bool:
    """Whether two rows may be one person. Papers with different numbers tell two people apart."""
    if _papers(one) and _papers(other):
        return bool(_papers(one) & _papers(other))
    return _called(one) is not None and _called(one) == _called(other)


def _candidates(cases: Sequence[Case]) -> Iterator[tuple[Case, Case]]:
    groups: dict[Hashable, list[Case]] = {}
    for case in cases:
        for key in {*_papers(case), _called(case)} - {None}:
            groups.setdefault(key, []).append(case)
    for group in groups.values():
        yield from combinations(group, 2)


def ambiguous(file: str, cases: Sequence[Case]) -> tuple[list[Case], list[RowProblem]]:
    """The cases that stand for one person each, and why each of the others was refused."""
    twins: dict[int, int] = {}
    for one, other in _candidates(cases):
        if _alike(one, other):
            twins.setdefault(one.line, other.line)
            twins.setdefault(other.line, one.line)
    problems = [
        RowProblem(
            file,
            line,
            "",
            f"it is ambiguous: line {twin} may be the same person, so neither was read",
            "Keep one row for each person. If they are two, enter the numbers of their papers",
        )
        for line, twin in sorted(twins.items())
    ]
    return [case for case in cases if case.line not in twins], problems
