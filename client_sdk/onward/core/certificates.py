"""Certificates of destruction: what one says, and when the same holder may give a further one.

A holder certifies a withdrawal once; again only with something that was not there before: less
that it keeps, fewer holders that it waits for, or what they have certified (docs/spec.md, section
Withdrawal and destruction).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from onward.core import jose
from onward.v1.entry_pb2 import Certificate

MOST = 64
"""Most certificates of one side for one withdrawal. A holder that says little by little what it
could say at once must not fill the log of the other."""


@dataclass(frozen=True)
class Certified:
    """What one side has certified of one withdrawal, by all its certificates so far.

    `kept` and `awaits` are as the newest says: the categories that it keeps sealed, each with the
    kind and the country of the law, and the agencies further down that have not certified.
    `further` are hashes of the entries in which others did. `number` is how many of its
    certificates count.
    """

    kept: frozenset[tuple[str, str, str]] = frozenset()
    awaits: frozenset[str] = frozenset()
    further: frozenset[str] = frozenset()
    number: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing more is to come."""
        return not self.kept and not self.awaits

    def keeps(self, category: str) -> bool:
        """Whether this side still has the category, sealed."""
        return any(one[0] == category for one in self.kept)


def after(before: Certified | None, certificate: Certificate) -> Certified:
    """What stands once this certificate counts."""
    known = before.further if before is not None else frozenset()
    return Certified(
        kept=frozenset((one.category, one.law, one.country) for one in certificate.kept),
        awaits=frozenset(certificate.awaits),
        further=known | {jose.digest(token) for token in certificate.further},
        number=before.number + 1 if before is not None else 1,
    )


def adds(before: Certified, certificate: Certificate) -> bool:
    """Whether a further certificate of the same side says more than those before it, and takes
    nothing of them back. Whom it waits for it may only learn from another's certificate.
    """
    now = after(before, certificate)
    learnt = now.further != before.further or now.awaits <= before.awaits
    new = replace(now, number=before.number) != before
    room = before.number < MOST or now.kept < before.kept  # What a law keeps always ends.
    return new and room and now.kept <= before.kept and learnt
