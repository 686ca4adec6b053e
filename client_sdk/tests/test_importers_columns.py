"""Columns of a case sheet: which are read, which are not, and what is not made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from importing import (
    column,
    one,
    only,
    texts,
)
from onward.importers import ImportFault, mapping, read_folder

# Columns


def test_perpetrator_columns_are_read_by_nobody(tmp_path: Path) -> None:
    result = one(tmp_path, prs_FirstName="Aruna", per_RoleInProcess="SECRET", per_Anything="SECRET")
    assert "SECRET" not in repr(result)
    assert [one.why for one in result.columns[2:]] == [mapping.NOT_READ["per_"]] * 2


def test_unknown_columns_are_reported_and_not_read(tmp_path: Path) -> None:
    result = one(tmp_path, prs_FirstName="Aruna", Nickname="SECRET")
    assert "SECRET" not in repr(result)
    assert result.columns[2].use == "unknown"


def test_the_same_column_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="columns B and C are the same column"):
        one(tmp_path, prs_FirstName="Aruna", prs_First_Name="Benu")
    with pytest.raises(ImportFault, match="columns B and C are the same column"):
        one(tmp_path, prs_FirstName="Aruna", **{"name.first_name": "Benu"})


def test_a_sheet_without_names_is_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("1,Aruna,SECRET\n2,Benu,SECRET\n")
    with pytest.raises(ImportFault) as caught:
        read_folder(tmp_path)
    assert "SECRET" not in str(caught.value)


def test_columns_named_by_the_field(tmp_path: Path) -> None:
    cells = {
        "literacy.reading": "does_not_read",
        "debts.debts.holder": "survivor",
        "debts.debts.2.holder": "family",
        "children.children.age_band": "a0_8",
        "children.children.comes_along": "yes",
        "needs_services.items.service_type": "childcare",
        "name.nothing": "x",
        "literacy.reading.more": "x",
    }
    result = one(tmp_path, **cells)
    record = only(result).record
    assert record.literacy.reading == "does_not_read"
    assert [debt.holder for debt in record.debts.debts] == ["survivor", "family"]
    assert record.children.children[0].number == 1
    assert record.children.children[0].comes_along
    unknown = [one.name for one in result.columns if one.use == "unknown"]
    assert unknown == ["needs_services.items.service_type", "name.nothing", "literacy.reading.more"]


def test_codes_of_the_specification_are_not_guessed_either(tmp_path: Path) -> None:
    result = column(tmp_path, "literacy.reading", "Does Not Read")
    assert result.refused[0].column == "B (literacy.reading)"


def test_what_a_category_lacks_is_not_made_up(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        prs_FirstName="Aruna",
        prs_MobilePhone="+880 1700-000000",
        prs_IdentityNumber="X1",
        cas_ReasonForOutgoingReferral="Other",
    )
    assert only(result).categories == ("name",)
    for field in ("contact_safe.rule", "identity_document.papers.kind", "wishes.csv has no row"):
        assert field in texts(result)
    result = one(
        tmp_path,
        prs_MobilePhone="+880 1700-000000",
        prs_HomePhone="(+91) 33 0000 0000",
        **{"contact_safe.rule": "through_agency"},
    )
    ways = only(result).record.contact_safe.ways
    assert [(way.channel, way.mobile_phone, way.home_phone) for way in ways] == [
        ("mobile_call", "+8801700000000", ""),
        ("home_call", "", "+913300000000"),
    ]
