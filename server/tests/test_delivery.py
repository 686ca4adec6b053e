"""Delivery: what gets lost is sent again, what can't be sent waits for a person, nothing spins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk import Desk
from nodes import Pair, folded, reason
from onward.core import entries, spec
from onward.errors import Internal
from onward.v1.entry_pb2 import Head, Heads, Item
from onward.v1.errors_pb2 import Problem
from onward.v1.peer_pb2 import DeliverRequest, DeliverResult
from onward_server.adapters.delivery import Delivery
from onward_server.service import loads, outbound
from people import decision, outcome_record, record


def problem(reason: str, heads: Heads | None = None) -> DeliverResult:
    return DeliverResult(problem=Problem(reason=f"REASON_{reason}", heads=heads))  # type: ignore[arg-type]


def outbox(desk: Desk, referral_id: str) -> Any:
    return desk.store.read(lambda tx: tx.outbox(referral_id))


def test_repeated_and_lost_envelopes_leave_no_trace(pair: Pair) -> None:
    """The receipt is lost again and again: each try is a new envelope with the same entries."""
    referral_id = pair.accepted()
    pair.origin.client.disclose(referral_id, consent_id=pair.consent_id, record=record())
    start = pair.destination.node.newest_cursor()
    mids = set()
    for _ in range(4):
        (outgoing,) = pair.origin.due()
        mids.add(outgoing.header.mid)
        (result,) = pair.destination.receive(outgoing.envelope)
        (again,) = pair.destination.receive(outgoing.envelope)
        assert result.receipt == again.receipt
        pair.origin.answered(outgoing, None)
        pair.clock.advance(timedelta(minutes=20))
    pair.settle()
    assert len(mids) == 4
    events = pair.destination.node.events(start, 10)
    assert [one.kind for one in events] == ["entry"], "one arrival, one event"
    assert len(pair.destination.client.list_entries(referral_id)) == 4
    receipts = pair.origin.store.read(lambda tx: tx.receipts(referral_id))
    assert len(receipts) == len(set(receipts)) == 2
    assert pair.views(referral_id)[0] == pair.views(referral_id)[1]


def test_late_and_out_of_order(pair: Pair) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    (late,) = pair.origin.due()
    here.handover(referral_id)
    pair.clock.advance(timedelta(seconds=1))
    (both,) = pair.origin.due()
    assert pair.destination.receive(both.envelope)[0].receipt
    (receipt,) = pair.destination.receive(late.envelope)
    assert receipt.receipt, "nothing new, and all the same an answer"
    pair.origin.answered(late, receipt)
    pair.settle()
    assert pair.destination.part_rows(referral_id)["name"] == "held"
    assert pair.views(referral_id)[0] == pair.views(referral_id)[1]


def test_after_a_gap_it_goes_on_from_where_the_other_stands(pair: Pair) -> None:
    """The other node has lost what it had receipted, as after a restore from a backup."""
    referral_id = pair.disclosed()
    pair.origin.client.handover(referral_id)
    (outgoing,) = pair.origin.due()
    heads = entries.heads([], [])
    heads.origin.CopyFrom(Head(seq=1, hash=pair.origin.client.list_entries(referral_id)[0].hash))
    pair.origin.answered(outgoing, problem("GAP", heads))
    assert pair.origin.due() == [], "not at once"
    pair.clock.advance(timedelta(seconds=3))
    (again,) = pair.origin.due()
    assert again.upto == 3
    assert len(again.parts) > 3, "with the parts that went with what was lost"
    pair.settle()


@pytest.mark.parametrize("reason", ["GAP", "FORK", "ENTRY_INVALID", "PEER_NOT_ACCEPTED"])
def test_what_does_not_get_better_ends_with_a_person(pair: Pair, reason: str) -> None:
    referral_id = pair.accepted()
    pair.origin.client.handover(referral_id)
    needed = waits = 0
    for _ in range(40):
        for outgoing in pair.origin.due():
            needed += "undelivered" not in pair.origin.needs(referral_id)
            heads = pair.origin.client.get_referral(referral_id).heads
            pair.origin.answered(outgoing, problem(reason, heads))
            waits += 1
        pair.clock.advance(timedelta(minutes=1))
    assert "undelivered" in pair.origin.needs(referral_id)
    assert needed <= (8 if reason == "GAP" else 1)
    assert waits < 20, "forty minutes are no reason for more tries than that"
    assert outbox(pair.origin, referral_id).reason == reason


def test_a_fork_stays_one_whatever_is_answered_after_it(pair: Pair) -> None:
    referral_id = pair.accepted()
    here = pair.origin
    here.client.remind(referral_id)
    heads = here.client.get_referral(referral_id).heads
    for answer in (problem("FORK", heads), problem("UNAVAILABLE"), None):
        (outgoing,) = here.due()
        here.answered(outgoing, answer)
        assert reason(here.client.remind, referral_id) == "FORK"
        pair.clock.advance(timedelta(minutes=1))
    pair.settle()
    here.client.get_referral(referral_id)
    here.client.remind(referral_id)


def test_an_act_that_is_written_meanwhile_is_not_forgotten(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination
    there.client.acknowledge(referral_id)
    (outgoing,) = there.due()
    there.client.decide(referral_id, decision())
    (result,) = pair.origin.receive(outgoing.envelope)
    there.answered(outgoing, result)
    assert outbox(there, referral_id) is not None
    assert there.client.get_referral(referral_id).undelivered == 1
    pair.settle()
    assert outbox(there, referral_id) is None
    assert pair.origin.client.get_referral(referral_id).phase == "accepted"


def test_clearing_looks_again_before_it_clears(pair: Pair) -> None:
    """Nothing was left when it was built; an act came before the outbox was cleared."""
    referral_id = pair.offer()
    there = pair.destination
    there.client.acknowledge(referral_id)
    there.store.write(lambda tx: outbound._clear(there.ctx, tx, referral_id))
    assert outbox(there, referral_id) is not None


def test_what_is_too_much_for_one_envelope_goes_in_several(pair: Pair) -> None:
    permit = ["name", "needs_services", "language", "survivor_own_words", "assistance_amounts"]
    long = "\u0997" * 1900
    what = record()
    for _ in range(10):
        what.survivor_own_words.statements.add(words=long, language="bn")
    touched = [one for one in all_categories() if one not in permit]
    referral_id = pair.accepted(permit=permit + touched[: 64 - len(permit)])
    what.caseworker_notes.language = "bn"
    for name in ("handover", "comments", "action_plan"):
        setattr(what.caseworker_notes, name, "\u0997" * 3900)
    what.exploitation_detail_narrative.narrative = "\u0997" * 5900
    what.exploitation_detail_narrative.language = "bn"
    for _ in range(3):
        pair.origin.client.disclose(referral_id, consent_id=pair.consent_id, record=what)
    sizes = []
    for _ in range(8):
        for outgoing in pair.origin.due():
            sizes.append((outgoing.upto, len(outgoing.parts)))
            (result,) = pair.destination.receive(outgoing.envelope)
            assert result.receipt
            pair.origin.answered(outgoing, result)
    whole = sum(parts for _, parts in sizes) // 3
    assert len(sizes) == 2
    assert sizes[0][1] % whole, "the parts of one entry went in two envelopes"
    assert outbox(pair.origin, referral_id) is None
    pair.settle()
    opened = pair.destination.client.open(referral_id).record
    assert opened.survivor_own_words == what.survivor_own_words
    assert opened.caseworker_notes == what.caseworker_notes
    assert set(pair.destination.part_rows(referral_id).values()) == {"held"}


def all_categories() -> list[str]:
    return [one.id for one in spec.categories().values() if not one.protocol]


class Fussy:
    """A way to the other node, which fails as a whole if a call holds more than one envelope."""

    def __init__(self, to: Desk) -> None:
        self.to = to
        self.calls: list[int] = []

    def call(self, rpc: Any, request: DeliverRequest, *, token: Any, timeout: float) -> Any:
        self.calls.append(len(request.envelopes))
        if len(request.envelopes) > 1:
            raise Internal
        return self.to.call("Exchange.Deliver", request)

    def close(self) -> None:
        """Nothing to close."""


def test_one_that_the_other_node_chokes_on_holds_back_no_other(pair: Pair) -> None:
    first, second = pair.offer(), pair.offer()
    for one in (first, second):
        pair.destination.client.acknowledge(one)
    way = Fussy(pair.origin)
    delivery = Delivery(pair.destination.node)
    delivery._transports["grpc", "127.0.0.1:9"] = way
    assert delivery.round()
    assert way.calls == [2, 1, 1]
    assert not delivery.round()
    for one in (first, second):
        assert pair.origin.client.get_referral(one).phase == "acknowledged"


def test_both_write_at_once(pair: Pair) -> None:
    referral_id = pair.disclosed()
    here, there = pair.origin.client, pair.destination.client
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    here.handover(referral_id)
    there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    here.close(referral_id)
    going = [(desk, one) for desk in pair.desks for one in desk.due()]
    for desk, outgoing in reversed(going):
        (result,) = pair.other(desk).receive(outgoing.envelope)
        desk.answered(outgoing, result)
    assert folded(here.get_referral(referral_id)) == folded(there.get_referral(referral_id))
    assert pair.origin.part_rows(referral_id)["outcomes"] == "held"


def test_what_fits_no_envelope_is_refused_and_nothing_is_written(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    before = here.list_entries(referral_id)
    with monkeypatch.context() as small:
        small.setattr(loads, "MAX_CONTENT", 100)
        told = {"consent_id": pair.consent_id, "record": record()}
        assert reason(here.disclose, referral_id, **told) == "TOO_LARGE", "a part alone"
        assert reason(here.handover, referral_id) == "TOO_LARGE", "an entry alone"
    assert here.list_entries(referral_id) == before
    pair.disclose(referral_id)
