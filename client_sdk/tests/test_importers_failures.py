"""Failures that other bridges between case systems have shown (domain.md T4, T6, T20)."""

from __future__ import annotations

from pathlib import Path

import pytest

from importing import CONSENT, WISH, only, texts, write_csv, write_xlsx
from onward.importers import Import, read_folder

ARUNA = {
    "prs_FirstName": "Aruna",
    "prs_SecondName": "Sample-Dey",
    "prs_Birthdate": "1996-05-04",
    "prs_IdentityNumber": "",
    "identity_document.papers.kind": "",
}
PASSPORT = {"identity_document.papers.kind": "passport", "prs_IdentityNumber": "AB 123"}


def sheet(folder: Path, *rows: dict[str, str]) -> Import:
    """What an import of these rows gives; each has a case number of its own, and a consent."""
    numbers = [f"C-{n}" for n in range(1, len(rows) + 1)]
    full = [{"case_number": n} | ARUNA | row for n, row in zip(numbers, rows, strict=True)]
    write_csv(folder / "cases.csv", full)
    write_csv(folder / "consents.csv", [CONSENT | {"case_number": n} for n in numbers])
    write_csv(folder / "wishes.csv", [WISH | {"case_number": n} for n in numbers])
    return read_folder(folder)


# T4: two rows for one person.


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"prs_FirstName": "ARUNA "}),
        (PASSPORT, PASSPORT | {"prs_FirstName": "Another", "prs_Birthdate": "1990"}),
        (PASSPORT, PASSPORT | {"prs_IdentityNumber": "ab-123"}),
        (PASSPORT, {}),
    ],
)
def test_T04_two_rows_for_one_person_are_refused_as_ambiguous(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    result = sheet(tmp_path, first, {"prs_FirstName": "Bina"}, second)
    assert [case.number for case in result.cases] == ["C-2"]
    assert [one.line for one in result.refused] == [2, 4]
    for one, twin in zip(result.refused, (4, 2), strict=True):
        assert f"ambiguous: line {twin} may be the same person" in one.why
        assert "Aruna" not in str(one)
        assert one.fix


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"prs_Birthdate": "1996"}, {"prs_Birthdate": "1996"}),
        ({"prs_Birthdate": ""}, {"prs_Birthdate": ""}),
        (PASSPORT, PASSPORT | {"prs_IdentityNumber": "CD 456"}),
        ({}, {"prs_SecondName": "Sample-Roy"}),
    ],
)
def test_people_who_share_a_name_are_two(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    result = sheet(tmp_path, first, second)
    assert [case.number for case in result.cases] == ["C-1", "C-2"]


def test_T04_one_case_number_twice_is_refused_too(tmp_path: Path) -> None:
    row = {"case_number": "C-1"} | ARUNA
    write_csv(tmp_path / "cases.csv", [row, row | {"prs_FirstName": "Bina"}])
    result = read_folder(tmp_path)
    assert result.cases == []
    assert [one.line for one in result.refused] == [2, 3]


# T6: nobody is put in the place of a missing case worker.


def test_T06_a_missing_case_worker_is_absent_and_flagged(tmp_path: Path) -> None:
    result = sheet(
        tmp_path,
        {"cas_CaseOwner": "Sample Worker", "prs_FirstName": "Bina"},
        {"cas_CaseOwner": "", "prs_FirstName": "Chhaya"},
        {"cas_CaseOwner": "  ", "prs_FirstName": "Dipa"},
    )
    named, *without = result.cases
    assert named.record.caseworker_identity.case_owner.name == "Sample Worker"
    for case in without:
        assert not case.record.HasField("caseworker_identity")
        assert "Sample Worker" not in str(case.record)
    flagged = [one.line for one in result.warnings if "no case worker is named" in one.text]
    assert flagged == [3, 4]


# T20: a sheet with the defects of the published templates, put together here.

DEFECTS = [
    ("", "", 1),
    ("prs_FirstName", "First Name", "Aruna"),
    ("prs_Second_Name", "Second Name", "Sample-Dey"),
    ("prs_MailingStreet", "Mailing Zip/Postal Code", "a street"),
    ("prs_MailingCity", "Mailing Street", "a town"),
    ("prs_MailingState", "Mailing State/Province", "a region"),
    ("prs_MailingPostalCode", "Mailing Country", "a code"),
    ("prs_MailingCountry", "Mailing City", "BD"),
    ("vic_TraffickingStatus", "Trafficking Status", "PossibleVictimOfTrafficking"),
    ("vic_TraffickinStatusDecisionMakingOrg",
     "Trafficking Status Decision Making Organization", "NGO"),
    ("vic_Methods_of_Control", "Methods of Control", "DebtBondage ;ThreatOfLawEnforcement"),
    ("vic_RelationshipToTrafficker", "Relationship To Trafficker", "Unaquainted"),
    ("", "Reason for Outgoing Referral", "Other"),
    ("prs_Title", "Second Name", "not to be read"),
    ("con_Consent", "Consent", "TRUE"),
]  # fmt: skip


def test_T20_defects_of_the_templates_are_listed_and_nothing_is_shifted(tmp_path: Path) -> None:
    headers, labels, values = zip(*DEFECTS, strict=True)
    write_xlsx(tmp_path / "cases.xlsx", list(headers), list(labels), list(values))
    write_csv(tmp_path / "wishes.csv", [WISH | {"case_number": "1"}])
    result = read_folder(tmp_path)
    record = only(result).record
    address = record.address_exact
    assert (address.street, address.town, address.region) == ("a street", "a town", "a region")
    assert (address.postal_code, address.country) == ("a code", "BD")
    assert (record.name.first_name, record.name.second_name) == ("Aruna", "Sample-Dey")
    assert record.identification_status.status == "possible"
    assert record.identification_status.decided_by == "ngo"
    means = list(record.means_of_control.means)
    assert means == ["debt_bondage", "threats_law_enforcement"]
    assert record.recruitment.recruiter_relation == "unacquainted"
    assert record.needs_services.reason == "other"
    assert "not to be read" not in str(record)
    assert only(result).consent is None
    warned = {(one.column.split()[0], one.text[:20]) for one in result.warnings if one.column}
    for letter in "DEGH":
        assert (letter, "the label in the sec") in warned
    assert ("F", "the label in the sec") not in warned
    for wanted in (
        ("C", "the name is spelled "),
        ("J", "the name is misspell"),
        ("K", "the name is spelled "),
        ("K", "a blank before or af"),
        ("K", "a value is spelled o"),
        ("M", "no system name stand"),
        ("O", "a tick is not a cons"),
    ):
        assert wanted in warned, wanted
    assert "Sample" not in texts(result)
