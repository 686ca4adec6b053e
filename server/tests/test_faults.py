"""Bad input and faults: one reason each, the same on both transports, and nothing stored."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from fault_node import Node, serving
from hostile import MALLORY, Case
from nodes import reason
from onward.auth import ClientCredentials, scopes_of
from onward.client import Client
from onward.core import jose, spec
from onward.core.clock import stamp
from onward.v1.categories_pb2 import Language, Name
from onward.v1.entry_pb2 import Item, Withdrawal
from onward.v1.envelope_pb2 import Envelope
from onward.v1.errors_pb2 import Reason
from onward.v1.local_pb2 import PreviewRequest
from onward_server.demo.world import Site
from people import agreed, record, wishes

PREVIEW = spec.rpcs()["onward.v1.Referrals.Preview"]
TRANSPORTS = ["rest", "grpc"]
LATER = timedelta(hours=1)
EVERYTHING = Withdrawal(everything=True)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with serving(tmp_path_factory.mktemp("faults")) as made:
        yield made


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(node: Node, transport: str) -> Iterator[Client]:
    made = node.site.client(transport, "u-17")  # type: ignore[arg-type]
    yield made
    made.disconnect()


def token(site: Site) -> str:
    """An access token of the agency's own software."""
    credentials = ClientCredentials(
        client_id="case-management", key=site.client_key, issuer=site.issuer,
        scopes=sorted(scopes_of("caseworker")),
    )  # fmt: skip
    asked = credentials.request()
    answer = httpx.post(asked.url, content=asked.content, headers=asked.headers)
    return str(answer.json()["access_token"])


def preview() -> dict[str, Any]:
    """The body of a call that only reads."""
    return {
        "destination": "shelter.ngo.in.example", "purpose": "service_delivery",
        "record": {"name": {"firstName": "Sample"}},
    }  # fmt: skip


def post(node: Node, body: bytes) -> str:
    headers = {"authorization": f"Bearer {token(node.site)}", "content-type": "application/json"}
    answer = httpx.post(f"{node.site.issuer}/v1/referrals:preview", content=body, headers=headers)
    assert answer.status_code == spec.reasons()[answer.json()["reason"]].http
    return str(answer.json()["reason"])


BAD_JSON = {
    "unknown code": ("UNKNOWN_CODE", {"purpose": "no_such_purpose"}),
    "forbidden code": ("FORBIDDEN_CODE", {"purpose": "marketing"}),
    "unknown field": ("UNKNOWN_FIELD", {"surname": "x"}),
    "snake case": ("UNKNOWN_FIELD", {"record": {"name": {"first_name": "Sample"}}}),
    "bad value": ("INVALID_FIELD", {"record": {"dateOfBirth": {"date": "yesterday"}}}),
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_bad_json(node: Node, name: str) -> None:
    expected, change = BAD_JSON[name]
    before = node.rows()
    assert post(node, json.dumps({**preview(), **change}).encode()) == expected
    assert node.rows() == before


def test_bytes_that_two_readers_would_take_differently(node: Node) -> None:
    good = json.dumps(preview())
    twice = good[:-1] + ', "purpose": "legal_aid"}'
    assert post(node, twice.encode()) == "DUPLICATE_MEMBER"
    assert post(node, good.encode("utf-16")) == "INVALID_JSON"


def good_preview() -> PreviewRequest:
    return PreviewRequest(
        destination="shelter.ngo.in.example", purpose="service_delivery", record=record()
    )


def _unknown_field(request: PreviewRequest) -> None:
    request.record.name.MergeFromString(b"\xd2\x0f\x01x")  # Field 250, a string.


CHANGES: dict[str, tuple[str, Callable[[PreviewRequest], None]]] = {
    "unknown code": ("UNKNOWN_CODE", lambda r: setattr(r, "purpose", "no_such_purpose")),
    "forbidden code": ("FORBIDDEN_CODE", lambda r: setattr(r, "purpose", "marketing")),
    "unknown field": ("UNKNOWN_FIELD", _unknown_field),
    "bad value": ("INVALID_FIELD", lambda r: setattr(r.record.date_of_birth, "date", "x")),
    "too large": ("TOO_LARGE", lambda r: setattr(r.record.name, "first_name", "x" * 4_194_304)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_bad_binary_has_the_same_reasons(node: Node, name: str) -> None:
    expected, change = CHANGES[name]
    request = good_preview()
    change(request)
    before = node.rows()
    call = node.transports["grpc"].call
    assert reason(call, PREVIEW, request, token=token(node.site), timeout=20) == expected
    assert node.rows() == before


def test_a_body_that_is_too_large(node: Node) -> None:
    assert post(node, b"x" * (4 * 1024 * 1024 + 1)) == "TOO_LARGE"


def _broken(case: Case) -> Envelope:
    made = case.envelope(case.offer())
    head, payload, signature = made.header.split(".")
    made.header = f"{head}.{payload}.{signature[:-4]}AAAA"
    return made


def _foreign_entry(case: Case) -> Envelope:
    """An entry that somebody else has signed."""
    signer = case.peer.signing
    case.peer.signing = jose.new_key()
    entry = case.offer()
    case.peer.signing = signer
    return case.envelope(entry)


def _later(case: Case, by: timedelta) -> Any:
    return stamp(datetime.now(UTC) + by)


ENVELOPES: dict[str, tuple[str, Callable[[Case], Envelope]]] = {
    "broken signature": ("SIGNATURE_INVALID", _broken),
    "entry signed by another": ("SIGNATURE_INVALID", _foreign_entry),
    "wrong version": ("UNKNOWN_VERSION", lambda c: c.envelope(c.offer(), version="9.0")),
    "wrong version of an entry": (
        "UNKNOWN_VERSION", lambda c: c.envelope(c.write("offer", version="9.0", items=wishes()))),
    "wrong environment": ("WRONG_ENVIRONMENT", lambda c: c.envelope(c.offer(), environment="live")),
    "wrong recipient": (
        "WRONG_RECIPIENT", lambda c: c.envelope(c.offer(), aud="shelter.ngo.in.example")),
    "sealed for another": (
        "SEAL_INVALID", lambda c: c.envelope(c.offer(), sealed_for="shelter.ngo.in.example")),
    "other bytes than the header says": (
        "SEAL_INVALID", lambda c: c.envelope(c.offer(), digest=jose.sha256(b"other"))),
    "expired": ("ENVELOPE_EXPIRED", lambda c: c.envelope(c.offer(), exp=_later(c, -LATER))),
    "not yet come": ("ENVELOPE_EXPIRED", lambda c: c.envelope(c.offer(), iat=_later(c, LATER))),
    "unknown agency": ("AGENCY_UNKNOWN", lambda c: c.envelope(c.offer(), iss="nobody.example")),
    "no offer first": (
        "ENTRY_INVALID", lambda c: c.envelope(c.write("close"))),
    "an unknown act": ("UNKNOWN_CODE", lambda c: c.envelope(c.write("no_such_act"))),
    "a field of another act": (
        "INVALID_FIELD",
        lambda c: c.envelope(c.write("offer", items=wishes(), withdrawal=EVERYTHING))),
    "in another's name": (
        "ENTRY_INVALID",
        lambda c: c.envelope(c.write("offer", items=wishes(), author="shelter.ngo.in.example"))),
    "of another referral": (
        "ENTRY_INVALID",
        lambda c: c.envelope(c.write("offer", items=wishes(), referral_id="another-01"))),
}  # fmt: skip


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_that_is_wrong(node: Node, transport: str, name: str) -> None:
    expected, make = ENVELOPES[name]
    before = node.rows()
    assert node.refusal(transport, make(node.peer.case(node.entry))) == expected
    assert node.rows() == before


def test_one_bad_envelope_does_not_hold_back_another(node: Node, transport: str) -> None:
    bad, good = node.peer.case(node.entry), node.peer.case(node.entry)
    results = node.deliver(transport, _broken(bad), good.envelope(good.offer()))
    assert [bool(one.receipt) for one in results] == [False, True]


def test_replayed(node: Node, transport: str) -> None:
    """The same bytes get the same receipt; other bytes under the same id are refused."""
    case = node.peer.case(node.entry)
    offer, mid = case.offer(), secrets.token_urlsafe(16)
    envelope = case.envelope(offer, mid=mid)
    (one,) = node.deliver(transport, envelope)
    before = node.rows()
    (two,) = node.deliver(transport, envelope)
    assert one.receipt == two.receipt != ""
    assert node.refusal(transport, case.envelope(offer, mid=mid)) == "MESSAGE_ID_REUSED"
    assert node.rows() == before


def test_gap_and_fork(node: Node, transport: str) -> None:
    case = node.case(transport)
    skipped, second = case.write("handover"), case.write("close")
    before = node.rows()
    (result,) = node.deliver(transport, case.envelope(second))
    assert result.problem.reason == Reason.Value("REASON_GAP")
    assert result.problem.heads.origin.seq == 1
    assert node.rows() == before
    unseen = node.peer.case(node.entry)
    assert node.refusal(transport, unseen.envelope(case.write("close"))) == "ENTRY_INVALID"
    unseen.offer()
    assert node.refusal(transport, unseen.envelope(unseen.write("close"))) == "GAP"
    assert node.rows() == before
    assert node.refusal(transport, case.envelope(skipped, second)) == ""
    del case.log[1:]
    assert node.refusal(transport, case.envelope(case.write("close"))) == "FORK"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("acknowledge", {}),
        ("decide", {"items": [Item(number=1, state="accepted")]}),
        ("disclose", {}),
    ],
)
def test_a_peers_forbidden_act_stands_as_disallowed(
    node: Node, transport: str, client: Client, kind: str, fields: dict[str, Any]
) -> None:
    """By the wrong side, or too early: it is stored, changes nothing, and its parts are refused."""
    case = node.case(transport)
    before, seen = node.rows(), client.get_referral(case.referral_id)
    grant = case.grant("name")
    token = case.write(
        kind, content=[grant, Name(first_name="Sample")], grant_id=grant.grant_id, **fields
    )
    (result,) = node.deliver(transport, case.envelope(token))
    assert result.receipt
    after, now = node.rows(), client.get_referral(case.referral_id)
    assert after["entries"] == before["entries"] + 1
    assert (now.phase, now.items) == (seen.phase, seen.items)
    assert client.list_entries(case.referral_id)[-1].outcome == "disallowed"
    assert {part.refusal for part in now.parts} == {"disallowed"}
    assert not any(part.readable for part in now.parts)
    assert "disallowed_entry" in [one.code for one in now.needs_human]


def test_parts_beyond_what_was_agreed(node: Node, transport: str, client: Client) -> None:
    """Each is refused alone, and the log goes on."""
    case = node.case(transport)
    client.get_referral(case.referral_id)
    client.acknowledge(case.referral_id)
    client.decide(case.referral_id, [Item(number=1, state="accepted")])
    theirs = [e for e in client.list_entries(case.referral_id) if e.entry.author != MALLORY]
    seen = {"seq": len(theirs), "hash": theirs[-1].hash}
    grant = case.grant("language")
    content = [grant, Name(first_name="Sample"), Language(primary="bn")]
    token = case.write("disclose", content=content, grant_id=grant.grant_id)
    case.log[-1].entry.seen.CopyFrom(type(case.log[-1].entry.seen)(**seen))
    entry = case.log.pop().entry
    case.tokens.pop()
    token = case.write("disclose", content=content, grant_id=grant.grant_id, seen=entry.seen)
    (result,) = node.deliver(transport, case.envelope(token))
    receipt = json.loads(jose.peek(result.receipt))
    refused = {part.digest for part in client.get_referral(case.referral_id).parts if part.refusal}
    assert [one["reason"] for one in receipt["refused"]] == ["beyond_grant"]
    assert refused == set(), "the fold learns it from this node's next entry"
    opened = client.open(case.referral_id)
    assert opened.record.language.primary == "bn"
    assert not opened.record.HasField("name")
    states = {p.category: (p.state, p.refusal) for p in opened.recorded.referral.parts}
    assert states["name"] == ("refused", "beyond_grant")
    assert states["language"] == ("opened", "")


def test_local_acts_that_are_not_allowed_leave_nothing(
    node: Node, transport: str, client: Client
) -> None:
    consent = client.record_consent(agreed()).consent_id
    sent = client.offer(
        destination="shelter.ngo.in.example", consent_id=consent, items=wishes(), record=record()
    )
    mine = sent.referral.referral_id
    theirs = node.case(transport).referral_id
    ended = client.record_consent(
        agreed(valid_until=stamp(datetime.now(UTC) - timedelta(minutes=1)))
    ).consent_id
    before = node.rows()
    offer = {"destination": "shelter.ngo.in.example", "items": wishes(), "record": record()}
    given = {"consent_id": consent, "record": record()}
    for expected, work in {
        "wrong side": ("STATE_CONFLICT", lambda: client.acknowledge(mine)),
        "too early": ("STATE_CONFLICT", lambda: client.disclose(mine, **given)),
        "not theirs": ("STATE_CONFLICT", lambda: client.close(theirs)),
        "no such item": ("STATE_CONFLICT", lambda: client.progress(theirs, wishes())),
        "expired consent": ("CONSENT_EXPIRED", lambda: client.offer(consent_id=ended, **offer)),
        "no consent": ("CONSENT_MISSING", lambda: client.offer(consent_id="unknown-01", **offer)),
    }.values():
        assert reason(work) == expected
    assert node.rows() == before
