"""Somebody asks for help where nobody knows them: what that needs, and what is answered."""

from __future__ import annotations

from onward_conformance.cases import once
from onward_conformance.check import Bench, check
from onward_conformance.knocking import ASKS, LEAST, answer, knock, knocks, mark
from onward_conformance.mail import receipt
from onward_conformance.network import Json
from onward_conformance.peer import Arrival
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

    bench.peer.manners[to] = once(strange)
    whole = LEAST | {"language": "ne", "subdivision": "NP-P3", "priority": "urgent"}
    bench.act("Knocks.ReferSelf", {"agency": to, "selfReferral": whole})
    bench.until("the knock once more", lambda: len(knocks(bench, "selfReferral", before)) > 1)


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
