"""The guide for going without a consent works as it stands there, block by block."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from nodes import Pair
from people import record, wishes

GUIDE = Path(__file__).resolve().parents[2] / "docs/guides/without-consent.md"


def test_the_guide_works(pair: Pair) -> None:
    blocks = re.findall(r"^```python no-run\n(.*?)^```", GUIDE.read_text("utf-8"), re.S | re.M)
    names = {
        "client": pair.origin.client,
        "subject_id": "subject-0001",
        "items": wishes(),
        "record": record(),
        **{
            f"{which}_supervisor": pair.origin.as_role("supervisor", f"s-{which}")
            for which in ("first", "second", "third")
        },
    }
    propose, approve, offer, disclose, after, glass = blocks
    for block in (propose, approve, offer):
        exec(block, names)
    pair.settle()
    referral_id = names["sent"].referral.referral_id  # type: ignore[attr-defined]
    pair.accept(referral_id)
    exec(disclose, names)
    pair.settle()
    assert pair.destination.part_rows(referral_id)["name"] == "held"
    pair.clock.advance(timedelta(hours=12))
    exec(after, names)
    exec(glass, names | {"referral_id": referral_id})
    counted = {one.basis: one.uses for one in names["third_supervisor"].count_bases()}  # type: ignore[attr-defined]
    assert counted == {"vital_interest": 2}
