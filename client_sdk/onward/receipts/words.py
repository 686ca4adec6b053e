"""The words of the documents for the person: one file for each language, and nothing in Python.

A translator needs only languages/*.toml. Whether a file is whole is tested, for every language.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from onward.core import spec

FIRST = "en"
"""The language that the others are translated from."""

REGISTRIES = (
    "consent_purpose", "onward_sharing", "feedback_level", "on_withdrawal", "withdrawal_method",
    "contact_channel", "contact_family", "consent_given_by", "consent_status", "legal_basis",
    "keeping_law",
)  # fmt: skip
"""Registries whose codes a document shows, each in the person's language."""


@dataclass(frozen=True)
class Words:
    """One language. `fonts` are the scripts that its text needs beside Latin letters."""

    language: str
    name: str
    fonts: tuple[str, ...]
    review: str
    date: str
    comma: str
    months: tuple[str, ...]
    text: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]

    def say(self, key: str, **values: str) -> str:
        """A sentence with its blanks filled in."""
        return self.text[key].format(**values)

    def label(self, registry: str, code: str) -> str:
        """A code in plain words. What has none, such as a country far away, stays its code."""
        return self.labels.get(registry, {}).get(code, code)

    def several(self, registry: str, codes: Iterable[str]) -> str:
        """Codes in plain words, in one line."""
        return self.comma.join(self.label(registry, one) for one in codes)

    def day(self, moment: datetime) -> str:
        """A day (UTC) in words, and in figures, which are the same in every language."""
        at = moment.astimezone(UTC)
        month = self.months[at.month - 1]
        written = self.date.format(day=at.day, month=month, year=at.year)
        return f"{written} ({at:%Y-%m-%d})"


def languages() -> tuple[str, ...]:
    """The languages that there are, as tags of BCP 47, the first one first."""
    folder = files(__package__) / "languages"
    names = {one.name for one in folder.iterdir()}
    found = sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    return tuple(sorted(found, key=lambda one: one != FIRST))


def raw(language: str) -> dict[str, Any]:
    """The file of a language as it is. Raises ValueError where there is none."""
    if language not in languages():
        raise ValueError(f"no words in this language; there are: {', '.join(languages())}")
    path = files(__package__) / "languages" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@cache
def load(language: str) -> Words:
    """The words of a language. Raises ValueError where there are none."""
    found = raw(language)
    labels: dict[str, dict[str, str]] = {}
    if language == FIRST:
        for registry in (*REGISTRIES, "service_type"):
            codes = spec.registries()[registry].codes.values()
            labels[registry] = {one.id: one.label for one in codes}
    for registry, said in found["labels"].items():
        labels.setdefault(registry, {}).update(said)
    return Words(
        language=language,
        name=found["name"],
        fonts=tuple(found["fonts"]),
        review=found["review"],
        date=found["date"],
        comma=found["comma"],
        months=tuple(found["months"]),
        text=found["text"],
        labels=labels,
    )


def blanks(template: str) -> set[str]:
    """Names of the blanks in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@cache
def kind_of_help(service_type: str) -> str:
    """The broadest code above a type of service: what a receipt says of it."""
    known = spec.registries()["service_type"].codes
    code = known.get(service_type)
    while code is not None and code.parent:
        code = known[code.parent]
    return code.id if code is not None else service_type
