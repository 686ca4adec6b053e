"""The last example of the guide to consent: it needs a third agency (the others: test_guides)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from chain import Chain
from people import record, wishes

GUIDE = (Path(__file__).resolve().parents[2] / "docs/guides/consent.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python no-run\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def test_what_goes_on_to_a_third_agency(tmp_path: Path) -> None:
    chain = Chain(tmp_path)
    chain.consent("a", "b")
    chain.refer("a", "b")
    first = chain.referrals["ab"]
    names: dict[str, Any] = {
        "here": chain["b"].client, "third": chain["c"].agency, "record": record(),
        "items": wishes(), "referral_id": first, "consent_id": chain.consent("b", "c"),
    }  # fmt: skip
    exec(compile(BLOCKS[-1], "guide", "exec"), names)
    assert {one.category for one in names["answer"].decisions if one.permitted} >= {"name", "sex"}
    chain.settle()
    passed = names["passed"].referral.referral_id
    assert chain["c"].part_rows(passed)["sex"] == "held"
    chain["a"].client.withdraw(first, everything=True)
    for _ in range(3):
        chain.settle()
    assert chain["c"].part_rows(passed)["sex"] in ("sealed", "destroyed")
    chain.close()
