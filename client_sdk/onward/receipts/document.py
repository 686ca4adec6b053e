"""A document for a person: its lines and what each is, before it becomes text, speech or paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["title", "heading", "line", "bullet", "small", "pause", "ask"]


@dataclass(frozen=True)
class Line:
    """One line. `language` is the one that it is written in, where that is not the document's."""

    kind: Kind
    text: str
    language: str = ""


@dataclass(frozen=True)
class Details:
    """What the agency adds that no record holds.

    `names` are the names of agencies as people know them, by id; `telephone` is where she can
    call; `way_back` the number of her card (onward.core.waycode). Nothing of it is kept.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    telephone: str = ""
    way_back: str = ""

    def name(self, agency: str) -> str:
        """An agency by the name that people know, or else its id; a dash for none."""
        return self.names.get(agency, agency) or "-"


class Page:
    """Gathers lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def put(self, kind: Kind, text: str, language: str = "") -> None:
        """Add a line. An empty one is left out."""
        if text:
            self.lines.append(Line(kind, text, language))

    def bullets(self, texts: Iterable[str], otherwise: str = "") -> None:
        """Add a list, or what stands in its place if it is empty."""
        said = list(texts) or [otherwise]
        for text in said:
            self.put("bullet", text)


MARKS: Mapping[str, str] = {"bullet": "  - ", "ask": "? "}
"""What stands before a line where there is only text."""


def plain(lines: Iterable[Line]) -> str:
    """The document as text: an empty line before each heading."""
    said: list[str] = []
    for one in lines:
        if one.kind in ("heading", "small") and said:
            said.append("")
        said.append(MARKS.get(one.kind, "") + one.text)
        if one.kind == "title":
            said.append("=" * min(len(one.text), 60))
    return "\n".join(said) + "\n"
