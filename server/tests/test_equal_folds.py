"""Both nodes derive the same at every level of feedback, whatever crosses, is withdrawn, relayed
and certified again on the way.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from chain import Chain
from chance_acts import WEIGHTS, Acting
from desk import DELAY
from nodes import folded
from onward.core import spec
from onward.core.grants import LEVELS
from onward.core.refused import Refused
from onward.core.transitions import TABLE
from onward.errors import OnwardError

ROUNDS = 70
KINDS = [kind for kind in spec.acts() if kind not in ("offer", "propose_forward")]
OFTEN = {"withdraw": 4.0, "erased": 4.0, "invalidate": 0.1, "recall": 0.1}


class Talk:
    """Three agencies that do whatever comes to their minds."""

    def __init__(self, chain: Chain, chance: Random) -> None:
        self.chain = chain
        self.chance = chance
        self.wrote = 0

    def act(self) -> None:
        pair = self.chance.choice(("ab", "bc"))
        at = self.chance.choice(pair)
        desk = self.chain[at]
        side = "ORIGIN" if at == pair[0] else "DESTINATION"
        view = desk.client.get_referral(self.chain.referrals[pair])
        may = [
            kind for kind in KINDS
            if spec.acts()[kind].author in ("AUTHOR_EITHER", f"AUTHOR_{side}")
            and view.phase in TABLE[kind].phases
        ]  # fmt: skip
        weights = [OFTEN.get(kind, WEIGHTS.get(kind, 3)) for kind in may]
        kind = self.chance.choices(may, weights)[0]
        consent = self.chain.consents.get(at, "") if side == "ORIGIN" else ""
        try:
            if kind == "withdraw":
                desk.client.withdraw(
                    view.referral_id, categories=[self.chance.choice(("name", "sex", "language"))],
                    linked=self.chance.random() < 0.5, destroy_now=self.chance.random() < 0.5,
                )  # fmt: skip
            else:
                getattr(Acting(desk, view, consent, self.chance), kind)()
            self.wrote += 1
        except (OnwardError, Refused):
            pass

    def carry(self) -> None:
        """Some of what is due arrives, some is lost, some comes twice."""
        desk = self.chain[self.chance.choice("abc")]
        for outgoing in desk.due():
            there = self.chain.circle.named(outgoing.recipient)
            if self.chance.random() < 0.2:
                continue
            for _ in range(self.chance.choice((1, 1, 2))):
                (result,) = there.receive(outgoing.envelope)
            if self.chance.random() < 0.8:
                desk.answered(outgoing, result)

    def erase(self) -> None:
        self.chain[self.chance.choice("abc")].node.erase_due()


@pytest.mark.parametrize("feedback", LEVELS)
@pytest.mark.parametrize("seed", [3, 17])
@pytest.mark.timeout(600)
def test_both_nodes_derive_the_same(tmp_path: Path, feedback: str, seed: int) -> None:
    chain = Chain(tmp_path)
    chain.consent("a", "b", feedback=feedback)
    chain.refer("a", "b")
    chain.consent("b", "c", feedback=feedback)
    chain.refer("b", "c", onward_of="ab")
    talk = Talk(chain, Random(seed))
    for _ in range(ROUNDS):
        talk.chance.choice((talk.act, talk.act, talk.carry, talk.erase))()
    assert talk.wrote > ROUNDS / 10
    chain["c"].client.withdraw(chain.referrals["bc"], everything=True, linked=True)
    chain.settle()
    for _ in range(3):
        chain.clock.advance(DELAY)
        for name in "abc":
            chain[name].node.erase_due()
        chain.settle()
    for pair, referral_id in chain.referrals.items():
        views = [folded(chain[name].client.get_referral(referral_id)) for name in pair]
        assert views[0] == views[1]
        assert len(views[0].certified) == 2
        assert {part.state for part in views[0].parts} <= {"erased", "refused", "corrected"}
    assert not any(chain.held(name) for name in "abc")
    everyone = chain["a"].client.get_referral(chain.referrals["ab"]).holders
    assert all(one.certified for one in everyone)
    assert {one.agency[0] for one in everyone} == set("abc")
    chain.close()
