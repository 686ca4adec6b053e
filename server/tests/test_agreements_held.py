"""Which agreements a node takes, and what it does with those that it holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from corridors import agree, agreement, end, next_version, signed, take, try_offer, try_offer_as
from desk import Desk
from hostile import Hostile
from nodes import Pair, reason
from onward.core import agreements
from onward.core.clock import stamp
from onward_server.service import sweeps, turns
from people import DESTINATION, ORIGIN
from serving import WAYS, Serving, Way


def refused(desk: Desk, paper: Any) -> tuple[str, str]:
    try:
        take(desk, paper)
    except Exception as fault:
        return getattr(fault, "reason", ""), getattr(fault, "pointer", "")
    return "", ""


def test_the_same_again_is_the_same_and_a_version_must_rise(live: Pair) -> None:
    made = agreement(live, version=2)
    paper = signed(live, made)
    first = take(live.origin, paper)
    assert first.in_force
    # Other signatures over the same bytes are the same agreement.
    assert take(live.origin, signed(live, made)) == first
    other = agreement(live, agreement_id=made.agreement_id, version=2, retention_days=9)
    older = agreement(live, agreement_id=made.agreement_id, version=1)
    for one in (other, older):
        assert refused(live.origin, signed(live, one)) == (
            "AGREEMENT_INVALID", "/agreement/payload/version",
        )  # fmt: skip


def test_only_one_agreement_stands_between_two_agencies(live: Pair) -> None:
    made = agree(live)
    second = signed(live, agreement(live))
    assert refused(live.origin, second) == ("AGREEMENT_INVALID", "/agreement/payload/agreementId")
    for desk in live.desks:
        end(desk, made.agreement_id)
    assert take(live.origin, second).in_force


def test_what_is_over_is_not_taken(live: Pair) -> None:
    made = agreement(live, valid_until=stamp(live.clock.now()))
    assert refused(live.origin, signed(live, made)) == (
        "AGREEMENT_INVALID", "/agreement/payload/validUntil",
    )  # fmt: skip


def test_parties_are_this_agency_and_the_same_other_one(live: Pair) -> None:
    third = Hostile()
    live.agencies[third.agency] = third.entry_in_list()
    live.publish()
    of_others = agreements.draft(agreement(live, parties=[DESTINATION, third.agency]))
    mine = agreement(live)
    moved = agreements.draft(agreement(live, **next_version(mine, parties=[ORIGIN, third.agency])))
    take(live.origin, signed(live, mine))
    for paper, other in ((of_others, live.destination), (moved, live.origin)):
        for name, key in (
            (other.agency, other.keys.signing()),
            (third.agency, third.signing),
        ):
            paper = agreements.sign(paper, name, key)
        assert refused(live.origin, paper) == ("AGREEMENT_INVALID", "/agreement/payload/parties")


def test_a_key_that_is_retired_later_takes_nothing_back(live: Pair) -> None:
    made = agree(live)
    key = next(k for k in live.agencies[DESTINATION].keys if k.use == "sign")
    paper = signed(live, agreement(live, **next_version(made)))
    before = live.clock.now()
    key.not_after.CopyFrom(stamp(before - timedelta(hours=1)))
    live.publish()
    assert refused(live.origin, paper) == ("AGREEMENT_INVALID", "/agreement/signatures/1")
    (shown,) = live.origin.client.list_agreements()
    assert shown.in_force


def test_only_a_manager_takes_and_ends(live: Pair) -> None:
    paper = signed(live, agreement(live))
    assert reason(live.origin.client.add_agreement, paper) == "ROLE_INSUFFICIENT"
    take(live.origin, paper)
    assert reason(live.origin.client.end_agreement, "agreement-0001") == "ROLE_INSUFFICIENT"
    assert reason(end, live.origin, "agreement-0001") == "NOT_FOUND"
    # The manager's two, and nothing of those that were refused.
    audit = live.origin.as_role("auditor").list_audit()
    assert [one.action for one in audit] == ["agreement"]


def test_a_request_that_is_repeated_is_done_once(live: Pair) -> None:
    manager = live.origin.as_role("manager", "m-1")
    paper = signed(live, agreement(live))
    first = manager.add_agreement(paper, request_id="request-0000001")
    assert manager.add_agreement(paper, request_id="request-0000001") == first
    name = first.agreement.agreement_id
    ended = manager.end_agreement(name, request_id="request-0000002")
    assert manager.end_agreement(name, request_id="request-0000002") == ended
    other = signed(live, agreement(live))
    assert reason(manager.add_agreement, other, request_id="request-0000001") == (
        "REQUEST_ID_REUSED"
    )


@pytest.mark.parametrize("way", WAYS)
def test_the_calls_on_every_transport(live: Pair, way: Way) -> None:
    serving = Serving(live.origin)
    manager = serving.client(live.origin, way, "manager")
    made = agreement(live)
    paper = signed(live, made)
    try:
        alone = signed(live, made, by=[live.origin])
        assert reason(manager.add_agreement, alone) == "AGREEMENT_INVALID"
        taken = manager.add_agreement(paper)
        assert taken.agreement == made
        assert taken.signed == paper
        assert manager.list_agreements(agency=DESTINATION) == [taken]
        assert manager.list_agreements(agency="nobody.example") == []
        assert reason(try_offer_as, serving.client(live.origin, way)) == ""
        ended = manager.end_agreement(made.agreement_id)
        assert manager.list_agreements() == [ended]
        assert reason(try_offer_as, serving.client(live.origin, way)) == "AGREEMENT_MISSING"
    finally:
        serving.close()


def test_ended_stays_ended_until_both_sign_anew(live: Pair) -> None:
    made = agree(live)
    paper = signed(live, made)
    ended = end(live.origin, made.agreement_id)
    assert not ended.in_force
    assert ended.ended_at == end(live.origin, made.agreement_id).ended_at
    assert not take(live.origin, paper).in_force
    assert try_offer(live) == "AGREEMENT_MISSING"
    again = agree(live, **next_version(made))
    assert again.version == 2
    assert try_offer(live) == ""


def test_a_backup_does_not_bring_back_what_was_ended(live: Pair, tmp_path: Path) -> None:
    made = agree(live)
    copy = live.origin.backup(tmp_path / "copy.sqlite3")
    end(live.origin, made.agreement_id)
    live.origin.restore(copy)
    (shown,) = live.origin.client.list_agreements()
    assert not shown.in_force
    assert try_offer(live) == "AGREEMENT_MISSING"


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=1)])
def test_a_backup_does_not_bring_back_what_was_replaced(
    live: Pair, tmp_path: Path, ahead: timedelta
) -> None:
    wide = agree(live)
    copy = live.origin.backup(tmp_path / "backup.sqlite3")
    begins = stamp(live.clock.now() + ahead)
    narrow = agreement(live, **next_version(wide, categories=["needs_services"], valid_from=begins))
    take(live.origin, signed(live, narrow))
    live.clock.advance(ahead)
    sweeps.run(live.origin.ctx, 16, turns.Turns())
    live.origin.restore(copy)
    assert try_offer(live) == "AGREEMENT_MISSING"
