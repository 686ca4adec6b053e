"""A part and its grant: in one envelope in any order, and in two envelopes the grant first."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.withdrawn import readable
from onward_conformance.jose import part_digest
from onward_conformance.network import Json
from onward_conformance.referral import Referral, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import NAME, accepted


def _disclosure(referral: Referral) -> tuple[str, Json, Json]:
    """An entry that binds a grant and a name, and the two."""
    given = referral.grant(["name"])
    grant, name = part("grant", given), part("name", NAME)
    return referral.write("disclose", [grant, name], grantId=given["grantId"]), grant, name


@check("DLV-060", negative=True)
def grant_that_comes_after_its_part(bench: Bench) -> None:
    """A part comes without its grant and is refused: that is final, also when the grant comes."""
    referral = accepted(bench)
    token, grant, name = _disclosure(referral)
    wanted = [{"digest": part_digest(name), "reason": "no_grant"}]
    said = bench.taken(referral.envelope(referral.bundle([token], [name])))
    if said.get("refused") != wanted:
        raise Failed(f"refused {spelled(wanted)}", said.get("refused"), by="GRNT-010")
    if bench.taken(referral.envelope(referral.bundle([], [grant]))).get("refused"):
        raise Failed("the grant to be taken", "a refusal", by="DLV-061")
    for parts in ([name], [grant, name]):
        said = bench.taken(referral.envelope(referral.bundle([], parts)))
        if said.get("refused") != wanted:
            raise Failed(f"refused {spelled(wanted)}", said.get("refused"), by="DLV-060")
    if "name" in readable(bench, referral):
        raise Failed("the refused name not to be read", "it is", by="DLV-063")


@check("GRNT-010")
def part_that_stands_before_its_grant(bench: Bench) -> None:
    """In one envelope the order of the parts says nothing: the grant is taken first."""
    referral = accepted(bench)
    token, grant, name = _disclosure(referral)
    said = bench.taken(referral.envelope(referral.bundle([token], [name, grant])))
    if said.get("refused") or "name" not in readable(bench, referral):
        raise Failed("the name to be taken", said.get("refused"))
