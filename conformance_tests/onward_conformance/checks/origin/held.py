"""An agency whose mail another holds: what the target sends waits there until the receipt."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.cases import Case, accepted, entries, offered
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.standing import standing
from onward_conformance.network import Json, moment, now
from onward_conformance.peer import Arrival, Manner
from onward_conformance.results import Failed
from onward_conformance.silence import since

UNTIL = timedelta(days=14)


def hold(_arrival: Arrival, _result: Json) -> Json:
    """As a mailbox that has it on disk."""
    return {"held": {"until": moment(now() + UNTIL)}}


def then(*manners: Manner) -> Manner:
    """Answer so, one after the other, and then well."""
    left = list(manners)

    def answer(arrival: Arrival, result: Json) -> Json:
        return left.pop(0)(arrival, result) if left else result

    return answer


def _reminded(bench: Bench, *manners: Manner) -> tuple[Case, int]:
    """A reminder to an agency that has a mailbox, which answers so. Gives how much came before."""
    case = offered(bench, bench.cast.posted)
    before = len(case.arrivals)
    case.answers(then(*manners))
    case.ask("Remind")
    return case, before


def _came(case: Case, before: int, count: int, by: str = "MBOX-003") -> list[Arrival]:
    """So many envelopes since then, waited for."""
    return case.bench.until(
        f"{count} envelopes",
        lambda: found if len(found := case.arrivals[before:]) >= count else None,
        by=by,
    )


@check("MBOX-001")
def mail_goes_to_the_mailbox(bench: Bench) -> None:
    """What is for an agency that has a mailbox comes to the node of the mailbox's agency."""
    offered(bench, bench.cast.posted)


@check("MBOX-003", "MBOX-002", "MBOX-004")
def held_mail_goes_again_as_it_is(bench: Bench) -> None:
    """It was held: the identical bytes come again, until the receipt comes back."""
    case, before = _reminded(bench, hold, hold)
    first, *others = _came(case, before, 3)
    for one in others[:2]:
        if one.envelope != first.envelope:
            raise Failed("the identical bytes", "another envelope", by="MBOX-004")


@check("MBOX-003", "MBOX-004")
def held_content_goes_again_as_it_is(bench: Bench) -> None:
    """The same for an envelope with content, of which nothing was taken back."""
    case = accepted(bench, bench.cast.posted)
    before = len(case.arrivals)
    case.answers(then(hold))
    case.ask("Disclose", **case.content())
    first, second = _came(case, before, 2)[:2]
    if second.envelope != first.envelope:
        raise Failed("the identical bytes", "another envelope", by="MBOX-004")


@check("MBOX-007", negative=True)
def held_by_an_agency_that_has_no_mailbox(bench: Bench) -> None:
    """It says that it holds what is for itself: that is no answer, and the reminder comes again."""
    case = offered(bench)
    before = len(case.arrivals)
    case.answers(then(hold))
    case.ask("Remind")
    _came(case, before, 2, by="MBOX-007")
    case.came("remind", by="MBOX-007")


@check("MBOX-006")
def held_mail_that_is_refused_is_sealed_anew(bench: Bench) -> None:
    """The mailbox no longer takes these bytes: what is still to be sent is sealed anew."""
    over = {"problem": {"reason": "REASON_ENVELOPE_EXPIRED"}}
    case, before = _reminded(bench, hold, lambda _, __: over)
    first, _, third = _came(case, before, 3)[:3]
    if third.header["mid"] == first.header["mid"]:
        raise Failed("a new message id", "the one that was refused")


@check("TRST-023", negative=True)
def held_content_waits_for_who_is_suspended(bench: Bench) -> None:
    """Its mailbox holds content when the agency is suspended, and would give it what is delivered
    again since: a withdrawal of something else goes, and those bytes do not."""
    case = accepted(bench, bench.cast.posted)
    before = len(case.arrivals)
    case.answers(hold)
    case.ask("Disclose", **case.content())
    content = _came(case, before, 1)[0].envelope
    with standing(bench, bench.cast.posted, "suspended"):
        case.withdraw("sex")
        _withdrawn(case)
        if any(one.envelope == content for one in since(case, "withdraw")):
            raise Failed("no envelope with content", "the one that was held")


def _withdrawn(case: Case) -> None:
    """The withdrawal has come, waited for."""
    case.bench.until(
        "the withdrawal",
        lambda: any(e["kind"] == "withdraw" for a in case.arrivals for e in entries(a)) or None,
    )


@check("MBOX-005", negative=True)
def held_content_that_was_taken_back_does_not_go_again(bench: Bench) -> None:
    """Content is held, and then taken back: those bytes never come again."""
    case = accepted(bench, bench.cast.posted)
    before = len(case.arrivals)
    case.answers(hold)
    case.ask("Disclose", **case.content())
    content = _came(case, before, 1)[0].envelope
    case.withdraw()
    _withdrawn(case)
    between = len(case.arrivals)  # What was on its way has come; what comes goes again.
    _came(case, between, 1)
    if any(one.envelope == content for one in case.arrivals[between:]):
        raise Failed("no envelope with what was taken back", "the one that was held")
