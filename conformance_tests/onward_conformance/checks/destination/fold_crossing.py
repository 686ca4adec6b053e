"""Acts that cross: each side writes before it has seen what the other wrote."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.jose import digest
from onward_conformance.network import Json
from onward_conformance.referral import Referral, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import (
    NAME,
    NOW,
    accepted,
    acknowledged,
    act,
    active,
    entries,
    expect,
    give,
    outcome,
    states,
    wishes,
)


@check("FOLD-005", "FOLD-006", negative=True)
def disclosure_that_had_not_seen_the_acceptance(bench: Bench) -> None:
    """The target has accepted, and the origin's entry says that it has not seen it."""
    referral = acknowledged(bench)
    before = referral.seen
    act(bench, referral, "Decide", items=states("accepted"))
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", NAME)]
    said = give(bench, referral, "disclose", parts, grantId=given["grantId"], seen=before)
    reasons = {one["reason"] for one in said.get("refused", [])}
    if outcome(bench, referral, referral.log[-1]) != "disallowed" or reasons != {"disallowed"}:
        raise Failed("a disclosure that is disallowed", said.get("refused"))


def _becomes(bench: Bench, referral: Referral, said: Json, wanted: str, *, by: str) -> None:
    """This must become of an entry of the target, that was allowed in its author's view."""
    found = entries(bench, referral)[digest(referral.theirs[said["seq"] - 1])]
    if found != wanted:
        raise Failed(
            f"{said['kind']} {spelled(wanted)}", found, by="FOLD-005" if "dis" in found else by
        )


@check("FOLD-007", "FOLD-003", "FOLD-005", negative=True)
def acceptance_that_crosses_a_request_to_cancel(bench: Bench) -> None:
    """The origin had asked to cancel before it saw the acceptance, which is overtaken."""
    referral = acknowledged(bench)
    before = referral.seen
    said = act(bench, referral, "Decide", items=states("accepted"))
    give(bench, referral, "cancel", cancelReason="sent_twice", seen=before)
    _becomes(bench, referral, said, "overtaken", by="FOLD-003")
    after = expect(bench, referral, "acknowledged", "now requested", by="FOLD-007")
    if not any(one["code"] == "overtaken_acceptance" for one in after.get("needsHuman", [])):
        raise Failed("the overtaken acceptance among what waits", "it is not", by="FOLD-030")


@check("FOLD-008", "FOLD-003", "FOLD-005")
def fact_that_crosses_a_withdrawal(bench: Bench) -> None:
    """Service had begun when she took everything back: the fact counts, the referral rests."""
    referral = accepted(bench)
    before = referral.seen
    said = act(bench, referral, "Progress", items=states("in_delivery"))
    give(bench, referral, "withdraw", withdrawal={"everything": True}, seen=before)
    _becomes(bench, referral, said, "counted", by="FOLD-008")
    expect(bench, referral, "resting/withdrawn", "now in_delivery")


@check("FOLD-003", negative=True)
def order_of_acts_that_cross(bench: Bench) -> None:
    """Whenever an entry arrives, it stands where what its author had seen puts it."""
    referral = acknowledged(bench)
    before = referral.seen
    said = act(bench, referral, "Clarify", question={"codes": ["what_is_needed"]})
    give(bench, referral, "remind", seen=before)
    order = list(entries(bench, referral))
    mine, theirs = digest(referral.log[-1]), digest(referral.theirs[said["seq"] - 1])
    if order.index(mine) > order.index(theirs):
        raise Failed("the origin's entry before the one that it had not seen", "behind it")


@check("DLV-043", "FOLD-004", negative=True)
def seen_that_goes_back(bench: Bench) -> None:
    """An entry of the origin has seen less than the one before it."""
    referral = acknowledged(bench)
    give(bench, referral, "remind")
    token = referral.write("remind", seen={})
    bench.refused(referral.envelope(referral.bundle([token])), "ENTRY_INVALID")


@check("FOLD-001", "ACT-002")
def another_round(bench: Bench) -> None:
    """The origin reopens: the items are asked for again, and nobody has accepted in this round."""
    referral = active(bench)
    act(bench, referral, "Complete", items=states("completed"))
    give(bench, referral, "reopen", items=NOW)
    referral.round = 2
    said = expect(bench, referral, "offered", "now requested")
    if said.get("round") != 2:
        raise Failed("round 2", said.get("round"))
    if act(bench, referral, "Acknowledge")["round"] != 2:
        raise Failed("an entry of round 2", "another")


@check("FOLD-001", negative=True)
def no_acceptance_outlives_its_round(bench: Bench) -> None:
    """An item that was accepted for later is not named in the reopening: it is asked for again,
    with the other one."""
    referral = accepted(bench, "now", "later")
    act(bench, referral, "Progress", items=states("in_delivery"))
    act(bench, referral, "Complete", items=states("completed"))
    give(bench, referral, "reopen", items=NOW)
    expect(bench, referral, "offered", "now requested, later requested")


@check("CHOI-009", negative=True)
def decision_on_another_item_asks_her_nothing(bench: Bench) -> None:
    """She has chosen an item without the one that it belongs to. A decision on a third one does not
    make it wait for her again."""
    pair = [{"number": 1, "wish": "now", "togetherWith": 2}, *wishes("now", "now", "now")[1:]]
    referral = acknowledged(bench, items=pair)
    decided = states("accepted", "waitlisted", "waitlisted")
    act(bench, referral, "Decide", items=decided)
    give(bench, referral, "choice", items=NOW)
    act(bench, referral, "Decide", items=[{"number": 3, "state": "accepted"}])
    act(bench, referral, "Progress", items=states("scheduled"))


@check("CHOI-003", "CHOI-002", negative=True)
def choices_that_cross(bench: Bench) -> None:
    """She said later at the target, and now at the origin: the more careful word stands."""
    referral = acknowledged(bench)
    before = referral.seen
    act(bench, referral, "Choice", items=wishes("later"))
    give(bench, referral, "choice", items=wishes("now"), seen=before)
    expect(bench, referral, "resting/deferred", "later requested")


@check("CHOI-002", "CHOI-003")
def choice_that_has_seen_the_other(bench: Bench) -> None:
    """What she says after both were seen stands alone, and wakes what rested for her."""
    referral = acknowledged(bench)
    act(bench, referral, "Choice", items=wishes("later"))
    expect(bench, referral, "resting/deferred", "later requested")
    give(bench, referral, "choice", items=wishes("now"))
    expect(bench, referral, "acknowledged", "now requested")


@check("CHOI-003", "CHOI-002", negative=True)
def undecided_that_crosses_now(bench: Bench) -> None:
    """Undecided is more careful than now."""
    referral = acknowledged(bench)
    before = referral.seen
    act(bench, referral, "Choice", items=wishes("undecided"))
    give(bench, referral, "choice", items=wishes("now"), seen=before)
    expect(bench, referral, "acknowledged", "undecided requested")


@check("CHOI-004", "CHOI-003", negative=True)
def days_that_cross(bench: Bench) -> None:
    """Of two that are later, the one without a day counts before any day."""
    referral = acknowledged(bench)
    before = referral.seen
    act(bench, referral, "Choice", items=wishes("later"))
    day = {"number": 1, "wish": "later", "notBefore": "2030-01-01"}
    give(bench, referral, "choice", items=[day], seen=before)
    said = expect(bench, referral, "resting/deferred", "later requested")
    if said["items"][0].get("notBefore"):
        raise Failed("later, without a day", said["items"])


@check("CHOI-006", negative=True)
def never_is_her_own_word(bench: Bench) -> None:
    """She never wants it: it ends as declined by her, and not by the agency."""
    referral = acknowledged(bench)
    act(bench, referral, "Choice", items=wishes("never"))
    expect(bench, referral, "resting/not_wanted", "never declined_by_survivor")


@check("CHOI-006", "FOLD-008", negative=True)
def never_crosses_the_beginning(bench: Bench) -> None:
    """Service had begun when she ended it: it ends as stopped by her."""
    referral = accepted(bench)
    before = referral.seen
    said = act(bench, referral, "Progress", items=states("in_delivery"))
    give(bench, referral, "choice", items=wishes("never"), seen=before)
    _becomes(bench, referral, said, "counted", by="FOLD-008")
    expect(bench, referral, "resting/not_wanted", "never stopped_by_survivor")


@check("CHOI-007")
def never_is_not_for_ever(bench: Bench) -> None:
    """She wants it after all: it is asked for again."""
    referral = acknowledged(bench)
    act(bench, referral, "Choice", items=wishes("never"))
    give(bench, referral, "choice", items=wishes("now"))
    expect(bench, referral, "acknowledged", "now requested")


@check("CHOI-008")
def later_until_its_day(bench: Bench) -> None:
    """She wants it later, from a day that has come: it can be scheduled."""
    referral = accepted(bench, "now", "now")
    item = {"number": 2, "wish": "later", "notBefore": "2020-01-01"}
    give(bench, referral, "choice", items=[item])
    act(bench, referral, "Progress", items=[{"number": 2, "state": "scheduled"}])


@check("CHOI-001", negative=True)
def silence_is_not_now(bench: Bench) -> None:
    """Whoever offers without saying what she wants has not said now. Schema or fold refuses it, or
    she counts as undecided.
    """
    referral = bench.referral()
    token = referral.write("offer", items=[{"number": 1}])
    (answer,) = bench.send(referral.envelope(referral.bundle([token])))
    if not answer.receipt or outcome(bench, referral, token) == "disallowed":
        return
    expect(bench, referral, "offered", "undecided requested")


@check("CHOI-002", "CHOI-005")
def wish_of_an_offer_is_a_choice(bench: Bench) -> None:
    """The origin's offer said later: a choice at the target that had seen it takes its place."""
    referral = acknowledged(bench, "later", "now")
    act(bench, referral, "Choice", items=wishes("now"))
    expect(bench, referral, "acknowledged", "now requested, now requested")
