"""What is asked of a target's hands is known before a run: partners write their program by it.

That nothing else is asked for, a whole run shows (test_reference.py).
"""

from __future__ import annotations

from client_target import InThisProcess

from onward_conformance.calls import calls
from onward_conformance.client_bench import CONNECT, ClientBench
from onward_conformance.local import routes
from onward_conformance.played import Played


def test_they_are_calls_of_the_local_plane() -> None:
    asked = {name for names in calls().values() for name in names}
    assert "Referrals.Acknowledge" in calls()["destination"]
    assert asked <= set(routes())


def test_what_a_client_is_told_of_its_node_stands_in_the_documents() -> None:
    assert set(ClientBench(Played(), "rest", InThisProcess()).connection()) == set(CONNECT)
