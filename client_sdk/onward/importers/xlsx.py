"""Reading an XLSX file that may have been made to do harm.

An XLSX is a zip of XML. Before the spreadsheet library sees it, every part of the zip is read
once, within a limit (a zip bomb is larger inside than it looks), by a parser that stops at the
first document type declaration (without one there are no entities to expand), and that counts rows
and cells, whatever numbers they say they have. The libraries are
then used in read-only mode, and formulas are never evaluated.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.parsers import expat

from onward.importers.model import ImportFault
from onward.importers.table import (
    BLANKS,
    ERROR,
    FORMULA,
    MAX_COLUMNS,
    MAX_ROWS,
    Row,
    Table,
    cell,
    check_count,
    read_bytes,
    with_header,
)

MAX_UNPACKED = 30 * 1024 * 1024
"""Most bytes that the parts of the file may have together when unpacked."""

MAX_PARTS = 500
"""Most parts that the file may have."""

MAX_SHEET_ROWS = 4 * MAX_ROWS
"""Most rows that one part may have, empty ones included."""

MAX_CELLS = 300_000
"""Most cells that one part may have."""

XML_NAMES = (".xml", ".rels")
CHUNK = 64 * 1024
PREFIXES = ("org_", "prs_", "vic_", "per_", "cas_", "cco_", "hte_", "spl_", "con_")


class _Declared(Exception):
    """A part holds a document type declaration."""


def _stop(*_: object) -> None:
    raise _Declared


class _Many(Exception):
    """A part has more rows or cells than any that people fill in."""


class _Count:
    """Counts rows and cells by the names of their elements, with or without a prefix."""

    def __init__(self) -> None:
        self.left = {"row": MAX_SHEET_ROWS, "c": MAX_CELLS}

    def element(self, name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2]
        if local in self.left:
            self.left[local] -= 1
            if self.left[local] < 0:
                raise _Many


def _scan(source: Any, left: int, *, is_xml: bool) -> int:
    """Read one part to its end. Returns how many bytes are left of the limit, or less than 0.

    Raises ValueError if a part that the libraries will read as XML is not.
    """
    parser: expat.XMLParserType | None = expat.ParserCreate()
    assert parser is not None
    parser.StartDoctypeDeclHandler = _stop
    parser.StartElementHandler = _Count().element
    while left >= 0 and (data := source.read(CHUNK)):
        left -= len(data)
        if parser is not None and left >= 0:
            try:
                parser.Parse(data, False)
            except expat.ExpatError:
                # Another parser may go on where this one stops, to a declaration that follows.
                if is_xml:
                    raise ValueError("not XML") from None
                parser = None  # Such as a picture. The size still counts.
    return left


def _is_xml(name: str) -> bool:
    return name.lower().endswith(XML_NAMES)


def guard(data: bytes, file: str) -> None:
    """Refuse a file that would unpack too large, or that declares entities. Raises ImportFault."""
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                left = -1
            for part in parts if left >= 0 else ():
                with archive.open(part) as source:
                    left = _scan(source, left, is_xml=_is_xml(part.filename))
                if left < 0:
                    break
    except _Declared:
        raise ImportFault(
            file, "the file holds XML that a spreadsheet never has", "Save it again from Excel"
        ) from None
    except _Many:
        raise ImportFault(
            file, "a sheet has too many rows or cells", "Delete the empty rows, or split the file"
        ) from None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, zlib.error):
        # RuntimeError is zipfile's word for a part with a password.
        raise ImportFault(
            file, "the file is not an XLSX, or has a password", "Save it as XLSX without one"
        ) from None
    if left < 0:
        raise ImportFault(file, "the file is too large when unpacked", "Save it as CSV UTF-8")


def _value(one: Any) -> object | None:
    if one.value is None:
        return None
    if one.data_type == "f":
        return FORMULA
    if one.data_type == "e":
        return ERROR
    return cell(one.value)


def _rows(sheet: Any, file: str) -> list[Row]:
    # The file's own word for its size is not believed: rows beyond it would be left out silently.
    sheet.reset_dimensions()
    rows: list[Row] = []
    for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if line > 2 * MAX_ROWS:
            check_count(file, line)
        found = {n: value for n, one in enumerate(cells) if (value := _value(one)) is not None}
        if found:
            rows.append(Row(line, found))
            check_count(file, len(rows) - 1)
    return rows


def _is_case_sheet(row: Row) -> bool:
    texts = [value for value in row.cells.values() if isinstance(value, str)]
    return sum(text.strip(BLANKS).lower().startswith(PREFIXES) for text in texts) > 1


def _tables(data: bytes, file: str) -> list[Table]:
    # Here, since it is a fifth of what a command has to load, and few commands read a workbook.
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    found = []
    for sheet in book.worksheets:
        rows = _rows(sheet, file)
        if rows and rows[0].line == 1 and _is_case_sheet(rows[0]):
            header = [
                text.strip(BLANKS) if isinstance(text := rows[0].cells.get(n), str) else ""
                for n in range(max(max(row.cells) for row in rows) + 1)
            ]
            found.append(Table(file, header, rows[1:]))
    return found


def read_xlsx(path: Path) -> tuple[Table, int]:
    """The first sheet whose first row names columns of the standard, and how many have one.

    Raises ImportFault for a file that is too large, unsafe, damaged, or has no such sheet.
    """
    data = read_bytes(path)
    guard(data, path.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl names what it does not support.
            tables = _tables(data, path.name)
    except ImportFault:
        raise
    except Exception:
        # A damaged file makes openpyxl raise nearly anything, with values in its words.
        tables = None
    if tables is None:
        raise ImportFault(path.name, "the file is damaged", "Open it in Excel and save it again")
    if not tables:
        raise ImportFault(
            path.name,
            "no sheet has HTCDS system names (such as prs_FirstName) in its first row",
            "Use the official template, and leave its first row as it is",
        )
    with_header(path.name, tables[0].header)
    return tables[0], len(tables)
