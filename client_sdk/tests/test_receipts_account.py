"""The account of disclosures, in every language and form."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, strategies as st

from onward import receipts
from onward.core.parse import parse
from onward.receipts import disclosures as accounts, words
from onward.receipts.words import load
from onward.v1.consents_local_pb2 import Disclosure, ListDisclosuresResponse
from receipt_samples import DESTINATION, DETAILS, LATER, NOW, ORIGIN, disclosures

LANGUAGES = words.languages()


def made(form: str, language: str = "en") -> str:
    given = receipts.account(disclosures(), now=NOW, language=language, form=form, details=DETAILS)
    return given.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_received_what_and_what_became_of_it(language: str) -> None:
    said, text = load(language), made("text", language)
    days = {"date": "2026-11-22", "until": "2027-05-03"}
    assert "Ministry of Samples" in text
    assert "Sample House" in text
    for registry, code in [
        ("category", "name"), ("category", "physical_health"), ("category", "language"),
        ("consent_purpose", "service_delivery"), ("consent_purpose", "health_emergency"),
        ("legal_basis", "consent"), ("legal_basis", "vital_interest"),
        ("keeping_law", "medical_records"),
    ]:  # fmt: skip
        assert said.label(registry, code) in text, code
    assert all(day in text for day in days.values())
    sex, name = said.label("category", "sex"), said.label("category", "name")
    both = said.comma.join((name, said.label("category", "physical_health")))
    assert said.say("account_refused", categories=sex) in text
    assert said.say("account_withdrawn", date=said.day(NOW), categories=both) in text
    waits = {"agency": "Ministry of Samples", "days": "12", "date": said.day(LATER)}
    assert said.say("account_waiting", **waits) in text
    assert text.count(said.say("account_not_arrived")) == 1
    assert said.say("review_note") in text
    assert load("en").say("review_note") in text
    assert not re.search(r"[{}]", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_was_given(language: str) -> None:
    text = receipts.account([], now=NOW, language=language).decode()
    assert load(language).say("account_none") in text


def test_the_table_has_every_fact() -> None:
    first, second = csv.DictReader(io.StringIO(made("csv")))
    assert tuple(first) == accounts.COLUMNS
    when = "2026-11-22T09:00:00Z"
    assert first["date"] == first["received"] == when
    assert (first["sender"], first["recipient"]) == (ORIGIN, DESTINATION)
    assert first["categories"] == "name physical_health sex"
    assert (first["purposes"], first["basis"]) == ("service_delivery", "consent")
    assert (first["refused"], first["withdrawn"]) == ("sex", f"{when} name physical_health")
    assert first["certified"] == f"{when} {DESTINATION} {when} 2027-05-03T09:00:00Z"
    assert first["waiting"] == f"{when} {ORIGIN} 12"
    assert first["kept"] == (
        f"{when} {DESTINATION} physical_health medical_records IN 2027-05-03T09:00:00Z"
    )
    assert (first["referral"], first["version"], first["grant"]) == (
        "referral-0001", "2", "grant-0001",
    )  # fmt: skip
    assert (second["received"], second["version"], second["consent"]) == ("", "", "basis-0001")


def test_a_random_id_is_no_formula() -> None:
    """An id may begin with a dash, which a spreadsheet takes for the beginning of a formula."""
    first = next(csv.DictReader(io.StringIO(made("csv"))))
    assert first["consent"] == "'-consent-0001"


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(text: str) -> None:
    made = accounts.harmless(text)
    assert made in (text, f"'{text}")
    assert made[:1] not in tuple("=+-@\t\r\n")


def test_for_another_machine() -> None:
    read = parse(ListDisclosuresResponse, made("json").encode())
    assert list(read.disclosures) == disclosures()


def test_other_forms() -> None:
    with pytest.raises(ValueError, match="text, pdf, csv, json"):
        receipts.account([], now=NOW, form="minimal")


def test_an_account_from_an_entry_alone() -> None:
    """What came back after a restore has neither purpose nor basis."""
    one = disclosures()[0]
    bare = Disclosure(
        referral_id=one.referral_id, sender=ORIGIN, recipient=DESTINATION, time=one.time,
        categories=["sex"],
    )  # fmt: skip
    text = receipts.account([bare], now=NOW).decode()
    assert "Why it was allowed" not in text
    assert "What for" not in text
    assert next(csv.DictReader(io.StringIO(
        receipts.account([bare], now=NOW, form="csv").decode()
    )))["basis"] == ""  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_destroyed_is_said_only_of_what_was(language: str) -> None:
    """Under a legal hold some of it, or all of it, is locked and not destroyed."""
    said, listed = load(language), disclosures()[:1]
    certified = listed[0].holders[0]

    def line(*names: str) -> str:
        return said.say(
            "account_certified", agency="Sample House", date=said.day(NOW), until=said.day(LATER),
            categories=said.several("category", names),
        )  # fmt: skip

    def text() -> str:
        return receipts.account(listed, now=NOW, language=language, details=DETAILS).decode()

    assert line("name") in text()
    certified.kept.add(
        category="name", law="legal_hold", country="IN", until=certified.copies_until
    )
    assert said.label("keeping_law", "legal_hold") in text()
    start = line("").split(said.day(NOW))[0]
    assert start not in text(), "nothing was"


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_one_referral_it_does_not_say_that_it_is_all(language: str) -> None:
    said = load(language)
    text = receipts.account(disclosures(), now=NOW, language=language, one_referral=True).decode()
    assert said.say("account_intro_one") in text
    assert said.say("account_intro") not in text
