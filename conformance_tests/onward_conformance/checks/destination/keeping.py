"""What a law would have the target keep after a withdrawal: only where she agreed to that."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.certificates import certified
from onward_conformance.checks.destination.withdrawn import some
from onward_conformance.hands import Refusal
from onward_conformance.network import moment, now
from onward_conformance.referral import Referral
from onward_conformance.results import Failed
from onward_conformance.road import accepted, disclose, give

KEEP = {"category": "name", "law": "medical_records", "country": "IN"}


def _keeps_nothing(bench: Bench, referral: Referral) -> None:
    """She takes her name back, and a person at the target says that a law keeps it."""
    give(bench, referral, "withdraw", **some("name"))
    keep = [KEEP | {"until": moment(now() + timedelta(days=30))}]
    with suppress(Refusal):
        bench.hand.call("Referrals.Erase", {"referralId": referral.referral_id, "keep": keep})
    said = certified(bench, referral, referral.log[-1])
    if said.get("kept"):
        raise Failed("nothing kept", said["kept"])


@check("HOLD-007", negative=True)
def nothing_is_kept_that_the_grant_does_not_leave(bench: Bench) -> None:
    """The grant says nothing of a law's minimum: all of it is destroyed."""
    referral = accepted(bench)
    disclose(bench, referral, "name")
    _keeps_nothing(bench, referral)


@check("HOLD-007", negative=True)
def nothing_is_kept_by_an_older_grant(bench: Bench) -> None:
    """An older grant left room for it, and the newest does not."""
    referral = accepted(bench)
    disclose(bench, referral, "name", onWithdrawal="keep_minimum")
    disclose(bench, referral, "sex", onWithdrawal="delete")
    _keeps_nothing(bench, referral)
