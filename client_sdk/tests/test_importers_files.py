"""XLSX files that are damaged, or were made to do harm."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from importing import (
    only,
    texts,
    write_xlsx,
)
from onward.importers import ImportFault, read_folder, xlsx

# XLSX


def test_formulas_dates_and_long_numbers(tmp_path: Path) -> None:
    write_xlsx(
        tmp_path / "cases.xlsx",
        ["case_number", "prs_FirstName", "prs_IdentityNumber", "prs_Birthdate", "per_RoleDetails"],
        [1, "=1+1", None, None, None],
        [2, "a", date(2020, 1, 2), None, None],
        [3, "b", 12345678901234567890, None, None],
        [4, "c", True, None, None],
        [5, "d", None, 1994, "=1+1"],
        [6.0, "e", None, date(1994, 3, 2), None],
        [7, "f", None, datetime(1994, 3, 2, 5, 1), None],
    )
    result = read_folder(tmp_path)
    assert [(one.line, one.column[0]) for one in result.refused] == [
        (2, "B"),
        (3, "C"),
        (4, "C"),
        (5, "C"),
        (8, "D"),
    ]
    assert "formula" in result.refused[0].why
    dates = {case.number: case.record.date_of_birth.date for case in result.cases}
    assert dates == {"5": "1994", "6": "1994-03-02"}


def _rezip(source: Path, name: str, data: bytes, compress: int = zipfile.ZIP_DEFLATED) -> None:
    """Put one part into an XLSX, in place of the one of that name."""
    with zipfile.ZipFile(source) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(source, "w", compress) as archive:
        for part, content in (parts | {name: data}).items():
            archive.writestr(part, content)


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY f SYSTEM "file:///etc/hostname">]><sst><si><t>&c;&f;</t></si></sst>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "anything"])
def test_entities_are_refused(tmp_path: Path, part: str, encoding: str) -> None:
    path = tmp_path / "cases.xlsx"
    write_xlsx(path, ["case_number", "prs_FirstName", "prs_Email"], ["C-1", "a", ""])
    _rezip(path, part, BOMB.replace('"1.0"', f'"1.0" encoding="{encoding}"').encode(encoding))
    with pytest.raises(ImportFault, match="never has"):
        read_folder(tmp_path)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    write_xlsx(path, ["case_number", "prs_FirstName", "prs_Email"], ["C-1", "a", ""])
    _rezip(path, "xl/media/image1.png", b"\0" * (xlsx.MAX_UNPACKED + 1))
    with pytest.raises(ImportFault, match="too large when unpacked"):
        read_folder(tmp_path)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    write_xlsx(path, ["case_number", "prs_FirstName", "prs_Email"], ["C-1", "a", ""])
    size = 40 * 1024 * 1024
    _rezip(path, "xl/bomb.xml", b"\0" * size)
    data = path.read_bytes().replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(data)
    with pytest.raises(ImportFault):
        read_folder(tmp_path)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 a password", b"a,b\n"])
def test_what_is_no_xlsx_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "cases.xlsx").write_bytes(data)
    with pytest.raises(ImportFault, match="not an XLSX"):
        read_folder(tmp_path)


def test_a_damaged_xlsx_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    write_xlsx(path, ["case_number", "prs_FirstName", "prs_Email"], ["C-1", "a", ""])
    _rezip(path, "xl/workbook.xml", b"<workbook>")
    with pytest.raises(ImportFault, match="damaged"):
        read_folder(tmp_path)


def test_far_rows_and_a_false_size_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    write_xlsx(path, ["case_number", "prs_FirstName", "prs_Email"], ["C-1", "a", ""])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    shorter = sheet.replace('<dimension ref="A1:C2"', '<dimension ref="A1:A1"')
    assert shorter != sheet
    _rezip(path, "xl/worksheets/sheet1.xml", shorter.encode())
    assert only(read_folder(tmp_path)).number == "C-1"
    far = shorter.replace('<row r="2"', '<row r="999999999"').replace('"A2"', '"A999999999"')
    _rezip(path, "xl/worksheets/sheet1.xml", far.encode())
    with pytest.raises(ImportFault, match="more than 5000 rows"):
        read_folder(tmp_path)


def test_a_workbook_without_a_case_sheet_and_with_two(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "cases.xlsx", ["First Name", "Email"], ["SECRET", "x"])
    with pytest.raises(ImportFault, match="system names") as caught:
        read_folder(tmp_path)
    assert "SECRET" not in str(caught.value)
    book = openpyxl.Workbook()
    book.create_sheet("more")
    for sheet in book.worksheets:
        sheet.append(["case_number", "prs_FirstName", "prs_Email"])
        sheet.append(["C-1", "Aruna", None])
    book.save(tmp_path / "cases.xlsx")
    assert "only the first of them was read" in texts(read_folder(tmp_path))


SHEET = "xl/worksheets/sheet1.xml"


def _sheet(path: Path, rows: str) -> None:
    write_xlsx(path, ["case_number", "prs_FirstName"], [1, "a"])
    with zipfile.ZipFile(path) as archive:
        old = archive.read(SHEET).decode()
    _rezip(path, SHEET, old.replace("</sheetData>", f"{rows}</sheetData>").encode())


CELL = '<c r="A2" t="inlineStr"><is><t>a</t></is></c>'


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="2">{CELL}</row>' * 100_000,
        f'<row r="2">{CELL * 310_000}</row>',
    ],
    ids=["rows", "cells"],
)
def test_rows_that_all_say_the_same_number_are_counted(
    tmp_path: Path, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The spreadsheet library would skip them one by one, for half a minute."""
    path = tmp_path / "cases.xlsx"
    _sheet(path, rows)
    monkeypatch.delattr(xlsx, "_tables")  # It is refused before.
    with pytest.raises(ImportFault, match="too many rows or cells"):
        xlsx.read_xlsx(path)


def test_a_part_that_should_be_xml_is_not(tmp_path: Path) -> None:
    """What the guard can't read to its end might hold anything after that."""
    path = tmp_path / "cases.xlsx"
    for name in (SHEET, "xl/_rels/workbook.xml.rels", "xl/extra.XML"):
        write_xlsx(path, ["case_number", "prs_FirstName"], [1, "a"])
        _rezip(path, name, b"<a></b>" + BOMB.encode())
        with pytest.raises(ImportFault, match="not an XLSX"):
            xlsx.guard(path.read_bytes(), path.name)
    write_xlsx(path, ["case_number", "prs_FirstName"], [1, "a"])
    _rezip(path, "xl/media/image1.png", b"\x89PNG\r\n")
    xlsx.guard(path.read_bytes(), path.name)
