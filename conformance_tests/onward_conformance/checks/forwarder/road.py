"""One agency tells the target, and the target refers on to another: the suite is both."""

from __future__ import annotations

from typing import Any

from onward_conformance.cases import ACCEPTED, CONTENT, Case, offered
from onward_conformance.check import Bench
from onward_conformance.jose import digest
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import Referral, part
from onward_conformance.results import Failed

CAME = ("name", "contact_safe", "sex")
NEEDS: Json = {
    "needsServices": {"items": [{"number": 1, "serviceType": "trauma_therapy", "wish": "now"}]}
}
"""What the target has heard from the person itself, and the first agency never told."""

TOLD: Json = {"name": CONTENT["name"], "contactSafe": CONTENT["contactSafe"]}
"""What came, to be told on."""


def received(bench: Bench, **terms: Any) -> Referral:
    """A referral in which the target has accepted, and was told, under a grant with these terms."""
    referral = bench.referral()
    token, parts = referral.offer()
    bench.taken(referral.envelope(referral.bundle([token], parts)))
    bench.act("Referrals.Acknowledge", {"referralId": referral.referral_id})
    bench.act("Referrals.Decide", {"referralId": referral.referral_id, "items": ACCEPTED})
    bench.came(referral, "decide")
    told(bench, referral, CAME, **terms)
    return referral


def told(bench: Bench, referral: Referral, categories: tuple[str, ...], **terms: Any) -> None:
    """The first agency discloses these, under a grant of its own."""
    content = {
        "name": CONTENT["name"], "contact_safe": CONTENT["contactSafe"], "sex": {"sex": "female"},
    }  # fmt: skip
    grant = referral.grant(list(categories), **{"onwardSharing": "same_purpose_named"} | terms)
    parts = [part("grant", grant), *(part(one, content[one]) for one in categories)]
    token = referral.write("disclose", parts, grantId=grant["grantId"])
    said = bench.taken(referral.envelope(referral.bundle([token], parts)))
    if said.get("refused"):
        raise Failed("all parts to be taken", said["refused"], by="GRNT-010")


def onward(bench: Bench, source: Referral, what: Json | None = None, **consent: Any) -> Case:
    """An offer to the second agency that passes on what came; what goes first is the needs."""
    link = {"kind": "onward", "referralId": source.referral_id}
    return offered(bench, bench.cast.second, what=what or NEEDS, link=link, **consent)


def passed_on(bench: Bench, source: Referral, **consent: Any) -> Case:
    """The second agency has accepted, and was told."""
    case = onward(bench, source, **consent)
    case.accept()
    case.disclose(TOLD)
    return case


def taken_back(bench: Bench, source: Referral, kind: str = "withdraw", **scope: Any) -> str:
    """The first agency takes back; everything, if nothing is said. Gives the entry's hash."""
    given: Json = {} if kind != "withdraw" else {"withdrawal": scope or {"everything": True}}
    token = source.write(kind, **given)
    bench.taken(source.envelope(source.bundle([token])))
    return digest(token)


def certificate(withdrawal: str, **changed: Any) -> Json:
    """A certificate of the suite: all is destroyed."""
    here = moment(now())
    return {"withdrawal": withdrawal, "destroyedAt": here, "copiesUntil": here} | changed
