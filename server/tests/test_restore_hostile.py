"""Resync gives nobody what is not theirs, and nobody can put an entry into another's log by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from desk import DELAY, Desk
from nodes import Pair, reason
from onward.core import envelopes, jose
from onward.core.clock import stamp
from onward.core.parse import parse, to_json
from onward.v1.entry_pb2 import Head, Heads
from onward.v1.envelope_pb2 import Bundle, Envelope, PeerRequest, ResyncAnswer, Sealed
from onward.v1.peer_pb2 import ResyncRequest, ResyncResponse
from onward_server.service import recovery
from test_restore import equal, logs


def question(desk: Desk, key: Any = None, **changes: Any) -> ResyncRequest:
    """A question for Resync, as this desk signs it."""
    asked = PeerRequest(
        iss=desk.agency, aud=changes.pop("aud"), method="resync", iat=stamp(desk.clock.now()),
        nonce=desk.ctx.new_id(), heads=Heads(origin=Head(), destination=Head()),
    )  # fmt: skip
    for name, value in changes.items():
        if name == "iat":
            asked.iat.CopyFrom(stamp(value))
        else:
            setattr(asked, name, value)
    token = jose.sign(to_json(asked), jose.REQUEST, key or desk.keys.signing())
    return ResyncRequest(request=token)


def said(answer: ResyncResponse) -> ResyncAnswer:
    return parse(ResyncAnswer, jose.peek(answer.answer))


def test_questions_that_are_not_answered(pair: Pair) -> None:
    referral_id = pair.accepted()
    here, there = pair.origin, pair.destination
    good = question(there, aud=here.agency, referral_id=referral_id)
    assert here.call("Exchange.Resync", good).HasField("lost")
    before = here.rows()
    late = there.clock.now() - timedelta(minutes=6)
    cases = [
        (good, "SIGNATURE_INVALID"),
        (question(there, aud=here.agency, referral_id=referral_id, iat=late), "SIGNATURE_INVALID"),
        (question(there, aud=there.agency, referral_id=referral_id), "WRONG_RECIPIENT"),
        (question(there, jose.new_key(), aud=here.agency), "SIGNATURE_INVALID"),
        (question(there, aud=here.agency, iss="nobody.example"), "AGENCY_UNKNOWN"),
        (question(there, aud=here.agency, method="get_node"), "SIGNATURE_INVALID"),
    ]
    for asked, expected in cases:
        assert reason(here.call, "Exchange.Resync", asked) == expected
    assert here.rows() == before


def test_nobody_learns_of_a_referral_of_others(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    pair, other = Pair(tmp_path / "a"), Pair(tmp_path / "b")
    try:
        referral_id = pair.accepted()
        # A member of the list that is no party of the referral.
        stranger = other.destination
        stranger.agency = "other.ngo.in.example"
        pair.agencies[stranger.agency] = stranger.agency_entry()
        pair.publish()
        pair.origin.store.accept_peer(stranger.agency)
        answers = [
            said(pair.origin.call(
                "Exchange.Resync",
                question(stranger, aud=pair.origin.agency, referral_id=one, nonce="n" * 20 + end),
            ))
            for one, end in ((referral_id, "a"), ("x" * 22, "b"))
        ]  # fmt: skip
        for one in answers:
            one.ClearField("nonce")
            one.ClearField("referral_id")
        assert answers[0] == answers[1]
        assert not answers[0].heads.origin.seq
        listed = pair.origin.call("Exchange.Resync", question(stranger, aud=pair.origin.agency))
        assert not said(listed).referrals
    finally:
        pair.close()
        other.close()


def test_an_answer_that_was_changed_brings_nothing(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.accepted()
    backup = pair.origin.backup(tmp_path / "backup")
    pair.disclose(referral_id)
    here, there = pair.origin, pair.destination
    here.restore(backup)
    (row,) = [one for one in recovery.due(here.ctx, 9) if one.referral_id == referral_id]

    def tried(change: Callable[[ResyncResponse, ResyncAnswer], None], key: Any = None) -> str:
        asked = recovery.ask(here.ctx, row)
        given = there.call("Exchange.Resync", asked.request)
        answer = said(given)
        change(given, answer)
        if answer != said(given):
            given.answer = jose.sign(to_json(answer), jose.RESYNC, key or there.keys.signing())
        return reason(recovery.take, here.ctx, asked, given)

    before = logs(here, referral_id)
    assert tried(lambda g, a: setattr(a, "nonce", "x" * 22)) == "ENTRY_INVALID"
    assert tried(lambda g, a: setattr(a, "aud", there.agency)) == "ENTRY_INVALID"
    assert tried(lambda g, a: setattr(a, "iss", here.agency)) == "ENTRY_INVALID"
    assert tried(lambda g, a: setattr(a, "referral_id", "y" * 22)) == "ENTRY_INVALID"
    assert (
        tried(lambda g, a: setattr(a, "provisional", True), jose.new_key()) == "SIGNATURE_INVALID"
    )
    assert tried(lambda g, a: setattr(g.lost, "header", g.answer)) == "SIGNATURE_INVALID"

    def forged(given: ResyncResponse, _: ResyncAnswer) -> None:
        """An act in the name of this agency, which it never wrote."""
        rows = there.store.read(lambda tx: tx.entries(referral_id))
        last = [one for one in rows if one.side == "origin"][-1]
        entry = last.entry
        entry.kind = "close"
        entry.ClearField("parts")
        entry.ClearField("grant_id")
        token = jose.sign(to_json(entry), jose.ENTRY, there.keys.signing())
        given.lost.CopyFrom(_sealed(there, here, Bundle(referral_id=referral_id, entries=[token])))

    assert tried(forged) == "SIGNATURE_INVALID"

    def elsewhere(given: ResyncResponse, _: ResyncAnswer) -> None:
        given.lost.CopyFrom(_sealed(there, here, Bundle(referral_id="z" * 22, entries=["a.b.c"])))

    assert tried(elsewhere) == "ENTRY_INVALID"
    assert logs(here, referral_id) == before
    assert here.client.get_referral(referral_id).restored
    pair.settle(jump=timedelta(minutes=2))
    equal(pair, referral_id)


def _sealed(sender: Desk, to: Desk, bundle: Bundle) -> Envelope:
    now = sender.clock.now()
    (key,) = to.keys.sealing_public()
    return envelopes.seal(
        Sealed(bundle=bundle), mid=sender.ctx.new_id(), sender=sender.agency, recipient=to.agency,
        environment="test", signing_key=sender.keys.signing(), sealing_key=key, now=now,
        expires=now + DELAY,
    )  # fmt: skip


def test_to_a_suspended_agency_only_what_is_its_own(pair: Pair, tmp_path: Path) -> None:
    """Its own entries, and withdrawals: they must reach it, whatever its standing."""
    referral_id = pair.disclosed()
    backup = pair.destination.backup(tmp_path / "backup")
    pair.origin.client.withdraw(referral_id, categories=["name"])
    pair.settle()
    pair.status(pair.destination, "suspended")
    pair.destination.restore(backup)
    pair.publish()
    pair.settle()
    assert pair.destination.part_rows(referral_id)["name"] == "sealed"
    assert logs(pair.origin, referral_id) == logs(pair.destination, referral_id)
    assert not pair.destination.client.get_referral(referral_id).restored
