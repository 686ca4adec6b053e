"""Agreements: what is taken as signed, which of several counts, and that they only ever narrow."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import AGENCIES, DAY, NOW, key, profile
from onward.core import agreements, consent as consents, grants, jose, spec, trust
from onward.core.agreements import Held
from onward.core.clock import moment, stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.core.states import SIDES
from onward.v1.agreements_pb2 import Agreement, PartySignature, SignedAgreement
from onward.v1.consent_pb2 import ConsentRecord, Grant
from trust_builders import anchors, listed, members, signed as signed_list, trust_list, trusted

ORIGIN, DESTINATION = AGENCIES["origin"], AGENCIES["destination"]
CATEGORIES = sorted(one.id for one in spec.categories().values() if not one.protocol)
PURPOSES = ["service_delivery", "follow_up_contact", "research"]


def agreement(**changed: Any) -> Agreement:
    """An agreement that is in force, with some things changed."""
    fields: dict[str, Any] = {
        "agreement_id": "agreement-0001",
        "version": 1,
        "environment": "test",
        "parties": [ORIGIN, DESTINATION],
        "purposes": ["service_delivery"],
        "categories": ["name", "age_band"],
        "retention_days": 90,
        "storage_countries": ["NP"],
        "legal_text": "https://msw.gov.bd.example/agreements/1",
        "legal_text_digest": jose.sha256(b"text"),
        "valid_from": stamp(NOW - DAY),
        "valid_until": stamp(NOW + DAY),
    }
    return Agreement(**fields | changed)


def paper(
    what: Agreement | bytes | None = None, by: dict[str, str] | None = None, typ: str = ""
) -> SignedAgreement:
    """Signed by these agencies with the keys of these names; by both parties if not said."""
    content = agreement() if what is None else what
    payload = content if isinstance(content, bytes) else to_json(content)
    made = SignedAgreement(payload=jose.b64(payload))
    for agency, name in (by or {ORIGIN: "origin", DESTINATION: "destination"}).items():
        protected, _, signature = jose.sign(payload, typ or jose.AGREEMENT, key(name)).split(".")
        made.signatures.append(
            PartySignature(agency=agency, protected=protected, signature=signature)
        )
    return made


def verify(signed: SignedAgreement, **changed: Any) -> Agreement:
    said: dict[str, Any] = {"trusted": trusted(), "environment": "test", "now": NOW}
    return agreements.verify(signed, **said | changed)


def fault(work: Callable[..., Any], *args: Any, **named: Any) -> tuple[str, str]:
    """Reason and pointer of a refusal."""
    with pytest.raises(Refused) as refused:
        work(*args, **named)
    return refused.value.reason, refused.value.pointer


# Signing and verifying.


def test_both_sign_the_same_bytes() -> None:
    made = agreements.draft(agreement())
    first = agreements.sign(made, DESTINATION, key("destination"))
    both = agreements.sign(first, ORIGIN, key("origin"))
    assert verify(both) == agreement()
    assert both.payload == made.payload
    # Who signs again changes nothing but its own signature.
    assert verify(agreements.sign(both, ORIGIN, key("origin"))) == agreement()
    assert len(agreements.sign(both, ORIGIN, key("origin")).signatures) == 2
    assert fault(agreements.sign, made, "c.example", key("origin"))[1] == "/payload/parties"


def json_with(**changed: Any) -> bytes:
    return json.dumps({**json.loads(to_json(agreement())), **changed}).encode()


OTHER = "other.example"


@pytest.mark.parametrize(
    ("signed", "pointer"),
    [
        (paper(by={ORIGIN: "origin"}), "/signatures"),
        (SignedAgreement(payload=paper().payload), "/signatures"),
        (paper(by={ORIGIN: "origin", OTHER: "destination"}), "/signatures"),
        (paper(by={ORIGIN: "origin", DESTINATION: "origin"}), "/signatures/1"),
        (paper(by={ORIGIN: "a stranger", DESTINATION: "destination"}), "/signatures/0"),
        (paper(by={ORIGIN: "origin seal", DESTINATION: "destination"}), "/signatures/0"),
        (paper(typ=jose.TRUST), "/signatures/0"),
        (paper(agreement(parties=[ORIGIN, ORIGIN])), "/payload/parties"),
        (paper(agreement(parties=[ORIGIN])), "/payload/parties"),
        (paper(agreement(parties=[ORIGIN, DESTINATION, OTHER])), "/payload/parties"),
        (paper(agreement(environment="live")), "/payload/environment"),
        (paper(agreement(purposes=["marketing"])), "/payload/purposes/0"),
        (paper(agreement(purposes=["anything"])), "/payload/purposes/0"),
        (paper(agreement(purposes=[])), "/payload/purposes"),
        (paper(agreement(categories=["name", "shoe_size"])), "/payload/categories/1"),
        (paper(agreement(categories=["grant"])), "/payload/categories/0"),
        (paper(agreement(hold_authorities=["a friend"])), "/payload/holdAuthorities/0"),
        (paper(agreement(retention_days=0)), "/payload/retentionDays"),
        (paper(agreement(version=0)), "/payload/version"),
        (paper(agreement(valid_until=stamp(NOW - DAY))), "/payload/validUntil"),
        (paper(json_with(extra=1)), "/payload"),
        (paper(b"no JSON"), "/payload"),
        (paper(json_with(legalText="https://" + "a" * 200 + "/" + " " * 70_000)), "/payload"),
        (paper(to_json(agreement())[:-1] + b',"version":2}'), "/payload"),
        (SignedAgreement(payload="!!"), "/payload"),
    ],
)
def test_what_is_not_signed_as_it_must_be(signed: SignedAgreement, pointer: str) -> None:
    assert fault(verify, signed) == ("AGREEMENT_INVALID", pointer)


def test_one_changed_byte_is_refused() -> None:
    good = paper()
    changed = to_json(agreement(retention_days=91))
    moved = SignedAgreement(payload=jose.b64(changed), signatures=good.signatures)
    assert fault(verify, moved) == ("AGREEMENT_INVALID", "/signatures/0")


def test_keys_are_those_of_the_list_and_in_use_now() -> None:
    assert verify(paper()) == agreement()
    late = NOW + 89 * DAY
    assert fault(verify, paper(), now=late) == ("AGREEMENT_INVALID", "/signatures/0")
    removed = trust_list()
    removed.agencies[1].status = "removed"
    gone = trust.verify(signed_list(removed), anchors())
    assert fault(verify, paper(), trusted=gone)[1] == "/signatures/1/agency"
    only = trust_list(agencies=members()[:1])
    alone = trust.verify(signed_list(only), anchors())
    assert fault(verify, paper(), trusted=alone)[1] == "/signatures/1/agency"
    swapped = members()
    swapped[0].keys[0].CopyFrom(listed("another key"))
    other = trust.verify(signed_list(trust_list(agencies=swapped)), anchors())
    assert fault(verify, paper(), trusted=other)[1] == "/signatures/0"


def test_what_is_no_agreement_is_not_drafted() -> None:
    assert fault(agreements.draft, agreement(categories=["grant"]))[1] == "/payload/categories/0"
    assert fault(agreements.draft, agreement(purposes=["marketing"]))[1] == "/payload/purposes/0"
    assert fault(agreements.draft, agreement(valid_until=stamp(NOW - DAY)))[1] == (
        "/payload/validUntil"
    )


# Which one counts.

DAYS = st.integers(-3, 3)
HELD = st.lists(
    st.builds(
        lambda name, version, start, days, ended: Held(
            agreement(
                agreement_id=f"agreement-000{name}",
                version=version,
                valid_from=stamp(NOW + start * DAY),
                valid_until=stamp(NOW + (start + days) * DAY),
            ),
            ended,
        ),
        st.integers(1, 2), st.integers(1, 4), DAYS, st.integers(1, 4), st.booleans(),
    ),
    unique_by=lambda one: (one.agreement.agreement_id, one.agreement.version),
)  # fmt: skip


@profile(300)
@given(HELD)
def test_what_counts_is_the_newest_that_has_begun_and_was_not_ended(held: list[Held]) -> None:
    found = agreements.governing(held, NOW)
    if found is None:
        for one in held:
            newer = [
                two
                for two in held
                if two.agreement.agreement_id == one.agreement.agreement_id
                and two.agreement.version > one.agreement.version
                and moment(two.agreement.valid_from) <= NOW
            ]
            assert one.ended or newer or not agreements.in_force(one.agreement, NOW)
        return
    assert found in held
    assert not found.ended
    assert agreements.in_force(found.agreement, NOW)
    for one in held:
        if one.agreement.agreement_id == found.agreement.agreement_id:
            begun = moment(one.agreement.valid_from) <= NOW
            assert not begun or one.agreement.version <= found.agreement.version


@pytest.mark.parametrize(
    ("what", "needed", "purpose", "expected"),
    [
        (None, False, "service_delivery", ""),
        (None, True, "service_delivery", "no_agreement"),
        (agreement(), True, "service_delivery", ""),
        (agreement(), False, "research", "agreement_purpose"),
        (agreement(valid_until=stamp(NOW)), False, "service_delivery", "no_agreement"),
        (agreement(valid_from=stamp(NOW + timedelta(seconds=1))), True, "research", "no_agreement"),
        (Agreement(), False, "service_delivery", "no_agreement"),
    ],
)
def test_scope(what: Agreement | None, needed: bool, purpose: str, expected: str) -> None:
    assert agreements.scope(what, purpose=purpose, needed=needed, now=NOW) == expected


# It only ever narrows.

RECIPIENT = consents.Recipient(DESTINATION, "NP")


FEW = ["name", "age_band", "outcomes", "service_history", "sex"]
"""Enough to go one way and the other, and few enough to be named by both."""


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True) | st.just(values)


AGREED = st.none() | st.builds(
    lambda purposes, categories, days, countries, start, length: agreement(
        purposes=purposes,
        categories=categories,
        retention_days=days,
        storage_countries=countries,
        valid_from=stamp(NOW + start * DAY),
        valid_until=stamp(NOW + (start + length) * DAY),
    ),
    some(PURPOSES), some(FEW), st.integers(1, 400), some(["NP", "IN"]), st.just(-1) | DAYS,
    st.integers(1, 4),
)  # fmt: skip

CONSENTS = st.builds(
    lambda permit, deny, purposes, countries, days: ConsentRecord(
        subject_kind="survivor",
        age_class="adult",
        status="given",
        purposes=purposes,
        recipients=[DESTINATION],
        countries=["NP"],
        permit=permit,
        deny=deny,
        valid_from=stamp(NOW - DAY),
        valid_until=stamp(NOW + DAY),
        storage_countries=countries,
        retention_days=days,
    ),
    some(FEW), some(FEW[:2]) | st.just([]), some(PURPOSES), some(["NP", "IN"]), st.integers(1, 400),
)  # fmt: skip


@profile(300)
@given(
    record=CONSENTS,
    agreed=AGREED,
    needed=st.booleans(),
    purpose=st.sampled_from(PURPOSES),
    stage=st.sampled_from(["offer", "disclosure"]),
)
def test_a_decision_with_an_agreement_is_never_wider_than_without(
    record: ConsentRecord, agreed: Agreement | None, needed: bool, purpose: str, stage: Any
) -> None:
    def permitted(**more: Any) -> set[str]:
        found = consents.decide(
            record, recipient=RECIPIENT, purpose=purpose, stage=stage, categories=CATEGORIES,
            now=NOW, **more,
        )  # fmt: skip
        codes = spec.registries()["decision_reason"].codes
        assert all(one.source == codes[one.reason].group for one in found.values())
        return {one.category for one in found.values() if one.permitted}

    alone = permitted()
    both = permitted(agreement=agreed, agreement_needed=needed)
    assert both <= alone
    if agreed is None:
        assert both == (set() if needed else alone)
        return
    assert both <= set(agreed.categories)
    valid = agreements.in_force(agreed, NOW) and purpose in agreed.purposes
    stored = not record.storage_countries or set(agreed.storage_countries) <= set(
        record.storage_countries
    )
    assert both == (alone & set(agreed.categories) if valid and stored else set())


@profile(200)
@given(
    agreed=AGREED,
    needed=st.booleans(),
    feedback=st.sampled_from(grants.LEVELS),
    purpose=st.sampled_from(PURPOSES),
)
def test_what_flows_back_with_an_agreement_is_never_wider_than_without(
    agreed: Agreement | None, needed: bool, feedback: str, purpose: str
) -> None:
    def flows(**more: Any) -> set[str]:
        found = grants.decide_feedback(CATEGORIES, feedback, **more)
        return {one.category for one in found.values() if one.permitted}

    why = agreements.scope(agreed, purpose=purpose, needed=needed, now=NOW)
    both = flows(agreement=agreed, not_agreed=why)
    assert both <= flows()
    assert not (why and both)
    assert agreed is None or both <= set(agreed.categories)


@profile(300)
@given(
    record=CONSENTS,
    agreed=AGREED,
    needed=st.booleans(),
    purpose=st.sampled_from(PURPOSES),
    author=st.sampled_from(SIDES),
)
def test_who_holds_the_same_agreement_takes_what_the_other_may_send(
    record: ConsentRecord, agreed: Agreement | None, needed: bool, purpose: str, author: Any
) -> None:
    """And nothing of it without an agreement, or with another one."""
    decided = consents.decide(
        record, recipient=RECIPIENT, purpose=purpose, stage="disclosure", categories=CATEGORIES,
        now=NOW, agreement=agreed, agreement_needed=needed,
    )  # fmt: skip
    grant = grants.from_ground(
        record, decided.values(), grant_id="grant-0001", referral_id="ref-0001", grantor=ORIGIN,
        grantee=DESTINATION, now=NOW, agreement=agreed,
    )  # fmt: skip
    if author == "destination":
        grant = grants.for_feedback(
            grant, grant.categories, grant_id="grant-0002", now=NOW, agreement=agreed
        )
    if agreed is not None:
        assert grant.retention_days <= agreed.retention_days
        assert set(grant.purposes) <= set(agreed.purposes)
    for category in grant.categories:
        assert took(category, grant, agreed, needed) == ""
        assert took(category, grant, agreed, True, now=NOW + 9 * DAY) == "no_agreement"
        if agreed is not None:
            renamed = Agreement()
            renamed.CopyFrom(agreed)
            renamed.agreement_id = "agreement-0002"
            assert took(category, grant, renamed, needed) == "no_agreement"
            assert took(category, grant, None, needed) == "no_agreement"
            less = Agreement()
            less.CopyFrom(agreed)
            less.categories.remove(category)
            assert took(category, grant, less, needed) == "beyond_agreement"


def took(
    category: str, grant: Grant, agreed: Agreement | None, needed: bool, now: datetime = NOW
) -> str:
    return agreements.refusal(agreed, category, grant, needed=needed, now=now)


@pytest.mark.parametrize(
    "wider",
    [
        {"purposes": ["service_delivery", "research"]},
        {"retention_days": 91},
        {"storage_countries": ["NP", "IN"]},
    ],
)
def test_a_grant_that_is_wider_than_the_agreement_is_refused(wider: dict[str, Any]) -> None:
    fits: dict[str, Any] = {
        "agreement_id": "agreement-0001", "categories": ["name"],
        "purposes": ["service_delivery"], "retention_days": 90, "storage_countries": ["NP"],
    }  # fmt: skip
    assert took("name", Grant(**fits), agreement(), True) == ""
    assert took("name", Grant(**{**fits, **wider}), agreement(), True) == "beyond_agreement"


def test_what_flows_back_goes_by_what_is_agreed_now() -> None:
    """The origin's grant may be older, and from a wider version."""
    older = Grant(
        agreement_id="agreement-0000", purposes=["service_delivery", "research"],
        retention_days=365, storage_countries=["IN"],
    )  # fmt: skip
    given = grants.for_feedback(
        older, ["outcomes"], grant_id="grant-0002", now=NOW, agreement=agreement()
    )
    assert given.agreement_id == "agreement-0001"
    assert given.purposes == ["service_delivery"]
    assert given.retention_days == 90
    assert given.storage_countries == ["NP"]
