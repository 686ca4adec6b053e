"""What the acts of the road promise: warning, taking back what was a mistake, putting right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from desk import Desk
from nodes import Pair, reason
from onward.core import envelopes, spec
from onward.v1.categories_pb2 import CaseRecord, EmergencyRecord, Language, Name, OfferRecord
from onward.v1.entry_pb2 import Item, Question
from onward.v1.envelope_pb2 import Bundle
from onward_server.service.outbound import Outgoing
from people import outcome_record, record

OFFER = OfferRecord(language=Language(primary="bn"))


def inside(pair: Pair, outgoing: Outgoing) -> Bundle:
    """What lies in an envelope, with its receiver's key."""
    to = next(desk for desk in pair.desks if desk.agency == outgoing.recipient)
    return envelopes.unseal(outgoing.envelope, outgoing.header, to.keys.unsealing).bundle


def leaving(pair: Pair, desk: Desk) -> tuple[list[int], set[str]]:
    """All that leaves the desk, delivered: entries in each envelope, categories of parts."""
    sizes, categories = [], set()
    for _ in range(6):
        for one in desk.due():
            bundle = inside(pair, one)
            sizes.append(len(bundle.entries))
            categories |= {part.category for part in bundle.parts}
            (result,) = pair.other(desk).receive(one.envelope)
            desk.answered(one, result)
    return sizes, categories


def kinds(desk: Desk, referral_id: str) -> list[str]:
    return [one.entry.kind for one in desk.client.list_entries(referral_id)]


def emergency() -> EmergencyRecord:
    made = EmergencyRecord()
    made.contact_safe.CopyFrom(record().contact_safe)
    made.language.primary = "bn"
    return made


def disclose(pair: Pair, referral_id: str) -> None:
    pair.origin.client.disclose(referral_id, consent_id=pair.consent_id, record=record())


def phase(pair: Pair, referral_id: str) -> str:
    """Where both say that it stands."""
    here, there = pair.views(referral_id)
    assert here == there
    return here.rest_reason or here.phase


# Alerts.


def test_an_alert_goes_ahead_and_takes_what_stands_before_it_along_bare(pair: Pair) -> None:
    waiting, danger = pair.accepted(), pair.accepted()
    pair.origin.client.handover(waiting)
    pair.clock.advance(timedelta(seconds=5))
    disclose(pair, danger)
    pair.origin.client.alert(danger, "missing")
    ahead, behind = pair.origin.due()
    assert (ahead.referral_id, behind.referral_id) == (danger, waiting)
    assert len(inside(pair, ahead).entries) == 2
    assert not inside(pair, ahead).parts
    pair.carry(pair.origin)
    assert kinds(pair.destination, danger)[-2:] == ["disclose", "alert"]
    assert "alert" in pair.destination.needs(danger)
    pair.settle()
    assert pair.destination.part_rows(danger)["name"] == "held", "what it left behind follows"


def test_what_helps_comes_with_the_alert_as_far_as_she_permits(pair: Pair) -> None:
    referral_id = pair.accepted()
    pair.origin.client.alert(referral_id, "self_harm_risk", record=emergency())
    pair.settle()
    held = pair.destination.part_rows(referral_id)
    assert held["contact_safe"] == "held"
    opened = pair.destination.client.open(referral_id).record
    assert opened.contact_safe == record().contact_safe


def test_an_alert_before_the_acceptance_holds_no_direct_identifier(pair: Pair) -> None:
    referral_id = pair.offer()
    pair.origin.client.alert(referral_id, "trafficker_contact", record=emergency())
    _, categories = leaving(pair, pair.origin)
    assert categories == {"grant", "language"}


def test_an_alert_looks_at_nothing_first(pair: Pair) -> None:
    referral_id = pair.disclosed()
    stale = pair.origin.client.get_referral(referral_id).heads
    pair.origin.client.handover(referral_id)
    assert reason(pair.origin.client.close, referral_id, heads=stale) == "HEADS_CHANGED"
    assert reason(pair.origin.client.alert, referral_id, "missing", heads=stale) == ""


def test_an_alert_waits_for_a_suspended_partner(pair: Pair) -> None:
    referral_id = pair.accepted()
    pair.status(pair.destination, "suspended")
    done = pair.origin.client.alert(referral_id, "missing", record=emergency())
    assert done.entry
    assert pair.origin.due() == []
    assert "undelivered" in pair.origin.needs(referral_id), "somebody has to call them"
    pair.status(pair.destination, "active")
    pair.settle(jump=timedelta(hours=1))
    assert "alert" in pair.destination.needs(referral_id)


def test_an_alert_after_a_withdrawal_warns_and_carries_nothing(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    done = pair.origin.client.alert(referral_id, "retribution_threat", record=emergency())
    assert done.entry
    assert leaving(pair, pair.origin)[1] == set()
    assert "alert" in pair.destination.needs(referral_id)
    assert phase(pair, referral_id) == "withdrawn"


# The wrong agency, the wrong person.


def test_recalled_before_delivery_nothing_of_it_ever_leaves(pair: Pair) -> None:
    referral_id = pair.accepted()
    disclose(pair, referral_id)
    pair.origin.client.recall(referral_id)
    sizes, categories = leaving(pair, pair.origin)
    assert sizes
    assert categories == set()
    pair.settle()
    assert set(pair.destination.part_rows(referral_id).values()) <= {"sealed", "pending"}
    pair.erase()
    assert phase(pair, referral_id) == "invalidated"


def test_recalled_unopened_it_is_sealed_at_once_and_both_certify(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.recall(referral_id)
    pair.carry(pair.origin)
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
    pair.destination.client.get_referral(referral_id)
    assert reason(pair.destination.client.open, referral_id) == "PART_GONE"
    pair.settle()
    pair.erase()
    assert set(pair.destination.part_rows(referral_id).values()) == {"destroyed"}
    assert set(pair.origin.own_parts(referral_id).values()) == {"destroyed"}
    assert len(pair.views(referral_id)[0].certified) == 2
    assert pair.origin.client.get_consent(pair.consent_id).status == "given", "it was our mistake"


def test_what_was_opened_is_not_recalled(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.client.open(referral_id)
    pair.settle()
    assert reason(pair.origin.client.recall, referral_id) == "STATE_CONFLICT"
    assert pair.destination.part_rows(referral_id)["name"] == "held"


def test_a_recall_that_crosses_an_opening_counts_and_the_opening_stays_known(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.client.open(referral_id)
    pair.origin.client.recall(referral_id)
    pair.settle()
    assert phase(pair, referral_id) == "invalidated"
    outcomes = {o.entry.kind: o.outcome for o in pair.origin.client.list_entries(referral_id)}
    assert outcomes["recall"] == outcomes["opened"] == "counted"
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}


def test_invalidated_takes_back_what_the_destination_wrote_too(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.client.follow_up(
        referral_id, follow_up="outcome_assessment", record=outcome_record()
    )
    pair.settle()
    assert pair.origin.part_rows(referral_id)["outcomes"] == "held"
    pair.origin.client.invalidate(referral_id)
    pair.settle()
    for desk in pair.desks:
        rows = {**desk.part_rows(referral_id), **desk.own_parts(referral_id)}
        assert set(rows.values()) == {"sealed"}
    pair.erase()
    assert {part.state for part in pair.views(referral_id)[1].parts} == {"erased"}
    again = reason(pair.origin.client.reopen, referral_id, [Item(number=1, wish="now")],
                   record=OFFER)  # fmt: skip
    assert again == "STATE_CONFLICT", "nothing but this is final"


# Putting right.


def renamed(name: str) -> CaseRecord:
    return CaseRecord(name=Name(first_name=name))


def part_of(desk: Desk, referral_id: str, category: str) -> str:
    parts = desk.client.get_referral(referral_id).parts
    return next(p.digest for p in parts if p.category == category and p.state != "corrected")


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_was_corrected_is_gone_and_the_right_one_is_read(pair: Pair) -> None:
    referral_id = pair.disclosed()
    wrong = part_of(pair.origin, referral_id, "name")
    rows = pair.destination.store.read(lambda tx: tx.parts(referral_id))
    (old,) = [row.content for row in rows if row.digest == wrong]
    assert old is not None
    assert old in on_disk(pair.destination.folder)
    pair.origin.client.correct(referral_id, corrects=[wrong], record=renamed("Right"))
    pair.settle()
    opened = pair.destination.client.open(referral_id).record
    assert opened.name.first_name == "Right"
    assert reason(pair.destination.client.open, referral_id, parts=[wrong]) == "PART_GONE"
    pair.destination.power_cut()
    assert old not in on_disk(pair.destination.folder)
    states = {part.digest: part.state for part in pair.views(referral_id)[0].parts}
    assert states[wrong] == "corrected"


def test_corrected_before_it_arrives_it_is_refused(pair: Pair) -> None:
    referral_id = pair.accepted()
    disclose(pair, referral_id)
    (late,) = pair.origin.due()
    wrong = part_of(pair.origin, referral_id, "name")
    pair.origin.client.correct(referral_id, corrects=[wrong], record=renamed("Right"))
    pair.settle()
    (result,) = pair.destination.receive(late.envelope)
    find = pair.origin.trust.current().signing_key(pair.destination.agency)
    refused = {o.digest: o.reason for o in envelopes.read_receipt(result.receipt, find).refused}
    assert refused == {wrong: "corrected"}
    opened = pair.destination.client.open(referral_id).record
    assert opened.name.first_name == "Right"


def test_the_destination_corrects_how_far_an_item_has_come(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    there.complete(referral_id, [Item(number=1, state="dropped_out")])
    there.correct(referral_id, items=[Item(number=1, state="completed")])
    pair.settle()
    assert pair.views(referral_id)[0].items[0].state == "completed"
    theirs = part_of(pair.origin, referral_id, "name")
    assert reason(there.correct, referral_id, corrects=[theirs]) == "STATE_CONFLICT"


# Another round.


@pytest.mark.parametrize("rests", ["completed", "cancelled"])
def test_reopened_it_keeps_parts_and_grants(pair: Pair, rests: str) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    if rests == "completed":
        there.complete(referral_id, [Item(number=1, state="completed")])
    else:
        pair.origin.client.cancel(referral_id, "no_longer_needed")
        pair.settle()
        there.confirm_cancel(referral_id)
    pair.settle()
    before = {p.digest: p.state for p in pair.views(referral_id)[0].parts}
    pair.origin.client.reopen(referral_id, [Item(number=1, wish="now")], record=OFFER)
    pair.settle()
    here, theirs = pair.views(referral_id)
    assert (here.phase, here.round) == (theirs.phase, theirs.round) == ("offered", 2)
    after = {p.digest: p.state for p in here.parts}
    assert after.items() >= before.items()
    assert there.open(referral_id).record.name == record().name
    there.acknowledge(referral_id)
    there.decide(referral_id, [Item(number=1, state="accepted")])
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    pair.settle()
    assert phase(pair, referral_id) == "active"


def test_a_move_of_an_older_round_changes_nothing(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    pair.origin.client.cancel(referral_id, "no_longer_needed")
    pair.settle()
    there.confirm_cancel(referral_id)
    pair.settle()
    pair.origin.client.close(referral_id)
    pair.origin.client.reopen(referral_id, [Item(number=1, wish="now")], record=OFFER)
    there.choice(referral_id, [Item(number=2, wish="never")])
    pair.settle()
    here, theirs = pair.views(referral_id)
    assert here == theirs
    assert (here.phase, here.round, here.closed) == ("offered", 2, False)
    assert here.items[1].wish == "never", "a fact counts in whatever round it arrives"


# What the messages have no field for.

BEFORE_ACCEPTANCE = ("offer", "amend", "answer", "reopen", "remind", "cancel", "expire", "recall",
                     "acknowledge", "clarify", "decide", "confirm_cancel", "propose_forward",
                     "choice", "complaint", "invalidate")  # fmt: skip


def reached(kind: str) -> Iterable[str]:
    """Categories that the request of an act has a field for. What an offer is linked to stays at
    the node.
    """
    fields = [field for field in spec.acts()[kind].input.fields if field.name != "link"]
    found, todo = set(), [one.message_type for one in fields if one.message_type is not None]
    while todo:
        one = todo.pop()
        category = spec.category_of(one)
        if category:
            found.add(category.id)
            continue
        todo += [f.message_type for f in one.fields if f.message_type is not None]
    return found


@pytest.mark.parametrize("kind", BEFORE_ACCEPTANCE)
def test_before_the_acceptance_no_act_has_a_field_for_a_direct_identifier(kind: str) -> None:
    allowed = {one.id for one in spec.categories().values() if one.offer}
    assert set(reached(kind)) <= allowed | {"choice_reasons"}


def test_this_would_find_one() -> None:
    assert "name" in set(reached("disclose"))


def test_amend_and_answer_bring_more_to_decide_by(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination.client
    there.acknowledge(referral_id)
    there.clarify(referral_id, Question(codes=["language_or_access"], items=[1]))
    pair.settle()
    here = pair.origin.client
    view = here.get_referral(referral_id)
    assert list(view.question.codes) == ["language_or_access"]
    here.answer(referral_id, answers=view.question_entry, record=OFFER)
    here.amend(referral_id, items=[Item(number=3, wish="now")], record=OFFER)
    assert leaving(pair, pair.origin)[1] == {"grant", "language"}
    assert "question_open" not in pair.origin.needs(referral_id)
    there.get_referral(referral_id)
    there.decide(referral_id, [Item(number=3, state="accepted")])
    pair.settle()
    assert phase(pair, referral_id) == "accepted"
