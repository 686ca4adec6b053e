"""wishes.csv: what each person wants, one row for each service.

`now`, `later` and `never` are the person's own words, and only `now` asks for a service now.
"""

from __future__ import annotations

from pathlib import Path

from onward.core import spec
from onward.core.parse import Invalid, validate
from onward.importers.flat import flat
from onward.importers.model import Notice, RowProblem
from onward.importers.table import read_csv
from onward.v1.categories_pb2 import NeedsServices

MESSAGE = f"{spec.PACKAGE}.NeedsServices.ServiceNeed"


class Wishes:
    """The wishes of a folder: by case number, in the order of their item numbers."""

    def __init__(self) -> None:
        self.found: dict[str, list[NeedsServices.ServiceNeed]] = {}
        self.lines: dict[str, int] = {}
        self.refused: list[RowProblem] = []
        self.warnings: list[Notice] = []


def read_wishes(path: Path) -> Wishes:
    """Read wishes.csv. A row with a fault is refused, and the others go on.

    Raises ImportFault where the file cannot be read.
    """
    result = Wishes()
    file = flat(read_csv(path), spec.messages()[MESSAGE])
    numbers = {field.name: index for index, field in file.fields.items()}
    for row, case in file.rows():
        need = NeedsServices.ServiceNeed()
        result.lines.setdefault(case, row.line)
        if not file.fill(row, need):
            continue
        needs = result.found.setdefault(case, [])
        if any(one.number == need.number for one in needs):
            why = "another row of this case has the same item number"
            file.problem(row, numbers["number"], why, "Number each item of a case once")
            continue
        try:
            validate(need)
        except Invalid:
            file.problem(row, None, "the values do not fit together", "Compare them")
            continue
        needs.append(need)
    for needs in result.found.values():
        needs.sort(key=lambda one: one.number)
    result.refused = file.refused
    result.warnings = file.warnings
    return result
