"""The page's second half: trouble, the search, who knows what, outcomes, checks, limits."""

from __future__ import annotations

from collections.abc import Iterator

from onward_server.demo import words
from onward_server.demo.page_pictures import bar, mark, step, tag
from onward_server.demo.page_text import cells, e, p, table, ul
from onward_server.demo.told import Person, Scene, Search, Told

KNOWN = {
    "withheld": "stays at the ministry",
    "sent": "sent to the NGO, not read yet",
    "opened": "sent, and read at the NGO",
    "refused": "sent without consent, refused by the NGO",
    "destroyed": "was at the NGO, destroyed since",
}

FLOWS = {
    "back": "known to both: the person agreed that it flows back",
    "kept": "known to the NGO only",
}

ACROSS = 8
"""How many persons stand beside each other in one table."""

LIMITS = (
    (
        "A camera",
        "Somebody at the partner may photograph the screen. No software can stop that. "
        "Each reading is recorded with the reader's name, so it can be asked about later.",
    ),
    (
        "A state that forces its own agency",
        "An agency can be made to open its own node by the law or by force. "
        "What it was never sent is safe. What it was sent is not.",
    ),
    (
        "A partner that keeps silent",
        "A partner may read what it was sent, and hold back its receipt. "
        "The sender then knows only that no receipt came.",
    ),
    (
        "Someone who watches the line",
        "The envelopes are sealed, but someone who watches the network sees which agencies write "
        "to each other, and when.",
    ),
    (
        "A certificate is a signed word",
        "An agency signs that it destroyed what it held, and answers for it. "
        "That is not a proof that no copy exists anywhere.",
    ),
    (
        "A lie in free text",
        "Onward checks which kind of data goes. It can't read meaning: somebody may "
        "write a name where only a note belongs.",
    ),
)


def trouble(told: Told) -> str:
    """Each scene as a row of pictures."""
    if not told.scenes:
        return ""
    intro = p("The demo breaks things on purpose. Read the pictures by their numbers.")
    return intro + "".join(_scene(scene) for scene in told.scenes)


def _scene(scene: Scene) -> str:
    items = "".join(
        f"<li>{step(text)}<p><b>{number}.</b> {e(words.plain(text))}</p></li>"
        for number, text in enumerate(scene.steps, 1)
    )
    ended = tag("yes", "It went as it must.") if scene.good else tag("no", "It did NOT go well.")
    return f'<h3>{e(scene.title)}</h3><ol class="comic">{items}</ol><p>{ended}</p>'


def search(told: Told) -> str:
    """What was searched for, where, and what was found."""
    if not told.searches:
        return ""
    body = p(
        "A stolen disk must tell nothing. So the demo reads every file on the NGO's disk, byte by "
        "byte, and looks for the name of the person who withdrew, written in several ways."
    )
    return body + f'<div class="two">{"".join(_search(one) for one in told.searches)}</div>'


def _search(one: Search) -> str:
    if one.found:
        result = tag("no", "FOUND:") + ul(e(where) for where in one.found)
    else:
        result = tag("yes", "Not found.")
    size = f"{one.size / 1_000_000:.1f} million characters" if one.size >= 1e6 else f"{one.size:,}"
    size = size if one.size >= 1e6 else f"{size} characters"
    return (
        f'<div class="card"><h3>Search of {e(one.where)}</h3>'
        f"<p>Looked for: <b>{e(one.word)}</b><br>"
        f"in {words.count(one.files, 'file')}, {size}.</p><p>{result}</p></div>"
    )


def knows(told: Told) -> str:
    """What each agency knows of each person, by category."""
    shown = [person for person in told.persons if person.knows]
    if not shown:
        return ""
    body = p(
        "The ministry knows every cell that is not empty: it is its own sheet. "
        "The mark says what the NGO knows of it. The last row is what the NGO wrote itself."
    )
    marks = [f"{mark(name)}{e(text)}" for name, text in (KNOWN | FLOWS).items()]
    body += ul([*marks, "empty: not in the ministry's sheet"], "legend")
    for block in _blocks(shown):
        body += _known(block)
    return body


def _blocks(shown: list[Person]) -> Iterator[list[Person]]:
    for start in range(0, len(shown), ACROSS):
        yield shown[start : start + ACROSS]


def _known(block: list[Person]) -> str:
    categories: dict[str, None] = {}
    for person in block:
        categories.update(dict.fromkeys(person.knows))
    names = [f"{person.name.split(' ')[0]}\n{person.number}" for person in block]
    rows = [
        cells(e(words.category(one)), names, [_cell(person, one) for person in block])
        for one in categories
    ]
    rows.append(
        cells("outcomes, written by the NGO", names, [_flow(person) for person in block]).replace(
            "<tr>", '<tr class="back">', 1
        )
    )
    caption = "Who knows what of each person"
    return table(caption, ["part of the case", *names], rows, "know")


def _cell(person: Person, category: str) -> str:
    known = person.knows.get(category, "")
    if known == "own":
        return mark("withheld", KNOWN["withheld"])
    return mark(known, KNOWN[known]) if known else ""


def _flow(person: Person) -> str:
    if not person.outcomes:
        return ""
    name = "back" if person.feedback_seen else "kept"
    return mark(name, FLOWS[name])


def outcomes(told: Told) -> str:
    """Outcomes rated by the person and by the agency apart, and what of it flowed back."""
    rated = [person for person in told.persons if person.outcomes]
    kept = [person for person in told.persons if person.journaled and not person.outcomes]
    if not rated and not kept:
        return ""
    body = p(
        "Later the NGO asks how life goes, from 0 (worst) to 10 (best). The person answers, and "
        "the agency answers, apart from each other. They often disagree, and both answers stay. "
        "What of it flows back to the ministry is for the person to say."
    )
    body += ul(
        [
            '<span class="rail"><span class="bar survivor"></span></span> the person says',
            '<span class="rail"><span class="bar agency"></span></span> the agency says',
        ],
        "legend",
    )
    cards = "".join(_rated(person) for person in [*rated, *kept])
    return body + f'<div class="cards four">{cards}</div>'


def _rated(person: Person) -> str:
    rows = ""
    domain = ""
    for one in person.outcomes:
        if one.domain != domain:
            domain = one.domain
            label = e(words.label("outcome_domain", domain))
            rows += f'<tr><th scope="rowgroup" colspan="3">{label}</th></tr>'
        who = {"survivor": "person", "agency": "agency"}.get(one.rater, words.spaced(one.rater))
        rows += (
            f'<tr><td class="soft">{e(who)}</td><td class="rail">{bar(one.value, one.rater)}</td>'
            f"<td>{one.value}</td></tr>"
        )
    rated = f'<table class="bars"><tbody>{rows}</tbody></table>' if rows else ""
    return (
        f'<div class="card"><h3>{e(person.name)}</h3>'
        f'<p class="soft small">{e(person.number)}</p>{rated}{_back(person)}</div>'
    )


def _back(person: Person) -> str:
    if person.feedback_seen:
        seen = words.count(len(person.feedback_seen), "rating")
        return f"<p>{tag('back', f'Flowed back: the ministry sees {seen}.')}</p>"
    if person.journaled:
        acts = list(dict.fromkeys(words.spaced(one) for one in person.journaled))
        text = "Nothing flows back. The NGO keeps for itself, in its own journal: "
        return f"<p>{tag('kept', text + ', '.join(acts) + '.')}</p>"
    text = "The ratings stay at the NGO. The ministry sees only the state of the services."
    return f"<p>{tag('kept', text)}</p>"


def checks(told: Told) -> str:
    """The checks, done from exported files alone."""
    if told.persons and not told.sent:
        return p("Nothing was sent, so there is nothing to check.")
    body = p(
        "At the end the lists of both agencies are saved to files, and checked with nothing but "
        "the public list of agencies and their keys. Anybody with these files can do it again."
    )
    items = [
        f"{mark('yes', 'held:') if one.good else mark('no', 'FAILED:')}"
        f"<span><b>{e(one.what)}</b>: {e(one.detail)}</span>"
        for one in told.checks
    ]
    return body + ul(items, "plainlist")


def limits() -> str:
    """What no protocol can promise."""
    intro = p("No rule and no lock helps against everything. This is what remains.")
    cards = "".join(
        f'<div class="card"><h3>{mark("warn")} {e(title)}</h3>{p(text)}</div>'
        for title, text in LIMITS
    )
    return intro + f'<div class="cards">{cards}</div>'
