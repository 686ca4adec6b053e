"""An origin that is suspended, removed or no partner any more, in a referral that goes on."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.withdrawn import ALL, unreadable
from onward_conformance.checks.origin.standing import REASONS, standing
from onward_conformance.results import Failed
from onward_conformance.road import act, disclosed, expect, offered


def _taken_back(bench: Bench, status: str) -> None:
    """What she says at the origin counts; whatever else the origin says is refused."""
    referral = disclosed(bench)
    with standing(bench, bench.cast.partner, status):
        token = referral.signed(referral.entry("remind"))
        bench.refused(referral.envelope(referral.bundle([token])), REASONS[status])
        token = referral.write("withdraw", **ALL)
        bench.taken(referral.envelope(referral.bundle([token])))
        unreadable(bench, referral)
    expect(bench, referral, "resting/withdrawn")


@check("DLV-033", "WDRW-003", negative=True)
def withdrawal_from_an_origin_that_is_suspended(bench: Bench) -> None:
    """Her withdrawal is never blocked: it is taken, while anything else is refused."""
    _taken_back(bench, "suspended")


@check("DLV-033", "WDRW-003", negative=True)
def withdrawal_from_an_origin_that_was_removed(bench: Bench) -> None:
    """It is no member any more, and she still takes back what it told."""
    _taken_back(bench, "removed")


@check("DLV-033", "WDRW-003", negative=True)
def withdrawal_from_an_origin_that_is_no_partner_any_more(bench: Bench) -> None:
    """The target has ended the partnership; what she can take back goes on."""
    _taken_back(bench, "accepted")


def _sent(bench: Bench, status: str) -> None:
    """What the target says waits; a withdrawal that is recorded there brings it along."""
    referral, other = offered(bench), offered(bench, author=bench.cast.second)
    with standing(bench, bench.cast.partner, status):
        bench.act("Referrals.Acknowledge", {"referralId": referral.referral_id})
        act(bench, other, "Acknowledge")  # By then the first would have come, too.
        if referral.came:
            raise Failed("nothing without a withdrawal", referral.kinds(), by="TRST-023")
        bench.act("Referrals.Withdraw", {"referralId": referral.referral_id, **ALL})
        bench.came(referral, "withdraw", by="WDRW-002")


@check("TRST-023", "WDRW-002", negative=True)
def acknowledgement_to_an_origin_that_is_suspended(bench: Bench) -> None:
    """It waits until she takes everything back, which reaches the origin all the same."""
    _sent(bench, "suspended")


@check("TRST-023", "WDRW-002", negative=True)
def acknowledgement_to_an_origin_that_was_removed(bench: Bench) -> None:
    """It waits until she takes everything back, which has to reach who still holds it."""
    _sent(bench, "removed")


@check("TRST-023", "WDRW-002", negative=True)
def acknowledgement_to_an_origin_that_is_no_partner_any_more(bench: Bench) -> None:
    """It waits; the end of a partnership is not the end of what she can take back."""
    _sent(bench, "accepted")
