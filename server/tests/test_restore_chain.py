"""What she took back everywhere goes up and down through an agency that was restored meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from chain import Chain
from onward_server.ports import Tx
from onward_server.service import content
from test_restore_links import ask


def behind(tmp_path: Path, lost: str) -> Chain:
    """Three in a row, the one between restored to before its own referral, or before both."""
    chain = Chain(tmp_path)
    b = chain["b"]
    chain.consent("a", "bc")
    chain.consent("b", "c")
    if lost == "both":
        backup = b.backup(tmp_path / "backup")
        chain.refer("a", "b")
    else:
        chain.refer("a", "b")
        backup = b.backup(tmp_path / "backup")
    chain.refer("b", "c", onward_of="ab")
    b.restore(backup)
    return chain


@pytest.mark.parametrize("order", ["ac", "ca"])
@pytest.mark.parametrize("at", ["a", "c"])
@pytest.mark.parametrize("lost", ["its own", "both"])
@pytest.mark.parametrize("days", [0, 1])
def test_all_linked_reaches_everybody(
    tmp_path: Path, lost: str, at: str, order: str, days: int
) -> None:
    chain = behind(tmp_path, lost)
    referral_id = chain.referrals["ab" if at == "a" else "bc"]
    chain[at].client.get_referral(referral_id)
    chain[at].client.withdraw(referral_id, everything=True, linked=True)
    for other in order:
        ask(chain, "b", other)
        chain.settle()
        chain["b"].node.relay_due()
        chain.settle()
        chain.carried_out(days)
    chain.carried_out(4)
    assert {name for name, one in chain.holders("a", "ab").items() if one.certified} == set("abc")
    assert [bool(chain.withdrawals(one)) for one in ("ab", "bc")] == [True, True]
    assert [chain.held(one) for one in "abc"] == [set(), set(), set()]
    chain.close()


def keys_of_links(chain: Chain) -> set[str]:
    """Those of b's links that live."""
    keys = {content.link_key(one) for one in chain.referrals.values()}
    return chain["b"].keys.living(keys)


def test_the_link_lives_until_the_other_referral_is_back_and_no_longer(tmp_path: Path) -> None:
    chain = behind(tmp_path, "both")
    chain["c"].client.get_referral(chain.referrals["bc"])
    chain["c"].client.withdraw(chain.referrals["bc"], everything=True, linked=True)
    ask(chain, "b", "c")
    chain.carried_out(2)
    assert chain.held("b") == set()
    assert keys_of_links(chain) == {content.link_key(chain.referrals["bc"])}
    ask(chain, "b", "a")
    chain.carried_out(1)
    assert keys_of_links(chain) == set()
    chain.close()


def test_a_link_that_nobody_can_tell_any_more_goes_as_well(tmp_path: Path) -> None:
    """The agency that the content came from has left: nothing is waited for."""
    chain = behind(tmp_path, "both")
    chain["c"].client.get_referral(chain.referrals["bc"])
    chain["c"].client.withdraw(chain.referrals["bc"], everything=True, linked=True)
    ask(chain, "b", "c")
    b = chain["b"]

    def leave(tx: Tx) -> None:
        for row in tx.due_restored(b.clock.now(), 99):
            tx.clear_restored(row.referral_id, row.other)

    b.store.write(leave)
    chain.carried_out(2)
    assert keys_of_links(chain) == set()
    chain.close()
