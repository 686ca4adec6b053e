"""Certificates come up, as their holders signed them; until then the holders are waited for."""

from __future__ import annotations

import time
from typing import Any

from onward_conformance.cases import Case, certified, erase
from onward_conformance.check import Bench, check
from onward_conformance.checks.forwarder.road import (
    certificate,
    passed_on,
    received,
    taken_back,
)
from onward_conformance.jose import digest
from onward_conformance.network import Json
from onward_conformance.referral import Referral
from onward_conformance.results import Failed, spelled

LARGE = ".".join(["A" * 20, "B" * 54_000, "C" * 86])
"""A token. An envelope takes one entry that names it, and not an entry with two such entries."""


def _certified(bench: Bench, source: Referral, **scope: Any) -> Json:
    """Taken back at the first agency, and certified by the target."""
    taken_back(bench, source, **scope)
    said: Json = certified(bench, source)["certificate"]
    return said


def _relay(case: Case) -> str:
    """The hash of the relayed withdrawal."""
    case.came("withdraw")
    number = case.referral.kinds().index("withdraw")
    return digest(case.referral.theirs[number])


def _again(bench: Bench, source: Referral) -> Json:
    """The target's further certificate to the first agency."""

    def look() -> Json | None:
        found = [one for one in source.came if one["kind"] == "erased"]
        return found[1]["certificate"] if len(found) > 1 else None

    return bench.until("a further certificate", look, by="ERAS-024")


@check("ERAS-023", negative=True)
def certificate_waits_for_the_second(bench: Bench) -> None:
    """The target has destroyed its own, and says for whom it waits."""
    source = received(bench)
    case = passed_on(bench, source)
    said = _certified(bench, source)
    if said.get("awaits") != [case.referral.author.name] or said.get("further"):
        raise Failed(f"to wait for {case.referral.author.name}", said.get("awaits"))


@check("ERAS-023", negative=True)
def certificate_waits_for_nobody(bench: Bench) -> None:
    """Nothing was passed on: nobody is waited for."""
    said = _certified(bench, received(bench))
    if said.get("awaits") or said.get("further"):
        raise Failed("no other holder", said.get("awaits"))


@check("ERAS-024")
def certificate_of_the_second_comes_up(bench: Bench) -> None:
    """As the second agency signed it, in a further certificate that waits for nobody."""
    source = received(bench)
    case = passed_on(bench, source)
    _certified(bench, source)
    case.write("erased", certificate=certificate(_relay(case)))
    said = _again(bench, source)
    if said.get("further") != [case.referral.log[-1]]:
        raise Failed("the second agency's entry, as it signed it", said.get("further"))
    if said.get("awaits"):
        raise Failed("nobody to wait for", said["awaits"], by="ERAS-023")


@check("ERAS-024", "ERAS-023")
def certificate_of_the_second_that_came_first(bench: Bench) -> None:
    """The second agency was quicker: its certificate stands in the target's first."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source)
    case.write("erased", certificate=certificate(_relay(case)))
    certified(bench, source)

    def look() -> bool | None:
        said = [one["certificate"] for one in source.came if one["kind"] == "erased"]
        told = [token for one in said for token in one.get("further", [])]
        return (told == [case.referral.log[-1]] and not said[-1].get("awaits")) or None

    bench.until("the second agency's entry, and nobody to wait for", look, by="ERAS-024")


@check("ERAS-025")
def certificates_that_no_envelope_takes_together(bench: Bench) -> None:
    """Two that are large come from further down: the target tells one, and the other after it."""
    source = received(bench)
    cases = [passed_on(bench, source), passed_on(bench, source)]
    taken_back(bench, source)
    for case in cases:
        case.write("erased", certificate=certificate(_relay(case), further=[LARGE]))
    wanted = {case.referral.log[-1] for case in cases}

    def look() -> bool | None:
        said = [one["certificate"] for one in source.came if one["kind"] == "erased"]
        return wanted <= {token for one in said for token in one.get("further", [])} or None

    bench.until("both certificates", look, by="ERAS-025")


@check("ERAS-005", negative=True)
def further_certificate_of_the_first_of_two(bench: Bench) -> None:
    """Two withdrawals were certified one after the other. What follows for the first one says when
    that was destroyed, and not when the other was."""
    source = received(bench)
    case = passed_on(bench, source)
    first = _certified(bench, source, categories=["name"])
    relayed = _relay(case)
    time.sleep(1.1)
    second = taken_back(bench, source, categories=["contact_safe"])
    erase(bench, source.referral_id)
    bench.until("the second certificate", lambda: _says(source, second), by="FOLD-022")
    case.write("erased", certificate=certificate(relayed))
    after = bench.until(
        "a further certificate",
        lambda: _says(source, first["withdrawal"], 2),
        by="ERAS-024",
    )
    for name in ("destroyedAt", "copiesUntil"):
        if after[-1][name] != first[name]:
            raise Failed(f"{name} {spelled(first[name])}", after[-1][name])


def _says(source: Referral, withdrawal: str, count: int = 1) -> list[Json] | None:
    """The target's certificates of one withdrawal, once there are so many."""
    said = [one["certificate"] for one in source.came if one["kind"] == "erased"]
    found = [one for one in said if one["withdrawal"] == withdrawal]
    return found if len(found) >= count else None


@check("ERAS-023", "FOLD-021", negative=True)
def certificate_of_the_second_for_something_else(bench: Bench) -> None:
    """It certifies a withdrawal that is not there: it is still waited for."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source)
    case.came("withdraw")
    case.write("erased", certificate=certificate(digest("another.entry.text")))
    said = certified(bench, source)["certificate"]
    if said.get("awaits") != [case.referral.author.name] or said.get("further"):
        raise Failed("to wait on", f"{spelled(said.get('awaits'))}, {spelled(said.get('further'))}")


@check("ERAS-023", negative=True)
def second_that_keeps_something_is_waited_for(bench: Bench) -> None:
    """A law obliges it to keep the name: it goes up, and the target waits on."""
    source = received(bench)
    case = passed_on(bench, source)
    _certified(bench, source)
    kept = {"category": "name", "law": "legal_hold", "country": "NP",
            "until": "2030-01-01T00:00:00Z"}  # fmt: skip
    case.write("erased", certificate=certificate(_relay(case), kept=[kept]))
    said = _again(bench, source)
    if said.get("awaits") != [case.referral.author.name]:
        raise Failed("to wait on", said.get("awaits"))


@check("ERAS-023", negative=True)
def second_that_waits_for_a_third(bench: Bench) -> None:
    """It has passed it on itself: the one that it waits for is waited for here, too."""
    source = received(bench)
    case = passed_on(bench, source)
    _certified(bench, source)
    third = bench.cast.unaccepted.name
    case.write("erased", certificate=certificate(_relay(case), awaits=[third]))
    said = _again(bench, source)
    if said.get("awaits") != [third]:
        raise Failed(f"to wait for {spelled(third)}", said.get("awaits"))


@check("ERAS-021", negative=True)
def same_certificate_twice_adds_nothing(bench: Bench) -> None:
    """The second agency certifies once more: the first is not told the same again."""
    source = received(bench)
    case = passed_on(bench, source)
    _certified(bench, source)
    name = _relay(case)
    case.write("erased", certificate=certificate(name))
    _again(bench, source)
    case.write("erased", certificate=certificate(name))
    bench.act("Referrals.Alert", {"referralId": source.referral_id, "alert": "missing"})
    bench.came(source, "alert")
    times = [one["kind"] for one in source.came].count("erased")
    if times != 2:
        raise Failed("two certificates", times)
