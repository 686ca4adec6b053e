"""Bases other than consent: nothing beyond the ceiling, nothing she denied, nothing too late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import DAY, NOW, profile, reason
from onward.core import approvals, bases, grants, spec
from onward.core.clock import moment, stamp
from onward.core.consent import PERMITTED, REFUSALS, Recipient, Stage, decide
from onward.core.refused import Refused
from onward.core.states import Withdrawn
from onward.v1.bases_pb2 import Approval, OtherBasis
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.holds_pb2 import EmergencyOpening

SHELTER = Recipient("shelter.np.example", "NP")
NAMES = [*sorted(spec.categories()), "shoe_size"]
BASES = sorted(set(spec.registries()["legal_basis"].codes))
REASONS = spec.registries()["basis_reason"].codes
some = st.lists(st.sampled_from(NAMES), max_size=40, unique=True)


def word(login: str, at: datetime = NOW) -> Approval:
    return Approval(actor=login, time=stamp(at))


def basis(**changed: Any) -> OtherBasis:
    """A basis in force, with some things changed."""
    fields: dict[str, Any] = {
        "basis_id": "basis-0001",
        "subject_kind": "survivor",
        "age_class": "adult",
        "basis": "vital_interest",
        "reason": "unconscious",
        "recipient": SHELTER.agency,
        "purpose": "service_delivery",
        "categories": ["name", "age_band"],
        "hours": 24,
        "retention_days": 30,
        "tell_by": (NOW + 14 * DAY).date().isoformat(),
        "state": "approved",
        "proposed": word("c-1"),
        "approvals": [word("s-1"), word("s-2")],
        "valid_from": stamp(NOW),
        "valid_until": stamp(NOW + DAY),
    }
    return OtherBasis(**fields | changed)


@st.composite
def any_basis(draw: st.DrawFn) -> OtherBasis:
    """Anything in its lists, any age of its approvals, any state."""
    start = NOW + timedelta(hours=draw(st.sampled_from([0, 0, -1, -1, -24, -73, 1])))
    words = [["a", "b"], ["A", "b"], ["a", "b"], ["a", "b"], ["a", "A"], ["a"], []]
    return basis(
        basis=draw(st.sampled_from(BASES)),
        reason=draw(st.sampled_from(sorted(REASONS))),
        categories=draw(some) if draw(st.booleans()) else draw(st.permutations(NAMES)),
        subject_kind=draw(st.sampled_from(["survivor", "family_member", ""])),
        recipient=draw(st.sampled_from([*[SHELTER.agency] * 4, "a.bd"])),
        state=draw(st.sampled_from([*["approved"] * 8, "proposed", "refused", "over", ""])),
        approvals=[word(one) for one in draw(st.sampled_from(words))],
        valid_from=stamp(start),
        valid_until=stamp(start + timedelta(hours=draw(st.integers(1, 72)))),
    )


@profile(400)
@given(
    basis=any_basis(),
    denied=some,
    stage=st.sampled_from(["offer", "disclosure"]),
    purpose=st.sampled_from([*["service_delivery"] * 4, "research", "marketing"]),
)
def test_nothing_beyond_the_ceiling_is_ever_permitted(
    basis: OtherBasis, denied: list[str], stage: Stage, purpose: str
) -> None:
    decided = decide(
        basis, recipient=SHELTER, purpose=purpose, stage=stage, categories=NAMES, now=NOW,
        denied=frozenset(denied),
    )  # fmt: skip
    grant = grants.from_ground(
        basis, decided.values(), grant_id="g", referral_id="r", grantor="a", grantee="b", now=NOW
    )
    permitted = {name for name, one in decided.items() if one.permitted}
    assert set(grant.categories) == permitted
    assert all((one.reason in PERMITTED) == one.permitted for one in decided.values())
    for name in permitted:
        known = spec.categories()[name]
        assert name in basis.categories
        assert basis.basis in known.bases
        assert known.offer or stage == "disclosure"
        assert name not in denied or basis.basis == "legal_obligation"
        assert basis.subject_kind == "survivor" or not known.trafficking
    if permitted:
        assert basis.state == "approved"
        assert {one.actor for one in basis.approvals} in ({"a", "b"}, {"A", "b"})
        assert moment(basis.valid_from) <= NOW < moment(basis.valid_until)
        assert (purpose, basis.recipient) == (basis.purpose, SHELTER.agency)
        assert (grant.onward_sharing, grant.feedback) == ("none", "status_only")
        assert grant.valid_until == basis.valid_until


def test_no_text_within_a_ceiling_speaks_of_other_categories() -> None:
    """In free text anything may stand, also what no basis reaches."""
    within = [one for one in spec.categories().values() if one.bases]
    assert within
    assert not [one.id for one in within if one.free_text or set(one.touches) - {one.id}]
    assert {code for one in within for code in one.bases} == set(BASES) - {"consent"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ""),
        ({"valid_from": stamp(NOW + timedelta(seconds=1))}, "basis_over"),
        ({"valid_until": stamp(NOW)}, "basis_over"),
        ({"state": "proposed"}, "basis_not_approved"),
        ({"state": "refused"}, "basis_over"),
        ({"state": "over"}, "basis_over"),
        ({"approvals": [word("s-1")]}, "basis_not_approved"),
        ({"approvals": [word("s-1"), word("S-1")]}, "basis_not_approved"),
    ],
)
def test_standing(changes: dict[str, Any], found: str) -> None:
    assert bases.standing(basis(**changes), NOW) == found
    assert not found or REFUSALS[found] in spec.reasons()


ALL = {"name", "age_band"}


def said(status: str = "given", *deny: str) -> ConsentRecord:
    return ConsentRecord(status=status, deny=deny)


def back(*categories: str) -> Withdrawn:
    return Withdrawn("h", "origin", 2, not categories, frozenset(categories))


@pytest.mark.parametrize(
    ("code", "reason", "consents", "taken", "denied"),
    [
        ("vital_interest", "unconscious", [], [], set()),
        ("vital_interest", "unconscious", [said("given", "name")], [], {"name"}),
        ("vital_interest", "unconscious", [said("expired", "name")], [], {"name"}),
        ("vital_interest", "unconscious", [said("withdrawn")], [back()], set()),
        ("vital_interest", "unconscious", [said("withdrawn", "name")], [], {"name"}),
        ("vital_interest", "unconscious", [said()], [back("name")], {"name"}),
        ("vital_interest", "immediate_danger", [said()], [back("name")], {"name"}),
        ("vital_interest", "immediate_danger", [said("deferred")], [], set()),
        ("vital_interest", "immediate_danger", [said("refused")], [], ALL),
        ("vital_interest", "immediate_danger", [said(), said("withdrawn")], [], ALL),
        ("vital_interest", "immediate_danger", [], [back()], ALL),
        ("best_interest", "no_guardian", [said("refused")], [], ALL),
        ("best_interest", "guardian_harms", [said("refused")], [], set()),
        ("best_interest", "guardian_harms", [said("refused", "name")], [], {"name"}),
        ("legal_obligation", "court_order", [said("refused", "name")], [back()], set()),
    ],
)  # fmt: skip
def test_what_she_said(
    code: str, reason: str, consents: list[ConsentRecord], taken: list[Withdrawn], denied: set[str]
) -> None:
    assert bases.denied(basis(basis=code, reason=reason), consents, taken) == denied


@profile(300)
@given(
    words=st.lists(
        st.tuples(st.sampled_from(["a", "A", "b", "c"]), st.integers(0, 30), st.booleans()),
        max_size=6,
    ),
    opening=st.booleans(),
)
def test_never_in_force_without_two_persons_and_never_after_a_refusal(
    words: list[tuple[str, int, bool]], opening: bool
) -> None:
    one: approvals.Asked = (
        EmergencyOpening(opening_id="o", state="proposed", asked=word("a"))
        if opening
        else OtherBasis(basis_id="b", state="proposed", proposed=word("a"), hours=2)
    )
    now, refused = NOW, False
    for who, hours, refuse in words:
        now += timedelta(hours=hours)
        why = reason(approvals.approve, one, who, now, refuse=refuse)
        assert why in ("", "APPROVAL_NEEDED", "APPROVAL_OVER", "ALREADY_DONE")
        refused = refused or (refuse and not why)
        stands = approvals.state(one, now)
        people = {word.actor.casefold() for word in one.approvals}
        if stands == "approved":
            assert len(people) == 2
            assert not refused
            assert moment(one.approvals[-1].time) - NOW < approvals.WAITS
            length = timedelta(minutes=15) if opening else timedelta(hours=2)
            assert approvals.ends(one) == moment(one.approvals[-1].time) + length
        if refused:
            assert stands == "refused"
        assert len(one.approvals) == len(people)


def test_an_approval_lasts_to_the_second() -> None:
    one = basis(state="proposed", approvals=[], valid_from=None, valid_until=None, hours=72)
    approvals.approve(one, "s-1", NOW)
    last = NOW + approvals.WAITS - timedelta(seconds=1)
    approvals.approve(one, "s-2", last)
    end = last + timedelta(hours=72)
    assert moment(one.valid_until) == end
    assert approvals.state(one, end - timedelta(seconds=1)) == "approved"
    assert approvals.state(one, end) == "over"
    approvals.check(one, end - timedelta(seconds=1))
    with pytest.raises(Refused, match="APPROVAL_OVER"):
        approvals.check(one, end)


def test_when_the_person_was_not_told_in_time() -> None:
    one = basis(tell_by="2026-11-30")
    assert bases.tell_day(one).isoformat() == "2026-12-01T00:00:00+00:00"
    assert bases.tell_again("deceased", NOW) is None
    assert bases.tell_again("would_endanger", NOW) == NOW + bases.TELL_WITHIN
