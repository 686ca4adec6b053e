"""Codes for those who know fewer: an older reader, and the Human Trafficking Case Data Standard.

A reader never replaces a code that it does not know (domain.md T1, T2). So the sender, who knows
both, puts a broader one in its place before it seals, or leaves the value out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from onward.core import spec
from onward.core.refused import Refused


def _code(registry: str, code: str) -> spec.Code:
    found = spec.registries()[registry].codes.get(code)
    if found is None:
        raise Refused("UNKNOWN_CODE")
    if found.forbidden:
        raise Refused("FORBIDDEN_CODE")
    return found


def _upwards(registry: str, code: str) -> Iterator[spec.Code]:
    """The code, its parent, that one's parent, and so on."""
    found: spec.Code | None = _code(registry, code)
    while found is not None:
        yield found
        found = _code(registry, found.parent) if found.parent else None


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split("."))


@cache
def known(registry: str, version: str) -> frozenset[str]:
    """The codes of a registry that a reader of `version`, such as 1.0, knows and accepts."""
    codes = spec.registries()[registry].codes.values()
    return frozenset(
        one.id for one in codes if not one.forbidden and _number(one.since) <= _number(version)
    )


def down(registry: str, code: str, known: Collection[str]) -> str:
    """What to send instead of `code` to a reader that knows only `known`.

    The code itself if it is known, else the nearest of those above it, else `other` where the
    registry lets that stand. Raises Refused with UNKNOWN_CODE for a code that this registry does
    not hold, with FORBIDDEN_CODE for one that nobody may use, and with UNKNOWN_CODE where nothing
    that the reader knows says the same: then the value is left out, or not sent (CODE-006).
    """
    fallback = spec.registries()[registry].fallback
    _code(registry, code)
    if code in known:
        return code
    if fallback in ("parent", "other"):
        for one in _upwards(registry, code):
            if one.id in known:
                return one.id
    if fallback == "other" and "other" in known:
        return "other"
    raise Refused("UNKNOWN_CODE")


def from_htcds(registry: str, value: str) -> str:
    """The code of an HTCDS 2.0 value, spelled as published.

    Raises Refused with UNKNOWN_CODE for any other value: none is replaced by a near one.
    """
    for one in spec.registries()[registry].codes.values():
        if value and one.htcds == value:
            return one.id
    raise Refused("UNKNOWN_CODE")


def to_htcds(registry: str, code: str) -> str:
    """The HTCDS 2.0 value of a code, or of the nearest code above it that has one.

    Empty where there is none: HTCDS has no word for it, and no other is taken. Raises Refused with
    UNKNOWN_CODE or FORBIDDEN_CODE for a code that does not belong to the registry.
    """
    return next((one.htcds for one in _upwards(registry, code) if one.htcds), "")
