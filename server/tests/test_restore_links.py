"""What a referral belongs to is known to its own agency alone, and outlives a restore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chain import Chain
from circle import agency
from nodes import Pair, reason
from onward_server.service import recovery
from people import record
from relatives import Sisters, not_to_contact


def ask(chain: Chain, name: str, other: str) -> None:
    """One of the others says what it has."""
    ctx = chain[name].ctx
    for _ in range(3):
        for row in recovery.due(ctx, 256, agency(other)):
            question: recovery.Question | None = recovery.ask(ctx, row)
            while question is not None:
                answer = chain[other].call("Exchange.Resync", question.request)
                question = recovery.take(ctx, question, answer)


def codes(chain: Chain, pair: str) -> dict[str, str]:
    found = chain[pair[0]].client.get_referral(chain.referrals[pair]).needs_human
    return {one.code: one.agency for one in found}


def withdraw(chain: Chain, **scope: Any) -> None:
    """She takes it back where she gave it first."""
    here = chain["a"].client
    here.get_referral(chain.referrals["ab"])
    here.withdraw(chain.referrals["ab"], **scope)


def test_a_withdrawal_goes_on_after_a_restore_between(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    b = chain["b"]
    chain.consent("a", "b")
    chain.consent("b", "c")
    backup = b.backup(tmp_path / "backup")
    chain.row()
    b.restore(backup)
    withdraw(chain, everything=True)
    ask(chain, "b", "c")
    # What it passes on is not back yet: nothing goes in it, and somebody should look.
    b.client.get_referral(chain.referrals["bc"])
    again = {"consent_id": chain.consents["b"], "record": record()}
    assert reason(b.client.disclose, chain.referrals["bc"], **again) == "PART_GONE"
    assert codes(chain, "bc")["link_unreadable"] == agency("c")
    assert chain.held("c")
    ask(chain, "b", "a")
    chain.settle()
    assert "link_unreadable" not in codes(chain, "bc")
    chain.carried_out(4)
    assert not chain.held("c")
    assert {name for name, one in chain.holders("a", "ab").items() if one.certified} == set("abc")
    chain.close()


def test_it_was_taken_back_before_the_forward_came_back(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    b = chain["b"]
    chain.consent("a", "bc")
    chain.consent("b", "c")
    chain.refer("a", "b")
    backup = b.backup(tmp_path / "backup")
    chain.refer("b", "c", onward_of="ab")
    b.restore(backup)
    ask(chain, "b", "a")
    withdraw(chain, categories=["name"])
    chain.circle.settle()
    ask(chain, "b", "c")
    chain.settle()
    b.node.relay_due()
    chain.settle()
    chain.carried_out(2)
    assert "name" not in chain.held("c")
    b.client.get_referral(chain.referrals["bc"])
    sent = b.client.disclose(chain.referrals["bc"], consent_id=chain.consents["b"], record=record())
    assert not next(one for one in sent.decisions if one.category == "name").permitted
    chain.close()


def test_a_certificate_goes_up_after_the_link_was_destroyed(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    b = chain["b"]
    chain.row()
    backup = b.backup(tmp_path / "backup")
    withdraw(chain, everything=True)
    chain.settle()
    chain.clock.advance(chain["c"].ctx.destroy_after)
    b.node.erase_due()
    b.restore(backup)
    ask(chain, "b", "a")
    ask(chain, "b", "c")
    chain.carried_out(4)
    assert chain.holders("a", "ab")["c"].certified
    chain.close()


def test_a_sister_stays_under_the_survivors_word(pair: Pair, tmp_path: Path) -> None:
    sisters = Sisters(pair)
    member = sisters.record_member()
    backup = pair.origin.backup(tmp_path / "backup")
    sister = sisters.offer(member)
    pair.origin.restore(backup)
    pair.settle()
    sisters.here = pair.origin.client
    assert sisters.links(sister) == [("family", sisters.survivor, "")]
    assert "link_unreadable" in pair.origin.needs(sister), "how she belongs to her is lost"
    sisters.change(do_not_contact=not_to_contact(("sibling", "Rahela Samplesister")))
    sisters.accept(sister)
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED"
    sisters.change(do_not_contact=not_to_contact(("parent", "Another Name")))
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED", "it may be one of hers"


def test_a_no_outlives_an_older_link(pair: Pair, tmp_path: Path) -> None:
    """The backup has the link, and neither her no nor the acceptance that came after it."""
    sisters = Sisters(pair)
    sister = sisters.offer()
    backup = pair.origin.backup(tmp_path / "backup")
    sisters.change(contact_family="no")
    sisters.accept(sister)
    pair.origin.restore(backup)
    pair.settle()
    sisters.here = pair.origin.client
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED"
    sisters.change(status="renewed", contact_family="no")
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED", "until she says yes"
    sisters.change(contact_family="only_agreed")
    sisters.disclose(sister)
