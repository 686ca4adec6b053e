"""How often each basis was used, by month, so that a habit shows. Holds nothing of a person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from onward.core import spec
from onward.v1.bases_pb2 import BasisCount, CountBasesRequest, CountBasesResponse
from onward_server.ports import Tx
from onward_server.service.access import Caller
from onward_server.service.context import Context

MONTHS = 12
"""Months that are counted unless somebody asks for more."""

JUSTIFIED = "justified"


def count(ctx: Context, tx: Tx, request: CountBasesRequest, caller: Caller) -> CountBasesResponse:
    """Uses by the month of the act, all else by the month of the approval. Oldest month first.

    Of a basis that nobody used nothing is due: nothing has moved by it.
    """
    now = ctx.now()
    since = request.since or _months_ago(now.date(), MONTHS - 1)
    found: dict[tuple[str, str], BasisCount] = defaultdict(BasisCount)
    for month, basis, uses in tx.basis_counts(since):
        found[month, basis].uses = uses
    for row in tx.bases_since(since):
        one = found[row.month, row.basis]
        one.approved += 1
        if not row.uses:
            continue
        one.not_reviewed += not row.finding and row.until <= now
        one.not_justified += row.finding not in ("", JUSTIFIED)
        late = row.tell_next is not None and row.tell_next <= now
        one.not_told += row.told_late or late
    order = list(spec.registries()["legal_basis"].codes)
    answer = CountBasesResponse()
    for month, basis in sorted(found, key=lambda key: (key[0], order.index(key[1]))):
        one = found[month, basis]
        one.month, one.basis = month, basis
        answer.counts.append(one)
    return answer


def _months_ago(day: date, months: int) -> str:
    number = day.year * 12 + day.month - 1 - months
    return f"{number // 12:04}-{number % 12 + 1:02}"


READS = {"Bases.CountBases": count}
"""Which function answers which call."""
