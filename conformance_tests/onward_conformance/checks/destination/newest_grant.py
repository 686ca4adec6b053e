"""Of several grants the newest in the log counts, whichever of them came last."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.network import Json
from onward_conformance.referral import Referral, part
from onward_conformance.results import Failed
from onward_conformance.road import NAME, accepted, act, content, disclose, refuses, states

OTHER = "case_coordination"


def _the_older_comes_last(bench: Bench, older: Json, newer: Json) -> Referral:
    """Two disclosures are in the log, and the parts of the second come before those of the first.
    `older` and `newer` change members of their grants.
    """
    referral = accepted(bench)
    each = []
    for changed, category in ((older, "nationality"), (newer, "name")):
        grant = referral.grant([category], **changed)
        said = NAME if category == "name" else content(category)
        parts = [part("grant", grant), part(category, said)]
        token = referral.write("disclose", parts, grantId=grant["grantId"])
        each.append((token, parts))
    bench.taken(referral.envelope(referral.bundle([token for token, _ in each])))
    for _, parts in reversed(each):
        said = bench.taken(referral.envelope(referral.bundle([], parts)))
        if said.get("refused"):
            raise Failed("all parts to be taken", said["refused"], by="GRNT-010")
    return referral


@check("GRNT-020", negative=True)
def reading_for_the_purpose_of_an_older_grant(bench: Bench) -> None:
    """The offer's grant named a purpose that the newest does not, and the newest another one."""
    referral = accepted(bench)
    disclose(bench, referral, "name", purposes=[OTHER])
    _reads_for(bench, referral, OTHER, not_for="service_delivery")


@check("GRNT-020", negative=True)
def older_grant_that_comes_later(bench: Bench) -> None:
    """The newest is the last in the log. That an older one comes after it changes nothing."""
    referral = _the_older_comes_last(
        bench, {"purposes": ["service_delivery"]}, {"purposes": [OTHER]}
    )
    _reads_for(bench, referral, OTHER, not_for="service_delivery")


@check("FDBK-001", negative=True)
def level_of_an_older_grant_that_comes_later(bench: Bench) -> None:
    """The newest lets nothing flow back, and one from before it comes after it."""
    levels = ({"feedback": "status_and_outcome"}, {"feedback": "nothing"})
    referral = _the_older_comes_last(bench, *levels)
    items = states("in_delivery")
    bench.act("Referrals.Progress", {"referralId": referral.referral_id, "items": items})
    # What crosses whatever the level is comes after what was written before it.
    act(bench, referral, "Complaint", complaint="poor_quality")
    if "progress" in referral.kinds():
        raise Failed("no progress to cross", referral.kinds())


def _reads_for(bench: Bench, referral: Referral, purpose: str, *, not_for: str) -> None:
    wrong = {"purpose": not_for}
    refuses(bench, referral, "Open", "PURPOSE_NOT_GRANTED", write=wrong)
    request = {"referralId": referral.referral_id, "write": {"purpose": purpose}}
    if "name" not in bench.act("Referrals.Open", request).get("record", {}):
        raise Failed(f"the name to be read for {purpose}", "no name")
