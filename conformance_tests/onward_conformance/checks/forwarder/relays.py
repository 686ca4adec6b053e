"""What is taken back at one agency is taken back at all that hold it, and nobody learns more."""

from __future__ import annotations

import json
from typing import Any

from onward_conformance.cases import Case, hang, offered
from onward_conformance.check import Bench, check
from onward_conformance.checks.forwarder.road import (
    NEEDS,
    onward,
    passed_on,
    received,
    taken_back,
)
from onward_conformance.network import Json
from onward_conformance.referral import Referral
from onward_conformance.results import Failed, spelled


def _relayed(case: Case, by: str, **scope: Any) -> Json:
    """The withdrawal that the second agency is told, which must be this."""
    said: Json = case.came("withdraw", by=by)["withdrawal"]
    if said != scope:
        raise Failed(f"a withdrawal of {spelled(scope)}", said, by=by)
    return dict(said)


@check("WDRW-020", "WDRW-025")
def withdrawal_goes_down(bench: Bench) -> None:
    """What the first agency takes back is taken back at the second at once."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source)
    _relayed(case, "WDRW-020", everything=True)


@check("WDRW-020", negative=True)
def withdrawal_in_part_goes_down_as_it_is(bench: Bench) -> None:
    """The same categories, and nothing more."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source, categories=["name"])
    _relayed(case, "WDRW-020", categories=["name"])


@check("WDRW-021")
def recall_goes_down_as_a_withdrawal(bench: Bench) -> None:
    """It was an error at the first agency: the second is told that everything is taken back."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source, "recall")
    _relayed(case, "WDRW-021", everything=True)


@check("WDRW-021")
def invalidation_goes_down_as_a_withdrawal(bench: Bench) -> None:
    """It was about the wrong person."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source, "invalidate")
    _relayed(case, "WDRW-021", everything=True)


@check("WDRW-025", negative=True)
def withdrawal_goes_down_where_it_was_cancelled(bench: Bench) -> None:
    """The second referral rests already; what went there is there all the same."""
    source = received(bench)
    case = passed_on(bench, source)
    case.ask("Cancel", cancelReason="served_elsewhere")
    case.came("cancel")
    case.write("confirm_cancel")
    taken_back(bench, source)
    _relayed(case, "WDRW-025", everything=True)


@check("WDRW-025", "DLV-055", negative=True)
def withdrawal_goes_down_to_who_was_silent(bench: Bench) -> None:
    """The second agency does not answer when it comes: it is told again."""
    source = received(bench)
    case = passed_on(bench, source)
    case.answers(hang)
    taken_back(bench, source)
    _relayed(case, "WDRW-025", everything=True)
    after = len(case.arrivals)
    case.answers(None)
    bench.until("another try", lambda: len(case.arrivals) > after, by="DLV-055")


@check("WDRW-020", negative=True)
def withdrawal_goes_down_where_nothing_was_accepted(bench: Bench) -> None:
    """Also an offer has told something."""
    source = received(bench)
    case = onward(bench, source)
    taken_back(bench, source)
    _relayed(case, "WDRW-020", everything=True)


@check("WDRW-023", negative=True)
def withdrawal_goes_down_once(bench: Bench) -> None:
    """The same once more adds nothing: the second agency is not told it twice."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source, categories=["name"])
    _relayed(case, "WDRW-020", categories=["name"])
    taken_back(bench, source, categories=["name"])
    case.ask("Remind")
    case.came("remind")
    if case.referral.kinds().count("withdraw") != 1:
        raise Failed("one withdrawal", case.referral.kinds())


@check("WDRW-023")
def withdrawal_goes_down_again_where_more_came(bench: Bench) -> None:
    """What was told on after the first withdrawal is taken back by the second."""
    source = received(bench)
    case = passed_on(bench, source)
    taken_back(bench, source, categories=["name"])
    _relayed(case, "WDRW-020", categories=["name"])
    taken_back(bench, source)
    bench.until("a second withdrawal", lambda: case.referral.kinds().count("withdraw") == 2 or None)


def _came_up(source: Referral) -> list[Json]:
    return [one for one in source.came if one["kind"] == "withdraw"]


@check("WDRW-022", negative=True)
def withdrawal_at_the_second_stays_there(bench: Bench) -> None:
    """She said it about this referral: the first agency hears nothing of it."""
    source = received(bench)
    case = passed_on(bench, source)
    case.write("withdraw", withdrawal={"everything": True})
    bench.act("Referrals.Open", {"referralId": source.referral_id})
    bench.came(source, "opened")
    if _came_up(source):
        raise Failed("nothing at the first agency", "a withdrawal")


@check("WDRW-022")
def linked_withdrawal_goes_up(bench: Bench) -> None:
    """She said that it is to reach all: the agency it came from is told."""
    source = received(bench)
    case = passed_on(bench, source)
    case.write("withdraw", withdrawal={"everything": True, "linked": True})
    said = bench.came(source, "withdraw", by="WDRW-022")["withdrawal"]
    if said != {"everything": True, "linked": True}:
        raise Failed("everything, linked", said)


@check("WDRW-022", "WDRW-010", negative=True)
def linked_withdrawal_does_not_say_where(bench: Bench) -> None:
    """The first agency learns that she took it back, and not at whom."""
    source = received(bench)
    case = passed_on(bench, source)
    case.write("withdraw", withdrawal={"everything": True, "linked": True})
    bench.came(source, "withdraw")
    # A certificate that follows may name the holders that it still waits for (ERAS-020).
    for said in (json.dumps(one) for one in source.came if one["kind"] == "withdraw"):
        if case.referral.author.name in said or case.id in said:
            raise Failed("no word of the second agency", "its name", by="WDRW-010")


@check("WDRW-022")
def linked_withdrawal_goes_beside(bench: Bench) -> None:
    """Another referral of the target by the same consent is taken back, too."""
    source = received(bench)
    case = passed_on(bench, source)
    beside = offered(bench, bench.cast.second, consent=case.consent, what=NEEDS)
    case.write("withdraw", withdrawal={"everything": True, "linked": True})
    _relayed(beside, "WDRW-022", everything=True, linked=True)


@check("WDRW-020", negative=True)
def withdrawal_here_stays_below(bench: Bench) -> None:
    """The target takes back what came, on its own side: it goes down, and is told up as its own."""
    source = received(bench)
    case = passed_on(bench, source)
    asked = {"referralId": source.referral_id, "withdrawal": {"categories": ["name"]}}
    bench.act("Referrals.Withdraw", asked)
    _relayed(case, "WDRW-020", categories=["name"])
    said = bench.came(source, "withdraw")["withdrawal"]
    if said != {"categories": ["name"]}:
        raise Failed("the name, not linked", said)
