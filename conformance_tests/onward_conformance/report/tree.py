"""Trees of elements, from which HTML, SVG and JUnit's XML are written.

Nothing is ever put together as text, so nothing that a target said can be taken for markup.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

Content = Element | str | None


def el(tag: str, *content: Content, **attributes: str | None) -> Element:
    """An element. `class_` and the like lose their last underscore, other underscores are dashes.

    Args:
        tag: its name.
        content: elements and texts, in order; None is left out.
        attributes: those that are None are left out.
    """
    made = Element(tag, {
        name.rstrip("_").replace("_", "-"): value
        for name, value in attributes.items() if value is not None
    })  # fmt: skip
    last: Element | None = None
    for one in content:
        if isinstance(one, str):
            if last is None:
                made.text = (made.text or "") + one
            else:
                last.tail = (last.tail or "") + one
        elif one is not None:
            made.append(one)
            last = one
    return made
