"""Family: who may be contacted at all. The survivor's wish goes before every other."""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.network import Json
from onward_conformance.relatives import HERS, link, listed, member, refused, survivor
from onward_conformance.results import Failed

DENIED = "FAMILY_CONTACT_DENIED"


@check("FAM-003", negative=True)
def family_link_by_a_survivors_consent(bench: Bench) -> None:
    """The consent is not a family member's."""
    her = survivor(bench)
    refused(bench, member(bench, subjectKind="survivor"), link(her), "CONSENT_SCOPE")


@check("FAM-003", negative=True)
def family_link_of_the_survivor_to_herself(bench: Bench) -> None:
    """Both consents are of one subject."""
    her = survivor(bench)
    same = member(bench, subjectId=her.consent["subjectId"])
    refused(bench, same, link(her), "CONSENT_SCOPE")


@check("FAM-004", negative=True)
def family_member_without_a_link(bench: Bench) -> None:
    """Nobody could ask what the survivor says of it."""
    refused(bench, member(bench), None, "CONSENT_SCOPE")


@check("FAM-004", negative=True)
def family_member_with_a_link_of_another_kind(bench: Bench) -> None:
    """It takes up the survivor's own referral, which has no family link."""
    resumed = {"kind": "resumes", "referralId": survivor(bench).id}
    refused(bench, member(bench), resumed, "CONSENT_SCOPE")


@check("FAM-005", negative=True)
def family_of_whom_nobody_has_asked_her(bench: Bench) -> None:
    """Silence is no."""
    her = survivor(bench, contactFamily="no")
    refused(bench, member(bench), link(her), DENIED)
    her.consent.pop("contactFamily")
    her.newer()
    refused(bench, member(bench), link(her), DENIED)


@check("FAM-005", negative=True)
def family_after_her_newer_no(bench: Bench) -> None:
    """She let them be contacted, and then takes her consent back: the newest version counts."""
    her = survivor(bench)
    her.newer(status="withdrawn")
    refused(bench, member(bench), link(her), DENIED)


@check("FAM-006", "FAM-005", negative=True)
def member_on_her_list(bench: Bench) -> None:
    """Whom she named is not contacted, and the answer is that of any other no."""
    here = {"relation": "sibling", "name": " ".join(HERS.values())}
    her = survivor(bench, **listed(here))
    found = refused(bench, member(bench), link(her), DENIED)
    her.newer(contactFamily="no", doNotContact={})
    if (other := refused(bench, member(bench), link(her), DENIED)) != found:
        raise Failed(f"the same answer, {other}", found)


def _named(how: str, about: str, written: str, **known: Any) -> None:
    """A check that a name which she wrote like this is the sister's."""

    def run(bench: Bench) -> None:
        her = survivor(bench, **listed({"name": written}))
        refused(bench, member(bench), link(her, **known), DENIED, by="FAM-006")

    run.__name__ = f"listed_name_{how}"
    run.__doc__ = f"She wrote the name otherwise: {about}."
    check("FAM-007", negative=True)(run)


_named("in_another_order", "its words stand in another order", "D'Souza Canarysister")
_named("in_capitals", "in capitals", "CANARYSISTER D'SOUZA")
_named("in_wide_letters", "in letters of another width", "\uff23\uff41\uff4e\uff41ry\uff53ister")
_named("with_accents", "with accents", "C\u00e1narysist\u0113r")
_named("with_points", "with points and dashes", "-- Canarysister, D'Souza.")
_named("without_its_apostrophe", "without the apostrophe in a word", "DSouza")
_named("with_what_is_not_seen", "with characters that nobody sees", "Canary\u200dsister")
_named("in_part", "only a part of it", "Canarysister")
_named("as_a_part", "more than is known of her", "Canarysister Mary D'Souza",
       name={"firstName": "Canarysister"})  # fmt: skip


@check("FAM-008", negative=True)
def relation_on_her_list(bench: Bench) -> None:
    """She named nobody, but every sister: the relation decides."""
    her = survivor(bench, **listed({"relation": "sibling"}))
    refused(bench, member(bench), link(her), DENIED, by="FAM-006")


@check("FAM-008", negative=True)
def member_whose_name_is_not_known(bench: Bench) -> None:
    """She named a sister, and nobody knows this one's name: it may be her."""
    her = survivor(bench, **listed({"relation": "sibling", "name": "Othersister"}))
    refused(bench, member(bench), link(her, name=None), DENIED, by="FAM-006")


def _not_viable(name: str, about: str, **found: Any) -> None:
    """A check of a family that is no place to live."""

    def run(bench: Bench) -> None:
        said: Json = {"assessment": {"result": "viable"} | found}
        refused(bench, member(bench), link(survivor(bench), **said), "FAMILY_NOT_VIABLE")

    run.__name__ = name
    run.__doc__ = f"The family was assessed: {about}."
    check("FAM-009", negative=True)(run)


_not_viable("family_that_is_not_viable", "it is not viable", result="not_viable")
_not_viable("family_with_an_abuser", "an abuser lives there", abuserInHousehold=True)
