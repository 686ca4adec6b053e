"""Importing HTCDS case sheets: the sample, and the published files with their defects."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from importing import (
    WISH,
    one,
    only,
    published,
    standard,
    texts,
    write_csv,
    write_xlsx,
)
from onward.core import spec
from onward.core.parse import validate
from onward.importers import (
    ImportFault,
    codes,
    mapping,
    read_folder,
    sample_folder,
    table as tables,
)
from onward.importers.countries import COUNTRIES

PLAIN = "HTCDS_Excel_Spreadsheet_v2.0.xlsx"
SINGLE = "HTCDS_Excel_Spreadsheet_single_select_with_validation_v2.0.xlsx"
SURVEY = "htcds_xlsform.xlsx"


# The sample


def test_the_sample_reads_as_it_says() -> None:
    result = read_folder(sample_folder())
    assert [case.number for case in result.cases] == [f"SAMPLE-00{n}" for n in range(1, 8)]
    assert {(one.line, one.column) for one in result.refused} == {
        (10, "G (prs_Birthdate)"),
        (10, "W (vic_MethodsOfControl)"),
    }
    (note,) = result.warnings
    assert note.line == 9
    assert "a tick is not a consent record" in note.text
    for case in result.cases:
        validate(case.record)
        assert case.wishes == tuple(case.record.needs_services.items)
    nobody = result.cases[6]
    assert nobody.consent is None
    assert nobody.not_sent == "consents.csv has no row for this case"
    assert {case.consent.feedback for case in result.cases if case.consent} == {
        "nothing",
        "status_only",
        "status_and_outcome",
    }
    assert {wish.wish for case in result.cases for wish in case.wishes} == {
        "now",
        "later",
        "never",
        "undecided",
    }


def test_the_sample_says_that_it_is_synthetic_and_both_files_are_alike(tmp_path: Path) -> None:
    folder = sample_folder()
    for name in ("cases.csv", "consents.csv", "wishes.csv"):
        assert (folder / name).read_text(encoding="utf-8").startswith("# SYNTHETIC")
    assert "SYNTHETIC" in openpyxl.load_workbook(folder / "cases.xlsx").sheetnames
    for name in ("cases.csv", "consents.csv", "wishes.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    from_csv, both = read_folder(tmp_path), read_folder(folder)
    assert [case.record for case in from_csv.cases] == [case.record for case in both.cases]
    assert all("Sample-" in case.record.name.second_name for case in both.cases)


def test_two_case_files_that_differ_are_refused(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", [{"case_number": "C-1", "prs_FirstName": "Aruna"}])
    write_xlsx(tmp_path / "cases.xlsx", ["case_number", "prs_FirstName", "prs_Email"], ["C-1", "B"])
    with pytest.raises(ImportFault, match="do not say the same"):
        read_folder(tmp_path)


# The published files and their defects


def _filled(name: str, path: Path, **cells: str | bool | datetime) -> None:
    """The official template with one synthetic row, in the template's third line."""
    book = openpyxl.load_workbook(published(name))
    sheet = book.worksheets[0]
    for letter, value in cells.items():
        sheet[f"{letter}3"] = value
    book.save(path)


@pytest.mark.filterwarnings("ignore:Data Validation extension")
@pytest.mark.parametrize("name", [PLAIN, SINGLE])
def test_the_official_template(tmp_path: Path, name: str) -> None:
    _filled(
        name,
        tmp_path / "cases.xlsx",
        B="Synthetic Worker",
        D="Rupaliva",
        E="Sample-Kokil",
        F=True,
        G=datetime(1994, 3, 2),
        H="Feminine",
        I="BD;IN",
        J="not to be read",
        N="a town",
        O="BD",
        P="a region",
        Q="a street",
        R="a code",
        S="Possible victim of trafficking",
        T="Police",
        W="DebtBondage ",
        X="Forced labour",
        Y="Water supply; sewerage, waste management and remediation",
        AA="a place",
        AB="Follow up",
        AF="Other",
        AJ="Additional Services Required",
    )
    write_csv(tmp_path / "wishes.csv", [WISH | {"case_number": "1"}])
    result = read_folder(tmp_path)
    case = only(result)
    record = case.record
    assert (case.number, case.line) == ("1", 3)
    assert record.name.first_name == "Rupaliva"
    assert record.date_of_birth.date == "1994-03-02"
    assert list(record.nationality.countries) == ["BD", "IN"]
    address = record.address_exact
    assert (address.town, address.country, address.region) == ("a town", "BD", "a region")
    assert (address.street, address.postal_code) == ("a street", "a code")
    assert record.identification_status.decided_by == "police"
    assert list(record.means_of_control.means) == ["debt_bondage"]
    assert list(record.exploitation_type.industries) == ["isic_e"]
    assert record.exploitation_location.stages[0].kind == "exploitation"
    assert record.needs_services.reason == "additional_services_required"
    assert record.caseworker_identity.case_owner.name == "Synthetic Worker"
    assert "not to be read" not in str(record)
    warned = {(one.column.split()[0], one.text[:24]) for one in result.warnings if one.column}
    for letter in "NOQR":
        assert (letter, "the label in the second ") in warned
    assert ("P", "the label in the second ") not in warned
    assert ("T", "the name is misspelled i") in warned
    assert ("AJ", "no system name stands ov") in warned
    assert ("W", "a blank before or after ") in warned
    assert "a tick is not a consent record" in texts(result)


def test_the_survey_form_has_other_names(tmp_path: Path) -> None:
    names = [
        row[1]
        for row in openpyxl.load_workbook(published(SURVEY))["survey"].iter_rows(
            min_row=2, values_only=True
        )
    ]
    values = {
        "prs_First_Name": "Rupaliva",
        "prs_Second_Name": "Sample-Kokil",
        "vic_Methods_of_Control": "DebtBondage  FalsePromises",
        "con_Consent": "TRUE",
        "prs_Title": "not to be read",
        "cas_ReasonForIncomingReferral": "free text, as the form has it",
    }
    row = {str(name): values.get(str(name), "") for name in names}
    write_csv(tmp_path / "cases.csv", [{"case_id": "C-1"} | row])
    result = read_folder(tmp_path)
    record = only(result).record
    assert (record.name.first_name, record.name.second_name) == ("Rupaliva", "Sample-Kokil")
    assert list(record.means_of_control.means) == ["debt_bondage", "false_promises"]
    assert "not to be read" not in str(record)
    assert texts(result).count("spelled otherwise than in the standard: ") == 3
    assert "blanks between them" in texts(result)
    assert not [one for one in result.columns if one.use == "unknown"]


def test_every_column_and_value_of_the_standard_is_known() -> None:
    for name, values in standard().items():
        assert name in mapping.known() or name.startswith(("org_", "per_")), name
        target = mapping.targets().get(name)
        if target is None or not spec.rule(target.leaf).codes:
            continue
        for value in values:
            if value.strip() and not value.startswith("Use ISO"):
                assert codes.find(spec.rule(target.leaf).codes, value.strip(), htcds=True)


def test_every_choice_of_the_survey_form_is_known() -> None:
    book = openpyxl.load_workbook(published(SURVEY))
    lists = {
        str(kind).split()[1]: str(name)
        for kind, name, *_ in book["survey"].iter_rows(min_row=2, values_only=True)
        if kind and str(kind).startswith("select_")
    }
    variants = mapping.by_spelling()
    for kind, name, label, *_ in book["choices"].iter_rows(min_row=2, values_only=True):
        if kind == "citizenship":
            assert name in COUNTRIES
        elif kind in lists and kind != "consent":
            target = mapping.targets()[variants[tables.plain(lists[str(kind)])]]
            registry = spec.rule(target.leaf).codes
            found = codes.find(registry, str(name).strip(), htcds=True)
            assert codes.find(registry, str(label).strip(tables.BLANKS), htcds=True) == found


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("RestrictsMovement", "restricts_movement"),
        ("UsesChildren", "uses_children"),
        ("ThreatOfLawEnforcement", "threats_law_enforcement"),
        ("PsychoactiveSubstances", "psychoactive_substance"),
    ],
)
def test_names_of_the_definitions(value: str, code: str) -> None:
    assert codes.find("means_of_control", value, htcds=True) == code


def test_a_name_with_several_meanings_is_not_guessed(tmp_path: Path) -> None:
    result = one(tmp_path, vic_MethodsOfControl="Threats;DebtBondage")
    assert result.cases == []
    assert result.refused[0].column == "B (vic_MethodsOfControl)"


def test_acquainted_both_ways() -> None:
    for value in ("Unaquainted", "Unacquainted"):
        assert codes.find("recruiter_relation", value, htcds=True) == "unacquainted"


def test_industries_may_be_several_and_labels_may_hold_a_semicolon(tmp_path: Path) -> None:
    both = "Construction;Public administration and defence; compulsory social security"
    both += ";C_Manufacturing"
    result = one(tmp_path, vic_TypeOfExploitation="ForcedLabour", vic_ForcedLabourIndustry=both)
    industries = only(result).record.exploitation_type.industries
    assert list(industries) == ["isic_f", "isic_o", "isic_c"]


def test_values_by_name_and_by_label_never_clash() -> None:
    for registry in spec.registries():
        assert set(codes._labels(registry).values()) == set(codes.names(registry).values())
