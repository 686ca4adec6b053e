"""When follow-ups are due (domain.md R107, R111)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from onward.core import spec
from onward.core.follow_ups import next_due
from onward.core.states import State
from table_acts import state

END = datetime(2026, 1, 10, tzinfo=UTC)


def ended(*after: int) -> State:
    """A referral whose services have ended, with follow-ups so many days after that."""
    done = tuple(END + timedelta(days=days) for days in after)
    return replace(state("completed"), ended_at=END, follow_ups=done)


@pytest.mark.parametrize(
    ("after", "point", "days"),
    [
        ((), "day_3", 3),
        ((3,), "week_2", 14),
        ((1,), "day_3", 3),
        ((40,), "month_3", 91),
        ((40, 5), "month_3", 91),
        ((400,), "month_24", 730),
    ],
)
def test_R111_follow_ups_go_on_for_two_years(after: tuple[int, ...], point: str, days: int) -> None:
    assert next_due(ended(*after)) == (point, END + timedelta(days=days))


def test_none_is_due_before_the_end_and_after_the_last_point() -> None:
    assert next_due(replace(ended(), ended_at=None)) is None
    assert next_due(ended(731)) is None
    days = [code.days for code in spec.registries()["follow_up_point"].codes.values()]
    assert days == sorted(days)
    assert len(set(days)) == len(days)
