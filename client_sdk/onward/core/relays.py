"""How far a withdrawal goes: into which other referrals of a node, and when it is owed there.

A node relays it down every forward, whoever wrote it. One that is linked also goes up, to the
agency that the data came from, and to the node's other referrals of the same person. A relay is
written only where it adds something, so that it ends whatever way the referrals are linked
(docs/spec.md, section Withdrawal and destruction).
"""

from __future__ import annotations

from collections.abc import Iterable

from onward.core.guards import covered, withdrawable
from onward.core.states import State
from onward.v1.entry_pb2 import Withdrawal


def reach(
    *, linked: bool, forwards: Iterable[str], sources: Iterable[str], siblings: Iterable[str]
) -> list[str]:
    """Referrals of one node into which a withdrawal goes on from a referral.

    `forwards` pass on what came in it, `sources` are those that it passes something on from,
    `siblings` are its others of the same person, by whatever they began.
    """
    further = [*sources, *siblings] if linked else []
    return list(dict.fromkeys([*forwards, *further]))


def owed(state: State, scope: Withdrawal) -> bool:
    """Whether a withdrawal still has to be written in a referral that stands so.

    Not where earlier ones of at least its reach cover all of it and nothing in scope came since.
    """
    earlier = [one for one in state.withdrawals if one.linked or not scope.linked]
    if scope.everything:
        said = any(one.everything for one in earlier)
        return not said or any(not part.voided for part in state.parts.values())
    named = withdrawable(scope.categories)
    if not all(any(one.covers(category) for one in earlier) for category in named):
        return True
    wide = covered(scope.categories)
    return any(part.category in wide and not part.voided for part in state.parts.values())
