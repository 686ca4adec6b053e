"""What was written and has not left: when it can leave, only what may still leave does."""

from __future__ import annotations

from typing import Any

from onward.v1 import options_pb2
from onward_conformance.cases import (
    Case,
    accepted,
    agreed,
    certified,
    entries,
    hang,
    offered,
    once,
    told_since,
)
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.withdrawals import DECLINED
from onward_conformance.jose import part_digest
from onward_conformance.network import Json
from onward_conformance.peer import Manner, lost, refusing
from onward_conformance.results import Failed
from onward_conformance.shape import message, option
from onward_conformance.silence import silent_until, since

MOST: int = option(message("Bundle").fields_by_name["entries"], options_pb2.field).max_items
"""Entries that one envelope takes."""

UNDER_WAY = 16
"""Entries that may be on their way before the others wait."""


def _pending(bench: Bench, manner: Manner, **consent: Any) -> Case:
    """One whose content is written, and has not been receipted."""
    case = accepted(bench, **consent)
    case.answers(manner)
    case.ask("Disclose", **case.content())
    case.came("disclose")
    return case


def _behind(case: Case, after: int, by: str = "DLV-057") -> None:
    """The withdrawal that comes after so many envelopes has all before it, without their parts."""

    def look() -> bool | None:
        for one in case.arrivals[after:]:
            kinds = [each["kind"] for each in entries(one)]
            if "withdraw" not in kinds:
                continue
            if kinds[0] == "withdraw":
                continue  # Alone and ahead; what was before it follows.
            if "disclose" not in kinds[: kinds.index("withdraw")]:
                raise Failed("every entry before it that has no receipt", kinds, by=by)
            if one.bundle.get("parts"):
                raise Failed("no parts beside a withdrawal", "some", by=by)
            return True
        return None

    try:
        case.bench.until("the withdrawal", look, by=by)
    except Failed as failed:
        if any(
            each["kind"] == "withdraw" for one in case.arrivals[after:] for each in entries(one)
        ):
            raise Failed("all before it beside it", failed.came, by="DLV-057") from None
        raise


@check("DLV-057", "WDRW-001", negative=True)
def withdrawal_while_the_destination_is_silent(bench: Bench) -> None:
    """It carries the disclosure that has no receipt, so that no gap can hold it, and no part."""
    case = _pending(bench, hang)
    after = len(case.arrivals)
    case.withdraw("date_of_birth")
    _behind(case, after)


@check("DLV-057", "DLV-050", negative=True)
def withdrawal_after_something_was_lost(bench: Bench) -> None:
    """The destination never got the disclosure, and gets it with what she took back."""
    case = accepted(bench)
    case.answers(lost)
    case.ask("Disclose", **case.content())
    case.withdraw("date_of_birth")
    case.answers(None)
    case.came("withdraw", by="DLV-057")


@check("DLV-055", "WDRW-002", negative=True)
def withdrawal_while_the_destination_refuses(bench: Bench) -> None:
    """Whatever it answers, it is told again that she took it back."""
    case = _pending(bench, refusing("PEER_SUSPENDED"))
    case.withdraw()
    case.came("withdraw")
    after = len(case.arrivals)
    case.answers(None)
    _behind(case, after, by="DLV-055")


@check("WDRW-014", negative=True)
def part_that_was_taken_back_before_it_left(bench: Bench) -> None:
    """The content never reached the destination. When it answers again, the log comes, and no
    part that she has taken back since, up to the certificate."""
    case = offered(bench)
    case.answers(silent_until("withdraw"))
    case.accept()
    case.ask("Disclose", **case.content())
    known = case.bench.until("the disclosure", lambda: case.referral.last("disclose"))
    case.withdraw(destroyNow=True)
    case.came("erased")
    digests = {one["digest"] for one in known["parts"]}
    for one in since(case, "withdraw"):
        if found := [p for p in one.bundle.get("parts", []) if part_digest(p) in digests]:
            raise Failed("nothing that was taken back", found[0]["category"])


@check("WDRW-014", negative=True)
def offer_that_was_recalled_before_it_left(bench: Bench) -> None:
    """It was an error: the log comes, and nothing that the offer told."""
    other = accepted(bench)
    bench.peer.manners[bench.cast.partner.name] = lost
    consent = agreed(bench)
    told = bench.act(
        "Referrals.Offer",
        {
            "destination": bench.cast.partner.name,
            "consentId": consent["consentId"],
            "items": [{"number": 1, "wish": "now"}],
            "record": {"sex": {"sex": "female"}},
        },
    )
    name = told["referral"]["referralId"]
    bench.act("Referrals.Recall", {"referralId": name})
    bench.peer.manners.clear()
    referral = bench.until("the offer", lambda: bench.peer.referrals.get(name), by="DLV-057")
    bench.came(referral, "recall")
    other.ask("Remind")
    other.came("remind")  # By then what is left of the offer would have come, too.
    certified(bench, referral)
    if beyond := told_since(bench, referral, "recall"):
        raise Failed("no part", sorted(beyond))


@check("WDRW-014", "DLV-058", negative=True)
def part_that_was_taken_back_among_others(bench: Bench) -> None:
    """She takes her number back while nothing gets through. Her name still comes, after the
    grant, and her number never does."""
    case = _pending(bench, silent_until("withdraw"))
    case.withdraw("contact_safe")

    def look() -> bool | None:
        parts = [p for one in since(case, "withdraw") for p in one.bundle.get("parts", [])]
        told = [one["category"] for one in parts]
        if "contact_safe" in told:
            raise Failed("no number that was taken back", "it came")
        return "name" in told or None

    bench.until("the name", look, by="DLV-058")


@check("WDRW-013", negative=True)
def withdrawal_covers_the_text_that_touches_it(bench: Bench) -> None:
    """Her story may speak of her health: taken back with it, it is not told after that."""
    touched = [
        "exploitation_type", "means_of_control", "recruitment", "exploitation_location",
        "physical_health", "mental_health", "sexual_reproductive_health", "safety_risk",
    ]  # fmt: skip
    permit = ["age_band", "name", "exploitation_detail_narrative", *touched]
    case = accepted(bench, permit=permit)
    case.answers(silent_until("withdraw"))
    case.ask("Disclose", **case.content())
    case.came("disclose")
    case.withdraw("mental_health")

    def look() -> bool | None:
        parts = [p for one in since(case, "withdraw") for p in one.bundle.get("parts", [])]
        told = {one["category"] for one in parts}
        if told & {"mental_health", "exploitation_detail_narrative"}:
            raise Failed("neither her health nor the story that touches it", sorted(told))
        return "name" in told or None

    bench.until("the name", look, by="DLV-058")


@check("DLV-067", negative=True)
def withdrawal_behind_more_than_an_envelope_takes(bench: Bench) -> None:
    """More entries wait than any envelope takes: the withdrawal comes before them, alone."""
    case = offered(bench)
    before = len(case.arrivals)
    told: Json = {}
    # Slow rather than silent: no try fails, and none is answered before she withdraws.
    with bench.peer.slow:
        for _ in range(MOST + UNDER_WAY):
            # The heads that the last answer gave, so that each is one call.
            heads = told.get("referral", {}).get("heads")
            told = case.ask("Remind", **({"write": {"expectedHeads": heads}} if heads else {}))
            if bench.pump is None and not heads:
                # It is on its way alone; the others wait.
                bench.until("the first reminder", lambda: bench.peer.waiting or None)
        case.withdraw()
        calls = bench.peer.waiting
    case.came("withdraw", by="DLV-057")
    came = [[str(each["kind"]) for each in entries(one)] for one in case.arrivals[before:]]
    kinds = next(one for one in came if "withdraw" in one)
    if kinds != ["withdraw"] and sum(map(len, came[:calls])) <= UNDER_WAY:
        raise Failed("the withdrawal in an envelope of its own", f"behind {len(kinds) - 1}")


@check("DLV-056")
def withdrawal_goes_before_everything_else(bench: Bench) -> None:
    """Two referrals wait for a destination that was silent. The one that she took back is the
    first of them that comes."""
    name = bench.cast.partner.name
    one, two = accepted(bench), accepted(bench)
    bench.peer.manners[name] = hang
    one.ask("Remind")
    one.came("remind")
    two.ask("Remind")
    two.withdraw()
    two.came("withdraw", by="DLV-057")
    after = len(bench.peer.arrivals)
    bench.peer.manners.pop(name)

    def look() -> bool | None:
        for each in bench.peer.arrivals[after:]:
            if each.bundle.get("referralId") == two.id:
                return True
            if each.bundle.get("referralId") == one.id:
                raise Failed("the withdrawal first", "a reminder of another referral")
        return None

    bench.until("the withdrawal", look, by="DLV-055")


@check("CONS-060", negative=True)
def part_that_she_denied_before_it_left(bench: Bench) -> None:
    """It was written when she agreed, and waits for the destination: when it leaves, the newest
    record counts, and she no longer agrees to this recipient."""
    case = _pending(bench, hang)
    case.newer(countries=["BD"])
    _nothing_follows(case)


@check("CONS-063", negative=True)
def part_under_a_grant_that_is_too_wide_by_now(bench: Bench) -> None:
    """It waits for the destination, and she has shortened meanwhile for how long it may be kept."""
    case = _pending(bench, hang)
    case.newer(retentionDays=3)
    _nothing_follows(case)


@check("CONS-063", negative=True)
def part_that_may_be_stored_elsewhere_by_now(bench: Bench) -> None:
    """She names other countries meanwhile, in which it may be stored."""
    case = _pending(bench, hang, storageCountries=["IN"])
    case.newer(storageCountries=["NP"])
    _nothing_follows(case)


@check("ACT-016", negative=True)
def part_for_an_acceptance_that_is_over(bench: Bench) -> None:
    """It waits for the destination, which declines meanwhile: it does not leave any more."""
    case = _pending(bench, hang)
    case.write("decide", items=DECLINED)
    _nothing_follows(case)


@check("CONS-061")
def what_can_not_leave_holds_back_nothing(bench: Bench) -> None:
    """Content was written that her newest record no longer lets go: its entry, what is written
    after it and her withdrawal come all the same."""
    case = accepted(bench)
    case.answers(lost)
    case.ask("Disclose", **case.content())
    case.newer(countries=["BD"])
    case.answers(None)
    case.ask("Remind")
    case.came("remind", by="CONS-061")
    case.withdraw()
    case.came("withdraw", by="CONS-061")


def _nothing_follows(case: Case) -> None:
    """The destination answers again: the entry comes again, and no part."""
    after = len(case.arrivals) + 1  # One may be on its way that was sealed before.
    case.answers(once(hang))
    case.bench.until("it again", lambda: _came(case, after, "disclose"), by="DLV-055")
    for one in case.arrivals[after:]:
        if {part["category"] for part in one.bundle.get("parts", [])} - {"grant"}:
            raise Failed("no part", "some")


def _came(case: Case, after: int, kind: str) -> bool | None:
    found = [each["kind"] for one in case.arrivals[after:] for each in entries(one)]
    return kind in found or None
