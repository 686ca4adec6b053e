"""Claims: somebody comes with a way back, and no desk knows who gave it.

The desk asks every agency with the code's locator. Each of them answers; only the one that gave
it can confirm. Until then the desk learns nothing, and the others learn nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from onward.core import relays, spec, wayproof
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.core.waycode import WayCode
from onward.v1.entry_pb2 import Withdrawal
from onward.v1.knocks_local_pb2 import KnockRecord, StandingOffer
from onward.v1.knocks_pb2 import Claim, ClaimAnswer, Knock
from onward.v1.local_pb2 import WithdrawRequest
from onward_server.ports import Tx
from onward_server.ports_knocks import KnockRow, PostRow
from onward_server.service import access, knock_post, knock_records, ledger, pipeline, standing
from onward_server.service.context import Context

A_DAY = 300
"""Most knocks that one agency may send to another in a day; as many withdrawals beside them."""


def within_quota(ctx: Context, tx: Tx, sender: str, kind: str) -> None:
    """Refuse a flood. What takes back has a quota of its own, so that no flood holds it up.

    Raises Refused TOO_MANY_TRIES.
    """
    kinds = (kind,) if kind == "withdraw" else ("claim", "self_referral", "complaint")
    if tx.count_knocks(sender, kinds, ctx.now() - timedelta(days=1)) >= A_DAY:
        raise Refused("TOO_MANY_TRIES")


def row_kind(purpose: str) -> str:
    """How a claim counts."""
    return "withdraw" if purpose == "withdraw" else "claim"


def ask(ctx: Context, tx: Tx, code: WayCode, slow: bytes, purpose: str) -> KnockRecord:
    """Ask everybody who may have given the way back. Raises Refused NO_LOCATOR if nobody may."""
    kind = row_kind(purpose)
    within_quota(ctx, tx, ctx.agency, kind)
    passes = purpose == "withdraw"
    asked = [
        one.agency
        for one in ctx.trust.current().list.agencies
        # Nothing holds a withdrawal back: who is suspended must hear of it as well.
        if one.locator == code.locator and (passes or one.status == "active")
    ]
    if not asked:
        raise Refused("NO_LOCATOR", "/code")
    record = knock_records.new(ctx, "claim", outgoing=True)
    record.purpose = purpose
    row = KnockRow(record.knock_id, ctx.agency, kind, False, ctx.now())
    if ctx.agency in asked:
        claim, _ = _claim(ctx, code, slow, purpose, record.knock_id, ctx.agency)
        found = _judge(ctx, tx, claim, record.knock_id, ctx.agency)
        if found is not None and found.told:
            record.asked = 1
            record.offer_id = found.offer.offer_id
            _confirm(record, ctx.agency, found.offer.services)
            return knock_records.keep(ctx, tx, replace(row, waits=True), record)
    others = [agency for agency in asked if agency != ctx.agency]
    for agency in others:
        wire_id = knock_records.wire_id(record.knock_id, agency)
        claim, expects = _claim(ctx, code, slow, purpose, wire_id, agency)
        knock_post.queue(
            ctx, tx, agency, Knock(knock_id=wire_id, time=record.time, claim=claim),
            record=record.knock_id, passes=passes, urgent=passes, expects=expects,
        )  # fmt: skip
    record.asked = len(asked)
    return knock_records.keep(ctx, tx, replace(row, waits=not others), record)


def _claim(
    ctx: Context, code: WayCode, slow: bytes, purpose: str, wire_id: str, agency: str
) -> tuple[Claim, str]:
    kept = wayproof.key(slow, agency)
    proof = wayproof.proof(kept, wire_id, ctx.agency, purpose)
    expects = wayproof.confirmed(kept, wire_id, ctx.agency, purpose)
    return Claim(purpose=purpose, serial=code.serial, proof=proof), expects


def _judge(ctx: Context, tx: Tx, claim: Claim, knock_id: str, desk: str) -> standing.Judged | None:
    """Judge a claim, and do what it asks for."""
    found = standing.judge(ctx, tx, claim, knock_id, desk)
    if found is not None and claim.purpose == "withdraw":
        _take_back(ctx, tx, found.offer)
    return found


def _take_back(ctx: Context, tx: Tx, offer: StandingOffer) -> None:
    """Withdraw everything in the referrals that the offer names, by the node's own hand, and
    wherever else there is something of this person.
    """
    rpc = spec.acts()["withdraw"]
    scope = Withdrawal(everything=True, linked=True)
    for referral_id in offer.referral_ids:
        book = ledger.load(tx, referral_id, ctx.agency)
        if not relays.owed(book.state(), scope):
            continue  # All of it was taken back already.
        request = WithdrawRequest(referral_id=referral_id, withdrawal=scope)
        pipeline.perform(ctx, tx, rpc, request, book, access.NODE, "")


def received(ctx: Context, tx: Tx, sender: str, knock: Knock) -> None:
    """A claim has come: judge it, and answer it alike whatever it is."""
    claim = knock.claim
    within_quota(ctx, tx, sender, row_kind(claim.purpose))
    row = KnockRow(knock.knock_id, sender, row_kind(claim.purpose), False, ctx.now())
    found = _judge(ctx, tx, claim, knock.knock_id, sender)
    answer = ClaimAnswer(answers=knock.knock_id, result="not_confirmed")
    if found is None:
        tx.put_knock(row)
    else:
        record = knock_records.new(ctx, "claim", outgoing=False, knock_id=knock.knock_id)
        record.purpose = claim.purpose
        record.offer_id = found.offer.offer_id
        _confirm(record, sender, found.offer.services)
        knock_records.keep(ctx, tx, replace(row, waits=True), record)
        if found.told:
            answer.result, answer.proof = "confirmed", found.confirmed
            if claim.purpose == "resume":
                answer.services.extend(found.offer.services)
    passes = claim.purpose == "withdraw"
    reply = Knock(knock_id=ctx.new_id(), time=stamp(ctx.now()), claim_answer=answer)
    knock_post.queue(ctx, tx, sender, reply, passes=passes, urgent=passes)


def _confirm(record: KnockRecord, agency: str, services: Iterable[str]) -> None:
    record.status = "confirmed"
    record.agency = agency
    if record.purpose == "resume":
        record.services.extend(services)


def answered(ctx: Context, tx: Tx, post: PostRow, answer: ClaimAnswer) -> None:
    """One of the asked agencies has answered."""
    expects = knock_post.expected(ctx, post)
    right = answer.result == "confirmed" and bool(expects) and answer.proof == expects
    tx.put_post(replace(post, state="answered", content=None, expects=None))
    record = knock_records.load(ctx, tx, post.knock_id)
    if right and record.status != "confirmed":
        record.resumes = post.wire_id if record.purpose == "resume" else ""
        _confirm(record, post.recipient, list(answer.services))
        # Nobody else has to be asked any more.
        knock_post.give_up(tx, post.knock_id)
        knock_records.change(ctx, tx, record, waits=True)
    elif record.status == "not_confirmed":
        knock_records.change(ctx, tx, record, waits=True)
    else:
        tx.add_event("knock", "")
