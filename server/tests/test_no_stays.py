"""Only a yes lifts what the person has said no to, whatever the agency writes after it."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

import pytest

from emergencies import urgent
from nodes import Pair, reason
from onward.v1.consent_pb2 import ConsentRecord
from people import agreed


def following(pair: Pair, consent_id: str, **changes: Any) -> ConsentRecord:
    """The next version of a record, kept."""
    found = pair.origin.client.get_consent(consent_id)
    for name, value in changes.items():
        if isinstance(value, list):
            getattr(found, name)[:] = value
        else:
            setattr(found, name, value)
    return pair.origin.client.record_consent(found)


@pytest.mark.parametrize("status", ["suspended", "revoked", "invalidated", "withdrawn", "refused"])
def test_what_she_denied_stays_denied_until_a_yes(pair: Pair, status: str) -> None:
    whose = token_urlsafe(16)
    here = pair.origin.client
    first = here.record_consent(agreed(["language"], subject_id=whose, deny=["name"]))
    kept = following(pair, first.consent_id, status=status, deny=[], purposes=[], permit=[])
    assert list(kept.deny) == ["name"]
    assert reason(here.propose_basis, urgent(pair, subject_id=whose)) == "BASIS_CEILING"


def test_a_yes_lifts_it(pair: Pair) -> None:
    whose = token_urlsafe(16)
    here = pair.origin.client
    first = here.record_consent(agreed(["language"], subject_id=whose, deny=["name"]))
    following(pair, first.consent_id, status="renewed", deny=[])
    assert here.propose_basis(urgent(pair, subject_id=whose)).state == "proposed"


def test_her_refusal_outlasts_what_the_agency_writes_after_it(pair: Pair) -> None:
    whose = token_urlsafe(16)
    here = pair.origin.client
    asked = urgent(pair, subject_id=whose, reason="immediate_danger")
    first = here.record_consent(agreed(subject_id=whose, status="refused"))
    following(pair, first.consent_id, status="invalidated")
    assert reason(here.propose_basis, asked) == "BASIS_CEILING"


def test_a_no_without_purposes_speaks_of_those_before_it(pair: Pair) -> None:
    first = pair.origin.client.record_consent(agreed(status="refused"))
    again = following(pair, first.consent_id, status="refused", purposes=[])
    assert list(again.purposes) == ["service_delivery"]
    fault = reason(following, pair, first.consent_id, status="requested")
    assert fault == "CONSENT_TRANSITION"


def test_another_record_does_not_ask_past_a_no_by_adding_a_purpose(pair: Pair) -> None:
    whose = token_urlsafe(16)
    here = pair.origin.client
    here.record_consent(agreed(subject_id=whose, status="refused"))
    other = here.record_consent(agreed(subject_id=whose, status="refused", purposes=[]))
    change = {"status": "requested", "purposes": ["service_delivery"]}
    fault = reason(following, pair, other.consent_id, **change)
    assert fault == "CONSENT_TRANSITION"
    assert following(pair, other.consent_id, **change, asked_by="person").status == "requested"
