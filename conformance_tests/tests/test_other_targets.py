"""Targets that are right and not like the reference node: the suite must pass them, too."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from memory_target import PROFILES, MemoryTarget, RealClock

from desk import Desk
from onward.core import envelopes
from onward.v1.envelope_pb2 import Receipt
from onward_conformance.jose import Key, compact, read, sign
from onward_conformance.local import LocalPlane
from onward_conformance.profiles import chosen, part
from onward_conformance.results import Outcome
from onward_server.service import loads


class OffClock(RealClock):
    """A clock that goes wrong by so much."""

    def __init__(self, off: timedelta) -> None:
        self._off = off

    def now(self) -> datetime:
        return super().now() + self._off


class OffTarget(MemoryTarget):
    """The reference node with such a clock. The suite allows 60 seconds, as nodes do (DLV-011)."""

    off = timedelta(0)

    def _desk(self, folder: Path, agency: str) -> Desk:
        folder.mkdir()
        return Desk(folder, agency, "IN", OffClock(self.off))


class AheadTarget(OffTarget):
    off = timedelta(seconds=50)


class BehindTarget(OffTarget):
    off = timedelta(seconds=-50)


def reversed_receipts(patch: pytest.MonkeyPatch) -> None:
    """Members of a receipt, and of what is in it, in the order of the alphabet from its end."""
    made = envelopes.sign_receipt

    def signed(receipt: Receipt, key: object) -> str:
        said = json.loads(read(made(receipt, key))[1])
        own = Key.load(json.dumps(key.as_dict(private=True)))
        return sign(compact(_turned(said)), "onward-receipt+jws", own)

    patch.setattr(envelopes, "sign_receipt", signed)


def _turned(value: object) -> object:
    if isinstance(value, list):
        return [_turned(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _turned(value[name]) for name in sorted(value, reverse=True)}


def one_part_each(patch: pytest.MonkeyPatch) -> None:
    """No envelope carries more than one part. An answer to Resync is one envelope, as before."""
    made = loads.filled

    def filled(*given: Any) -> loads.Load:
        with pytest.MonkeyPatch.context() as few:
            few.setattr(loads, "MAX_PARTS", 1)
            return made(*given)

    patch.setattr(loads, "filled", filled)


def test_who_acts_is_believed_also_by_a_clock_that_is_off() -> None:
    key, here = Key.new(), time.time()
    plane = LocalPlane("http://127.0.0.1:9", "a.example", "c", key, key)
    said = json.loads(read(plane._assertion("u-1", "caseworker"))[1])
    plane.close()
    assert said["iat"] < here - 50
    assert said["exp"] > here + 110
    assert said["exp"] - said["iat"] <= 300


def as_it_is(_: pytest.MonkeyPatch) -> None:
    """Nothing is another."""


CLOCKS = {"header", "questions", "agreements", "bases"}
RECEIPTS = {"header", "logs"}
PARTS = {"offers", "disclosures", "held"}


@pytest.mark.parametrize(
    ("kind", "change", "asked"),
    [
        (AheadTarget, as_it_is, CLOCKS),
        (BehindTarget, as_it_is, CLOCKS),
        (MemoryTarget, reversed_receipts, RECEIPTS),
        (MemoryTarget, one_part_each, PARTS),
    ],
    ids=["clock ahead", "clock behind", "receipts turned round", "an envelope for each part"],
)
def test_a_right_target_of_another_kind_passes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[MemoryTarget],
    change: Callable[[pytest.MonkeyPatch], None],
    asked: set[str],
) -> None:
    """By the parts of the suite where it can make a difference."""
    checks = [one for one in chosen(PROFILES) if part(one) in asked]
    change(monkeypatch)
    target = kind(tmp_path, PROFILES)
    try:
        results = target.results(checks)
    finally:
        target.close()
    assert len(results) > 30
    assert [one for one in results if one.outcome is not Outcome.PASS] == []
