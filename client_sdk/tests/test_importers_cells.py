"""Cells of a case sheet, and whatever may stand in them: nothing guessed, nothing shifted."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from importing import (
    CONSENT,
    one,
    only,
    texts,
    write_csv,
)
from onward.core.parse import validate
from onward.importers import ImportFault, mapping, read_folder, table as tables
from onward.importers.languages import KNOWN, tag

# Cells


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1994-03-02", "1994-03-02"),
        ("1994-03", "1994-03"),
        ("1994", "1994"),
        ("1994-03-02 00:00:00", "1994-03-02"),
        ("1994-02-30", None),
        ("02/03/1994", None),
        ("34395", None),
        ("١٩٩٤", None),
        ("SECRET", None),
    ],
)
def test_dates(tmp_path: Path, value: str, read: str | None) -> None:
    result = one(tmp_path, prs_Birthdate=value)
    if read is None:
        assert result.refused[0].column == "B (prs_Birthdate)"
        assert value not in str(result.refused[0])
    else:
        assert only(result).record.date_of_birth.date == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prs_MobilePhone", "01700000000"),
        ("prs_MobilePhone", "8801700000000"),
        ("prs_Email", "nobody"),
        ("prs_Citizenship", "Bangladesh"),
        ("prs_Citizenship", "XX"),
        ("prs_PrimaryLanguage", "Bangla"),
        ("prs_PrimaryLanguage", "xyz"),
        ("prs_NumberOfChildren", "31"),
        ("prs_NumberOfChildren", "-1"),
        ("prs_NumberOfChildren", "two"),
        ("prs_Gender", "Woman"),
        ("prs_Gender", "Feminine;Masculine"),
        ("prs_FirstName", "x" * 101),
        ("prs_FirstName", "a\x07b"),
        ("prs_FirstName", "#REF!"),
        ("prs_Citizenship", "BD;IN;NP;KH;TH;MM"),
    ],
)
def test_a_bad_value_refuses_its_row_and_the_others_go_on(
    tmp_path: Path, name: str, value: str
) -> None:
    write_csv(
        tmp_path / "cases.csv",
        [
            {"case_number": "C-1", "prs_SecondName": "a", name: value},
            {"case_number": "C-2", "prs_SecondName": "b", name: ""},
        ],
    )
    result = read_folder(tmp_path)
    assert [case.number for case in result.cases] == ["C-2"]
    (problem,) = result.refused
    assert (problem.file, problem.line, problem.column) == ("cases.csv", 2, f"C ({name})")
    assert problem.why
    assert problem.fix
    if len(value) > 3:
        assert value not in str(problem)


def test_languages_and_ages(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        prs_PrimaryLanguage="ben",
        prs_SecondaryLanguage="khm",
        vic_TypeOfExploitation="Servitude",
        vic_AgeWhenTrafficked="17",
    )
    record = only(result).record
    assert (record.language.primary, list(record.language.others)) == ("bn", ["km"])
    assert record.exploitation_type.age_band_at_start == "a9_17"
    assert tag("bn-BD") == "bn-BD"
    assert all(tag(one) == one for one in KNOWN)


def test_a_historic_event_is_another_stage_than_the_place(tmp_path: Path) -> None:
    cells = {"hte_Type": "Transit", "hte_City": "A", "vic_LocationOfExploitation": "B"}
    stages = only(one(tmp_path, **cells)).record.exploitation_location.stages
    assert [(s.kind, s.town, s.place) for s in sorted(stages, key=lambda s: s.kind)] == [
        ("exploitation", "", "B"),
        ("transit", "A", ""),
    ]


# Rows and case numbers


def test_one_case_number_twice_refuses_both_rows(tmp_path: Path) -> None:
    row = {"case_number": "C-1", "prs_FirstName": "Aruna"}
    write_csv(tmp_path / "cases.csv", [row, row, row | {"case_number": "C-2"}])
    result = read_folder(tmp_path)
    assert [case.number for case in result.cases] == ["C-2"]
    assert [one.line for one in result.refused] == [2, 3]


def test_a_row_without_case_number_is_refused(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", [{"case_number": "", "prs_FirstName": "Aruna"}])
    assert "no case number" in read_folder(tmp_path).refused[0].why
    write_csv(tmp_path / "cases.csv", [{"case_number": "Aruna, of", "prs_FirstName": "Aruna"}])
    assert "Aruna" not in str(read_folder(tmp_path).refused[0])


def test_without_a_case_number_column_the_line_is_the_number(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", [{"prs_FirstName": "Aruna", "prs_SecondName": "B"}])
    result = read_folder(tmp_path)
    assert only(result).number == "2"
    assert "do not sort the sheet" in texts(result)


def test_a_row_with_too_many_or_too_few_cells_is_refused(tmp_path: Path) -> None:
    header, rows = "case_number,prs_MailingStreet,prs_FirstName", "C-1,12, Main Street,A\nC-2,x\n"
    (tmp_path / "cases.csv").write_text(f"{header}\n{rows}C-3,x,y\n")
    result = read_folder(tmp_path)
    assert [one.line for one in result.refused] == [2, 3]
    assert [case.number for case in result.cases] == ["C-3"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("sign", [",", ";"])
def test_csv_as_excel_writes_it(tmp_path: Path, mark: bytes, sign: str) -> None:
    lines = ["# a note, with; signs", "case_number,prs_FirstName,vic_MethodsOfControl"]
    lines.append('C-1,"Aruna\nB","DebtBondage;FalsePromises"')
    data = mark + "\r\n".join(lines).replace(",", sign).encode()
    (tmp_path / "cases.csv").write_bytes(data)
    case = only(read_folder(tmp_path))
    assert case.line == 3
    assert case.record.name.first_name == "Aruna\nB"
    assert list(case.record.means_of_control.means) == ["debt_bondage", "false_promises"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("prs_FirstName\nAruna".encode("utf-16"), "UTF-16"),
        (b"prs_FirstName,prs_Email\n\xff,x", "not UTF-8"),
        (b'prs_FirstName,prs_Email\n"Aruna,x\n', "not CSV"),
        (b"", "empty"),
        (b"prs_FirstName,prs_Email\n" + b"a,b\n" * 5002, "more than 5000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_csv_files_that_are_refused(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "cases.csv").write_bytes(data)
    with pytest.raises(ImportFault, match=why):
        read_folder(tmp_path)


def test_a_folder_that_is_none_or_empty(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="not a folder"):
        read_folder(tmp_path / "nothing")
    with pytest.raises(ImportFault, match=r"no cases\.xlsx"):
        read_folder(tmp_path)


# Anything at all

CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["TRUE", "DebtBondage ", "Threats;Other", ";;", "1994-02-30", "+880", "=1+1"]),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.just(tables.FORMULA),
)
HEADERS = st.sampled_from(
    [*mapping.known(), *mapping.TYPOS, "case_number", "literacy.reading", "debts.debts.2.holder"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(HEADERS, st.text(max_size=8)), min_size=1, max_size=6), st.data())
def test_no_cell_stops_the_importer(headers: list[str], data: st.DataObject) -> None:
    from onward.importers import htcds
    from onward.importers.consents import Consents
    from onward.importers.wishes import Wishes

    rows = [
        tables.Row(
            line,
            {
                index: value
                for index in range(len(headers))
                if (value := tables.cell(data.draw(CELLS))) is not None
            },
        )
        for line in range(2, 5)
    ]
    # As both readers do: a header that is no text, such as #N/A, names nothing.
    named = [one if isinstance(one := tables.cell(h), str) else "" for h in headers]
    sheet = tables.Table("cases.xlsx", named, rows)
    try:
        result = htcds._Sheet(sheet, Consents(), Wishes()).read()
    except ImportFault:
        return
    for case in result.cases:
        validate(case.record)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_no_bytes_stop_the_importer(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cases.csv").write_bytes(b"case_number,prs_FirstName\nC-1,a\n")
        for file in ("consents.csv", "wishes.csv", "cases.csv", "cases.xlsx"):
            (folder / file).write_bytes(data)
            try:
                read_folder(folder)
            except ImportFault:
                (folder / file).unlink()


ROW = st.lists(st.text(max_size=6), min_size=len(CONSENT), max_size=len(CONSENT))


@settings(max_examples=80, deadline=None)
@given(ROW)
def test_no_consent_row_stops_the_importer(row: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        text = io.StringIO()
        csv.writer(text).writerows([list(CONSENT), ["C-1", *row[1:]]])
        (Path(name) / "consents.csv").write_text(text.getvalue(), encoding="utf-8")
        assert one(Path(name), prs_FirstName="Aruna").cases[0].consent is None
