"""The requirements of the specification, as `docs/make.py` extracts them from its text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Requirement:
    """One sentence of the specification. `level` is MUST, MUST NOT, SHOULD, SHOULD NOT or MAY."""

    id: str
    level: str
    sentence: str
    anchor: str

    @property
    def strict(self) -> bool:
        """Whether breaking it fails the target; otherwise it is a warning."""
        return self.level.startswith("MUST")


@cache
def requirements() -> dict[str, Requirement]:
    """All of them, by id."""
    text = files("onward_conformance").joinpath("requirements.json").read_text(encoding="utf-8")
    known = json.loads(text)["requirements"]
    return {
        one["id"]: Requirement(one["id"], one["level"], one["sentence"], one["anchor"])
        for one in known
    }
