"""Reading a spreadsheet or a CSV file into rows whose cells know where they stand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from onward.importers.model import ImportFault

MAX_BYTES = 5 * 1024 * 1024
"""Largest file, in bytes."""

MAX_ROWS = 5000
"""Most rows with something in them, headers left out."""

MAX_COLUMNS = 500
"""Columns beyond this one are not looked at."""

BLANKS = " \t\r\n\u00a0\u200b\ufeff"
"""What people call blank. The published lists hold non-breaking ones."""


@dataclass(frozen=True)
class Fault:
    """Stands in a cell that cannot be taken as it is, such as a formula."""

    why: str
    fix: str


FORMULA = Fault("the cell holds a formula", "Replace it by its value (paste as values)")
ERROR = Fault("the cell holds a spreadsheet error", "Correct it in the spreadsheet")
ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})


@dataclass(frozen=True)
class Row:
    """One row: its line number, and the cells that hold something, by their column from 0.

    `ragged` is set where a CSV row does not have as many cells as the header, so that nobody can
    say which value belongs to which column.
    """

    line: int
    cells: dict[int, object] = field(default_factory=dict)
    ragged: bool = False


@dataclass(frozen=True)
class Table:
    """A file's first row, and every row after it."""

    file: str
    header: list[str]
    rows: list[Row]

    def text_row(self, row: Row) -> list[str]:
        """The cells of a row as text, as many as the header has."""
        cells = (row.cells.get(n) for n in range(len(self.header)))
        return [value if isinstance(value, str) else "" for value in cells]


def letter(index: int) -> str:
    """The spreadsheet's letter for a column counted from 0: A, B, ... Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def plain(text: str) -> str:
    """Text for comparing names: small letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def cell(value: object) -> object | None:
    """The value of a cell, without the blanks of one that holds nothing else."""
    if isinstance(value, str):
        bare = value.strip(BLANKS)
        if bare in ERRORS:
            return ERROR
        return value if bare else None
    return value


def read_bytes(path: Path) -> bytes:
    """A file's bytes, at most MAX_BYTES. Raises ImportFault."""
    try:
        with path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise ImportFault(path.name, f"the file was not read: {why}", "Check the file") from None
    if len(data) > MAX_BYTES:
        raise ImportFault(path.name, "the file is larger than 5 MB", "Split it into several")
    return data


def _decode(data: bytes, file: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ImportFault(file, "the text is UTF-16", "Save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportFault(file, "the text is not UTF-8", "Save it as CSV UTF-8") from None


def _first_line(text: str) -> str:
    """The header line, for finding its delimiter."""
    for line in io.StringIO(text):
        if line.strip(BLANKS + ",;") and not line.lstrip('"').startswith("#"):
            return line
    return ""


def delimiter(text: str) -> str:
    """The comma, or the semicolon that Excel writes in many countries. Nothing else is guessed."""
    line = re.sub(r'"[^"]*"', "", _first_line(text))
    return ";" if line.count(";") > line.count(",") else ","


def _records(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error:
        raise ImportFault(
            file, f"line {line} is not CSV", "Look for a quotation mark that is not closed"
        ) from None


def read_csv(path: Path) -> Table:
    """A CSV file: UTF-8 with or without a byte order mark, comma or semicolon.

    Lines before the header that begin with # are notes. Raises ImportFault.
    """
    header: list[str] | None = None
    rows: list[Row] = []
    for line, record in _records(_decode(read_bytes(path), path.name), path.name):
        found = {n: value for n, text in enumerate(record) if (value := cell(text)) is not None}
        if not found:
            continue
        if header is None:
            if not record[0].startswith("#"):
                header = [text.strip(BLANKS) for text in record[:MAX_COLUMNS]]
            continue
        rows.append(Row(line, found, ragged=len(record) != len(header)))
        check_count(path.name, len(rows))
    return Table(path.name, with_header(path.name, header), rows)


def with_header(file: str, header: list[str] | None) -> list[str]:
    """The header, or ImportFault where the file holds nothing."""
    if not header:
        raise ImportFault(file, "the file is empty", "Its first row names the columns")
    return header


def check_count(file: str, rows: int) -> None:
    """Raises ImportFault where there are more rows than a file may have."""
    if rows > MAX_ROWS + 1:
        raise ImportFault(file, f"the file has more than {MAX_ROWS} rows", "Split it into several")
