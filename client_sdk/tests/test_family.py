"""Family: the survivor's word about her family, and what a member's referral must not tell."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import DAY, NOW, profile
from onward.core import family, spec
from onward.core.clock import stamp
from onward.core.consent import Recipient, decide
from onward.v1.categories_pb2 import CaseRecord, DoNotContact, FamilyAssessment, Name
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.local_pb2 import LinkRequest

SHELTER = Recipient("shelter.np.example", "NP")
RELATIONS = spec.registries()["family_relation"].allowed()


def survivor(*people: tuple[str, str], **changed: Any) -> ConsentRecord:
    """A survivor who lets agreed members be contacted, but not these: (relation, name)."""
    fields: dict[str, Any] = {
        "subject_id": "subject-00000001",
        "subject_kind": "survivor",
        "age_class": "adult",
        "status": "given",
        "contact_family": "only_agreed",
        "valid_from": stamp(NOW - DAY),
        "valid_until": stamp(NOW + DAY),
        "do_not_contact": DoNotContact(
            people=[DoNotContact.Person(relation=kin, name=name) for kin, name in people]
        ),
    }
    return ConsentRecord(**fields | changed)


def member(**changed: Any) -> ConsentRecord:
    """A sister who agreed to be helped."""
    fields: dict[str, Any] = {
        "subject_id": "subject-00000002",
        "subject_kind": "family_member",
        "age_class": "adult",
        "status": "given",
        "purposes": ["family_support"],
        "recipients": [SHELTER.agency],
        "countries": ["NP"],
        "permit": sorted(spec.categories()),
        "valid_from": stamp(NOW - DAY),
        "valid_until": stamp(NOW + DAY),
    }
    return ConsentRecord(**fields | changed)


def link(relation: str = "sibling", name: Name | None = None, **changed: Any) -> LinkRequest:
    """A link to the survivor's referral."""
    return LinkRequest(
        kind="family", referral_id="referral-0001", relation=relation,
        name=name or Name(first_name="Rahela", second_name="Sample"), **changed,
    )  # fmt: skip


def ask(
    survivor_: ConsentRecord | None, member_: ConsentRecord | None = None, **changed: Any
) -> str:
    """Why the link is refused."""
    asked = link(**changed)
    return family.refusal(asked, survivor=survivor_, member=member_ or member(), now=NOW)[0]


def test_a_member_whom_the_survivor_agreed_to() -> None:
    assert ask(survivor()) == ""
    assert ask(survivor(("parent", ""), ("", "Karim Sample-Mia"))) == ""
    assert ask(survivor(), assessment=FamilyAssessment(result="viable_with_support")) == ""


@pytest.mark.parametrize(
    "record",
    [
        None,
        survivor(contact_family=""),
        survivor(contact_family="no"),
        survivor(contact_family="anything"),
        survivor(status="withdrawn"),
        survivor(status="deferred"),
        survivor(valid_until=stamp(NOW)),
        survivor(subject_kind="family_member"),
        survivor(do_not_contact=DoNotContact(all_family=True)),
        survivor(("sibling", "")),
        survivor(("", "rahela  SAMPLE")),
        survivor(("", "Sample, Rahela")),
        survivor(("parent", "Rahela")),
        survivor(("", "Rahela Begum Sample")),
        survivor(("", "")),
    ],
)
def test_her_no_is_one_answer_whatever_kind_of_no_it_is(record: ConsentRecord | None) -> None:
    asked = link()
    answer = family.refusal(asked, survivor=record, member=member(), now=NOW)
    assert answer == ("FAMILY_CONTACT_DENIED", "/link")


@pytest.mark.parametrize(
    "assessment",
    [
        FamilyAssessment(result="not_viable"),
        FamilyAssessment(result="viable", abuser_in_household=True),
    ],
)
def test_a_family_that_is_no_safe_place(assessment: FamilyAssessment) -> None:
    assert ask(survivor(), assessment=assessment) == "FAMILY_NOT_VIABLE"
    # Her no is said first, so the assessment never tells that she said it.
    assert ask(survivor(contact_family="no"), assessment=assessment) == "FAMILY_CONTACT_DENIED"


def test_a_member_has_a_consent_and_a_subject_of_their_own() -> None:
    assert ask(survivor(), member(subject_kind="survivor")) == "CONSENT_SCOPE"
    assert ask(survivor(), member(subject_id="subject-00000001")) == "CONSENT_SCOPE"
    assert ask(survivor(), relation="") == "INVALID_FIELD"


def test_who_has_no_name_here_may_be_the_one_she_named() -> None:
    assert ask(survivor(("sibling", "Karim")), name=Name(salutation="Ms")) != ""
    assert ask(survivor(("", "Karim")), name=Name(salutation="Ms")) != ""
    assert ask(survivor(("parent", "Karim")), name=Name(salutation="Ms")) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("রহিমা খাতুন", "খাতুন  রহিমা"),
        ("Ｒａｈｉｍａ", "rahima"),
        ("Straße", "STRASSE"),
        ("Md. Rahim-Khan", "khan rahim md"),
        ("Ngọc Ánh", unicodedata.normalize("NFD", "ngọc ánh")),
    ],
)
def test_one_name_written_in_two_ways(one: str, other: str) -> None:
    assert family.words(one) == family.words(other)
    assert ask(survivor(("", one)), name=Name(first_name=other)) == "FAMILY_CONTACT_DENIED"


def test_vowel_signs_belong_to_a_word() -> None:
    assert len(family.words("রহিমা খাতুন")) == 2
    assert family.words("রহিম") != family.words("রহিমা")


def test_every_name_that_somebody_goes_by_counts() -> None:
    known = Name(first_name="A", preferred_name="Munni")
    known.other_names.add(full_name="Rokeya Sample")
    for hers in ("Munni", "Rokeya Sample"):
        assert ask(survivor(("", hers)), name=known) == "FAMILY_CONTACT_DENIED"


words = st.lists(st.sampled_from(["rahela", "karim", "sample", "mia", "bibi"]), max_size=4)


@profile(200)
@given(st.sampled_from(["", *RELATIONS]), words, st.sampled_from(RELATIONS), words)
def test_digests_of_names_answer_as_the_names_do(
    her_relation: str, hers: list[str], relation: str, theirs: list[str]
) -> None:
    record = survivor((her_relation, " ".join(hers)))
    known = [one for one in [family.words(" ".join(theirs))] if one]

    def digest(word: str) -> str:
        return hashlib.sha256(word.encode()).hexdigest()

    plain = family.vetoed(record, relation, known)
    hidden = [frozenset(map(digest, one)) for one in known]
    assert family.vetoed(record, relation, hidden, digest) == plain
    # Naming another person too never lets more through.
    record.do_not_contact.people.add(relation="guardian", name="Somebody")
    assert family.vetoed(record, relation, known) >= plain
    if hers and set(hers) <= set(theirs):
        assert plain


# What a member's referral must not tell


def decisions(record: CaseRecord, consent: ConsentRecord) -> dict[str, str]:
    """Reason for each category of a record."""
    found = decide(
        consent, recipient=SHELTER, purpose="family_support", stage="disclosure",
        categories=[f.name for f, _ in record.ListFields()], now=NOW,
        telling=family.telling(record),
    )  # fmt: skip
    return {name: one.reason for name, one in found.items()}


@pytest.mark.parametrize("category", sorted(spec.categories()))
def test_no_category_of_trafficking_is_permitted_whatever_permits_it(category: str) -> None:
    found = decide(
        member(), recipient=SHELTER, purpose="family_support", stage="disclosure",
        categories=[category], now=NOW,
    )[category]  # fmt: skip
    tells = family.consents.shows_trafficking(category)
    assert (found.reason == "family_member") == tells
    if tells:
        assert (found.permitted, found.line) == (False, "")


def test_which_categories_show_it() -> None:
    tells = {one for one in spec.categories() if family.consents.shows_trafficking(one)}
    assert {
        "exploitation_type", "exploitation_detail_narrative", "means_of_control", "recruitment",
        "exploitation_location", "identification_status", "criminal_justice_history",
        "case_proceedings", "immigration_status", "safety_risk",
        # Free text that may speak of them.
        "survivor_own_words", "caseworker_notes",
    } <= tells  # fmt: skip
    assert not tells & {c.id for c in spec.categories().values() if c.offer}
    assert "name" not in tells


def test_a_code_that_tells_withholds_its_category() -> None:
    record = CaseRecord()
    record.outcomes.ratings.add(domain="safety", rater="agency", indicator="retrafficked")
    record.needs_services.items.add(number=1, service_type="childcare", wish="now")
    assert family.telling(record) == {"outcomes"}
    assert decisions(record, member()) == {
        "outcomes": "family_member",
        "needs_services": "permitted",
    }
    record.needs_services.items.add(number=2, service_type="victim_status_support", wish="now")
    assert decisions(record, member())["needs_services"] == "family_member"
    plain = member(subject_kind="survivor")
    assert decisions(record, plain)["needs_services"] == "permitted"


def test_what_cannot_be_told_apart_is_a_members() -> None:
    record = CaseRecord()
    record.exploitation_type.types.append(spec.registries()["exploitation_type"].allowed()[0])
    for kind in ("", "cousin"):
        assert decisions(record, member(subject_kind=kind))["exploitation_type"] == "family_member"


def test_a_members_consent_names_nothing_that_tells() -> None:
    assert family.fault(member(permit=["name", "children"])) == ("", "")
    assert family.fault(member(permit=["name", "means_of_control"])) == (
        "INVALID_FIELD", "permit/1",
    )  # fmt: skip
    assert family.fault(member(permit=["caseworker_notes"]))[1] == "permit/0"
    shown = member(permit=[], purposes=["family_support", "survivor_storytelling"])
    assert family.fault(shown) == ("INVALID_FIELD", "purposes/1")
    shown.subject_kind = "survivor"
    assert family.fault(shown) == ("", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBrien"),
        ("O\u2019Brien", "o'brien"),
        ("Jos\u00e9", "Jose"),
        ("\u0995\u09cd\u200d\u09af", "\u0995\u09cd\u09af"),
        ("sam\u00adple", "sample"),
        ("\u0645\u062d\u0640\u0645\u062f", "\u0645\u062d\u0645\u062f"),
        ("\u0645\u064f\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f"),
        ("Anne-Marie", "anne  marie"),
    ],
    ids=str.__repr__,
)
def test_accents_and_unseen_marks_make_no_other_name(one: str, other: str) -> None:
    assert family.words(one) == family.words(other)


def test_two_names_that_differ_by_a_vowel_stay_two() -> None:
    assert family.words("\u0995\u09be\u09b2\u09be") != family.words("\u0995\u09b2\u09be")
