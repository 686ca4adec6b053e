"""Bases and break-glass over REST and gRPC: the same answers, the same refusals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emergencies import approve, urgent
from nodes import Pair, reason
from onward.client import Client
from onward.errors import OnwardError
from people import DESTINATION, record, wishes
from serving import WAYS, Serving, Way


@pytest.fixture(params=WAYS)
def served(request: pytest.FixtureRequest, pair: Pair) -> Iterator[tuple[Pair, Client]]:
    """The origin's client over one of the two."""
    way: Way = request.param
    serving = Serving(pair.origin)
    try:
        yield pair, serving.client(pair.origin, way)
    finally:
        serving.close()


def test_the_same_over_both(served: tuple[Pair, Client]) -> None:
    pair, client = served
    with pytest.raises(OnwardError) as fault:
        client.propose_basis(urgent(pair, categories=["name", "identity_document"]))
    assert (fault.value.reason, fault.value.pointer) == ("BASIS_CEILING", "/basis/categories/1")
    with pytest.raises(OnwardError) as fault:
        client.propose_basis(urgent(pair, hours=73))
    assert (fault.value.reason, fault.value.pointer) == ("INVALID_FIELD", "/basis/hours")
    basis = client.propose_basis(urgent(pair))
    sent = {"destination": DESTINATION, "items": wishes(), "record": record()}
    assert reason(client.offer, basis_id=basis.basis_id, **sent) == "APPROVAL_NEEDED"
    assert reason(client.offer, **sent) == "CONSENT_MISSING"
    assert reason(client.approve_basis, basis.basis_id) == "ROLE_INSUFFICIENT"
    assert reason(client.get_basis, "b" * 22) == "NOT_FOUND"
    approve(pair, basis.basis_id)
    assert client.get_basis(basis.basis_id).state == "approved"
    referral_id = client.offer(basis_id=basis.basis_id, **sent).referral.referral_id
    (month,) = client.count_bases()
    assert (month.basis, month.uses, month.approved) == ("vital_interest", 1, 1)
    assert reason(client.count_bases, since="yesterday") == "INVALID_FIELD"
    assert reason(client.review_basis, basis.basis_id, "justified") == "ROLE_INSUFFICIENT"
    assert reason(client.tell_person, basis.basis_id, not_told="no") == "UNKNOWN_CODE"

    ask = {"reason": "danger_to_life", "categories": ["sex"]}
    opening = client.request_break_glass(referral_id, **ask)
    assert reason(client.open_break_glass, opening.opening_id) == "APPROVAL_NEEDED"
    for login in ("s-1", "s-2"):
        pair.origin.as_role("supervisor", login).approve_break_glass(opening.opening_id)
    assert client.get_break_glass(opening.opening_id).state == "approved"
    assert client.open_break_glass(opening.opening_id).record.HasField("sex")
