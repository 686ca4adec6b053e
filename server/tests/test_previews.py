"""What a person was shown is what is sent: previews that are kept, and acts that name them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nodes import Pair, reason
from onward.client import Client
from onward.core.clock import stamp
from onward.errors import OnwardError
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consents_local_pb2 import ShownPreview
from onward_server.service import content
from people import DESTINATION, PERMIT, agreed, record, wishes


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


def shown(pair: Pair, consent_id: str, **changes: Any) -> ShownPreview:
    asked: dict[str, Any] = {
        "consent_id": consent_id, "destination": DESTINATION, "record": record(),
        "form": "read_aloud", "language": "bn", "accepted": True,
    }  # fmt: skip
    return pair.origin.client.show_preview(**asked | changes)


def refused(work: Callable[..., Any], *args: Any, **named: Any) -> tuple[str, str]:
    with pytest.raises(OnwardError) as fault:
        work(*args, **named)
    return fault.value.reason, fault.value.pointer


DIFFERS = ("PREVIEW_DIFFERS", "/previewId")


def test_it_can_be_shown_again_later(pair: Pair) -> None:
    here = pair.origin.as_role("caseworker", "u-99")
    given = here.record_consent(agreed())
    first = here.show_preview(
        consent_id=given.consent_id, destination=DESTINATION, record=record(), form="pictorial",
        language="my", accepted=True, request_id="shown-once-0001",
    )  # fmt: skip
    expected = here.preview(
        consent_id=given.consent_id, destination=DESTINATION, record=record(), accepted=True
    )
    assert list(first.decisions) == expected
    assert (first.version, first.destination, first.accepted) == (1, DESTINATION, True)
    assert (first.purpose, first.consent_id) == ("service_delivery", given.consent_id)
    assert (first.form, first.language, first.actor) == ("pictorial", "my", "u-99")
    assert first.shown_at == stamp(pair.clock.now())
    again = here.show_preview(
        consent_id=given.consent_id, destination=DESTINATION, record=record(), form="pictorial",
        language="my", accepted=True, request_id="shown-once-0001",
    )  # fmt: skip
    last = list(pair.origin.client.list_audit())[-1]
    assert again == first == here.get_shown_preview(first.preview_id)
    assert (last.action, last.actor) == ("preview", "u-99")
    assert set(last.categories) == {one.category for one in expected if one.permitted}


def test_nothing_that_was_shown_is_kept(pair: Pair) -> None:
    given = pair.origin.client.record_consent(agreed())
    marked = record()
    marked.name.first_name = "Unmistakable-Zyqwx"
    preview = shown(pair, given.consent_id, record=marked)
    stored = pair.origin.store.read(lambda tx: tx.preview(preview.preview_id))
    assert stored is not None
    plain = pair.origin.keys.decrypt(
        stored.key_id, f"{pair.origin.agency}/preview/{preview.preview_id}", stored.content
    )
    assert b"Unmistakable" not in plain
    assert b"digests" in plain
    raw = b"".join(one.read_bytes() for one in pair.origin.folder.glob("node.sqlite3*"))
    assert b"Unmistakable" not in raw
    assert b"read_aloud" not in raw


def test_it_goes_with_the_consent(pair: Pair) -> None:
    here = pair.origin.client
    given = here.record_consent(agreed())
    preview = shown(pair, given.consent_id)
    pair.origin.keys.destroy([content.consent_key(given.consent_id)])
    assert reason(here.get_shown_preview, preview.preview_id) == "PART_GONE"


def test_an_offer_of_exactly_that(pair: Pair) -> None:
    here: Client = pair.origin.client
    given = here.record_consent(agreed())
    asked: dict[str, Any] = {
        "destination": DESTINATION, "consent_id": given.consent_id, "items": wishes(),
    }  # fmt: skip
    preview = shown(pair, given.consent_id, accepted=False)
    sent = here.offer(record=record(), preview_id=preview.preview_id, **asked)
    assert sent.entry
    going = {one.category for one in preview.decisions if one.permitted}
    assert going == {one.category for one in sent.decisions if one.permitted}
    later = shown(pair, given.consent_id, accepted=True)
    before = pair.origin.rows()
    assert refused(here.offer, record=record(), preview_id=later.preview_id, **asked) == DIFFERS
    assert pair.origin.rows() == before


def test_an_offer_to_nobody_else(pair: Pair) -> None:
    here = pair.origin.client
    given = here.record_consent(
        agreed(recipients=[DESTINATION, pair.origin.agency], countries=["BD", "IN"])
    )
    preview = shown(pair, given.consent_id, destination=pair.origin.agency, accepted=False)
    assert any(one.permitted for one in preview.decisions)
    asked: dict[str, Any] = {"consent_id": given.consent_id, "items": wishes()}
    found = refused(
        here.offer, destination=DESTINATION, record=record(), preview_id=preview.preview_id, **asked
    )
    assert found == DIFFERS


def test_what_goes_before_the_acceptance_is_shown_as_such(pair: Pair) -> None:
    """Also where the same would go after it."""
    here = pair.origin.client
    given = here.record_consent(agreed(["age_band"]))
    preview = shown(pair, given.consent_id, accepted=True)
    asked: dict[str, Any] = {
        "destination": DESTINATION, "consent_id": given.consent_id, "items": wishes(),
    }  # fmt: skip
    assert refused(here.offer, record=record(), preview_id=preview.preview_id, **asked) == DIFFERS


def changed(change: Callable[[CaseRecord], Any]) -> CaseRecord:
    made = record()
    change(made)
    return made


OTHER: dict[str, CaseRecord] = {
    "one letter more": changed(lambda one: setattr(one.name, "first_name", "Samples")),
    "a category less": changed(lambda one: one.ClearField("sex")),
    "a field less": changed(lambda one: one.name.ClearField("second_name")),
}


@pytest.mark.parametrize("what", OTHER)
def test_other_content_is_another_preview(pair: Pair, what: str) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    preview = shown(pair, pair.consent_id)
    here.get_referral(referral_id)
    work = here.disclose
    assert refused(work, referral_id, record=OTHER[what], preview_id=preview.preview_id) == DIFFERS
    more = shown(pair, pair.consent_id, record=OTHER[what])
    assert refused(work, referral_id, record=record(), preview_id=more.preview_id) == DIFFERS
    assert work(referral_id, record=record(), preview_id=preview.preview_id).entry


def test_what_stays_here_may_be_anything(pair: Pair) -> None:
    """She was shown what goes. What does not go is nobody's business."""
    referral_id = pair.accepted()
    here = pair.origin.client
    preview = shown(pair, pair.consent_id)
    here.get_referral(referral_id)
    other = changed(lambda one: setattr(one.safety_risk, "plan", "Another plan."))
    assert here.disclose(referral_id, record=other, preview_id=preview.preview_id).entry


@pytest.mark.parametrize("permit", [PERMIT, (*PERMIT, "hiv"), PERMIT[1:]])
def test_a_newer_version_is_shown_anew(pair: Pair, permit: tuple[str, ...]) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    preview = shown(pair, pair.consent_id)
    newer = here.get_consent(pair.consent_id)
    newer.permit[:] = permit
    here.record_consent(newer)
    here.get_referral(referral_id)
    found = refused(here.disclose, referral_id, record=record(), preview_id=preview.preview_id)
    assert found == DIFFERS
    anew = shown(pair, pair.consent_id)
    assert here.disclose(referral_id, record=record(), preview_id=anew.preview_id).entry


def test_another_purpose_and_another_persons(pair: Pair) -> None:
    both = ["service_delivery", "case_coordination"]
    referral_id = pair.accepted(purposes=both)
    here = pair.origin.client
    preview = shown(pair, pair.consent_id, purpose=both[1])
    here.get_referral(referral_id)
    found = refused(here.disclose, referral_id, record=record(), preview_id=preview.preview_id)
    assert found == DIFFERS
    hers = here.record_consent(agreed(purposes=both))
    theirs = shown(pair, hers.consent_id)
    found = refused(here.disclose, referral_id, record=record(), preview_id=theirs.preview_id)
    assert found == DIFFERS


def test_previews_that_are_not_there(pair: Pair) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    here.get_referral(referral_id)
    found = refused(here.disclose, referral_id, record=record(), preview_id="no-such-one-0001")
    assert found == ("NOT_FOUND", "/previewId")
    assert reason(here.get_shown_preview, "no-such-one-0001") == "NOT_FOUND"
    with pytest.raises(OnwardError) as fault:
        shown(pair, "no-such-consent")
    assert (fault.value.reason, fault.value.pointer) == ("NOT_FOUND", "/consentId")


def test_a_consent_that_does_not_stand_is_told_first(pair: Pair) -> None:
    pair.accepted()
    here = pair.origin.client
    preview = shown(pair, pair.consent_id)
    newer = here.get_consent(pair.consent_id)
    newer.status = "withdrawn"
    here.record_consent(newer)
    found = refused(
        here.offer, destination=DESTINATION, consent_id=pair.consent_id, items=wishes(),
        record=record(), preview_id=preview.preview_id,
    )  # fmt: skip
    assert found == ("CONSENT_WITHDRAWN", "/consentId")
    nothing = shown(pair, pair.consent_id)
    assert {one.reason for one in nothing.decisions} == {"consent_withdrawn"}
