"""Consents and wishes: read whole, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from importing import (
    CONSENT,
    WISH,
    one,
    only,
    texts,
    write_csv,
)
from onward.core import spec
from onward.core.parse import validate
from onward.importers import Import, read_folder

MAY_LACK = ("deny", "services")

# Consents


def _consent(folder: Path, **changes: str) -> Import:
    write_csv(folder / "consents.csv", [CONSENT | changes])
    return one(folder, prs_FirstName="Aruna")


def test_a_consent_is_read_as_it_was_given(tmp_path: Path) -> None:
    _consent(tmp_path)
    consent = only(read_folder(tmp_path)).consent
    assert consent is not None
    validate(consent)
    offer = {one.id for one in spec.categories().values() if one.offer and not one.protocol}
    assert set(consent.permit) == offer | {"name"}
    assert list(consent.deny) == ["hiv"]
    assert consent.notice_language == "bn"
    assert consent.given_at.ToDatetime(tzinfo=UTC) == datetime(2026, 1, 1, 3, 30, tzinfo=UTC)
    assert consent.valid_until.ToDatetime() == datetime(2027, 1, 1, 23, 59, 59)
    assert (consent.consent_id, consent.version) == ("", 0)
    assert consent.comprehension_checked
    again = only(read_folder(tmp_path)).consent
    assert again is not None
    assert again.subject_id != consent.subject_id


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "yes"),
        ("status", ""),
        ("purposes", "immigration_enforcement"),
        ("purposes", ""),
        ("permit", ""),
        ("permit", "all_but_restricted"),
        ("permit", "grant"),
        ("permit", "Name"),
        ("deny", "offer"),
        ("recipients", "Shelter"),
        ("countries", "India"),
        ("told", "everything"),
        ("feedback", ""),
        ("valid_until", "2025-12-31"),
        ("valid_until", "1.1.2027"),
        ("given_at", "2026-01-01T09:30:00"),
        ("retention_days", "0"),
        ("comprehension_checked", "maybe"),
        ("notice_language", "Bangla"),
    ],
)
def test_one_fault_and_there_is_no_consent(tmp_path: Path, name: str, value: str) -> None:
    result = _consent(tmp_path, **{name: value})
    (case,) = result.cases
    (problem,) = result.refused
    assert case.consent is None
    assert case.not_sent == "consents.csv line 2 was refused"
    assert (problem.file, problem.line) == ("consents.csv", 2)
    assert problem.column.endswith(f"({name})")


@pytest.mark.parametrize("name", [name for name in CONSENT if name not in MAY_LACK])
def test_a_missing_column_refuses_every_consent_and_is_said_once(tmp_path: Path, name: str) -> None:
    rows = [CONSENT, CONSENT | {"case_number": "C-2"}]
    write_csv(tmp_path / "consents.csv", [{k: v for k, v in r.items() if k != name} for r in rows])
    result = one(tmp_path, prs_FirstName="Aruna")
    assert result.cases[0].consent is None
    (problem,) = result.refused
    assert (problem.column, problem.line) == (name, 0)
    assert str(problem).startswith(f"consents.csv, column {name}: the file has no such column")


@pytest.mark.parametrize("name", MAY_LACK)
def test_some_columns_count_as_empty(tmp_path: Path, name: str) -> None:
    write_csv(tmp_path / "consents.csv", [{k: v for k, v in CONSENT.items() if k != name}])
    consent = only(one(tmp_path, prs_FirstName="Aruna")).consent
    assert consent is not None
    assert list(getattr(consent, name)) == []


def test_refused_and_deferred_consents_are_kept_as_such(tmp_path: Path) -> None:
    for status in ("refused", "deferred"):
        _consent(tmp_path, status=status, permit="", purposes="", recipients="", countries="")
        consent = only(read_folder(tmp_path)).consent
        assert consent is not None
        assert consent.status == status


def test_two_consents_for_one_case_are_none(tmp_path: Path) -> None:
    write_csv(tmp_path / "consents.csv", [CONSENT, CONSENT, CONSENT | {"case_number": "C-9"}])
    result = one(tmp_path, prs_FirstName="Aruna")
    assert result.cases[0].consent is None
    assert "more than one row" in result.cases[0].not_sent
    assert "a case that the case sheet does not have" in texts(result)


def test_a_tick_never_becomes_a_consent(tmp_path: Path) -> None:
    for tick in ("TRUE", "true", "Yes", "1"):
        result = one(tmp_path, prs_FirstName="Aruna", con_Consent=tick)
        assert only(result).consent is None
        assert "a tick is not a consent record" in texts(result)
    result = one(tmp_path, prs_FirstName="Aruna", con_Consent="FALSE")
    assert "a tick is not" not in texts(result)


def test_missing_files_are_said(tmp_path: Path) -> None:
    said = texts(one(tmp_path, prs_FirstName="Aruna"))
    assert "consents.csv: the file is not there" in said
    assert "wishes.csv: the file is not there" in said


# Wishes


def test_wishes_become_the_service_needs(tmp_path: Path) -> None:
    second = WISH | {"item_number": "2", "wish": "never", "not_before": ""}
    write_csv(tmp_path / "wishes.csv", [second, WISH])
    case = only(one(tmp_path, prs_FirstName="Aruna"))
    assert [(need.number, need.wish, need.not_before) for need in case.wishes] == [
        (1, "later", "2027-03"),
        (2, "never", ""),
    ]
    assert list(case.record.needs_services.items) == list(case.wishes)


def test_wishes_without_their_optional_columns(tmp_path: Path) -> None:
    lean = {k: v for k, v in WISH.items() if k not in ("not_before", "priority")}
    write_csv(tmp_path / "wishes.csv", [lean])
    assert len(only(one(tmp_path, prs_FirstName="Aruna")).wishes) == 1
    write_csv(
        tmp_path / "wishes.csv", [{k: v for k, v in r.items() if k != "wish"} for r in (WISH, WISH)]
    )
    (problem,) = one(tmp_path, prs_FirstName="Aruna").refused
    assert (problem.file, problem.line, problem.column) == ("wishes.csv", 0, "wish")


def test_a_bad_wish_is_listed_and_the_others_go_on(tmp_path: Path) -> None:
    bad = [{"wish": "maybe"}, {"item_number": "65"}, {"service_type": "Childcare"}, {}]
    write_csv(tmp_path / "wishes.csv", [WISH, *[WISH | change for change in bad]])
    result = one(tmp_path, prs_FirstName="Aruna")
    assert len(result.cases[0].wishes) == 1
    assert [problem.line for problem in result.refused] == [3, 4, 5, 6]
    assert result.refused[3].why == "another row of this case has the same item number"


# Children and relatives

CHILD = {
    "age_class": "child",
    "given_by": "guardian",
    "guardian_conflict_checked": "TRUE",
    "child_assent": "TRUE",
    "guardian_conflict": "",
    "adult_on": "2030-04-01",
    "best_interest.finding": "share",
    "best_interest.assessed_by": "msw.gov.bd.example",
    "best_interest.assessed_on": "2025-12-20",
    "best_interest.child_heard": "TRUE",
}


def test_a_childs_consent_is_read_with_what_was_found(tmp_path: Path) -> None:
    _consent(tmp_path, **CHILD)
    consent = only(read_folder(tmp_path)).consent
    assert consent is not None
    validate(consent)
    assert consent.best_interest.finding == "share"
    assert consent.best_interest.child_heard
    assert consent.adult_on == "2030-04-01"


def test_an_adults_row_may_leave_the_columns_of_children_empty(tmp_path: Path) -> None:
    _consent(tmp_path, **dict.fromkeys(CHILD.keys() - {"age_class", "given_by"}, ""))
    consent = only(read_folder(tmp_path)).consent
    assert consent is not None
    assert not consent.HasField("best_interest")


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"given_by": "self"}, "given_by"),
        ({"guardian_conflict_checked": ""}, "guardian_conflict_checked"),
        ({"child_assent": ""}, "child_assent"),
        ({"guardian_conflict": "TRUE"}, "guardian_conflict"),
        ({"adult_on": ""}, "adult_on"),
        ({"adult_on": "2025-12-31"}, "adult_on"),
        ({"best_interest.finding": "perhaps"}, "best_interest.finding"),
        ({"best_interest.assessed_on": ""}, ""),
        ({"age_class": "unknown", "given_by": "self"}, "given_by"),
        ({"subject_kind": "family_member", "permit": "offer;means_of_control"}, "permit"),
    ],
)
def test_what_the_node_would_refuse_is_no_consent(
    tmp_path: Path, changes: dict[str, str], column: str
) -> None:
    result = _consent(tmp_path, **CHILD | changes)
    (case,) = result.cases
    (problem,) = result.refused
    assert case.consent is None
    assert not column or problem.column.endswith(f"({column})")


def test_a_child_in_a_sheet_without_the_columns_of_children(tmp_path: Path) -> None:
    result = _consent(tmp_path, age_class="child", given_by="guardian")
    (problem,) = result.refused
    assert result.cases[0].consent is None
    assert "not enough for a child" in problem.why


def test_whom_to_contact_has_no_column(tmp_path: Path) -> None:
    result = _consent(tmp_path, contact_family="only_agreed", do_not_contact="Somebody")
    consent = result.cases[0].consent
    assert consent is not None
    assert consent.contact_family == ""
    assert texts(result).count("the column is not known") == 2
