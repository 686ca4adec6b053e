"""The receiver's check: which parts are taken, and why others are refused."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.check import Bench, check
from onward_conformance.jose import part_digest
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import AGE, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import NOW, give, opened

NAME: Json = {"firstName": "Conformance"}


def _refused(
    bench: Bench, parts: list[Json], grant: Json | None, *, bound: list[Json] | None = None
) -> dict[str, str]:
    """What the receipt of an offer with these parts refuses: reasons by category."""
    referral = bench.referral()
    named = {"grantId": grant["grantId"]} if grant else {}
    if grant:
        grant["referralId"] = referral.referral_id
        parts = [part("grant", grant), *parts]
    items = [{"number": 1, "wish": "now"}]
    entry = referral.entry("offer", [*parts, *(bound or [])], items=items, **named)
    token = referral.signed(entry)
    said = bench.taken(referral.envelope(referral.bundle([token], parts)))
    names = {part_digest(one): one["category"] for one in parts}
    return {names.get(one["digest"], "?"): one["reason"] for one in said.get("refused", [])}


def _expect(found: dict[str, str], wanted: dict[str, str]) -> None:
    if found != wanted:
        raise Failed(f"refused parts {spelled(wanted)}", found, by="GRNT-010")


@check("GRNT-010", "RCPT-004")
def granted_part_is_taken(bench: Bench) -> None:
    """What the grant names is not refused."""
    grant = bench.referral().grant(["age_band"])
    _expect(_refused(bench, [part("age_band", AGE)], grant), {})


@check("GRNT-010", "GRNT-011", "RCPT-004", negative=True)
def part_beyond_its_grant(bench: Bench) -> None:
    """A category that the grant does not name."""
    grant = bench.referral().grant(["language"])
    _expect(_refused(bench, [part("age_band", AGE)], grant), {"age_band": "beyond_grant"})


@check("GRNT-010", negative=True)
def part_without_a_grant(bench: Bench) -> None:
    """Nothing says that it may be held."""
    _expect(_refused(bench, [part("age_band", AGE)], None), {"age_band": "no_grant"})


@check("GRNT-010", negative=True)
def part_under_a_grant_that_is_over(bench: Bench) -> None:
    """The grant's end has come."""
    grant = bench.referral().grant(["age_band"], validUntil=moment(now() - timedelta(days=1)))
    _expect(_refused(bench, [part("age_band", AGE)], grant), {"age_band": "grant_expired"})


@check("GRNT-010", negative=True)
def identifier_before_acceptance(bench: Bench) -> None:
    """A name, before the target has accepted anything."""
    grant = bench.referral().grant(["name"])
    _expect(_refused(bench, [part("name", NAME)], grant), {"name": "before_acceptance"})


@check("GRNT-010", negative=True)
def part_that_does_not_match_its_schema(bench: Bench) -> None:
    """Content that its category does not have."""
    grant = bench.referral().grant(["age_band"])
    broken = part("age_band", {"stranger": 1})
    _expect(_refused(bench, [broken], grant), {"age_band": "invalid"})


@check("DLV-064", negative=True)
def part_that_no_entry_binds(bench: Bench) -> None:
    """It is listed as invalid, and the rest is taken."""
    referral = bench.referral()
    token, parts = referral.offer()
    loose = part("language", {"primary": "ne"})
    said = bench.taken(referral.envelope(referral.bundle([token], [*parts, loose])))
    found = {one["digest"]: one["reason"] for one in said.get("refused", [])}
    if found != {part_digest(loose): "invalid"}:
        raise Failed("the loose part alone, as invalid", said.get("refused"))


@check("PART-008", negative=True)
def salt_that_is_none(bench: Bench) -> None:
    """A salt of 16 bytes, and one that is not the only text for its 32 bytes."""
    referral = bench.referral()
    token, parts = referral.offer()
    for salt in ("A" * 22, "A" * 42 + "B"):
        wrong = {**parts[1], "salt": salt}
        envelope = referral.envelope(referral.bundle([token], [parts[0], wrong]))
        bench.refused(envelope, "INVALID_FIELD")


@check("DLV-061")
def part_that_comes_later_than_its_entry(bench: Bench) -> None:
    """The entry first, its parts in another envelope: they are judged then."""
    referral = bench.referral()
    token, parts = referral.offer()
    bench.taken(referral.envelope(referral.bundle([token])))
    said = bench.taken(referral.envelope(referral.bundle([], parts)))
    if said.get("refused"):
        raise Failed("both parts to be taken", said["refused"])
    if "ageBand" not in opened(bench, referral):
        raise Failed("the age band to be read", "nothing")


@check("DLV-062")
def refused_part_stops_nothing(bench: Bench) -> None:
    """One part is beyond the grant, the other is taken, and the log goes on."""
    referral = bench.referral()
    given = referral.grant(["age_band"])
    parts = [part("grant", given), part("language", {"primary": "ne"}), part("age_band", AGE)]
    said = give(bench, referral, "offer", parts, items=NOW, grantId=given["grantId"])
    if [one["reason"] for one in said.get("refused", [])] != ["beyond_grant"]:
        raise Failed("the language beyond the grant", said.get("refused"), by="GRNT-010")
    if "ageBand" not in opened(bench, referral):
        raise Failed("the age band to be read", "nothing")
    give(bench, referral, "remind")
