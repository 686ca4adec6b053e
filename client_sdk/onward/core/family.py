"""Family: when a member of a survivor's family may be contacted, and what that must not tell.

The survivor's wish goes before every other. Her yes is asked for, never assumed, and whom she
names as not to be contacted is not contacted, whatever else is agreed (docs/spec.md, section
Family; domain.md R084 to R087 and 8b.4).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime

from google.protobuf.message import Message

from onward.core import consent as consents, messages, spec
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.categories_pb2 import Name
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.local_pb2 import LinkRequest

Words = frozenset[str]
"""The words of one name, without their order; or digests that stand for them."""

MEMBER = "family_member"


def words(name: str) -> Words:
    """The words of a name, so that writing it otherwise does not make it another name.

    Compatible letters, case, accents, punctuation, what can't be seen and the order of the words
    make no difference. Too much that looks alike is better than one call to whom she fears.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    letters = (c for c in unicodedata.normalize("NFKD", plain) if not _dropped(c))
    # By category, not by \\w: vowel signs of many scripts are marks, and belong to the word.
    kept = ("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in letters)).split()
    return frozenset(kept)


APOSTROPHES = frozenset("'’‘ʼ`´")
STRETCH = "\u0640"
"""Arabic tatweel, which only makes a word longer."""

VIRAMA = 9
"""Combining class of the sign that takes a vowel away: it makes another word."""


def _dropped(char: str) -> bool:
    """Whether a character makes no other name: unseen, an accent, or within a word."""
    accent = unicodedata.combining(char) not in (0, VIRAMA)
    return accent or unicodedata.category(char) == "Cf" or char in APOSTROPHES or char == STRETCH


def names(name: Name) -> list[Words]:
    """Every name that a person goes by."""
    whole = " ".join((name.first_name, name.middle_name, name.second_name))
    said = [whole, name.preferred_name, *(one.full_name for one in name.other_names)]
    return [found for found in map(words, said) if found]


def _same(one: Words, other: Words) -> bool:
    """Whether two names may be one person's. A part of a name stands for the whole."""
    return bool(one and other) and (one <= other or other <= one)


def vetoed(
    survivor: ConsentRecord,
    relation: str,
    known: Iterable[Words],
    digest: Callable[[str], str] = str,
) -> bool:
    """Whether the survivor named this person among those who must not be contacted.

    `known` are the person's names, none if they are not known; `digest` is what their words went
    through. An entry that can't be told apart from this person is about this person.
    """
    found = list(known)
    for person in survivor.do_not_contact.people:
        kin = not relation or not person.relation or person.relation == relation
        wanted = frozenset(map(digest, words(person.name)))
        if not wanted or not found:
            # No name to tell them apart by: the relation decides.
            if kin:
                return True
        elif any(_same(wanted, one) for one in found):
            return True
    return False


def permitted(survivor: ConsentRecord | None, now: datetime) -> bool:
    """Whether the survivor lets members of her family be contacted at all. Silence is no."""
    return (
        survivor is not None
        and not consents.standing(survivor, now)
        and survivor.subject_kind == "survivor"
        and survivor.contact_family == "only_agreed"
        and not survivor.do_not_contact.all_family
    )


EXPECTED = {
    "permit": "for a family member no category that shows trafficking",
    "purposes": "for a family member no purpose that shows trafficking",
}
"""What a family member's record must hold in the fields that `fault` refuses."""


def refusal(
    link: LinkRequest,
    *,
    survivor: ConsentRecord | None,
    member: ConsentRecord | OtherBasis,
    now: datetime,
) -> tuple[str, str]:
    """Why a referral can't be linked to the survivor's: reason and pointer; empty if it can.

    No permission and a name on her list are answered alike: the answer never tells which.
    """
    if member.subject_kind != MEMBER:
        return "CONSENT_SCOPE", "/link"
    if survivor is not None and survivor.subject_id == member.subject_id:
        return "CONSENT_SCOPE", "/link"
    if not link.relation:
        return "INVALID_FIELD", "/link/relation"
    if survivor is None or not permitted(survivor, now):
        return "FAMILY_CONTACT_DENIED", "/link"
    if vetoed(survivor, link.relation, names(link.name)):
        return "FAMILY_CONTACT_DENIED", "/link"
    if link.assessment.result == "not_viable" or link.assessment.abuser_in_household:
        return "FAMILY_NOT_VIABLE", "/link/assessment"
    return "", ""


def telling(record: Message) -> frozenset[str]:
    """Categories of a record that hold a code by which trafficking shows."""
    return frozenset(name for name, message in messages.split(record) if _tells(message))


def _tells(message: Message) -> bool:
    for field, value in message.ListFields():
        many = value if spec.repeated(field) else [value]
        codes = spec.rule(field).codes
        if codes:
            registry = spec.registries()[codes].codes
            if any(one in registry and registry[one].trafficking for one in many):
                return True
        elif field.message_type is not None and any(map(_tells, many)):
            return True
    return False


def fault(consent: ConsentRecord) -> tuple[str, str]:
    """Why the consent of a family member can't be kept: reason and field; empty if it can.

    Neither what it permits nor what it is for may show that somebody was trafficked: both would
    stand in the grant.
    """
    if consent.subject_kind != MEMBER:
        return "", ""
    for index, category in enumerate(consent.permit):
        if consents.shows_trafficking(category):
            return "INVALID_FIELD", f"permit/{index}"
    purposes = spec.registries()["consent_purpose"].codes
    for index, purpose in enumerate(consent.purposes):
        if purpose in purposes and purposes[purpose].trafficking:
            return "INVALID_FIELD", f"purposes/{index}"
    return "", ""
