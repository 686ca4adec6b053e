"""What an import gives back: cases, what was refused and why, and what became of each column.

No text in here ever holds the value of a cell: a report may be printed, mailed or logged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from onward.v1.categories_pb2 import CaseRecord, NeedsServices
from onward.v1.consent_pb2 import ConsentRecord

Use = Literal["mapped", "ignored", "unknown"]


class ImportFault(Exception):
    """A whole file or folder was refused, so nothing of it was read.

    `file` is its name, `why` what is wrong, `fix` what to do.
    """

    def __init__(self, file: str, why: str, fix: str) -> None:
        super().__init__(f"{file}: {why}. {fix}")
        self.file = file
        self.why = why
        self.fix = fix


class BadCell(Exception):
    """A cell cannot be read. `why` and `fix` never hold its value."""

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(why)
        self.why = why
        self.fix = fix


@dataclass(frozen=True)
class RowProblem:
    """A row that was refused: where, why, and what to do.

    `line` is the row's number as the spreadsheet or the editor shows it, `column` its letter and,
    where known, its name, such as `G (prs_Birthdate)`. `line` 0 is the file as a whole.
    """

    file: str
    line: int
    column: str
    why: str
    fix: str

    def __str__(self) -> str:
        where = f", column {self.column}" if self.column else ""
        place = f" line {self.line}" if self.line else ""
        return f"{self.file}{place}{where}: {self.why}. {self.fix}"


@dataclass(frozen=True)
class Notice:
    """A warning: something was read with care, or left out. `line` 0 is the file as a whole."""

    file: str
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        place = f" line {self.line}" if self.line else ""
        where = f", column {self.column}" if self.column else ""
        return f"{self.file}{place}{where}: {self.text}"


@dataclass(frozen=True)
class Column:
    """What becomes of one column of the case sheet.

    `name` is the standard's name for it, or the header as it stands. `field` is where it goes,
    such as `name.first_name`; `why` says why it is not read. Only mapped columns are read.
    """

    letter: str
    name: str
    use: Use
    field: str = ""
    why: str = ""

    @property
    def category(self) -> str:
        """The category of data that the column goes to; empty where it goes to none."""
        return self.field.partition(".")[0]


@dataclass(frozen=True)
class Case:
    """One person's row. `number` is the agency's own case number, or else the line number.

    `wishes` are the service needs of wishes.csv, which `record.needs_services` holds too. Where
    `consent` is None nothing may be sent, and `not_sent` says why.
    """

    number: str
    line: int
    record: CaseRecord
    consent: ConsentRecord | None = None
    wishes: tuple[NeedsServices.ServiceNeed, ...] = ()
    not_sent: str = ""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that the record holds, in the order of their numbers."""
        return tuple(found.name for found, _ in self.record.ListFields())


@dataclass
class Import:
    """What `read_folder` read. Rows that are refused are listed, and the others go on."""

    cases: list[Case] = field(default_factory=list)
    refused: list[RowProblem] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
