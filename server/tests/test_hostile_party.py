"""What a party can do that holds its own keys and breaks the rules: never more than its own."""

from __future__ import annotations

from datetime import timedelta

from forger import Forger
from nodes import Pair, reason
from onward.core import envelopes
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import PartRef, Refusal, Withdrawal
from onward.v1.errors_pb2 import Reason
from people import PERMIT, outcome_record, record


def reason_of(result: object) -> str:
    """Why an envelope was refused."""
    return Reason.Name(result.problem.reason).removeprefix("REASON_")  # type: ignore[attr-defined]


def sent_categories(pair: Pair, rounds: int = 3) -> set[str]:
    """Categories of all parts that the origin still sends, whatever it is answered."""
    found = set()
    for _ in range(rounds):
        pair.clock.advance(timedelta(minutes=2))
        for one in pair.origin.due():
            inside = envelopes.unseal(one.envelope, one.header, pair.destination.keys.unsealing)
            found |= {part.category for part in inside.bundle.parts}
    return found


def test_what_was_refused_unseen_is_not_sent_after_a_withdrawal(pair: Pair) -> None:
    """Refusing parts that have not come yet must not keep them out of a withdrawal's reach."""
    referral_id = pair.accepted()
    here = pair.origin.client
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    here.withdraw(referral_id, categories=["sex"])
    (first,) = pair.origin.due()
    (answer,) = pair.destination.receive(first.envelope)
    pair.origin.answered(first, answer)
    parts = pair.origin.store.read(lambda tx: tx.parts(referral_id))
    unseen = [p.digest for p in parts if p.side == "origin" and not p.delivered]
    assert unseen
    forger = Forger(pair, pair.destination, referral_id)
    seen = [part.digest for part in parts if part.delivered][:1]
    refused = [Refusal(digest=digest, reason="invalid") for digest in unseen]
    (result,) = pair.origin.receive(
        forger.envelope(forger.write("opened", opened=seen, refused=refused))
    )
    assert result.receipt
    here.withdraw(referral_id, everything=True)
    assert set(pair.origin.own_parts(referral_id).values()) == {"sealed"}
    assert sent_categories(pair) == set()


def test_feedback_goes_by_the_origins_grant_not_by_a_new_one_of_ones_own(pair: Pair) -> None:
    referral_id = pair.disclosed(permit=(*PERMIT, "outcomes"))
    there = pair.destination.client
    there.get_referral(referral_id)
    there.follow_up(referral_id, follow_up="welfare_check", record=outcome_record())
    pair.settle()
    pair.origin.client.get_referral(referral_id)
    pair.origin.client.withdraw(referral_id, categories=["outcomes"])
    pair.settle()
    pair.erase()
    there.get_referral(referral_id)
    again = there.follow_up(referral_id, follow_up="welfare_check", record=outcome_record())
    assert [(d.category, d.reason) for d in again.decisions] == [("outcomes", "consent_withdrawn")]
    pair.settle()
    rows = pair.origin.store.read(lambda tx: tx.parts(referral_id))
    assert {r.outcome for r in rows if r.side == "destination" and r.category == "outcomes"} == {
        "destroyed"
    }


def test_a_stale_form_does_not_undo_a_withdrawal(pair: Pair) -> None:
    referral_id = pair.disclosed()
    old = pair.origin.client.get_consent(pair.consent_id)
    pair.origin.client.withdraw(referral_id, categories=["name"])
    stale = ConsentRecord()
    stale.CopyFrom(old)
    assert reason(pair.origin.client.record_consent, stale) == "CONSENT_VERSION"
    stale.ClearField("version")
    assert reason(pair.origin.client.record_consent, stale) == "CONSENT_VERSION"
    assert "name" in pair.origin.client.get_consent(pair.consent_id).deny


def test_more_than_an_entry_can_name_never_stands_before_a_withdrawal(pair: Pair) -> None:
    """A long case: what was opened is more than fits one entry. The partner must be able to read
    whatever we sign, or all that follows is lost with it.
    """
    referral_id = pair.accepted()
    here = pair.origin.client
    for _ in range(38):
        here.get_referral(referral_id)
        here.disclose(referral_id, consent_id=pair.consent_id, record=record())
        pair.settle()
    there = pair.destination.client
    there.get_referral(referral_id)
    there.open(referral_id)
    there.withdraw(referral_id, everything=True)
    pair.settle()
    assert here.get_referral(referral_id).rest_reason == "withdrawn"
    assert here.get_consent(pair.consent_id).status == "withdrawn"
    pair.erase()
    assert set(pair.origin.own_parts(referral_id).values()) == {"destroyed"}


def test_an_entry_that_can_not_be_read_does_not_hide_a_withdrawal(pair: Pair) -> None:
    referral_id = pair.disclosed()
    forger = Forger(pair, pair.origin, referral_id)
    bad = forger.write("close", withdrawal=Withdrawal(everything=True))
    result = forger.send(bad, forger.write("withdraw", withdrawal=Withdrawal(everything=True)))
    assert reason_of(result) == "INVALID_FIELD"
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
    assert "withdrawal_incomplete" in pair.destination.needs(referral_id)


def test_an_old_withdrawal_behind_a_gap_takes_nothing_new(pair: Pair) -> None:
    referral_id = pair.disclosed()
    here = pair.origin.client
    here.withdraw(referral_id, categories=["name"])
    pair.settle()
    rows = pair.origin.store.read(lambda tx: tx.entries(referral_id))
    old = next(row.jws for row in rows if row.entry.kind == "withdraw")
    consent = here.get_consent(pair.consent_id)
    del consent.deny[:]
    here.record_consent(consent)
    pair.erase()
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    pair.settle()

    def names() -> list[str]:
        rows = pair.destination.store.read(lambda tx: tx.parts(referral_id))
        return sorted(row.outcome for row in rows if row.category == "name")

    assert names() == ["destroyed", "held"]
    forger = Forger(pair, pair.origin, referral_id)
    assert reason_of(forger.send(old, forger.write("close", skip=3))) == "GAP"
    assert names() == ["destroyed", "held"]


def test_binding_the_other_sides_digest_does_not_keep_it_from_being_destroyed(pair: Pair) -> None:
    referral_id = pair.disclosed(permit=(*PERMIT, "outcomes"))
    there = pair.destination.client
    there.get_referral(referral_id)
    there.follow_up(referral_id, follow_up="welfare_check", record=outcome_record())
    rows = pair.destination.store.read(lambda tx: tx.parts(referral_id))
    theirs = next(r.digest for r in rows if r.category == "outcomes")
    forger = Forger(pair, pair.origin, referral_id)
    token = forger.write("disclose", seen=2, parts=[PartRef(category="language", digest=theirs)])
    assert forger.send(token)
    there.get_referral(referral_id)
    there.withdraw(referral_id, categories=["outcomes"], destroy_now=True)
    assert pair.destination.node.erase_due() == 1
    assert pair.destination.own_parts(referral_id)["outcomes"] == "destroyed"


def test_text_goes_with_what_it_may_speak_of(pair: Pair) -> None:
    permit = (*PERMIT, "outcomes", "aspirations")
    referral_id = pair.disclosed(permit=permit)
    there = pair.destination.client
    there.get_referral(referral_id)
    there.follow_up(referral_id, follow_up="welfare_check", record=outcome_record())
    pair.settle()
    pair.origin.client.withdraw(referral_id, categories=["aspirations"])
    assert reason(pair.origin.client.open, referral_id) == "PART_GONE"
    assert "outcomes" not in pair.origin.client.get_consent(pair.consent_id).deny
