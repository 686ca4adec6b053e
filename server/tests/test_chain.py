"""A withdrawal reaches every holder, wherever it is said, and every holder answers for itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import WAIT, Chain
from circle import agency
from desk import Desk
from nodes import reason
from onward.core import entries, jose, wayproof
from onward.core.clock import stamp
from onward.v1.entry_pb2 import Certificate, Entry
from onward_server.service import further, holders


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = Chain(tmp_path)
    yield made
    made.close()


def needs(desk: Desk, referral_id: str) -> list[tuple[str, str, int]]:
    """What waits for a person, with the agency and the days."""
    found = desk.client.get_referral(referral_id).needs_human
    return [(one.code, one.agency.partition(".")[0], one.days) for one in found]


def certified(chain: Chain, at: str, pair: str) -> dict[str, bool]:
    return {name: one.certified for name, one in chain.holders(at, pair).items()}


ALL = dict.fromkeys("abc", True)


def test_at_the_first_it_reaches_the_last_and_all_certify(chain: Chain) -> None:
    chain.row()
    assert chain.held("c") >= {"name", "contact_safe"}
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()
    assert not chain.held("a") | chain.held("b") | chain.held("c")
    (relayed,) = chain.withdrawals("bc")
    assert (relayed.everything, relayed.linked) == (True, False)
    assert certified(chain, "a", "ab") == dict.fromkeys("ab", False), "c is not known yet"
    chain["b"].client.erase(chain.referrals["ab"])
    chain.settle()
    assert certified(chain, "a", "ab") == {"a": False, "b": True, "c": False}
    assert {one.state for one in ab(chain).parts} == {"withdrawn"}
    chain.carried_out(2)
    holders = chain.holders("a", "ab")
    assert {name: one.certified for name, one in holders.items()} == ALL
    assert all(one.HasField("destroyed_at") for one in holders.values())
    assert {one.state for one in ab(chain).parts} == {"erased"}
    assert chain.views_equal()
    done = [one.action for one in chain["b"].as_role("manager").list_audit()]
    assert done.count("relay") == 2, "down with the withdrawal, up with the certificate"


def ab(chain: Chain) -> Any:
    """The first referral as the first agency sees it."""
    return chain["a"].client.get_referral(chain.referrals["ab"])


def test_some_categories_leave_the_others_with_everybody(chain: Chain) -> None:
    chain.row()
    chain["b"].client.withdraw(chain.referrals["ab"], categories=["name"])
    chain.settle()
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL
    for name in "abc":
        assert "name" not in chain.held(name)
        assert "contact_safe" in chain.held(name)
    # After a new yes it goes all the way again, and can be taken back again.
    newer = chain["a"].client.get_consent(chain.consents["a"])
    newer.deny[:] = []
    chain["a"].client.record_consent(newer)
    theirs = chain["b"].client.get_consent(chain.consents["b"])
    theirs.deny[:] = []
    chain["b"].client.record_consent(theirs)
    for pair in ("ab", "bc"):
        here = chain[pair[0]].client
        here.get_referral(chain.referrals[pair])
        from people import record

        here.disclose(chain.referrals[pair], consent_id=chain.consents[pair[0]], record=record())
        chain.settle()
    assert "name" in chain.held("c")
    chain["a"].client.withdraw(chain.referrals["ab"], categories=["name"])
    chain.settle()
    assert len(chain.withdrawals("bc")) == 2
    assert "name" not in chain.held("c")


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
    assert certified(chain, "a", "ab") == ALL
    assert set(chain.holders("c", "bc")) == {"b", "c"}, "nobody tells who was there before"


def test_linked_at_the_first_it_goes_to_all_by_the_same_consent(tmp_path: Path) -> None:
    chain = Chain(tmp_path, "abcd")
    chain.consent("a", "bd")
    chain.refer("a", "b")
    chain.refer("a", "d")
    chain.consent("b", "c")
    chain.refer("b", "c", onward_of="ab")
    chain["a"].client.withdraw(chain.referrals["ad"], categories=["sex"])
    chain.settle()
    assert chain.withdrawals("ab") == [], "this referral, and no other"
    chain["d"].client.withdraw(chain.referrals["ad"], everything=True, linked=True)
    chain.settle()
    assert not any(chain.held(name) for name in "abcd")
    assert [len(chain.withdrawals(pair)) for pair in ("ab", "ad", "bc")] == [1, 2, 1]
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL
    assert set(chain.holders("d", "ad")) == {"a", "d"}
    assert chain.views_equal()
    chain.close()


def test_by_code_it_goes_as_far(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wayproof.COST, "n", 2**4)
    chain.row()
    made = chain["b"].client.make_standing_offer(
        services=["trauma_therapy"], question="fruit", answer="mango",
        referral_ids=[chain.referrals["bc"]],
    )  # fmt: skip
    chain["c"].client.claim(made.code, answer="mango", to="withdraw")
    chain.settle()
    assert not chain.held("a") | chain.held("b") | chain.held("c")
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL


@pytest.mark.parametrize("kind", ["recall", "invalidate"])
def test_what_was_an_error_is_taken_back_everywhere(chain: Chain, kind: str) -> None:
    chain.row()
    here = chain["a"].client
    here.get_referral(chain.referrals["ab"])
    getattr(here, kind)(chain.referrals["ab"])
    chain.settle()
    assert not chain.held("b") | chain.held("c")
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL


@pytest.mark.parametrize("standing", ["suspended", "removed", "not accepted", "stale"])
def test_a_relay_goes_whatever_stands_in_the_way(chain: Chain, standing: str) -> None:
    chain.row()
    there = chain["b"].client
    there.get_referral(chain.referrals["bc"])
    there.cancel(chain.referrals["bc"], "no_longer_needed")
    if standing in ("suspended", "removed"):
        chain.circle.status("c", standing)
    elif standing == "stale":
        chain.circle.publish(stamped=False)
    else:
        chain["b"].store.accept_peer(agency("c"), False)
        chain["c"].store.accept_peer(agency("b"), False)
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()
    assert not chain.held("c")
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL


def test_a_relay_is_not_lost_when_the_power_is(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the transaction that stores it and the one that passes it on."""
    chain.row()
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    with monkeypatch.context() as broken:
        broken.setattr("onward_server.service.relays.carry_out", lambda ctx: 1 // 0)
        chain.settle()
    assert chain.withdrawals("bc") == []
    chain["b"].power_cut()
    # Its own destruction is due at once, and must not come first: the link would be gone.
    chain.clock.advance(WAIT)
    chain["b"].node.erase_due()
    assert len(chain.withdrawals("bc")) == 1
    chain.settle()
    assert not chain.held("c")
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL


def test_the_middle_is_restored_from_yesterday(chain: Chain, tmp_path: Path) -> None:
    chain.row()
    saved = chain["b"].backup(tmp_path / "yesterday")
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.circle.carry(chain["a"])
    chain["b"].restore(saved)
    chain.recover("b")
    chain.recover("b")
    chain.settle()
    assert not chain.held("b") | chain.held("c")
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL
    assert chain.views_equal()


def test_the_last_is_down_for_a_week(chain: Chain) -> None:
    chain.row()
    client = chain["a"].client
    client.withdraw(chain.referrals["ab"], everything=True)
    up = ["a", "b"]
    for _ in range(7):
        for name in up:
            chain.circle.carry(chain[name], to=up)
        chain.clock.advance(timedelta(days=1))
        for name in up:
            chain[name].node.erase_due()
    for name in up:
        chain.circle.carry(chain[name], to=up)
    chain.circle.publish()
    assert needs(chain["a"], chain.referrals["ab"]) == [("certificate_overdue", "c", 7)]
    assert chain.holders("a", "ab")["c"].days == 7
    assert ("certificate_overdue", "c", 7) in needs(chain["b"], chain.referrals["bc"])
    chain["c"].power_cut()
    chain.clock.advance(timedelta(minutes=20))
    chain.settle()
    assert not chain.held("c")
    chain.carried_out(2)
    assert certified(chain, "a", "ab") == ALL
    assert needs(chain["a"], chain.referrals["ab"]) == []


def test_before_it_is_late_it_is_only_due(chain: Chain) -> None:
    chain.row()
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    found = {one[0] for one in needs(chain["a"], chain.referrals["ab"])}
    assert "erasure_due" in found
    assert "certificate_overdue" not in found


def test_no_more_than_fits_goes_with_one_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest follows in the next, and until then the holder is waited for."""
    monkeypatch.setattr(further, "MAX_TOKENS", 1)
    chain = Chain(tmp_path, "abcd")
    chain.consent("a", "b")
    chain.refer("a", "b")
    chain.consent("b", "cd")
    chain.refer("b", "c", onward_of="ab")
    chain.refer("b", "d", onward_of="ab")
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()
    chain.clock.advance(WAIT)
    for name in "acd":
        chain[name].node.erase_due()
    chain.settle()
    chain["b"].node.erase_due()
    said = [
        one.entry.certificate
        for one in chain["b"].client.list_entries(chain.referrals["ab"])
        if one.entry.kind == "erased" and one.entry.author == agency("b")
    ]
    assert [len(one.further) for one in said] == [1, 1]
    assert [len(one.awaits) for one in said] == [1, 0]
    chain.settle()
    assert certified(chain, "a", "ab") == dict.fromkeys("abcd", True)
    verified = holders._signed.cache_info().misses
    assert certified(chain, "a", "ab") == dict.fromkeys("abcd", True)
    assert holders._signed.cache_info().misses == verified, "once is enough"
    chain.close()


FORGED = ["by nobody", "by another", "for another", "another kind"]


@pytest.mark.parametrize("how", FORGED)
def test_a_certificate_that_its_holder_did_not_sign_is_none(
    chain: Chain, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.row()
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()

    token = forged(chain, how)

    def lie(ctx: Any, tx: Any, book: Any, found: Any, certificate: Certificate) -> None:
        if book.side == "destination" and ctx.agency == agency("b"):
            certificate.further.append(token)
            certificate.awaits.append(agency("c"))

    monkeypatch.setattr(further, "fill", lie)
    chain["b"].client.erase(chain.referrals["ab"])
    chain.settle()
    assert certified(chain, "a", "ab") == {"a": False, "b": True, "c": False}


def forged(chain: Chain, how: str) -> str:
    """A certificate of c, as b would like it to be."""
    now = stamp(chain.clock.now())
    entry = Entry(
        version=entries.VERSION, referral_id=chain.referrals["bc"], author=agency("c"),
        recipient=agency("a" if how == "for another" else "b"), round=1, seq=9,
        prev=jose.b64(hashlib.sha256(b"x").digest()), kind="erased", time=now,
        certificate=Certificate(
            withdrawal=chain.referrals["bc"].ljust(43, "A"), destroyed_at=now, copies_until=now
        ),
    )  # fmt: skip
    entry.seen.seq = 0
    if how == "another kind":
        entry.kind = "acknowledge"
        entry.ClearField("certificate")
    keys = {"by nobody": jose.new_key(), "by another": chain["b"].keys.signing()}
    return entries.sign(entry, keys.get(how, chain["c"].keys.signing()))


def test_links_and_what_is_kept_of_them_are_gone_in_the_end(chain: Chain) -> None:
    chain.row()
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()
    assert chain["b"].rows()["passed"] == 1
    kept = (chain["b"].folder / "node.sqlite3-wal").read_bytes()
    assert kept, "so the search below means something"
    chain.carried_out(2)
    assert chain["b"].rows()["passed"] == 0
    assert reason(chain["b"].client.erase, chain.referrals["bc"]) == "STATE_CONFLICT"
