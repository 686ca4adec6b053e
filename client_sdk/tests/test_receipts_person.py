"""What stands on the receipt, in every language and form, and what must never stand on one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from onward import receipts
from onward.core import spec
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.receipts import Details, words
from onward.receipts.words import load
from receipt_samples import (
    DESTINATION,
    DETAILS,
    LATER,
    NOW,
    ORIGIN,
    WAY_BACK,
    consent,
    everything,
)  # fmt: skip

YEAR = timedelta(days=365)
LANGUAGES = words.languages()


def text(language: str = "en", form: str = "text", **changes: object) -> str:
    made = receipts.render(
        consent(**changes), now=NOW, language=language, form=form, details=DETAILS
    )
    return made.decode()


@pytest.mark.parametrize("form", ["text", "script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_a_person_has_to_know(language: str, form: str) -> None:
    said, made = load(language), text(language, form)
    for name in ("Ministry of Samples", "Sample House", "+8801700000001", "1018 0305 46466"):
        assert name in made
    for date in ("2026-11-22", "2027-05-03", "45", "Rc7Qm2x9TtYw0aLk"):
        assert date in made
    for registry, code in [
        ("consent_purpose", "service_delivery"), ("consent_purpose", "legal_aid"),
        ("category", "name"), ("category", "sex"),
        ("service_type", "mental_health"), ("service_type", "legal"),
        ("onward_sharing", "none"), ("feedback_level", "status_only"),
        ("contact_channel", "text_message"), ("contact_family", "no"),
        ("withdrawal_method", "any_agency"), ("withdrawal_method", "phone"),
        ("withdrawal_method", "way_back"), ("on_withdrawal", "delete"), ("country", "IN"),
    ]:  # fmt: skip
        assert said.label(registry, code) in made, code
    for key in ("deny_rest", "take_back_when", "take_back_why", "take_back_help", "complain_line"):
        assert said.say(key) in made


@pytest.mark.parametrize("form", ["text", "script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_that_nobody_has_checked_the_words_stands_on_it_twice(language: str, form: str) -> None:
    made = text(language, form)
    assert load(language).say("review_note") in made
    assert load("en").say("review_note") in made
    assert made.count(load("en").say("review_note")) == 1


@pytest.mark.parametrize("form", ["text", "script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_blank_and_no_code_is_left(language: str, form: str) -> None:
    made = receipts.render(
        everything(), now=NOW, language=language, form=form, details=DETAILS
    ).decode()
    assert not re.search(r"[{}]", made)
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", made), "a code in place of a word"


def section(made: str, heading: str, end: str) -> str:
    return made.split(f"\n{heading}\n", 1)[1].split(f"\n{end}\n", 1)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_beats_yes(language: str) -> None:
    said = load(language)
    made = text(language, permit=["name", "hiv"], deny=["hiv"])
    may = section(made, said.say("permit"), said.say("deny"))
    assert said.label("category", "name") in may
    assert said.label("category", "hiv") not in may
    assert said.label("category", "hiv") not in made


@pytest.mark.parametrize("form", ["text", "minimal"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_does_not_tell_what_she_keeps_to_herself(language: str, form: str) -> None:
    """Found on her, "you said no to: care to do with HIV" would tell just that."""
    said, secret = load(language), [one.id for one in spec.categories().values()]
    kept = [one for one in secret if one not in ("name", "sex", "language", "grant")]
    made = text(language, form, deny=kept, services=[])
    assert not [one for one in kept if f"- {said.label('category', one)}\n" in made]
    if form == "text":
        assert said.say("deny_count", count=str(len(kept))) in made
        assert said.say("deny_ask") in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_hears_it_is_told_what_she_denied(language: str) -> None:
    assert load(language).label("category", "hiv") in text(language, "script")


def test_what_nobody_said_yes_to() -> None:
    made = text(
        permit=[], deny=[], recipients=[], countries=[], may_contact=[], services=[],
        storage_countries=[], purposes=[], contact_family="",
    )  # fmt: skip
    assert made.count("  - Nothing\n") == 2
    assert "  - Nobody\n" in made
    assert "May they contact you?\n  - No.\n" in made
    assert "No, nobody in the family" in made
    for heading in ("said no to", "Only in", "Help of these kinds", "kept only in"):
        assert heading not in made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["withdrawn", "suspended", "refused", "expired"])
def test_what_is_not_in_force_says_so(language: str, status: str) -> None:
    said = load(language)
    line = said.say("not_in_force", status=said.label("consent_status", status))
    assert line not in text(language)
    for form in ("text", "script"):
        made = text(language, form, status=status, recorded_at=stamp(LATER))
        assert line in made
        assert said.say("over_since", date=said.day(LATER)) in made
        for key in ("over_title", "take_back_help", "over_later", "complain_line", "see_line"):
            assert said.say(key) in made, key
        for key in ("title", "permit", "deny", "until", "take_back_when"):
            assert f"{said.say(key)}\n" not in made, key
        for code in ("name", "sex", "hiv"):
            assert f"- {said.label('category', code)}\n" not in made
        assert "Sample House" not in made
    hello = said.say("script_hello_over")
    assert hello in made
    assert hello not in text(language, "script")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_yes_that_is_over_is_none(language: str) -> None:
    """Also where nobody has written it down: it ends by itself, and a child comes of age."""
    said = load(language)

    def made(**changes: object) -> str:
        one = consent(recorded_at=stamp(NOW), **changes)
        return receipts.render(one, now=LATER, language=language, details=DETAILS).decode()

    over = made()
    status = said.label("consent_status", "expired")
    assert said.say("not_in_force", status=status) in over
    assert said.say("over_since", date=said.day(LATER)) in over
    of_age = made(age_class="child", adult_on="2027-01-01", valid_until=stamp(LATER + YEAR))
    status = said.label("consent_status", "suspended")
    assert said.say("not_in_force", status=status) in of_age
    assert said.say("over_since", date=said.day(NOW)) not in of_age
    for text in (over, of_age):
        assert f"{said.say('permit')}\n" not in text


@pytest.mark.parametrize("form", ["text", "script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_being_asked_has_not_answered(language: str, form: str) -> None:
    said, made = load(language), text(language, form, status="requested")
    assert said.say("asked_open", agency="Ministry of Samples") in made
    assert said.say("asked", agency="Ministry of Samples", date=said.day(NOW)) not in made


@pytest.mark.parametrize("form", ["text", "script", "minimal"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_number_of_the_receipt_can_be_read_aloud(language: str, form: str) -> None:
    assert "1018 0305 4649" in text(language, form, receipt_id="101803054649")


def test_who_spoke_for_her() -> None:
    assert "Parent or guardian" in text(given_by="guardian")
    assert "answered for you" not in text()


def test_any_agency_always_takes_it_back() -> None:
    """Nobody is sent away, whatever ways a record names."""
    made = text(withdrawal_methods=["phone"])
    assert "Tell any agency" in made
    assert "With the number on your card" not in made
    assert text(withdrawal_methods=["any_agency"]).count("Tell any agency") == 1


def test_nobody_to_complain_to_is_no_line() -> None:
    assert "Complain to: Ministry of Samples." in text()
    made = text(complaint_to="")
    assert "You can complain." in made
    assert "Complain to" not in made


def test_without_what_the_agency_adds() -> None:
    made = receipts.render(consent(receipt_id=""), now=NOW).decode()
    assert ORIGIN in made
    assert DESTINATION in made
    assert "consent-0001" in made
    assert "Telephone:" not in made
    assert "Your number:" not in made


# To be read aloud.


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_asks_whether_it_was_understood(language: str) -> None:
    said, made = load(language), text(language, "script")
    asked = [one for one in made.splitlines() if one.startswith("? ")]
    keys = ("script_ready", "script_who", "script_what", "script_back", "script_free")
    assert asked == [f"? {said.say('script_ask', question=said.say(key))}" for key in keys]
    lines = made.splitlines()
    pause = said.say("script_pause")
    assert all(lines[at + 1] == pause for at, one in enumerate(lines) if one.startswith("? "))
    assert lines.count(pause) > 12
    assert said.say("intro") not in made, "there is no paper to keep"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_aloud_is_short(language: str) -> None:
    for key, sentence in load(language).text.items():
        if not key.startswith("account") and key not in ("script_before", "script_wrong"):
            assert len(sentence) <= 125, key


def test_a_question_comes_after_what_it_asks_about() -> None:
    made = text(form="script")
    order = [
        "Sample House", "who may receive something", "You said no to this",
        "What may they not know?", "take this back at any time", "if you change your mind?",
    ]  # fmt: skip
    places = [made.index(one) for one in order]
    assert places == sorted(places)


# Safe to be found on her.


NEUTRAL = {
    "en": ("No.", "Tel."),
    "bn": ("নং", "টেলি."),
    "fil": ("Blg.", "Tel."),
    "hi": ("नं.", "टेली."),
    "km": ("លេខ", "ទូរ."),
    "my": ("အမှတ်", "ဖုန်း"),
    "th": ("เลขที่", "โทร."),
}
"""All words that the minimal form may have: number, and telephone. Whoever adds one must find that
it can stand on a scrap of paper in her pocket.
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_minimal_form_holds_numbers_only(language: str) -> None:
    made = receipts.render(
        everything(), now=NOW, language=language, form="minimal", details=DETAILS
    )
    said = load(language)
    lines = made.decode().splitlines()
    assert lines == [
        said.say("minimal_reference", reference="Rc7Qm2x9TtYw0aLk"),
        said.say("minimal_telephone", telephone="+8801700000001"),
        "1018 0305 46466",
    ]
    rest = made.decode()
    for number in ("Rc7Qm2x9TtYw0aLk", "+8801700000001", "1018 0305 46466"):
        rest = rest.replace(number, "")
    assert set(rest.split()) == set(NEUTRAL[language])
    for name in (*DETAILS.names, *DETAILS.names.values(), "onward", "consent", "receipt"):
        assert name.lower() not in made.decode().lower()


def test_the_minimal_form_leaves_out_what_is_not_given() -> None:
    made = receipts.render(consent(), now=NOW, form="minimal").decode()
    assert made == "No. Rc7Qm2x9TtYw0aLk\n"
    known = Details(way_back=WAY_BACK)
    made = receipts.render(consent(), now=NOW, form="minimal", details=known).decode()
    assert made.splitlines()[1:] == ["1018 0305 46466"]


# What can't be done.


def test_other_forms_and_languages() -> None:
    with pytest.raises(ValueError, match="text, pdf, script, minimal"):
        receipts.render(consent(), now=NOW, form="docx")
    with pytest.raises(ValueError, match="there are: en"):
        receipts.render(consent(), now=NOW, language="fr")


def test_a_way_back_that_cannot_be_one() -> None:
    with pytest.raises(Refused, match="INVALID_FIELD"):
        receipts.render(consent(), now=NOW, details=Details(way_back="1018030546467"))
