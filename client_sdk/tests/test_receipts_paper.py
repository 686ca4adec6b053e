"""On paper: every letter has its shape, lines end where they may, and nothing overlaps."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pypdfium2
import pytest
import uharfbuzz
from hypothesis import given, strategies as st

from onward import receipts
from onward.receipts import breaking, paper, words
from onward.receipts.document import plain
from onward.receipts.words import load
from receipt_samples import DETAILS, NOW, consent, disclosures, everything

LANGUAGES = words.languages()
DOTTED_CIRCLE = 0x25CC


@cache
def font(script: str) -> uharfbuzz.Font:
    blob = uharfbuzz.Blob.from_file_path(str(paper.font_file(script)))
    return uharfbuzz.Font(uharfbuzz.Face(blob))


@cache
def letters(script: str) -> frozenset[int]:
    return frozenset(font(script).face.unicodes)


def runs(text: str, script: str) -> Iterator[tuple[str, str]]:
    """The text in runs of one font: that of the script where it has the letter, else Latin."""
    run, last = "", ""
    for char in text:
        mine = script if script and ord(char) in letters(script) else ""
        if run and mine != last:
            yield run, last
            run = ""
        run, last = run + char, mine
    if run:
        yield run, last


def faults(text: str, script: str) -> list[str]:
    """Letters without a glyph, and marks that found nothing to stand on."""
    found = []
    for run, of in runs(text, script):
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font(of), buffer)
        circle = font(of).get_nominal_glyph(DOTTED_CIRCLE)
        bad = {0, circle} if circle else {0}
        if any(info.codepoint in bad for info in buffer.glyph_infos):
            found.append(run)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_a_shape(language: str) -> None:
    said = load(language)
    script = said.fonts[0] if said.fonts else ""
    texts = [*said.text.values(), *said.months, "+8801700000001", "\u2022"]
    texts += [label for one in said.labels.values() for label in one.values()]
    for text in texts:
        bare = re.sub(r"\{\w+\}", "Aa 1", text)
        assert faults(bare, script) == [], text


def test_a_letter_without_a_shape_is_found() -> None:
    assert faults("\u0e01", "") == ["\u0e01"]
    assert faults("\u17d2\u1780", "Khmer"), "a mark that stands on nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages(language: str) -> None:
    """What stands on the pages is what the text says, in the letters of its language."""
    made = receipts.render(consent(), now=NOW, language=language, form="pdf", details=DETAILS)
    assert made.startswith(b"%PDF-")
    pages = list(pypdfium2.PdfDocument(made))
    assert 1 <= len(pages) <= 3
    assert all(tuple(round(x) for x in page.get_size()) == (595, 842) for page in pages)
    seen = "".join(page.get_textpage().get_text_range() for page in pages)
    for name in ("Ministry of Samples", "Sample House", "1018 0305 46466", "Rc7Qm2x9TtYw0aLk"):
        assert name in seen
    assert load("en").say("review_note") in seen
    text = receipts.render(consent(), now=NOW, language=language, details=DETAILS).decode()

    for number, page in enumerate(pages, 1):
        foot = f"Rc7Qm2x9TtYw0aLk {number}"
        told = page.get_textpage().get_text_range()
        assert foot in re.sub(r"\s+", " ", told), "a page that was parted from the others is known"
        seen = seen.replace("Rc7Qm2x9TtYw0aLk", "", 1)
    assert letters_in(seen, language) == letters_in(text, language)


def letters_in(text: str, language: str) -> Counter[str]:
    """How often each letter of the language's own script stands in a text. A glyph of the wrong
    font comes back from the page as another letter, or as none.
    """
    script = (load(language).fonts or ("Latin",))[0].upper()
    return Counter(char for char in text if unicodedata.name(char, "").startswith(f"{script} "))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_line_is_in_one_size(language: str) -> None:
    """Also after a name or a bullet in Latin letters: else shaped letters fall over each other."""
    made = receipts.render(consent(), now=NOW, language=language, form="pdf", details=DETAILS)
    for page in pypdfium2.PdfDocument(made):
        sizes: dict[int, set[float]] = {}
        for one in page.get_objects():
            if isinstance(one, pypdfium2.PdfTextObj):
                sizes.setdefault(round(one.get_matrix().f), set()).add(one.get_font_size())
        assert len(sizes) > 10
        assert all(len(found) == 1 for found in sizes.values()), sizes


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_reaches_into_another(language: str) -> None:
    """Marks above and below letters stay within the height of their line."""
    said = load(language)
    script = said.fonts[0] if said.fonts else ""
    per_em = font(script).face.upem
    texts = [*said.text.values(), *(x for one in said.labels.values() for x in one.values())]
    tops, bottoms = [0], [0]
    for run, of in (one for text in texts for one in runs(text, script)):
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font(of), buffer)
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            ink = font(of).get_glyph_extents(info.codepoint)
            if ink is not None:
                tops.append(at.y_offset + ink.y_bearing)
                bottoms.append(at.y_offset + ink.y_bearing + ink.height)
    assert (max(tops) - min(bottoms)) / per_em <= paper.LEADING


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_stands_in_the_margins(language: str) -> None:
    made = receipts.render(everything(), now=NOW, language=language, form="pdf", details=DETAILS)
    margin = paper.MARGIN * 72 / 25.4 - 3
    for page in pypdfium2.PdfDocument(made):
        wide, high = page.get_size()
        for found in page.get_objects():
            left, bottom, right, top = found.get_bounds()
            assert margin <= left <= right <= wide - margin
            assert margin <= bottom <= top <= high - margin


def test_the_same_paper_twice_and_nothing_about_itself() -> None:
    one, other = (
        receipts.render(consent(), now=NOW, form="pdf", details=DETAILS) for _ in range(2)
    )
    assert one == other
    about = pypdfium2.PdfDocument(one).get_metadata_dict()
    assert {key: value for key, value in about.items() if value} == {
        "CreationDate": "D:20000101000000Z"
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_account_on_paper(language: str) -> None:
    made = receipts.account(disclosures(), now=NOW, language=language, form="pdf", details=DETAILS)
    seen = "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(made))
    for name in ("Ministry of Samples", "Sample House", "2027-05-03", "referral-0002"):
        assert name in seen


@pytest.mark.parametrize("lacks", paper.NEEDED)
def test_without_the_extra_it_says_what_to_install(
    lacks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = paper.find_spec
    monkeypatch.setattr(paper, "find_spec", lambda name: None if name == lacks else there(name))
    with pytest.raises(receipts.ReceiptUnavailable, match=rf"{lacks}.*pip install 'onward\[pdf\]'"):
        receipts.render(consent(), now=NOW, form="pdf")
    assert receipts.render(consent(), now=NOW)


# Where a line may end.

SENTENCES = [
    sentence for one in LANGUAGES for key, sentence in load(one).text.items() if "{" not in sentence
]


@given(st.sampled_from(SENTENCES), st.integers(min_value=8, max_value=60))
def test_lines_hold_all_of_the_text(text: str, width: int) -> None:
    made = breaking.lines(text, width, len)
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert all(one and one == one.strip() for one in made)


@given(st.sampled_from(SENTENCES), st.integers(min_value=12, max_value=60))
def test_no_line_ends_within_a_syllable(text: str, width: int) -> None:
    for one in breaking.lines(text, width, len)[1:]:
        first = unicodedata.category(one[0])
        assert first not in ("Mn", "Mc"), one
        assert one[0] not in breaking.JOINS_BEFORE


@pytest.mark.parametrize("language", [one for one in LANGUAGES if load(one).fonts])
@given(st.data())
def test_a_broken_line_still_has_its_shapes(language: str, data: st.DataObject) -> None:
    said = load(language)
    text = data.draw(st.sampled_from([t for t in said.text.values() if "{" not in t]))
    width = data.draw(st.integers(min_value=10, max_value=40))
    for one in breaking.lines(text, width, len):
        assert faults(one, said.fonts[0]) == [], one


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert breaking.lines("aaaa bbbbbbbbbb cc", 5, len) == ["aaaa", "bbbbb", "bbbbb", "cc"]
    assert breaking.lines("", 5, len) == [""]


def test_spaces_come_first() -> None:
    assert breaking.lines("one two three", 7, len) == ["one two", "three"]


def test_burmese_ends_between_syllables() -> None:
    """A consonant that is killed belongs to the syllable before it."""
    assert breaking.lines("\u101e\u1004\u103a\u101e\u1004\u103a", 4, len) == [
        "\u101e\u1004\u103a", "\u101e\u1004\u103a",
    ]  # fmt: skip


def test_text_has_a_line_for_each() -> None:
    assert plain([]) == "\n"
