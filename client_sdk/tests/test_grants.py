"""Grants, what a receiver holds parts to, feedback, and projection."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import DAY, NOW, REFERRAL, profile
from onward.core import grants, jose, parts, projection, spec
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.consent import Recipient, decide
from onward.core.parse import validate
from onward.core.states import SIDES
from onward.v1.categories_pb2 import AgeBand, CaseRecord, Hiv, Name, Sex
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant
from onward.v1.entry_pb2 import Entry, PartRef

FEEDBACK = {
    *("caseworker_identity", "choice_reasons", "outcomes", "return_plan", "service_history"),
}


def grant(*categories: str, **changed: Any) -> Grant:
    """A grant of these categories."""
    return Grant(categories=categories, valid_until=stamp(NOW + DAY), **changed)


def refused(category: str, **changed: Any) -> str:
    """Why the receiver refuses a part of this category."""
    said: dict[str, Any] = {
        "author": "origin",
        "grant": grant("name", "age_band", "outcomes"),
        "accepted": True,
        "feedback": "status_and_outcome",
        "now": NOW,
    }
    return grants.refusal(category, **said | changed)


@pytest.mark.parametrize(
    ("category", "changed", "expected"),
    [
        ("name", {}, ""),
        ("shoe_size", {}, "unknown_category"),
        ("shoe_size", {"grant": grant("shoe_size")}, "unknown_category"),
        ("grant", {"grant": None}, ""),
        ("name", {"grant": None}, "no_grant"),
        ("hiv", {}, "beyond_grant"),
        ("name", {"now": NOW + DAY}, "grant_expired"),
        ("name", {"grant": Grant(categories=["name"])}, "grant_expired"),
        ("name", {"accepted": False}, "before_acceptance"),
        ("age_band", {"accepted": False}, ""),
        ("outcomes", {"author": "destination"}, ""),
        ("outcomes", {"author": "destination", "feedback": "status_only"}, "feedback"),
        ("outcomes", {"author": "destination", "feedback": "nothing"}, "feedback"),
        ("outcomes", {"author": "destination", "feedback": ""}, "feedback"),
        ("name", {"author": "destination"}, "feedback"),
    ],
)
def test_refusal(category: str, changed: dict[str, Any], expected: str) -> None:
    assert refused(category, **changed) == expected
    assert not expected or expected in spec.registries()["refusal"].codes


@profile(100)
@given(
    category=st.sampled_from([*sorted(spec.categories()), "shoe_size"]),
    granted=st.none() | st.lists(st.sampled_from(sorted(spec.categories()))),
    author=st.sampled_from(SIDES),
    accepted=st.booleans(),
    feedback=st.sampled_from(["", *grants.LEVELS]),
    days=st.integers(0, 2),
)
def test_nothing_is_taken_beyond_its_grant(
    category: str, granted: list[str] | None, author: Any, accepted: bool, feedback: str, days: int
) -> None:
    held = None if granted is None else grant(*granted)
    why = grants.refusal(
        category,
        author=author,
        grant=held,
        accepted=accepted,
        feedback=feedback,
        now=NOW + days * DAY,
    )
    if why or category == "grant":
        return
    known = spec.categories()[category]
    assert granted is not None
    assert category in granted
    assert days == 0
    assert accepted or known.offer or author == "destination"
    assert author == "origin" or (known.feedback and feedback == "status_and_outcome")


def test_only_acts_about_the_referral_itself_cross_without_feedback() -> None:
    always = {kind for kind in spec.acts() if grants.crosses(kind, "nothing")}
    answers = {"acknowledge", "decide", "confirm_cancel", "withdraw", "erased"}
    assert always == answers | {"choice", "alert", "complaint"}
    for level in ("status_only", "status_and_outcome"):
        assert all(grants.crosses(kind, level) for kind in spec.acts())


def test_feedback_lets_outcomes_flow_back_and_nothing_else() -> None:
    names = [*sorted(spec.categories()), "shoe_size"]
    for level in ("", "nothing", "status_only"):
        found = grants.decide_feedback(names, level).values()
        assert {(one.permitted, one.reason) for one in found} == {(False, "feedback_denied")}
    found = grants.decide_feedback(names, "status_and_outcome").values()
    assert {one.category for one in found if one.permitted} == FEEDBACK


CONSENT = ConsentRecord(
    subject_kind="survivor",
    age_class="adult",
    status="given",
    purposes=["service_delivery"],
    recipients=["shelter.np.example"],
    countries=["NP"],
    permit=["name", "age_band", "sex", "outcomes"],
    deny=["name"],
    onward_sharing="none",
    feedback="status_and_outcome",
    valid_from=stamp(NOW - DAY),
    valid_until=stamp(NOW + DAY),
    retention_days=90,
)
RECORD = CaseRecord(
    name=Name(first_name="Canary Given"),
    age_band=AgeBand(band="a24_26", age_class="adult"),
    sex=Sex(sex="female"),
    hiv=Hiv(needs=["counselling"]),
)


def decisions(stage: Any = "disclosure") -> dict[str, Decision]:
    """What the consent says of the record."""
    return decide(
        CONSENT,
        recipient=Recipient("shelter.np.example", "NP"),
        purpose="service_delivery",
        stage=stage,
        categories=projection.categories(RECORD),
        now=NOW,
    )


def made() -> Grant:
    """The grant of that decision."""
    return grants.from_ground(
        CONSENT,
        decisions().values(),
        grant_id="grant-00000001",
        referral_id=REFERRAL,
        grantor="msw.gov.bd.example",
        grantee="shelter.np.example",
        now=NOW,
    )


def test_grant_is_an_excerpt_of_the_consent() -> None:
    found = made()
    validate(found)
    assert list(found.categories) == ["age_band", "sex"]
    assert found.valid_until == CONSENT.valid_until
    assert (found.basis, found.feedback, found.retention_days) == (
        "consent",
        "status_and_outcome",
        90,
    )


def test_grant_for_feedback_turns_round_and_widens_nothing() -> None:
    back = grants.for_feedback(made(), ["outcomes"], grant_id="grant-00000002", now=NOW)
    validate(back)
    assert (back.grantor, back.grantee) == ("shelter.np.example", "msw.gov.bd.example")
    assert list(back.categories) == ["outcomes"]
    same = ("referral_id", "basis", "purposes", "onward_sharing", "feedback", "retention_days")
    assert all(getattr(back, name) == getattr(made(), name) for name in same)
    assert back.valid_until == made().valid_until


def test_projection_holds_what_was_permitted_and_no_word_of_the_rest() -> None:
    salts = iter([bytes([n]) * 32 for n in range(4)])
    found = projection.project(RECORD, decisions(), lambda: next(salts))
    assert [part.category for part in found] == ["age_band", "sex"]
    assert [jose.unb64(part.salt)[0] for part in found] == [0, 1]
    assert all("Canary" not in part.content for part in found)
    assert "counselling" not in str(found)
    assert [parts.read(part) for part in found] == [RECORD.age_band, RECORD.sex]


def test_projection_without_decisions_is_empty() -> None:
    assert projection.project(RECORD, {}, lambda: bytes(32)) == []
    said = {"name": Decision(category="name", permitted=False, reason="permitted")}
    assert projection.project(RECORD, said, lambda: bytes(32)) == []


WIDE: dict[str, Any] = {
    "purposes": ["service_delivery", "legal_aid"], "retention_days": 90, "feedback": "status_only",
    "valid_until": stamp(NOW + DAY), "onward_sharing": "same_purpose_named",
    "on_withdrawal": "keep_minimum", "storage_countries": ["IN", "BD"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("narrower", "expected"),
    [
        ({}, False),
        ({"purposes": ["service_delivery"]}, True),
        ({"retention_days": 30}, True),
        ({"feedback": "nothing"}, True),
        ({"feedback": "status_and_outcome"}, False),
        ({"valid_until": stamp(NOW)}, True),
        ({"onward_sharing": "none"}, True),
        ({"on_withdrawal": "delete"}, True),
        ({"on_withdrawal": ""}, True),
        ({"storage_countries": ["IN"]}, True),
        ({"storage_countries": []}, True),
        ({"storage_countries": ["IN", "BD", "NP"]}, False),
    ],
)
def test_a_grant_is_wider_than_what_she_says_now(narrower: dict[str, Any], expected: bool) -> None:
    made = grants.from_ground(
        ConsentRecord(**WIDE), [], grant_id="g", referral_id=REFERRAL, grantor="a", grantee="b",
        now=NOW,
    )  # fmt: skip
    assert grants.wider(made, ConsentRecord(**WIDE | narrower)) is expected


def log(*entries: tuple[str, str]) -> list[Act]:
    """Entries of one author: the id that each names, and the digests of what it lists; those of
    grants begin with g.
    """
    return [
        Act(str(seq), "origin", Entry(seq=seq, grant_id=name, parts=[_listed(p) for p in listed]))
        for seq, (name, listed) in enumerate(((one, two.split()) for one, two in entries), 1)
    ]


def _listed(digest: str) -> PartRef:
    return PartRef(category="grant" if digest.startswith("g") else "name", digest=digest)


@pytest.mark.parametrize(
    ("entries", "digest"),
    [
        ([("x", "g1 n1")], "g1"),
        ([("x", "n1 g1 g2")], "g1"),
        ([("x", "g1"), ("y", "g2"), ("x", "n1")], "g1"),
        ([("x", "g1"), ("x", "g2")], "g1"),
        ([("x", ""), ("x", "n1"), ("x", "g1")], "g1"),
        ([("y", "g1"), ("x", "n1")], ""),
        ([("x", "n1")], ""),
        ([("", "g1")], ""),
    ],
)
def test_an_id_stands_for_the_first_grant_that_the_log_lists_under_it(
    entries: list[tuple[str, str]], digest: str
) -> None:
    written = log(*entries)
    assert grants.named(written, written[-1]) == digest


def test_a_later_entry_gives_an_id_to_nothing_before_it() -> None:
    written = log(("x", "n1"), ("x", "g1"), ("x", "g2"))
    assert [grants.named(written, one) for one in written] == ["", "g1", "g1"]
