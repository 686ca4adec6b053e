"""Helpers for the importers' tests: small files in a folder, and the published files of HTCDS."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from onward.importers import Case, Import, read_folder

HTCDS = Path(__file__).resolve().parents[3] / "shared" / "htcds"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

CONSENT = {
    "case_number": "C-1",
    "status": "given",
    "given_by": "self",
    "method": "verbal_witnessed",
    "notice_language": "ben",
    "notice_form": "read_aloud",
    "told": "uses_of_data;how_to_withdraw",
    "purposes": "service_delivery",
    "recipients": "shelter.ngo.in.example",
    "countries": "IN",
    "permit": "offer;name",
    "deny": "hiv",
    "services": "",
    "onward_sharing": "none",
    "feedback": "status_only",
    "valid_from": "2026-01-01",
    "valid_until": "2027-01-01",
    "retention_days": "90",
    "subject_kind": "survivor",
    "age_class": "adult",
    "given_at": "2026-01-01T09:30:00+06:00",
    "comprehension_checked": "TRUE",
    "independent_interpreter": "",
}
WISH = {
    "case_number": "C-1",
    "item_number": "1",
    "service_type": "childcare",
    "wish": "later",
    "not_before": "2027-03",
    "priority": "",
}


def published(name: str) -> Path:
    """One of the published files; the test is skipped where they are not there."""
    path = HTCDS / name
    if not path.exists():
        pytest.skip("the published HTCDS files are not beside the repository")
    return path


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """A CSV file with the keys of the first row as its header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def write_xlsx(path: Path, *rows: list[object]) -> None:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)


def one(folder: Path, **cells: str) -> Import:
    """What an import of one CSV row gives; the case number is C-1."""
    write_csv(folder / "cases.csv", [{"case_number": "C-1", **cells}])
    return read_folder(folder)


def column(folder: Path, name: str, value: str) -> Import:
    """The same, for a column whose name is no Python name."""
    return one(folder, **{name: value})


def only(result: Import) -> Case:
    """The one case that was read."""
    assert result.refused == []
    (case,) = result.cases
    return case


def texts(result: Import) -> str:
    """All warnings as one text."""
    return "\n".join(str(one) for one in result.warnings)


def standard() -> dict[str, list[str]]:
    """The columns of the published standard, each with its value names."""
    with zipfile.ZipFile(published("HTCDS_Field_Standards_2.0.ods")) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    found: dict[str, list[str]] = {}
    for row in root.iter(TABLE + "table-row"):
        cells: list[list[str]] = []
        for one_cell in row:
            repeat = int(one_cell.get(TABLE + "number-columns-repeated", "1"))
            cells += [["".join(p.itertext()) for p in one_cell]] * min(repeat, 15)
        name = "".join(cells[6]) if len(cells) > 9 else ""
        if re.fullmatch(r"[a-z]{3}_[A-Za-z]+", name):
            found[name] = cells[9]
    return found
