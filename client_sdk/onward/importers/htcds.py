"""Importing cases that are kept by the Human Trafficking Case Data Standard 2.0 (HTCDS).

A folder holds cases.xlsx or cases.csv, and beside it consents.csv and wishes.csv, which the
standard has no columns for. Where a cell cannot be read as what its column says, its row is
refused and listed, and the others go on: nothing is guessed, and nothing shifted.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from onward.importers import values
from onward.importers.columns import Heading, heading, kept
from onward.importers.consents import Consents, read_consents
from onward.importers.flat import RAGGED, case_number
from onward.importers.model import BadCell, Case, Import, ImportFault, Notice, RowProblem
from onward.importers.persons import ambiguous
from onward.importers.record import RecordBuilder
from onward.importers.table import Row, Table, check_count, read_csv
from onward.importers.wishes import Wishes, read_wishes
from onward.importers.xlsx import read_xlsx

TICKED = "a tick is not a consent record: nothing of this case may be sent"
OWNER = "caseworker_identity.case_owner.name"
NO_OWNER = "the cell is empty: no case worker is named, and nobody is put in the place"


class _Sheet:
    """One case sheet on its way to cases."""

    def __init__(self, table: Table, consents: Consents, wishes: Wishes) -> None:
        self.file = table.file
        self.heading: Heading = heading(table)
        rows = table.rows[1:] if self.heading.labels else table.rows
        self.rows = kept(rows, self.heading.read())
        self.consents = consents
        self.wishes = wishes
        self.result = Import(columns=self.heading.columns, warnings=list(self.heading.warnings))
        self.said: set[tuple[str, str]] = set()
        self.numbers: set[str] = set()

    def refuse(self, row: Row, column: str, fault: BadCell) -> None:
        problem = RowProblem(self.file, row.line, column, fault.why, fault.fix)
        self.result.refused.append(problem)

    def warn(self, line: int, column: str, text: str) -> None:
        """A warning, once for each column: the first line stands for the others."""
        if (column, text) not in self.said:
            self.said.add((column, text))
            self.result.warnings.append(Notice(self.file, line, column, text))

    def blank(self, row: Row) -> bool:
        """Whether the row holds nothing but the number that the template gives it."""
        return not set(row.cells) - {self.heading.case_number}

    def number(self, row: Row) -> str | None:
        index = self.heading.case_number
        if index is None:
            return str(row.line)
        try:
            return case_number(row.cells.get(index))
        except BadCell as fault:
            self.refuse(row, self.heading.where(index), fault)
        return None

    def read(self) -> Import:
        """Every row: a case, or what is wrong with it."""
        rows = [row for row in self.rows if not self.blank(row)]
        check_count(self.file, len(rows) + 1)
        numbered = [(row, self.number(row)) for row in rows if self._whole(row)]
        often = Counter(number for _, number in numbered)
        for row, number in numbered:
            if number is None:
                continue
            self.numbers.add(number)
            if often[number] > 1:
                fault = BadCell(
                    "another row has the same case number, so no consent can be told to be hers",
                    "Give each case its own number",
                )
                index = self.heading.case_number
                self.refuse(row, self.heading.where(index) if index is not None else "", fault)
            elif (case := self.case(row, number)) is not None:
                self.result.cases.append(case)
        self.result.cases, twins = ambiguous(self.file, self.result.cases)
        self.result.refused += twins
        return self.result

    def _whole(self, row: Row) -> bool:
        if row.ragged:
            self.refuse(row, "", BadCell(*RAGGED))
        return not row.ragged

    def _values(self, row: Row) -> dict[int, Any] | None:
        found: dict[int, Any] = {}
        bad = False
        for index, target in self.heading.targets.items():
            if index not in row.cells:
                continue
            where = self.heading.where(index)

            def warn(text: str, where: str = where) -> None:
                self.warn(row.line, where, text)

            try:
                found[index] = values.read(
                    target.leaf, row.cells[index], htcds=target.htcds, warn=warn
                )
            except BadCell as fault:
                self.refuse(row, where, fault)
                bad = True
        return None if bad else found

    def case(self, row: Row, number: str) -> Case | None:
        """The row as a case; None if it was refused."""
        found = self._values(row)
        if found is None:
            return None
        builder = RecordBuilder()
        for index, value in found.items():
            builder.put(self.heading.targets[index], value)
        needs = self.wishes.found.get(number, [])
        builder.wishes(needs)
        try:
            record, lacking = builder.finish()
        except BadCell as fault:
            self.refuse(row, "", fault)
            return None
        for path in lacking:
            self._lacks(row, path)
        self._owner(row)
        consent = self.consents.found.get(number)
        if consent is None:
            self._ticked(row)
        why = "" if consent is not None else self.consents.why_none(number)
        return Case(number, row.line, record, consent, tuple(needs), why)

    def _owner(self, row: Row) -> None:
        """Say where a case has no case worker (domain.md T6)."""
        for index, target in self.heading.targets.items():
            if target.path == OWNER and index not in row.cells:
                where = self.heading.where(index)
                self.result.warnings.append(Notice(self.file, row.line, where, NO_OWNER))

    def _lacks(self, row: Row, path: str) -> None:
        category = path.partition(".")[0]
        text = f"{category} was left out: the sheet does not say {path}. Add a column of that name"
        if category == "needs_services":
            text = f"{category} was left out: wishes.csv has no row for this case"
        self.result.warnings.append(Notice(self.file, row.line, "", text))

    def _ticked(self, row: Row) -> None:
        index = self.heading.tick
        if index is not None and values.yes(row.cells.get(index)):
            where = self.heading.where(index)
            self.result.warnings.append(Notice(self.file, row.line, where, TICKED))


def _strangers(result: Import, name: str, lines: dict[str, int], numbers: set[str]) -> None:
    """Rows about cases that the sheet does not have."""
    for number, line in lines.items():
        if number not in numbers:
            text = "the row is about a case that the case sheet does not have"
            result.warnings.append(Notice(name, line, "", text))


def _absent(name: str, what: str) -> Notice:
    return Notice(name, 0, "", f"the file is not there: {what}")


def _both_alike(folder: Path, consents: Consents, wishes: Wishes) -> None:
    """Where both files are there, they must say the same. Raises ImportFault."""

    def people(table: Table) -> list[tuple[str, bytes]]:
        cases = _Sheet(table, consents, wishes).read().cases
        return [(case.number, case.record.SerializeToString(deterministic=True)) for case in cases]

    if people(read_csv(folder / "cases.csv")) != people(read_xlsx(folder / "cases.xlsx")[0]):
        raise ImportFault(
            folder.name,
            "cases.csv and cases.xlsx do not say the same",
            "Keep the one that is right",
        )


def _cases(folder: Path, consents: Consents, wishes: Wishes) -> _Sheet:
    book, text = folder / "cases.xlsx", folder / "cases.csv"
    if not book.exists() and not text.exists():
        raise ImportFault(folder.name, "there is no cases.xlsx and no cases.csv", "Add one of them")
    if not book.exists():
        return _Sheet(read_csv(text), consents, wishes)
    if text.exists():
        _both_alike(folder, consents, wishes)
    table, sheets = read_xlsx(book)
    sheet = _Sheet(table, consents, wishes)
    if sheets > 1:
        sheet.warn(0, "", "several sheets hold cases; only the first of them was read")
    return sheet


def read_folder(path: Path | str) -> Import:
    """Read a folder with cases.xlsx or cases.csv, consents.csv and wishes.csv.

    Gives the cases, the rows that were refused, the warnings, and what became of each column. No
    text in it holds the value of a cell. A consent comes from consents.csv only; perpetrator
    columns are read by nobody. Raises ImportFault where a file cannot be read at all.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ImportFault(folder.name, "it is not a folder", "Name the folder with cases.xlsx")
    consents, wishes = Consents(), Wishes()
    absent = []
    if (folder / "consents.csv").exists():
        consents = read_consents(folder / "consents.csv")
    else:
        absent.append(_absent("consents.csv", "nothing may be sent"))
    if (folder / "wishes.csv").exists():
        wishes = read_wishes(folder / "wishes.csv")
    else:
        absent.append(_absent("wishes.csv", "nobody knows which services are asked for"))
    sheet = _cases(folder, consents, wishes)
    result = sheet.read()
    result.refused += consents.refused + wishes.refused
    result.warnings += absent + consents.warnings + wishes.warnings
    _strangers(result, "consents.csv", consents.lines, sheet.numbers)
    _strangers(result, "wishes.csv", wishes.lines, sheet.numbers)
    return result
