"""The badge: a small SVG that says what conforms, and never more than that."""

from __future__ import annotations

from xml.etree import ElementTree

from onward_conformance.report.tree import el
from onward_conformance.report.words import reach
from onward_conformance.results import WAYS, Run, Verdict

COLOURS = {Verdict.CONFORMS: "#1a6b33", Verdict.INCOMPLETE: "#7a5200", Verdict.FAILS: "#a8201a"}
"""White text stands on each with a contrast of more than 4.5 to 1."""

HEIGHT, SIDE = 20, 8
NARROW, WIDE = frozenset("fijlrt.,:|()I1 "), frozenset("mwMWCGOQR")


def words(run: Run) -> tuple[str, str]:
    """What stands left and right in it.

    Where verdicts differ, the worst one, and what it is about.
    """
    about = "; ".join(
        f"{', '.join(profiles)} {' '.join(WAYS[way] for way in ways)}"
        for profiles, ways in reach(run)
    )
    return f"Onward {run.spec}", f"{about}: {run.overall.value}".removeprefix(": ")


def _width(text: str) -> int:
    """Pixels that it takes at 11 pixels; the text is then fitted to it exactly."""
    return round(sum(4.2 if one in NARROW else 9 if one in WIDE else 6.6 for one in text))


def write(run: Run) -> str:
    """The SVG."""
    left, right = words(run)
    first, second = _width(left) + 2 * SIDE, _width(right) + 2 * SIDE
    whole, high = str(first + second), str(HEIGHT)
    shown = [
        el(
            "text", text, x=str(at + SIDE), y="14", textLength=str(_width(text)),
            lengthAdjust="spacingAndGlyphs",
        )
        for at, text in ((0, left), (first, right))
    ]  # fmt: skip
    svg = el(
        "svg",
        el("title", f"{left} | {right}"),
        el("clipPath", el("rect", width=whole, height=high, rx="3"), id="round"),
        el(
            "g",
            el("rect", width=whole, height=high, fill="#3c4149"),
            el("rect", x=str(first), width=str(second), height=high, fill=COLOURS[run.overall]),
            clip_path="url(#round)",
        ),
        el("g", *shown, fill="#fff", font_family="Verdana,DejaVu Sans,sans-serif", font_size="11"),
        xmlns="http://www.w3.org/2000/svg", width=whole, height=high,
        viewBox=f"0 0 {whole} {high}", role="img", aria_label=f"{left} | {right}",
    )  # fmt: skip
    return ElementTree.tostring(svg, "unicode") + "\n"
