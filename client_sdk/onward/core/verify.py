"""Proving a referral offline: both logs and all receipts, with nothing but the trust list."""

from __future__ import annotations

from dataclasses import dataclass

from onward.core import entries, envelopes, jose
from onward.core.acts import Act
from onward.core.fold import Cycle, fold
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.core.states import Side, State
from onward.core.trust import Trusted
from onward.v1.envelope_pb2 import EnvelopeHeader, LogExport


@dataclass(frozen=True)
class Proof:
    """What a verified export shows."""

    state: State
    acts: dict[str, Act]
    origin: str
    destination: str
    entries: int
    receipts: int


def verify(export: LogExport, trusted: Trusted) -> Proof:
    """Checks every signature, both chains, the fold, and every receipt against its envelope.

    Raises Refused with the first fault; the pointer says which line of the export.
    """
    if export.environment != trusted.list.environment:
        raise Refused("WRONG_ENVIRONMENT", "/environment")
    if not export.origin:
        raise Refused("ENTRY_INVALID", "/origin")
    first = _peek_author(export.origin[0])
    sides: dict[Side, str] = {"origin": first[0], "destination": first[1]}
    logs: dict[Side, list[Act]] = {"origin": [], "destination": []}
    tokens: dict[Side, list[str]] = {
        "origin": list(export.origin),
        "destination": list(export.destination),
    }
    read = {
        side: [_read(export, trusted, sides, side, n, token) for n, token in enumerate(tokens[side])]
        for side in ("origin", "destination")
    }
    _chain(read["origin"], read["destination"], logs)
    try:
        state = fold(logs["origin"], logs["destination"])
    except Cycle:
        raise Refused("ENTRY_INVALID") from None
    _receipts(export, trusted, logs, sides)
    acts = {act.hash: act for log in logs.values() for act in log}
    return Proof(
        state, acts, sides["origin"], sides["destination"], len(acts), len(export.receipts)
    )


def _peek_author(token: str) -> tuple[str, str]:
    from onward.v1.entry_pb2 import Entry

    entry = parse(Entry, jose.peek(token))
    return entry.author, entry.recipient


def _read(
    export: LogExport, trusted: Trusted, sides: dict[Side, str], side: Side, n: int, token: str
) -> Act:
    pointer = f"/{side}/{n}"
    try:
        entry = entries.read(token, trusted.signing_key(sides[side]))
    except Refused as fault:
        raise Refused(fault.reason, pointer) from None
    pair = {sides["origin"], sides["destination"]}
    fits = entry.author == sides[side] and {entry.author, entry.recipient} == pair
    if not fits or entry.referral_id != export.referral_id:
        raise Refused("ENTRY_INVALID", pointer)
    return entries.act(token, side, entry)


def _chain(origin: list[Act], destination: list[Act], logs: dict[Side, list[Act]]) -> None:
    """Each entry in its turn, so that what it had seen is there already."""
    waiting: dict[Side, list[Act]] = {"origin": origin[::-1], "destination": destination[::-1]}
    while waiting["origin"] or waiting["destination"]:
        last: Refused | None = None
        for side, other in (("origin", "destination"), ("destination", "origin")):
            if not waiting[side]:  # type: ignore[index]  # the tuple's members are both sides
                continue
            try:
                entries.check_next(waiting[side][-1], logs[side], logs[other])  # type: ignore[index]
            except Refused as fault:
                last = Refused(fault.reason, f"/{side}/{len(logs[side])}")  # type: ignore[index]
                continue
            logs[side].append(waiting[side].pop())  # type: ignore[index]
            last = None
            break
        if last is not None:
            raise last


def _receipts(
    export: LogExport, trusted: Trusted, logs: dict[Side, list[Act]], sides: dict[Side, str]
) -> None:
    headers: dict[str, str] = {jose.digest(token): token for token in export.headers}
    for n, token in enumerate(export.receipts):
        pointer = f"/receipts/{n}"
        try:
            signer = parse_receipt_issuer(token)
            receipt = envelopes.read_receipt(token, trusted.signing_key(signer))
            header_token = headers.get(receipt.header)
            if header_token is None or receipt.referral_id != export.referral_id:
                raise Refused("ENTRY_INVALID")
            sender = receipt.aud
            verified = jose.verify(header_token, jose.ENVELOPE, trusted.signing_key(sender))
            header = parse(EnvelopeHeader, verified.payload)
            envelopes.check_receipt(receipt, header_token, header)
            if {receipt.iss, receipt.aud} != set(sides.values()):
                raise Refused("ENTRY_INVALID")
            for side in ("origin", "destination"):
                claimed = getattr(receipt.heads, side)
                log = logs[side]  # type: ignore[index]
                fits = claimed.seq <= len(log) and claimed.hash == (
                    log[claimed.seq - 1].hash if claimed.seq else ""
                )
                if not fits:
                    raise Refused("FORK")
        except Refused as fault:
            raise Refused(fault.reason, pointer) from None


def parse_receipt_issuer(token: str) -> str:
    """Who says to have given a receipt: only to learn whose key to verify with."""
    from onward.v1.envelope_pb2 import Receipt

    return parse(Receipt, jose.peek(token)).iss
