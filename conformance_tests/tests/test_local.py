"""Who acts over the local plane looks at the referral, and looks once more if it has changed."""

from __future__ import annotations

import pytest

from onward_conformance.hands import Refusal
from onward_conformance.jose import Key
from onward_conformance.local import LOOKS, LocalPlane, Route
from onward_conformance.network import Json
from onward_conformance.referral import identifier

ACT: Json = {"referralId": identifier()}


class Busy(LocalPlane):
    """A node to which the other agency writes as often as `written` after each look."""

    def __init__(self, written: int) -> None:
        key = Key.new()
        super().__init__("http://127.0.0.1:9", "a.example", "c", key, key)
        self.written, self.seq, self.tries = written, 1, list[Json]()

    def _send(self, name: str, route: Route, said: Json) -> Json:
        if name == "Referrals.GetReferral":
            heads = {"destination": {"seq": self.seq}}
            self.written -= 1
            self.seq += self.written >= 0
            return {"heads": heads}
        self.tries.append(said["write"])
        if said["write"]["expectedHeads"]["destination"]["seq"] != self.seq:
            raise Refusal("HEADS_CHANGED")
        return {}


def test_an_act_that_another_came_before_is_tried_with_what_is_there_now() -> None:
    plane = Busy(LOOKS - 1)
    plane.call("Referrals.Remind", ACT)
    assert [one["expectedHeads"]["destination"]["seq"] for one in plane.tries] == [1, 2, 3]
    assert len({one["requestId"] for one in plane.tries}) == LOOKS


def test_a_node_that_never_agrees_has_refused() -> None:
    plane = Busy(LOOKS)
    with pytest.raises(Refusal, match="HEADS_CHANGED"):
        plane.call("Referrals.Remind", ACT)
    assert len(plane.tries) == LOOKS


def test_heads_that_a_check_gives_are_not_others_then() -> None:
    plane = Busy(0)
    given = {"write": {"expectedHeads": {"destination": {"seq": 7}}}}
    with pytest.raises(Refusal, match="HEADS_CHANGED"):
        plane.call("Referrals.Remind", ACT | given)
    assert len(plane.tries) == 1
