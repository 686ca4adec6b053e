"""Proving a referral offline: both logs and all receipts, with nothing but the trust list."""

from __future__ import annotations

from dataclasses import dataclass

from onward.core import entries, envelopes, jose
from onward.core.acts import Act
from onward.core.fold import Cycle, fold
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.core.states import SIDES, Side, State, other
from onward.core.trust import Trusted
from onward.v1.entry_pb2 import Entry, Head
from onward.v1.envelope_pb2 import EnvelopeHeader, LogExport, Receipt

Logs = dict[Side, list[Act]]


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
    sides = _parties(export)
    logs = _chain(
        {
            "origin": _read(export, trusted, sides, "origin"),
            "destination": _read(export, trusted, sides, "destination"),
        }
    )
    try:
        state = fold(logs["origin"], logs["destination"])
    except Cycle:
        raise Refused("ENTRY_INVALID", "/origin") from None
    _check_receipts(export, trusted, logs, set(sides.values()))
    acts = {act.hash: act for side in SIDES for act in logs[side]}
    return Proof(
        state, acts, sides["origin"], sides["destination"], len(acts), len(export.receipts)
    )


def _parties(export: LogExport) -> dict[Side, str]:
    """Who says to be on which side: the author of the first entry is the origin."""
    if not export.origin:
        raise Refused("ENTRY_INVALID", "/origin")
    try:
        entry = parse(Entry, jose.peek(export.origin[0]))
    except Refused as fault:
        raise Refused(fault.reason, "/origin/0") from None
    if entry.author == entry.recipient:
        raise Refused("ENTRY_INVALID", "/origin/0")
    return {"origin": entry.author, "destination": entry.recipient}


def _read(export: LogExport, trusted: Trusted, sides: dict[Side, str], side: Side) -> list[Act]:
    """The entries of one log, each signed by the agency of that side, for the other one."""
    find = trusted.signing_key(sides[side])
    log = []
    for number, token in enumerate(export.origin if side == "origin" else export.destination):
        pointer = f"/{side}/{number}"
        try:
            entry = entries.read(token, find)
        except Refused as fault:
            raise Refused(fault.reason, pointer) from None
        between = (entry.author, entry.recipient) == (sides[side], sides[other(side)])
        if not between or entry.referral_id != export.referral_id:
            raise Refused("ENTRY_INVALID", pointer)
        log.append(entries.act(token, side, entry))
    return log


def _chain(read: Logs) -> Logs:
    """Each entry in its turn, so that what it had seen is there already."""
    logs: Logs = {"origin": [], "destination": []}
    while waiting := [side for side in SIDES if len(logs[side]) < len(read[side])]:
        faults = [fault for side in waiting if (fault := _take(side, read, logs)) is not None]
        if len(faults) == len(waiting):
            # A gap on one side follows from what is wrong on the other.
            raise next((one for one in faults if one.reason != "GAP"), faults[0])
    return logs


def _take(side: Side, read: Logs, logs: Logs) -> Refused | None:
    """Moves the next entry of one side if it fits, or says why not."""
    number = len(logs[side])
    try:
        entries.check_next(read[side][number], logs[side], logs[other(side)])
    except Refused as fault:
        return Refused(fault.reason, f"/{side}/{number}")
    logs[side].append(read[side][number])
    return None


def _check_receipts(export: LogExport, trusted: Trusted, logs: Logs, parties: set[str]) -> None:
    """Every envelope has its receipt at the same place of the two lists."""
    for number, token in enumerate(export.headers):
        try:
            header = _header(token, trusted, parties, export.environment)
        except Refused as fault:
            raise Refused(fault.reason, f"/headers/{number}") from None
        if number >= len(export.receipts):
            raise Refused("ENTRY_INVALID", f"/headers/{number}")
        try:
            receipt = envelopes.read_receipt(
                export.receipts[number], trusted.signing_key(header.aud)
            )
            envelopes.check_receipt(receipt, token, header)
            _check_heads(receipt, export.referral_id, logs)
        except Refused as fault:
            raise Refused(fault.reason, f"/receipts/{number}") from None
    if len(export.receipts) > len(export.headers):
        raise Refused("ENTRY_INVALID", f"/receipts/{len(export.headers)}")


def _header(token: str, trusted: Trusted, parties: set[str], environment: str) -> EnvelopeHeader:
    """The header of an envelope that one party sent to the other."""
    sender = parse(EnvelopeHeader, jose.peek(token)).iss
    verified = jose.verify(token, jose.ENVELOPE, trusted.signing_key(sender))
    header = parse(EnvelopeHeader, verified.payload)
    if {header.iss, header.aud} != parties:
        raise Refused("ENTRY_INVALID")
    if header.environment != environment:
        raise Refused("WRONG_ENVIRONMENT")
    return header


def _check_heads(receipt: Receipt, referral_id: str, logs: Logs) -> None:
    """What the receipt says is stored stands in the logs."""
    if receipt.referral_id != referral_id:
        raise Refused("ENTRY_INVALID")
    named = (receipt.heads.origin, receipt.heads.destination)
    for side, head in zip(SIDES, named, strict=True):
        if not _stands(head, logs[side]):
            raise Refused("FORK")


def _stands(head: Head, log: list[Act]) -> bool:
    if head.seq > len(log):
        return False
    return head.hash == (log[head.seq - 1].hash if head.seq else "")
