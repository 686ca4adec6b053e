"""A destination that does not answer, answers nonsense, or has lost or other entries."""

from __future__ import annotations

import time

from onward_conformance.cases import (
    Case,
    accepted,
    disclosed,
    entries,
    hang,
    offered,
    once,
    sent_again,
)
from onward_conformance.check import Bench, check
from onward_conformance.hands import Refusal
from onward_conformance.jose import digest
from onward_conformance.network import Json
from onward_conformance.peer import Manner, refusing
from onward_conformance.results import Failed

PAUSES = (0.05,) * 10 + (0.5,) * 20
"""Seconds between the acts that a target may still write until it has read an answer."""


def _tried_again(bench: Bench, manner: Manner, by: str = "DLV-055") -> Case:
    """A reminder is answered so once; it has to come again, and nothing is lost or doubled."""
    case = offered(bench)
    after = len(case.arrivals)
    case.answers(once(manner))
    case.ask("Remind")
    case.came("remind")
    sent_again(case, 2, after + 1, by=by)
    if case.referral.kinds() != ["offer", "remind"]:
        raise Failed("the offer and one reminder", case.referral.kinds(), by="ENT-004")
    return case


@check("DLV-055", "ENV-007", "ENT-004", negative=True)
def receipt_that_is_withheld(bench: Bench) -> None:
    """The destination has it and says nothing: it comes again, sealed anew or the very same."""
    case = _tried_again(bench, hang)
    if case.referral.came[0] != case.offered:
        raise Failed("the same offer", "another", by="ENT-004")


@check("DLV-055", negative=True)
def refusal_that_may_pass(bench: Bench) -> None:
    """A partner that has no time now is asked again."""
    _tried_again(bench, refusing("UNAVAILABLE"))


@check("DLV-055", negative=True)
def refusal_for_a_fault_of_the_entry(bench: Bench) -> None:
    """A refusal that says that the entry is wrong is no receipt: it comes again, the same."""
    _tried_again(bench, refusing("ENTRY_INVALID"))


@check("DLV-055", negative=True)
def refusal_that_nobody_knows(bench: Bench) -> None:
    """A reason that the specification does not have."""
    _tried_again(bench, lambda _, __: {"problem": {"reason": "REASON_UNSPECIFIED"}})


@check("DLV-055", negative=True)
def refusal_without_words(bench: Bench) -> None:
    """A problem that says nothing."""
    _tried_again(bench, lambda _, __: {"problem": {}})


@check("DLV-055", negative=True)
def refusal_and_receipt_at_once(bench: Bench) -> None:
    """A refusal of a suspended sender, and a receipt only after that."""
    _tried_again(bench, refusing("PEER_SUSPENDED"))


def _heads(case: Case, seq: int) -> Json:
    """Both heads, as a destination has them that lost what came after this number."""
    theirs = {"seq": seq, "hash": digest(case.referral.theirs[seq - 1])} if seq else {}
    return case.referral.heads | {"origin": theirs}


def _from(case: Case, seq: int) -> None:
    """The destination answers a new entry with a gap after this number."""
    after = len(case.arrivals)
    case.answers(once(refusing("GAP", heads=_heads(case, seq))))
    case.ask("Remind")

    def look() -> bool | None:
        for one in case.arrivals[after + 1 :]:
            if numbers := [each["seq"] for each in entries(one)]:
                if numbers[0] != seq + 1:
                    raise Failed(f"entries from {seq + 1} on", f"from {numbers[0]} on")
                return True
        return None

    case.bench.until(f"entries from {seq + 1} on", look, by="DLV-055")


@check("DLV-053", negative=True)
def gap_after_everything_was_lost(bench: Bench) -> None:
    """The destination has nothing any more: everything is sent again, from the offer on."""
    case = offered(bench)
    case.ask("Remind")
    case.came("remind")
    _from(case, 0)


@check("DLV-053", negative=True)
def gap_after_a_part_was_lost(bench: Bench) -> None:
    """The destination names its head: what comes after that is sent again, and nothing before."""
    case = offered(bench)
    case.ask("Remind")
    case.came("remind")
    _from(case, 1)


@check("DLV-053", negative=True)
def content_comes_again_after_a_gap(bench: Bench) -> None:
    """The destination had receipted content, and has lost it with its entry: both come again."""
    case = disclosed(bench)
    after = len(case.arrivals)
    case.answers(once(refusing("GAP", heads=_heads(case, 1))))
    case.ask("Remind")

    def look() -> bool | None:
        parts = [part for one in case.arrivals[after:] for part in one.bundle.get("parts", [])]
        return "name" in [one["category"] for one in parts] or None

    bench.until("the name once more", look)


def _forked(bench: Bench) -> Case:
    """The destination says that another entry stands there."""
    case = accepted(bench)
    case.answers(refusing("FORK", heads=case.referral.heads))
    case.ask("Remind")
    case.came("remind")
    return case


def _writes_nothing(case: Case) -> None:
    """Until the answer has arrived, an act may still be written: a few are asked for."""
    for pause in PAUSES:
        if case.bench.pump:
            case.bench.pump()
        try:
            case.bench.hand.call("Referrals.Remind", {"referralId": case.id})
        except Refusal:
            return
        time.sleep(0 if case.bench.pump else pause)
    raise Failed("a refusal to write after a fork", f"Remind was done {len(PAUSES)} times")


@check("DLV-054", negative=True)
def nothing_is_written_after_a_fork(bench: Bench) -> None:
    """The two have different logs: a person has to look before anything is added."""
    case = _forked(bench)
    _writes_nothing(case)
    case.refused("Disclose", **case.content())


@check("DLV-054")
def withdrawal_after_a_fork(bench: Bench) -> None:
    """What she takes back is written and sent all the same."""
    case = _forked(bench)
    _writes_nothing(case)
    case.withdraw()
    case.came("withdraw")


@check("DLV-054", negative=True)
def fork_and_then_silence(bench: Bench) -> None:
    """Another fault after the fork does not make it undone: nobody has looked yet."""
    case = _forked(bench)
    _writes_nothing(case)
    tries = len(case.arrivals)
    case.answers(refusing("UNAVAILABLE"))
    case.bench.until("another try", lambda: len(case.arrivals) > tries, by="DLV-055")
    if bench.pump is None:
        time.sleep(0.3)
    case.refused("Remind")
