"""A party of a referral that breaks the rules: it writes with the real keys of one of the desks."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from google.protobuf.message import Message

from desk import Desk
from nodes import Pair
from onward.core import entries, envelopes
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.states import Side
from onward.v1.entry_pb2 import Entry
from onward.v1.envelope_pb2 import Bundle, Envelope, Part, Receipt, Sealed
from onward.v1.peer_pb2 import DeliverResult
from onward_server.ports import EntryRow, PartRow, Tx
from onward_server.service import ledger


class Forger:
    """Writes entries past the node of a desk, and hands them to the other."""

    def __init__(self, pair: Pair, desk: Desk, referral_id: str) -> None:
        self.pair = pair
        self.desk = desk
        self.other = pair.other(desk)
        self.referral_id = referral_id
        self.side: Side = "origin" if desk is pair.origin else "destination"
        book = desk.store.read(lambda tx: ledger.load(tx, referral_id, desk.agency))
        self.tokens: dict[str, str] = {}
        self.log: list[Act] = list(book.logs[self.side])
        self.theirs = list(book.logs["destination" if self.side == "origin" else "origin"])

    def write(self, kind: str, *, seen: int | None = None, skip: int = 0, **fields: Any) -> str:
        """The next entry of the log, or one after a gap, with these fields, signed."""
        known = self.theirs if seen is None else self.theirs[:seen]
        entry = Entry(
            version=entries.VERSION,
            referral_id=self.referral_id,
            author=self.desk.agency,
            recipient=self.other.agency,
            round=1,
            seq=len(self.log) + 1 + skip,
            prev=self.log[-1].hash if self.log else "",
            seen=entries.head(known),
            kind=kind,
            time=stamp(self.pair.clock.now()),
        )
        for name, value in fields.items():
            if isinstance(value, Message):
                getattr(entry, name).CopyFrom(value)
            elif isinstance(value, list):
                getattr(entry, name).extend(value)
            else:
                setattr(entry, name, value)
        token = entries.sign(entry, self.desk.keys.signing())
        if not skip:
            self.log.append(entries.act(token, self.side, entry))
            self.tokens[self.log[-1].hash] = token
        return token

    def envelope(self, *tokens: str, content: Sequence[Part] = ()) -> Envelope:
        """Sealed to the other side."""
        now = self.pair.clock.now()
        (key,) = self.other.keys.sealing_public()
        return envelopes.seal(
            Sealed(bundle=Bundle(referral_id=self.referral_id, entries=tokens, parts=content)),
            mid=secrets.token_urlsafe(16), sender=self.desk.agency, recipient=self.other.agency,
            environment=self.desk.environment, signing_key=self.desk.keys.signing(),
            sealing_key=key, now=now, expires=now + timedelta(days=1),
        )  # fmt: skip

    def send(self, *tokens: str) -> DeliverResult:
        """Hand it over, and give the answer."""
        (result,) = self.other.receive(self.envelope(*tokens))
        return result

    def receipt(self, *tokens: str, content: Sequence[Part] = ()) -> Receipt:
        """Hand it over, and give the receipt that it must be answered with."""
        (result,) = self.other.receive(self.envelope(*tokens, content=content))
        assert result.receipt, result.problem
        find = self.desk.trust.current().signing_key(self.other.agency)
        return envelopes.read_receipt(result.receipt, find)

    def confess(self) -> None:
        """Let the desk's own node know what was written past it."""
        known = self.desk.store.read(lambda tx: ledger.load(tx, self.referral_id, self.desk.agency))
        new = self.log[len(known.logs[self.side]) :]

        def work(tx: Tx) -> None:
            for one in new:
                row = EntryRow(
                    self.side, one.entry.seq, one.hash, self.tokens[one.hash], one.entry,
                    delivered=True,
                )  # fmt: skip
                tx.add_entry(self.referral_id, row)
                bound = [
                    PartRow(r.digest, r.category, self.side, one.hash) for r in one.entry.parts
                ]
                tx.put_parts(self.referral_id, bound)

        self.desk.store.write(work)
