"""Who held it answers for it: the target's own certificate, and what it makes of the other's."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from onward_conformance import oracle
from onward_conformance.cases import (
    Case,
    accepted,
    certified,
    disclosed,
    granted,
    offered,
    outcome,
    withdrawal_of,
)
from onward_conformance.check import Bench, check
from onward_conformance.hands import Refusal
from onward_conformance.jose import digest
from onward_conformance.network import Json, moment, now
from onward_conformance.results import Failed, spelled


def _withdrawn(bench: Bench, *categories: str) -> Case:
    """She has taken back what was disclosed, and the target has certified."""
    case = disclosed(bench)
    case.withdraw(*categories, destroyNow=True)
    case.came("withdraw")
    case.came("erased", by="FOLD-022")
    return case


def certificate(withdrawal: str, **changed: Any) -> Json:
    """A certificate of the suite: all is destroyed."""
    here = moment(now())
    return {"withdrawal": withdrawal, "destroyedAt": here, "copiesUntil": here} | changed


@check("FOLD-021", "FOLD-022")
def certificate_answers_the_withdrawal(bench: Bench) -> None:
    """The target holds what it sent, too: it destroys that, and says which withdrawal it
    answers."""
    case = _withdrawn(bench)
    said = case.came("erased")["certificate"]
    if said["withdrawal"] != withdrawal_of(case):
        raise Failed("the withdrawal's hash", said["withdrawal"])


@check("ERAS-004")
def certificate_names_what_was_destroyed_at_the_origin(bench: Bench) -> None:
    """All that the target had sent."""
    case = _withdrawn(bench)
    bound = {ref["digest"] for one in case.referral.came for ref in one.get("parts", [])}
    found = set(case.came("erased")["certificate"].get("destroyed", []))
    if found != bound:
        raise Failed(f"{len(bound)} digests that it had bound", f"{len(found & bound)} of them")


@check("ERAS-004", negative=True)
def certificate_of_a_part_names_no_more(bench: Bench) -> None:
    """She took back her name: what the target certifies as destroyed is that and nothing else."""
    case = _withdrawn(bench, "name")
    bound = case.came("disclose")["parts"]
    wanted = {one["digest"] for one in bound if one["category"] == "name"}
    found = set(case.came("erased")["certificate"].get("destroyed", []))
    if found != wanted:
        raise Failed("the digest of the name alone", f"{len(found)} digests")


@check("WDRW-013", "ERAS-004", negative=True)
def story_is_destroyed_with_what_it_speaks_of(bench: Bench) -> None:
    """She takes back her health, and her story may speak of it: both are destroyed, and her name
    is not."""
    touched = [
        "exploitation_type", "means_of_control", "recruitment", "exploitation_location",
        "physical_health", "mental_health", "sexual_reproductive_health", "safety_risk",
    ]  # fmt: skip
    case = disclosed(bench, permit=["age_band", "name", "exploitation_detail_narrative", *touched])
    case.withdraw("mental_health", destroyNow=True)
    found = set(case.came("erased", by="FOLD-022")["certificate"].get("destroyed", []))
    bound = {one["digest"]: one["category"] for one in case.came("disclose")["parts"]}
    gone = {bound.get(one, "something else") for one in found}
    if missing := {"mental_health", "exploitation_detail_narrative"} - gone:
        raise Failed(
            "her health and her story to be destroyed", f"not {', '.join(sorted(missing))}"
        )
    if len(gone) > 2:
        raise Failed("nothing else to be named", sorted(gone), by="ERAS-004")


@check("ERAS-005", "ERAS-006", negative=True)
def certificate_gives_no_other_time(bench: Bench) -> None:
    """It says when the keys were destroyed, which is now, and copies do not end before that."""
    case = _withdrawn(bench)
    said = case.came("erased")["certificate"]
    gone, copies = (oracle.moment(said[one]) for one in ("destroyedAt", "copiesUntil"))
    if abs(gone - now()) > timedelta(minutes=5):
        raise Failed("the moment of destruction", said["destroyedAt"])
    if copies < gone:
        raise Failed("copies until then or later", said["copiesUntil"], by="ERAS-006")


@check("ERAS-010", negative=True)
def certificate_of_nothing(bench: Bench) -> None:
    """Nobody has taken anything back."""
    offered(bench).refused("Erase", "STATE_CONFLICT")


@check("HOLD-007", negative=True)
def nothing_is_kept_by_law_at_the_origin(bench: Bench) -> None:
    """The target holds no grant of the other agency, so no law keeps anything there: its own grant
    says what the other may do."""
    case = disclosed(bench, onWithdrawal="keep_minimum")
    case.withdraw()
    end = moment(now() + timedelta(days=30))
    keep = [{"category": "name", "law": "medical_records", "country": "IN", "until": end}]
    with suppress(Refusal):
        bench.hand.call("Referrals.Erase", {"referralId": case.id, "keep": keep})
    said = certified(bench, case.referral)["certificate"]
    if said.get("kept"):
        raise Failed("nothing kept", said["kept"])


def _certified(case: Case) -> set[str]:
    """Who has certified, as the target shows it."""
    found = case.bench.act("Referrals.GetReferral", {"referralId": case.id})
    return {one["agency"] for one in found.get("holders", []) if one.get("certified")}


def _shown(case: Case, *names: str, by: str) -> None:
    found = _certified(case)
    if found != set(names):
        raise Failed(f"certified by {spelled(sorted(names))}", sorted(found), by=by)


@check("ERAS-027")
def certificate_of_the_destination_is_shown(bench: Bench) -> None:
    """Both have certified, and the target shows both."""
    case = _withdrawn(bench)
    case.write("erased", certificate=certificate(withdrawal_of(case)))
    _shown(case, bench.agency, case.referral.author.name, by="ERAS-027")


@check("ERAS-011", "ERAS-027", negative=True)
def destination_that_has_not_certified(bench: Bench) -> None:
    """The target has, and the destination has not: it is not shown as if it had."""
    _shown(_withdrawn(bench), bench.agency, by="ERAS-011")


@check("FOLD-021", negative=True)
def certificate_of_another_withdrawal(bench: Bench) -> None:
    """The destination certifies a withdrawal that is not there: stored, and no certificate."""
    case = _withdrawn(bench)
    case.write("erased", certificate=certificate(digest("another.entry.text")))
    _shown(case, bench.agency, by="FOLD-021")


@check("FOLD-021", negative=True)
def certificate_by_who_had_not_seen_the_withdrawal(bench: Bench) -> None:
    """Nobody certifies what nobody had told it."""
    case = disclosed(bench)
    before = case.referral.seen
    case.withdraw(destroyNow=True)
    case.came("erased")
    case.write("erased", certificate=certificate(withdrawal_of(case)), seen=before)
    _shown(case, bench.agency, by="FOLD-021")


@check("ERAS-026", negative=True)
def certificate_that_somebody_else_is_said_to_have_given(bench: Bench) -> None:
    """In `further` stands an entry that another agency is said to have signed, and has not."""
    case = _withdrawn(bench)
    second = bench.cast.second
    forged = case.referral.entry(
        "erased",
        author=second.name,
        recipient=case.referral.author.name,
        certificate=certificate(withdrawal_of(case)),
    )
    token = case.referral.signed(forged, kid=second.sign.kid)
    said = certificate(withdrawal_of(case), further=[token])
    case.write("erased", certificate=said)
    _shown(case, bench.agency, case.referral.author.name, by="ERAS-026")


@check("WDRW-003", "WDRW-007", negative=True)
def withdrawal_at_the_destination_ends_it_here(bench: Bench) -> None:
    """She said it there: nothing more is told from here, and the consent here is over, too."""
    case = disclosed(bench)
    case.write("withdraw", withdrawal={"everything": True})
    case.refused("Disclose", **case.content())
    request = {
        "destination": case.referral.author.name, "consentId": case.consent["consentId"],
        "items": [{"number": 1, "wish": "now"}], "record": {"sex": {"sex": "female"}},
    }  # fmt: skip
    try:
        bench.act_refused("Referrals.Offer", request, "CONSENT_WITHDRAWN")
    except Failed as failed:
        raise Failed(failed.expected, failed.came, by="WDRW-007") from None


@check("FOLD-022", "ERAS-004")
def withdrawal_at_the_destination_is_certified_here(bench: Bench) -> None:
    """The target destroys what it holds of it, and says so."""
    case = disclosed(bench)
    case.write("withdraw", withdrawal={"categories": ["name"]})
    said = certified(bench, case.referral)["certificate"]
    if said["withdrawal"] != digest(case.referral.log[-1]):
        raise Failed("the hash of the destination's withdrawal", said["withdrawal"])


@check("WDRW-003", "GRNT-022", negative=True)
def outcome_that_was_taken_back_is_not_read(bench: Bench) -> None:
    """What the destination had sent can't be opened after its withdrawal."""
    case = _outcome(bench)
    case.write("withdraw", withdrawal={"categories": ["outcomes"]})
    _closed(case, "WDRW-003")


@check("WDRW-012", "WDRW-041", negative=True)
def withdrawal_before_what_comes_before_it(bench: Bench) -> None:
    """An entry before it is missing: it can't be stored, and what it names is closed at once."""
    case = _outcome(bench)
    case.referral.write("opened", opened=[one["digest"] for one in case.offered["parts"]])
    late = case.referral.write("withdraw", withdrawal={"everything": True})
    bench.refused(case.referral.envelope(case.referral.bundle([late])), "GAP")
    _closed(case, "WDRW-012")


@check("WDRW-042", negative=True)
def disclosure_while_a_withdrawal_is_not_complete(bench: Bench) -> None:
    """Until it is stored nobody knows all that she took back: nothing more is told."""
    case = _outcome(bench)
    case.referral.write("opened", opened=[one["digest"] for one in case.offered["parts"]])
    late = case.referral.write("withdraw", withdrawal={"categories": ["outcomes"]})
    bench.refused(case.referral.envelope(case.referral.bundle([late])), "GAP")
    _closed(case, "WDRW-012")
    case.refused("Disclose", "STATE_CONFLICT", **case.content())


@check("WDRW-016", negative=True)
def withdrawal_beside_what_nobody_can_read(bench: Bench) -> None:
    """Another entry of its envelope has an unknown act: the envelope is refused, and what she
    took back is closed."""
    case = _outcome(bench)
    odd = case.referral.write("promise")
    taken = case.referral.write("withdraw", withdrawal={"everything": True})
    bench.refused(case.referral.envelope(case.referral.bundle([odd, taken])))
    _closed(case, "WDRW-016")


def _outcome(bench: Bench) -> Case:
    """One in which the suite has told how it went."""
    case = accepted(bench)
    parts = outcome(case)
    case.write("follow_up", parts, followUp="outcome_assessment", grantId=granted(parts))
    told = case.ask("Open")
    if "outcomes" not in told.get("record", {}):
        raise Failed("the outcomes to be read", sorted(told), by="GRNT-010")
    return case


def _closed(case: Case, by: str) -> None:
    """Nothing of the outcomes can be read at the target."""
    try:
        told = case.bench.hand.call("Referrals.Open", {"referralId": case.id})
    except Refusal:
        return
    if "outcomes" in told.get("record", {}):
        raise Failed("nothing to read", "the outcomes", by=by)
