"""What a destination writes: its own entries, in the order of the road."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.referral import AGE, Referral, part
from onward_conformance.results import Failed


def offered(bench: Bench) -> Referral:
    """A referral that the target has taken."""
    referral = bench.referral()
    token, parts = referral.offer()
    bench.taken(referral.envelope(referral.bundle([token], parts)))
    return referral


def accepted(bench: Bench) -> Referral:
    """One that the target has acknowledged and accepted, as the suite has seen."""
    referral = offered(bench)
    bench.act("Referrals.Acknowledge", {"referralId": referral.referral_id})
    bench.came(referral, "acknowledge")
    items = [{"number": 1, "state": "accepted"}]
    bench.act("Referrals.Decide", {"referralId": referral.referral_id, "items": items})
    bench.came(referral, "decide")
    return referral


@check("ENT-008", "ENT-003", "KEY-001", "ENV-012")
def acknowledgement_reaches_the_origin(bench: Bench) -> None:
    """What a person at the target acknowledges reaches the origin, signed and sealed."""
    referral = offered(bench)
    bench.act("Referrals.Acknowledge", {"referralId": referral.referral_id})
    said = bench.came(referral, "acknowledge")
    if said["seen"].get("seq") != 1:
        raise Failed("seen of the offer", f"{said['seen']}", by="ENT-003")


@check("GRNT-010")
def disclosure_after_acceptance_is_opened(bench: Bench) -> None:
    """Content that comes after the acceptance, within its grant, is taken and can be opened."""
    referral = accepted(bench)
    grant = referral.grant(["name", "age_band"])
    parts = [part("grant", grant), part("name", {"firstName": "Sample"}), part("age_band", AGE)]
    token = referral.write("disclose", parts, grantId=grant["grantId"])
    said = bench.taken(referral.envelope(referral.bundle([token], parts)))
    if said.get("refused"):
        raise Failed("all parts to be taken", f"{said['refused']}")
    bench.act("Referrals.Open", {"referralId": referral.referral_id})
    bench.came(referral, "opened")
