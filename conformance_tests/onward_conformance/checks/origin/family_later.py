"""Family: what comes of a member's referral, of the survivor's later word, and of what is told."""

from __future__ import annotations

from contextlib import suppress

from onward_conformance.cases import Case
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.offers import silent
from onward_conformance.hands import Refusal
from onward_conformance.network import Json
from onward_conformance.relatives import HERS, NEEDS, PERMIT, listed, sister, survivor
from onward_conformance.results import Failed
from onward_conformance.shape import registries

DENIED = "FAMILY_CONTACT_DENIED"
TOLD: Json = {"name": HERS}
"""Content of the sister's referral."""


def _may_not_tell(her: Case, by: str) -> None:
    """The target must refuse to tell more of the sister."""
    try:
        her.refused("Disclose", DENIED, **her.content(TOLD))
    except Failed as failed:
        raise Failed(failed.expected, failed.came, by=by) from None


@check("FAM-001", negative=True)
def link_is_told_to_nobody(bench: Bench) -> None:
    """Neither referral tells of the other, nor that they belong together, nor how."""
    her = survivor(bench)
    other = sister(bench, her)
    other.accept()
    other.disclose(TOLD)
    kinds = ("family", "family_member", "sibling")
    silent(other, her.id, *(f'"{one}"' for one in kinds), by="FAM-001")
    silent(her, other.id, by="FAM-001")


@check("FAM-010", negative=True)
def her_no_before_the_acceptance(bench: Bench) -> None:
    """She takes her permission back before her sister was accepted: nothing more is told, also
    after an acceptance that comes later."""
    her = survivor(bench)
    other = sister(bench, her)
    her.newer(contactFamily="no")
    more = {"items": [{"number": 2, "wish": "now"}], "record": {"language": NEEDS["language"]}}
    other.refused("Amend", DENIED, **more)
    other.accept()
    _may_not_tell(other, "FAM-010")


@check("FAM-011", negative=True)
def member_listed_after_the_acceptance(bench: Bench) -> None:
    """Her sister was accepted, and then she names her: nothing more is told."""
    her = survivor(bench)
    other = sister(bench, her)
    other.accept()
    her.newer(**listed({"name": " ".join(HERS.values())}))
    _may_not_tell(other, "FAM-011")


@check("FAM-011", negative=True)
def member_told_by_a_name_that_is_listed(bench: Bench) -> None:
    """The link names her sister as she is called at home. What would be told of her has the name
    that the survivor has listed since."""
    her = survivor(bench)
    other = sister(bench, her)
    other.accept()
    her.newer(**listed({"name": "Otherly Canaryname"}))
    record = {"name": {"firstName": "Otherly", "secondName": "Canaryname"}}
    try:
        other.refused("Disclose", DENIED, **other.content(record))
    except Failed as failed:
        raise Failed(failed.expected, failed.came, by="FAM-011") from None


@check("FAM-012")
def her_no_after_the_acceptance(bench: Bench) -> None:
    """Her sister was accepted: her referral goes on by itself."""
    her = survivor(bench)
    other = sister(bench, her)
    other.accept()
    her.newer(contactFamily="no")
    other.disclose(TOLD)


@check("FAM-013", negative=True)
def members_no_changes_nothing_for_her(bench: Bench) -> None:
    """The sister wants nothing of it, and then takes everything back, wherever it is: nothing more
    comes of the survivor's referral, and it goes on."""
    her = survivor(bench)
    other = sister(bench, her)
    other.ask("Choice", items=[{"number": 1, "wish": "never"}])
    other.came("choice")
    other.ask("Withdraw", withdrawal={"everything": True, "linked": True})
    other.came("withdraw")
    her.accept()
    her.disclose()
    if her.referral.kinds() != ["offer", "disclose"]:
        raise Failed("an offer and a disclosure", her.referral.kinds())


@check("FAM-014", negative=True)
def member_record_with_a_code_that_tells(bench: Bench) -> None:
    """A code in her sister's outcomes says that somebody was trafficked: they don't come."""
    _does_not_tell(sister(bench, survivor(bench)), {"outcomes": {"stigmaCauses": ["trafficking"]}})


@check("FAM-014", negative=True)
def member_record_with_a_category_that_tells(bench: Bench) -> None:
    """What was done to the survivor is written into her sister's record, and her sister's consent
    names it, where the target takes such a consent: it does not come."""
    means = sorted(registries()["means_of_control"])[0]
    telling: Json = {
        "meansOfControl": {"means": [means]},
        "caseworkerNotes": {"handover": "canary of the notes", "language": "en"},
    }
    other = sister(bench, survivor(bench))
    permit = [*PERMIT, "means_of_control", "caseworker_notes"]
    with suppress(Refusal):
        newer = {"consent": other.consent | {"permit": permit}}
        bench.hand.call("Consents.RecordConsent", newer)
    _does_not_tell(other, telling)


def _does_not_tell(other: Case, telling: Json) -> None:
    """The sister is accepted, and this is told with her name: it must not come. Whether the target
    refuses all of it, or sends the name alone, is its own matter.
    """
    other.accept()
    before = len(other.referral.came)
    asked = {"referralId": other.id, **other.content(TOLD | telling)}
    with suppress(Refusal):
        other.bench.hand.call("Referrals.Disclose", asked)
        other.next("disclose", before)
    if other.categories & {"outcomes", "means_of_control", "caseworker_notes"}:
        raise Failed("nothing that tells of trafficking", sorted(other.categories), by="FAM-014")
