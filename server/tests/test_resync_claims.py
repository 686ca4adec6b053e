"""What another agency claims in Resync and can't show changes nothing, and holds nothing up."""

from __future__ import annotations

import pytest

from desk import Desk
from nodes import Pair, reason
from onward.core import entries, jose
from onward.core.clock import stamp
from onward.core.parse import parse, to_json
from onward.v1.entry_pb2 import Entry, Head, Heads
from onward.v1.envelope_pb2 import Bundle, PeerRequest, ResyncAnswer
from onward.v1.peer_pb2 import ResyncRequest, ResyncResponse
from onward_server.ports import RestoredRow
from onward_server.service import ledger, recovery
from test_restore_hostile import _sealed

FAR = Head(seq=999, hash="A" * 43)


def claim(pair: Pair, referral_id: str) -> RestoredRow:
    """The destination says that it has far more of the origin's log. Gives what the origin asks."""
    here, there = pair.origin, pair.destination
    asked = PeerRequest(
        iss=there.agency, aud=here.agency, method="resync", iat=stamp(pair.clock.now()),
        nonce=here.ctx.new_id(), referral_id=referral_id,
        heads=Heads(origin=FAR, destination=Head()),
    )  # fmt: skip
    token = jose.sign(to_json(asked), jose.REQUEST, there.keys.signing())
    here.call("Exchange.Resync", ResyncRequest(request=token))
    assert here.client.get_referral(referral_id).restored
    return next(r for r in recovery.due(here.ctx, 99) if r.referral_id == referral_id)


def answer(there: Desk, asked: recovery.Question, heads: Heads) -> str:
    question = parse(PeerRequest, jose.peek(asked.request.request))
    said = ResyncAnswer(
        iss=there.agency, aud=question.iss, nonce=question.nonce, heads=heads,
        referral_id=question.referral_id, time=stamp(there.clock.now()),
    )  # fmt: skip
    return jose.sign(to_json(said), jose.RESYNC, there.keys.signing())


def test_a_partner_can_not_rewrite_its_log_and_undo_a_withdrawal(pair: Pair) -> None:
    referral_id = pair.disclosed()
    here, there = pair.origin, pair.destination
    here.client.get_referral(referral_id)
    here.client.withdraw(referral_id, everything=True)
    pair.settle()
    book = here.store.read(lambda tx: ledger.load(tx, referral_id, here.agency))
    before = {side: [act.hash for act in log] for side, log in book.logs.items()}
    row = claim(pair, referral_id)
    # Another first entry, as if nothing of what followed had ever been.
    other = Entry()
    other.CopyFrom(book.logs["destination"][0].entry)
    other.time.seconds += 1
    token = entries.sign(other, there.keys.signing())
    asked = recovery.ask(here.ctx, row)
    said = answer(
        there, asked, Heads(origin=FAR, destination=entries.head([book.logs["origin"][0]]))
    )
    lost = _sealed(there, here, Bundle(referral_id=referral_id, entries=[token]))
    given = ResyncResponse(answer=said, lost=lost)
    assert reason(recovery.take, here.ctx, asked, given) == "FORK"
    book = here.store.read(lambda tx: ledger.load(tx, referral_id, here.agency))
    assert {side: [act.hash for act in log] for side, log in book.logs.items()} == before
    assert here.client.get_referral(referral_id).rest_reason == "withdrawn"
    assert here.store.read(lambda tx: tx.erasures(referral_id))


@pytest.mark.parametrize("answers", [True, False])
def test_a_claim_that_is_not_shown_holds_a_referral_up_no_longer(pair: Pair, answers: bool) -> None:
    referral_id = pair.accepted()
    here, there = pair.origin, pair.destination
    row = claim(pair, referral_id)
    assert reason(here.client.close, referral_id) == "RESTORED"
    for _ in range(recovery.PATIENCE + 1):
        asked = recovery.ask(here.ctx, row)
        if answers:
            said = answer(there, asked, Heads(origin=FAR, destination=Head()))
            assert recovery.take(here.ctx, asked, ResyncResponse(answer=said)) is None
        else:
            recovery.failed(here.ctx, row)
        pair.clock.advance(recovery.LONGEST)
        again = [r for r in recovery.due(here.ctx, 99) if r.referral_id == referral_id]
        if not again:
            break
        row = again[0]
    assert not here.client.get_referral(referral_id).restored
    assert reason(here.client.close, referral_id) == ""
