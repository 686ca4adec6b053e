"""Every reason by which something is sent or not; one answer from act, preview, explanation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from canaries import full_record
from nodes import Pair, reason
from onward.core import consent as consents, grants, spec
from onward.core.clock import stamp
from onward.v1.agreements_pb2 import Agreement
from onward.v1.bases_pb2 import Approval, OtherBasis
from onward.v1.consent_pb2 import BestInterest, Decision, Grant
from onward_server.service import ground
from people import DESTINATION, ORIGIN, PERMIT, agreed
from relatives import of_a_child

CATEGORIES = [one.id for one in spec.categories().values() if not one.protocol]
THEN = datetime.now(UTC) - timedelta(days=2)
LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


def corridor(**changes: Any) -> Agreement:
    """What the two agencies have signed."""
    fields: dict[str, Any] = {
        "agreement_id": "corridor-0001", "purposes": ["service_delivery"],
        "categories": CATEGORIES, "retention_days": 10, "storage_countries": ["IN"],
        "valid_from": stamp(THEN), "valid_until": stamp(LATER),
    }  # fmt: skip
    return Agreement(**fields | changes)


def emergency(**changes: Any) -> OtherBasis:
    """A basis that two persons have approved."""
    fields: dict[str, Any] = {
        "basis_id": "basis-0001", "basis": "vital_interest", "state": "approved",
        "subject_kind": "survivor", "recipient": DESTINATION, "purpose": "service_delivery",
        "categories": [REACHED], "valid_from": stamp(THEN), "valid_until": stamp(LATER),
        "approvals": [Approval(actor="a-1"), Approval(actor="a-2")], "retention_days": 3,
    }  # fmt: skip
    return OtherBasis(**fields | changes)


REACHED = next(o.id for o in spec.categories().values() if "vital_interest" in o.bases)
OUT_OF_REACH = next(o.id for o in spec.categories().values() if not o.bases and not o.protocol)


def came(**changes: Any) -> dict[str, Grant]:
    """A name that another agency has disclosed here."""
    fields: dict[str, Any] = {
        "grantor": "first.ngo.np.example", "grantee": ORIGIN, "purposes": ["service_delivery"],
        "categories": ["name"], "onward_sharing": "same_purpose_named",
        "valid_until": stamp(LATER),
    }  # fmt: skip
    return {"name": Grant(**fields | changes)}


AGAINST = BestInterest(finding="do_not_share", assessed_by=ORIGIN, assessed_on="2026-01-01")


@dataclass
class Case:
    """What there is, and what is asked; `line` is the line that decides."""

    consent: Any = field(default_factory=agreed)
    line: str = ""
    category: str = "name"
    purpose: str = "service_delivery"
    accepted: bool = True
    wire: bool = True
    """The record could be kept by a node, and the request pass its schema."""
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> dict[str, Any]:
        return {"destination": DESTINATION, "purpose": self.purpose}


FREE_TEXT = next(o.id for o in spec.categories().values() if o.free_text and not o.touches)
WORST = next(o.id for o in spec.categories().values() if o.sensitivity == 4 and o.id != FREE_TEXT)
TELLS = next(one.id for one in spec.categories().values() if one.trafficking)

CASES: dict[str, Case] = {
    "permitted": Case(line="/permit/0"),
    "denied": Case(agreed(deny=["sex", "name"]), "/deny/1"),
    "not_named": Case(agreed(["sex"])),
    "no_consent": Case(None),
    "consent_refused": Case(agreed(status="refused")),
    "consent_withdrawn": Case(agreed(status="withdrawn")),
    "consent_expired": Case(agreed(valid_from=stamp(THEN), valid_until=stamp(THEN + timedelta(1)))),
    "consent_not_yet_valid": Case(agreed(valid_from=stamp(LATER))),
    "recipient_not_named": Case(agreed(recipients=["other.ngo.in.example"])),
    "recipient_not_cleared": Case(agreed(purposes=["research"]), purpose="research"),
    "country_not_named": Case(agreed(countries=["NP"])),
    "purpose_not_named": Case(purpose="legal_aid"),
    "purpose_prohibited": Case(agreed(purposes=["marketing"]), purpose="marketing", wire=False),
    "before_acceptance": Case(line="/permit/0", accepted=False),
    "touches_denied": Case(agreed([FREE_TEXT, "name"], deny=[WORST]), "/deny/0", FREE_TEXT),
    "family_member": Case(
        agreed([TELLS], subject_kind="family_member"), category=TELLS, wire=False
    ),
    "came_of_age": Case(of_a_child(adult_on="2020-01-01"), wire=False),
    "not_best_interest": Case(of_a_child(best_interest=AGAINST)),
    "guardian_conflict": Case(of_a_child(guardian_conflict=True), wire=False),
    "consent_suspended": Case(agreed(status="suspended"), wire=False),
    "consent_revoked": Case(agreed(status="revoked"), wire=False),
    "storage_not_agreed": Case(
        agreed(storage_countries=["BD"]), wire=False, given={"agreement": corridor()}
    ),
    "no_agreement": Case(
        wire=False, given={"agreement": corridor(valid_until=stamp(THEN + timedelta(1)))}
    ),
    "agreement_purpose": Case(wire=False, given={"agreement": corridor(purposes=["legal_aid"])}),
    "beyond_agreement": Case(wire=False, given={"agreement": corridor(categories=["sex"])}),
    "permitted_by_basis": Case(
        None, "/categories/0", REACHED, wire=False, given={"basis": emergency()}
    ),
    "basis_not_approved": Case(
        wire=False, given={"basis": emergency(approvals=[Approval(actor="a-1")] * 2)}
    ),
    "basis_over": Case(wire=False, given={"basis": emergency(state="over")}),
    "beyond_basis": Case(
        category=OUT_OF_REACH, wire=False,
        given={"basis": emergency(categories=[OUT_OF_REACH])},
    ),
    "denied_before": Case(
        category=REACHED, wire=False,
        given={"basis": emergency(), "denied": frozenset({REACHED})},
    ),
    "onward_not_granted": Case(
        wire=False, given={"received": came(onward_sharing="none")}
    ),
}  # fmt: skip

ELSEWHERE = {"feedback_denied"}
"""Decided where the destination sends something back, by its grant: test_feedback_decides_too."""


def test_every_reason_has_a_case() -> None:
    assert set(CASES) | ELSEWHERE == set(spec.registries()["decision_reason"].codes)


def uncleared(pair: Pair, why: str) -> None:
    """The trust list does not clear the destination for research, where a case needs that."""
    purposes = spec.registries()["consent_purpose"].allowed()
    kept = [one for one in purposes if why != "recipient_not_cleared" or one != "research"]
    entry = pair.agencies[DESTINATION]
    if list(entry.purposes) != kept:
        entry.purposes[:] = kept
        pair.publish()


@pytest.mark.parametrize("why", CASES)
def test_each_reason(pair: Pair, why: str) -> None:
    case = CASES[why]
    uncleared(pair, why)
    found = ground.decide(
        pair.origin.ctx, ground.Ground(case.consent, **case.given), **case.asked,
        stage="disclosure" if case.accepted else "offer", categories=[case.category],
    )  # fmt: skip
    expected = Decision(
        category=case.category, permitted=why in consents.PERMITTED, reason=why, line=case.line,
        source=spec.registries()["decision_reason"].codes[why].group,
    )  # fmt: skip
    assert found[case.category] == expected


@pytest.mark.parametrize("why", [why for why, case in CASES.items() if case.wire])
def test_each_reason_as_a_client_asks_for_it(pair: Pair, why: str) -> None:
    case, here = CASES[why], pair.origin.client
    uncleared(pair, why)
    consent_id = here.record_consent(case.consent).consent_id if case.consent else ""
    answer = here.explain(**case.asked, consent_id=consent_id, accepted=case.accepted)
    assert [one.category for one in answer.decisions] == CATEGORIES
    (found,) = [one for one in answer.decisions if one.category == case.category]
    assert (found.reason, found.line) == (why, case.line)
    assert found.permitted == (why in consents.PERMITTED)
    assert answer.retention_days == (30 if consent_id else 0)
    assert not answer.agreement_id


def test_an_agreement_and_a_grant_that_cover_it_change_nothing(pair: Pair) -> None:
    for more in ({"agreement": corridor()}, {"received": came()}):
        found = ground.decide(
            pair.origin.ctx, ground.Ground(agreed(), **more), **Case().asked,
            stage="disclosure", categories=["name", "hiv"],
        )  # fmt: skip
        assert [one.reason for one in found.values()] == ["permitted", "not_named"]


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": ["legal_aid"]},
        {"categories": ["sex"]},
        {"valid_until": stamp(THEN)},
        {"grantor": DESTINATION},
    ],
)
def test_what_came_from_another_agency_stays(pair: Pair, changes: dict[str, Any]) -> None:
    stands_on = ground.Ground(agreed(), received=came(**changes))
    found = ground.decide(
        pair.origin.ctx, stands_on, **Case().asked, stage="disclosure", categories=["name", "sex"]
    )
    assert found["name"].reason == "onward_not_granted"
    assert found["sex"].permitted, "what she told here goes by her consent here"


def test_feedback_decides_too() -> None:
    for level in grants.LEVELS:
        decided = grants.decide_feedback(["outcomes", "name"], level)["outcomes"]
        assert decided.permitted == (level == "status_and_outcome")
        assert decided.reason == ("permitted" if decided.permitted else "feedback_denied")


def test_what_is_explained_or_shown_again_stands_in_the_audit(pair: Pair) -> None:
    here = pair.origin.client
    given = here.record_consent(agreed())
    shown = here.show_preview(
        consent_id=given.consent_id, destination=DESTINATION, record=full_record()[0],
        form="pictorial", language="bn",
    )  # fmt: skip
    before = len(list(here.list_audit()))
    here.explain(destination=DESTINATION, consent_id=given.consent_id)
    here.get_shown_preview(shown.preview_id)
    assert [one.action for one in list(here.list_audit())[before:]] == ["read_consent"] * 2


def test_who_may_ask(pair: Pair) -> None:
    here = pair.origin.client
    assert reason(here.explain, destination="nobody.example") == "AGENCY_UNKNOWN"
    unknown = {"destination": DESTINATION, "consent_id": "123710436824"}
    assert reason(here.explain, **unknown) == "NOT_FOUND"
    assert reason(here.preview, **unknown, record=SAID) == "NOT_FOUND"
    assert reason(here.explain, destination=DESTINATION, purpose="marketing") == "FORBIDDEN_CODE"
    assert reason(here.explain, destination=DESTINATION, basis_id="no-such-one") == "NOT_FOUND"


# One answer, whoever asks.

SAID, _ = full_record()
STANDING = st.sampled_from(["given", "renewed"])


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, str]]:
    made = Pair(tmp_path_factory.mktemp("accepted"))
    yield made, made.accepted()
    made.close()


@settings(
    max_examples=12, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    STANDING,
    st.sets(st.sampled_from(CATEGORIES), max_size=40),
    st.sets(st.sampled_from(CATEGORIES), max_size=4),
)
def test_explained_previewed_and_sent_are_the_same(
    accepted: tuple[Pair, str], status: str, permit: set[str], deny: set[str]
) -> None:
    pair, referral_id = accepted
    here = pair.origin.client
    newer = here.get_consent(pair.consent_id)
    newer.status, newer.permit[:], newer.deny[:] = status, sorted(permit), sorted(deny)
    here.record_consent(newer)
    asked: dict[str, Any] = {"destination": DESTINATION, "consent_id": pair.consent_id}
    explained = {one.category: one for one in here.explain(accepted=True, **asked).decisions}
    previewed = here.preview(record=SAID, accepted=True, **asked)
    shown = here.show_preview(
        record=SAID, accepted=True, form="read_aloud", language="bn", **asked
    )  # fmt: skip
    assert {one.category for one in previewed} == set(explained)
    assert list(shown.decisions) == previewed == [explained[one.category] for one in previewed]
    here.get_referral(referral_id)
    if not any(one.permitted for one in previewed):
        assert reason(here.disclose, referral_id, record=SAID) == "CONSENT_SCOPE"
        return
    sent = here.disclose(referral_id, record=SAID, preview_id=shown.preview_id)
    assert list(sent.decisions) == previewed
    pair.settle()
    # What an earlier example denied was taken back, and may stand beside what came now.
    rows = pair.destination.store.read(lambda tx: tx.parts(referral_id))
    arrived = {row.category for row in rows if row.outcome == "held"}
    assert {one.category for one in previewed if one.permitted} <= arrived


def test_an_offer_is_explained_and_sent_alike(pair: Pair) -> None:
    uncleared(pair, "")
    here = pair.origin.client
    referral_id = pair.offer(PERMIT)
    explained = here.explain(destination=DESTINATION, consent_id=pair.consent_id).decisions
    going = {one.category for one in explained if one.permitted}
    rows = pair.destination.part_rows(referral_id)
    assert set(rows) - {"grant"} == going & set(PERMIT)
    assert going
    later = here.explain(destination=DESTINATION, consent_id=pair.consent_id, accepted=True)
    assert {one.category for one in later.decisions if one.permitted} == set(PERMIT) > going
