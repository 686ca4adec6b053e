"""Reading one cell as the value of one field. Nothing is guessed, and nothing substituted.

A value that a field cannot take raises BadCell, whose text never holds the value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from onward.core import schema, spec
from onward.importers import codes, languages
from onward.importers.countries import COUNTRIES
from onward.importers.model import BadCell
from onward.importers.table import BLANKS, Fault
from onward.v1 import options_pb2

Warn = Callable[[str], None]

PADDED = "a blank before or after a code was taken off"
YEARS = range(1900, 2101)
EXACT = 10**15
"""Excel keeps fifteen digits of a number, and makes zeros of the others."""

TRUE = frozenset({"true", "yes", "1"})
FALSE = frozenset({"false", "no", "0"})


def text(value: object) -> str:
    """A cell as text, as it was typed. Raises BadCell where a spreadsheet has changed it."""
    if isinstance(value, Fault):
        raise BadCell(value.why, value.fix)
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadCell(
            "the spreadsheet holds a date, a time or a tick where text is expected",
            "Format the column as text and enter the value again",
        )
    if not math.isfinite(value) or abs(value) >= EXACT:
        raise BadCell(
            "the spreadsheet holds a number so long that digits are lost",
            "Format the column as text and enter the value again",
        )
    return str(int(value)) if value == int(value) else str(value)


def yes(value: object) -> bool | None:
    """TRUE and FALSE, as a spreadsheet's own value or as text; None for neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        small = str(value).strip(BLANKS).lower()
        return True if small in TRUE else False if small in FALSE else None
    return None


def _boolean(value: object) -> bool:
    if isinstance(value, Fault):
        raise BadCell(value.why, value.fix)
    found = yes(value)
    if found is None:
        raise BadCell("the value is neither TRUE nor FALSE", "Write TRUE or FALSE")
    return found


def _number(field: FieldDescriptor, value: object) -> int:
    bare = text(value).strip(BLANKS)
    rule = spec.rule(field)
    if re.fullmatch(r"[0-9]{1,9}", bare, re.ASCII):
        number = int(bare)
        if rule.minimum <= number and (not rule.maximum or number <= rule.maximum):
            return number
    limit = f" to {rule.maximum}" if rule.maximum else ""
    raise BadCell(
        "the value is not a whole number within its limits",
        f"Write a whole number from {rule.minimum}{limit}",
    )


def calendar_date(value: object) -> str:
    """A date with the precision that is known: an Excel date, ISO 8601, year and month, a year."""
    if isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    bare = text(value).strip(BLANKS)
    bare = re.sub(r"[T ]00:00(:00(\.0+)?)?$", "", bare)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", bare, re.ASCII):
            return date.fromisoformat(bare).isoformat()
        if re.fullmatch(r"\d{4}-\d{2}", bare, re.ASCII):
            return date.fromisoformat(f"{bare}-01").isoformat()[:7]
        if re.fullmatch(r"\d{4}", bare, re.ASCII) and int(bare) in YEARS:
            return bare
    except ValueError:
        pass
    raise BadCell(
        "the value is not a date that can be read in one way only",
        "Write it as YYYY-MM-DD, or YYYY-MM or YYYY where no more is known",
    )


def _phone(value: object) -> str:
    bare = re.sub(r"[ ().\-\u00a0]", "", text(value).strip(BLANKS))
    if re.match(spec.pattern(options_pb2.FORMAT_PHONE), bare, re.ASCII):
        return bare
    # HTCDS allows a number without its plus. A local number would then ring a stranger abroad.
    raise BadCell(
        "the value is not a telephone number with its country code",
        "Write it as + and country code, such as +880...; format the column as text",
    )


def _language(value: object) -> str:
    found = languages.tag(text(value).strip(BLANKS))
    if found and re.match(spec.pattern(options_pb2.FORMAT_LANGUAGE), found, re.ASCII):
        return found
    raise BadCell(
        "the language code is not known",
        "Write its ISO 639-2 code, such as ben, or its BCP 47 tag, such as bn",
    )


def _country(value: object) -> str:
    found = text(value).strip(BLANKS).upper()
    if found in COUNTRIES:
        return found
    raise BadCell("the country code is not known", "Write the two letters of ISO 3166-1, as BD")


def _formatted(field: FieldDescriptor, value: object) -> str:
    format_number = spec.rule(field).format
    bare = text(value).strip(BLANKS)
    if known := schema.known_values(spec.rule(field)):
        if bare in known:
            return bare
        raise BadCell("the code is not known", "Look for the name in the specification")
    if re.match(spec.pattern(format_number), bare, re.ASCII) and "\n" not in bare:
        return bare
    name = spec.format_name(format_number)
    raise BadCell(f"the value does not have the format {name}", "Correct the value")


def _free(field: FieldDescriptor, value: object) -> str:
    limit = spec.rule(field).text
    bare = text(value).strip(BLANKS).replace("\r\n", "\n").replace("\r", "\n")
    if len(bare) > limit:
        raise BadCell(f"the text is longer than {limit} characters", "Shorten it")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", bare):
        raise BadCell("the text holds characters that cannot be shown", "Enter it again by hand")
    return bare


BY_FORMAT: dict[int, Callable[[object], str]] = {
    options_pb2.FORMAT_DATE: calendar_date,
    options_pb2.FORMAT_PHONE: _phone,
    options_pb2.FORMAT_LANGUAGE: _language,
    options_pb2.FORMAT_COUNTRY: _country,
}


def _coded(field: FieldDescriptor, value: object, htcds: bool, warn: Warn) -> str:
    raw = text(value)
    bare = raw.strip(BLANKS)
    if bare != raw:
        warn(PADDED)
    return codes.find(spec.rule(field).codes, bare, htcds=htcds, warn=warn)


def _one(field: FieldDescriptor, value: object, htcds: bool, warn: Warn) -> Any:
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _boolean(value)
    if field.type == FieldDescriptor.TYPE_UINT32:
        return _number(field, value)
    rule = spec.rule(field)
    if rule.codes:
        return _coded(field, value, htcds, warn)
    if rule.text:
        return _free(field, value)
    if found := BY_FORMAT.get(rule.format):
        return found(value)
    return _formatted(field, value)


def _several(field: FieldDescriptor, value: object, htcds: bool, warn: Warn) -> list[Any]:
    registry = spec.rule(field).codes
    raw = text(value)
    parts = codes.split(registry, raw, warn) if registry and htcds else raw.split(";")
    if any(part.rstrip(BLANKS) != part for part in parts):
        warn(PADDED)
    bare = [part.strip(BLANKS) for part in parts]
    found = [_one(field, part, htcds, warn) for part in bare if part]
    unique = list(dict.fromkeys(found))
    limit = spec.rule(field).max_items
    if limit and len(unique) > limit:
        raise BadCell(f"there are more than {limit} values", "Keep those that matter")
    return unique


def read(field: FieldDescriptor, value: object, *, htcds: bool, warn: Warn) -> Any:
    """The cell as a value of the field; a list for a repeated one, whose values stand with ;.

    `htcds` says that codes are written as HTCDS writes them. `warn` is told what was put right.
    Raises BadCell.
    """
    if spec.repeated(field):
        return _several(field, value, htcds, warn)
    return _one(field, value, htcds, warn)
