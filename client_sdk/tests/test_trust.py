"""The trust list: enough authorities, each once, and how fresh that knowledge is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws

from builders import AGENCIES, DAY, NOW, key, reason
from onward.core import jose, trust
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.v1.trust_pb2 import Agency, SignedTrustList, TrustAnchors
from trust_builders import anchors, listed, members, signed, stamped, trust_list, trusted

ORIGIN = AGENCIES["origin"]


def verdict(list_: SignedTrustList, by: TrustAnchors | None = None) -> str:
    """Why a list is refused; empty if it is not."""
    return reason(trust.verify, list_, by or anchors())


@pytest.mark.parametrize(
    ("signers", "threshold", "expected"),
    [
        (["ministry", "network"], 2, ""),
        (["ministry", "network", "charity"], 3, ""),
        (["ministry", "network", "stranger"], 2, ""),
        (["ministry"], 2, "TRUST_LIST_INVALID"),
        (["ministry", "ministry"], 2, "TRUST_LIST_INVALID"),
        (["ministry", "stranger"], 2, "TRUST_LIST_INVALID"),
        (["ministry", "stamper"], 2, "TRUST_LIST_INVALID"),
        ([], 1, "TRUST_LIST_INVALID"),
        ([], 0, "TRUST_LIST_INVALID"),
    ],
)
def test_enough_authorities(signers: list[str], threshold: int, expected: str) -> None:
    assert verdict(signed(trust_list(), by=signers), anchors(threshold)) == expected


def test_one_key_under_two_names_is_one_authority() -> None:
    by = anchors()
    twin = listed("ministry")
    twin.kid = "B" * 43
    by.authorities.append(twin)
    list_ = signed(trust_list(), by=["ministry"])
    header = {"alg": "ES256", "typ": jose.TRUST, "kid": "B" * 43}
    token = jws.serialize_compact(header, jose.unb64(list_.payload), key("ministry"), ["ES256"])
    protected, _, signature = token.split(".")
    list_.signatures.add(protected=protected, signature=signature)
    assert verdict(list_, by) == "TRUST_LIST_INVALID"


def test_signature_over_another_list_does_not_count() -> None:
    list_ = signed(trust_list())
    other = signed(trust_list(seq=8))
    list_.signatures[1].CopyFrom(other.signatures[1])
    assert verdict(list_) == "TRUST_LIST_INVALID"
    list_.payload = other.payload
    assert verdict(list_) == "TRUST_LIST_INVALID"


def test_signature_of_another_type_does_not_count() -> None:
    list_ = signed(trust_list(), by=["ministry"])
    token = jose.sign(jose.unb64(list_.payload), jose.STAMP, key("network"))
    protected, _, signature = token.split(".")
    list_.signatures.add(protected=protected, signature=signature)
    assert verdict(list_) == "TRUST_LIST_INVALID"


def test_list_of_another_environment() -> None:
    assert verdict(signed(trust_list(environment="live"))) == "TRUST_LIST_INVALID"
    assert verdict(signed(trust_list()), anchors(environment="live")) == "TRUST_LIST_INVALID"


def members_with(**changed: Any) -> list[Agency]:
    """Members of which the first is changed."""
    found = members()
    found[0].MergeFrom(Agency(**changed))
    return found


def renamed() -> list[Agency]:
    """Members of which one key has the name of another."""
    found = members()
    found[0].keys[0].kid = jose.kid(key("stranger"))
    return found


@pytest.mark.parametrize(
    "agencies",
    [
        [*members(), members()[0]],
        renamed(),
        members_with(keys=[listed("destination")]),
        members_with(keys=[listed("origin", "seal")]),
        members_with(country="Bangladesh"),
    ],
)
def test_members_that_do_not_hold_together(agencies: list[Agency]) -> None:
    assert verdict(signed(trust_list(agencies=agencies))) == "TRUST_LIST_INVALID"


@pytest.mark.parametrize("payload", [b"{}", b"[]", b"\xff", b'{"seq":1,"seq":2}'])
def test_payload_that_is_no_list(payload: bytes) -> None:
    assert verdict(signed(payload, fresh="")) == "TRUST_LIST_INVALID"
    assert verdict(SignedTrustList(payload="=")) == "TRUST_LIST_INVALID"


def test_list_as_long_as_the_world_is_verified() -> None:
    many = [*members()]
    for number in range(400):
        one = Agency()
        one.CopyFrom(many[0])
        one.agency = f"agency-{number}.example"
        del one.keys[:]
        one.keys.append(listed(f"agency {number}"))
        many.append(one)
    assert verdict(signed(trust_list(agencies=many))) == ""


def fresh_until(fresh: str) -> datetime | None:
    """Until when a list with this stamp is fresh."""
    return trust.verify(signed(trust_list(), fresh=fresh), anchors()).fresh_until


def test_stamp_keeps_a_list_fresh() -> None:
    payload = to_json(trust_list())
    assert fresh_until(stamped(payload)) == NOW + 2 * DAY


@pytest.mark.parametrize(
    "changed",
    [
        {"by": "ministry"},
        {"by": "stranger"},
        {"environment": "live"},
        {"seq": 6},
        {"digest": jose.sha256(b"another list")},
    ],
)
def test_stamp_that_does_not_hold_counts_as_none(changed: dict[str, Any]) -> None:
    assert fresh_until(stamped(to_json(trust_list()), **changed)) is None


@pytest.mark.parametrize("text", ["", "e30.e30.c2ln", "no stamp"])
def test_no_stamp(text: str) -> None:
    assert fresh_until(text) is None


@pytest.mark.parametrize(
    ("after", "stale"),
    [
        (timedelta(), False),
        (2 * DAY, False),
        (2 * DAY + trust.GRACE - timedelta(seconds=1), False),
        (2 * DAY + trust.GRACE, True),
        (90 * DAY, True),
    ],
)
def test_stale_after_the_grace_period(after: timedelta, stale: bool) -> None:
    assert trusted().stale(NOW + after) == stale


def test_stale_without_a_stamp_or_after_the_end_of_the_list() -> None:
    assert trust.verify(signed(trust_list(), fresh=""), anchors()).stale(NOW)
    ended = trust_list(expires_at=stamp(NOW))
    payload = to_json(ended)
    assert trust.verify(signed(ended, fresh=stamped(payload)), anchors()).stale(NOW)
    far = stamped(to_json(trust_list()), expires_at=stamp(datetime(9999, 12, 31, tzinfo=UTC)))
    assert not trust.verify(signed(trust_list(), fresh=far), anchors()).stale(NOW)


def test_keys_of_an_agency() -> None:
    now = trusted()
    kid, seal = jose.kid(key("origin")), jose.kid(key("origin seal"))
    assert jose.kid(now.signing_key(ORIGIN)(kid)) == kid  # type: ignore[arg-type]
    assert now.signing_key(ORIGIN)(seal) is None
    assert now.signing_key("other.bd.example")(kid) is None
    assert now.signing_key(AGENCIES["destination"])(kid) is None
    assert now.agency("other.bd.example") is None


def test_key_signs_in_its_time_and_verifies_ever_after() -> None:
    now, kid = trusted(), jose.kid(key("origin"))
    for days, in_use in ((-1, True), (-2, False), (88, True), (89, False)):
        assert (now.signing_key(ORIGIN, NOW + days * DAY)(kid) is not None) == in_use
    assert now.signing_key(ORIGIN)(kid) is not None


def test_content_is_sealed_to_the_newest_key_in_use() -> None:
    agencies = members()
    agencies[0].keys.append(listed("origin next", "seal", NOW))
    agencies[0].keys.append(listed("origin later", "seal", NOW + 5 * DAY))
    now = trust.verify(signed(trust_list(agencies=agencies)), anchors())
    found = [now.sealing_key(ORIGIN, NOW + days * DAY) for days in (-1, 0, 5)]
    assert [jose.kid(one) for one in found if one] == [
        jose.kid(key(name)) for name in ("origin seal", "origin next", "origin later")
    ]
    assert now.sealing_key(ORIGIN, NOW + 400 * DAY) is None
    assert now.sealing_key("other.bd.example", NOW) is None
