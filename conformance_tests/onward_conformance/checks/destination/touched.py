"""Text that says what it touches: it goes with each of these, and not only with itself."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.withdrawn import readable, some, unreadable
from onward_conformance.network import Json
from onward_conformance.referral import part
from onward_conformance.results import Failed
from onward_conformance.road import accepted, content, give

STORY = "exploitation_detail_narrative"
TOLD: Json = {"narrative": "Sample.", "language": "en"}
TOUCHED = ("recruitment", "mental_health")
"""Two that her story names: not the most sensitive, and one that is."""


@check("WDRW-013", negative=True)
def story_goes_with_what_it_names(bench: Bench) -> None:
    """Her story names among what it touches how she was recruited, and her health: whichever of
    them she takes back, it goes too, and her name stays.
    """
    for category in TOUCHED:
        referral = accepted(bench)
        grant = referral.grant([STORY, "name"])
        parts = [part("grant", grant), part(STORY, TOLD), part("name", content("name"))]
        said = give(bench, referral, "disclose", parts, grantId=grant["grantId"])
        found = readable(bench, referral)
        if said.get("refused") or "exploitationDetailNarrative" not in found:
            raise Failed("her story to be readable", sorted(found), by="GRNT-010")
        give(bench, referral, "withdraw", **some(category))
        unreadable(bench, referral, "exploitationDetailNarrative", by="WDRW-013")
        if "name" not in readable(bench, referral):
            raise Failed("the name to be readable", "it is gone", by="WDRW-009")
