"""Small pieces of HTML that all parts of the page are made of."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def e(text: object) -> str:
    """Text for HTML, also within quotes."""
    return escape(str(text), quote=True)


def section(name: str, title: str, body: str) -> str:
    """A part of the page with its heading."""
    return (
        f'<section id="{name}" aria-labelledby="h-{name}">'
        f'<h2 id="h-{name}">{e(title)}</h2>\n{body}</section>'
    )


def p(text: str, kind: str = "") -> str:
    """A paragraph of text that is escaped here."""
    return f'<p class="{kind}">{e(text)}</p>' if kind else f"<p>{e(text)}</p>"


def ul(items: Iterable[str], kind: str = "") -> str:
    """A list of HTML items; empty if there are none."""
    inside = "".join(f"<li>{item}</li>" for item in items)
    opening = f'<ul class="{kind}">' if kind else "<ul>"
    return f"{opening}{inside}</ul>" if inside else ""


def table(caption: str, heads: list[str], rows: Iterable[str], kind: str = "") -> str:
    """A table that scrolls within its frame where it is too wide. Rows are HTML."""
    cols = "".join(f'<th scope="col">{e(head)}</th>' for head in heads)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{e(caption)}">'
        f'<table class="{kind}"><caption>{e(caption)}</caption>'
        f"<thead><tr>{cols}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def cells(first: str, heads: list[str], rest: list[str]) -> str:
    """A row: its heading, and cells that say on a phone which column they are of. All HTML."""
    inside = "".join(
        f'<td data-head="{e(head)}">{cell}</td>' for head, cell in zip(heads, rest, strict=True)
    )
    return f'<tr><th scope="row">{first}</th>{inside}</tr>'
