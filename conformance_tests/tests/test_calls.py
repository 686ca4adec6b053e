"""What is asked of a target's hands is known before a run: partners write their program by it.

That nothing else is asked for, a whole run shows (test_reference.py).
"""

from __future__ import annotations

from onward_conformance.calls import calls
from onward_conformance.local import routes


def test_they_are_calls_of_the_local_plane() -> None:
    asked = {name for names in calls().values() for name in names}
    assert "Referrals.Acknowledge" in calls()["destination"]
    assert asked <= set(routes())
