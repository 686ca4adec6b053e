"""What a destination writes that it may not: it is stored and receipted, and changes nothing."""

from __future__ import annotations

from typing import Any

from onward_conformance.cases import ACCEPTED, ITEMS, Case, accepted, offered
from onward_conformance.check import Bench, check
from onward_conformance.jose import Key, digest
from onward_conformance.network import Json
from onward_conformance.referral import Referral
from onward_conformance.results import Failed

DECLINED: Json = {"number": 1, "state": "declined_by_agency"}


def _acknowledged(bench: Bench, items: list[Json] | None = None) -> Case:
    case = offered(bench, items=items)
    case.write("acknowledge")
    return case


def _not_accepted(case: Case, by: str) -> None:
    """What the suite wrote is no acceptance: nothing may be told."""
    try:
        case.refused("Disclose", **case.content())
    except Failed as failed:
        raise Failed("no acceptance", failed.came, by=by) from None


@check("FOLD-006", "DLV-046", "FOLD-031", negative=True)
def decision_before_the_acknowledgement(bench: Bench) -> None:
    """Nobody has looked at the offer yet: the decision stands in the log and counts nothing."""
    case = offered(bench)
    case.write("decide", items=ACCEPTED)
    _not_accepted(case, "FOLD-006")


@check("FOLD-006", "DLV-046", negative=True)
def decision_of_another_round(bench: Bench) -> None:
    """The referral is in its first round."""
    case = _acknowledged(bench)
    case.write("decide", items=ACCEPTED, round=2)
    _not_accepted(case, "FOLD-006")


@check("FOLD-006", "DLV-046", negative=True)
def act_of_the_other_side_at_the_origin(bench: Bench) -> None:
    """Only the origin asks to cancel; the destination's request changes nothing."""
    case = accepted(bench)
    case.write("cancel", cancelReason="no_longer_needed")
    case.disclose()


@check("FOLD-011", negative=True)
def decision_on_an_item_that_is_not_there_at_the_origin(bench: Bench) -> None:
    """What was not asked for can't be accepted."""
    case = _acknowledged(bench)
    case.write("decide", items=[{"number": 5, "state": "accepted"}])
    _not_accepted(case, "FOLD-011")


@check("FOLD-011", negative=True)
def decision_that_names_an_item_twice(bench: Bench) -> None:
    """It is accepted and declined in one breath."""
    case = _acknowledged(bench)
    no = DECLINED | {"reason": "no_capacity"}
    case.write("decide", items=[no, *ACCEPTED])
    _not_accepted(case, "FOLD-011")


@check("FOLD-011", negative=True)
def decision_that_is_none_of_the_four(bench: Bench) -> None:
    """A decision does not say that something was delivered."""
    case = _acknowledged(bench)
    case.write("decide", items=[{"number": 1, "state": "in_delivery"}])
    _not_accepted(case, "FOLD-011")


@check("FOLD-011", negative=True)
def decision_that_says_what_she_wants(bench: Bench) -> None:
    """What she wants is said by a choice."""
    case = _acknowledged(bench)
    case.write("decide", items=[ACCEPTED[0] | {"wish": "now"}])
    _not_accepted(case, "FOLD-011")


@check("FOLD-012", negative=True)
def acceptance_with_a_reason_at_the_origin(bench: Bench) -> None:
    """Only what is declined has a reason."""
    case = _acknowledged(bench)
    case.write("decide", items=[ACCEPTED[0] | {"reason": "no_capacity"}])
    _not_accepted(case, "FOLD-012")


@check("FOLD-012", negative=True)
def decline_without_a_reason_at_the_origin(bench: Bench) -> None:
    """She is owed a reason: without one it is no decision, and a better one can follow."""
    case = _acknowledged(bench)
    case.write("decide", items=[DECLINED])
    case.write("decide", items=ACCEPTED)
    case.disclose()


@check("CODE-001", "CODE-003", negative=True)
def decision_that_nobody_knows(bench: Bench) -> None:
    """A state that the registry does not have is an error, and never an acceptance."""
    case = _acknowledged(bench)
    _unknown(case, "UNKNOWN_CODE", items=[{"number": 1, "state": "accepted_in_principle"}])
    _not_accepted(case, "CODE-003")


@check("CODE-002", negative=True)
def decline_for_a_reason_that_is_forbidden(bench: Bench) -> None:
    """Nobody is declined for what she wants to live on."""
    case = _acknowledged(bench)
    _unknown(case, "FORBIDDEN_CODE", items=[DECLINED | {"reason": "livelihood_choice"}])


@check("VER-011", negative=True)
def act_that_nobody_knows_at_the_origin(bench: Bench) -> None:
    """An act that this version does not have."""
    _unknown(_acknowledged(bench), "UNKNOWN_CODE", kind="promise")


def _unknown(case: Case, reason: str, kind: str = "decide", **changed: Any) -> None:
    """The envelope is refused, leaves nothing, and another entry can take the same number."""
    token = case.referral.signed(case.referral.entry(kind, **changed))
    case.bench.refused(case.referral.envelope(case.referral.bundle([token])), reason)
    case.write("clarify", question={"codes": ["arrival"]})


@check("DLV-023", negative=True)
def entry_in_the_name_of_the_origin(bench: Bench) -> None:
    """The destination writes as if the target had."""
    case = offered(bench)
    forged = case.referral.entry("close", author=bench.agency, recipient=bench.agency)
    _entry(case, forged, "ENTRY_INVALID")


@check("DLV-021", negative=True)
def entry_that_the_destination_did_not_sign(bench: Bench) -> None:
    """The envelope is the destination's, and the acceptance in it nobody's."""
    case = _acknowledged(bench)
    made = case.referral.entry("decide", items=ACCEPTED)
    token = case.referral.signed(made, key=Key.new(), kid=case.referral.author.sign.kid)
    envelope = case.referral.envelope(case.referral.bundle([token]))
    bench.refused(envelope, "SIGNATURE_INVALID")
    _not_accepted(case, "DLV-021")


def _entry(case: Case, made: Json, *reasons: str) -> Json:
    token = case.referral.signed(made)
    envelope = case.referral.envelope(case.referral.bundle([token]))
    return case.bench.refused(envelope, *reasons).problem or {}


@check("DLV-036", negative=True)
def entry_of_a_third_agency(bench: Bench) -> None:
    """Another partner is told no more of this referral than of one that does not exist."""
    case = offered(bench)
    other = Referral(
        bench.network,
        bench.cast.second,
        bench.agency,
        "destination",
        case.id,
        theirs=case.referral.theirs,
        log=["e30.e30.AAAA"],
    )
    token = other.signed(other.entry("acknowledge"))
    problem = bench.refused(other.envelope(other.bundle([token])), "GAP").problem or {}
    heads = problem.get("heads", {})
    if heads.get("origin") or heads.get("destination"):
        raise Failed("empty heads", heads)


@check("DLV-042", "DLV-052", negative=True)
def decision_that_overtakes_the_acknowledgement(bench: Bench) -> None:
    """It comes first: the target says what is missing, and takes both in order after that."""
    case = offered(bench)
    first = case.referral.write("acknowledge")
    second = case.referral.write("decide", items=ACCEPTED)
    late = case.referral.envelope(case.referral.bundle([second]))
    problem = bench.refused(late, "GAP").problem or {}
    if problem.get("heads", {}).get("origin", {}).get("seq") != len(case.referral.theirs):
        raise Failed("its own head in the gap", problem.get("heads"), by="DLV-052")
    case.deliver([first, second])
    case.disclose()


@check("DLV-041", negative=True)
def two_decisions_with_one_number(bench: Bench) -> None:
    """The first that was receipted stands: the acceptance that came later is none."""
    case = _acknowledged(bench)
    rival = case.referral.entry("decide", items=ACCEPTED)
    case.write("decide", items=[DECLINED | {"reason": "no_capacity"}])
    _entry(case, rival, "FORK")
    _not_accepted(case, "DLV-041")


@check("DLV-041", negative=True)
def decision_after_another_entry(bench: Bench) -> None:
    """Its `prev` is not the hash of the entry before it."""
    case = _acknowledged(bench)
    made = case.referral.entry("decide", items=ACCEPTED, prev=digest("another.entry.text"))
    _entry(case, made, "FORK")


@check("DLV-043", negative=True)
def decision_that_has_seen_less(bench: Bench) -> None:
    """What an agency has seen never goes back."""
    case = _acknowledged(bench)
    _entry(case, case.referral.entry("decide", items=ACCEPTED, seen={}), "ENTRY_INVALID")


@check("DLV-044", negative=True)
def decision_that_has_seen_what_is_not_written(bench: Bench) -> None:
    """It names an entry that the target never wrote."""
    case = _acknowledged(bench)
    seen = {"seq": 9, "hash": digest("another.entry.text")}
    _entry(case, case.referral.entry("decide", items=ACCEPTED, seen=seen), "GAP")


@check("DLV-045", negative=True)
def decision_that_has_seen_another_offer(bench: Bench) -> None:
    """The number is that of the offer, and the hash is not."""
    case = _acknowledged(bench)
    seen = {"seq": 1, "hash": digest("another.entry.text")}
    _entry(case, case.referral.entry("decide", items=ACCEPTED, seen=seen), "FORK")


@check("FOLD-013", negative=True)
def acceptance_of_what_she_never_wants_at_the_origin(bench: Bench) -> None:
    """She has said never since: what the destination then accepts is not hers."""
    _accepted_never(bench)


def _accepted_never(bench: Bench) -> None:
    case = _acknowledged(bench, [*ITEMS, {"number": 2, "wish": "now"}])
    case.ask("Choice", items=[{"number": 1, "wish": "never"}])
    case.came("choice")
    case.write("decide", items=ACCEPTED)
    _not_accepted(case, "FOLD-013")


@check("FOLD-007", "FOLD-005", negative=True)
def acceptance_that_crossed_her_no(bench: Bench) -> None:
    """The destination accepted what it did not know that she no longer wants: overtaken."""
    _accepted_never(bench)
    case = _acknowledged(bench, [*ITEMS, {"number": 2, "wish": "now"}])
    before = case.referral.seen
    case.ask("Choice", items=[{"number": 1, "wish": "never"}])
    case.came("choice")
    case.write("decide", items=ACCEPTED, seen=before)
    _not_accepted(case, "FOLD-007")


@check("DLV-013")
def same_envelope_twice(bench: Bench) -> None:
    """The same bytes get the same receipt, and the acceptance counts once."""
    case = _acknowledged(bench)
    token = case.referral.write("decide", items=ACCEPTED)
    made = case.referral.envelope(case.referral.bundle([token])).made()
    first, second = bench.send(made, made)
    if not first.receipt or first.receipt != second.receipt:
        raise Failed("one receipt, byte for byte", [str(first), str(second)])
    case.disclose()


@check("RCPT-003")
def both_heads_in_a_receipt_of_the_origin(bench: Bench) -> None:
    """After entries of both, a receipt names both heads, each by its number and its hash."""
    case = offered(bench)
    case.ask("Remind")
    case.came("remind")
    case.write("acknowledge")
    said = case.write("decide", items=ACCEPTED)
    if said.get("heads") != case.referral.heads:
        raise Failed(case.referral.heads, said.get("heads"))


@check("FOLD-031", negative=True)
def completion_before_the_acceptance(bench: Bench) -> None:
    """What was not accepted is not done: it does not rest, and a decision still counts."""
    case = _acknowledged(bench)
    case.write("complete", items=[{"number": 1, "state": "completed"}])
    case.write("decide", items=ACCEPTED)
    case.disclose()


@check("FOLD-031", negative=True)
def confirmation_of_what_nobody_asked(bench: Bench) -> None:
    """Nobody asked to cancel: the referral goes on."""
    case = accepted(bench)
    case.write("confirm_cancel")
    case.disclose()
