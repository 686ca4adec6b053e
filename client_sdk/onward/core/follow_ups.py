"""When follow-ups are due (domain.md R107, R111; a proposal that practitioners should review)."""

from __future__ import annotations

from datetime import datetime, timedelta

from onward.core import spec
from onward.core.states import State

LAST_YEAR = 9000
"""After it no date could be counted on from."""


def next_due(state: State) -> tuple[str, datetime] | None:
    """The point that comes next and its moment; None before the services have ended, and after
    the last point.

    The points stand in the registry `follow_up_point`, counted from the handover, or from the
    end of the services. A follow-up covers every point before it.
    """
    if state.ended_at is None or not state.served:
        return None
    if state.ended_at.year > LAST_YEAR:
        return None  # A time that no clock of a node shows; nothing may fail for it.
    last = max(state.follow_ups, default=state.ended_at)
    for code in spec.registries()["follow_up_point"].codes.values():
        due = state.ended_at + timedelta(days=code.days)
        if due > last:
            return code.id, due
    return None
