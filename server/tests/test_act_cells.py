"""Every act by each side in every phase, at two real nodes.

What is forbidden is refused on the local plane and writes nothing; from a partner that writes it
all the same it is stored and changes nothing. What is allowed leads both nodes to one state.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import act_table
from act_table import STANDINGS
from desk import Desk
from forger import Forger
from hostile import Hostile
from nodes import Pair, folded, reason
from onward.core import parts, spec
from onward.core.states import SIDES, Side, other
from onward.v1.categories_pb2 import Language
from onward.v1.entry_pb2 import Heads, PartRef
from onward.v1.errors_pb2 import Reason
from onward.v1.referral_pb2 import Referral
from phases import Case, case_in, content, entry_fields, prepare, with_third
from rewind import Moments
from serving import WAYS, Serving

FAST = Path("/dev/shm")

READS = {("opened", "origin")}
"""The origin reads what came back without an act."""

USED_UP = frozenset({"amend", "cancel", "pause", "erased", "handover", "decide"})
"""Acts that leave the phase, and yet can't be followed by every other."""


class Cells:
    """Two nodes behind both adapters, with a referral in each phase."""

    def __init__(self, folder: Path) -> None:
        self.pair = with_third(Pair(folder))
        self.moments = Moments(self.pair)
        self.serving = Serving(*self.pair.desks)
        self.clients = {
            (side, way): self.serving.client(desk, way)
            for side, desk in zip(SIDES, self.pair.desks, strict=True)
            for way in WAYS
        }
        self.turn = 0
        self._now: Case | None = None
        self._at = ""

    def case(self, standing: str) -> Case:
        """A referral that stands so, and that nobody has spoilt."""
        if standing not in self.moments:
            self.moments.keep(standing, case_in(self.pair, standing))
            self._at = standing
        elif self._at != standing:
            self.moments.back(standing)
        self._at = standing
        made: Case = self.moments._about[standing]
        return made

    def spoil(self) -> None:
        """What the next one needs is not here any more."""
        self._at = ""

    def way(self) -> str:
        """Each transport in its turn."""
        self.turn += 1
        return WAYS[self.turn % 2]

    def close(self) -> None:
        self.serving.close()
        self.pair.close()


@pytest.fixture(scope="module")
def cells() -> Iterator[Cells]:
    with TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as folder:
        made = Cells(Path(folder))
        yield made
        made.close()


def test_the_table_names_every_act() -> None:
    assert set(act_table.kinds()) == set(spec.acts())


FORBIDDEN = {
    standing: [
        (kind, side)
        for kind in act_table.kinds()
        for side in SIDES
        if not act_table.may(kind, side, standing)
    ]
    for standing in STANDINGS
}
ALLOWED = [
    (standing, kind, side)
    for standing in STANDINGS
    for kind in act_table.kinds()
    for side in SIDES
    if act_table.may(kind, side, standing)
]


@pytest.mark.parametrize("standing", STANDINGS)
def test_what_is_forbidden_is_refused_and_writes_nothing(cells: Cells, standing: str) -> None:
    case = cells.case(standing)
    for kind, side in FORBIDDEN[standing]:
        # An offer always begins a referral of its own; what the origin reads is no act.
        if kind == "offer" or (kind, side) in READS:
            continue
        before = [desk.rows() for desk in cells.pair.desks]
        for way in WAYS:
            told = reason(case.write, side, kind, client=cells.clients[side, way])
            gone = kind == "opened"  # Nothing can be read any more, and that is found first.
            assert told == ("PART_GONE" if gone else "STATE_CONFLICT"), (kind, side, way)
        assert [desk.rows() for desk in cells.pair.desks] == before, (kind, side)


@pytest.mark.parametrize("standing", STANDINGS)
def test_what_a_partner_writes_against_the_rules_changes_nothing(
    cells: Cells, standing: str
) -> None:
    case = cells.case(standing)
    cells.spoil()
    for side in SIDES:
        forger = Forger(cells.pair, case.desk(side), case.referral_id)
        reader = case.desk(other(side))
        before = reader.client.get_referral(case.referral_id)
        wrong = set()
        for kind in [kind for kind, by in FORBIDDEN[standing] if by == side]:
            part = parts.make(Language(primary="bn"), secrets.token_bytes(32))
            ref = PartRef(category="language", digest=parts.digest(part))
            fields = entry_fields(case, side, kind)
            token = forger.write(kind, parts=[ref], **fields)
            told = forger.receipt(token, content=[part])
            assert {one.digest: one.reason for one in told.refused} == {ref.digest: "disallowed"}
            wrong.add(forger.log[-1].hash)
        after = reader.client.get_referral(case.referral_id)
        assert unmoved(after) == unmoved(before)
        fresh = [one for one in after.needs_human if one not in before.needs_human]
        assert {one.code for one in fresh} == {"disallowed_entry"}
        assert {one.entry for one in fresh} == wrong
        found = case.outcomes(other(side))
        assert {found[one] for one in wrong} == {"disallowed"}
        forger.confess()
    here, there = cells.pair.views(case.referral_id)
    assert here == there


def unmoved(referral: Referral) -> Referral:
    """A view without what even an entry that changes nothing leaves: its head, its parts."""
    bare = folded(referral)
    bare.ClearField("heads")
    kept = [one for one in bare.parts if one.refusal != "disallowed"]
    del bare.parts[:]
    bare.parts.extend(kept)
    return bare


@pytest.mark.parametrize(("standing", "kind", "side"), ALLOWED)
def test_what_is_allowed_leads_both_to_one_state(
    cells: Cells, standing: str, kind: str, side: Side
) -> None:
    case = cells.case(standing)
    before = len(case.outcomes(side))
    prepare(case, kind)
    client = cells.clients[side, cells.way()]
    if (standing, kind) == ("withdrawn", "opened"):
        assert reason(case.write, side, kind, client=client) == "PART_GONE"
        return
    done = case.write(side, kind, client=client)
    expected = act_table.after(kind, standing)
    if expected != standing or kind in USED_UP or len(case.outcomes(side)) > before + 1:
        cells.spoil()
    case.deliver()
    entry = getattr(done, "recorded", done).entry
    assert case.outcomes(side)[entry] == case.outcomes(other(side))[entry] == "counted"
    assert [case.standing(one) for one in SIDES] == [expected, expected]
    here, there = cells.pair.views(case.referral_id)
    assert here == there


def test_before_there_is_a_referral_there_is_nothing_to_write_to(cells: Cells) -> None:
    case = cells.case("active")
    unborn = Case(case.pair, "unknown-0001", case.consent_id, case.offer)
    for kind in [one for one in act_table.kinds() if one != "offer"]:
        for side in SIDES:
            before = [desk.rows() for desk in cells.pair.desks]
            what = content(case, side, kind)
            for way in WAYS:
                client = cells.clients[side, way]
                told = reason(unborn.call, client, kind, heads=Heads(), **what)
                assert told == "NOT_FOUND", (kind, side, way)
            assert [desk.rows() for desk in cells.pair.desks] == before, (kind, side)


def test_before_there_is_a_referral_only_an_offer_begins_one(cells: Cells) -> None:
    case = cells.case("active")
    hostile = Hostile()
    cells.pair.agencies[hostile.agency] = hostile.entry_in_list()
    cells.pair.publish()
    target = cells.pair.destination
    target.store.accept_peer(hostile.agency)
    before = target.rows()
    for kind in [one for one in act_table.kinds() if one != "offer"]:
        peer = hostile.case(target.agency_entry())
        token = peer.write(kind, **entry_fields(case, "origin", kind))
        (answer,) = target.receive(peer.envelope(token))
        assert Reason.Name(answer.problem.reason) == "REASON_ENTRY_INVALID", kind
    assert target.rows() == before
    cells.spoil()
