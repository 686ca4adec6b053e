"""The pictures of the page: small inline drawings, with words for who cannot see them."""

from __future__ import annotations

from html import escape

STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
ROUND = f'{STROKE} stroke-linejoin="round"'

SHAPES = {
    "go": '<path d="M3 10h12M11 5l5 5-5 5"/>',
    "wait": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4l3 2"/>',
    "stay": '<rect x="4" y="9" width="12" height="8" rx="1"/><path d="M7 9V6a3 3 0 0 1 6 0v3"/>',
    "withheld": '<path d="M6 10h8"/>',
    "sent": '<circle cx="10" cy="10" r="6"/>',
    "opened": '<circle cx="10" cy="10" r="6" fill="currentColor"/>',
    "refused": '<path d="M5 5l10 10M15 5L5 15"/>',
    "destroyed": '<path d="M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11M8.500 9.500l3 4M11.500 9.500l-3 4"/>',
    "back": '<path d="M17 15a6 6 0 0 0-6-7H4M8 4L4 8l4 4"/>',
    "kept": '<rect x="4" y="5" width="12" height="11" rx="1"/><path d="M4 9h12M9 12h2"/>',
    "yes": '<path d="M4 11l4 4 8-10"/>',
    "no": '<path d="M5 5l10 10M15 5L5 15"/>',
    "warn": '<path d="M10 3l8 14H2z"/><path d="M10 8v4M10 14.500v.1"/>',
}

TONES = {
    "go": "good", "wait": "wait", "stay": "quiet", "withheld": "quiet", "sent": "accent",
    "opened": "good", "refused": "bad", "destroyed": "wait", "back": "good", "kept": "quiet",
    "yes": "good", "no": "bad", "warn": "wait",
}  # fmt: skip


def sprite() -> str:
    """All marks, drawn once."""
    drawn = "".join(
        f'<symbol id="mark-{name}" viewBox="0 0 20 20"><g {ROUND}>{shape}</g></symbol>'
        for name, shape in SHAPES.items()
    )
    return f'<svg width="0" height="0" aria-hidden="true" style="position:absolute">{drawn}</svg>'


def mark(name: str, label: str = "") -> str:
    """A mark. With a label it stands alone; without one, words stand beside it."""
    words = f'<span class="seen">{escape(label)}</span>' if label else ""
    drawn = f'<use href="#mark-{name}"/>'
    return f'<svg class="mark {TONES[name]}" aria-hidden="true">{drawn}</svg>{words}'


def tag(name: str, text: str) -> str:
    """A mark with its words."""
    return f'<span class="tag">{mark(name)}<span>{escape(text)}</span></span>'


def _at(x: float, y: float, drawing: str, tone: str = "") -> str:
    colour = f' class="{tone}"' if tone else ""
    return f'<g transform="translate({x} {y})"{colour} {ROUND}>{drawing}</g>'


GLYPHS = {
    "ok": ("good", '<path d="M-8 0l5 6 11-12"/>'),
    "broken": ("bad", '<path d="M2-10l-7 10h9l-6 10"/>'),
    "dead": ("bad", '<path d="M-8-7l16 14M8-7L-8 7"/>'),
    "sealed": ("wait", '<rect x="-8" y="-2" width="16" height="11" rx="2"/>'
               '<path d="M-5-2v-3a5 5 0 0 1 10 0v3"/>'),
    "human": ("accent", '<circle cx="0" cy="-5" r="4"/><path d="M-8 9a8 8 0 0 1 16 0"/>'),
    "letters": ("good", '<path d="M-9-6H9M-9 0H9M-9 6H3"/>'),
    "empty": ("quiet", '<rect x="-9" y="-8" width="18" height="16" stroke-dasharray="3 4"/>'),
    "paper": ("good", '<path d="M-7-9h10l4 4V9H-7zM-3-2h6M-3 2h6"/>'),
    "search": ("accent", '<circle cx="-2" cy="-2" r="7"/><path d="M3 3l7 7"/>'),
}  # fmt: skip


def _ministry(glyph: str) -> str:
    tone, inside = GLYPHS[glyph]
    house = '<path d="M-48-26L0-58l48 32zM-42-26V38M42-26V38M-48 38h96M-30-26V38M30-26V38"/>'
    return _at(62, 92, house) + _at(62, 98, inside, tone)


def _ngo(glyph: str) -> str:
    tone, inside = GLYPHS[glyph]
    dash = ' stroke-dasharray="5 5"' if glyph == "dead" else ""
    house = f'<path d="M-48-18L0-56l48 38M-40-24V38H40V-24"{dash}/>'
    return _at(258, 92, house) + _at(258, 98, inside, tone)


ENVELOPE = '<rect x="-17" y="-11" width="34" height="22" rx="2"/><path d="M-17-9L0 4 17-9"/>'

SMALL_ENVELOPE = '<rect x="-13" y="-8" width="26" height="17" rx="2"/><path d="M-13-7L0 3 13-7"/>'

BETWEEN = {
    "": "",
    "goes": _at(160, 66, ENVELOPE) + _at(160, 96, '<path d="M-20 0h40M12-7l8 7-8 7"/>', "good"),
    "refused": _at(142, 66, ENVELOPE)
    + _at(188, 66, '<path d="M-9-9L9 9M9-9L-9 9"/>', "bad")
    + _at(150, 96, '<path d="M-20 0h30"/><path d="M18-9v18"/>', "bad"),
    "waits": _at(140, 66, ENVELOPE)
    + _at(140, 98, '<circle cx="0" cy="0" r="10"/><path d="M0-5v5l4 3"/>', "wait"),
    "first": _at(178, 60, ENVELOPE, "accent")
    + '<text x="178" y="88" text-anchor="middle">1st</text>'
    + _at(140, 104, SMALL_ENVELOPE, "quiet")
    + '<text x="140" y="130" text-anchor="middle">2nd</text>',
    "papers": _at(160, 66, '<path d="M-13-16h18l8 8v24h-26zM-7-3h14M-7 4h14"/>', "good")
    + _at(160, 102, '<path d="M-22 0h44M-14-7l-8 7 8 7M14-7l8 7-8 7"/>', "good"),
}  # fmt: skip


def scene(left: str, between: str, right: str) -> str:
    """Two houses and the border between them. What it shows stands in words beside it."""
    border = '<path d="M160 14V146" stroke="var(--soft)" stroke-width="2" stroke-dasharray="4 6"/>'
    return (
        '<svg viewBox="0 0 320 170" aria-hidden="true">'
        f"{border}{_ministry(left)}{BETWEEN[between]}{_ngo(right)}"
        '<text x="62" y="156" text-anchor="middle">ministry</text>'
        '<text x="258" y="156" text-anchor="middle">NGO</text></svg>'
    )


STEPS = (
    ("broken on purpose", ("broken", "goes", "ok")),
    ("refuses", ("broken", "refused", "ok")),
    ("took the others", ("ok", "goes", "letters")),
    ("waits for a human", ("human", "", "ok")),
    ("is killed", ("ok", "", "dead")),
    ("has to wait", ("ok", "waits", "dead")),
    ("takes everything back", ("sealed", "waits", "dead")),
    ("comes back", ("sealed", "waits", "ok")),
    ("lands first", ("sealed", "first", "ok")),
    ("certificates", ("paper", "papers", "paper")),
    ("opened any more", ("paper", "", "empty")),
    ("keys of", ("paper", "", "search")),
)
"""Which picture goes with a step: by what the step says."""


def step(text: str) -> str:
    """The picture for one step of a scene."""
    low = text.lower()
    found = next((drawn for said, drawn in STEPS if said in low), ("ok", "", "ok"))
    return scene(*found)


def hero() -> str:
    """What Onward does, in one picture."""
    border = '<path d="M320 32V196" stroke="var(--soft)" stroke-width="2" stroke-dasharray="4 6"/>'
    ministry = '<path d="M-56-30L0-66l56 36zM-50-30V42M50-30V42M-56 42h112M-20-30V42M20-30V42"/>'
    ngo = '<path d="M-56-20L0-64l56 44M-46-28V42H46V-28M-12 42V8h24v34"/>'
    arrow = f'<g class="good" {ROUND}><path d="M210 62h216M414 52l13 10-13 10"/></g>'
    back = f'<g class="wait" {ROUND}><path d="M430 122H214M226 112l-13 10 13 10"/></g>'
    envelope = _at(290, 62, f'<g fill="var(--paper)">{ENVELOPE}</g>', "accent")
    return (
        '<svg class="hero" viewBox="0 0 640 210" role="img" '
        'aria-label="A ministry and an NGO, with a border between them. What the person agreed to '
        'goes across in a sealed envelope. Answers, receipts and a withdrawal go both ways.">'
        f"{border}{_at(120, 108, ministry)}{_at(520, 108, ngo)}{arrow}{back}{envelope}"
        '<text x="320" y="22" text-anchor="middle">only what the person agreed to, sealed</text>'
        '<text x="320" y="106" text-anchor="middle">answers and receipts</text>'
        '<text x="120" y="184" text-anchor="middle">ministry, country A</text>'
        '<text x="520" y="184" text-anchor="middle">NGO, country B</text></svg>'
    )


def crossing(to_right: bool) -> str:
    """The arrow of one act over the border."""
    flip = "" if to_right else ' transform="matrix(-1 0 0 1 100 0)"'
    return (
        '<svg class="cross" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">'
        f'<g{flip}><path d="M6 12H92M80 4l13 8-13 8" {ROUND} '
        'vector-effect="non-scaling-stroke"/></g></svg>'
    )


def bar(value: int, rater: str) -> str:
    """A bar from 0 to 10. Its number stands beside it."""
    wide = max(0, min(value, 10)) * 10
    kind = "survivor" if rater == "survivor" else "agency"
    return f'<span class="bar {kind}" style="width:{wide}%" aria-hidden="true"></span>'
