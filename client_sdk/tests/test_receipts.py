"""Receipts: which envelope they answer, and what passes for none."""

from __future__ import annotations

from typing import Any

import pytest

from builders import NOW, REFERRAL, digest, key, reason
from onward.core import envelopes, jose
from onward.core.clock import stamp
from onward.v1.entry_pb2 import Heads
from onward.v1.envelope_pb2 import Receipt
from test_envelopes import DESTINATION, MID, ORIGIN, find, sealed, verify


def receipt(token: str, **changed: Any) -> Receipt:
    """The destination's receipt for an envelope."""
    said: dict[str, Any] = {
        "version": "1.0",
        "mid": MID,
        "header": jose.digest(token),
        "iss": DESTINATION,
        "aud": ORIGIN,
        "referral_id": REFERRAL,
        "heads": Heads(origin={"seq": 1, "hash": digest("x")}, destination={}),
        "trust_list": 1,
        "time": stamp(NOW),
    }
    return Receipt(**said | changed)


def test_receipt_answers_its_envelope() -> None:
    envelope = sealed()
    header = verify(envelope)
    made = envelopes.sign_receipt(receipt(envelope.header), key("origin"))
    assert made.count(".") == 2
    read = envelopes.read_receipt(made, find)
    envelopes.check_receipt(read, envelope.header, header)
    # Also where somebody has turned the header's signature into its twin.
    head, _, signature = envelope.header.rpartition(".")
    other = f"{head}.{signature[::-1]}"
    envelopes.check_receipt(read, other, header)


@pytest.mark.parametrize(
    "changed",
    [{"mid": "mid-000000000002"}, {"header": digest("x")}, {"iss": ORIGIN}, {"aud": DESTINATION}],
)
def test_receipt_for_another_envelope(changed: dict[str, Any]) -> None:
    envelope = sealed()
    given_ = receipt(envelope.header, **changed)
    assert (
        reason(envelopes.check_receipt, given_, envelope.header, verify(envelope))
        == "ENTRY_INVALID"
    )


def test_receipt_of_another_version_or_type() -> None:
    good = receipt(sealed().header)
    good.version = "1.1"
    made = envelopes.sign_receipt(good, key("origin"))
    assert reason(envelopes.read_receipt, made, find) == "UNKNOWN_VERSION"
    forged = jose.sign(jose.peek(made), jose.ENTRY, key("origin"))
    assert reason(envelopes.read_receipt, forged, find) == "SIGNATURE_INVALID"
