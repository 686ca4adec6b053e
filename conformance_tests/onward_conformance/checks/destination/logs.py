"""Delivery: each entry as the next of its log."""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.jose import b64, digest, sha256
from onward_conformance.network import DAY, Json, moment, now
from onward_conformance.referral import AGE, Referral, part
from onward_conformance.results import Failed

NOWHERE = b64(bytes(32))
SOON = moment(now() + 3 * DAY)


def _offered(bench: Bench) -> Referral:
    """A referral that the target has taken."""
    referral = bench.referral()
    token, parts = referral.offer()
    bench.taken(referral.envelope(referral.bundle([token], parts)))
    return referral


def _remind(referral: Referral, **changed: Any) -> str:
    return referral.signed(referral.entry("remind", **changed))


def _heads(problem: Json | None) -> Json:
    return (problem or {}).get("heads") or {}


@check("RCPT-003")
def heads_after_the_envelope(bench: Bench) -> None:
    """The receipt names the entry that has just come as the head of its log."""
    referral = bench.referral()
    token, parts = referral.offer()
    said = bench.taken(referral.envelope(referral.bundle([token], parts)))
    head = said.get("heads", {}).get("origin", {})
    if head != {"seq": 1, "hash": digest(token)}:
        whole = head.get("hash") == sha256(token.encode())
        by = "KEY-010" if whole else "RCPT-003"
        raise Failed("entry 1 with its hash as the origin's head", head, by=by)


@check("DLV-034", negative=True)
def referral_that_begins_in_its_middle(bench: Bench) -> None:
    """The second entry of a referral that the target does not know."""
    referral = bench.referral()
    referral.offer()
    bench.refused(referral.envelope(referral.bundle([_remind(referral)])), "GAP")


@check("DLV-035", negative=True)
def referral_that_begins_without_an_offer(bench: Bench) -> None:
    """The first entry is another act."""
    referral = bench.referral()
    token = _remind(referral)
    bench.refused(referral.envelope(referral.bundle([token])), "ENTRY_INVALID")


@check("DLV-040")
def entry_that_comes_again(bench: Bench) -> None:
    """The same entry in another envelope is passed over, and receipted."""
    referral = _offered(bench)
    said = bench.taken(referral.envelope(referral.bundle(referral.log)))
    bench.head(said, 1)


@check("DLV-041", "DLV-052", negative=True)
def two_entries_with_one_number(bench: Bench) -> None:
    """Another first entry than the one that the target holds."""
    referral = _offered(bench)
    held = digest(referral.log[0])
    other = Referral(
        referral.network, referral.author, referral.target, referral_id=referral.referral_id
    )
    token, _ = other.offer()
    answer = bench.refused(other.envelope(other.bundle([token])), "FORK")
    if _heads(answer.problem).get("origin", {}).get("hash") != held:
        raise Failed("the heads that the target held", _heads(answer.problem), by="DLV-052")


@check("DLV-041", negative=True)
def entry_behind_another_one(bench: Bench) -> None:
    """`prev` is not the hash of the entry before."""
    referral = _offered(bench)
    token = _remind(referral, prev=NOWHERE)
    bench.refused(referral.envelope(referral.bundle([token])), "FORK")


@check("DLV-041", negative=True)
def number_that_is_taken_behind_the_head(bench: Bench) -> None:
    """It follows the newest entry by its hash, and has the number of an older one."""
    referral = _offered(bench)
    for _ in range(2):
        token = referral.write("remind")
        bench.taken(referral.envelope(referral.bundle([token])))
    token = _remind(referral, seq=2)
    bench.refused(referral.envelope(referral.bundle([token])), "FORK")


@check("DLV-042", "DLV-052", negative=True)
def entry_after_a_gap(bench: Bench) -> None:
    """The third entry before the second."""
    referral = _offered(bench)
    referral.log.append(_remind(referral))
    token = _remind(referral)
    answer = bench.refused(referral.envelope(referral.bundle([token])), "GAP")
    if _heads(answer.problem).get("origin", {}).get("seq") != 1:
        raise Failed("the heads that the target held", _heads(answer.problem), by="DLV-052")


@check("DLV-053")
def what_was_missing_closes_the_gap(bench: Bench) -> None:
    """All entries from the one after the head that was given."""
    referral = _offered(bench)
    for _ in range(2):
        referral.log.append(_remind(referral))
    said = bench.taken(referral.envelope(referral.bundle(referral.log[1:])))
    bench.head(said, 3)


@check("DLV-043", negative=True)
def first_entry_with_one_before(bench: Bench) -> None:
    """There is nothing before the first entry."""
    referral = bench.referral()
    items = [{"number": 1, "wish": "now"}]
    token = referral.signed(referral.entry("offer", items=items, prev=NOWHERE))
    bench.refused(referral.envelope(referral.bundle([token])), "ENTRY_INVALID")


@check("DLV-044", negative=True)
def entry_that_saw_what_was_not_written(bench: Bench) -> None:
    """`seen` names an entry that the target has not got."""
    referral = _offered(bench)
    token = _remind(referral, seen={"seq": 60, "hash": NOWHERE})
    bench.refused(referral.envelope(referral.bundle([token])), "GAP")


@check("DLV-050", "DLV-051", negative=True)
def all_entries_or_none(bench: Bench) -> None:
    """A good entry before one that does not fit: neither is stored."""
    referral = _offered(bench)
    good = _remind(referral)
    referral.log.append(good)
    bad = _remind(referral, prev=NOWHERE)
    bench.refused(referral.envelope(referral.bundle([good, bad])))
    referral.log.pop()
    # Another second entry is no fork where the first try has left nothing.
    (answer,) = bench.send(referral.envelope(referral.bundle([_remind(referral, respondBy=SOON)])))
    if not answer.receipt:
        raise Failed("nothing of the refused envelope to be stored", str(answer))


@check("DLV-036", negative=True)
def stranger_to_a_referral(bench: Bench) -> None:
    """Another partner that knows the referral's id learns nothing."""
    referral = _offered(bench)
    other = Referral(
        referral.network, bench.cast.second, referral.target, referral_id=referral.referral_id
    )
    other.log.append(referral.log[0])
    token = _remind(other)
    answer = bench.refused(other.envelope(other.bundle([token])), "GAP")
    if any(_heads(answer.problem).values()):
        raise Failed("empty heads, as for a referral that it does not know", answer.problem)


@check("DLV-046")
def act_that_its_author_may_not_do(bench: Bench) -> None:
    """A disclosure before the acceptance is stored and receipted, and its parts refused."""
    referral = _offered(bench)
    grant = referral.grant(["age_band"])
    parts = [part("grant", grant), part("age_band", AGE)]
    token = referral.signed(referral.entry("disclose", parts, grantId=grant["grantId"]))
    said = bench.taken(referral.envelope(referral.bundle([token], parts)))
    reasons = {one["reason"] for one in said.get("refused", [])}
    if reasons != {"disallowed"}:
        raise Failed("its parts refused as disallowed", said.get("refused"))
