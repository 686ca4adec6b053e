"""Where a line may end. Thai, Khmer and Burmese put no space between words, so beside spaces a line
may end between two syllables, and never within one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

JOINS_NEXT = frozenset("\u1039\u17d2\u09cd\u094d\u0e40\u0e41\u0e42\u0e43\u0e44([\u201c\u200d")
"""Signs that the next character belongs to: stackers, Thai vowels written before, brackets."""

JOINS_BEFORE = frozenset(
    "\u0e30\u0e33\u0e45\u0e46\u0e2f,.;:!?)]\u201d\u200d\u17d4\u17d6\u104a\u104b\u0964"
)
"""Characters that belong to the one before them, beside all combining marks."""

SPACED = "LATIN BENGALI DEVANAGARI DIGIT"
"""First words of the names of characters of scripts that put spaces between words."""


def _ends_syllable(text: str, at: int) -> bool:
    """Whether the character at `at` closes the syllable before it, as Burmese finals do: a
    consonant that is killed, or that has another one below it.
    """
    after = text[at + 1 : at + 3]
    killed = after[:1] == "\u103a" or after == "\u1037\u103a"
    return "\u1000" <= text[at] <= "\u1021" and (killed or after[:1] == "\u1039")


def _between(text: str, at: int) -> bool:
    """Whether a line may end before the character at `at`."""
    here, before = text[at], text[at - 1]
    if before in JOINS_NEXT or here in JOINS_BEFORE or unicodedata.category(here) in ("Mn", "Mc"):
        return False
    spaced = [unicodedata.name(one, "LATIN").split()[0] in SPACED for one in (before, here)]
    return not any(spaced) and not _ends_syllable(text, at)


def _words(text: str) -> list[str]:
    """The text in pieces that stay whole where they fit, each with the space after it."""
    found = [""]
    for char in text:
        found[-1] += char
        if char in " \u200b":
            found.append("")
    return [one for one in found if one]


def _pieces(word: str) -> list[str]:
    """One word in syllables; what has none, such as an id, in characters."""
    cuts = [at for at in range(1, len(word)) if _between(word, at)]
    if not cuts:
        return list(word)
    return [word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True)]


def lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines that are no wider than `width`, in the unit of `measure`.

    Ends a line at a space if one is there; a word that fits no line is broken.
    """
    done: list[str] = []
    line = ""
    for word in _words(text):
        if measure((line + word).rstrip()) <= width:
            line += word
            continue
        if measure(word.rstrip()) <= width:
            done.append(line.rstrip())
            line = word
            continue
        for piece in _pieces(word):
            if line and measure((line + piece).rstrip()) > width:
                done.append(line.rstrip())
                line = ""
            line += piece
    return [*done, line.rstrip()]
