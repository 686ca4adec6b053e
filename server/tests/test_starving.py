"""Nobody who breaks the rules, or is silent, keeps what others took back from being carried out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chain import WAIT, Chain
from circle import agency
from desk import DELAY
from forger import Forger
from nodes import Pair
from onward.core.clock import stamp
from onward.v1.entry_pb2 import Certificate
from onward_server.ports import Tx
from onward_server.service import attention, further, loads, relays


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = Chain(tmp_path)
    yield made
    made.close()


def last(chain: Chain) -> Forger:
    """The holder at the end of a row, which writes past its node."""
    b, c = chain["b"], chain["c"]
    pair = SimpleNamespace(origin=b, destination=c, clock=chain.clock)
    pair.other = lambda desk: c if desk is b else b
    return Forger(cast(Pair, pair), c, chain.referrals["bc"])


def relayed(chain: Chain) -> str:
    """The withdrawal that the second wrote for the third."""
    entries = chain["b"].client.list_entries(chain.referrals["bc"])
    return next(one.hash for one in entries if one.entry.kind == "withdraw")


def certificate(chain: Chain, **fields: Any) -> Certificate:
    now = stamp(chain.clock.now())
    return Certificate(withdrawal=relayed(chain), destroyed_at=now, copies_until=now, **fields)


def own(chain: Chain) -> list[Certificate]:
    """What the second has certified to the first."""
    return [
        one.entry.certificate
        for one in chain["a"].client.list_entries(chain.referrals["ab"])
        if one.entry.kind == "erased" and one.entry.author == agency("b")
    ]


def outcomes(desk: Any, referral_id: str) -> set[str]:
    return {row.outcome for row in desk.store.read(lambda tx: tx.parts(referral_id))}


def test_whoever_names_as_many_holders_as_it_may_does_not_stop_the_one_before(
    chain: Chain,
) -> None:
    chain.row()
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()
    forger = last(chain)
    names = [f"h{number:02}.example" for number in range(64)]
    kept = [{"category": "name", "law": "legal_hold", "country": "IN"}]
    cert = certificate(chain, awaits=names)
    cert.kept.add(**kept[0]).until.CopyFrom(stamp(chain.clock.now() + WAIT * 99))
    assert forger.send(forger.write("erased", certificate=cert)).receipt
    chain.carried_out(2)
    assert outcomes(chain["b"], chain.referrals["ab"]) == {"destroyed"}
    (said,) = own(chain)
    assert len(said.awaits) == 64
    assert said.awaits[0] == agency("c"), "our own forwards come first"


def test_what_waits_for_a_partner_that_is_silent_lets_others_be_destroyed(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    silent = [pair.offer() for _ in range(4)]
    for one in silent:
        pair.origin.client.withdraw(one, everything=True)
    hers = pair.disclosed()

    def mark(tx: Tx) -> None:
        for one in silent:
            tx.mark_restored(one, pair.origin.agency, pair.clock.now())

    pair.destination.store.write(mark)
    pair.clock.advance(DELAY / 2)
    pair.destination.client.withdraw(hers, everything=True)
    pair.clock.advance(DELAY * 2)
    for _ in range(4):
        pair.destination.node.erase_due(limit=2)
    assert outcomes(pair.destination, hers) == {"destroyed"}
    pair.close()


def test_relays_that_fail_let_others_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates for referrals whose other side is silent after a restore can't be told yet."""
    monkeypatch.setattr(relays, "LIMIT", 1)
    chain = Chain(tmp_path, "abcd")
    chain.consent("a", "b")
    chain.consent("b", "c")
    stuck = []
    for _ in range(2):
        chain.refer("a", "b")
        chain.refer("b", "c", onward_of="ab")
        stuck.append(chain.referrals["ab"])
    chain.consent("d", "b")
    hers = chain.refer("d", "b")
    there = chain.refer("b", "c", onward_of="db")
    for one in stuck:
        chain["a"].client.withdraw(one, everything=True)
    chain.settle()
    chain.clock.advance(WAIT)
    for name in "ab":
        chain[name].node.erase_due()
    chain.settle()

    def mark(tx: Tx) -> None:
        for one in stuck:
            tx.mark_restored(one, agency("a"), chain.clock.now())

    chain["b"].store.write(mark)
    chain["c"].node.erase_due()
    chain.circle.carry(chain["c"])
    assert len(chain["b"].store.read(lambda tx: tx.due_relays(9))) == 2
    for _ in range(3):
        chain["b"].node.relay_due()
    chain["d"].client.withdraw(hers, everything=True)
    chain.circle.carry(chain["d"])
    chain.circle.carry(chain["b"], to=["c"])
    assert "held" not in outcomes(chain["c"], there)
    chain.close()


def large(chain: Chain) -> None:
    """The third certifies in an entry that is as large as one may be."""
    forger = last(chain)
    junk = "A" * 20 + "." + "B" * 107_000 + "." + "C" * 86
    token = forger.write("erased", certificate=certificate(chain, further=[junk]))
    assert forger.send(token).receipt


def test_a_certificate_of_ours_always_fits_an_envelope(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.row()
    chain["a"].client.withdraw(chain.referrals["ab"], everything=True)
    chain.settle()
    large(chain)
    # Also where the room was reckoned wrongly, it goes, and says whom it waits for.
    monkeypatch.setattr(further, "MAX_BYTES", 160 * 1024)
    chain.carried_out(2)
    (said,) = own(chain)
    assert (list(said.further), list(said.awaits)) == ([], [agency("c")])


def test_an_entry_that_fits_no_envelope_is_shown_and_a_withdrawal_passes_it(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an earlier version of this node could write it."""
    chain.row()
    ab = chain.referrals["ab"]
    chain["a"].client.withdraw(ab, categories=["name"])
    chain.settle()
    large(chain)

    def to_the_first() -> list[Any]:
        return [one for one in chain["b"].due() if one.recipient == agency("a")]

    with monkeypatch.context() as before:
        before.setattr(further, "MAX_BYTES", 160 * 1024)
        before.setattr(loads, "carries", lambda token: True)
        chain.clock.advance(WAIT)
        chain["b"].node.erase_due()
    for _ in range(attention.TRIES_BEFORE_HUMAN):
        assert not to_the_first(), "no empty envelopes"
        chain.clock.advance(WAIT)
    needs = {one.code for one in chain["b"].client.get_referral(ab).needs_human}
    assert "undelivered" in needs
    chain.circle.publish()
    chain["b"].client.withdraw(ab, everything=True)
    chain.circle.carry(chain["b"], to=["a"])
    assert "held" not in outcomes(chain["a"], ab)
    assert not to_the_first(), "and not again at once"
