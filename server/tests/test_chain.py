"""What was passed on: under which grants it goes, and that a withdrawal reaches every holder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chain import Chain
from circle import agency
from nodes import reason


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = Chain(tmp_path)
    yield made
    made.close()


def test_at_the_first_it_reaches_the_last_and_all_certify(chain: Chain) -> None:
    chain.row()
    assert chain.held("c") >= {"name", "contact_safe"}
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()
    assert not chain.held("a") | chain.held("b") | chain.held("c")
    (relayed,) = chain.withdrawals("bc")
    assert relayed.everything
    chain.carried_out(2)
    holders = chain.holders("a", "ab")
    assert {name: one.certified for name, one in holders.items()} == dict.fromkeys("abc", True)
    assert all(one.HasField("destroyed_at") for one in holders.values())
    assert {p.state for p in chain["a"].client.get_referral(chain.referrals["ab"]).parts} == {
        "erased"
    }
    assert chain.views_equal()


def test_at_the_last_it_stays_there_unless_it_is_linked(chain: Chain) -> None:
    chain.row()
    chain["c"].client.withdraw(chain.referrals["bc"], categories=["name"])
    chain.settle()
    assert chain.withdrawals("ab") == []
    chain["c"].client.withdraw(chain.referrals["bc"], everything=True, linked=True)
    chain.settle()
    (up,) = chain.withdrawals("ab")
    assert (up.everything, up.linked) == (True, True)
    assert not chain.held("a") | chain.held("b") | chain.held("c")
    chain.carried_out(2)
    assert all(one.certified for one in chain.holders("a", "ab").values())
    assert set(chain.holders("a", "ab")) == set("abc")
    assert reason(chain["b"].client.erase, chain.referrals["ab"]) == "STATE_CONFLICT"
    assert agency("a") not in chain.holders("c", "bc")
