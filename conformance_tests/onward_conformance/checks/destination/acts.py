"""What a destination writes: its own entries, in the order of the road."""

from __future__ import annotations

import json

from onward_conformance.cases import plain
from onward_conformance.check import Bench, check
from onward_conformance.jose import digest, part_digest
from onward_conformance.referral import part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import (
    NAME,
    accepted,
    acknowledged,
    act,
    active,
    disclose,
    expect,
    give,
    offered,
    opened,
    states,
)

PERSON = "canary-login"


def _says(entry: dict[str, object], **wanted: object) -> None:
    """The entry must say this."""
    for name, one in wanted.items():
        if entry.get(name) != one:
            raise Failed(f"{name} {spelled(one)}", entry.get(name), by="ENT-002")


@check("ENT-008", "ENT-003", "KEY-001", "ENV-012", "ENV-004")
def acknowledgement_reaches_the_origin(bench: Bench) -> None:
    """What a person at the target acknowledges reaches the origin, signed and sealed."""
    said = act(bench, offered(bench), "Acknowledge")
    if said["seen"].get("seq") != 1:
        raise Failed("seen of the offer", said["seen"], by="ENT-003")


@check("ENT-003")
def what_has_come_is_seen(bench: Bench) -> None:
    """An entry has seen all that its node had receipted, and names its hash."""
    referral = offered(bench)
    for _ in range(2):
        give(bench, referral, "remind")
    said = act(bench, referral, "Acknowledge")
    if said["seen"] != {"seq": 3, "hash": digest(referral.log[-1])}:
        raise Failed("seen of the third entry", said["seen"])


@check("RCPT-003")
def own_head_in_a_receipt(bench: Bench) -> None:
    """After an act of the target, the receipt of what comes next names its head."""
    referral = acknowledged(bench)
    head = give(bench, referral, "remind").get("heads", {}).get("destination")
    if head != referral.seen:
        raise Failed(f"{spelled(referral.seen)} as the destination's head", head)


@check("GRNT-010")
def disclosure_after_acceptance_is_opened(bench: Bench) -> None:
    """Content that comes after the acceptance, within its grant, is taken and can be opened."""
    referral = accepted(bench)
    _, name = disclose(bench, referral, "name")
    found = opened(bench, referral)
    if found.get("name") != NAME:
        raise Failed("the name as it was sent", "another", by="GRNT-022")
    said = bench.came(referral, "opened")
    if part_digest(name) not in said.get("opened", []):
        raise Failed("the name's digest in opened", said.get("opened"), by="FOLD-019")


@check("FOLD-019", negative=True)
def reading_names_the_origins_parts_only(bench: Bench) -> None:
    """What a person has read is told by digests, and each is one of the origin's."""
    referral = accepted(bench)
    parts = disclose(bench, referral, "name")
    opened(bench, referral)
    named = set(bench.came(referral, "opened").get("opened", []))
    grant = part_digest(parts[0])
    if not named or grant in named or len(named) != 2:
        raise Failed("the age band and the name", f"{len(named)} digests")


@check("ENT-002", "FOLD-011")
def decision_item_by_item(bench: Bench) -> None:
    """Three items, of which one is accepted, one declined with its reason, and one waits."""
    referral = acknowledged(bench, "now", "now", "now")
    items = states("accepted", "declined_by_agency", "waitlisted")
    items[1]["reason"] = "no_capacity"
    _says(act(bench, referral, "Decide", items=items), items=items)
    expect(bench, referral, "accepted", "now accepted, now declined_by_agency, now waitlisted")


@check("ENT-002")
def decline_of_all(bench: Bench) -> None:
    """Everything is declined: it rests, and the origin reads why."""
    referral = acknowledged(bench)
    items = [{"number": 1, "state": "declined_by_agency", "reason": "no_capacity"}]
    _says(act(bench, referral, "Decide", items=items), items=items)
    expect(bench, referral, "resting/declined")


@check("ENT-002", "FOLD-032")
def question_and_answer(bench: Bench) -> None:
    """The target asks, the origin answers, and no question is open any more."""
    referral = acknowledged(bench)
    question = {"codes": ["what_is_needed"], "items": [1]}
    said = act(bench, referral, "Clarify", question=question)
    _says(said, question=question)
    give(bench, referral, "answer", answers=digest(referral.theirs[said["seq"] - 1]))
    if expect(bench, referral, "acknowledged").get("question"):
        raise Failed("no question open", "one is", by="FOLD-032")


@check("ENT-002")
def course_of_a_service(bench: Bench) -> None:
    """Scheduled, begun, paused and ended: each step reaches the origin."""
    referral = accepted(bench)
    for state in ("scheduled", "in_delivery", "paused", "in_delivery"):
        _says(act(bench, referral, "Progress", items=states(state)), items=states(state))
    _says(act(bench, referral, "Pause", pauseReason="travel"), pauseReason="travel")
    act(bench, referral, "Resume")
    _says(act(bench, referral, "Complete", items=states("completed")), items=states("completed"))
    expect(bench, referral, "resting/completed", "now completed")


@check("ENT-002", "FOLD-018")
def handover_of_both(bench: Bench) -> None:
    """The origin signs, and the target names that signature in its own."""
    referral = active(bench)
    give(bench, referral, "handover")
    confirms = digest(referral.log[-1])
    _says(act(bench, referral, "Handover", confirms=confirms), confirms=confirms)


@check("FOLD-032", "ENT-002")
def cancelling_is_confirmed(bench: Bench) -> None:
    """The origin asks to cancel, the target confirms, and it rests."""
    referral = accepted(bench)
    give(bench, referral, "cancel", cancelReason="sent_twice")
    act(bench, referral, "ConfirmCancel")
    expect(bench, referral, "resting/cancelled")


@check("DLV-065", "GRNT-012", negative=True)
def refusal_stands_in_the_next_entry(bench: Bench) -> None:
    """A part beyond its grant was refused: the target's next entry names it, and no later one."""
    referral = bench.referral()
    grant = referral.grant(["language"])
    parts = [part("grant", grant), part("age_band", {"band": "a24_26", "ageClass": "adult"})]
    items = [{"number": 1, "wish": "now"}]
    give(bench, referral, "offer", parts, items=items, grantId=grant["grantId"])
    first = act(bench, referral, "Acknowledge")
    wanted = [{"digest": part_digest(parts[1]), "reason": "beyond_grant"}]
    if first.get("refused") != wanted:
        raise Failed(f"refused {spelled(wanted)}", first.get("refused"))
    second = act(bench, referral, "Decide", items=states("accepted"))
    if second.get("refused"):
        raise Failed("each refusal once", second["refused"])


@check("FDBK-001", "FDBK-002", negative=True)
def feedback_that_she_does_not_permit(bench: Bench) -> None:
    """The grant's feedback is nothing: progress stays at the target, a decision crosses."""
    referral = accepted(bench, grant={"feedback": "nothing"})
    request = {"referralId": referral.referral_id, "items": states("in_delivery")}
    bench.act("Referrals.Progress", request)
    act(bench, referral, "Complaint", complaint="poor_quality")
    if "progress" in referral.kinds():
        raise Failed("no entry progress", "one came")


@check("FDBK-004", negative=True)
def outcomes_that_she_does_not_permit(bench: Bench) -> None:
    """The grant's feedback is status only: the follow-up crosses, and what was learnt stays."""
    referral = accepted(bench, grant={"feedback": "status_only"})
    rating = {"domain": "housing", "rater": "survivor", "date": "2026-01-05", "value": 7}
    record = {"outcomes": {"ratings": [rating]}}
    said = act(bench, referral, "FollowUp", followUp="home_visit", record=record)
    if said.get("parts") or referral.parts:
        raise Failed("no part to cross", said.get("parts"))


@check("FDBK-005", "GRNT-001", "GRNT-003")
def outcomes_under_a_grant_of_the_target(bench: Bench) -> None:
    """What flows back has one grant of the target, on the terms of the origin's newest."""
    referral = accepted(bench)
    rating = {"domain": "housing", "rater": "survivor", "date": "2026-01-05", "value": 7}
    record = {"outcomes": {"ratings": [rating]}}
    said = act(bench, referral, "FollowUp", followUp="home_visit", record=record)
    bound = sorted(one["category"] for one in said.get("parts", []))
    if bound != ["grant", "outcomes"] or not said.get("grantId"):
        raise Failed("one grant and the outcomes", bound, by="GRNT-001")

    def there() -> bool:
        return {one["category"] for one in referral.parts} >= {"grant", "outcomes"}

    bench.until("both parts", there, by="DLV-058")
    grant = _grant(referral.parts)
    own = {"grantId": said["grantId"], "grantor": bench.agency, "grantee": referral.author.name,
           "categories": ["outcomes"], "purposes": ["service_delivery"]}  # fmt: skip
    for name, one in own.items():
        if grant.get(name) != one:
            raise Failed(f"{name} {spelled(one)} in the grant", grant.get(name))


def _grant(parts: list[dict[str, str]]) -> dict[str, object]:
    text = next(one["content"] for one in parts if one["category"] == "grant")
    found: dict[str, object] = json.loads(text)
    return found


@check("LOC-022", negative=True)
def who_did_it_stays_at_the_destination(bench: Bench) -> None:
    """In nothing that comes does the login stand of who acknowledged, accepted and opened."""
    referral = offered(bench)
    for name, request in (
        ("Acknowledge", {}), ("Decide", {"items": states("accepted")}), ("Open", {}),
    ):  # fmt: skip
        asked = {"referralId": referral.referral_id, **request}
        bench.act(f"Referrals.{name}", asked, PERSON)
    bench.came(referral, "opened")
    with bench.peer.lock:
        came = list(bench.peer.arrivals)
    mine = [one for one in came if one.bundle.get("referralId") == referral.referral_id]
    if any(PERSON in plain(one) for one in mine):
        raise Failed("no word of who did it", PERSON)
