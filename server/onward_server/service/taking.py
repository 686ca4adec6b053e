"""Taking parts: each is taken or refused, once and for good (docs/spec.md, Grants).

A refusal never stops the log, and nothing of a refused part is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from onward.core import grants, parts
from onward.core.acts import Act
from onward.core.refused import Refused
from onward.v1.agreements_pb2 import Agreement
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import Refusal
from onward.v1.envelope_pb2 import Part
from onward_server.ports import PartRow, Tx
from onward_server.service import agreements, content, disclosures, ledger, shelf
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


def take(
    ctx: Context, tx: Tx, book: Ledger, arrived: Sequence[Part], parts_pass: bool
) -> tuple[list[Refusal], bool]:
    """What becomes of the parts of one envelope, whose entries are in the log.

    Gives the refusals, and whether any part got its outcome now. Without `parts_pass` none does.
    """
    known = ledger.parts_by_digest(tx, book.row.referral_id)
    keeps = shelf.Shelf(ctx, tx, book)
    # The grant first: the others are held to it.
    ordered = sorted(arrived, key=lambda part: part.category != "grant")
    if ordered and parts_pass:
        categories = {row.category for row in known.values()}
        keeps.make(categories & {part.category for part in ordered})
    judge = _Judge(ctx, tx, keeps, book, known)
    refusals: list[Refusal] = []
    settled: dict[str, PartRow] = {}
    for part in ordered:
        digest = _digest(part)
        row = known.get(digest)
        if row is None or row.side == book.side:
            refusals.append(Refusal(digest=digest, reason="invalid"))
            continue
        if row.outcome == "pending" and parts_pass:
            row = judge.settle(row, part)
            known[digest] = settled[digest] = row
        if row.outcome == "refused" or (row.reason == "withdrawn" and row.content is None):
            refusals.append(Refusal(digest=digest, reason=row.reason))
    tx.put_parts(book.row.referral_id, settled.values())
    disclosures.received(ctx, tx, book, settled.values(), judge.grant)
    return refusals, bool(settled)


def _digest(part: Part) -> str:
    try:
        return parts.digest(part)
    except ValueError:
        raise Refused("INVALID_FIELD") from None


class _Judge:
    """Judges the parts of one envelope. `known` is kept current by its caller."""

    def __init__(
        self, ctx: Context, tx: Tx, keeps: shelf.Shelf, book: Ledger, known: dict[str, PartRow]
    ) -> None:
        self._ctx = ctx
        self._tx = tx
        self._shelf = keeps
        self._book = book
        self._state = book.state()
        self._known = known
        self._grants: dict[str, tuple[Grant, str] | None] = {}

    def settle(self, row: PartRow, part: Part) -> PartRow:
        """The part's row with its outcome."""
        reason = self._refusal(row, part)
        if reason and self._state.parts[row.digest].state in ("withdrawn", "erased"):
            # The logs say so themselves: there is nothing to refuse.
            return replace(row, outcome="sealed", reason=reason)
        if reason:
            return replace(row, outcome="refused", reason=reason)
        act = self._book.act(row.entry_hash)
        grant = self._grant(act) if act is not None else None
        try:
            return self._shelf.keep(row, part, grant[0].retention_days if grant else 0)
        except Refused:
            # It was taken back, and destroyed, and a restore has lost who said so.
            return replace(row, outcome="refused", reason="withdrawn")

    def _refusal(self, row: PartRow, part: Part) -> str:
        """Why this node refuses the part; empty if it takes it."""
        act = self._book.act(row.entry_hash)
        assert act is not None
        status = self._state.parts[row.digest]
        if part.category != row.category:
            return "invalid"
        if status.state in ("withdrawn", "erased"):
            return "withdrawn"
        if status.refusal == "disallowed":
            return "disallowed"
        if status.state == "corrected":
            return "corrected"
        grant = self._grant(act)
        reason = grants.refusal(
            row.category,
            author=act.side,
            grant=grant[0] if grant else None,
            accepted=self._book.view(act).served,
            feedback=self._agreed,
            now=self._ctx.now(),
            agreement=self._agreement,
            agreement_needed=agreements.needed(self._ctx),
        )
        if not reason and grant and self._withdrawn_since(act, row.category, grant[1]):
            reason = "withdrawn"
        return reason or self._not_named(row, act) or _unreadable(part, act)

    @cached_property
    def _agreement(self) -> Agreement | None:
        """What the two agencies have signed; only asked where there are parts."""
        return agreements.between(self._ctx, self._tx, self._book.other_agency)

    @cached_property
    def _agreed(self) -> str:
        """The feedback level that the origin agreed with the person; only the origin asks."""
        if self._book.side == "destination":
            return ""
        return content.feedback(self._ctx, self._known.values(), self._book)

    def _grant(self, act: Act) -> tuple[Grant, str] | None:
        """The grant that an act names, and the hash of the entry that brought it."""
        if act.hash not in self._grants:
            found = self._find_grant(act)
            if found is None:
                return None  # It may yet come, later in the same envelope.
            self._grants[act.hash] = found
        return self._grants[act.hash]

    def grant(self, act: Act) -> Grant | None:
        """The grant under which an act's parts came, if it is held."""
        found = self._grant(act)
        return found[0] if found is not None else None

    def _find_grant(self, act: Act) -> tuple[Grant, str] | None:
        found = content.granted(self._ctx, self._known, self._book, act.hash)
        if found is None:
            return None
        grant, entry = found[0], act.entry
        named = (grant.grantor, grant.grantee, grant.referral_id)
        if named != (entry.author, entry.recipient, entry.referral_id):
            return None
        return grant, found[1].entry_hash

    def _not_named(self, row: PartRow, act: Act) -> str:
        """A grant that the log itself says is none: its id stands for another one, or for nothing.

        What nobody goes by must not become the newest grant, either.
        """
        if row.category != "grant":
            return ""
        named = grants.named(self._book.logs[act.side], act)
        return "" if named == row.digest else "invalid"

    def _withdrawn_since(self, act: Act, category: str, grant_entry: str) -> bool:
        """Whether the category was taken back after what its author goes by was agreed."""
        if content.withdrawn_since(self._state, category, grant_entry):
            return True
        if act.side == "origin":
            return False
        # What flows back goes by the origin's grant, however new the destination's own is.
        known = self._known.values()
        agreed = content.newest_grant_row(self._ctx, known, self._book, "origin")
        return agreed is None or content.withdrawn_since(self._state, category, agreed.entry_hash)


def _unreadable(part: Part, act: Act) -> str:
    try:
        read = parts.read(part)
    except Refused:
        return "invalid"
    other = isinstance(read, Grant) and read.grant_id != act.entry.grant_id
    return "invalid" if other else ""
