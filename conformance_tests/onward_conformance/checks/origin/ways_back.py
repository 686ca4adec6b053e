"""Ways back that the target has given with what it sent: told at any desk, they take it back."""

from __future__ import annotations

from onward_conformance.cases import Case, disclosed
from onward_conformance.check import Bench, check
from onward_conformance.knocking import Given, given
from onward_conformance.results import Failed


def _everything(case: Case) -> None:
    """It must come as a withdrawal of everything."""
    said = case.came("withdraw", by="KNCK-038")
    if not said["withdrawal"].get("everything"):
        raise Failed("a withdrawal of everything", said["withdrawal"], by="KNCK-038")


def _taken_back(bench: Bench, question: str) -> tuple[Case, Given]:
    """Content that has come, and a way back that takes it back."""
    case = disclosed(bench)
    return case, given(bench, question, referralIds=[case.id])


@check("KNCK-038", negative=True)
def way_back_takes_everything_back(bench: Bench) -> None:
    """She takes it back at a desk that has nothing of hers; nobody at the target does anything."""
    case, way = _taken_back(bench, "game")
    if (found := way.claims(bench.cast.second, "withdraw")["result"]) != "confirmed":
        raise Failed("a claim that is confirmed", found)
    _everything(case)


@check("KNCK-038", "KNCK-036", negative=True)
def lock_does_not_hold_up_a_withdrawal(bench: Bench) -> None:
    """Somebody has guessed at the same desk before her: it is done all the same."""
    case, way = _taken_back(bench, "story")
    way.guessed(bench.cast.second)
    way.claims(bench.cast.second, "withdraw")
    _everything(case)
