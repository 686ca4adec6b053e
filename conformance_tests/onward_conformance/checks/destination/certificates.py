"""Destruction after a withdrawal, and the certificate that says so."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.withdrawn import ALL, some, unreadable
from onward_conformance.jose import digest, part_digest
from onward_conformance.network import Json, moment, now
from onward_conformance.oracle import moment as read, readable
from onward_conformance.referral import Referral, part
from onward_conformance.results import Failed
from onward_conformance.road import (
    NAME,
    accepted,
    acknowledged,
    act,
    disclose,
    disclosed,
    expect,
    give,
    offered,
    outcome,
    part_states,
    refuses,
    shown,
)
from onward_conformance.shape import registries

SLOW = timedelta(minutes=5)
"""So far clocks may differ."""


def certified(bench: Bench, referral: Referral, token: str, *, by: str = "WDRW-005") -> Json:
    """The target's certificate of a withdrawal, waited for."""

    def look() -> Json | None:
        for one in referral.came:
            if one.get("certificate", {}).get("withdrawal") == digest(token):
                found: Json = one["certificate"]
                return found
        return None

    return bench.until("a certificate of the withdrawal", look, by=by)


def own(referral: Referral, token: str, **more: object) -> str:
    """The suite's own certificate of a withdrawal, to be delivered."""
    here = now()
    said = {
        "withdrawal": digest(token), "destroyedAt": moment(here),
        "copiesUntil": moment(here + timedelta(days=7)),
    } | more  # fmt: skip
    return referral.write("erased", certificate=said)


@check("WDRW-005", "FOLD-022", "FOLD-021", "ERAS-037")
def what_was_withdrawn_is_destroyed(bench: Bench) -> None:
    """The delay passes, and the certificate comes without anybody asking for it."""
    referral = offered(bench)
    give(bench, referral, "withdraw", **ALL)
    unreadable(bench, referral)
    certified(bench, referral, referral.log[-1])


@check("ERAS-004", "WDRW-005")
def certificate_names_what_was_destroyed(bench: Bench) -> None:
    """Everything was withdrawn: all that was held is named."""
    referral = accepted(bench)
    parts = disclose(bench, referral, "name")
    give(bench, referral, "withdraw", **ALL)
    unreadable(bench, referral)
    said = certified(bench, referral, referral.log[-1])
    wanted = {ref["digest"] for ref in _first(referral)} | {part_digest(one) for one in parts}
    if set(said.get("destroyed", [])) != wanted:
        raise Failed(f"{len(wanted)} digests of what was held", said.get("destroyed"))


def _first(referral: Referral) -> list[Json]:
    found: list[Json] = readable(referral.log[0])["parts"]
    return found


@check("ERAS-004", "WDRW-009", negative=True)
def certificate_of_some_names_no_more(bench: Bench) -> None:
    """The name was withdrawn, and nothing else is destroyed."""
    referral = accepted(bench)
    _, name, _ = disclose(bench, referral, "name", "nationality")
    give(bench, referral, "withdraw", **some("name"))
    unreadable(bench, referral, "name")
    said = certified(bench, referral, referral.log[-1])
    if said.get("destroyed") != [part_digest(name)]:
        raise Failed("the name's digest alone", said.get("destroyed"))


@check("ERAS-004", negative=True)
def certificate_names_nothing_that_never_came(bench: Bench) -> None:
    """A part whose entry came without it was never held: it is not named."""
    referral = accepted(bench)
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", NAME)]
    token = referral.write("disclose", parts, grantId=given["grantId"])
    bench.taken(referral.envelope(referral.bundle([token], parts[:1])))
    give(bench, referral, "withdraw", **some("name"))
    said = certified(bench, referral, referral.log[-1])
    if said.get("destroyed"):
        raise Failed("no digest, since nothing was held", said["destroyed"])


@check("ERAS-005", "ERAS-006")
def certificate_says_when(bench: Bench) -> None:
    """The moment of destruction lies between the withdrawal and now, and before the last copy's."""
    referral = offered(bench)
    began = now()
    give(bench, referral, "withdraw", **ALL)
    unreadable(bench, referral)
    said = certified(bench, referral, referral.log[-1])
    at, until = read(said["destroyedAt"]), read(said["copiesUntil"])
    if not began - SLOW <= at <= now() + SLOW:
        raise Failed("a moment since the withdrawal", said["destroyedAt"])
    if until < at:
        raise Failed("copiesUntil not before destroyedAt", said["copiesUntil"], by="ERAS-006")


@check("FOLD-022", "ERAS-002")
def each_withdrawal_has_its_certificate(bench: Bench) -> None:
    """The name first, then all the rest: two certificates."""
    referral = disclosed(bench, "name", "nationality")
    give(bench, referral, "withdraw", **some("name"))
    give(bench, referral, "withdraw", **ALL)
    unreadable(bench, referral)
    for token in referral.log[-2:]:
        certified(bench, referral, token, by="FOLD-022")


@check("WDRW-018", "FOLD-022")
def invalidation_is_certified(bench: Bench) -> None:
    """Also who was told about the wrong person says that it is gone."""
    referral = disclosed(bench)
    give(bench, referral, "invalidate")
    unreadable(bench, referral, by="WDRW-018")
    certified(bench, referral, referral.log[-1], by="FOLD-022")


@check("ERAS-002", negative=True)
def what_is_agreed_anew_is_not_destroyed_along(bench: Bench) -> None:
    """New content of the same category stays, when what was withdrawn before it is destroyed."""
    referral = disclosed(bench)
    give(bench, referral, "withdraw", **some("name"))
    token = referral.log[-1]
    disclose(bench, referral, "name")
    certified(bench, referral, token)
    said = bench.act("Referrals.Open", {"referralId": referral.referral_id})
    if "name" not in said.get("record", {}):
        raise Failed("the new name to be readable", "it is gone")


@check("ERAS-010", negative=True)
def nothing_to_certify(bench: Bench) -> None:
    """Nobody has withdrawn anything: a person who asks for destruction is refused."""
    refuses(bench, disclosed(bench), "Erase", "STATE_CONFLICT")


@check("FOLD-021", negative=True)
def certificate_of_no_withdrawal(bench: Bench) -> None:
    """The origin certifies what nobody has withdrawn."""
    referral = disclosed(bench)
    token = own(referral, referral.log[0])
    bench.taken(referral.envelope(referral.bundle([token])))
    if outcome(bench, referral, token) != "disallowed":
        raise Failed("the certificate to be disallowed", outcome(bench, referral, token))


@check("ERAS-021", "ERAS-020", negative=True)
def certificate_twice(bench: Bench) -> None:
    """The origin certifies the same again, and adds nothing."""
    referral = offered(bench)
    give(bench, referral, "withdraw", **ALL)
    withdrawal = referral.log[-1]
    tokens = [own(referral, withdrawal), own(referral, withdrawal)]
    bench.taken(referral.envelope(referral.bundle(tokens)))
    found = [outcome(bench, referral, one) for one in tokens]
    if found != ["counted", "disallowed"]:
        raise Failed("the first counted, the second disallowed", found)


@check("ERAS-022", negative=True)
def what_a_side_keeps_is_not_erased(bench: Bench) -> None:
    """Both have certified, and the origin keeps the name by a law: it is not erased."""
    referral = accepted(bench)
    parts = disclose(bench, referral, "name", "nationality")
    give(bench, referral, "withdraw", **some("name", "nationality"))
    withdrawal = referral.log[-1]
    certified(bench, referral, withdrawal)
    law, until = min(registries()["keeping_law"]), moment(now() + timedelta(days=30))
    kept = {"category": "name", "law": law, "country": "NP", "until": until}
    token = own(referral, withdrawal, kept=[kept])
    bench.taken(referral.envelope(referral.bundle([token])))
    found = part_states(shown(bench, referral), parts)
    if (found["name"], found["nationality"]) != ("withdrawn", "erased"):
        raise Failed("the name withdrawn, and nationality erased", found)


@check("FOLD-022", negative=True)
def one_certificate_is_not_enough(bench: Bench) -> None:
    """The target has certified, and the origin has not: what was withdrawn is not erased yet."""
    referral = accepted(bench)
    parts = disclose(bench, referral, "name")
    give(bench, referral, "withdraw", **some("name"))
    certified(bench, referral, referral.log[-1])
    found = part_states(shown(bench, referral), parts)
    if found["name"] != "withdrawn":
        raise Failed("the name withdrawn until both have certified", found)


@check("WDRW-005", "ERAS-041", "LOC-015")
def she_confirms_and_it_is_destroyed_at_once(bench: Bench) -> None:
    """A withdrawal by a person at the target, to be destroyed at once: it is certified."""
    referral = disclosed(bench)
    said = act(bench, referral, "Withdraw", **ALL, destroyNow=True)
    unreadable(bench, referral)
    certified(bench, referral, referral.theirs[said["seq"] - 1])


@check("ERAS-009", "FOLD-001", negative=True)
def log_goes_on_without_its_parts(bench: Bench) -> None:
    """Everything was destroyed: entries that come later still find their place."""
    referral = acknowledged(bench)
    give(bench, referral, "withdraw", **ALL)
    certified(bench, referral, referral.log[-1])
    give(bench, referral, "complaint", complaint="poor_quality")
    expect(bench, referral, "resting/withdrawn")
