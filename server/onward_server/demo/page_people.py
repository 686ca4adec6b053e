"""The page's first half: the sheet, and one person's way over the border."""

from __future__ import annotations

from onward_server.demo import words
from onward_server.demo.page_pictures import crossing, mark, tag
from onward_server.demo.page_text import cells, e, p, table, ul
from onward_server.demo.told import Agreed, Line, Moment, Person, Told


def sheet(told: Told) -> str:
    """Who was in the sheet, who was refused and why, and who did not consent."""
    heads = ["what the person wants", "what may flow back", "what became of it"]
    rows = [cells(_who(person), heads, _row(person)) for person in told.persons]
    body = p(
        "The ministry keeps its cases in a spreadsheet. Two more small sheets say what each "
        "person agreed to, and which service each wants now, later, or never. "
        "Onward reads all three, and sends nothing that they do not cover."
    )
    body += table("Each person in the sheet", ["person", *heads], rows, "stack")
    if told.refused:
        body += "<h3>Rows that were refused</h3>"
        body += p("A faulty row is not guessed at. It is refused, and the good rows go on.")
        body += ul((f"{mark('no', 'refused:')} {e(line)}" for line in told.refused), "plainlist")
    if told.warnings:
        body += "<h3>Warnings</h3>"
        body += ul((f"{mark('warn', 'warning:')} {e(line)}" for line in told.warnings), "plainlist")
    ignored = told.columns.get("ignored", 0)
    if ignored:
        body += p(
            f"The sheet also has {words.count(ignored, 'column')} that Onward does not read at "
            "all: what no other agency needs never enters it.",
            "soft small",
        )
    return body


def _who(person: Person) -> str:
    return f'{e(person.name)}<br><span class="soft small">{e(person.number)}</span>'


def _row(person: Person) -> list[str]:
    wants = ul(
        e(f"{words.label('service_type', need.service)}: {words.wish(need.wish)}")
        + (f' <span class="soft">→ {e(words.state(need.state))}</span>' if need.state else "")
        for need in person.needs
    )
    back = (
        e(words.FEEDBACK.get(person.feedback, person.feedback)) if person.referral_id else "nothing"
    )
    return [wants or "-", back, _fate(person)]


def _fate(person: Person) -> str:
    if not person.referral_id:
        why = person.not_sent or "there is nothing to ask for"
        if person.consent == "none":
            return f"{tag('stay', 'Not sent: no consent.')} {e(why)}."
        return f"{tag('stay', 'Not sent.')} {e(why)}."
    if person.rest == "withdrawn":
        left = {"sent", "opened"} & set(person.knows.values())
        data = "Not all of it is destroyed yet." if left else "All of it is destroyed at the NGO."
        return tag(
            "wait" if left else "destroyed",
            f"Accepted, then the person took the data back. {data} The services may go on.",
        )
    if person.rest == "declined":
        return tag("no", "Declined. The NGO never learned who it is.")
    if person.closed:
        return tag("yes", "Accepted, handed over, closed.")
    return tag("wait", words.label("phase", person.phase))


def preview(told: Told, person: Person | None) -> str:
    """What goes and what stays, and the line of the consent that says so."""
    if person is None or person.agreed is None:
        return ""
    body = p(
        f"This is what the caseworker sees before sending the case of {person.name}. "
        "Each line of the case is compared with the consent. A clear no beats a yes. "
        "What nobody asked about stays."
    )
    body += _consent(person, person.agreed)
    body += _lines(person)
    others = [one for one in told.persons if one is not person and one.disclosure]
    if others:
        body += "<h3>The others</h3>"
    for other in others:
        head = f"{other.name}: {_tally(other)}"
        body += f"<details><summary>{e(head)}</summary>{_lines(other)}</details>"
    return body


def _tally(person: Person) -> str:
    goes = sum(line.permitted for line in person.disclosure)
    denied = [words.category(one.category) for one in person.disclosure if one.reason == "denied"]
    text = f"{goes} of {len(person.disclosure)} may go"
    return text + (f"; a clear no to {', '.join(denied)}" if denied else "")


def _consent(person: Person, agreed: Agreed) -> str:
    yes = "".join(f"<li>{e(words.category(one))}</li>" for one in agreed.permit)
    no = "".join(f"<li>{e(words.category(one))}</li>" for one in agreed.deny)
    facts = [
        ("For", ", ".join(words.small("consent_purpose", one) for one in agreed.purposes)),
        ("May receive it", ", ".join(agreed.recipients)),
        ("Passing it on", words.small("onward_sharing", agreed.onward_sharing)),
        ("Flows back", words.FEEDBACK.get(person.feedback, person.feedback)),
        ("How it was given", words.small("consent_method", agreed.method)),
        ("How it was explained", words.small("consent_form", agreed.form)),
        ("Ends", f"{agreed.valid_until}; the NGO keeps data {agreed.retention_days} days at most"),
    ]
    listed = "".join(f"<dt>{e(name)}</dt><dd>{e(value)}</dd>" for name, value in facts if value)
    refusals = (
        f"<ol>{no}</ol>" if no else p("Nothing by name. What is not listed above stays, too.")
    )
    return (
        f'<div class="two"><div class="card consent"><h3>What {e(person.name)} said yes to</h3>'
        f"<ol>{yes}</ol><h3>What {e(person.name)} said a clear no to</h3>{refusals}</div>"
        f'<div class="card consent"><h3>The rest of the consent</h3><dl>{listed}</dl></div></div>'
    )


def _lines(person: Person) -> str:
    heads = ["with the question", "after acceptance", "why"]
    early = {line.category: line for line in person.offer}
    rows = [
        cells(
            e(words.category(line.category)),
            heads,
            [_goes(early.get(line.category)), _goes(line), _why(line)],
        )
        for line in person.disclosure
    ]
    caption = f"Preview for {person.name}: what goes, and what stays"
    return table(caption, ["part of the case", *heads], rows, "stack lines")


def _goes(line: Line | None) -> str:
    if line is not None and line.permitted:
        return tag("go", "goes")
    if line is not None and line.reason == "before_acceptance":
        return tag("wait", "waits")
    return tag("stay", "stays")


def _why(line: Line) -> str:
    where = f" ({words.line(line.line)})" if line.line else ""
    return e(words.reason(line.reason) + where)


def inbox(person: Person | None) -> str:
    """What the NGO can read before it accepts, and after."""
    if person is None:
        return ""
    body = p(
        "First the NGO sees only what it needs to answer the question: can you help? "
        "There is no name in it, no date of birth, no address. "
        "The form for this question has no field for them."
    )
    old = set(person.inbox_before)
    before = ul((e(words.category(one)) for one in person.inbox_before), "inbox")
    items = "".join(
        f'<li class="new">{mark("go", "new:")}{e(words.category(one))}</li>'
        if one not in old
        else f"<li>{e(words.category(one))}</li>"
        for one in person.inbox_after
    )
    after = f'<ul class="inbox">{items}</ul>' if items else p("Nothing more was sent.")
    needs = [words.small("service_type", n.service) for n in person.needs if n.wish != "never"]
    asked = f"Somebody needs: {', '.join(needs)}."
    return (
        body + '<div class="two"><div class="card"><h3>Before it accepts</h3>'
        f"<p><b>From the ministry:</b> a person, name not given. {e(asked)}</p>{before}</div>"
        '<div class="card"><h3>After it has accepted</h3>'
        f"<p><b>From the ministry:</b> {e(person.name)}. The arrow marks what is new.</p>"
        f"{after}</div></div>"
    )


def timeline(told: Told, person: Person | None) -> str:
    """One referral as a picture: two lanes, and each act crossing the border."""
    if person is None:
        return ""
    body = p(
        f"This is the referral of {person.name}, from the first question to the end. "
        "Each act is signed by the agency that did it, and crosses the border in a sealed "
        "envelope. Both agencies hold the same list. Nobody can change it afterwards."
    )
    steps = "".join(f"<li>{_moment(told, one)}</li>" for one in person.moments)
    return (
        body + '<div class="lanehead"><div>Ministry'
        f'<span class="soft small">{e(told.origin)}</span></div><div class="soft">¦</div>'
        f'<div>NGO<span class="soft small">{e(told.destination)}</span></div></div>'
        f'<ol class="lanes">{steps}</ol>'
    )


def _moment(told: Told, one: Moment) -> str:
    ours = one.agency == told.origin
    who = "The ministry" if ours else "The NGO"
    parts = [words.category(part) for part in one.parts]
    said = [one.text] if one.text else []
    if parts:
        said.append(f"{words.count(len(parts), 'part')}: {', '.join(parts)}")
    off = "" if one.outcome == "counted" else " off"
    verdict = p(f"This did not count: {words.spaced(one.outcome)}.", "bad") if off else ""
    kind = "left" if ours else "right"
    return (
        f'<div class="act {kind}{off}"><b>{e(who)} {e(words.act(one.act))}</b>'
        f'<p class="soft">{e(one.time)}</p>{"".join(p(text) for text in said)}{verdict}</div>'
        f"{crossing(ours)}"
    )
