"""A request id stands for one request, which is done once."""

from __future__ import annotations

from nodes import Pair, reason
from people import agreed, record, wishes


def test_the_same_request_twice_is_done_once(pair: Pair) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    seen = here.get_referral(referral_id)
    first, again = (
        here.disclose(
            referral_id, consent_id=pair.consent_id, record=record(), request_id="req-0001",
            heads=seen,
        )
        for _ in range(2)
    )  # fmt: skip
    assert first == again
    assert len(pair.origin.client.list_entries(referral_id)) == 4


def test_a_request_id_stands_for_one_request(pair: Pair) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    seen = here.get_referral(referral_id)
    given = {"consent_id": pair.consent_id, "request_id": "req-0001", "heads": seen}
    here.disclose(referral_id, record=record(), **given)
    other = record()
    other.name.first_name = "Another"
    assert reason(here.disclose, referral_id, record=other, **given) == "REQUEST_ID_REUSED"


def test_a_consent_is_recorded_once(pair: Pair) -> None:
    here, consent = pair.origin.client, agreed()
    first, again = (here.record_consent(consent, request_id="req-0001") for _ in range(2))
    assert first == again
    consent.feedback = "nothing"
    assert reason(here.record_consent, consent, request_id="req-0001") == "REQUEST_ID_REUSED"


def test_what_is_kept_of_a_request_does_not_tell_its_content(pair: Pair) -> None:
    """Only digests under a key are kept, and the key goes with what it could betray."""
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True, destroy_now=True)
    assert pair.origin.node.erase_due() == 1
    left = pair.origin.keys._ring._db.execute(
        "SELECT id FROM keys WHERE id LIKE ?", (f"{referral_id}/%",)
    ).fetchall()
    assert left == []


def test_opening_again_gives_what_was_opened_then(pair: Pair) -> None:
    referral_id = pair.disclosed(permit=["name", "needs_services", "language", "date_of_birth"])
    there = pair.destination.client
    seen = there.get_referral(referral_id)
    first = there.open(referral_id, request_id="open-0001", heads=seen).record
    more = record()
    more.ClearField("name")
    more.date_of_birth.date = "1950-01-01"
    pair.disclose(referral_id, more)
    assert there.open(referral_id, request_id="open-0001", heads=seen).record == first
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    again = {"request_id": "open-0001", "heads": seen}
    assert reason(there.open, referral_id, **again) == "PART_GONE"


def test_a_request_id_of_another_call_is_no_fault_of_the_node(pair: Pair) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    here.record_consent(agreed(), request_id="req-0001")
    here.get_referral(referral_id)
    given = {"request_id": "req-0001", "consent_id": pair.consent_id, "record": record()}
    assert reason(here.disclose, referral_id, **given) == "REQUEST_ID_REUSED"
    taken_back = {"everything": True, "request_id": "req-0001"}
    assert reason(here.withdraw, referral_id, **taken_back) == "REQUEST_ID_REUSED"
    here.get_consent(pair.consent_id, request_id="req-0002")
    offered = {"destination": "shelter.ngo.in.example", "items": wishes(), **given}
    assert reason(here.offer, **offered | {"request_id": "req-0002"}) in ("REQUEST_ID_REUSED", "")
