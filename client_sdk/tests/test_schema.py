"""The schemas are sound, agree with each other, and say what the parser says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from google.protobuf.json_format import MessageToDict, MessageToJson
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given, strategies as st

from builders import profile
from onward.core import expected as rules, openapi, schema, spec
from onward.core.parse import (
    PRECEDENCE,
    Invalid,
    body_validator,
    compiled,
    load,
    parse,
    to_json,
    validate,
)
from onward.v1 import options_pb2
from strategies import messages, values

ROOT = Path(__file__).resolve().parents[2]
JSON = ROOT / "conformance_tests/onward_conformance/vectors/json"
VECTORS = sorted(JSON.glob("*.json"))
NAMES = sorted(spec.messages())
# A message inside another is drawn with that one.
OUTER = [name for name in NAMES if name.count(".") == spec.PACKAGE.count(".") + 1]
ACTS = sorted(spec.acts())
BODIES = [name for name, rpc in spec.rpcs().items() if rpc.body]
# Reasons that are found before there is a value to hold to a schema.
OF_BYTES = {"INVALID_JSON", "DUPLICATE_MEMBER", "TOO_LARGE"}

formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def _date_time(value: object) -> bool:
    # The library's own check needs another package; without one it lets everything through.
    return not isinstance(value, str) or bool(datetime.fromisoformat(value[:19]))


@cache
def slow(name: str) -> jsonschema.Draft202012Validator:
    found = schema.message_schema(spec.messages()[name])
    return jsonschema.Draft202012Validator(found, format_checker=formats)


@cache
def fast(name: str) -> jsonschema_rs.Draft202012Validator:
    return compiled(schema.message_schema(spec.messages()[name]))


def both(name: str, value: Any) -> bool:
    """The verdict of two independent validators, which must be one."""
    verdict = fast(name).is_valid(value)
    assert slow(name).is_valid(value) == verdict
    return verdict


@cache
def _bundle() -> schema.Schema:
    return schema.bundle(spec.messages().values())


def alone(found: schema.Schema) -> schema.Schema:
    """A schema without what it refers to, which the bundle has once."""
    return {name: value for name, value in found.items() if name != "$defs"}


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_sound(name: str) -> None:
    found = schema.message_schema(spec.messages()[name])
    jsonschema.Draft202012Validator.check_schema(alone(found))
    bundle = _bundle()["$defs"]
    assert all(bundle[one] == said for one, said in found.get("$defs", {}).items())


@pytest.mark.parametrize("name", BODIES)
def test_body_schema_has_no_path_field(name: str) -> None:
    rpc = spec.rpcs()[name]
    found = schema.body_schema(rpc)
    assert found is not None
    jsonschema.Draft202012Validator.check_schema(alone(found))
    assert body_validator(rpc) is not None
    in_path = {rpc.input.fields_by_name[field].json_name for field in rpc.path_fields}
    assert not in_path & {*found["properties"], *found["required"]}


def test_bundle_and_openapi_are_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(_bundle())
    document = openapi.document("1.0")
    text = json.dumps(document)
    for name, found in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(found)
        assert f'"{openapi.PREFIX}{name}"' in text, "a component that nothing refers to"
    refs = {part.split('"')[0] for part in text.split(openapi.PREFIX)[1:]}
    assert refs == set(document["components"]["schemas"])


@pytest.mark.parametrize("name", OUTER)
@profile(4)
@given(data=st.data())
def test_message_survives_json(name: str, data: st.DataObject) -> None:
    descriptor = spec.messages()[name]
    message = data.draw(messages(descriptor))
    text = MessageToJson(message)
    assert both(name, json.loads(text))
    assert parse(GetMessageClass(descriptor), text) == message
    assert parse(GetMessageClass(descriptor), to_json(message)) == message
    validate(message)


def _spoil(value: dict[str, Any], draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    """Put something that may be wrong at a random place."""
    odds: list[Any] = [None, "", "a\n", "x", 0, 1, -1, 2**32, 0.5, True, False, [], {}, ["x"]]
    place: Any = value
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = draw(st.sampled_from([*keys])) if len(keys) else "stranger"
        if key == "stranger" or not isinstance(place[key], dict | list) or draw(st.booleans()):
            break
        place = place[key]
    if isinstance(place, dict) and draw(st.booleans()):
        place.pop(key, None)
    elif isinstance(place, dict) or len(place):
        place[key] = draw(st.sampled_from(odds))


@pytest.mark.parametrize("name", OUTER)
@profile(4)
@given(data=st.data())
def test_validators_and_transports_agree_on_spoilt_messages(name: str, data: st.DataObject) -> None:
    descriptor = spec.messages()[name]
    value = data.draw(values(descriptor))
    _spoil(value, data.draw)
    verdict = both(name, value)
    made = GetMessageClass(descriptor)
    if verdict:
        message = parse(made, json.dumps(value))
        validate(made.FromString(message.SerializeToString()))
        return
    with pytest.raises(Invalid) as refused:
        parse(made, json.dumps(value))
    assert refused.value.reason in PRECEDENCE
    assert "stranger" not in refused.value.pointer + refused.value.expected
    assert re.fullmatch(spec.pattern(options_pb2.FORMAT_RULE), refused.value.expected)


@pytest.mark.parametrize(
    ("name", "value", "pointer", "expected"),
    [
        ("ConsentRecord", {"consentId": "x"}, "/ageClass", "required, string, codes age_class"),
        ("WithdrawRequest", {"write": {}, "stranger": 1}, "", "fields of WithdrawRequest"),
        ("Problem", {"reason": "REASON_GAP", "expected": "\u0000"}, "/expected", "string, min"),
        ("DeliverResult", {"receipt": "e30.e30.c2ln", "problem": {"reason": "REASON_GAP"}}, "",
         "only one of receipt, problem"),
        ("Problem", {"reason": "x"}, "/reason", "required, string, enum Reason"),
        ("Kept", {"category": "x"}, "/category", "required, string, format category"),
        ("Withdrawal", {"categories": "x"}, "/categories", "array"),
        ("Withdrawal", {"categories": [3]}, "/categories/0", "string, format category"),
    ],
    ids=lambda one: str(one)[:30],
)  # fmt: skip
def test_a_refusal_says_what_is_expected_there(
    name: str, value: dict[str, Any], pointer: str, expected: str
) -> None:
    made = GetMessageClass(spec.messages()[f"{spec.PACKAGE}.{name}"])
    with pytest.raises(Invalid) as refused:
        parse(made, json.dumps(value))
    assert refused.value.pointer == pointer
    assert refused.value.expected.startswith(expected)


def test_every_rule_can_be_told() -> None:
    """In one line of printable letters, for each field and each of its items."""
    for descriptor in spec.messages().values():
        for field in descriptor.fields:
            path = (field.json_name, 0) if spec.repeated(field) else (field.json_name,)
            for place in {path, path[:1]}:
                told = rules.at(descriptor, place)
                assert re.fullmatch(spec.pattern(options_pb2.FORMAT_RULE), told), field.full_name


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    name = f"{spec.PACKAGE}.{vector['message']}"
    made = GetMessageClass(spec.messages()[name])
    reason = vector.get("reason")
    assert vector["why"]
    assert vector["valid"] == (reason is None)
    if reason not in OF_BYTES:
        assert both(name, load(vector["text"])) == vector["valid"]
    if vector["valid"]:
        message = parse(made, vector["text"])
        validate(message)
        assert parse(made, to_json(message)) == message
        return
    with pytest.raises(Invalid) as refused:
        parse(made, vector["text"])
    assert refused.value.reason == reason
    assert refused.value.pointer == vector.get("pointer", refused.value.pointer)


@pytest.mark.parametrize("kind", ACTS)
def test_entry_carries_only_what_its_act_carries(kind: str) -> None:
    entry = GetMessageClass(spec.messages()[f"{spec.PACKAGE}.Entry"])
    base = json.loads((JSON / "entry-valid.json").read_text())
    fields = spec.act_fields(kind)
    needed = {field: EXAMPLES[field] for field in fields.required}
    value = json.loads(base["text"]) | {"kind": kind}
    for name in spec.state_fields():
        value.pop(spec_json(name), None)
    value |= {spec_json(name): example for name, example in needed.items()}
    message = parse(entry, json.dumps(value))
    for name in spec.state_fields():
        other = value | {spec_json(name): EXAMPLES[name]}
        if name in fields.carried:
            parse(entry, json.dumps(other))
        else:
            with pytest.raises(Invalid, match=f"INVALID_FIELD at /{spec_json(name)}"):
                parse(entry, json.dumps(other))
    for name in fields.required:
        message.ClearField(name)
        with pytest.raises(Invalid) as refused:
            validate(message)
        assert refused.value.reason == "INVALID_FIELD"


DIGEST = "A" * 43
EXAMPLES: dict[str, Any] = {
    "certificate": {
        "withdrawal": DIGEST,
        "destroyedAt": "2026-01-01T00:00:00Z",
        "copiesUntil": "2026-02-01T00:00:00Z",
    },
    "confirms": DIGEST,
    "follow_up": spec.registries()["follow_up_kind"].allowed()[0],
    "items": [{"number": 1}],
    "opened": [DIGEST],
    "respond_by": "2026-03-01T00:00:00Z",
    "milestone": {"code": "travel_plan", "state": "requested"},
    "alert": "missing",
    "complaint": "abuse",
    "forward_to": "clinic.ngo.in.example",
    "question": {"codes": ["arrival"]},
    "answers": DIGEST,
    "pause_reason": "childcare",
    "cancel_reason": "sent_twice",
    "corrects": [DIGEST],
    "resumes": "a-knock-00000001",
    "withdrawal": {"everything": True},
}


def spec_json(name: str) -> str:
    """The JSON name of a field of Entry."""
    field = spec.messages()[f"{spec.PACKAGE}.Entry"].fields_by_name[name]
    return str(field.json_name)


def test_binary_with_an_unknown_field_is_refused_at_any_depth() -> None:
    heads = GetMessageClass(spec.messages()[f"{spec.PACKAGE}.Heads"])
    # origin (1), holding field 99 = 1, and an empty destination (2).
    message = heads.FromString(bytes([0x0A, 3, 0x98, 0x06, 1, 0x12, 0]))
    with pytest.raises(Invalid) as refused:
        validate(message)
    assert (refused.value.reason, refused.value.pointer) == ("UNKNOWN_FIELD", "/origin")
    assert "98" not in json.dumps(MessageToDict(message))


def test_bytes_that_are_not_strict_json() -> None:
    for raw in (b'{"a":"\xff"}', b"\xef\xbb\xbf{}", "\ud800", b"", b"{}{}", b"[" * 100_000):
        with pytest.raises(Invalid, match="INVALID_JSON"):
            load(raw)
    with pytest.raises(Invalid, match="TOO_LARGE"):
        load(b" " * 11, max_bytes=10)
    assert load('"\\ud83d\\ude00"') == "\U0001f600"


def test_every_proto_file_is_read() -> None:
    folder = {f"onward/v1/{path.name}" for path in (ROOT / "proto/onward/v1").glob("*.proto")}
    assert {file.name for file in spec.files()} == folder


def test_generated_files_are_current() -> None:
    command = [sys.executable, str(ROOT / "proto/generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
