"""Agreements between two agencies, at two real nodes in environments live and test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from corridors import EVERYTHING, agree, end, next_version, try_offer
from desk import Desk
from forger import Forger
from nodes import Pair, reason
from onward.core import parts
from onward.core.clock import moment, stamp
from onward.v1.agreements_pb2 import Agreement
from onward.v1.categories_pb2 import EmergencyRecord
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import PartRef
from people import DESTINATION, ORIGIN, PERMIT, agreed, outcome_record, record, wishes

LESS = [one for one in EVERYTHING if one not in ("name", "outcomes")]
"""A ceiling without the name, and without what a follow-up learns."""


def held(desk: Desk, referral_id: str) -> set[str]:
    """Categories that this node holds of the other side's, but for the grant."""
    mine = "origin" if desk.agency == ORIGIN else "destination"
    rows = desk.store.read(lambda tx: tx.parts(referral_id))
    theirs = {row.category for row in rows if row.side != mine and row.outcome == "held"}
    return theirs - {"grant"}


def why_withheld(decisions: Any) -> dict[str, str]:
    return {one.category: one.reason for one in decisions if not one.permitted}


def try_disclose(pair: Pair, referral_id: str) -> str:
    here = pair.origin.client
    here.get_referral(referral_id)
    return reason(here.disclose, referral_id, consent_id=pair.consent_id, record=record())


# What a sender does.


def test_in_live_nothing_is_disclosed_without_an_agreement(live: Pair) -> None:
    before = live.origin.rows()
    assert try_offer(live) == "AGREEMENT_MISSING"
    assert {**live.origin.rows(), "consents": 0, "audit": 0, "answers": 0} == {
        **before, "consents": 0, "audit": 0, "answers": 0,
    }  # fmt: skip
    agree(live)
    referral_id = live.disclosed()
    assert held(live.destination, referral_id) == set(PERMIT)


def test_the_preview_says_what_the_act_does(live: Pair) -> None:
    given = live.origin.client.record_consent(agreed())
    ask: dict[str, Any] = {
        "destination": DESTINATION, "consent_id": given.consent_id,
        "purpose": "service_delivery", "record": record(), "accepted": True,
    }  # fmt: skip
    found = live.origin.client.preview(**ask)
    assert {(one.permitted, one.reason, one.source) for one in found} == {
        (False, "no_agreement", "agreement")
    }
    agree(live, categories=LESS)
    found = live.origin.client.preview(**ask)
    assert why_withheld(found) == {"name": "beyond_agreement", "safety_risk": "not_named"}


def test_the_ceiling_withholds_what_the_person_had_permitted(live: Pair) -> None:
    agree(live, categories=LESS)
    referral_id = live.accepted()
    here = live.origin.client
    here.get_referral(referral_id)
    done = here.disclose(referral_id, consent_id=live.consent_id, record=record())
    assert why_withheld(done.decisions)["name"] == "beyond_agreement"
    live.settle()
    assert held(live.destination, referral_id) == set(PERMIT) - {"name"}


@pytest.mark.parametrize(
    ("agreed_on", "consent", "expected"),
    [
        ({"purposes": ["statistics_aggregate"]}, {}, "AGREEMENT_SCOPE"),
        ({}, {"storage_countries": ["IN"]}, "CONSENT_SCOPE"),
        ({"storage_countries": ["IN"]}, {"storage_countries": ["IN"]}, ""),
    ],
)
def test_purposes_and_places_bind(
    live: Pair, agreed_on: dict[str, Any], consent: dict[str, Any], expected: str
) -> None:
    agree(live, **agreed_on)
    assert reason(live.offer, **consent) == expected


def test_a_grant_is_no_wider_than_the_agreement(live: Pair) -> None:
    made = agree(live, retention_days=7, storage_countries=["IN"])
    referral_id = live.disclosed(purposes=["service_delivery", "follow_up_contact"])
    for desk, side in ((live.origin, "origin"), (live.destination, "origin")):
        given = grant_at(desk, referral_id, side)
        assert given.agreement_id == made.agreement_id
        assert given.purposes == ["service_delivery"]
        assert given.retention_days == 7
        assert given.storage_countries == ["IN"]


def grant_at(desk: Desk, referral_id: str, side: Any) -> Grant:
    """The newest grant of one side, as a node holds it."""
    from onward_server.service import content, ledger

    def work(tx: Any) -> Grant:
        book = ledger.load(tx, referral_id, desk.agency)
        found = content.newest_grant(desk.ctx, tx.parts(referral_id), book, side)
        assert found is not None
        return found

    return desk.store.read(work)


# What a receiver does: the sender here is one whose software keeps no rules.


def forged(pair: Pair, referral_id: str, **changes: Any) -> dict[str, str]:
    """Refusals of a name and a language that the origin sends past its own node."""
    forger = Forger(pair, pair.origin, referral_id)
    now = pair.clock.now()
    said: dict[str, Any] = {
        "grant_id": "grant-forged-0001", "referral_id": referral_id, "grantor": pair.origin.agency,
        "grantee": DESTINATION, "basis": "consent", "purposes": ["service_delivery"],
        "categories": ["name", "language"], "onward_sharing": "none",
        "feedback": "status_and_outcome", "issued_at": stamp(now),
        "valid_until": stamp(now + timedelta(days=9)), "retention_days": 30, **changes,
    }  # fmt: skip
    what = [Grant(**said), record().name, record().language]
    made = [parts.make(one, bytes(32)) for one in what]
    bound = [PartRef(category=one.category, digest=parts.digest(one)) for one in made]
    token = forger.write("disclose", parts=bound, grant_id=said["grant_id"])
    receipt = forger.receipt(token, content=made)
    names = {one.digest: one.category for one in bound}
    return {names[one.digest]: one.reason for one in receipt.refused}


def test_in_live_a_receiver_takes_nothing_without_an_agreement(live: Pair) -> None:
    agree(live, at=[live.origin])
    given = live.origin.client.record_consent(agreed())
    sent = live.origin.client.offer(
        destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
    )
    live.settle()
    referral_id = sent.referral.referral_id
    assert held(live.destination, referral_id) == set()
    live.accept(referral_id)
    assert forged(live, referral_id) == {"name": "no_agreement", "language": "no_agreement"}
    assert held(live.destination, referral_id) == set()


BOTH = {"name": "beyond_agreement", "language": "beyond_agreement"}
NONE = {"name": "no_agreement", "language": "no_agreement"}


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        ({}, {"name": "beyond_agreement"}),
        ({"purposes": ["service_delivery", "statistics_aggregate"]}, BOTH),
        ({"retention_days": 366}, BOTH),
        ({"storage_countries": ["IN", "NP"]}, BOTH),
        ({"agreement_id": ""}, NONE),
        ({"agreement_id": "another-agreement-1"}, NONE),
    ],
)
@pytest.mark.parametrize("environment", ["live", "test"])
def test_a_receiver_holds_parts_and_grant_to_the_agreement(
    tmp_path: Path, environment: str, grant: dict[str, Any], expected: dict[str, str]
) -> None:
    pair = Pair(tmp_path, environment)
    made = agree(pair, categories=LESS)
    referral_id = pair.accepted()
    assert forged(pair, referral_id, **{"agreement_id": made.agreement_id, **grant}) == expected
    assert "name" not in held(pair.destination, referral_id)
    pair.close()


def test_in_test_the_consent_alone_decides_unless_there_is_an_agreement(pair: Pair) -> None:
    referral_id = pair.disclosed()
    assert held(pair.destination, referral_id) == set(PERMIT)
    made = agree(pair, categories=LESS)
    referral_id = pair.disclosed()
    assert held(pair.destination, referral_id) == set(PERMIT) - {"name"}
    end(pair.origin, made.agreement_id)
    assert try_offer(pair) == "AGREEMENT_MISSING"


# What flows back.


def follow_up(pair: Pair, referral_id: str) -> Any:
    there = pair.destination.client
    there.get_referral(referral_id)
    done = there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    pair.settle()
    return done


def journaled(pair: Pair, referral_id: str) -> list[str]:
    notes = pair.destination.client.get_referral(referral_id).journal
    return [name for note in notes for name in note.categories]


@pytest.mark.parametrize("case", ["whole", "ceiling", "purpose", "ended"])
def test_the_agreement_binds_what_flows_back(live: Pair, case: str) -> None:
    changes: dict[str, Any] = {"categories": LESS} if case == "ceiling" else {}
    made = agree(live, **changes)
    referral_id = live.disclosed()
    if case == "ended":
        end(live.destination, made.agreement_id)
    if case == "purpose":
        agree(live, **next_version(made, purposes=["statistics_aggregate"]))
    done = follow_up(live, referral_id)
    why = {"ceiling": "beyond_agreement", "purpose": "agreement_purpose", "ended": "no_agreement"}
    assert why_withheld(done.decisions) == ({"outcomes": why[case]} if case in why else {})
    # The act crosses; what it would have told stays where it was learnt.
    assert not done.journaled
    assert live.views(referral_id)[0] == live.views(referral_id)[1]
    assert held(live.origin, referral_id) == (set() if case in why else {"outcomes"})
    assert journaled(live, referral_id) == (["outcomes"] if case in why else [])
    if case == "whole":
        assert grant_at(live.origin, referral_id, "destination").agreement_id == made.agreement_id


def test_an_origin_refuses_what_flows_back_beyond_its_agreement(live: Pair) -> None:
    made = agree(live)
    referral_id = live.disclosed()
    agree(live, at=[live.origin], **next_version(made, categories=LESS))
    done = follow_up(live, referral_id)
    assert why_withheld(done.decisions) == {}
    assert live.origin.part_rows(referral_id)["outcomes"] == "refused"
    rows = live.destination.store.read(lambda tx: tx.parts(referral_id))
    assert {row.category: row.reason for row in rows if row.side == "destination"} == {
        "grant": "", "outcomes": "beyond_agreement",
    }  # fmt: skip


# Ended, over, narrowed.


def over(pair: Pair, made: Agreement) -> None:
    pair.clock.at = moment(made.valid_until)
    pair.publish()


ENDS: dict[str, Callable[[Pair, Agreement], Any]] = {
    "at the origin": lambda pair, made: end(pair.origin, made.agreement_id),
    "at the destination": lambda pair, made: end(pair.destination, made.agreement_id),
    "by its date": over,
}


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("environment", ["live", "test"])
def test_after_its_end_nothing_is_sent_or_taken_and_withdrawals_pass(
    tmp_path: Path, environment: str, how: str
) -> None:
    pair = Pair(tmp_path, environment)
    soon = {"valid_until": stamp(pair.clock.now() + timedelta(days=2))}
    made = agree(pair, **(soon if how == "by its date" else {}))
    referral_id = pair.disclosed()
    earlier = held(pair.destination, referral_id)
    ENDS[how](pair, made)
    named = {"agreement_id": made.agreement_id}
    if how == "at the destination":
        assert forged(pair, referral_id, **named) == NONE
    else:
        assert try_disclose(pair, referral_id) == "AGREEMENT_MISSING"
        assert try_offer(pair) == "AGREEMENT_MISSING"
    # What was held stays under its grant, until it is taken back.
    assert held(pair.destination, referral_id) == earlier
    here = pair.origin.client
    here.get_referral(referral_id)
    if how != "at the destination":
        here.withdraw(referral_id, everything=True)
        pair.settle()
        pair.erase()
        assert set(pair.destination.part_rows(referral_id).values()) == {"destroyed"}
        assert pair.views(referral_id)[0] == pair.views(referral_id)[1]
    pair.close()


@pytest.mark.parametrize("side", ["origin", "destination"])
def test_an_alert_crosses_without_its_content(live: Pair, side: str) -> None:
    made = agree(live)
    referral_id = live.disclosed()
    for desk in live.desks:
        end(desk, made.agreement_id)
    raising = live.origin if side == "origin" else live.destination
    raising.client.get_referral(referral_id)
    what = EmergencyRecord(language=record().language)
    done = raising.client.alert(referral_id, "missing", record=what)
    why = "no_agreement" if side == "origin" else "feedback_denied"
    assert why_withheld(done.decisions) == {"language": why}
    live.settle()
    for view in live.views(referral_id):
        assert len(view.raised) == 1
    (alert,) = [
        one for one in live.origin.client.list_entries(referral_id) if one.entry.kind == "alert"
    ]
    assert not alert.entry.parts
    assert "part_refused" not in raising.needs(referral_id)


def test_what_waits_for_delivery_does_not_leave_after_the_end(live: Pair) -> None:
    made = agree(live)
    referral_id = live.accepted()
    here = live.origin.client
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=live.consent_id, record=record())
    end(live.origin, made.agreement_id)
    before = held(live.destination, referral_id)
    live.settle()
    # The entry crosses, it names nobody; its content stays, and somebody is told.
    assert live.origin.client.get_referral(referral_id).undelivered == 0
    assert held(live.destination, referral_id) == before
    live.settle(jump=timedelta(hours=1))
    assert "undelivered" in live.origin.needs(referral_id)
    agree(live, **next_version(made))
    live.settle(jump=timedelta(hours=1))
    assert held(live.destination, referral_id) == set(PERMIT)
    assert "undelivered" not in live.origin.needs(referral_id)


def test_what_waits_and_is_taken_back_waits_no_more(live: Pair) -> None:
    made = agree(live)
    referral_id = live.accepted()
    here = live.origin.client
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=live.consent_id, record=record())
    end(live.origin, made.agreement_id)
    live.settle()
    here.withdraw(referral_id, everything=True)
    live.settle(jump=timedelta(hours=1))
    assert "undelivered" not in live.origin.needs(referral_id)
    assert held(live.destination, referral_id) == set()
    assert live.views(referral_id)[1].rest_reason == "withdrawn"


def test_a_narrower_version_binds_what_is_new_and_leaves_what_is_held(live: Pair) -> None:
    made = agree(live)
    first = live.disclosed()
    waiting = live.accepted()
    here = live.origin.client
    here.get_referral(waiting)
    here.disclose(waiting, consent_id=live.consent_id, record=record())
    agree(live, **next_version(made, categories=LESS))
    live.settle(jump=timedelta(hours=1))
    assert held(live.destination, first) == set(PERMIT)
    assert held(live.destination, waiting) == set(PERMIT) - {"name"}
    # It was not even sent, and somebody is told.
    assert live.destination.part_rows(waiting)["name"] == "pending"
    assert "undelivered" in live.origin.needs(waiting)
    assert held(live.destination, live.disclosed()) == set(PERMIT) - {"name"}


def test_a_version_that_begins_later_leaves_the_one_before_in_force(live: Pair) -> None:
    made = agree(live)
    begins = live.clock.now() + timedelta(days=3)
    agree(live, **next_version(made, categories=LESS, valid_from=stamp(begins)))
    assert held(live.destination, live.disclosed()) == set(PERMIT)
    shown = live.origin.client.list_agreements()
    assert [(one.agreement.version, one.in_force) for one in shown] == [(1, True), (2, False)]
    live.clock.advance(timedelta(days=3))
    live.publish()
    assert held(live.destination, live.disclosed()) == set(PERMIT) - {"name"}
    shown = live.origin.client.list_agreements(agency=DESTINATION)
    assert [(one.agreement.version, one.in_force) for one in shown] == [(2, True)]
