"""A mailbox: holds what is for agencies that can't be reached, until they have given a receipt.

It sees the outside of an envelope only: who wrote when to whom, and how long it is. So it can't
tell a withdrawal from content, and turns nobody's mail away for their standing; what may pass is
judged by the agency that opens it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from onward.core import envelopes, jose
from onward.core.clock import moment, stamp
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import Envelope, EnvelopeHeader, Receipt
from onward.v1.peer_pb2 import DeliverResult, Held
from onward_server.ports import Tx
from onward_server.ports_mail import MailRow
from onward_server.service.context import Context

KEEP = timedelta(days=30)
"""Nothing is held for longer, whatever its sender has set as its end."""

MIB = 1024 * 1024
ROOM = 32 * MIB
"""Bytes held from one agency for one other."""

KEPT_FREE = 8 * MIB
"""Of that, so much only for what is SMALL: content must not leave a withdrawal without room."""

SMALL = 20 * 1024
"""Bytes of an envelope of the second smallest size, which holds a withdrawal and some entries."""

ANSWER = 3 * MIB
"""Envelopes that one answer carries, in bytes: safely within the 4 MiB of a call."""


@dataclass(frozen=True)
class Mail:
    """An envelope whose outside was verified."""

    envelope: Envelope
    header: EnvelopeHeader
    digest: str


def is_mail(ctx: Context, envelope: Envelope) -> bool:
    """Whether the envelope says to be for an agency whose mailbox this is."""
    if not ctx.mailbox:
        return False
    try:
        aud = envelopes.peek(envelope).aud
        member = ctx.trust.current().agency(aud)
    except Refused:
        return False  # It is answered as any other that can't be read.
    return aud != ctx.agency and member is not None and member.mailbox == ctx.agency


def hold(ctx: Context, arrived: Iterable[Envelope]) -> list[DeliverResult | Refused]:
    """What becomes of each: held, or receipted by its recipient already, or refused."""
    checked = [_check(ctx, envelope) for envelope in arrived]
    good = [one for one in checked if isinstance(one, Mail)]
    stored = iter(ctx.store.write_each([partial(_store, ctx, mail=one) for one in good]))
    return [next(stored) if isinstance(one, Mail) else one for one in checked]


def _check(ctx: Context, envelope: Envelope) -> Mail | Refused:
    """All that can be known without opening it, as its recipient will look at it."""
    try:
        claimed = envelopes.peek(envelope)
        trusted = ctx.trust.current()
        if trusted.agency(claimed.iss) is None:
            raise Refused("AGENCY_UNKNOWN")
        header = envelopes.verify(
            envelope, trusted.signing_key(claimed.iss, ctx.now()), recipient=claimed.aud,
            environment=ctx.environment, now=ctx.now(),
        )  # fmt: skip
    except Refused as fault:
        return fault
    return Mail(envelope, header, jose.digest(envelope.header))


def _store(ctx: Context, tx: Tx, mail: Mail) -> DeliverResult:
    header = mail.header
    barred = bool(ctx.barred(header.aud))
    known = tx.mail(header.iss, header.mid)
    if known is not None and known.until > ctx.now():
        if known.digest != mail.digest:
            raise Refused("MESSAGE_ID_REUSED")
        if known.receipt:
            return DeliverResult(receipt=known.receipt)
        if known.barred != barred:
            tx.put_mail(replace(known, barred=barred))
        return _held(known)
    row = MailRow(
        header.iss, header.mid, header.aud, mail.digest, mail.envelope.header,
        mail.envelope.sealed, min(moment(header.exp), ctx.now() + KEEP), barred,
    )  # fmt: skip
    room = ROOM if row.size <= SMALL else ROOM - KEPT_FREE
    if tx.mail_size(header.iss, header.aud) + row.size > room:
        raise Refused("MAILBOX_FULL")
    tx.put_mail(row)
    return _held(row)


def _held(row: MailRow) -> DeliverResult:
    return DeliverResult(held=Held(until=stamp(row.until)))


def collect(
    ctx: Context, asking: str, receipts: Iterable[str], limit: int, after: str
) -> list[Envelope]:
    """What is held for the agency, oldest first, once its receipts have removed what they answer.

    `after` is the digest of the header of the last one that it got.
    """
    trusted = ctx.trust.current()
    answered = [_read(receipt, trusted.signing_key(asking)) for receipt in receipts]
    removes = [(one, token) for one, token in answered if one is not None and one.iss == asking]
    if removes:
        ctx.store.write(lambda tx: _remove(tx, asking, removes))
    barred = bool(ctx.barred(asking))
    found = ctx.store.read(
        lambda tx: tx.mail_for(
            asking, after, ctx.now(), barred=barred, limit=limit, size=ANSWER
        )
    )  # fmt: skip
    return [Envelope(header=row.header, sealed=row.sealed) for row in found]


def _read(token: str, find: jose.KeyFinder) -> tuple[Receipt | None, str]:
    """A receipt that is genuine, also by a key that is no longer in use."""
    try:
        return envelopes.read_receipt(token, find), token
    except Refused:
        return None, token


def _remove(tx: Tx, asking: str, receipts: Iterable[tuple[Receipt, str]]) -> None:
    for receipt, token in receipts:
        row = tx.mail(receipt.aud, receipt.mid)
        if row is None or row.receipt or (row.aud, row.digest) != (asking, receipt.header):
            continue
        tx.put_mail(replace(row, header="", sealed="", receipt=token))


def expire(ctx: Context) -> int:
    """Destroy what nobody has collected in its time, and receipts that nobody needs any more.

    Gives how many.
    """
    if not ctx.store.read(lambda tx: tx.mail_is_over(ctx.now())):
        return 0
    return ctx.store.write(lambda tx: tx.drop_mail(ctx.now()))
