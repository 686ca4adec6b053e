"""The guide to consent works as it stands there: its examples run in order, on two real nodes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from chain import Chain
from nodes import Pair
from onward.core import spec
from people import decision, record, wishes

GUIDE = (Path(__file__).resolve().parents[2] / "docs/guides/consent.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python no-run\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def test_the_examples_run_in_order(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.clock.advance(timedelta(minutes=1))  # The guide takes the time of this machine.
    names: dict[str, Any] = {
        "here": pair.origin.client, "there": pair.destination.client, "record": record(),
        "items": wishes(),
    }  # fmt: skip
    for block in BLOCKS[:-1]:
        if "check_understanding" in block:
            referral_id = names["referral_id"] = names["sent"].referral.referral_id
            pair.settle()
            pair.destination.client.get_referral(referral_id)
            pair.destination.client.acknowledge(referral_id)
            pair.destination.client.decide(referral_id, decision())
            pair.settle()
            names["here"].get_referral(referral_id)
            names["here"].disclose(referral_id, record=record())
            pair.settle()
        exec(compile(block, "guide", "exec"), names)
    assert names["consent"].version == 4
    assert len(names["answer"].decisions) == sum(
        1 for one in spec.categories().values() if not one.protocol
    )
    found = names["found"]
    assert (found.matches, list(found.not_agreed)) == (False, ["contact_safe", "name"])
    assert found.feedback_not_agreed
    pair.settle()
    assert "consent_mismatch" in pair.origin.needs(names["referral_id"])
    assert pair.destination.part_rows(names["referral_id"])["contact_safe"] == "sealed"
    assert pair.destination.part_rows(names["referral_id"])["name"] == "held"
    pair.close()


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
