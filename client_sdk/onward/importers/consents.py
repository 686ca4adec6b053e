"""consents.csv: what each person agreed to, one row for each case.

An importer never makes a consent. It reads what the agency recorded with the person, whole or not
at all: one fault in a row, and the case has no consent.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from onward.core import childhood, family, jose, spec
from onward.core.clock import moment
from onward.core.parse import Invalid, validate
from onward.importers.flat import FlatFile, flat
from onward.importers.model import Notice, RowProblem
from onward.importers.table import BLANKS, Row, Table, plain, read_csv
from onward.v1.consent_pb2 import ConsentRecord

INSIDE = ("best_interest",)
"""Messages of the record whose fields are columns: best_interest.finding and so on."""

OFFER = "offer"
"""The one word in `permit` that stands for several categories: all that may stand in an offer."""

MESSAGE = f"{spec.PACKAGE}.ConsentRecord"
SKIP = frozenset(
    {
        "consent_id", "version", "subject_id", "best_interest",
        # The node fills these in.
        "issuer", "recorded_at", "receipt_id",
        # Whom in the family to contact, and whom never, is recorded with the person, not in a cell.
        "contact_family", "do_not_contact",
    }
)  # fmt: skip
COLUMNS = frozenset(
    {
        "purposes", "recipients", "countries", "permit", "told",
        "comprehension_checked", "independent_interpreter",
    }
)  # fmt: skip
"""Columns that must be there though their cells may be empty. A file without `deny` or `services`
is read as one in which they are empty: only what `permit` names is ever sent."""
GIVEN = ("purposes", "recipients", "countries", "permit", "told")
"""What a consent that was given must name: without it nobody knows what was agreed to."""


def offer_categories() -> list[str]:
    """The categories that may stand in an offer, before the destination has accepted."""
    return [one.id for one in spec.categories().values() if one.offer and not one.protocol]


def _expanded(table: Table) -> Table:
    """The table with `offer` in the permit column replaced by the categories it stands for."""
    names = [header.lower() for header in table.header]
    if "permit" not in names:
        return table
    index = names.index("permit")
    rows = []
    for row in table.rows:
        cells = dict(row.cells)
        if isinstance(value := cells.get(index), str):
            parts = [part.strip(BLANKS) for part in value.split(";")]
            wide = [";".join(offer_categories()) if part == OFFER else part for part in parts]
            cells[index] = ";".join(wide)
        rows.append(Row(row.line, cells, row.ragged))
    return Table(table.file, table.header, rows)


class Consents:
    """The consents of a folder: by case number, with what was refused and why."""

    def __init__(self) -> None:
        self.found: dict[str, ConsentRecord] = {}
        self.lines: dict[str, int] = {}
        self.refused: list[RowProblem] = []
        self.warnings: list[Notice] = []
        self.bad: dict[str, str] = {}

    def why_none(self, number: str) -> str:
        """Why a case has no consent record."""
        return self.bad.get(number, "consents.csv has no row for this case")


WHY_NOT = {
    "INVALID_FIELD": (
        "this is not enough for a child, or too much for a relative",
        "See the guide to the sheets; who is not known to be an adult counts as a child",
    ),
    "GUARDIAN_CONFLICT": (
        "this guardian has an interest of their own",
        "Ask another representative",
    ),
    "CAME_OF_AGE": ("the person was of age when it was given", "Ask the person"),
}
"""Why a record that says yes is none, by the reason that the node would answer with."""


def _column(file: FlatFile, where: str) -> int | None:
    """The column of a field that the node names, such as givenBy or permit/3; None if it lacks."""
    name = where.split("/")[0]
    outer = {n: file.within.get(n, field.name) for n, field in file.fields.items()}
    return next((n for n, one in outer.items() if plain(one) == plain(name)), None)


def _check(file: FlatFile, row: Row, consent: ConsentRecord) -> bool:
    """Whether the row holds as a whole; each fault is listed."""
    before = len(file.refused)
    index = {field.name: n for n, field in file.fields.items()}
    if consent.status == "given":
        for name in GIVEN:
            if not getattr(consent, name):
                why = "a consent that was given names at least one"
                file.problem(row, index[name], why, "Write what the person agreed to")
    if consent.valid_until.seconds <= consent.valid_from.seconds:
        why = "the consent ends before it begins"
        file.problem(row, index["valid_until"], why, "Correct one of the two dates")
    if "grant" in consent.permit:
        why = "a grant is not a category that a person can permit"
        file.problem(row, index["permit"], why, "Take it out")
    given = moment(consent.given_at)
    for reason, where in (childhood.fault(consent, given), family.fault(consent)):
        if reason and consent.status == "given":
            why, fix = WHY_NOT[reason]
            file.problem(row, _column(file, where), why, fix)
    if len(file.refused) == before:
        try:
            validate(consent)
        except Invalid:
            why = "the values do not fit together"
            file.problem(row, None, why, "Compare them with the specification")
    return len(file.refused) == before


def read_consents(path: Path) -> Consents:
    """Read consents.csv. A row with a fault is refused whole, and its case has no consent.

    Two rows for one case are both refused: nobody can say which of them the person meant. Each
    record gets a random subject id of its own. Raises ImportFault where the file cannot be read.
    """
    result = Consents()
    file = flat(_expanded(read_csv(path)), spec.messages()[MESSAGE], SKIP, COLUMNS, INSIDE)
    for row, number in file.rows():
        consent = ConsentRecord(subject_id=jose.opaque(secrets.token_bytes))
        first = result.lines.setdefault(number, row.line)
        if first != row.line:
            why = f"line {first} is about the same case"
            file.problem(row, file.case, why, "Keep the row that the person agreed to")
            result.found.pop(number, None)
            result.bad[number] = f"{path.name} has more than one row for this case"
        elif file.fill(row, consent) and _check(file, row, consent):
            result.found[number] = consent
        elif file.lacking:
            result.bad[number] = f"{path.name} lacks a column"
        else:
            result.bad[number] = f"{path.name} line {row.line} was refused"
    result.refused = file.refused
    result.warnings = file.warnings
    return result
