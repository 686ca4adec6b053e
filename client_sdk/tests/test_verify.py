"""Proving a referral offline: a good export passes, and every change of a line is noticed."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from builders import AGENCIES, DAY, NOW, REFERRAL, World, everything, items, key, offered, refs
from onward.core import entries, envelopes, jose
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.core.states import SIDES, Side, other
from onward.core.verify import Proof, verify
from onward.v1.envelope_pb2 import Bundle, LogExport, Receipt, Sealed
from trust_builders import trusted

LINES = ("origin", "destination", "headers", "receipts")


def sent(world: World, side: Side, number: int, **changed: Any) -> tuple[str, str]:
    """Header and receipt of an envelope, by which the other side has everything so far."""
    mid = f"mid-{number:012}"
    bundle = Bundle(referral_id=REFERRAL, entries=[world.tokens[world.logs[side][-1].hash]])
    envelope = envelopes.seal(
        Sealed(bundle=bundle),
        mid=mid,
        sender=AGENCIES[side],
        recipient=AGENCIES[other(side)],
        environment=changed.pop("environment", "test"),
        signing_key=key(side),
        sealing_key=key(f"{other(side)} seal"),
        now=NOW,
        expires=NOW + DAY,
    )
    said: dict[str, Any] = {
        "version": "1.0",
        "mid": mid,
        "header": jose.digest(envelope.header),
        "iss": AGENCIES[other(side)],
        "aud": AGENCIES[side],
        "referral_id": REFERRAL,
        "heads": entries.heads(*world.both),
        "trust_list": 7,
        "time": stamp(NOW),
    }
    receipt = envelopes.sign_receipt(Receipt(**said | changed), key(other(side)))
    return envelope.header, receipt


@cache
def built() -> tuple[World, LogExport]:
    """A referral with acts on both sides, and the origin's export of it."""
    world = offered(parts=refs("age_band"), signed=True)
    pairs = [sent(world, "origin", 1)]
    world.write("destination", "acknowledge")
    world.write("destination", "decide", items=items("accepted"))
    world.meet()
    world.write("origin", "disclose", parts=refs("name"))
    world.write("destination", "progress", items=items("in_delivery"))
    pairs.append(sent(world, "origin", 2))
    world.meet()
    world.write("origin", "withdraw", withdrawal=everything())
    pairs.append(sent(world, "origin", 3))
    return world, whole(world, pairs)


def whole(world: World, pairs: list[tuple[str, str]], **changed: Any) -> LogExport:
    """An export of these logs."""
    said: dict[str, Any] = {
        "referral_id": REFERRAL,
        "environment": "test",
        "origin": [world.tokens[act.hash] for act in world.logs["origin"]],
        "destination": [world.tokens[act.hash] for act in world.logs["destination"]],
        "headers": [header for header, _ in pairs],
        "receipts": [receipt for _, receipt in pairs],
    }
    return LogExport(**said | changed)


def good() -> LogExport:
    """A copy of the good export."""
    result = LogExport()
    result.CopyFrom(built()[1])
    return result


def fault(export: LogExport) -> tuple[str, str]:
    """Why an export is refused, and where."""
    with pytest.raises(Refused) as refused:
        verify(export, trusted())
    return refused.value.reason, refused.value.pointer


def proof(export: LogExport) -> Proof:
    """What the export proves."""
    return verify(export, trusted())


def test_good_export_passes() -> None:
    found = proof(good())
    assert (found.origin, found.destination) == (AGENCIES["origin"], AGENCIES["destination"])
    assert (found.entries, found.receipts) == (6, 3)
    assert (found.state.phase, found.state.rest) == ("resting", "withdrawn")
    assert set(found.state.order) == set(found.acts)


PLACES = [(name, number) for name in LINES for number in range(len(getattr(built()[1], name)))]


@pytest.mark.parametrize(("name", "number"), PLACES)
def test_changed_line_is_refused_with_its_place(name: str, number: int) -> None:
    for part in range(3):
        export = good()
        pieces = getattr(export, name)[number].split(".")
        middle = len(pieces[part]) // 2
        new = "A" if pieces[part][middle] != "A" else "B"
        pieces[part] = pieces[part][:middle] + new + pieces[part][middle + 1 :]
        getattr(export, name)[number] = ".".join(pieces)
        reason, pointer = fault(export)
        assert pointer == f"/{name}/{number}"
        assert reason in ("SIGNATURE_INVALID", "INVALID_JSON", "UNKNOWN_FIELD", "INVALID_FIELD")


@pytest.mark.parametrize(("name", "number"), PLACES)
def test_dropped_or_repeated_line_is_refused(name: str, number: int) -> None:
    export = good()
    line = getattr(export, name)[number]
    del getattr(export, name)[number]
    assert fault(export)[1].startswith("/")
    export = good()
    getattr(export, name).insert(number, line)
    assert fault(export)[1].startswith("/")


@pytest.mark.parametrize(("name", "number"), [p for p in PLACES if p[1]])
def test_swapped_lines_are_refused(name: str, number: int) -> None:
    export = good()
    lines = getattr(export, name)
    lines[number - 1], lines[number] = str(lines[number]), str(lines[number - 1])
    assert fault(export)[1].startswith("/")


@pytest.mark.parametrize("side", SIDES)
def test_log_cut_short_while_a_receipt_names_a_later_head(side: Side) -> None:
    export = good()
    del getattr(export, side)[-1]
    assert fault(export) == (
        "FORK" if side == "origin" else "GAP",
        "/receipts/2" if side == "origin" else "/origin/2",
    )


def test_tail_that_no_later_entry_had_seen_is_missed_by_its_receipt() -> None:
    world = built()[0].fork()
    world.write("destination", "opened", opened=[refs("age_band")[0].digest])
    pairs = list(zip(built()[1].headers, built()[1].receipts, strict=True))
    pairs.append(sent(world, "origin", 4))
    export = whole(world, pairs)
    assert proof(export).entries == 7
    del export.destination[-1]
    assert fault(export) == ("FORK", "/receipts/3")


def extended(side: Side = "origin", **changed: Any) -> LogExport:
    """The good export with one more envelope."""
    pairs = list(zip(built()[1].headers, built()[1].receipts, strict=True))
    return whole(built()[0], [*pairs, sent(built()[0], side, 4, **changed)])


def test_export_with_one_more_envelope_passes() -> None:
    assert proof(extended()).receipts == 4
    assert proof(extended("destination")).receipts == 4


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"referral_id": "ref-00000002"}, ("ENTRY_INVALID", "/receipts/3")),
        ({"mid": "mid-another-0001"}, ("ENTRY_INVALID", "/receipts/3")),
        ({"aud": "other.bd.example"}, ("ENTRY_INVALID", "/receipts/3")),
        ({"version": "1.1"}, ("UNKNOWN_VERSION", "/receipts/3")),
        ({"environment": "live"}, ("WRONG_ENVIRONMENT", "/headers/3")),
    ],
)
def test_receipt_that_does_not_belong(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    assert fault(extended(**changed)) == expected


def test_receipt_signed_by_its_reader_and_header_of_a_stranger() -> None:
    export = extended()
    forged = jose.sign(jose.peek(export.receipts[3]), jose.RECEIPT, key("origin"))
    export.receipts[3] = forged
    assert fault(export) == ("SIGNATURE_INVALID", "/receipts/3")
    export = extended()
    export.headers[3] = jose.sign(jose.peek(export.headers[3]), jose.ENVELOPE, key("stranger"))
    assert fault(export) == ("SIGNATURE_INVALID", "/headers/3")


def test_head_that_is_another_entry_is_a_fork() -> None:
    heads = entries.heads(*built()[0].both)
    heads.destination.hash = heads.origin.hash
    assert fault(extended(heads=heads)) == ("FORK", "/receipts/3")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"environment": "live"}, ("WRONG_ENVIRONMENT", "/environment")),
        ({"referral_id": "ref-00000002"}, ("ENTRY_INVALID", "/origin/0")),
        ({"origin": []}, ("ENTRY_INVALID", "/origin")),
        ({"origin": ["e30"]}, ("SIGNATURE_INVALID", "/origin/0")),
        ({"origin": ["e30.e30.c2ln"]}, ("INVALID_FIELD", "/origin/0")),
    ],
)
def test_export_that_is_about_something_else(
    changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    pairs = list(zip(built()[1].headers, built()[1].receipts, strict=True))
    assert fault(whole(built()[0], pairs, **changed)) == expected


def test_logs_exchanged_are_refused() -> None:
    export = good()
    pairs = list(zip(export.headers, export.receipts, strict=True))
    swapped = {"origin": list(export.destination), "destination": list(export.origin)}
    assert fault(whole(built()[0], pairs, **swapped))[1].startswith("/")


def test_fork_is_pointed_at_and_not_the_gap_that_follows_from_it() -> None:
    world = built()[0]
    rival = offered(parts=refs("sex"), signed=True)
    pairs = list(zip(built()[1].headers, built()[1].receipts, strict=True))
    mixed = [rival.tokens[rival.logs["origin"][0].hash]]
    mixed += [world.tokens[act.hash] for act in world.logs["origin"][1:]]
    reason, pointer = fault(whole(world, pairs, origin=mixed))
    assert (reason, pointer) == ("FORK", "/origin/1")
