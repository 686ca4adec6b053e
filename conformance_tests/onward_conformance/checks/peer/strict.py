"""How strictly the target reads JSON: what is sealed, and the entries in it."""

from __future__ import annotations

import json

from onward_conformance.check import Bench, check
from onward_conformance.jose import compact, sign
from onward_conformance.network import Json
from onward_conformance.referral import Referral
from onward_conformance.results import Failed

FIRST = b'{"bundle":{"referralId":"'


def _content(bench: Bench) -> tuple[Referral, bytes]:
    """A good offer as it is sealed."""
    referral = bench.referral()
    token, parts = referral.offer()
    return referral, compact(referral.bundle([token], parts))


def _refused(bench: Bench, reason: str, old: bytes, new: bytes) -> None:
    """The content with one place changed must be refused with this reason."""
    referral, content = _content(bench)
    assert old in content
    bench.refused(referral.envelope(content.replace(old, new, 1)), reason)


@check("JSON-002", negative=True)
def byte_order_mark(bench: Bench) -> None:
    """The text begins with a byte order mark."""
    _refused(bench, "INVALID_JSON", b'{"bundle"', b'\xef\xbb\xbf{"bundle"')


@check("JSON-002", negative=True)
def text_that_is_not_utf8(bench: Bench) -> None:
    """A byte that no UTF-8 has."""
    _refused(bench, "INVALID_JSON", b'"bundle"', b'"bundl\xff"')


@check("JSON-002", negative=True)
def two_values(bench: Bench) -> None:
    """Something stands behind the value."""
    referral, content = _content(bench)
    bench.refused(referral.envelope(content + b"{}"), "INVALID_JSON")


@check("JSON-002", negative=True)
def text_that_was_cut(bench: Bench) -> None:
    """The end is missing."""
    referral, content = _content(bench)
    bench.refused(referral.envelope(content[:-1]), "INVALID_JSON")


@check("JSON-002", negative=True)
def comma_at_the_end(bench: Bench) -> None:
    """A comma behind the last member, as some readers take it."""
    referral, content = _content(bench)
    bench.refused(referral.envelope(content[:-1] + b",}"), "INVALID_JSON")


@check("JSON-003", negative=True)
def not_a_number(bench: Bench) -> None:
    """NaN and Infinity are no JSON."""
    _refused(bench, "INVALID_JSON", b'{"bundle"', b'{"x":NaN,"bundle"')
    _refused(bench, "INVALID_JSON", b'{"bundle"', b'{"x":-Infinity,"bundle"')


@check("JSON-003", negative=True)
def number_that_no_double_holds(bench: Bench) -> None:
    """A number of four hundred digits' size."""
    _refused(bench, "INVALID_JSON", b'{"bundle"', b'{"x":1e400,"bundle"')


@check("JSON-004", negative=True)
def half_a_surrogate_pair(bench: Bench) -> None:
    """Half a pair, escaped, in a value and in a name."""
    _refused(bench, "INVALID_JSON", FIRST, FIRST + b"\\ud800")
    _refused(bench, "INVALID_JSON", b'{"bundle"', b'{"\\uD83d":1,"bundle"')


@check("JSON-005", negative=True)
def too_many_levels(bench: Bench) -> None:
    """More than 32 levels of lists."""
    deep = b'{"x":' + b"[" * 40 + b"]" * 40 + b',"bundle"'
    _refused(bench, "INVALID_JSON", b'{"bundle"', deep)


@check("JSON-006", negative=True)
def member_twice(bench: Bench) -> None:
    """One name twice in one object."""
    _refused(bench, "DUPLICATE_MEMBER", b'"entries"', b'"entries":[],"entries"')


@check("JSON-006", negative=True)
def member_twice_in_disguise(bench: Bench) -> None:
    """One name twice, of which one is escaped."""
    _refused(bench, "DUPLICATE_MEMBER", b'"entries"', b'"\\u0065ntries":[],"entries"')


@check("JSON-010", negative=True)
def member_that_nobody_knows(bench: Bench) -> None:
    """A member that the message does not define, also where it is null."""
    _refused(bench, "UNKNOWN_FIELD", b'"entries"', b'"stranger":1,"entries"')
    _refused(bench, "UNKNOWN_FIELD", b'"entries"', b'"stranger":null,"entries"')


@check("JSON-010", negative=True)
def name_in_snake_case(bench: Bench) -> None:
    """As protobuf writes names, and JSON does not."""
    _refused(bench, "UNKNOWN_FIELD", b'"referralId"', b'"referral_id"')


@check("JSON-011", negative=True)
def null_in_place_of_a_value(bench: Bench) -> None:
    """Null is no value."""
    referral = bench.referral()
    token, _ = referral.offer()
    content = compact(referral.bundle([token])).replace(b'"entries"', b'"parts":null,"entries"', 1)
    bench.refused(referral.envelope(content), "INVALID_FIELD")


@check("JSON-016", negative=True)
def more_entries_than_an_envelope_holds(bench: Bench) -> None:
    """65 entries."""
    referral = bench.referral()
    token, _ = referral.offer()
    bench.refused(referral.envelope(referral.bundle([token] * 65)), "INVALID_FIELD")


@check("JSON-017", negative=True)
def two_of_one_choice(bench: Bench) -> None:
    """A sealed message holds a bundle or a knock, and not both."""
    knock = b',"knock":{"knockId":"AAAAAAAAAAAAAAAAAAAAAA","time":"2026-01-01T00:00:00Z"}}'
    referral, content = _content(bench)
    bench.refused(referral.envelope(content[:-1] + knock), "INVALID_FIELD")


@check("JSON-030", "KEY-010")
def spaces_are_kept(bench: Bench) -> None:
    """Signed text with spaces and in another order is verified as it came."""
    referral = bench.referral()
    entry = referral.entry("offer", items=[{"number": 1, "wish": "now"}])
    text = json.dumps(dict(reversed(entry.items())), indent=3).encode()
    token = sign(text, "onward-entry+jws", referral.author.sign)
    referral.log.append(token)
    said = bench.taken(referral.envelope(referral.bundle([token])))
    bench.head(said, 1)


def _entry(bench: Bench, old: str, new: str) -> tuple[Referral, Json]:
    """A bundle with one entry in whose text one place is changed."""
    referral = bench.referral()
    entry = referral.entry("offer", items=[{"number": 1, "wish": "now"}])
    text = compact(entry).decode()
    assert old in text
    changed = text.replace(old, new, 1).encode()
    token = sign(changed, "onward-entry+jws", referral.author.sign)
    return referral, referral.bundle([token])


def _entry_refused(bench: Bench, reason: str, old: str, new: str, *, by: str = "") -> None:
    referral, bundle = _entry(bench, old, new)
    bench.refused(referral.envelope(bundle), reason, by=by)


@check("JSON-012", negative=True)
def number_as_text(bench: Bench) -> None:
    """A number in quotes, and a text without."""
    _entry_refused(bench, "INVALID_FIELD", '"seq":1', '"seq":"1"')
    _entry_refused(bench, "INVALID_FIELD", '"version":"1.0"', '"version":1.0')


@check("JSON-013", negative=True)
def required_and_empty(bench: Bench) -> None:
    """A required field that is zero, empty or absent."""
    _entry_refused(bench, "INVALID_FIELD", '"round":1', '"round":0')
    _entry_refused(bench, "INVALID_FIELD", '"kind":"offer"', '"kind":""')
    _entry_refused(bench, "INVALID_FIELD", '"round":1,', "")


@check("JSON-014", negative=True)
def line_break_behind_an_id(bench: Bench) -> None:
    """Patterns hold for the whole text."""
    referral = bench.referral()
    token, parts = referral.offer()
    bundle = referral.bundle([token], parts)
    bundle["bundle"]["referralId"] += "\n"
    bench.refused(referral.envelope(bundle), "INVALID_FIELD")


@check("JSON-015", negative=True)
def times_that_are_none(bench: Bench) -> None:
    """An offset, small letters, ten digits of a second, and a day that no calendar has."""
    referral = bench.referral()
    right = f'"time":"{referral.entry("offer")["time"]}"'
    year = right[8:12]
    for wrong in (
        f"{year}-01-01T00:00:00+00:00", f"{year}-01-01t00:00:00z",
        f"{year}-01-01T00:00:00.1234567891Z", f"{year}-02-30T00:00:00Z",
    ):  # fmt: skip
        entry = referral.entry("offer", items=[{"number": 1, "wish": "now"}], time=wrong)
        token = referral.signed(entry)
        bench.refused(referral.envelope(referral.bundle([token])), "INVALID_FIELD")


@check("JSON-019")
def integer_with_a_fraction_of_zero(bench: Bench) -> None:
    """JSON does not tell 1, 1.0 and 1e0 apart."""
    referral, bundle = _entry(bench, '"seq":1', '"seq":1.0')
    bench.taken(referral.envelope(bundle))
    referral, bundle = _entry(bench, '"round":1', '"round":1e0')
    bench.taken(referral.envelope(bundle))


@check("CODE-001", "CODE-003", "CODE-005", negative=True)
def code_that_nobody_knows(bench: Bench) -> None:
    """An unknown code is an error, and never the nearest one."""
    _entry_refused(bench, "UNKNOWN_CODE", '"wish":"now"', '"wish":"right_now"')
    _entry_refused(bench, "UNKNOWN_CODE", '"wish":"now"', '"wish":"NOW"')


@check("JSON-020", "CODE-001", negative=True)
def first_of_several_faults(bench: Bench) -> None:
    """An unknown code, and a number in quotes: the code is answered."""
    _entry_refused(bench, "UNKNOWN_CODE", '"wish":"now"', '"wish":"right_now"', by="CODE-001")
    referral, bundle = _entry(bench, '"wish":"now"', '"wish":"right_now","notBefore":7')
    bench.refused(referral.envelope(bundle), "UNKNOWN_CODE")


@check("VER-011", "CODE-001", negative=True)
def act_that_nobody_knows(bench: Bench) -> None:
    """An entry of an act that this version does not have."""
    _entry_refused(bench, "UNKNOWN_CODE", '"kind":"offer"', '"kind":"merge"')


@check("ENT-001", "DLV-046", negative=True)
def state_that_an_act_does_not_carry(bench: Bench) -> None:
    """An offer that raises an alert."""
    referral = bench.referral()
    items = [{"number": 1, "wish": "now"}]
    token = referral.signed(referral.entry("offer", items=items, alert="missing"))
    answer = bench.refused(referral.envelope(referral.bundle([token])))
    if answer.reason not in ("INVALID_FIELD", "UNKNOWN_FIELD", "ENTRY_INVALID"):
        raise Failed("a fault in the entry's form", answer.reason)


@check("ENT-002", negative=True)
def state_that_an_act_requires(bench: Bench) -> None:
    """An offer without items."""
    referral = bench.referral()
    token = referral.signed(referral.entry("offer"))
    answer = bench.refused(referral.envelope(referral.bundle([token])))
    if answer.reason not in ("INVALID_FIELD", "ENTRY_INVALID"):
        raise Failed("a fault in the entry's form", answer.reason)
