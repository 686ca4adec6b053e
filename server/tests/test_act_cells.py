"""Every act by each side in every phase, at two real nodes.

What is forbidden is refused on the local plane and writes nothing; from a partner that writes it
all the same it is stored and changes nothing. What is allowed leads both nodes to one state.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import act_table
from act_table import STANDINGS
from cells import Cells, running, unmoved
from forger import Forger
from hostile import Hostile
from nodes import reason
from onward.core import parts, spec
from onward.core.states import SIDES, Side, other
from onward.v1.categories_pb2 import Language
from onward.v1.entry_pb2 import PartRef
from onward.v1.errors_pb2 import Reason
from phases import Case, content, entry_fields, prepare
from serving import WAYS

READS = {("opened", "origin")}
"""The origin reads what came back without an act."""

USED_UP = frozenset({"amend", "cancel", "pause", "erased", "handover", "decide"})
"""Acts that leave the phase, and yet can't be followed by every other."""


@pytest.fixture(scope="module")
def cells() -> Iterator[Cells]:
    yield from running()


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
    before = [desk.rows() for desk in cells.pair.desks]
    for client in cells.clients.values():
        client.get_referral(case.referral_id)
    for kind, side in FORBIDDEN[standing]:
        # An offer always begins a referral of its own; what the origin reads is no act.
        if kind == "offer" or (kind, side) in READS:
            continue
        what = content(case, side, kind)
        for way in WAYS:
            told = reason(case.call, cells.clients[side, way], kind, **what)
            gone = kind == "opened"  # Nothing can be read any more, and that is found first.
            assert told == ("PART_GONE" if gone else "STATE_CONFLICT"), (kind, side, way)
    assert [desk.rows() for desk in cells.pair.desks] == before


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
        tokens, sent = [], []
        for kind in [kind for kind, by in FORBIDDEN[standing] if by == side]:
            part = parts.make(Language(primary="bn"), secrets.token_bytes(32))
            ref = PartRef(category="language", digest=parts.digest(part))
            tokens.append(forger.write(kind, parts=[ref], **entry_fields(case, side, kind)))
            sent.append(part)
        told = forger.receipt(*tokens, content=sent)
        refused = {one.digest: one.reason for one in told.refused}
        assert refused == {parts.digest(one): "disallowed" for one in sent}
        wrong = {one.hash for one in forger.log[-len(tokens) :]}
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


@pytest.mark.parametrize(("standing", "kind", "side"), ALLOWED)
def test_what_is_allowed_leads_both_to_one_state(
    cells: Cells, standing: str, kind: str, side: Side
) -> None:
    case = cells.case(standing)
    prepared = prepare(case, kind, standing)
    client = cells.clients[side, cells.way()]
    if (standing, kind) == ("withdrawn", "opened"):
        # Allowed, but there is nothing left.
        assert reason(case.write, side, kind, client=client) == "PART_GONE"
        return
    expected = act_table.after(kind, standing)
    if prepared or expected != standing or kind in USED_UP:
        cells.spoil()
    done = case.write(side, kind, client=client)
    case.deliver()
    # An erasure by hand does not say what became of it.
    entry = getattr(done, "recorded", done).entry or case.last(side, "erased")
    assert case.outcomes("origin")[entry] == case.outcomes("destination")[entry] == "counted"
    here, there = cells.pair.views(case.referral_id)
    assert here == there
    assert (here.rest_reason or here.phase) == expected


def test_before_there_is_a_referral_there_is_nothing_to_write_to(cells: Cells) -> None:
    case = cells.case("active")
    unborn = Case(case.pair, "unknown-0001", case.consent_id, case.offer)
    seen = cells.pair.origin.client.get_referral(case.referral_id).heads
    before = [desk.rows() for desk in cells.pair.desks]
    for kind in [one for one in act_table.kinds() if one != "offer"]:
        for side in SIDES:
            what = content(case, side, kind)
            for way in WAYS:
                client = cells.clients[side, way]
                told = reason(unborn.call, client, kind, heads=seen, **what)
                assert told == "NOT_FOUND", (kind, side, way)
    assert [desk.rows() for desk in cells.pair.desks] == before


def test_before_there_is_a_referral_only_an_offer_begins_one(cells: Cells) -> None:
    case = cells.case("active")
    hostile = Hostile()
    cells.pair.clock.at = datetime.now(UTC)
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
