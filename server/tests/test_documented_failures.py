"""Failures that were documented in other systems, each as a case that must not happen here.

The numbers are those of domain.md section 9. The others stand where their subject is tested.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from google.protobuf.message_factory import GetMessageClass

from conversation import comparable
from desk import ALL_SCOPES
from forger import Forger
from nodes import Pair, reason
from onward.auth import Login
from onward.calls import offer_record
from onward.core import entries, parse, spec
from onward.core.refused import Refused
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item
from onward.v1.envelope_pb2 import Envelope
from onward.v1.errors_pb2 import Reason
from onward.v1.local_pb2 import RecordConsentRequest
from onward.v1.peer_pb2 import DeliverResult
from onward.v1.referral_pb2 import Write
from onward_server.adapters.sql.store import SqlStore
from onward_server.service.access import Caller
from onward_server.service.node import Node
from people import DESTINATION, agreed, outcome_record, record, wishes


def named(result: DeliverResult) -> str:
    """Why an envelope was refused; empty if it was not."""
    return Reason.Name(result.problem.reason).removeprefix("REASON_") if not result.receipt else ""


def stands(pair: Pair, referral_id: str) -> str:
    """Where both say that it stands."""
    here, there = pair.views(referral_id)
    assert here == there
    return here.rest_reason or here.phase


def test_T01_an_unknown_act_is_never_taken_for_another(pair: Pair) -> None:
    referral_id = pair.offer()
    forger = Forger(pair, pair.destination, referral_id)
    told = forger.send(forger.write("approve", items=[Item(number=1, state="accepted")]))
    assert named(told) == "UNKNOWN_CODE"
    assert pair.origin.client.get_referral(referral_id).phase == "offered"


def test_T05_an_agency_id_has_one_spelling_and_an_unknown_one_is_an_error(pair: Pair) -> None:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    given = {"consent_id": consent_id, "items": wishes(), "record": record()}
    offer = pair.origin.client.offer
    assert reason(offer, destination=DESTINATION.upper(), **given) == "INVALID_FIELD"
    assert reason(offer, destination="nobody.example", **given) == "AGENCY_UNKNOWN"
    assert pair.origin.rows()["referrals"] == 0
    offer(destination=DESTINATION, **given)
    (outgoing,) = pair.origin.due()
    del pair.agencies[pair.origin.agency]
    pair.publish(to=[pair.destination])
    (answer,) = pair.destination.receive(outgoing.envelope)
    assert named(answer) == "AGENCY_UNKNOWN", "whoever sent it is told"
    pair.origin.answered(outgoing, answer)
    referral_id = outgoing.referral_id
    assert pair.origin.client.get_referral(referral_id).undelivered == 1
    assert "undelivered" in pair.origin.needs(referral_id), "and so is a person"


def test_T07_what_can_not_be_read_is_answered_kept_and_shown(pair: Pair) -> None:
    referral_id = pair.accepted()
    pair.origin.client.handover(referral_id)
    for _ in range(9):
        pair.clock.advance(timedelta(minutes=15))
        for outgoing in pair.origin.due():
            sealed = outgoing.envelope.sealed
            broken = Envelope(header=outgoing.envelope.header, sealed=sealed[:-8] + "AAAAAAAA")
            (answer,) = pair.destination.receive(broken)
            assert named(answer) == "SEAL_INVALID"
            pair.origin.answered(outgoing, answer)
    assert pair.origin.client.get_referral(referral_id).undelivered == 1, "never dropped"
    waiting = [one.code for one in pair.origin.client.list_needs_human()]
    assert waiting == ["undelivered"]
    pair.settle(jump=timedelta(minutes=15))
    assert pair.origin.needs(referral_id) == []
    assert pair.destination.client.get_referral(referral_id).handover_origin


def test_T07_a_reference_to_nothing_is_refused_here_and_shown_there(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination.client
    there.acknowledge(referral_id)
    pair.settle()
    unknown = [Item(number=9, state="accepted")]
    assert reason(there.decide, referral_id, unknown) == "ITEM_UNKNOWN"
    forger = Forger(pair, pair.destination, referral_id)
    forger.receipt(forger.write("decide", items=unknown))
    assert pair.origin.client.get_referral(referral_id).phase == "acknowledged"
    assert pair.origin.needs(referral_id) == ["disallowed_entry"]


def test_T08_repeated_and_reordered_it_comes_to_the_same(pair: Pair) -> None:
    found = []
    for order in permutations(range(3)):
        referral_id = pair.accepted()
        here = pair.origin.client
        here.disclose(referral_id, consent_id=pair.consent_id, record=record())
        sent = pair.origin.due()
        here.handover(referral_id)
        sent += pair.origin.due()
        here.choice(referral_id, [Item(number=2, wish="never")])
        sent += pair.origin.due()
        for number in (*order, *order):
            pair.destination.receive(sent[number].envelope)
        pair.settle(jump=timedelta(minutes=1))
        assert stands(pair, referral_id) == "accepted"
        found.append(comparable(pair.destination.client.get_referral(referral_id)))
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("trouble", ["user disabled", "item done", "network down"])
def test_T09_after_a_withdrawal_the_other_side_stops(pair: Pair, trouble: str) -> None:
    referral_id = pair.disclosed()
    if trouble == "item done":
        there = pair.destination.client
        there.complete(referral_id, [Item(number=1, state="completed")])
        pair.settle()
    if trouble == "user disabled":
        pair.destination.login_key = None  # type: ignore[assignment]  # nobody there can act
    pair.origin.client.withdraw(referral_id, everything=True)
    asked = pair.clock.now()
    if trouble == "network down":
        for _ in range(30):
            for outgoing in pair.origin.due():
                pair.origin.answered(outgoing, None)
            pair.clock.advance(timedelta(minutes=1))
        asked = pair.clock.now()
    while not pair.carry(pair.origin):
        pair.clock.advance(timedelta(seconds=10))
    assert pair.clock.now() - asked <= timedelta(minutes=2), "it does not wait long to try again"
    assert pair.origin.client.get_referral(referral_id).undelivered == 0, "they have said so"
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
    pair.erase()
    assert pair.destination.agency in pair.origin.client.get_referral(referral_id).certified
    assert set(pair.destination.part_rows(referral_id).values()) == {"destroyed"}


FAILING: dict[str, Callable[[Pair, str], Any]] = {
    "stale heads": lambda pair, rid: pair.origin.client.handover(
        rid, heads=pair.origin.client.get_referral(rid)
    ),
    "list expired": lambda pair, rid: (
        pair.publish(stamped=False), pair.clock.advance(timedelta(days=100)),
    ),
    "partner suspended": lambda pair, rid: pair.status(pair.destination, "suspended"),
    "partner not accepted": lambda pair, rid: pair.origin.store.accept_peer(DESTINATION, False),
    "consent ended": lambda pair, rid: pair.clock.advance(timedelta(days=400)),
    "closed": lambda pair, rid: pair.origin.client.close(rid),
    "withdrawn before": lambda pair, rid: pair.origin.client.withdraw(rid, categories=["name"]),
    "invalidated": lambda pair, rid: pair.origin.client.invalidate(rid),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAILING)
def test_T10_a_withdrawal_succeeds_whatever_else_fails(pair: Pair, fault: str) -> None:
    referral_id = pair.disclosed()
    old = pair.origin.client.get_referral(referral_id).heads
    FAILING[fault](pair, referral_id)
    done = pair.origin.client.withdraw(referral_id, everything=True, heads=old)
    assert done.entry
    assert set(pair.origin.own_parts(referral_id).values()) == {"sealed"}
    if "expired" not in fault and "ended" not in fault:
        pair.settle(jump=timedelta(minutes=1))
        assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}


WRITES = [rpc for rpc in spec.rpcs().values() if rpc.plane == "PLANE_LOCAL" and rpc.body]
DECLARED = ("consentOverridden", "consent_overridden", "consentGiven", "consent", "override")


@pytest.mark.parametrize("rpc", WRITES, ids=lambda rpc: rpc.name)
def test_T11_no_call_takes_a_word_that_there_is_consent(rpc: spec.Rpc) -> None:
    for field in rpc.input.fields:
        if "consent" in field.name:
            assert field.name == "consent_id" or rpc.name == "RecordConsent", field.full_name
    for name in DECLARED if rpc.name != "RecordConsent" else DECLARED[:3]:
        with pytest.raises(Refused) as refused:
            parse.parse(GetMessageClass(rpc.input), f'{{"{name}": true}}'.encode())
        assert refused.value.reason in ("UNKNOWN_FIELD", "INVALID_FIELD")


def test_T11_consent_is_a_record_that_somebody_signs_for(pair: Pair) -> None:
    given = {"destination": DESTINATION, "items": wishes(), "record": record()}
    assert reason(pair.origin.client.offer, consent_id="made-up-0001", **given) == "CONSENT_MISSING"
    unsigned = RecordConsentRequest(
        consent=agreed(),
        write=Write(request_id="request-0001", purpose="service_delivery", actor="e30.e30.c2ln"),
    )
    assert reason(pair.origin.call, "Consents.RecordConsent", unsigned) == "ACTOR_INVALID"
    names = {field.name for field in ConsentRecord.DESCRIPTOR.fields}
    assert not [one for one in names if "overrid" in one]
    assert pair.origin.rows()["consents"] == 0


def test_T13_who_may_only_read_deletes_nothing(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination
    held = there.part_rows(referral_id)
    writes = {rpc.scope for rpc in spec.rpcs().values() if rpc.kind}
    there.scopes = ALL_SCOPES - writes
    digests = [one.digest for one in there.client.get_referral(referral_id).parts]
    for work, what in (
        (there.client.correct, {"corrects": digests[:1]}),
        (there.client.erase, {}),
        (there.client.withdraw, {"everything": True}),
        (there.client.open, {}),
    ):
        assert reason(work, referral_id, **what) == "SCOPE_INSUFFICIENT"
    there.scopes = ALL_SCOPES
    assert reason(there.client.correct, referral_id, corrects=digests[:1]) == "STATE_CONFLICT"
    assert there.part_rows(referral_id) == held
    reader = there.as_role("publisher")
    reader.get_referral(referral_id)
    # A withdrawal alone is taken from whoever is there (WDRW-026): it waits for no role.
    for work in (reader.erase, reader.open, reader.handover):
        assert reason(work, referral_id) == "ROLE_INSUFFICIENT"


OF_A_REFERRAL = [
    rpc for rpc in spec.rpcs().values()
    if rpc.plane == "PLANE_LOCAL" and "referral_id" in rpc.input.fields_by_name and rpc.http_path
    and "{referral_id}" in rpc.http_path
]  # fmt: skip


def test_T14_what_belongs_to_another_referral_is_not_found(pair: Pair) -> None:
    mine, other = pair.disclosed(), pair.disclosed()
    there = pair.destination.client
    foreign = next(
        part.digest for part in there.get_referral(other).parts if part.category == "name"
    )
    assert reason(there.open, mine, parts=[foreign]) == "NOT_FOUND"
    assert reason(pair.origin.client.correct, mine, corrects=[foreign]) == "STATE_CONFLICT"
    pair.origin.client.handover(other)
    signed = pair.origin.client.list_entries(other)[-1].hash
    pair.settle()
    assert reason(there.handover, mine, confirms=signed) == "STATE_CONFLICT"
    assert there.open(other, parts=[foreign]).record.HasField("name")


def test_T14_for_every_verb_anothers_referral_answers_as_none_does(pair: Pair) -> None:
    """On a shared node the database holds other agencies' cases, too."""
    referral_id = pair.disclosed()
    stranger = SqlStore(pair.origin.database, "other.gov.bd.example", pair.origin.keys.commits)
    own, pair.origin.ctx = pair.origin.ctx, replace(pair.origin.ctx, store=stranger)
    node = Node(replace(pair.origin.ctx, agency="other.gov.bd.example"))
    login = Login("other.gov.bd.example", pair.origin.login_key, pair.clock.seconds)
    try:
        for rpc in OF_A_REFERRAL:
            for one in (referral_id, "unknown-0001"):
                request = GetMessageClass(rpc.input)(referral_id=one)
                if "write" in rpc.input.fields_by_name:
                    request.write.request_id = f"request-{rpc.name}"
                    request.write.purpose = "service_delivery"
                    request.write.actor = login.assertion("u-17", _role(rpc))
                caller = Caller("case-management", ALL_SCOPES)
                assert reason(node.call, rpc, request, caller) == "NOT_FOUND", rpc.name
    finally:
        pair.origin.ctx = own
        stranger.close()


def _role(rpc: spec.Rpc) -> str:
    return next(one.id for one in spec.roles().values() if rpc.scope in one.scopes)


def test_T15_taken_back_done_cancelled_and_withdrawn_are_four_things(pair: Pair) -> None:
    recalled, done, cancelled, withdrawn = (pair.disclosed() for _ in range(4))
    here, there = pair.origin.client, pair.destination.client
    here.recall(recalled)
    there.complete(done, [Item(number=1, state="completed")])
    here.cancel(cancelled, "no_longer_needed")
    here.withdraw(withdrawn, everything=True)
    pair.settle()
    there.confirm_cancel(cancelled)
    pair.settle()
    expected = {
        recalled: ("invalidated", ""), done: ("resting", "completed"),
        cancelled: ("resting", "cancelled"), withdrawn: ("resting", "withdrawn"),
    }  # fmt: skip
    for desk in pair.desks:
        listed = {r.referral_id: (r.phase, r.rest_reason) for r in desk.client.list_referrals()}
        assert listed == expected


def test_T17_a_second_referral_of_the_same_person_stands_alone(pair: Pair) -> None:
    subject = "subject-of-both-0001"
    first = pair.disclosed(subject_id=subject)
    pair.destination.client.complete(first, [Item(number=1, state="completed")])
    pair.settle()
    pair.clock.advance(timedelta(days=30))
    pair.publish()
    before = pair.views(first)[0]
    second = pair.offer(subject_id=subject)
    pair.origin.client.withdraw(second, everything=True)
    pair.settle()
    assert pair.views(first)[0] == before
    assert stands(pair, second) == "withdrawn"
    assert pair.destination.client.open(first).record.HasField("name")
    logs = [one.jws for desk in pair.desks for one in desk.client.list_entries(second)]
    texts = b"".join(parse.to_json(entries.read(one, _any(pair))) for one in logs)
    assert subject.encode() not in texts
    assert first.encode() not in texts, "nothing that travels links the two"


def _any(pair: Pair) -> Any:
    trusted = pair.origin.trust.current()
    agencies = [desk.agency for desk in pair.desks]

    def find(kid: str) -> Any:
        return next((k for a in agencies if (k := trusted.signing_key(a)(kid))), None)

    return find


@pytest.mark.parametrize("feedback", ["nothing", "status_and_outcome"])
def test_T18_a_rejection_reaches_the_sender_who_closes_and_asks_elsewhere(
    pair: Pair, feedback: str
) -> None:
    referral_id = pair.offer(feedback=feedback)
    there = pair.destination.client
    there.acknowledge(referral_id)
    no = [Item(number=n, state="declined_by_agency", reason="no_capacity") for n in (1, 2)]
    there.decide(referral_id, no)
    pair.settle()
    assert stands(pair, referral_id) == "declined"
    assert {i.reason for i in pair.views(referral_id)[0].items} == {"no_capacity"}
    pair.origin.client.close(referral_id)
    again = pair.origin.client.offer(
        destination=DESTINATION, consent_id=pair.consent_id, items=wishes(), record=record()
    )
    pair.settle()
    assert pair.views(referral_id)[1].closed
    assert stands(pair, again.referral.referral_id) == "offered"


@pytest.mark.parametrize("feedback", ["nothing", "status_only", "status_and_outcome"])
def test_T19_progress_reaches_the_sender_as_far_as_agreed(pair: Pair, feedback: str) -> None:
    referral_id = pair.disclosed(feedback=feedback)
    there = pair.destination.client
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    pair.settle()
    seen = pair.views(referral_id)[0]
    assert seen.items[0].state == ("accepted" if feedback == "nothing" else "in_delivery")
    outcomes = pair.origin.part_rows(referral_id).get("outcomes")
    assert outcomes == ("held" if feedback == "status_and_outcome" else None)


def test_T22_what_she_never_wants_is_not_offered(pair: Pair) -> None:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    never = [Item(number=1, wish="now"), Item(number=2, wish="never")]
    given = {"destination": DESTINATION, "consent_id": consent_id, "record": record()}
    assert reason(pair.origin.client.offer, items=never, **given) == "WISH_FORBIDS"
    assert pair.origin.rows()["referrals"] == 0
    referral_id = pair.accepted()
    assert reason(
        pair.origin.client.amend, referral_id, items=[Item(number=3, wish="never")],
        record=offer_record(record()),
    ) == "WISH_FORBIDS"  # fmt: skip
    pair.origin.client.choice(referral_id, [Item(number=2, wish="never")])
    pair.settle()
    there = pair.destination.client
    assert reason(there.decide, referral_id, [Item(number=2, state="accepted")]) == "WISH_FORBIDS"


def test_T22_what_she_wants_later_is_not_scheduled_early(pair: Pair) -> None:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    day = (pair.clock.now() + timedelta(days=3)).date().isoformat()
    items = [Item(number=1, wish="later", not_before=day), Item(number=2, wish="now")]
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=consent_id, items=items, record=record()
    )
    pair.settle()
    there, referral_id = pair.destination.client, sent.referral.referral_id
    there.acknowledge(referral_id)
    there.decide(referral_id, [Item(number=n, state="accepted") for n in (1, 2)])
    early = [Item(number=1, state="scheduled")]
    assert reason(there.progress, referral_id, early) == "WISH_FORBIDS"
    forger = Forger(pair, pair.destination, referral_id)
    pair.settle()
    forger.receipt(forger.write("progress", items=early))
    assert pair.origin.client.get_referral(referral_id).items[0].state == "accepted"
    pair.clock.advance(timedelta(days=3))
    assert reason(there.progress, referral_id, early) == ""
