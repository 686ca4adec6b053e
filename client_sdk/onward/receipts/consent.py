"""From a consent record to what the person takes home, hears, or has on her."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onward.core import consent_status, receipt_number, spec, waycode
from onward.core.clock import moment
from onward.receipts.document import Details, Line, Page
from onward.receipts.words import FIRST, Words, kind_of_help, load
from onward.v1.consent_pb2 import ConsentRecord

IN_FORCE = ("given", "renewed")
"""Statuses by which something may be shared."""


def reference(record: ConsentRecord) -> str:
    """What the person names when she asks about her receipt: a number that can be read aloud."""
    return receipt_number.shown(record.receipt_id) or record.consent_id


def as_it_stands(record: ConsentRecord, now: datetime) -> ConsentRecord:
    """The record with what time has made of it, and since when."""
    found = ConsentRecord()
    found.CopyFrom(record)
    found.status = consent_status.standing(record, now)
    if found.status != record.status:
        found.ClearField("recorded_at")
        if found.status == "expired":
            found.recorded_at.CopyFrom(record.valid_until)
    return found


def receipt(words: Words, record: ConsentRecord, details: Details) -> list[Line]:
    """The receipt to read. It does not name what she denied: paper that is found on her must not
    tell what she keeps to herself.
    """
    page = Page()
    if record.status in IN_FORCE:
        _whole(page, words, record, details, aloud=False)
    else:
        _over(page, words, record, details)
    _end(page, words, record, details)
    reviewed(page, words)
    return page.lines


def _whole(
    page: Page, words: Words, record: ConsentRecord, details: Details, *, aloud: bool
) -> None:
    page.put("title", words.say("title"))
    page.put("line", words.say("intro"))
    _asked(page, words, record, details)
    _shared(page, words, record, details)
    _denied(page, words, record, aloud=aloud)
    _later(page, words, record, details)
    _take_back(page, words, record, details)


def _over(page: Page, words: Words, record: ConsentRecord, details: Details) -> None:
    """By which nothing is shared: that it is so and since when, and what she can do."""
    page.put("title", words.say("over_title"))
    page.put("line", words.say("intro"))
    _asked(page, words, record, details)
    status = words.label("consent_status", record.status)
    page.put("line", words.say("not_in_force", status=status))
    if record.HasField("recorded_at"):
        page.put("line", words.say("over_since", date=words.day(moment(record.recorded_at))))
    page.put("line", words.say("take_back_help"))
    page.put("line", words.say("over_later"))
    if details.telephone:
        page.put("line", words.say("telephone", telephone=details.telephone))
    if details.way_back:
        page.put("line", words.say("way_back", way_back=waycode.shown(details.way_back)))


def _end(page: Page, words: Words, record: ConsentRecord, details: Details) -> None:
    page.put("heading", words.say("complain"))
    for text in _complain(words, record, details):
        page.put("line", text)
    page.put("line", words.say("see_line"))
    page.put("heading", words.say("reference", reference=reference(record)))
    page.put("line", words.say("version", version=str(record.version)))


def reviewed(page: Page, words: Words) -> None:
    """Say in small print that nobody has checked the words yet, so long as that is so."""
    if words.review:
        page.put("small", words.say("review_note"))
        if words.language != FIRST:
            page.put("small", load(FIRST).say("review_note"), FIRST)


def _asked(page: Page, words: Words, record: ConsentRecord, details: Details) -> None:
    asker = details.name(record.issuer)
    if record.status == "requested":
        page.put("line", words.say("asked_open", agency=asker))
        return
    page.put("line", words.say("asked", agency=asker, date=words.day(moment(record.given_at))))
    if record.given_by != "self":
        who = words.label("consent_given_by", record.given_by)
        page.put("line", words.say("given_for", who=who))


def _shared(page: Page, words: Words, record: ConsentRecord, details: Details) -> None:
    page.put("heading", words.say("purposes"))
    page.put("line", words.say("purposes_only"))
    page.bullets(_labels(words, "consent_purpose", record.purposes), words.say("nothing"))
    if record.services:
        page.put("line", words.say("services"))
        kinds = dict.fromkeys(kind_of_help(one) for one in record.services)
        page.bullets(_labels(words, "service_type", kinds))
    page.put("heading", words.say("recipients"))
    page.bullets((details.name(one) for one in record.recipients), words.say("nobody"))
    if record.countries:
        page.put(
            "line", words.say("countries", countries=words.several("country", record.countries))
        )
    page.put("heading", words.say("permit"))
    page.bullets(_labels(words, "category", permitted(record)), words.say("nothing"))


def _denied(page: Page, words: Words, record: ConsentRecord, *, aloud: bool) -> None:
    """What is not shared. Only who hears it is told what she denied, to say whether it is right."""
    page.put("heading", words.say("deny"))
    if record.deny and aloud:
        page.put("line", words.say("deny_named"))
        page.bullets(_labels(words, "category", record.deny))
    elif record.deny:
        page.put("line", words.say("deny_count", count=str(len(record.deny))))
        page.put("line", words.say("deny_ask"))
    page.put("line", words.say("deny_rest"))


def permitted(record: ConsentRecord) -> list[str]:
    """Categories that may be shared: what is denied is not, whatever else is said."""
    return [one for one in record.permit if one not in record.deny and _known(one)]


def _known(category: str) -> bool:
    found = spec.categories().get(category)
    return found is None or not found.protocol


def _later(page: Page, words: Words, record: ConsentRecord, details: Details) -> None:
    page.put("heading", words.say("until"))
    page.put("line", words.say("until_line", date=words.day(moment(record.valid_until))))
    page.put("line", words.say("retention", days=str(record.retention_days)))
    if record.storage_countries:
        places = words.several("country", record.storage_countries)
        page.put("line", words.say("storage", countries=places))
    page.put("heading", words.say("onward"))
    page.put("line", words.label("onward_sharing", record.onward_sharing))
    page.put("heading", words.say("feedback", agency=details.name(record.issuer)))
    page.put("line", words.label("feedback_level", record.feedback))
    page.put("heading", words.say("contact"))
    if record.may_contact:
        page.put("line", words.say("contact_ways"))
    page.bullets(_labels(words, "contact_channel", record.may_contact), words.say("contact_none"))
    page.put("heading", words.say("contact_family"))
    page.put("line", words.label("contact_family", record.contact_family or "no"))


def _take_back(page: Page, words: Words, record: ConsentRecord, details: Details) -> None:
    page.put("heading", words.say("take_back"))
    for what in ("when", "why", "help", "how"):
        page.put("line", words.say(f"take_back_{what}"))
    # At any agency: nobody may be sent away, whatever else was agreed.
    ways = dict.fromkeys(("any_agency", *record.withdrawal_methods))
    page.bullets(_labels(words, "withdrawal_method", ways))
    if details.telephone:
        page.put("line", words.say("telephone", telephone=details.telephone))
    if details.way_back:
        page.put("line", words.say("way_back", way_back=waycode.shown(details.way_back)))
    page.put("line", words.say("take_back_then"))
    page.bullets(_labels(words, "on_withdrawal", [record.on_withdrawal or "delete"]))


def _complain(words: Words, record: ConsentRecord, details: Details) -> list[str]:
    said = [words.say("complain_line")]
    if record.complaint_to:
        said.append(words.say("complain_to", agency=details.name(record.complaint_to)))
    return said


def _labels(words: Words, registry: str, codes: Iterable[str]) -> list[str]:
    return [words.label(registry, one) for one in codes]


def script(words: Words, record: ConsentRecord, details: Details) -> list[Line]:
    """The receipt to be read aloud: one thing at a time, and questions that show whether it was
    understood.
    """
    page, read = Page(), Page()
    if record.status in IN_FORCE:
        _whole(read, words, record, details, aloud=True)
    else:
        _over(read, words, record, details)
    _end(read, words, record, details)
    title, _, *told = read.lines  # Without the line on keeping the paper: there is none.
    page.put("title", title.text)
    page.put("small", words.say("script_before"))
    _ask(page, words, "script_ready")
    hello = "script_hello" if record.status in IN_FORCE else "script_hello_over"
    page.put("line", words.say(hello))
    questions = {
        words.say("permit"): "script_who",
        words.say("until"): "script_what",
    }
    if record.status in IN_FORCE:
        questions[words.say("complain")] = "script_back"
    for one in told:
        if one.kind == "heading":
            page.put("pause", words.say("script_pause"))
            if one.text in questions:
                _ask(page, words, questions[one.text])
        page.put(one.kind, one.text)
    page.put("pause", words.say("script_pause"))
    _ask(page, words, "script_free")
    page.put("small", words.say("script_wrong"))
    page.put("line", words.say("script_end"))
    reviewed(page, words)
    return page.lines


def _ask(page: Page, words: Words, key: str) -> None:
    page.put("ask", words.say("script_ask", question=words.say(key)))
    page.put("pause", words.say("script_pause"))


def minimal(words: Words, record: ConsentRecord, details: Details) -> list[Line]:
    """What is safe to be found on her: numbers, and no word that tells what they are for."""
    page = Page()
    page.put("line", words.say("minimal_reference", reference=reference(record)))
    if details.telephone:
        page.put("line", words.say("minimal_telephone", telephone=details.telephone))
    if details.way_back:
        page.put("line", waycode.shown(details.way_back))
    return page.lines
