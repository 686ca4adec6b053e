"""What a list over all referrals asks first, so that it need not read each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Marks:
    """How each referral stands, by a few questions over all of them.

    `heads` are the hashes with which the logs of a referral end, `versions` the newest version of
    each consent. `busy` are referrals of which more is kept than their logs and what came with
    them: something waits, is sealed, or belongs to another. `targets` are keyed digests of those
    to which others belong.
    """

    heads: dict[str, tuple[str, ...]]
    versions: dict[str, int]
    busy: frozenset[str]
    targets: frozenset[str]


class QuietTx(Protocol):
    """What a transaction does for such a list."""

    def marks(self) -> Marks: ...
