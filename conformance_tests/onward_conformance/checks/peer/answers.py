"""How the target answers what it refuses as a whole, over each transport."""

from __future__ import annotations

from typing import Any

from onward.v1 import errors_pb2, options_pb2
from onward_conformance.check import Bench, check
from onward_conformance.jose import compact
from onward_conformance.network import Json
from onward_conformance.results import Failed, spelled

TYPES = "https://onward.example/errors/"
CANARY = "zzCanaryzz"


def _said(reason: str) -> Any:
    """What the specification says of a reason."""
    value = errors_pb2.Reason.DESCRIPTOR.values_by_name[f"REASON_{reason}"]
    options: Any = value.GetOptions()
    return options.Extensions[options_pb2.reason]


def _body(bench: Bench) -> bytes:
    """A good request to deliver one envelope."""
    referral = bench.referral()
    token, parts = referral.offer()
    made = referral.envelope(referral.bundle([token], parts)).made()
    return compact({"envelopes": [made]})


def _problem(bench: Bench, body: bytes, reason: str, *, by: str = "") -> Json:
    answer = bench.wire.ask("Deliver", body)
    if answer.reason != reason:
        raise Failed(reason, str(answer), by=by)
    return answer.problem or {}


@check("ERR-001", "ERR-002", "ERR-004", "ERR-006", way="rest", negative=True)
def problem_details(bench: Bench) -> None:
    """A body that is no JSON is answered by problem details with the reason's own words."""
    found = _problem(bench, b"{", "INVALID_JSON", by="JSON-002")
    rule = _said("INVALID_JSON")
    if found.get("_type") != "application/problem+json":
        raise Failed("application/problem+json", found.get("_type"))
    if (found.get("_status"), found.get("status")) != (rule.http, rule.http):
        raise Failed(
            f"status {rule.http}",
            f"{spelled(found.get('_status'))}, {spelled(found.get('status'))}",
        )
    if found.get("type") != f"{TYPES}invalid-json":
        raise Failed(f"{TYPES}invalid-json", found.get("type"), by="ERR-002")
    if found.get("title") != rule.text:
        raise Failed(rule.text, found.get("title"), by="ERR-004")


@check("ERR-005", "JSON-022", "JSON-023", way="rest", negative=True)
def error_repeats_no_name(bench: Bench) -> None:
    """A name that the caller chose does not come back; the pointer names what holds it."""
    body = _body(bench).replace(b'"sealed"', f'"{CANARY}":"{CANARY}","sealed"'.encode(), 1)
    found = _problem(bench, body, "UNKNOWN_FIELD", by="JSON-010")
    if CANARY in f"{found}":
        raise Failed("an error without the caller's own words", found)
    if found.get("pointer") != "/envelopes/0":
        raise Failed("/envelopes/0", found.get("pointer"), by="JSON-023")


@check("JSON-021", "JSON-022", way="rest", negative=True)
def pointer_to_the_first_fault(bench: Bench) -> None:
    """Two faults of one reason: the pointer that comes first is answered."""
    body = b'{"envelopes":[{"header":1,"sealed":1},{"header":"a.b.c","sealed":2}]}'
    found = _problem(bench, body, "INVALID_FIELD")
    if found.get("pointer") != "/envelopes/0/header":
        raise Failed("/envelopes/0/header", found.get("pointer"))


@check("JSON-023", way="rest", negative=True)
def pointer_to_what_is_absent(bench: Bench) -> None:
    """A required member is absent: the pointer names where it would stand."""
    found = _problem(bench, b'{"envelopes":[{"header":"a.b.c"}]}', "INVALID_FIELD")
    if found.get("pointer") != "/envelopes/0/sealed":
        raise Failed("/envelopes/0/sealed", found.get("pointer"))


@check("JSON-006", way="rest", negative=True)
def member_twice_in_a_body(bench: Bench) -> None:
    """The request itself is read as strictly as what is sealed."""
    body = _body(bench)
    _problem(bench, body[:-1] + b',"envelopes":[]}', "DUPLICATE_MEMBER")


@check("JSON-016", negative=True)
def more_envelopes_than_a_call_takes(bench: Bench) -> None:
    """65 envelopes in one call, and none."""
    made = {"header": "a.b.c", "sealed": "a..b.c.d"}
    for many in (65, 0):
        answer = bench.wire.ask("Deliver", {"envelopes": [made] * many})
        if answer.reason != "INVALID_FIELD":
            raise Failed("INVALID_FIELD", str(answer))


@check("JSON-001", way="rest", negative=True)
def body_that_is_too_large(bench: Bench) -> None:
    """More than 4 MiB."""
    found = _problem(bench, b" " * (4 * 1024 * 1024 + 1), "TOO_LARGE")
    if found.get("_status") != _said("TOO_LARGE").http:
        raise Failed(f"status {_said('TOO_LARGE').http}", found.get("_status"), by="ERR-001")


@check("ERR-003", "ERR-006", way="grpc", negative=True)
def status_with_details(bench: Bench) -> None:
    """A request that breaks the schema is answered by a status with ErrorInfo and Problem."""
    answer = bench.wire.ask("Deliver", {"envelopes": []})
    found = answer.problem or {}
    if found.get("_info") != ("INVALID_FIELD", "onward.v1"):
        raise Failed("an ErrorInfo with INVALID_FIELD of onward.v1", found.get("_info"))
    if found.get("_status") != _said("INVALID_FIELD").grpc:
        raise Failed(_said("INVALID_FIELD").grpc, found.get("_status"))


@check("JSON-024", way="grpc", negative=True)
def field_number_that_nobody_knows(bench: Bench) -> None:
    """Binary with a field that the message does not define."""
    # Field 15, a varint of 1.
    answer = bench.wire.ask("Deliver", b"\x78\x01")
    if answer.reason != "UNKNOWN_FIELD":
        raise Failed("UNKNOWN_FIELD", str(answer))
