"""Reading a CSV file whose columns are the fields of one message: consents.csv, wishes.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from onward.core import schema, spec
from onward.importers import values
from onward.importers.model import BadCell, ImportFault, Notice, RowProblem
from onward.importers.table import BLANKS, Row, Table, letter, plain

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
RAGGED = (
    "the row does not have as many cells as the header",
    "Put values that hold a comma or a semicolon in quotation marks",
)


def case_number(value: object) -> str:
    """A case number as it stands in a cell. Raises BadCell where it is none."""
    found = "" if value is None else values.text(value).strip(BLANKS)
    if not found:
        raise BadCell("there is no case number", "Give each case its own number")
    if not NUMBER.fullmatch(found):
        raise BadCell(
            "the case number holds characters that a number never has, or is too long",
            "Use up to 64 letters, digits and . _ / -",
        )
    return found


def moment(value: object, *, end: bool) -> datetime:
    """A moment: a date alone is its beginning in UTC, or with `end` its last second.

    Raises BadCell; also for a time of day without a time zone.
    """
    raw = values.text(value).strip(BLANKS)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII):
            at = time(23, 59, 59) if end else time()
            return datetime.combine(date.fromisoformat(raw), at, UTC)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}T.{5,20}", raw, re.ASCII):
            found = datetime.fromisoformat(raw)
            if found.tzinfo is not None:
                return found.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    raise BadCell(
        "the value is not a date, or a time without its time zone",
        "Write 2026-11-21, or 2026-11-21T09:30:00Z",
    )


def _is_moment(field: FieldDescriptor) -> bool:
    return field.message_type is not None


def _fields(outer: FieldDescriptor) -> list[FieldDescriptor]:
    return list(outer.message_type.fields) if outer.message_type is not None else []


@dataclass
class FlatFile:
    """A CSV file and the fields that its columns are.

    `within` names the message of the record that a column's field stands in, such as best_interest
    for best_interest.finding.
    """

    table: Table
    fields: dict[int, FieldDescriptor]
    case: int | None
    lacking: list[str]
    warnings: list[Notice]
    refused: list[RowProblem]
    within: dict[int, str]

    def problem(self, row: Row, index: int | None, why: str, fix: str) -> None:
        """List the row as refused."""
        column = ""
        if index is not None:
            column = f"{letter(index)} ({self.name(index)})"
        self.refused.append(RowProblem(self.table.file, row.line, column, why, fix))

    def name(self, index: int) -> str:
        """The column's name: the field's, or the case number."""
        if index not in self.fields:
            return "case_number"
        return ".".join([*filter(None, [self.within.get(index)]), self.fields[index].name])

    def number(self, row: Row) -> str | None:
        """The row's case number; None if the row is refused for it."""
        if self.case is None:
            return None
        try:
            return case_number(row.cells.get(self.case))
        except BadCell as fault:
            self.problem(row, self.case, fault.why, fault.fix)
        return None

    def lacks(self) -> None:
        """List the columns that the file lacks: once for the file, not for each row."""
        for name in (["case_number"] if self.case is None else []) + self.lacking:
            why = "the file has no such column, so no row of it can be read"
            self.refused.append(RowProblem(self.table.file, 0, name, why, "Add the column"))

    def fill(self, row: Row, message: Any) -> bool:
        """Fill the message from the row. False if the row was refused; each reason is listed."""
        if self.lacking:
            return False
        before = len(self.refused)
        for index, field in self.fields.items():
            try:
                self._set(message, field, row.cells.get(index), row.line, index)
            except BadCell as fault:
                self.problem(row, index, fault.why, fault.fix)
        return len(self.refused) == before

    def _set(
        self, message: Any, field: FieldDescriptor, value: object, line: int, index: int
    ) -> None:
        if value is None:
            if schema.must_stand(field) and index not in self.within:
                raise BadCell("the cell is empty", "Fill it in")
            return
        if index in self.within:
            message = getattr(message, self.within[index])
        if _is_moment(field):
            at = moment(value, end=field.name == "valid_until")
            getattr(message, field.name).FromDatetime(at)
            return

        def warn(text: str) -> None:
            where = f"{letter(index)} ({self.name(index)})"
            self.warnings.append(Notice(self.table.file, line, where, text))

        read = values.read(field, value, htcds=False, warn=warn)
        if spec.repeated(field):
            getattr(message, field.name).extend(read)
        else:
            setattr(message, field.name, read)

    def rows(self) -> Iterator[tuple[Row, str]]:
        """The rows that have a case number, with it; the others are refused."""
        for row in self.table.rows:
            if row.ragged:
                self.problem(row, None, *RAGGED)
            elif (number := self.number(row)) is not None:
                yield row, number


def flat(
    table: Table,
    descriptor: Descriptor,
    skip: frozenset[str] = frozenset(),
    also: frozenset[str] = frozenset(),
    inside: tuple[str, ...] = (),
) -> FlatFile:
    """Find the columns of the file. `skip` are fields that no column may give, `inside` messages
    whose own fields are columns, with the message's name before a dot.

    Columns of required fields must be there, and those in `also`; others count as empty where they
    are missing. A column that is no field is
    not read, and a warning says so. Raises ImportFault where a column stands twice.
    """
    by_name = {plain(one.name): one for one in descriptor.fields if one.name not in skip}
    if "number" in by_name:
        by_name["itemnumber"] = by_name["number"]
    nested = {
        plain(f"{outer}.{one.name}"): (outer, one)
        for outer in inside
        for one in _fields(descriptor.fields_by_name[outer])
    }
    result = FlatFile(table, {}, None, [], [], [], {})
    seen: dict[str, int] = {}
    for index, header in enumerate(table.header):
        name = plain(header)
        outer, field = nested.get(name, ("", by_name.get(name)))
        key = "case_number" if name in ("casenumber", "caseno") else ""
        if field is not None:
            key = f"{outer}.{field.name}"
        if not key:
            text = "the column is not known and was not read"
            result.warnings.append(Notice(table.file, 0, letter(index), text))
            continue
        if key in seen:
            columns = f"columns {letter(seen[key])} and {letter(index)}"
            raise ImportFault(table.file, f"{columns} are the same column", "Keep one of them")
        seen[key] = index
        if field is None:
            result.case = index
        else:
            result.fields[index] = field
            if outer:
                result.within[index] = outer
    needed = [one for one in by_name.values() if schema.must_stand(one) or one.name in also]
    result.lacking = [
        name for name in dict.fromkeys(n.name for n in needed) if f".{name}" not in seen
    ]
    result.lacks()
    return result
