"""The story in pictures: one self-contained page, for someone who knows no computers."""

from __future__ import annotations

from onward_server.demo import (
    page_parts as parts,
    page_people as people,
    page_pictures as pictures,
    words,
)
from onward_server.demo.page_style import STYLE
from onward_server.demo.page_text import e, section
from onward_server.demo.told import Told

HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Onward: a demo, told in pictures</title>
<style>"""

TITLES = (
    ("what", "What Onward is"),
    ("sheet", "The sheet"),
    ("preview", "Before anything is sent: the preview"),
    ("inbox", "The NGO's inbox, before and after"),
    ("timeline", "One referral, step by step"),
    ("trouble", "When things go wrong"),
    ("search", "The search of the disk"),
    ("knows", "Who knows what"),
    ("outcomes", "How it went, and who says so"),
    ("checks", "The checks at the end"),
    ("limits", "What Onward can't protect against"),
)


def render(told: Told) -> str:
    """The whole page: no script, and nothing from outside."""
    told_of = told.longest
    bodies = {
        "what": _what(),
        "sheet": people.sheet(told),
        "preview": people.preview(told, told_of),
        "inbox": people.inbox(told_of),
        "timeline": people.timeline(told, told_of),
        "trouble": parts.trouble(told),
        "search": parts.search(told),
        "knows": parts.knows(told),
        "outcomes": parts.outcomes(told),
        "checks": parts.checks(told),
        "limits": parts.limits(),
    }
    shown = [(name, title) for name, title in TITLES if bodies[name]]
    links = "".join(f'<li><a href="#{name}">{e(title)}</a></li>' for name, title in shown)
    sections = "\n".join(section(name, title, bodies[name]) for name, title in shown)
    return (
        f"{HEAD}{STYLE}</style>\n</head>\n<body>\n{pictures.sprite()}\n{_header(told)}"
        f'<nav aria-label="On this page"><ol>{links}</ol></nav></header>\n'
        f"<main>\n{sections}\n</main>\n{_footer(told)}\n</body>\n</html>\n"
    )


def _header(told: Told) -> str:
    if told.good:
        verdict = f'<p class="verdict">{pictures.tag("yes", "Everything went as it must.")}</p>'
    else:
        said = "Something did NOT go as it must. See the crosses below."
        verdict = f'<p class="verdict failed">{pictures.tag("no", said)}</p>'
    return (
        '<header><p class="kicker">Onward: a demo, told in pictures</p>'
        "<h1>One agency refers people to another, across a border, "
        "with only what they agreed to share</h1>"
        f'<p class="notice">{pictures.mark("warn")} {_who(told)} '
        "Two computer programs played the two agencies, and did for real what this page tells.</p>"
        f"{verdict}"
    )


def _who(told: Told) -> str:
    if told.sample:
        return (
            "<b>Everybody on this page is synthetic.</b> "
            "The names, the cases and both agencies are invented."
        )
    return (
        f"<b>{e(words.SYNTHETIC_ONLY)}</b> "
        "The cases come from a folder that the demo was given; both agencies are invented."
    )


def _what() -> str:
    return (
        "<p>Onward is a set of rules that any agency may build on, "
        "for referring survivors of human trafficking from one agency to another. "
        "The agency that knows the person asks first, without saying who it is; "
        "only when the other agency accepts does it send what the person agreed to share, "
        "and nothing else. "
        "The person can take it all back at any time, "
        "and each agency must then destroy what it was sent and sign that it did.</p>"
        f"{pictures.hero()}"
        '<p class="soft">Each agency keeps its own records, on its own computer, called its node. '
        "There is no central database of survivors.</p>"
    )


def _footer(told: Told) -> str:
    return (
        f"<footer><p>The ministry of this demo is {e(told.origin)}. The NGO is "
        f"{e(told.destination)}. Both are invented. "
        f"The demo took {told.seconds:.0f} seconds. This page needs no network.</p></footer>"
    )
