"""A no that is recorded in her consent takes back what went by it, wherever it is."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from nodes import Pair, reason
from people import DESTINATION, record, wishes


def says(pair: Pair, status: str, deny: tuple[str, ...] = ()) -> None:
    """The next version of her consent."""
    said = pair.origin.client.get_consent(pair.consent_id)
    said.status = status
    said.deny.extend(deny)
    written = pair.origin.client.record_consent(said)
    newest = pair.origin.client.get_consent(pair.consent_id)
    assert newest.version == written.version, "what follows in the referrals adds no version"
    pair.settle()


def test_a_recorded_no_is_a_withdrawal_in_each_of_its_referrals(pair: Pair) -> None:
    first = pair.disclosed()
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=pair.consent_id, items=wishes(), record=record()
    )
    pair.settle()
    says(pair, "withdrawn")
    for referral_id in (first, sent.referral.referral_id):
        assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
        assert pair.origin.client.get_referral(referral_id).withdrawals[0].everything
        assert "withdrawal_owed" not in pair.origin.needs(referral_id)
    assert reason(pair.destination.client.open, first) != ""
    pair.clock.advance(timedelta(days=2))
    pair.erase()
    assert set(pair.destination.part_rows(first).values()) == {"destroyed"}
    says(pair, "refused")
    assert len(pair.origin.client.get_referral(first).withdrawals) == 1, "nothing is left to say"


def test_what_a_version_is_the_first_to_deny_is_taken_back(pair: Pair) -> None:
    referral_id = pair.disclosed()
    says(pair, "renewed", ("name", "hiv"))
    rows = pair.destination.part_rows(referral_id)
    assert (rows["name"], rows["language"]) == ("sealed", "held")
    taken = pair.origin.client.get_referral(referral_id).withdrawals
    assert [list(one.categories) for one in taken] == [["name"]], "hiv was never there"
    says(pair, "renewed")
    assert len(pair.origin.client.get_referral(referral_id).withdrawals) == 1


def test_a_referral_that_fails_holds_back_neither_the_record_nor_the_others(pair: Pair) -> None:
    good = pair.disclosed()
    here = pair.origin.client
    bad = here.offer(
        destination=DESTINATION, consent_id=pair.consent_id, items=wishes(), record=record()
    ).referral.referral_id
    pair.settle()
    with sqlite3.connect(
        pair.origin.folder / "node.sqlite3"
    ) as raw:  # No withdrawal can be stored in this one.
        raw.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON entries "
            f"WHEN NEW.referral_id = '{bad}' BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
    says(pair, "withdrawn")
    assert set(pair.destination.part_rows(good).values()) == {"sealed"}
    assert set(pair.destination.part_rows(bad).values()) == {"held"}
    assert "withdrawal_owed" in pair.origin.needs(bad)
    assert "withdrawal_owed" not in pair.origin.needs(good)
    with sqlite3.connect(pair.origin.folder / "node.sqlite3") as raw:
        raw.execute("DROP TRIGGER broken")
    here.get_referral(bad)
    here.withdraw(bad, everything=True)
    pair.settle()
    assert set(pair.destination.part_rows(bad).values()) == {"sealed"}
    assert "withdrawal_owed" not in pair.origin.needs(bad)
