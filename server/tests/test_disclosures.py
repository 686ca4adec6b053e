"""Who received what: it stands from the moment of the act, and outlives what it speaks of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import DELAY
from nodes import Pair, reason
from onward import receipts
from onward.core import spec
from onward.core.clock import moment, stamp
from onward.core.refused import Refused
from onward.v1.consents_local_pb2 import Disclosure, ListDisclosuresRequest
from onward.v1.entry_pb2 import Item
from onward_server.ports import Tx
from onward_server.service import audit, disclosures, subjects
from people import DESTINATION, ORIGIN, PERMIT, agreed, outcome_record, record, wishes

OFFERED = ["age_band", "language", "needs_services", "sex"]


def subject_of(pair: Pair) -> str:
    return pair.origin.client.get_consent(pair.consent_id).subject_id


def account(pair: Pair) -> list[Disclosure]:
    """What the origin tells the person."""
    return pair.origin.client.list_disclosures(subject_of(pair))


def test_who_received_what_when_and_why(pair: Pair) -> None:
    referral_id = pair.disclosed()
    offered, told = account(pair)
    for one in (offered, told):
        assert (one.referral_id, one.sender, one.recipient) == (referral_id, ORIGIN, DESTINATION)
        assert (list(one.purposes), one.basis) == (["service_delivery"], "consent")
        assert (one.consent_id, one.version) == (pair.consent_id, 1)
        assert moment(one.received_at) == pair.clock.now()
        assert [*one.refused, *one.withdrawn, *one.undelivered, *one.holders] == []
    assert list(offered.categories) == OFFERED
    assert list(told.categories) == sorted(PERMIT)


def test_what_was_withheld_was_not_received(pair: Pair) -> None:
    """The record holds safety_risk, which nobody agreed to share."""
    pair.disclosed()
    assert record().HasField("safety_risk")
    assert all("safety_risk" not in one.categories for one in account(pair))
    assert all("grant" not in one.categories for one in account(pair))


def test_the_recipient_answers_for_itself_by_referral(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client.list_disclosures(referral_id=referral_id)
    here = pair.origin.client.list_disclosures(referral_id=referral_id)
    assert [list(one.categories) for one in there] == [list(one.categories) for one in here]
    assert [one.grant_id for one in there] == [one.grant_id for one in here]
    assert all(one.grant_id and one.basis == "consent" for one in there)
    assert all(list(one.purposes) == ["service_delivery"] for one in there)
    assert not any(one.consent_id for one in there), "a consent never travels"


def test_it_is_not_received_before_the_receipt(pair: Pair) -> None:
    referral_id = pair.accepted()
    pair.origin.client.disclose(referral_id, consent_id=pair.consent_id, record=record())
    told = account(pair)[1]
    assert not told.HasField("received_at")
    assert list(told.undelivered) == sorted(PERMIT)
    assert len(pair.destination.client.list_disclosures(referral_id=referral_id)) == 1
    pair.settle(jump=timedelta(hours=2))
    told = account(pair)[1]
    assert moment(told.received_at) == pair.clock.now()
    assert not told.undelivered
    arrived = pair.clock.now()
    pair.settle(jump=timedelta(hours=2))

    def again(tx: Tx) -> None:
        """A receipt for the same entry, as after a gap."""
        for row in tx.disclosures_in(referral_id):
            tx.disclosure_received(referral_id, row.entry_hash, pair.clock.now())

    pair.origin.store.write(again)
    assert moment(account(pair)[1].received_at) == arrived, "the first receipt counts"


def test_after_everything_is_gone_it_still_tells(pair: Pair) -> None:
    referral_id = pair.disclosed()
    subject_id = subject_of(pair)
    before = account(pair)
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle(jump=timedelta(days=3))
    for one in pair.origin.client.list_disclosures(subject_id):
        assert {(h.agency, h.certified, h.days) for h in one.holders} == {
            (ORIGIN, False, 3), (DESTINATION, False, 3),
        }  # fmt: skip
        (taken,) = one.taken_back
        late = moment(taken.time) + timedelta(days=3)  # The delay, and the two days of ERAS-028.
        assert {moment(h.destroy_by) for h in one.holders} == {late}
    pair.erase()
    assert set(pair.destination.part_rows(referral_id).values()) <= {"destroyed"}
    after = pair.origin.client.list_disclosures(subject_id)
    assert len(after) == 2
    for one, then in zip(after, before, strict=True):
        assert one.categories == then.categories
        assert list(one.withdrawn) == list(then.categories)
        assert not one.refused
        assert {h.agency for h in one.holders} == {ORIGIN, DESTINATION}
        for holder in one.holders:
            assert holder.certified
            assert moment(holder.destroyed_at) == pair.clock.now()
            assert moment(holder.copies_until) == pair.clock.now() + timedelta(days=7)
        del one.withdrawn[:], one.holders[:], one.taken_back[:]
        assert one == then, "what, when, what for and on which basis"
    there = pair.destination.client.list_disclosures(referral_id=referral_id)
    assert [list(one.categories) for one in there] == [OFFERED, sorted(PERMIT)]


def test_what_is_taken_back_in_part(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, categories=["contact_safe"])
    pair.settle()
    pair.erase()
    offered, told = account(pair)
    assert (list(offered.withdrawn), list(offered.holders)) == ([], [])
    assert list(told.withdrawn) == ["contact_safe"]
    assert all(one.certified for one in told.holders)


def test_each_withdrawal_stands_with_its_own_day_and_certificates(pair: Pair) -> None:
    """What is destroyed at once with a later withdrawal is certified for the earlier one, too."""
    referral_id = pair.disclosed()
    subject_id = subject_of(pair)
    here = pair.origin.client
    here.withdraw(referral_id, categories=["contact_safe"])
    pair.settle(jump=timedelta(hours=3))
    here.withdraw(referral_id, everything=True, destroy_now=True)
    pair.settle()
    assert pair.origin.node.erase_due() == 2
    offered, told = here.list_disclosures(subject_id)
    assert [list(one.categories) for one in offered.taken_back] == [OFFERED]
    first, then = told.taken_back
    assert list(first.categories) == ["contact_safe"]
    assert list(then.categories) == sorted(set(PERMIT) - {"contact_safe"})
    assert moment(then.time) - moment(first.time) == timedelta(hours=3)
    certified = [(h.withdrawal, h.agency, h.certified) for h in told.holders]
    assert certified == [
        (first.withdrawal, ORIGIN, True), (first.withdrawal, DESTINATION, False),
        (then.withdrawal, ORIGIN, True), (then.withdrawal, DESTINATION, False),
    ]  # fmt: skip
    lines = receipts.account([told], now=pair.clock.now()).decode().splitlines()
    back = [line for line in lines if "Taken back" in line or "destroyed" in line]
    assert [line.split()[1] for line in back] == [
        "Taken", ORIGIN, DESTINATION, "Taken", ORIGIN, DESTINATION,
    ]  # fmt: skip


def test_what_flows_back_is_accounted_too(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.client.follow_up(
        referral_id, follow_up="welfare_check", record=outcome_record()
    )
    pair.settle()
    came = account(pair)[-1]
    assert (came.sender, came.recipient) == (DESTINATION, ORIGIN)
    assert list(came.categories) == ["outcomes"]
    went = pair.destination.client.list_disclosures(referral_id=referral_id)[-1]
    assert list(went.categories) == ["outcomes"]
    assert moment(went.received_at) == pair.clock.now()


def test_all_referrals_of_one_person_and_of_no_other(pair: Pair) -> None:
    first = pair.offer()
    subject_id = subject_of(pair)
    again = agreed(subject_id=subject_id)
    second = pair.origin.client.record_consent(again)
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=second.consent_id, items=wishes(),
        record=record(),
    )  # fmt: skip
    pair.offer()
    mine = pair.origin.client.list_disclosures(subject_id)
    assert [one.referral_id for one in mine] == [first, sent.referral.referral_id]


def test_nothing_was_given_is_said_only_of_whom_the_node_knows(pair: Pair) -> None:
    """A mistyped id must not tell a person that nobody received anything."""
    ask = pair.origin.client.list_disclosures
    pair.origin.client.record_consent(agreed(subject_id="asked-0001"))
    assert ask("asked-0001") == []
    assert reason(ask, "nobody-0001") == "NOT_FOUND"
    assert reason(ask, referral_id="nothing-0001") == "NOT_FOUND"


def test_exactly_one_of_the_two_is_named(pair: Pair) -> None:
    referral_id = pair.offer()
    ask = pair.origin.client.list_disclosures
    assert reason(ask) == "INVALID_FIELD"
    assert reason(ask, subject_of(pair), referral_id=referral_id) == "INVALID_FIELD"


def test_who_reads_it_stands_in_the_audit_first(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = pair.offer()
    pair.origin.as_role("supervisor", "s-1").list_disclosures(referral_id=referral_id)
    last = list(pair.origin.as_role("auditor").list_audit())[-1]
    assert (last.action, last.actor, last.referral_id) == ("account", "s-1", referral_id)

    def full(*_: object, **__: object) -> None:
        raise Refused("UNAVAILABLE")

    def never(*_: object) -> None:
        raise AssertionError("read without an audit record")

    monkeypatch.setattr(audit, "write", full)
    monkeypatch.setattr(disclosures, "_read", never)
    assert reason(pair.origin.client.list_disclosures, referral_id=referral_id) == "UNAVAILABLE"


def test_only_whom_the_role_lets(pair: Pair) -> None:
    allowed = {one.id for one in spec.roles().values() if "subjects:account" in one.scopes}
    assert "caseworker" in allowed
    for role in set(spec.roles()) - allowed:
        ask = pair.origin.as_role(role).list_disclosures
        assert reason(ask, "subject-0001") == "ROLE_INSUFFICIENT", role


def test_the_rows_hold_no_content_and_name_nobody(pair: Pair) -> None:
    """Neither whose they are nor how much was sent can be told from the table."""
    pair.disclosed()
    subject_id = subject_of(pair)
    with pair.origin.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM disclosures").all()
    assert len(rows) == 2
    assert len({len(row.content) for row in rows}) == 1
    for row in rows:
        assert subject_id not in str(row)
        assert row.subject == subjects.digest(pair.origin.ctx, subject_id)
        for clear in (b"name", b"service_delivery", b"consent", subject_id.encode()):
            assert clear not in row.content
    with pair.destination.store.engine.connect() as connection:
        theirs = connection.exec_driver_sql("SELECT subject FROM disclosures").scalars().all()
    assert theirs == ["", ""]


def test_a_person_without_an_id_is_not_everybody(pair: Pair) -> None:
    """At a destination all rows have the same empty digest."""
    pair.disclosed()
    assert pair.destination.store.read(lambda tx: tx.disclosures_about("")) == []


def test_what_the_recipient_refused(pair: Pair) -> None:
    """It was on its way when the consent ended: it was sent, and nothing of it was taken."""
    referral_id = pair.accepted(valid_until=stamp(pair.clock.now() + timedelta(days=1)))
    pair.origin.client.disclose(referral_id, consent_id=pair.consent_id, record=record())
    sent = pair.origin.due()
    pair.clock.advance(timedelta(days=2))
    for one in sent:
        (result,) = pair.destination.receive(one.envelope)
        pair.origin.answered(one, result)
    pair.settle()
    offered, told = account(pair)
    assert list(offered.refused) == []
    assert list(told.refused) == sorted(PERMIT)
    assert told.HasField("received_at")
    (there,) = pair.destination.client.list_disclosures(referral_id=referral_id)
    assert list(there.categories) == OFFERED


def test_a_refused_act_leaves_no_row(pair: Pair) -> None:
    referral_id = pair.accepted(["sex"])
    bare = record()
    bare.ClearField("sex")
    refused = reason(
        pair.origin.client.disclose, referral_id, consent_id=pair.consent_id, record=bare
    )
    assert refused == "CONSENT_SCOPE"
    assert pair.origin.rows()["disclosures"] == 1


def test_what_a_restore_lost_comes_back_without_its_reason(pair: Pair) -> None:
    """The row of the act is gone with the database; the log still says what went."""
    referral_id = pair.accepted()
    copy = pair.origin.backup(pair.folder / "backup.sqlite3")
    pair.disclose(referral_id)
    pair.origin.restore(copy)
    pair.settle(jump=DELAY)
    told = pair.origin.client.list_disclosures(referral_id=referral_id)[-1]
    assert list(told.categories) == sorted(PERMIT)
    assert told.recipient == DESTINATION
    assert (told.basis, list(told.purposes)) == ("", [])


def test_a_referral_that_a_restore_lost_is_still_hers(pair: Pair) -> None:
    """By the offer the node knows again which consent it went by, and so whose it is."""
    here = pair.origin.client
    given = here.record_consent(agreed())
    pair.consent_id = given.consent_id
    here.record_consent(agreed())
    copy = pair.origin.backup(pair.folder / "backup.sqlite3")
    sent = here.offer(
        destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
    )
    referral_id = sent.referral.referral_id
    pair.settle()
    pair.accept(referral_id)
    pair.origin.restore(copy)
    there = pair.destination.client
    there.get_referral(referral_id)
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    pair.settle(jump=timedelta(hours=1))
    told = pair.origin.client.list_disclosures(given.subject_id)
    assert [one.referral_id for one in told] == [referral_id]
    pair.disclose(referral_id)
    there.withdraw(referral_id, everything=True)
    pair.settle()
    assert pair.origin.client.get_consent(given.consent_id).status == "withdrawn"


def test_the_request_is_the_same_over_every_wire() -> None:
    """Neither id stands in an address, which ends up in logs."""
    rpc = spec.rpcs()["onward.v1.Consents.ListDisclosures"]
    assert rpc.path_fields == ()
    assert set(ListDisclosuresRequest.DESCRIPTOR.fields_by_name) == {
        "write", "subject_id", "referral_id",
    }  # fmt: skip
