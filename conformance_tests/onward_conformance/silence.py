"""A destination that is silent until something counts, and what came from then on.

What is on its way when an act is written was sealed before it: only from the first envelope that
has the act's entry on does what comes show what the act has changed.
"""

from __future__ import annotations

from onward_conformance.cases import Case, entries
from onward_conformance.network import Json
from onward_conformance.peer import Arrival, Hung, Manner


def silent_until(kind: str) -> Manner:
    """Never answer before an entry of this kind has come; then well."""
    come = False

    def answer(arrival: Arrival, result: Json) -> Json:
        nonlocal come
        come = come or _has(arrival, kind)
        if not come:
            raise Hung
        return result

    return answer


def since(case: Case, kind: str) -> list[Arrival]:
    """What came from the first envelope on that has an entry of this kind."""
    found = case.arrivals
    has = [_has(one, kind) for one in found]
    return found[has.index(True) :] if True in has else []


def _has(arrival: Arrival, kind: str) -> bool:
    return any(each["kind"] == kind for each in entries(arrival))
