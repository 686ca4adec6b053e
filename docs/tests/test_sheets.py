"""The guide to the sheets names what the importer has, and its example imports."""

from __future__ import annotations

import re
from pathlib import Path

from google.protobuf.descriptor import FieldDescriptor

from onward.core import schema, spec
from onward.core.parse import validate
from onward.importers import consents, mapping, read_folder, wishes

GUIDE = (Path(__file__).resolve().parents[2] / "docs/guides/sheets.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """The table below a heading: its other cells, by column."""
    section = GUIDE.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first.strip("`"): rest for first, *rest in cells}


def fields(message: str) -> dict[str, FieldDescriptor]:
    """The fields by the names of their columns."""
    found = {field.name: field for field in spec.messages()[message].fields}
    if message == consents.MESSAGE:
        for outer in consents.INSIDE:
            inner = found.pop(outer).message_type.fields
            found |= {f"{outer}.{field.name}": field for field in inner}
    return found | ({"item_number": found["number"]} if "number" in found else {})


def kind(field: FieldDescriptor, given: tuple[str, ...], also: frozenset[str]) -> str:
    """What the guide says of a column."""
    if schema.must_stand(field):
        return "yes"
    if field.name in given:
        return "if given"
    return "column" if field.name in also else "no"


def check(heading: str, message: str, given: tuple[str, ...], also: frozenset[str]) -> None:
    """Every column is one of the importer's, and every one that must stand is there."""
    table = rows(heading)
    assert table.pop("case_number")[0] == "yes"
    known = fields(message)
    for name, (stands, codes, _) in table.items():
        expected = kind(known[name], given, also)
        assert stands == ("together" if "." in name and expected == "yes" else expected), name
        assert codes.strip("`") == spec.rule(known[name]).codes, name
    named = {known[name].name for name in table}
    must = {f.name for f in known.values() if schema.must_stand(f)} | set(given) | also
    assert must - {"subject_id"} <= named


def test_consents_and_wishes_are_described_as_they_are_read() -> None:
    check("consents.csv", consents.MESSAGE, consents.GIVEN, consents.COLUMNS)
    check("wishes.csv", wishes.MESSAGE, (), frozenset())


def test_the_columns_of_cases_are_read() -> None:
    for name in rows("cases.csv"):
        known = mapping.targets().get(name) or mapping.extension(name)
        assert known or name == "case_number", name


def test_every_list_of_codes_is_one() -> None:
    for name in ("consents.csv", "wishes.csv", "cases.csv"):
        for cells in rows(name).values():
            codes = cells[-2].strip("`")
            assert codes in ("", "HTCDS") or codes in spec.registries()


def test_the_example_imports_without_refusal(tmp_path: Path) -> None:
    files = re.findall(r"```csv (\S+)\n(.*?)```", GUIDE, re.S)
    assert [name for name, _ in files] == ["cases.csv", "consents.csv", "wishes.csv"]
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = read_folder(tmp_path)
    assert result.refused == []
    assert result.warnings == []
    (case,) = result.cases
    assert case.consent is not None
    validate(case.consent)
    assert len(case.wishes) == 2
