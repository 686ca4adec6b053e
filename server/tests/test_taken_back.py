"""What she took back, no older yes in another record undoes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

import pytest

from desk import DELAY
from emergencies import approved, disclosed, refusal
from forger import Forger
from nodes import Pair, reason
from onward.core.clock import stamp
from onward.v1.entry_pb2 import Withdrawal
from people import DESTINATION, agreed, record, wishes


def given(pair: Pair, subject_id: str, **changes: Any) -> str:
    """Another yes of hers, now. Time passes after it."""
    now = stamp(pair.clock.now())
    recorded = pair.origin.client.record_consent(
        agreed(subject_id=subject_id, given_at=now, **changes)
    )
    pair.clock.advance(timedelta(hours=1))
    return recorded.consent_id


def offer(pair: Pair, consent_id: str) -> str:
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=consent_id, items=wishes(), record=record()
    )
    pair.settle()
    return sent.referral.referral_id


def withheld(pair: Pair, consent_id: str, *, accepted: bool = False) -> dict[str, str]:
    """What an explanation says is not sent of the record's categories, and why."""
    told = pair.origin.client.explain(
        destination=DESTINATION, consent_id=consent_id, purpose="service_delivery",
        accepted=accepted,
    )  # fmt: skip
    mine = agreed().permit
    return {d.category: d.reason for d in told.decisions if d.category in mine and not d.permitted}


@pytest.mark.parametrize("linked", [True, False])
def test_an_older_yes_undoes_no_withdrawal_of_everything(pair: Pair, linked: bool) -> None:
    her = token_urlsafe(16)
    older = given(pair, her)
    first = pair.disclosed(subject_id=her, given_at=stamp(pair.clock.now()))
    pair.destination.client.withdraw(first, everything=True, linked=linked)
    pair.settle()
    assert reason(offer, pair, older) == "CONSENT_WITHDRAWN"
    assert set(withheld(pair, older).values()) == {"consent_withdrawn"}
    # What was written down late, and what only repeats it, is no newer word of hers.
    again = pair.origin.client.get_consent(older)
    pair.clock.advance(timedelta(hours=1))
    assert pair.origin.client.record_consent(again).version == 2
    assert reason(offer, pair, older) == "CONSENT_WITHDRAWN"
    assert reason(offer, pair, given(pair, token_urlsafe(16))) == "", "another person"
    elsewhere = given(pair, her, asked_by="person")
    assert offer(pair, elsewhere), "her yes since"


def test_without_reach_what_goes_on_under_another_consent_goes_on(pair: Pair) -> None:
    her = token_urlsafe(16)
    older = given(pair, her)
    other = offer(pair, older)
    pair.accept(other)
    witness = "criminal_proceedings_as_witness"
    police = given(pair, her, purposes=[witness])
    pair.clock.advance(timedelta(hours=1))
    first = pair.disclosed(subject_id=her, given_at=stamp(pair.clock.now()))
    pair.clock.advance(timedelta(hours=1))
    here = pair.origin.client
    here.withdraw(first, everything=True)
    assert withheld(pair, older, accepted=True) == {}
    here.get_referral(other)
    here.disclose(other, consent_id=older, record=record())
    assert reason(offer, pair, older) == "CONSENT_WITHDRAWN", "a new one is no going on"
    told = here.explain(
        destination=DESTINATION, consent_id=police, purpose="criminal_proceedings_as_witness"
    )
    assert any(d.permitted for d in told.decisions), "a no to help is no more than that"
    here.withdraw(first, everything=True, linked=True)
    pair.settle()
    assert pair.destination.part_rows(other)["name"] == "pending", "it stays behind, too"
    here.get_referral(other)
    assert reason(here.disclose, other, consent_id=older, record=record()) == "STATE_CONFLICT"
    assert here.get_consent(older).status == "withdrawn"


def test_categories_stay_taken_back_also_in_what_began_by_a_basis(pair: Pair) -> None:
    her = token_urlsafe(16)
    older = given(pair, her)
    basis = approved(pair, subject_id=her)
    first = disclosed(pair, basis.basis_id)
    pair.clock.advance(timedelta(minutes=1))
    here = pair.origin.client
    here.withdraw(first, categories=["name"])
    pair.settle()
    for accepted in (True, False):
        assert withheld(pair, older, accepted=accepted).get("name") == "denied_before"
    here.get_referral(first)
    done = here.disclose(first, consent_id=older, record=record())
    assert [d.reason for d in done.decisions if d.category == "name"] == ["denied_before"]
    assert here.get_consent(older).status == "given"
    here.withdraw(first, everything=True)
    assert here.get_consent(older).status == "withdrawn"


@pytest.mark.parametrize("year", [1971, 2100])
def test_another_agencys_clock_neither_hides_nor_outlasts(pair: Pair, year: int) -> None:
    her = token_urlsafe(16)
    older = given(pair, her)
    first = pair.disclosed(subject_id=her, given_at=stamp(pair.clock.now()))
    forger = Forger(pair, pair.destination, first)
    said = Withdrawal(everything=True, linked=True)
    when = stamp(datetime(year, 1, 1, tzinfo=UTC))
    assert forger.send(forger.write("withdraw", withdrawal=said, time=when)).receipt
    assert reason(offer, pair, older) == "CONSENT_WITHDRAWN"
    pair.clock.advance(DELAY)
    pair.origin.node.erase_due()
    pair.clock.advance(timedelta(hours=1))
    assert offer(pair, given(pair, her, asked_by="person"))


@pytest.mark.parametrize("linked", [True, False])
def test_over_an_older_yes_it_counts_from_its_arrival(pair: Pair, linked: bool) -> None:
    her = token_urlsafe(16)
    first = pair.disclosed(subject_id=her)
    behind = stamp(pair.clock.now())
    pair.clock.advance(timedelta(hours=1))
    between = given(pair, her)
    forger = Forger(pair, pair.destination, first)
    said = Withdrawal(everything=True, linked=linked)
    assert forger.send(forger.write("withdraw", withdrawal=said, time=behind)).receipt
    assert reason(offer, pair, between) == "CONSENT_WITHDRAWN"
    pair.clock.advance(timedelta(hours=1))
    assert offer(pair, given(pair, her, asked_by="person"))


def test_it_outlasts_a_backup_that_has_neither_its_referral_nor_the_consent(pair: Pair) -> None:
    here, her, another = pair.origin.client, token_urlsafe(16), token_urlsafe(16)
    older, other = given(pair, her), given(pair, another)
    backup = pair.origin.backup(pair.folder / "backup.sqlite3")
    first, second = pair.disclosed(subject_id=her), pair.disclosed(subject_id=another)
    pair.clock.advance(timedelta(hours=1))
    here.get_referral(first)
    here.withdraw(first, everything=True, linked=True)
    here.get_referral(second)
    here.withdraw(second, categories=["language"])
    pair.settle()
    here.record_consent(agreed(subject_id=another, status="refused", purposes=["research"]))
    pair.origin.restore(backup)
    # First nothing at all is offered before the partner has said what it has.
    for why in ("RESTORED", "CONSENT_WITHDRAWN"):
        assert reason(offer, pair, older) == why
        assert withheld(pair, other)["language"] == "denied_before"
        assert "sex" not in withheld(pair, other)
        pair.settle()  # The partner says what it has: what came by a lost consent has none.
    asked = {"reason": "immediate_danger", "categories": ["sex"]}
    assert refusal(pair, subject_id=another, **asked) == ("BASIS_CEILING", "/basis/reason")
    assert refusal(pair, **asked) == ("", ""), "another person"
    pair.clock.advance(timedelta(hours=1))
    assert offer(pair, given(pair, her, asked_by="person"))


def test_with_reach_it_goes_to_what_began_by_another_consent_or_a_basis(pair: Pair) -> None:
    her = token_urlsafe(16)
    consents = [given(pair, her) for _ in range(2)]
    first, second = [offer(pair, one) for one in consents]
    third = disclosed(pair, approved(pair, subject_id=her).basis_id)
    apart = pair.offer()
    here = pair.origin.client

    def rows(*referrals: str) -> list[set[str]]:
        pair.settle()
        return [set(pair.destination.part_rows(one).values()) for one in referrals]

    here.get_referral(third)
    here.withdraw(third, categories=["language"], linked=True)
    assert rows(first, second, third) == [{"held", "sealed"}] * 3
    here.get_referral(first)
    here.withdraw(first, everything=True, linked=True)
    assert rows(first, second, third) == [{"sealed"}] * 3
    assert [here.get_consent(one).status for one in consents] == ["withdrawn"] * 2
    assert rows(apart) == [{"held"}], "another person"
