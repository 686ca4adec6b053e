"""Searching a node's disk for words that must not be there in clear."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from onward_server.demo.told import Search


def forms(word: str) -> Iterator[bytes]:
    """A word in the shapes in which it could lie on a disk: several encodings, and base64 at
    each of its three alignments."""
    yield word.encode()
    yield word.encode("utf-16-le")
    yield json.dumps(word)[1:-1].encode()
    yield word.encode().hex().encode()
    for shift in range(3):
        raw = b"\x00" * shift + word.encode()
        cut = len(raw) - len(raw) % 3
        inner = base64.b64encode(raw[:cut])[4 if shift else 0 :]
        if len(inner) >= 8:
            yield inner
            yield inner.replace(b"+", b"-").replace(b"/", b"_")


SHORTEST = 4
"""Letters of the shortest word that is searched for."""

LONG = 6
"""Letters of a word that does not come up by chance in what is encrypted."""


def _pattern(word: str) -> re.Pattern[bytes]:
    """All shapes of a word. In clear, a short one must stand alone, not amid other letters."""
    plain = re.escape(word.encode())
    if len(word) < LONG:
        plain = rb"(?<![A-Za-z0-9])" + plain + rb"(?![A-Za-z0-9])"
    others = sorted(re.escape(shape) for shape in set(forms(word)) - {word.encode()})
    return re.compile(b"|".join([plain, *others]))


def search(where: str, folder: Path, words: Iterable[str]) -> Search:
    """Every file of a folder, read raw."""
    wanted = [(word, _pattern(word)) for word in words]
    found: list[str] = []
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    size = 0
    for path in files:
        data = path.read_bytes()
        size += len(data)
        for word, pattern in wanted:
            if pattern.search(data):
                found.append(f"{path.relative_to(folder)}: {word}")
    said = ", ".join(word for word, _ in wanted) or f"nothing: no word has {SHORTEST} letters"
    return Search(where, said, len(files), size, found)
