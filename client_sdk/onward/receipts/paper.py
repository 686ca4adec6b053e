"""A document as a page to print: PDF, A4, with the fonts in it, so that it prints everywhere.

Needs the extra `pdf`: fpdf2 sets the page, uharfbuzz shapes what Bengali, Hindi, Khmer, Thai and
Burmese need shaped, and the fonts are Noto Sans (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from onward.receipts.breaking import lines as broken
from onward.receipts.document import Kind, Line
from onward.receipts.words import Words, load

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = "manimgx_fonts"
"""Package of the fonts. It has no code; its files are Noto's own."""

NEEDED = ("fpdf", "uharfbuzz", FONTS)

MARGIN = 20.0
"""In millimetres, on every side."""

FOOT = 7.0
"""In millimetres: room for the page's number."""

SIZES: dict[Kind, float] = {"title": 17, "heading": 12.5, "small": 8.5}
"""In points. Everything else is 11."""

NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Day in the file's own data: it tells nobody when it was printed."""

LEADING = 1.75
"""Height of a line, by its size: marks above and below letters need room."""


class ReceiptUnavailable(RuntimeError):
    """What makes a PDF is not installed."""


def font_file(script: str = "") -> Path:
    """The font of a script; of Latin letters without one. Raises ReceiptUnavailable."""
    found = find_spec(FONTS)
    if found is None or not found.submodule_search_locations:
        raise ReceiptUnavailable(missing([FONTS]))
    return Path(next(iter(found.submodule_search_locations))) / f"NotoSans{script}[wght].ttf"


def missing(names: Iterable[str]) -> str:
    """What to do about what is not installed."""
    return f"a PDF needs {', '.join(names)}: pip install 'onward[pdf]'"


def pdf(words: Words, lines: Iterable[Line], reference: str = "") -> bytes:
    """The document on paper, with the reference and the page's number at the foot of each page.

    The same lines give the same bytes. Raises ReceiptUnavailable.

    The file says of itself neither what it is about nor when or with what it was made.
    """
    if lacking := [one for one in NEEDED if find_spec(one) is None]:
        raise ReceiptUnavailable(missing(lacking))
    page = _page(reference)
    told = list(lines)
    for one, after in zip(told, [*told[1:], None], strict=True):
        leads = one.kind == "line" and after is not None and after.kind == "bullet"
        _put(page, one, load(one.language) if one.language else words, leads=leads)
    return bytes(page.output())


def _page(reference: str) -> FPDF:
    from fpdf import FPDF

    class Numbered(FPDF):
        def footer(self) -> None:
            """So that a page that was parted from the others is known."""
            self.set_font("noto", "", SIZES["small"])
            self.set_text_color(90)
            self.set_y(-MARGIN - FOOT + 2)
            self.cell(0, FOOT - 2, f"{reference}   {self.page_no()}".strip(), align="R")

    page = Numbered(format="A4", unit="mm")
    page.add_font("noto", "", font_file())
    page.set_margin(MARGIN)
    page.set_auto_page_break(True, MARGIN + FOOT)
    page.set_producer("")
    page.set_creation_date(NO_DAY)
    page.add_page()
    return page


def _use(page: FPDF, words: Words, size: float) -> None:
    """The fonts of a language: that of its script, and for names and numbers that of Latin."""
    for script in ("", *words.fonts):
        family = f"noto{script}".lower()
        if family not in page.fonts:
            page.add_font(family, "", font_file(script))
    first, *others = [f"noto{script}".lower() for script in (*words.fonts, "")]
    for family in (*others, first):
        # fpdf2 sets no font that it believes to be set, and after text in fallback letters alone,
        # such as a bullet or a name, it is wrong: the one between them makes it set both.
        page.set_font(family, "", size)
    page.set_fallback_fonts(others)
    page.set_text_shaping(True)


def _put(page: FPDF, line: Line, words: Words, *, leads: bool) -> None:
    """One line. A heading, and one that leads a list, do not stand alone at the foot of a page."""
    size = SIZES.get(line.kind, 11)
    _use(page, words, size)
    height = size * LEADING * 25.4 / 72
    if line.kind == "heading":
        page.ln(2)
    if page.will_page_break((4 if line.kind == "heading" else 2 if leads else 1) * height):
        page.add_page()
    page.set_text_color(90 if line.kind == "small" else 0)
    indent = 6.0 if line.kind == "bullet" else 0.0
    told = broken(line.text, page.epw - indent, page.get_string_width)
    for number, one in enumerate(told):
        if line.kind == "bullet" and not number:
            page.cell(indent, height, "\u2022")
        page.set_x(page.l_margin + indent)
        _use(page, words, size)
        page.cell(0, height, one, new_x="LMARGIN", new_y="NEXT")
    if line.kind == "title":
        page.ln(1)
