"""Parts and what becomes of them; entries and whether they are the next of their log."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

import pytest

from builders import (
    AGENCIES,
    World,
    accepted,
    digest,
    everything,
    items,
    key,
    offered,
    reason,
    refs,
    refusals,
    wishes,
)
from onward.core import entries, jose, parts
from onward.core.acts import Act
from onward.core.fold import fold
from onward.core.refused import Refused
from onward.core.states import Side, other
from onward.v1.categories_pb2 import AgeBand, Name
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Certificate, Entry, Item, Withdrawal
from onward.v1.envelope_pb2 import Part

SALT = bytes(range(32))


def states(world: World) -> dict[str, str]:
    """The state of each part, by its digest."""
    return {name: part.state for name, part in fold(*world.both).parts.items()}


def certify(world: World, side: Side, withdrawal: Act) -> None:
    """The side certifies, having seen everything."""
    world.meet()
    world.write(side, "erased", certificate=Certificate(withdrawal=withdrawal.hash))


@pytest.mark.parametrize("by", ["origin", "destination"])
def test_withdrawal_voids_parts_that_had_not_seen_it_whoever_wrote_it(by: Side) -> None:
    world = accepted(parts=refs("age_band"))
    writer = other(by)
    fields = {"follow_up": "welfare_check"} if writer == "destination" else {}
    kind = "follow_up" if writer == "destination" else "disclose"
    world.write(by, "withdraw", withdrawal=Withdrawal(categories=["name", "age_band"]))
    world.write(writer, kind, parts=refs("name", "sex"), **fields)
    world.meet()
    world.write(writer, "disclose", parts=refs("name", salt="again"))
    found = states(world)
    assert found[digest("age_band")] == found[digest("name")] == "withdrawn"
    assert found[digest("sex")] == "sent"
    seen = "sent" if writer == "origin" else "refused"  # disclose is not the destination's to write
    assert found[digest("nameagain")] == seen


@pytest.mark.parametrize("side", ["origin", "destination"])
def test_whoever_withdrew_may_send_again_under_a_new_grant(side: Side) -> None:
    world = accepted()
    for _ in range(3):
        world.write(side, "handover")  # So that its log is longer than what it has seen.
    world.write(side, "withdraw", withdrawal=Withdrawal(categories=["name"]))
    kind = "disclose" if side == "origin" else "follow_up"
    world.write(side, kind, parts=refs("name"))
    assert states(world)[digest("name")] == "sent"


def test_destination_withdraws_what_the_origin_sends_at_the_same_time() -> None:
    world = accepted()
    world.write("destination", "withdraw", withdrawal=everything())
    sent = world.write("origin", "disclose", parts=refs("name"))
    state = fold(*world.both)
    assert state.outcomes[sent.hash] == "counted"
    assert state.parts[digest("name")].state == "withdrawn"


def test_refused_parts_are_voided_by_the_receivers_next_entry() -> None:
    world = offered(parts=refs("age_band", "hiv"))
    world.write("destination", "acknowledge", refused=refusals(digest("hiv"), digest("unheard")))
    part = fold(*world.both).parts[digest("hiv")]
    assert (part.state, part.refusal) == ("refused", "beyond_grant")
    assert states(world)[digest("age_band")] == "sent"
    # Nobody refuses their own, and a refusal is final.
    world.meet()
    world.write("origin", "withdraw", withdrawal=everything(), refused=refusals(digest("age_band")))
    assert states(world) == {digest("age_band"): "withdrawn", digest("hiv"): "refused"}


def test_parts_of_a_disallowed_act_are_refused() -> None:
    world = offered()
    world.write("origin", "disclose", parts=refs("name"))
    part = fold(*world.both).parts[digest("name")]
    assert (part.state, part.refusal) == ("refused", "disallowed")


def test_parts_are_erased_when_both_have_certified() -> None:
    world = accepted(parts=refs("age_band", "sex"))
    gone = world.write("origin", "withdraw", withdrawal=Withdrawal(categories=["age_band"]))
    certify(world, "destination", gone)
    assert states(world)[digest("age_band")] == "withdrawn"
    assert fold(*world.both).uncertified("origin") == (gone.hash,)
    certify(world, "origin", gone)
    assert states(world) == {digest("age_band"): "erased", digest("sex"): "sent"}
    certify(world, "origin", gone)
    assert list(fold(*world.both).outcomes.values())[-1] == "disallowed"


def test_certificates_of_one_withdrawal_do_not_erase_what_a_later_one_took_back() -> None:
    world = accepted(parts=refs("age_band"))
    first = world.write(
        "origin", "withdraw", withdrawal=Withdrawal(categories=["age_band", "name"])
    )
    world.meet()
    world.write("origin", "disclose", parts=refs("name", salt="new grant"))
    second = world.write("origin", "withdraw", withdrawal=everything())
    certify(world, "origin", first)
    certify(world, "destination", first)
    new = digest("namenew grant")
    assert states(world) == {digest("age_band"): "erased", new: "withdrawn"}
    certify(world, "origin", second)
    certify(world, "destination", second)
    assert states(world)[new] == "erased"


def test_digest_is_bound_once() -> None:
    world = accepted(parts=refs("age_band"))
    world.write("origin", "disclose", parts=refs("age_band"))
    world.write("destination", "progress", items=items("in_delivery"), parts=refs("age_band"))
    found = fold(*world.both).parts
    assert len(found) == 1
    assert found[digest("age_band")].entry == world.logs["origin"][0].hash


def b64(data: bytes) -> str:
    """Base64url, done here and not by the code under test."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def test_digest_is_what_the_specification_says() -> None:
    part = parts.make(AgeBand(band="a24_26", age_class="adult"), SALT)
    text = b"onward-part\0age_band\0" + SALT + part.content.encode()
    assert parts.digest(part) == b64(hashlib.sha256(text).digest())
    assert parts.read(part) == AgeBand(band="a24_26", age_class="adult")


@pytest.mark.parametrize(
    "salt", [b64(SALT[:31]), b64(SALT + b"x"), b64(SALT) + "=", b64(SALT)[:-1] + "9", "ä"]
)
def test_digest_takes_a_salt_of_32_bytes_written_in_the_only_way(salt: str) -> None:
    with pytest.raises(ValueError, match=r"32 bytes|base64url|ASCII"):
        parts.digest(Part(category="age_band", salt=salt, content="{}"))


def test_part_holds_a_category_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="no category"):
        parts.make(ConsentRecord(), SALT)
    with pytest.raises(ValueError, match="32 bytes"):
        parts.make(Name(), SALT[:16])
    assert reason(parts.read, Part(category="shoe_size", content="{}")) == "UNKNOWN_CODE"
    assert reason(parts.read, Part(category="age_band", content='{"x":1}')) == "UNKNOWN_FIELD"
    assert reason(parts.read, Part(category="age_band", content="{")) == "INVALID_JSON"


def refused(new: Act, world: World, written: int | None = None) -> tuple[str, int]:
    """Why an entry is not the next, and where this node says that it stands in the origin's log."""
    log = [act for act in world.logs[new.side] if act is not new]
    try:
        entries.check_next(new, log, world.logs[other(new.side)][:written])
    except Refused as fault:
        return fault.reason, -1 if fault.heads is None else fault.heads.origin.seq
    return "", len(log)


def test_next_entry_gap_and_fork() -> None:
    world = accepted()
    twin = world.fork()
    new = world.write("origin", "close")
    assert refused(new, world) == ("", 1)
    assert refused(new, world, written=1) == ("GAP", 1)  # It has seen more than there is.
    rival = twin.write("origin", "disclose")
    assert (
        reason(entries.check_next, rival, world.logs["origin"], world.logs["destination"]) == "FORK"
    )
    after = twin.write("origin", "close")
    assert (
        reason(entries.check_next, after, world.logs["origin"], world.logs["destination"]) == "FORK"
    )
    last = twin.write("origin", "close")
    assert (
        reason(entries.check_next, last, world.logs["origin"], world.logs["destination"]) == "GAP"
    )


@pytest.mark.parametrize(
    ("seq", "hash_", "expected"),
    [
        (0, "", "ENTRY_INVALID"),  # Less than its log had seen.
        (2, digest("another"), "FORK"),
        (2, "", "FORK"),
        (3, digest("another"), "GAP"),
    ],
)
def test_what_an_entry_says_it_has_seen(seq: int, hash_: str, expected: str) -> None:
    world = accepted()
    world.write("origin", "close")
    new = world.write("origin", "close")
    new.entry.seen.seq, new.entry.seen.hash = seq, hash_
    assert refused(new, world)[0] == expected


def test_first_entry_has_none_before_it() -> None:
    world = World()
    new = world.write("origin", "offer", items=wishes("now"))
    new.entry.prev = digest("something")
    assert refused(new, world) == ("ENTRY_INVALID", 0)


def test_entry_is_read_as_it_was_signed() -> None:
    world = offered(signed=True)
    act = world.logs["origin"][0]
    find = {jose.kid(key("origin")): key("origin")}.get
    token = world.tokens[act.hash]
    assert entries.read(token, find) == act.entry
    head = token.rpartition(".")[0].encode()
    assert act.hash == b64(hashlib.sha256(head).digest())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"version": "2.0"}, "UNKNOWN_VERSION"),
        ({"kind": "close"}, "INVALID_FIELD"),  # close carries no items
        ({"kind": "seize"}, "UNKNOWN_CODE"),
        ({"round": 0}, "INVALID_FIELD"),
        ({"author": "Not An Agency"}, "INVALID_FIELD"),
        ({"items": [Item(number=65, wish="now")]}, "INVALID_FIELD"),
    ],
)
def test_entry_that_breaks_the_schema_is_refused(change: dict[str, object], expected: str) -> None:
    entry = Entry()
    entry.CopyFrom(offered().logs["origin"][0].entry)
    for name in change:
        entry.ClearField(name)  # type: ignore[arg-type]
    entry.MergeFrom(Entry(**change))  # type: ignore[arg-type]
    find = {jose.kid(key("origin")): key("origin")}.get
    assert reason(entries.read, entries.sign(entry, key("origin")), find) == expected
    assert entry.recipient == AGENCIES["destination"]


def test_fields_of_an_act_are_checked_also_without_json() -> None:
    entry = Entry(kind="withdraw")
    assert reason(entries.check_fields, entry) == "ENTRY_INVALID"
    entry.withdrawal.everything = True
    assert reason(entries.check_fields, entry) == ""
    entry.opened.append(digest("x"))
    assert reason(entries.check_fields, entry) == "ENTRY_INVALID"


def test_heads_name_the_last_entries() -> None:
    world = offered()
    found = entries.heads(*world.both)
    assert (found.origin.seq, found.origin.hash) == (1, world.logs["origin"][0].hash)
    assert (found.destination.seq, found.destination.hash) == (0, "")
