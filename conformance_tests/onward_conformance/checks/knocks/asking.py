"""Somebody asks for help where nobody knows them: what that needs, and what is answered."""

from __future__ import annotations

from contextlib import suppress

from onward_conformance.cases import hang, once
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.held import hold
from onward_conformance.checks.origin.standing import standing
from onward_conformance.hands import Refusal
from onward_conformance.knocking import ASKS, LEAST, Told, answer, knock, knocks, mark
from onward_conformance.lists import listing, stale
from onward_conformance.mail import receipt
from onward_conformance.network import Json
from onward_conformance.peer import Arrival, refusing
from onward_conformance.referral import identifier
from onward_conformance.results import Failed
from onward_conformance.shape import registries


@check("KNCK-050")
def help_is_asked_for_with_the_least(bench: Bench) -> None:
    """Who asks, how they came, for what and where: the target needs no more to send it on."""
    before, to = mark(bench), bench.cast.partner.name
    bench.act("Knocks.ReferSelf", {"agency": to, "selfReferral": LEAST})
    bench.until("the knock", lambda: dict(knocks(bench, "selfReferral", before)).get(to))


@check("KNCK-005", negative=True)
def receipt_as_for_a_bundle(bench: Bench) -> None:
    """It names a referral and heads, so it is none for a knock: the knock comes once more."""
    before, to = mark(bench), bench.cast.partner.name

    def strange(arrival: Arrival, _: Json) -> Json:
        more = {"referralId": identifier(), "heads": {"origin": {}, "destination": {}}}
        return {"receipt": receipt(bench, arrival.envelope, **more)}

    bench.peer.manners[to] = once(strange, knock="selfReferral")
    whole = LEAST | {"language": "ne", "subdivision": "NP-P3", "priority": "urgent"}
    bench.act("Knocks.ReferSelf", {"agency": to, "selfReferral": whole})
    bench.until("the knock once more", lambda: len(knocks(bench, "selfReferral", before)) > 1)


@check("KNCK-005", negative=True)
def receipt_that_is_half_for_a_bundle(bench: Bench) -> None:
    """It names a referral or heads: neither is one for a knock."""
    before, to = mark(bench), bench.cast.partner.name
    half: list[Json] = [{"referralId": identifier()}, {"heads": {"origin": {}, "destination": {}}}]

    def strange(arrival: Arrival, _: Json) -> Json:
        return {"receipt": receipt(bench, arrival.envelope, **half.pop())}

    bench.peer.manners[to] = once(strange, len(half), knock="selfReferral")
    bench.act("Knocks.ReferSelf", {"agency": to, "selfReferral": LEAST})
    bench.until("the knock twice more", lambda: len(knocks(bench, "selfReferral", before)) > 2)


@check("DLV-055", negative=True)
def knock_with_a_receipt_does_not_go_again(bench: Bench) -> None:
    """It was receipted. Another one is refused at first and comes once more: by then the first
    would have, too."""
    before, first, other = mark(bench), bench.cast.partner.name, bench.cast.second.name
    bench.peer.manners[other] = once(refusing("UNAVAILABLE"), knock="selfReferral")
    for to in (first, other):
        bench.act("Knocks.ReferSelf", {"agency": to, "selfReferral": LEAST})

    def came(to: str) -> int:
        return sum(1 for one, _ in knocks(bench, "selfReferral", before) if one == to)

    bench.until("the other one once more", lambda: came(first) and came(other) > 1)
    if came(first) != 1:
        raise Failed("the first knock once", came(first))


@check("TRST-012", negative=True)
def knock_waits_for_a_list_that_is_not_stale(bench: Bench) -> None:
    """Who asks for help is sent on by a newer list. Who takes back is heard at once."""
    before, to = mark(bench), bench.cast.partner.name
    with listing(bench, stale):
        with suppress(Refusal):  # Whoever refuses it sends nothing either.
            bench.hand.call("Knocks.ReferSelf", {"agency": to, "selfReferral": LEAST})
        Told(bench, "withdraw").asks(bench.cast.partner)
        if knocks(bench, "selfReferral", before):
            raise Failed("no knock by a stale list", "one came")


def _claims(bench: Bench, to: str, after: int) -> int:
    """How many claims this agency has got since."""
    return sum(1 for one, _ in knocks(bench, "claim", after) if one == to)


@check("TRST-023", negative=True)
def knock_waits_for_who_is_suspended(bench: Bench) -> None:
    """It was not answered, and then the agency is suspended: who takes back is heard there, and who
    asks for help has to wait."""
    before, to = mark(bench), bench.cast.partner.name
    bench.peer.manners[to] = hang
    bench.act("Knocks.ReferSelf", {"agency": to, "selfReferral": LEAST})
    bench.until("the knock", lambda: knocks(bench, "selfReferral", before))
    with standing(bench, bench.cast.partner, "suspended"):
        between = mark(bench)
        bench.peer.manners[to] = once(hang, knock="claim")
        Told(bench, "withdraw").asks(bench.cast.partner)
        bench.until("the claim once more", lambda: _claims(bench, to, between) > 1)
        with bench.peer.lock:
            came = [one.sealed.get("knock", {}) for one in bench.peer.arrivals[between:]]
        # What came before the claim was on its way before the list.
        first = next(number for number, one in enumerate(came) if "claim" in one)
        if any("selfReferral" in one for one in came[first:]):
            raise Failed("no knock to an agency that is suspended", "one came")


@check("MBOX-004", "MBOX-003")
def knock_that_is_held_goes_again_as_it_is(bench: Bench) -> None:
    """The agency's mailbox holds it: the identical bytes come again, until the receipt."""
    before, to = mark(bench), bench.cast.posted.name
    bench.peer.manners[to] = once(hold, knock="selfReferral")
    bench.act("Knocks.ReferSelf", {"agency": to, "selfReferral": LEAST})

    def twice() -> list[Arrival] | None:
        with bench.peer.lock:
            found = [one for one in bench.peer.arrivals[before:] if one.to == to]
        mine = [one for one in found if "selfReferral" in one.sealed.get("knock", {})]
        return mine if len(mine) > 1 else None

    first, second = bench.until("the knock once more", twice, by="MBOX-003")[:2]
    if second.envelope != first.envelope:
        raise Failed("the identical bytes", "another envelope")


@check("KNCK-051", negative=True)
def help_that_is_not_given_without_a_reason(bench: Bench) -> None:
    """Nobody says no without a reason, or by one that turns nobody away."""
    name = identifier()
    bench.taken(knock(bench, ASKS, knockId=name))
    for reason in ({}, {"reason": "no_official_status"}):
        bench.act_refused("Knocks.AnswerKnock", {"knockId": name, "result": "cannot_help"} | reason)
    asked = {"knockId": name, "result": "cannot_help", "reason": "no_capacity"}
    bench.act("Knocks.AnswerKnock", asked)
    found = answer(bench, name, "selfReferralAnswer", by="KNCK-051")
    if found.get("reason") not in registries()["agency_decline_reason"]:
        raise Failed("a reason of the registry", found.get("reason"))
