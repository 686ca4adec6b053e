"""For which grant the id in an entry stands: the log says so, and not the order of what comes."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.jose import part_digest
from onward_conformance.network import Json
from onward_conformance.referral import Referral, identifier, part
from onward_conformance.results import Failed
from onward_conformance.road import NAME, accepted, content, give, opened


def _two_of_one_id(bench: Bench) -> tuple[Referral, list[Json], list[Json]]:
    """Two disclosures whose entries are there and name one id, and the parts of each: a narrow
    grant with a nationality, then a wide one with a name.
    """
    referral = accepted(bench)
    narrow = referral.grant(["nationality"])
    wide = narrow | {"categories": ["name", "nationality"]}
    first = [part("grant", narrow), part("nationality", content("nationality"))]
    second = [part("grant", wide), part("name", NAME)]
    tokens = [_written(referral, one, narrow["grantId"]) for one in (first, second)]
    bench.taken(referral.envelope(referral.bundle(tokens)))
    return referral, first, second


def _written(referral: Referral, parts: list[Json], name: str) -> str:
    """A disclosure of these parts, whose entry names this id."""
    return referral.write("disclose", parts, grantId=name)


def _came(bench: Bench, referral: Referral, parts: list[Json]) -> list[str]:
    """Why each of these parts is refused; empty for one that is not."""
    said = bench.taken(referral.envelope(referral.bundle([], parts)))
    found = {one["digest"]: one["reason"] for one in said.get("refused", [])}
    return [found.get(part_digest(one), "") for one in parts]


@check("GRNT-016", negative=True)
def second_grant_of_one_id(bench: Bench) -> None:
    """Two grants of one id come together: the first in the log counts, and the other is none."""
    referral, first, second = _two_of_one_id(bench)
    found = _came(bench, referral, [*second, *first])
    if found != ["invalid", "beyond_grant", "", ""]:
        raise Failed("the wide grant invalid, the name beyond the other", found)


@check("GRNT-016", negative=True)
def second_grant_of_one_id_that_comes_first(bench: Bench) -> None:
    """The wide grant comes before the one that the log names first: it is none all the same."""
    referral, first, second = _two_of_one_id(bench)
    found = _came(bench, referral, second)
    if found != ["invalid", "no_grant"]:
        raise Failed("the wide grant invalid, the name without one", found)
    if any(left := _came(bench, referral, first)):
        raise Failed("the parts of the first entry taken", left)
    if "name" in opened(bench, referral):
        raise Failed("the refused name not to be read", "it is", by="DLV-063")


@check("GRNT-016")
def grant_that_comes_again_as_it_was(bench: Bench) -> None:
    """A second entry names the grant of the first, and brings the same part once more."""
    referral = accepted(bench)
    given = referral.grant(["name", "nationality"])
    grant = part("grant", given)
    for one in (part("nationality", content("nationality")), part("name", NAME)):
        said = give(bench, referral, "disclose", [grant, one], grantId=given["grantId"])
        if said.get("refused"):
            raise Failed("all parts to be taken", said["refused"])


@check("GRNT-010", negative=True)
def grant_that_its_entry_does_not_name(bench: Bench) -> None:
    """The entry names another id than its grant has."""
    referral = accepted(bench)
    grant = referral.grant(["name"])
    parts = [part("grant", grant), part("name", NAME)]
    bench.taken(referral.envelope(referral.bundle([_written(referral, parts, identifier())])))
    found = _came(bench, referral, parts)
    if found != ["invalid", "no_grant"]:
        raise Failed("the grant invalid, the name without one", found)
