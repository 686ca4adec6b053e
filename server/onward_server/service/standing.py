"""Standing offers: a way back for somebody who was not ready (domain.md R024, R025, 8b.5).

Of the way back the node keeps a key that proves it, and neither the secret nor the answer. What
it keeps is encrypted, and the proof's key is destroyed when the offer ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from onward.core import jose, waycode, wayproof
from onward.core.clock import moment, stamp
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.core.waycode import WayCode
from onward.v1.knocks_local_pb2 import MakeStandingOfferRequest, StandingOffer
from onward.v1.knocks_pb2 import Claim
from onward_server.ports import Tx
from onward_server.ports_knocks import GuessRow, StandingRow
from onward_server.service import ledger
from onward_server.service.context import Context
from onward_server.service.knock_records import FORGOTTEN, FREE_TRIES

REPEATED = timedelta(hours=24)
"""So long the same request, sent again, gets the same way back."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True)
class Judged:
    """A claim that was right. `told` is False where guessing has locked the serial: then what
    takes back is done, and nothing is said.
    """

    offer: StandingOffer
    confirmed: str
    told: bool


def code_for(
    ctx: Context, offer_id: str, request: MakeStandingOfferRequest, client: str
) -> WayCode:
    """The way back of an offer: made from a key, so that it need not be kept for a repeat.

    Raises Refused NO_LOCATOR where the trust list gives this agency none.
    """
    found = ctx.trust.current().agency(ctx.agency)
    if found is None or not found.locator:
        raise Refused("NO_LOCATOR")
    seed = f"{client}\x00{request.write.request_id}".encode()
    entropy = ctx.keys.mac(f"standing/{offer_id}/code", seed)
    return waycode.make(found.locator, request.question, entropy)


def make(
    ctx: Context,
    tx: Tx,
    offer_id: str,
    request: MakeStandingOfferRequest,
    code: WayCode,
    slow: bytes,
) -> StandingOffer:
    """Store an offer. `slow` is the stretched secret. Raises Refused NOT_FOUND for a referral."""
    for index, referral_id in enumerate(request.referral_ids):
        try:
            ledger.load(tx, referral_id, ctx.agency)
        except Refused as fault:
            raise Refused(fault.reason, f"/referralIds/{index}") from None
    now = stamp(ctx.now())
    offer = StandingOffer(
        offer_id=offer_id, services=request.services, question=request.question,
        status="offered", referral_ids=request.referral_ids, time=now, changed=now,
    )  # fmt: skip
    kept = wayproof.key(slow, ctx.agency)
    proof_key = ctx.keys.encrypt(f"standing/{offer_id}/proof", _bound(ctx, offer_id), kept)
    _put(ctx, tx, StandingRow(offer_id, code.serial, b"", proof_key), offer)
    return offer


def repeatable(ctx: Context, offer: StandingOffer) -> bool:
    """Whether a repeated request still gets the way back: soon, and while nobody has used it."""
    young = ctx.now() - moment(offer.time) < REPEATED
    return young and offer.status == "offered"


def _put(ctx: Context, tx: Tx, row: StandingRow, offer: StandingOffer) -> None:
    name = f"standing/{row.offer_id}"
    content = ctx.keys.encrypt(name, _bound(ctx, row.offer_id), to_json(offer))
    tx.put_standing(replace(row, content=content))
    tx.add_event("knock", "")


def read(ctx: Context, row: StandingRow) -> StandingOffer:
    """An offer as its people see it."""
    name = f"standing/{row.offer_id}"
    return parse(StandingOffer, ctx.keys.decrypt(name, _bound(ctx, row.offer_id), row.content))


def load(ctx: Context, tx: Tx, offer_id: str) -> tuple[StandingRow, StandingOffer]:
    """An offer with its row. Raises Refused NOT_FOUND."""
    row = tx.standing(offer_id)
    if row is None:
        raise Refused("NOT_FOUND")
    return row, read(ctx, row)


def end(ctx: Context, tx: Tx, offer_id: str, status: str) -> StandingOffer:
    """End an offer for good. Ending one that is ended changes nothing. Raises Refused NOT_FOUND."""
    row, offer = load(ctx, tx, offer_id)
    if row.proof_key is None:
        return offer
    offer.status = status
    offer.changed.CopyFrom(stamp(ctx.now()))
    ctx.keys.destroy([f"standing/{offer_id}/proof", f"standing/{offer_id}/code"])
    _put(ctx, tx, replace(row, proof_key=None), offer)
    return offer


def judge(ctx: Context, tx: Tx, claim: Claim, knock_id: str, desk: str) -> Judged | None:
    """Whether a claim is right, by all offers of its serial. Counts it if it is not.

    None, alike for a wrong secret, a wrong answer, an ended offer, an unknown serial, and a serial
    that guessing has locked for this desk.
    """
    rows = tx.standing_at(claim.serial)
    right, key = None, b""
    for row in rows:
        kept = _proof_key(ctx, row)
        if wayproof.holds(kept, claim.proof, knock_id, desk, claim.purpose):
            right, key = row, kept
    locked = _locked(ctx, tx, desk, claim.serial)
    if right is None:
        # Where none stands there is nothing to guess: another agency's code is no wrong one.
        if rows and not locked:
            _count(ctx, tx, desk, claim.serial)
        return None
    if locked and claim.purpose != "withdraw":
        return None
    offer = read(ctx, right)
    if not locked:
        offer.claimed += 1
    offer.changed.CopyFrom(stamp(ctx.now()))
    if claim.purpose == "resume":
        offer.status = "resumed"
    _put(ctx, tx, right, offer)
    if claim.purpose == "revoke":
        offer = end(ctx, tx, offer.offer_id, "revoked")
    said = wayproof.confirmed(key, knock_id, desk, claim.purpose)
    return Judged(offer, said, told=not locked)


def _proof_key(ctx: Context, row: StandingRow) -> bytes:
    try:
        assert row.proof_key is not None
        name = f"standing/{row.offer_id}/proof"
        return ctx.keys.decrypt(name, _bound(ctx, row.offer_id), row.proof_key)
    except Refused:
        return ctx.random.token(32)  # Its key is gone: nothing is right for it.


def _locked(ctx: Context, tx: Tx, desk: str, serial: str) -> bool:
    found = tx.guesses(desk, serial)
    return found is not None and ctx.now() < found.until


def _count(ctx: Context, tx: Tx, desk: str, serial: str) -> None:
    """One more wrong claim. From the fifth on, each doubles the wait, up to a day."""
    now = ctx.now()
    found = tx.guesses(desk, serial)
    before = found.failures if found is not None and now - found.last_at < FORGOTTEN else 0
    failures = before + 1
    wait = timedelta(0)
    if failures >= FREE_TRIES:
        wait = min(FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 16), LONGEST_WAIT)
    tx.put_guesses(GuessRow(desk, serial, failures, now, now + wait))


def _bound(ctx: Context, offer_id: str) -> str:
    return f"{ctx.agency}/standing/{offer_id}"


def fingerprint(ctx: Context, name: str, bare: bytes) -> str:
    """A digest by which a request is known again, from which no answer can be guessed."""
    return jose.b64(ctx.keys.mac("knocks/request", name.encode() + bare))
