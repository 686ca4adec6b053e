"""How the requirements of the specification are read from its text, docs/spec.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ID = re.compile(r"\[([A-Z]{3,4}-[0-9]{3})\]")
LEVEL = re.compile(r"\b(MUST NOT|MUST|SHOULD NOT|SHOULD|MAY|SHALL NOT|SHALL|REQUIRED|OPTIONAL)\b")
HEADING = re.compile(r"^(#{1,6}) (.+)$")
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) +")
SENTENCE = re.compile(r"(?<=[.!?]) +(?=[\[A-Z`])|(?<=:) +(?=\[)")
CODE = re.compile(r"`[^`]*`")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a document, with the heading that it stands under."""

    text: str
    section: str


def slug(heading: str) -> str:
    """The anchor of a heading."""
    bare = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return bare.strip().replace(" ", "-")


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Paragraphs, list items and table rows as one line each, with their heading."""
    section, block, fenced = "", "", False
    for line in [*text.splitlines(), ""]:
        if line.startswith("```"):
            fenced = not fenced
        heading = HEADING.match(line)
        ends = fenced or heading or not line.strip() or line.startswith(("```", "|"))
        if (ends or ITEM.match(line)) and block:
            yield section, block
            block = ""
        if heading:
            section = heading[2]
        elif line.startswith("|"):
            yield section, line
        elif not ends:
            block = f"{block} {ITEM.sub('', line).strip()}".strip()


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence outside code blocks."""
    for section, block in _blocks(text):
        hidden: list[str] = []

        def hide(found: re.Match[str], hidden: list[str] = hidden) -> str:
            hidden.append(found[0])
            return f"`{len(hidden) - 1}`"

        for one in SENTENCE.split(CODE.sub(hide, block)):
            shown = re.sub(r"`(\d+)`", lambda found, hidden=hidden: hidden[int(found[1])], one)
            yield Sentence(shown.strip(), section)


def requirements(text: str) -> list[dict[str, str]]:
    """The requirements of the specification, in its order."""
    found = []
    for one in sentences(text):
        ids = ID.findall(CODE.sub("", one.text))
        levels = LEVEL.findall(CODE.sub("", one.text))
        if len(ids) == 1 and len(levels) == 1:
            sentence = ID.sub("", one.text).strip()
            found.append(
                {
                    "id": ids[0],
                    "level": levels[0],
                    "sentence": sentence,
                    "section": one.section,
                    "anchor": f"spec.md#{slug(one.section)}",
                }
            )
    return found
