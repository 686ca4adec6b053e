"""Consent records at a real node: signed versions, statuses, purposes apart, found by person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from nodes import Pair, reason
from onward.core import jose, spec
from onward.core.clock import stamp
from onward.core.parse import parse, to_json
from onward.errors import OnwardError
from onward.v1.consent_pb2 import ConsentRecord
from onward_server.ports import Encrypted
from onward_server.service import content, subjects
from people import DESTINATION, agreed, first, record, wishes
from serving import WAYS, Serving, Way


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


def again(record: ConsentRecord, **changes: Any) -> ConsentRecord:
    """The same record as a next version, with some things changed."""
    made = ConsentRecord()
    made.CopyFrom(record)
    for name, value in changes.items():
        if isinstance(value, list):
            getattr(made, name)[:] = value
        elif hasattr(value, "CopyFrom"):
            getattr(made, name).CopyFrom(value)
        else:
            setattr(made, name, value)
    return made


def where(work: Any, *args: Any, **named: Any) -> tuple[str, str]:
    """Why and where a call is refused."""
    with pytest.raises(OnwardError) as fault:
        work(*args, **named)
    return fault.value.reason, fault.value.pointer


# The record and its versions.


def test_the_node_signs_and_fills_in_what_is_its_own_to_say(pair: Pair) -> None:
    here = pair.origin.client
    forged = agreed(issuer="other.example", receipt_id="a-receipt-of-mine")
    first = here.record_consent(forged)
    pair.clock.advance(timedelta(hours=1))
    second = here.record_consent(again(first, permit=["name"], receipt_id="another-receipt"))
    assert (first.version, second.version) == (1, 2)
    assert first.issuer == second.issuer == pair.origin.agency
    assert first.receipt_id == second.receipt_id, "the paper in her hand stays true"
    assert first.receipt_id != forged.receipt_id
    assert second.recorded_at == stamp(pair.clock.now()) != first.recorded_at
    versions = here.list_consent_versions(first.consent_id)
    assert [one.record for one in versions] == [first, second]
    assert [one.status for one in versions] == ["given", "given"]
    key = pair.origin.keys.signing()
    for one in versions:
        verified = jose.verify(one.jws, "onward-consent+jws", {jose.kid(key): key}.get)
        assert parse(ConsentRecord, verified.payload) == one.record
    assert here.get_consent(first.consent_id) == second


def test_all_of_the_record_comes_back(pair: Pair) -> None:
    whole = agreed(
        review_on="2027-01-01", on_withdrawal="keep_minimum", storage_countries=["IN"],
        assent_waiver="too_young", interpreter="independent", capacity_assessed=True,
        witness="witness-0001", asked_by="person", notice="https://msw.gov.bd.example/notice",
        notice_digest="d" * 43, jurisdiction="BD", withdrawal_methods=["phone", "way_back"],
        complaint_to="nhrc.bd.example", impact_assessment="e" * 43,
        may_contact=[first("contact_channel")],
    )  # fmt: skip
    kept = pair.origin.client.record_consent(whole)
    for field, value in whole.ListFields():
        assert getattr(kept, field.name) == value, field.name
    assert pair.origin.client.get_consent(kept.consent_id) == kept


def test_a_repeated_request_records_once(pair: Pair) -> None:
    here, wanted = pair.origin.client, agreed()
    first = here.record_consent(wanted, request_id="asked-once-0001")
    assert here.record_consent(wanted, request_id="asked-once-0001") == first
    assert len(here.list_consent_versions(first.consent_id)) == 1
    other = agreed()
    assert reason(here.record_consent, other, request_id="asked-once-0001") == "REQUEST_ID_REUSED"


def test_reading_versions_stands_in_the_audit(pair: Pair) -> None:
    here = pair.origin.client
    given = here.record_consent(agreed())
    here.list_consent_versions(given.consent_id)
    last = list(pair.origin.client.list_audit())[-1]
    assert last.action == "read_consent"
    assert reason(here.list_consent_versions, "no-such-consent") == "NOT_FOUND"


def test_what_is_stored_says_nothing_in_clear(pair: Pair) -> None:
    wanted = agreed()
    given = pair.origin.client.record_consent(wanted)
    raw = b"".join(one.read_bytes() for one in pair.origin.folder.glob("node.sqlite3*"))
    (jws,) = [v.jws for v in pair.origin.client.list_consent_versions(given.consent_id)]
    for secret in (wanted.subject_id, jws, given.receipt_id):
        assert secret.encode() not in raw


def test_where_a_version_stood_and_stands(pair: Pair) -> None:
    here = pair.origin.client
    ends = stamp(pair.clock.now() + timedelta(hours=2))
    first = here.record_consent(agreed(valid_until=ends))
    second = here.record_consent(again(first, status="renewed"))
    pair.clock.advance(timedelta(hours=3))
    stood = [one.status for one in here.list_consent_versions(first.consent_id)]
    assert stood == ["given", "expired"]
    later = stamp(pair.clock.now() + timedelta(days=9))
    asked = again(second, status="requested", valid_until=later)
    assert where(here.record_consent, again(asked, status="given")) == (
        "CONSENT_TRANSITION", "/consent/status",
    )  # fmt: skip
    here.record_consent(asked)
    stood = [one.status for one in here.list_consent_versions(first.consent_id)]
    assert stood == ["given", "expired", "requested"]


def test_what_was_kept_before_versions_were_signed_can_be_read(pair: Pair) -> None:
    desk = pair.origin
    old = agreed(consent_id="an-old-consent-01", version=1)
    sealed = desk.keys.encrypt(
        content.consent_key(old.consent_id), f"{desk.agency}/consent/1", to_json(old)
    )
    kept = Encrypted(content.consent_key(old.consent_id), sealed)
    desk.store.write(lambda tx: tx.add_consent(old.consent_id, 1, "", kept))
    assert desk.client.get_consent(old.consent_id) == old
    newer = desk.client.record_consent(again(old, permit=["name"]))
    assert (newer.version, newer.issuer) == (2, desk.agency)
    assert [bool(one.jws) for one in desk.client.list_consent_versions(old.consent_id)] == [
        False, True,
    ]  # fmt: skip
    found = desk.store.read(lambda tx: subjects.consents_of(desk.ctx, tx, old.subject_id))
    assert found == [old.consent_id]


@pytest.mark.parametrize("way", WAYS)
def test_the_calls_are_the_same_on_both_transports(tmp_path: Path, way: Way) -> None:
    pair = Pair(tmp_path)
    serving = Serving(pair.origin, pair.destination)
    here, there = serving.client(pair.origin, way), serving.client(pair.destination, way)
    given = here.record_consent(agreed())
    assert [one.record for one in here.list_consent_versions(given.consent_id)] == [given]
    asked: dict[str, Any] = {"destination": DESTINATION, "consent_id": given.consent_id}
    assert here.explain(**asked) == pair.origin.client.explain(**asked)
    preview = here.show_preview(record=record(), form="text", language="bn", **asked)
    assert here.get_shown_preview(preview.preview_id) == preview
    other = record()
    other.language.primary = "ne"
    named: dict[str, Any] = {"items": wishes(), "preview_id": preview.preview_id, **asked}
    found = where(here.offer, record=other, **named)
    assert found == ("PREVIEW_DIFFERS", "/previewId")
    referral_id = here.offer(record=record(), **named).referral.referral_id
    pair.settle()
    answer = there.check_understanding(referral_id, feedback="nothing")
    assert "age_band" in answer.not_agreed
    assert answer.recorded.entry
    serving.close()
    pair.close()


# Statuses.


def test_renewed_lets_data_move(pair: Pair) -> None:
    here = pair.origin.client
    given = here.record_consent(agreed())
    here.record_consent(again(given, status="renewed"))
    asked: dict[str, Any] = {"destination": DESTINATION, "consent_id": given.consent_id}
    assert here.offer(items=wishes(), record=record(), **asked).referral.phase == "offered"


@pytest.mark.parametrize("status", ["suspended", "revoked", "invalidated"])
def test_what_the_agency_takes_back_stops_everything(pair: Pair, status: str) -> None:
    here = pair.origin.client
    given = here.record_consent(agreed())
    here.record_consent(again(given, status=status))
    asked: dict[str, Any] = {"destination": DESTINATION, "consent_id": given.consent_id}
    expected = "CONSENT_EXPIRED" if status == "suspended" else "CONSENT_WITHDRAWN"
    assert reason(here.offer, items=wishes(), record=record(), **asked) == expected


def test_after_a_withdrawal_only_she_begins_again(pair: Pair) -> None:
    here = pair.origin.client
    given = here.record_consent(agreed())
    gone = here.record_consent(again(given, status="withdrawn"))
    refused = ("CONSENT_TRANSITION", "/consent/status")
    for status in ("given", "renewed", "deferred", "suspended"):
        assert where(here.record_consent, again(gone, status=status)) == refused
    asked = again(gone, status="requested", asked_by="agency")
    assert where(here.record_consent, asked) == ("CONSENT_TRANSITION", "/consent/askedBy")
    came = here.record_consent(again(asked, asked_by="person"))
    back = here.record_consent(again(came, status="given"))
    assert (back.version, back.status) == (4, "given")


def test_a_record_of_its_own_is_no_way_around_her_no(pair: Pair) -> None:
    here = pair.origin.client
    given = here.record_consent(agreed())
    here.record_consent(again(given, status="withdrawn"))
    anew = agreed(subject_id=given.subject_id)
    assert where(here.record_consent, anew) == ("CONSENT_TRANSITION", "/consent/askedBy")
    assert here.record_consent(again(anew, asked_by="person")).version == 1
    other = agreed(subject_id=given.subject_id, purposes=["research"])
    assert here.record_consent(other).version == 1, "for something else she may be asked"


def test_what_she_refused_does_not_come_back_with_more_beside_it(pair: Pair) -> None:
    here = pair.origin.client
    no = here.record_consent(agreed(status="refused"))
    both = again(no, status="requested", purposes=[*no.purposes, "legal_aid"])
    past = ("CONSENT_TRANSITION", "/consent/askedBy")
    assert where(here.record_consent, both) == past
    other = here.record_consent(again(both, purposes=["legal_aid"]))
    assert where(here.record_consent, again(other, purposes=list(both.purposes))) == past, (
        "one by one"
    )
    assert (
        where(here.record_consent, again(other, purposes=list(both.purposes), status="given"))
        == past
    )
    came = again(other, purposes=list(both.purposes), asked_by="person")
    assert here.record_consent(came).status == "requested"


WRONG: dict[str, dict[str, Any]] = {
    "an old version": {"version": 1},
    "another person": {"subject_id": "another-person-0001"},
    "another kind of person": {"subject_kind": "family_member"},
    "purposes of two groups": {"purposes": ["service_delivery", "research"]},
    "a category that is no data of hers": {"permit": ["grant"]},
    "an end before the beginning": {"valid_until": stamp(datetime(2020, 1, 1, tzinfo=UTC))},
    "a child alone": {"age_class": "child"},
}  # fmt: skip


@pytest.mark.parametrize("no", ["refused", "withdrawn"])
@pytest.mark.parametrize("what", WRONG)
def test_nothing_holds_a_no_back(pair: Pair, what: str, no: str) -> None:
    """Also where a yes with the same words is refused."""
    here = pair.origin.client
    first = here.record_consent(agreed())
    second = here.record_consent(again(first, permit=["name"]))
    said = again(second, **WRONG[what])
    assert reason(here.record_consent, said) != ""
    kept = here.record_consent(again(said, status=no))
    assert (kept.version, kept.status) == (3, no)
    assert (kept.subject_id, kept.subject_kind) == (first.subject_id, first.subject_kind)
    assert here.get_consent(first.consent_id).status == no


@pytest.mark.parametrize("status", ["suspended", "revoked", "invalidated", "requested"])
def test_she_can_say_no_whatever_it_stands_at(pair: Pair, status: str) -> None:
    here = pair.origin.client
    first = here.record_consent(agreed(status="requested" if status == "requested" else "given"))
    last = first if status == "requested" else here.record_consent(again(first, status=status))
    assert here.record_consent(again(last, status="withdrawn")).status == "withdrawn"


def test_a_withdrawal_of_everything_ends_a_suspended_consent_too(pair: Pair) -> None:
    referral_id = pair.disclosed()
    here = pair.origin.client
    here.record_consent(again(here.get_consent(pair.consent_id), status="suspended"))
    here.withdraw(referral_id, everything=True)
    assert here.get_consent(pair.consent_id).status == "withdrawn"


# Purposes that are asked for apart.


@pytest.mark.parametrize("status", ["given", "requested", "deferred"])
def test_purposes_of_two_groups_are_two_consents(pair: Pair, status: str) -> None:
    bundled = agreed(
        purposes=["service_delivery", "legal_aid", "survivor_storytelling"], status=status
    )
    found = where(pair.origin.client.record_consent, bundled)
    assert found == ("CONSENT_BUNDLED", "/consent/purposes/2")


def test_a_purpose_that_nobody_can_grant_is_not_recorded(pair: Pair) -> None:
    codes = spec.registries()["consent_purpose"].codes.values()
    forbidden = [one.id for one in codes if one.forbidden]
    assert len(forbidden) == 4
    for purpose in forbidden:
        for status in ("given", "requested", "refused"):
            wanted = agreed(purposes=[purpose], status=status)
            found = where(pair.origin.client.record_consent, wanted)
            assert found == ("FORBIDDEN_CODE", "/consent/purposes/0")


APART = ["law_enforcement_intelligence", "criminal_proceedings_as_witness", "research",
         "statistics_aggregate", "survivor_storytelling", "training_material"]  # fmt: skip
NOES = ["refused", "withdrawn", "deferred", "revoked", "suspended"]


@settings(
    max_examples=15, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    st.lists(
        st.tuples(st.sampled_from(APART), st.sampled_from(NOES), st.sets(st.sampled_from(
            ["name", "age_band", "sex", "language", "contact_safe"]))),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_a_no_to_something_else_narrows_nothing(
    pair: Pair, noes: list[tuple[str, str, set[str]]]
) -> None:
    """Storytelling or police refused, and help goes on exactly as before."""
    here = pair.origin.client
    given = here.record_consent(agreed())
    asked: dict[str, Any] = {
        "destination": DESTINATION, "consent_id": given.consent_id, "record": record(),
    }  # fmt: skip
    before = {stage: here.preview(accepted=stage, **asked) for stage in (False, True)}
    assert any(one.permitted for one in before[True])
    for purpose, no, deny in noes:
        about = agreed(subject_id=given.subject_id, purposes=[purpose], deny=sorted(deny))
        about.status = "given" if no in ("revoked", "suspended") else no
        about.asked_by = "person"
        kept = here.record_consent(about)
        if kept.status != no:
            here.record_consent(again(kept, status=no))
    assert {stage: here.preview(accepted=stage, **asked) for stage in (False, True)} == before
    assert here.get_consent(given.consent_id) == given


# Found by the person.


def test_consents_are_found_by_the_person_and_by_nothing_else(pair: Pair) -> None:
    desk = pair.origin
    one = desk.client.record_consent(agreed())
    two = desk.client.record_consent(agreed(subject_id=one.subject_id, purposes=["research"]))
    desk.client.record_consent(again(one, permit=["name"]))
    desk.client.record_consent(agreed())

    def found(subject_id: str) -> list[str]:
        return desk.store.read(lambda tx: subjects.consents_of(desk.ctx, tx, subject_id))

    assert found(one.subject_id) == sorted([one.consent_id, two.consent_id])
    assert found("nobody-at-all-0001") == []
    digest = subjects.digest(desk.ctx, one.subject_id)
    assert one.subject_id not in digest
    assert digest != jose.sha256(one.subject_id.encode())
    assert subjects.digest(pair.destination.ctx, one.subject_id) != digest


def test_a_consent_whose_key_is_gone_can_not_be_read(pair: Pair) -> None:
    desk = pair.origin
    given = desk.client.record_consent(agreed())
    desk.keys.destroy([content.consent_key(given.consent_id)])
    assert reason(desk.client.get_consent, given.consent_id) == "PART_GONE"
    assert reason(desk.client.list_consent_versions, given.consent_id) == "PART_GONE"


def test_subjects_never_travel(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.disclosed()
    subject = pair.origin.client.get_consent(pair.consent_id).subject_id
    raw = b"".join(one.read_bytes() for one in pair.destination.folder.glob("node.sqlite3*"))
    assert subject.encode() not in raw
    pair.close()


def test_a_wish_of_the_act_counts_for_what_services_she_named(pair: Pair) -> None:
    consent = pair.origin.client.record_consent(agreed(services=["shelter_emergency"]))
    told = record()
    for need in told.needs_services.items:
        need.wish = "never"
    given = {"destination": DESTINATION, "consent_id": consent.consent_id, "record": told}
    assert reason(pair.origin.client.offer, items=wishes(), **given) == "CONSENT_SCOPE"
