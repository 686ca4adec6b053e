"""Knocks that come: from every active agency of the list, also one that is no partner.

Somebody who asks for help, or comes back, may stand at the desk of any of them. What bounds it is
a quota for each sender.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from onward.core.refused import Refused
from onward.v1.knocks_pb2 import ComplaintNotice, Knock
from onward_server.ports import Tx
from onward_server.ports_knocks import KnockRow, PostRow
from onward_server.service import claims, knock_records
from onward_server.service.context import Context
from onward_server.service.inbound import Arrived

KNOWN_AGAIN = timedelta(days=30)
"""So long a knock is known again, longer than any envelope with it is accepted."""

MOST_TIMES = 50
"""How often the same knock, or another answer to the same, is taken before it is refused."""


def take(ctx: Context, tx: Tx, arrived: Arrived) -> None:
    """Store a knock. Raises Refused, and then nothing was stored."""
    knock, sender = arrived.knock, arrived.header.iss
    assert knock is not None
    match knock.WhichOneof("content"):
        case "claim" | "self_referral" | "complaint" as kind:
            _admit(ctx, sender, passes=knock.claim.purpose == "withdraw")
            _question(ctx, tx, sender, knock, kind)
        case "claim_answer":
            post = _post(tx, sender, knock.claim_answer.answers)
            _admit(ctx, sender, passes=post.passes)
            if _first(tx, post):
                claims.answered(ctx, tx, post, knock.claim_answer)
        case "self_referral_answer":
            post = _post(tx, sender, knock.self_referral_answer.answers)
            _admit(ctx, sender, passes=False)
            if _first(tx, post):
                _self_referral_answered(ctx, tx, post, knock)
        case _:
            raise Refused("INVALID_FIELD")


def _admit(ctx: Context, sender: str, *, passes: bool) -> None:
    """Only what takes back passes whoever sends it."""
    if passes:
        return
    if reason := ctx.barred(sender):
        raise Refused(reason)
    if ctx.trust.current().stale(ctx.now()):
        raise Refused("TRUST_LIST_STALE")


def _question(ctx: Context, tx: Tx, sender: str, knock: Knock, kind: str) -> None:
    """A knock that waits for an answer or a person. The same one, sealed again, counts once."""
    tx.drop_knocks(ctx.now() - KNOWN_AGAIN)
    known = tx.knock(knock.knock_id)
    if known is not None:
        if known.sender != sender:
            raise Refused("MESSAGE_ID_REUSED")
        if known.times >= MOST_TIMES:
            raise Refused("TOO_MANY_TRIES")
        tx.put_knock(replace(known, times=known.times + 1))
        return
    if kind == "claim":
        claims.received(ctx, tx, sender, knock)
        return
    claims.within_quota(ctx, tx, sender, kind)
    record = knock_records.new(ctx, kind, outgoing=False, knock_id=knock.knock_id)
    record.agency = sender
    if kind == "complaint":
        _check_body(ctx, knock.complaint)
        record.complaint.CopyFrom(knock.complaint)
    else:
        record.self_referral.CopyFrom(knock.self_referral)
    knock_records.keep(ctx, tx, KnockRow(knock.knock_id, sender, kind, True, ctx.now()), record)


def _check_body(ctx: Context, complaint: ComplaintNotice) -> None:
    """Nobody reads a complaint but those whom the list names, and never about itself."""
    bodies = ctx.trust.current().list.complaint_bodies
    if ctx.agency not in bodies or complaint.agency == ctx.agency:
        raise Refused("WRONG_RECIPIENT")


def _post(tx: Tx, sender: str, answers: str) -> PostRow:
    """What an answer answers: a knock of ours to its sender. Raises Refused NOT_FOUND."""
    post = tx.post(answers)
    if post is None or not post.knock_id or post.recipient != sender:
        raise Refused("NOT_FOUND")
    return post


def _first(tx: Tx, post: PostRow) -> bool:
    """Whether nothing has answered yet. Of several answers the first stands."""
    if post.state != "answered":
        # It counts from here how often it is answered.
        return True
    if post.attempts >= MOST_TIMES:
        raise Refused("TOO_MANY_TRIES")
    tx.put_post(replace(post, attempts=post.attempts + 1))
    return False


def _self_referral_answered(ctx: Context, tx: Tx, post: PostRow, knock: Knock) -> None:
    answer = knock.self_referral_answer
    tx.put_post(replace(post, state="answered", attempts=0, content=None))
    record = knock_records.load(ctx, tx, post.knock_id)
    record.status = "answered"
    record.result, record.reason = answer.result, answer.reason
    knock_records.change(ctx, tx, record, waits=True)
