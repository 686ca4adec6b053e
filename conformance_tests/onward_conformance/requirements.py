"""The requirements of the specification, as `docs/make.py` extracts them from its text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Requirement:
    """One sentence of the specification. `level` is MUST, MUST NOT, SHOULD, SHOULD NOT or MAY."""

    id: str
    level: str
    sentence: str
    anchor: str
    section: str = ""

    @property
    def strict(self) -> bool:
        """Whether breaking it fails the target; otherwise it is a warning."""
        return self.level.startswith("MUST")

    @property
    def prefix(self) -> str:
        """The part of the id that names its field, such as GRNT."""
        return self.id.partition("-")[0]


@cache
def _file() -> dict[str, Any]:
    text = files("onward_conformance").joinpath("requirements.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def spec_version() -> str:
    """The version of the specification that the suite tests."""
    return str(_file()["version"])


@cache
def requirements() -> dict[str, Requirement]:
    """All of them, by id."""
    return {one["id"]: Requirement(**one) for one in _file()["requirements"]}
