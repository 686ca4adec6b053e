"""What crosses a withdrawal on its way, and a withdrawal that a person at the target records."""

from __future__ import annotations

from onward_conformance.cases import told_since
from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.certificates import certified
from onward_conformance.checks.destination.withdrawn import ALL, readable, some, unreadable
from onward_conformance.jose import part_digest
from onward_conformance.network import Json
from onward_conformance.oracle import readable as signed
from onward_conformance.peer import Arrival, Hung
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
    states,
)


def _disclosure(referral: Referral, **changed: object) -> tuple[str, list[Json]]:
    """A name under its grant, to be delivered."""
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", NAME)]
    return referral.write("disclose", parts, grantId=given["grantId"], **changed), parts


def _reasons(said: Json, parts: list[Json]) -> dict[str, str]:
    names = {part_digest(one): one["category"] for one in parts}
    return {names.get(one["digest"], "?"): one["reason"] for one in said.get("refused", [])}


@check("GRNT-013", "GRNT-010", "WDRW-003", negative=True)
def disclosure_that_crosses_her_withdrawal(bench: Bench) -> None:
    """She withdraws at the target while a name is on its way: it is withdrawn as it comes."""
    referral = accepted(bench)
    before = referral.seen
    act(bench, referral, "Withdraw", **some("name"))
    token, parts = _disclosure(referral, seen=before)
    said = bench.taken(referral.envelope(referral.bundle([token], parts)))
    found = part_states(shown(bench, referral), parts)["name"]
    if found != "withdrawn":
        raise Failed("the name withdrawn", found, by="WDRW-003")
    unreadable(bench, referral, "name", by="WDRW-003")
    if _reasons(said, parts) != {"name": "withdrawn"}:
        raise Failed("the name listed as withdrawn", said.get("refused"), by="GRNT-013")
    seen = len(referral.came)
    act(bench, referral, "Progress", items=states("in_delivery"))
    told = [one for each in referral.came[seen:] for one in each.get("refused", [])]
    if told:
        raise Failed("nothing in an entry, since the logs say it", told, by="GRNT-013")


@check("GRNT-013", "DLV-061", "WDRW-003", negative=True)
def part_that_comes_after_its_withdrawal(bench: Bench) -> None:
    """The entry came, then a withdrawal, and then the part: none of it is taken."""
    referral = accepted(bench)
    token, parts = _disclosure(referral)
    bench.taken(referral.envelope(referral.bundle([token], parts[:1])))
    give(bench, referral, "withdraw", **some("name"))
    said = bench.taken(referral.envelope(referral.bundle([], parts[1:])))
    unreadable(bench, referral, "name", by="WDRW-003")
    if _reasons(said, parts) != {"name": "withdrawn"}:
        raise Failed("the name listed as withdrawn", said.get("refused"), by="GRNT-013")


@check("GRNT-013", "DLV-061", "WDRW-003", negative=True)
def part_that_comes_after_its_certificate(bench: Bench) -> None:
    """The part was still on its way when the withdrawal of it was certified: all the same."""
    referral = accepted(bench)
    token, parts = _disclosure(referral)
    bench.taken(referral.envelope(referral.bundle([token], parts[:1])))
    given = referral.write("withdraw", **some("name"))
    bench.taken(referral.envelope(referral.bundle([given])))
    certified(bench, referral, given)
    said = bench.taken(referral.envelope(referral.bundle([], parts[1:])))
    unreadable(bench, referral, "name", by="WDRW-003")
    if _reasons(said, parts) != {"name": "withdrawn"}:
        raise Failed("the name listed as withdrawn", said.get("refused"), by="GRNT-013")


@check("FOLD-009", negative=True)
def feedback_that_crosses_a_withdrawal(bench: Bench) -> None:
    """What the target learnt crosses a withdrawal of the origin: it is bound as withdrawn."""
    referral = accepted(bench)
    before = referral.seen
    act(bench, referral, "FollowUp", followUp="home_visit", record={"outcomes": OUTCOME})
    give(bench, referral, "withdraw", **some("outcomes"), seen=before)
    said = shown(bench, referral)["parts"]
    found = [one["state"] for one in said if one["category"] == "outcomes"]
    if found not in (["withdrawn"], ["erased"]):
        raise Failed("the outcomes to be bound as withdrawn", found)


@check("WDRW-003", "DLV-061", negative=True)
def withdrawal_in_the_same_envelope(bench: Bench) -> None:
    """A disclosure and its withdrawal in one envelope: parts are judged after all the entries."""
    referral = accepted(bench)
    token, parts = _disclosure(referral)
    withdrawal = referral.write("withdraw", **some("name"))
    bench.taken(referral.envelope(referral.bundle([token, withdrawal], parts)))
    unreadable(bench, referral, "name")


@check("WDRW-003", "WDRW-004", "WDRW-001", negative=True)
def she_withdraws_at_the_target(bench: Bench) -> None:
    """A person at the target records that she takes everything back."""
    referral = disclosed(bench)
    said = act(bench, referral, "Withdraw", **ALL)
    if not said.get("withdrawal", {}).get("everything"):
        raise Failed("a withdrawal of everything", said.get("withdrawal"), by="ENT-002")
    unreadable(bench, referral)
    expect(bench, referral, "resting/withdrawn")
    certified(bench, referral, referral.theirs[said["seq"] - 1])


@check("WDRW-001", "FOLD-020", negative=True)
def she_withdraws_in_any_state(bench: Bench) -> None:
    """Before a decision, and long after everything has ended."""
    act(bench, offered(bench), "Withdraw", **ALL)
    referral = acknowledged(bench)
    reason = "no_capacity"
    declined = [{"number": 1, "state": "declined_by_agency", "reason": reason}]
    act(bench, referral, "Decide", items=declined)
    act(bench, referral, "Withdraw", **ALL)
    act(bench, referral, "Withdraw", **some("age_band"))


@check("WDRW-001", "LOC-015", "ACT-013")
def she_withdraws_on_an_old_screen(bench: Bench) -> None:
    """The referral has moved since the person looked: a withdrawal does not mind."""
    referral = disclosed(bench)
    old = {"origin": {"seq": 1, "hash": "A" * 43}, "destination": {}}
    act(bench, referral, "Withdraw", **ALL, write={"expectedHeads": old})


@check("DLV-057", "DLV-056", "DLV-058", negative=True)
def withdrawal_carries_what_came_before_it(bench: Bench) -> None:
    """The suite was away: the envelope with the withdrawal holds every entry, and no other part."""
    referral = disclosed(bench)
    away = _away(bench, referral)
    request = {"referralId": referral.referral_id}
    bench.act(
        "Referrals.FollowUp", {**request, "followUp": "home_visit", "record": {"outcomes": OUTCOME}}
    )
    bench.act("Referrals.Withdraw", {**request, **some("name")})

    def tried() -> list[Arrival]:
        of_it = (one for one in bench.peer.arrivals if one.bundle)
        theirs = (one for one in of_it if one.bundle.get("referralId") == referral.referral_id)
        return [one for one in theirs if carries(one, "withdraw")]

    def mine() -> list[Arrival]:
        return [one for one in tried() if one.result]

    # Else what went before it could still be under way, and arrive alone.
    bench.until("a try to send the withdrawal", tried, by="DLV-056")
    away.clear()
    # It may also go ahead alone: what counts is the one that nothing is missing before.
    bench.until(
        "an envelope with the withdrawal and the entry before it",
        lambda: any(carries(one, "follow_up") for one in mine()),
        by="DLV-057",
    )
    if any(one.bundle.get("parts") for one in mine()):
        raise Failed("no part in an envelope of the withdrawal", "there is one")

    def outcomes() -> bool:
        return any(one["category"] == "outcomes" for one in referral.parts)

    bench.until("the outcomes in a later envelope", outcomes, by="DLV-058")


OUTCOME: Json = {
    "ratings": [{"domain": "housing", "rater": "survivor", "date": "2026-01-05", "value": 7}]
}


def _away(bench: Bench, referral: Referral) -> set[str]:
    """The suite's agency answers nothing in this referral, as long as the set is not empty."""
    away = {referral.referral_id}

    def manner(_: Arrival, result: Json) -> Json:
        if away:
            raise Hung
        return result

    bench.peer.manners[referral.referral_id] = manner
    return away


def carries(arrival: Arrival, kind: str) -> bool:
    """Whether an envelope of the target holds an entry of this kind."""
    return any(signed(one)["kind"] == kind for one in arrival.bundle.get("entries", []))


@check("WDRW-014", "DLV-058", negative=True)
def own_part_that_was_withdrawn_is_never_sent(bench: Bench) -> None:
    """What the target learnt waits to be sent, and she takes it back: it never leaves."""
    referral = disclosed(bench)
    away = _away(bench, referral)
    request = {"referralId": referral.referral_id}
    bench.act(
        "Referrals.FollowUp", {**request, "followUp": "home_visit", "record": {"outcomes": OUTCOME}}
    )
    bench.act("Referrals.Withdraw", {**request, **ALL})
    away.clear()
    said = bench.came(referral, "withdraw", by="DLV-055")
    certified(bench, referral, referral.theirs[said["seq"] - 1])
    if told := told_since(bench, referral, "withdraw"):
        raise Failed("nothing of it to be sent after the withdrawal", sorted(told))


@check("WDRW-042", "ACT-001", negative=True)
def no_content_behind_an_unstored_withdrawal(bench: Bench) -> None:
    """A withdrawal of everything waits behind a gap: the target writes no content meanwhile."""
    referral = disclosed(bench)
    referral.write("remind")
    token = referral.write("withdraw", **ALL)
    bench.refused(referral.envelope(referral.bundle([token])), "GAP")
    refuses(
        bench, referral, "FollowUp", "STATE_CONFLICT", followUp="home_visit",
        record={"outcomes": OUTCOME},
    )  # fmt: skip


@check("FOLD-027", negative=True)
def no_reopening_after_everything_was_withdrawn(bench: Bench) -> None:
    """After a withdrawal of everything the way back is a new offer."""
    referral = offered(bench)
    give(bench, referral, "withdraw", **ALL)
    token = referral.write("reopen", items=[{"number": 1, "wish": "now"}])
    bench.taken(referral.envelope(referral.bundle([token])))
    if outcome(bench, referral, token) != "disallowed":
        raise Failed("the reopening to be disallowed", outcome(bench, referral, token))
    expect(bench, referral, "resting/withdrawn")


@check("GRNT-022", "WDRW-004", negative=True)
def withdrawn_part_asked_for_by_its_digest(bench: Bench) -> None:
    """A person names the part that was withdrawn: it is refused."""
    referral = accepted(bench)
    _, name = disclose(bench, referral, "name")
    give(bench, referral, "withdraw", **some("name"))
    if "name" in readable(bench, referral):
        raise Failed("nothing to be read", "the name", by="WDRW-003")
    # The certificate may be written meanwhile: not `refuses`, which counts entries.
    asked = {"referralId": referral.referral_id, "opened": [part_digest(name)]}
    bench.act_refused("Referrals.Open", asked, "PART_GONE")
