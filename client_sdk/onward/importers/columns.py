"""Which column is which: the header of a case sheet, with the defects of the published files.

The templates have system names in their first row and labels in their second. Where the two
disagree the system name stands, and a warning says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from onward.importers import mapping
from onward.importers.mapping import Target
from onward.importers.model import Column, ImportFault, Notice
from onward.importers.table import BLANKS, Row, Table, letter, plain


@dataclass
class Heading:
    """The columns of a case sheet: what to read, where the case number stands, what to report."""

    columns: list[Column] = field(default_factory=list)
    targets: dict[int, Target] = field(default_factory=dict)
    warnings: list[Notice] = field(default_factory=list)
    case_number: int | None = None
    tick: int | None = None
    labels: bool = False

    def read(self) -> frozenset[int]:
        """The columns whose cells anybody looks at."""
        own = {n for n in (self.case_number, self.tick) if n is not None}
        return frozenset({*self.targets, *own})

    def where(self, index: int) -> str:
        """A column's letter, and its name where it has one."""
        name = self.columns[index].name
        return f"{letter(index)} ({name})" if name else letter(index)


def label_row(table: Table) -> list[str] | None:
    """The texts of the second row, if they are labels and not a person's data."""
    if not table.rows:
        return None
    texts = table.text_row(table.rows[0])
    filled = [plain(text) for text in texts if text]
    labels = sum(text in _label_texts() for text in filled)
    return texts if labels >= 2 and labels * 2 >= len(table.rows[0].cells) else None


def _label_texts() -> frozenset[str]:
    return frozenset(plain(mapping.label(column)) for column in mapping.known())


def _ignored(name: str) -> str:
    """Why a column is left alone on purpose; empty if it is not."""
    return mapping.NOT_READ.get(name) or mapping.NOT_READ.get(name.lower()[:4], "")


def _named(header: str, warnings: list[str]) -> str:
    """The standard's name for a header, or the header itself."""
    if header in mapping.known():
        return header
    if header in mapping.TYPOS:
        warnings.append(f"the name is misspelled in the published file: {mapping.TYPOS[header]}")
        return mapping.TYPOS[header]
    found = mapping.by_spelling().get(plain(header))
    if found is not None:
        warnings.append(f"the name is spelled otherwise than in the standard: {found}")
        return found
    return header


def _resolve(header: str, label: str, warnings: list[str]) -> str:
    if header:
        name = _named(header, warnings)
        if label and name in mapping.known() and plain(label) != plain(mapping.label(name)):
            warnings.append(
                f"the label in the second row is that of another column; read as {name}, which "
                "the first row says. Check that the values belong there"
            )
        return name
    found = mapping.by_label().get(plain(label), "")
    if found:
        warnings.append(f"no system name stands over the label; read as {found}")
    return found


class _Reader:
    """Goes through the header once, column by column."""

    def __init__(self, table: Table) -> None:
        self.file = table.file
        self.result = Heading()
        self.seen: dict[object, int] = {}

    def once(self, key: object, index: int) -> None:
        """Refuse a sheet in which two columns claim one field: one would overwrite the other."""
        if key in self.seen:
            raise ImportFault(
                self.file,
                f"columns {letter(self.seen[key])} and {letter(index)} are the same column",
                "Keep one of them",
            )
        self.seen[key] = index

    def add(self, index: int, header: str, label: str) -> None:
        found: list[str] = []
        name = _resolve(header, label, found)
        target = mapping.targets().get(name) or mapping.extension(name)
        where = f"{letter(index)} ({name})" if name else letter(index)
        self.result.warnings += [Notice(self.file, 0, where, text) for text in found]
        column = Column(letter(index), name, "unknown")
        if plain(header) in mapping.CASE_NUMBER:
            self.once("case number", index)
            self.result.case_number = index
            column = Column(letter(index), header, "ignored", why="the agency's own case number")
        elif target is not None:
            self.once((target.steps, target.leaf.full_name), index)
            self.result.targets[index] = target
            column = Column(letter(index), name, "mapped", field=target.path)
        elif why := _ignored(name):
            column = Column(letter(index), name, "ignored", why=why)
            if name == mapping.TICK:
                self.once(name, index)
                self.result.tick = index
        self.result.columns.append(column)


def heading(table: Table) -> Heading:
    """What each column of a case sheet is. Raises ImportFault where nobody can say.

    A column that the standard does not know is reported and not read.
    """
    labels = label_row(table)
    reader = _Reader(table)
    for index, header in enumerate(table.header):
        label = labels[index].strip(BLANKS) if labels else ""
        reader.add(index, header, label)
    result = reader.result
    result.labels = labels is not None
    if not result.targets:
        raise ImportFault(
            table.file,
            "the first row names no column of HTCDS",
            "Its first row must hold the system names, such as prs_FirstName",
        )
    _number_column(table, result)
    return result


def _number_column(table: Table, result: Heading) -> None:
    if result.case_number is not None:
        return
    if table.header[0] == "" and result.columns[0].name == "":
        # The templates number their rows there, over no name.
        result.case_number = 0
        result.columns[0] = Column("A", "", "ignored", why="the number of the row in the template")
        return
    text = "there is no case number column; rows are named by their line, so do not sort the sheet"
    result.warnings.append(Notice(table.file, 0, "", text))


def kept(rows: Sequence[Row], read: frozenset[int]) -> list[Row]:
    """The rows with only those cells that are read: the others are forgotten here."""
    return [
        Row(row.line, {n: value for n, value in row.cells.items() if n in read}, row.ragged)
        for row in rows
    ]
