"""The table of statuses in spec.md is the registry's, and its steps hold every reason."""

from __future__ import annotations

import re
from pathlib import Path

from onward.core import consent, spec

TEXT = (Path(__file__).resolve().parents[1] / "spec.md").read_text("utf-8")
SECTION = TEXT[TEXT.index("\n## Consent\n") : TEXT.index("\n## Family\n")]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in SECTION.splitlines()
    if line.startswith("|")
]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([a-z_]+)`", cell)


def test_what_may_follow_what_is_the_registrys() -> None:
    table = {codes(row[0])[0]: row[1:] for row in ROWS if len(row) == 3 and codes(row[0])}
    registry = spec.registries()["consent_status"]
    assert list(table) == registry.allowed()
    for status, (after, her_wish) in table.items():
        assert codes(after) == list(registry.codes[status].follows)
        assert codes(her_wish) == list(registry.codes[status].follows_her_wish)


def test_the_steps_of_the_whole_and_their_errors() -> None:
    steps = {codes(row[2])[0]: row[3].strip("`") for row in ROWS if len(row) == 4 and codes(row[2])}
    assert steps == consent.REFUSALS


def test_every_reason_has_a_step() -> None:
    said = {code for row in ROWS for code in codes(row[2])[:1] if len(row) in (3, 4)}
    # Feedback is decided by its own section.
    assert set(spec.registries()["decision_reason"].codes) - {"feedback_denied"} <= said | {
        "permitted_by_basis"
    }


def test_no_retired_id_is_used_again() -> None:
    retired = re.findall(r"[A-Z]{3,4}-[0-9]{3}", TEXT[TEXT.index("requirements are retired") :])
    assert retired
    assert [one for one in retired if f"[{one}]" in TEXT] == []
