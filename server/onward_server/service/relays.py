"""Withdrawals go on to every holder, and their certificates come back.

Whatever may concern another referral of this agency is noted in the transaction that stores it
(service/withdrawal.py) and carried out right after; should the node die between the two, it is
still noted. Each is done in a transaction of its own, so that one that fails holds back no other.
"""

from __future__ import annotations

import structlog

from onward.core import certificates, relays as rules, spec
from onward.core.refused import Refused
from onward.core.states import Withdrawn
from onward.v1.entry_pb2 import Withdrawal
from onward.v1.local_pb2 import EraseRequest, WithdrawRequest
from onward_server.ports import Tx
from onward_server.ports_withdrawals import RelayRow
from onward_server.service import (
    access,
    audit,
    forwards,
    further,
    ledger,
    pipeline,
    subjects,
    suspected,
    taken_back,
    withdrawal,
)
from onward_server.service.context import EVERYTHING, Context
from onward_server.service.ledger import Ledger
from onward_server.service.turns import Turns

log = structlog.get_logger("onward.node")

LIMIT = 100
"""How many that have failed before are tried again in one go. What is new is always tried."""


def carry_out(ctx: Context, turns: Turns) -> int:
    """Do all that is noted, each once. Gives how many were done; what could not be done stays
    noted, and comes after whatever is new.
    """
    done = again = 0
    tried: set[RelayRow] = set()
    while rows := [row for row in ctx.store.read(_noted) if row not in tried]:
        for row in turns.order(rows):
            again += turns.failed_before(row)
            if again > LIMIT:
                return done
            now = _done(ctx, row)
            turns.tried(row, done=now)
            tried.add(row)
            done += now
    return done


def _noted(tx: Tx) -> list[RelayRow]:
    return tx.due_relays(EVERYTHING)


def _done(ctx: Context, row: RelayRow) -> bool:
    """Whether one that is noted was done."""
    try:
        concerned = ctx.store.read(lambda tx: _concerned(ctx, tx, row))
    except Exception as fault:
        log.error("not relayed", fault=type(fault).__name__)
        return False
    # Every one is tried: one referral that can't be written must not spare the others.
    tried = [_try(ctx, row, referral_id) for referral_id in concerned]
    if all(tried):
        ctx.store.write(lambda tx: tx.end_relay(row))
    return all(tried)


def _try(ctx: Context, row: RelayRow, referral_id: str) -> bool:
    try:
        ctx.store.write(lambda tx: _one(ctx, tx, row, referral_id))
    except Refused as fault:
        log.error("not relayed", reason=fault.reason)
        return False
    except Exception as fault:
        log.error("not relayed", fault=type(fault).__name__)
        return False
    return True


def _concerned(ctx: Context, tx: Tx, row: RelayRow) -> list[str]:
    """Referrals of this agency in which something may have to be written because of an entry."""
    book = ledger.load(tx, row.referral_id, ctx.agency)
    found = _withdrawal(book, row.entry)
    if found is not None:
        reached = rules.reach(
            linked=found.linked,
            forwards=forwards.targets(ctx, tx, row.referral_id),
            sources=forwards.sources(ctx, tx, book),
            siblings=[
                one
                for one in (siblings(ctx, tx, book) if book.side == "origin" else ())
                # After a restore it is asked once more, and she may have agreed anew since.
                if not taken_back.began_after(ctx, tx, one, found)
            ],
        )
        return [one for one in reached if one != row.referral_id and tx.referral(one) is not None]
    if book.side == "destination":
        return [row.referral_id]
    return [one for one in forwards.sources(ctx, tx, book) if tx.referral(one) is not None]


def siblings(ctx: Context, tx: Tx, book: Ledger) -> list[str]:
    """Her referrals by any consent or basis; at least those by this consent, if it can't be read
    whose it is.
    """
    found = [row.referral_id for row in tx.referrals_by_consent(book.row.consent_id)]
    for person in taken_back.persons(ctx, tx, book):
        found += subjects.referrals_of(ctx, tx, person)
    return found


def _withdrawal(book: Ledger, hash_: str) -> Withdrawn | None:
    return next((one for one in book.state().withdrawals if one.entry == hash_), None)


def _one(ctx: Context, tx: Tx, row: RelayRow, referral_id: str) -> None:
    """Write in one referral what an entry of another asks for."""
    cause = ledger.load(tx, row.referral_id, ctx.agency)
    found = _withdrawal(cause, row.entry)
    book = ledger.load(tx, referral_id, ctx.agency)
    if found is not None:
        _relay(ctx, tx, cause, found, row, book)
    else:
        _tell(ctx, tx, book)


def _relay(
    ctx: Context, tx: Tx, cause: Ledger, found: Withdrawn, row: RelayRow, book: Ledger
) -> None:
    """The same withdrawal in another referral, if it adds something there."""
    act = cause.act(found.entry)
    named = act.entry.withdrawal.categories if act is not None and not found.everything else ()
    scope = Withdrawal(everything=found.everything, categories=named, linked=found.linked)
    if not rules.owed(book.state(), scope):
        return
    request = WithdrawRequest(
        referral_id=book.row.referral_id, withdrawal=scope, destroy_now=row.at_once,
        suspected_pressure=suspected.marked(ctx, tx, row.referral_id, found.entry),
    )  # fmt: skip
    pipeline.perform(ctx, tx, spec.acts()["withdraw"], request, book, access.NODE, "")
    audit.write(ctx, tx, access.NODE, action="relay", referral_id=book.row.referral_id)


def _tell(ctx: Context, tx: Tx, book: Ledger) -> None:
    """Further certificates of ours, where others have certified since. What does not fit into one
    follows: each of ours is noted again.
    """
    awaited = False
    for found in book.state().withdrawals:
        before = book.state().certificates.get((book.side, found.entry))
        if before is None:
            continue  # The first of ours says it.
        newer = withdrawal.again(ctx, tx, book, found)
        # One that came back after ours was given is not in ours, and certifies later all the same.
        awaited |= bool(newer.awaits)
        if not certificates.adds(before, newer):
            continue
        request = EraseRequest(referral_id=book.row.referral_id)
        rpc = spec.acts()["erased"]
        pipeline.perform(ctx, tx, rpc, request, book, access.NODE, "", answers=found.entry)
        audit.write(ctx, tx, access.NODE, action="relay", referral_id=book.row.referral_id)
    if not awaited and further.settled(book.state()):
        forwards.forget(ctx, tx, book.row.referral_id)
