"""A trust list that is too old to go by: content waits, what takes back and certifies does not."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.cases import erase
from onward_conformance.check import Bench, check
from onward_conformance.lists import Change, expired, listing, publish, stale, unstamped
from onward_conformance.network import Agency, moment, now
from onward_conformance.referral import Envelope, part
from onward_conformance.results import Failed
from onward_conformance.road import NAME, disclosed, opened


def _offer(bench: Bench, author: Agency | None = None) -> Envelope:
    referral = bench.referral(author)
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts))


def _is_stale(bench: Bench, first: Change, *others: Change) -> None:
    with listing(bench, first):
        bench.refused(_offer(bench))
        for one in others:
            publish(bench, one)
            bench.refused(_offer(bench))


def _stamp(**changed: object) -> Change:
    return lambda one: one.stamp.update(changed)


def _ended(days: int) -> Change:
    """The stamp ended so long ago."""
    begun, over = (moment(now() - timedelta(days=one)) for one in (days + 1, days))
    return _stamp(issuedAt=begun, expiresAt=over)


@check("TRST-010", negative=True)
def stamp_of_somebody_else(bench: Bench) -> None:
    """Signed by an authority, whose key signs lists and stamps nothing."""
    _is_stale(bench, lambda one: setattr(one, "stamper", bench.network.authorities[0]))


@check("TRST-010", negative=True)
def stamp_for_another_list(bench: Bench) -> None:
    """For another number, other bytes, or another environment."""
    other = "live" if bench.network.environment == "test" else "test"
    _is_stale(bench, _stamp(seq=1), _stamp(digest="A" * 43), _stamp(environment=other))


@check("TRST-011", negative=True)
def list_that_is_stale(bench: Bench) -> None:
    """Without a stamp, four days after the end of its stamp, and after its own end."""
    _is_stale(bench, unstamped, _ended(4), expired)


@check("TRST-011")
def list_within_the_grace(bench: Bench) -> None:
    """Two days after the end of its stamp a list is not stale yet: an offer is taken."""
    with listing(bench, _ended(2)):
        bench.taken(_offer(bench))


@check("DLV-032", negative=True)
def offer_under_a_stale_list(bench: Bench) -> None:
    """It is refused, after what is said of the sender, and taken unchanged by a newer list."""
    made = _offer(bench).made()
    with listing(bench, stale):
        bench.refused(made, "TRUST_LIST_STALE")
        bench.refused(_offer(bench, bench.cast.unaccepted), "PEER_NOT_ACCEPTED")
    bench.taken(made)


@check("TRST-012", negative=True)
def content_under_a_stale_list(bench: Bench) -> None:
    """Also beside a withdrawal, which is taken, content is not: it can come again later."""
    referral = disclosed(bench, "language")
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", NAME)]
    tokens = [referral.write("disclose", parts, grantId=given["grantId"])]
    with listing(bench, stale):
        bench.refused(referral.envelope(referral.bundle(tokens, parts)))
        tokens.append(referral.write("withdraw", withdrawal={"categories": ["language"]}))
        (answer,) = bench.send(referral.envelope(referral.bundle(tokens, parts)))
        if not answer.receipt:
            raise Failed("a receipt for the withdrawal", str(answer), by="TRST-013")
        erase(bench, referral.referral_id)
        bench.came(referral, "erased", by="TRST-013")
    if "name" in opened(bench, referral):
        raise Failed("no content by a stale list", "a name")
    bench.taken(referral.envelope(referral.bundle([], parts)))
    if "name" not in opened(bench, referral):
        raise Failed("the name, once the list is a new one", "no name", by="DLV-033")


@check("TRST-013", negative=True)
def withdrawal_under_a_stale_list(bench: Bench) -> None:
    """It is taken, and what the target certifies of it comes."""
    referral = disclosed(bench)
    with listing(bench, stale):
        token = referral.write("withdraw", withdrawal={"everything": True})
        bench.taken(referral.envelope(referral.bundle([token])))
        erase(bench, referral.referral_id)
        bench.came(referral, "erased")
