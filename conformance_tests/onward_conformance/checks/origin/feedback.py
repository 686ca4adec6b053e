"""What flows back from the destination: taken under its own grant, as far as she agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onward_conformance.cases import Case, accepted, granted, offered, outcome
from onward_conformance.check import Bench, check
from onward_conformance.jose import part_digest
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import identifier, part
from onward_conformance.results import Failed, spelled

RATED: Json = {
    "ratings": [{"domain": "safety", "rater": "survivor", "date": "2026-11-20", "value": 7}]
}


def _follow_up(case: Case, parts: list[Json], **changed: Any) -> dict[str, str]:
    """What the receipt of a follow-up with these parts refuses: reasons by category."""
    said = case.write("follow_up", parts, followUp="outcome_assessment", **changed)
    return _reasons(said, parts)


def _reasons(said: Json, parts: list[Json]) -> dict[str, str]:
    names = {part_digest(one): one["category"] for one in parts}
    return {names.get(one["digest"], "?"): one["reason"] for one in said.get("refused", [])}


def _expect(found: dict[str, str], wanted: dict[str, str], by: str = "GRNT-010") -> None:
    if found != wanted:
        raise Failed(f"refused parts {spelled(wanted)}", found, by=by)


@check("GRNT-010")
def outcome_is_taken(bench: Bench) -> None:
    """She agreed that outcomes flow back: what comes under the destination's grant is taken."""
    parts = outcome(case := accepted(bench))
    _expect(_follow_up(case, parts, grantId=granted(parts)), {})


@check("GRNT-010", "GRNT-011", negative=True)
def outcome_where_she_agreed_to_status_only(bench: Bench) -> None:
    """The destination sends more than she agreed to."""
    parts = outcome(case := accepted(bench, feedback="status_only"))
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "feedback"})


@check("GRNT-010", "GRNT-011", negative=True)
def outcome_where_she_agreed_to_nothing(bench: Bench) -> None:
    """The same, where not even the status was to flow."""
    parts = outcome(case := accepted(bench, feedback="nothing"))
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "feedback"})


@check("GRNT-010", negative=True)
def feedback_of_a_category_that_never_flows_back(bench: Bench) -> None:
    """A name is not marked for feedback."""
    case = accepted(bench)
    grant = case.referral.grant(["name"])
    parts = [part("grant", grant), part("name", {"firstName": "Conformance"})]
    _expect(_follow_up(case, parts, grantId=grant["grantId"]), {"name": "feedback"})


@check("GRNT-010", negative=True)
def outcome_without_a_grant(bench: Bench) -> None:
    """Nothing says what the origin may do with it."""
    case = accepted(bench)
    _expect(_follow_up(case, [part("outcomes", RATED)]), {"outcomes": "no_grant"})


@check("GRNT-010", negative=True)
def outcome_beyond_its_grant(bench: Bench) -> None:
    """The destination's grant does not name it."""
    case = accepted(bench)
    grant = case.referral.grant(["service_history"])
    parts = [part("grant", grant), part("outcomes", RATED)]
    _expect(_follow_up(case, parts, grantId=grant["grantId"]), {"outcomes": "beyond_grant"})


@check("GRNT-010", negative=True)
def outcome_under_a_grant_that_is_over(bench: Bench) -> None:
    """Its end has come."""
    case = accepted(bench)
    parts = outcome(case, validUntil=moment(now() - timedelta(hours=1)))
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "grant_expired"})


@check("GRNT-010", negative=True)
def outcome_under_a_grant_for_another(bench: Bench) -> None:
    """It names another agency as the one that may hold it."""
    parts = outcome(case := accepted(bench), grantee=bench.cast.second.name)
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "no_grant"})


@check("GRNT-010", negative=True)
def outcome_under_a_grant_of_another_referral(bench: Bench) -> None:
    """What was granted elsewhere does not count here."""
    parts = outcome(case := accepted(bench), referralId=identifier())
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "no_grant"})


@check("GRNT-010", negative=True)
def outcome_under_the_grant_of_the_origin(bench: Bench) -> None:
    """The origin's own grant is not the destination's to give."""
    case = accepted(bench)
    found = _follow_up(case, [part("outcomes", RATED)], grantId=case.offered["grantId"])
    _expect(found, {"outcomes": "no_grant"})


@check("GRNT-010", negative=True)
def outcome_that_is_none(bench: Bench) -> None:
    """Its content does not match its category."""
    case = accepted(bench)
    parts = [outcome(case)[0], part("outcomes", {"stranger": 1})]
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "invalid"})


@check("PART-004", negative=True)
def part_of_an_act_that_brings_none_at_the_origin(bench: Bench) -> None:
    """An acknowledgement has no content."""
    case = offered(bench)
    parts = outcome(case)
    said = case.write("acknowledge", parts, grantId=granted(parts))
    wanted = {"grant": "disallowed", "outcomes": "disallowed"}
    _expect(_reasons(said, parts), wanted, "PART-004")


@check("GRNT-010", "FOLD-007", negative=True)
def part_of_an_act_that_was_not_allowed(bench: Bench) -> None:
    """A follow-up before anything was accepted: it is stored, and its parts are refused."""
    parts = outcome(case := offered(bench))
    found = _follow_up(case, parts, grantId=granted(parts))
    _expect(found, {"grant": "disallowed", "outcomes": "disallowed"})


@check("DLV-064", negative=True)
def part_that_nobody_bound(bench: Bench) -> None:
    """A part that no entry of the destination names."""
    case = accepted(bench)
    loose = part("outcomes", RATED)
    said = case.deliver([case.referral.write("opened", opened=_offered(case))], [loose])
    if [one["reason"] for one in said.get("refused", [])] != ["invalid"]:
        raise Failed("the loose part as invalid", said.get("refused"))


def _offered(case: Case) -> list[str]:
    return [one["digest"] for one in case.offered["parts"]]


@check("DLV-064", negative=True)
def part_of_the_origin_itself(bench: Bench) -> None:
    """A part that the target sent is not the destination's to send back."""
    case = accepted(bench)
    sent = next(one for one in case.referral.parts if one["category"] != "grant")
    said = case.deliver([case.referral.write("opened", opened=_offered(case))], [sent])
    if [one["reason"] for one in said.get("refused", [])] != ["invalid"]:
        raise Failed("the part as invalid", said.get("refused"))


@check("DLV-065", negative=True)
def refusal_stands_in_the_next_entry_at_the_origin(bench: Bench) -> None:
    """What the target refused, and why, is in its own log: the next entry names it."""
    case = accepted(bench, feedback="status_only")
    parts = outcome(case)
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "feedback"})
    case.ask("Remind")
    named = case.came("remind").get("refused", [])
    if named != [{"digest": part_digest(parts[1]), "reason": "feedback"}]:
        raise Failed("the refused outcome, as feedback", named)


@check("DLV-060", negative=True)
def refused_part_comes_again(bench: Bench) -> None:
    """An outcome of a part is final: the second time it is refused for the same reason."""
    case = accepted(bench, feedback="status_only")
    parts = outcome(case)
    _expect(_follow_up(case, parts, grantId=granted(parts)), {"outcomes": "feedback"})
    case.newer(feedback="status_and_outcome")
    case.disclose({"name": {"firstName": "Sample"}})
    said = bench.taken(case.referral.envelope(case.referral.bundle([], parts)))
    _expect(_reasons(said, parts), {"outcomes": "feedback"}, "DLV-060")


@check("GRNT-014", "GRNT-010", negative=True)
def outcome_after_it_was_taken_back(bench: Bench) -> None:
    """She has taken outcomes back: what comes under the old grant after that is refused."""
    case = accepted(bench)
    case.withdraw("outcomes")
    case.came("withdraw")
    parts = outcome(case)
    found = _follow_up(case, parts, grantId=granted(parts))
    _expect(found, {"outcomes": "withdrawn"}, "GRNT-014")


@check("GRNT-013", negative=True)
def outcome_that_crossed_her_withdrawal(bench: Bench) -> None:
    """It was on its way when she took it back: it is refused, in the receipt and in no entry."""
    case = accepted(bench)
    before = case.referral.seen
    case.withdraw("outcomes")
    case.came("withdraw")
    parts = outcome(case)
    found = _follow_up(case, parts, grantId=granted(parts), seen=before)
    _expect(found, {"outcomes": "withdrawn"}, "GRNT-013")
    case.ask("Remind")
    if named := case.came("remind").get("refused"):
        raise Failed("no refusal in an entry", named, by="GRNT-013")
