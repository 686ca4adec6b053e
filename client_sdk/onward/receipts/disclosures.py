"""The account of disclosures in a form to hand over: who received what about the person."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from onward.core.clock import moment
from onward.core.parse import to_json
from onward.receipts.consent import reviewed
from onward.receipts.document import Details, Line, Page
from onward.receipts.words import Words
from onward.v1.consents_local_pb2 import Disclosure, ListDisclosuresResponse, TakenBack
from onward.v1.referral_pb2 import Holder

COLUMNS = (
    "date", "received", "sender", "recipient", "categories", "purposes", "basis", "refused",
    "withdrawn", "undelivered", "certified", "waiting", "kept", "referral", "consent", "version",
    "agreement", "grant",
)  # fmt: skip
"""Columns of the table. Codes stand in it as they are, for people who work with them. What follows
a withdrawal begins with the moment of that withdrawal.
"""


def document(
    words: Words, disclosures: Sequence[Disclosure], details: Details, now: datetime, *,
    one_referral: bool = False,
) -> list[Line]:  # fmt: skip
    """The account to read."""
    page = Page()
    page.put("title", words.say("account_title"))
    page.put("line", words.say("account_intro_one" if one_referral else "account_intro"))
    page.put("line", words.say("account_made", date=words.day(now)))
    if not disclosures:
        page.put("line", words.say("account_none"))
    for one in disclosures:
        _one(page, words, one, details)
    reviewed(page, words)
    return page.lines


def _one(page: Page, words: Words, one: Disclosure, details: Details) -> None:
    sender, recipient = details.name(one.sender), details.name(one.recipient)
    date = words.day(moment(one.time))
    page.put("heading", words.say("account_sent", date=date, sender=sender, recipient=recipient))
    page.put("bullet", words.say("account_what", categories=_categories(words, one.categories)))
    if one.purposes:
        said = words.several("consent_purpose", one.purposes)
        page.put("bullet", words.say("account_purpose", purposes=said))
    if one.basis:
        page.put("bullet", words.say("account_basis", basis=words.label("legal_basis", one.basis)))
    if one.HasField("received_at"):
        page.put("bullet", words.say("account_arrived", date=words.day(moment(one.received_at))))
    else:
        page.put("bullet", words.say("account_not_arrived"))
    if one.refused:
        said = _categories(words, one.refused)
        page.put("bullet", words.say("account_refused", categories=said))
    for taken in one.taken_back:
        _taken_back(page, words, one, taken, details)
    page.put("bullet", words.say("reference", reference=one.referral_id))


def _categories(words: Words, names: Sequence[str]) -> str:
    return words.several("category", names)


def _taken_back(
    page: Page, words: Words, one: Disclosure, taken: TakenBack, details: Details
) -> None:
    """What was taken back at one time, and under it what each holder has certified of that."""
    date, said = words.day(moment(taken.time)), _categories(words, taken.categories)
    page.put("bullet", words.say("account_withdrawn", date=date, categories=said))
    for holder in one.holders:
        if holder.withdrawal == taken.withdrawal:
            _holder(page, words, holder, taken.categories, details)


def _holder(
    page: Page, words: Words, holder: Holder, taken: Sequence[str], details: Details
) -> None:
    agency = details.name(holder.agency)
    if not holder.certified:
        by = words.day(moment(holder.destroy_by))
        said = words.say("account_waiting", agency=agency, days=str(holder.days), date=by)
        page.put("bullet", said)
        return
    locked = {kept.category for kept in holder.kept}
    if gone := [one for one in taken if one not in locked]:
        date, until = (words.day(moment(one)) for one in (holder.destroyed_at, holder.copies_until))
        said = words.say(
            "account_certified", agency=agency, date=date, until=until,
            categories=_categories(words, gone),
        )  # fmt: skip
        page.put("bullet", said)
    for kept in holder.kept:
        if kept.category not in taken:
            continue  # Of what was sent at another time.
        said = words.say(
            "account_kept", agency=agency, category=words.label("category", kept.category),
            law=words.label("keeping_law", kept.law), date=words.day(moment(kept.until)),
        )  # fmt: skip
        page.put("bullet", said)


def table(disclosures: Sequence[Disclosure]) -> str:
    """The account as CSV (RFC 4180), one row for each time something was sent."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in disclosures:
        writer.writerow([harmless(cell) for cell in _row(one)])
    return out.getvalue()


def _row(one: Disclosure) -> list[str]:
    when = {taken.withdrawal: _iso(taken.time) for taken in one.taken_back}
    withdrawn = [f"{_iso(taken.time)} {' '.join(taken.categories)}" for taken in one.taken_back]
    certified = [
        f"{when[h.withdrawal]} {h.agency} {_iso(h.destroyed_at)} {_iso(h.copies_until)}"
        for h in one.holders
        if h.certified
    ]
    waiting = [f"{when[h.withdrawal]} {h.agency} {h.days}" for h in one.holders if not h.certified]
    kept = [
        f"{when[h.withdrawal]} {h.agency} {k.category} {k.law} {k.country} {_iso(k.until)}"
        for h in one.holders
        for k in h.kept
    ]
    return [
        _iso(one.time),
        _iso(one.received_at) if one.HasField("received_at") else "",
        one.sender,
        one.recipient,
        " ".join(one.categories),
        " ".join(one.purposes),
        one.basis,
        " ".join(one.refused),
        "; ".join(withdrawn),
        " ".join(one.undelivered),
        "; ".join(certified),
        "; ".join(waiting),
        "; ".join(kept),
        one.referral_id,
        one.consent_id or one.basis_id,
        str(one.version or ""),
        one.agreement_id,
        one.grant_id,
    ]


def _iso(value: Timestamp) -> str:
    return f"{moment(value):%Y-%m-%dT%H:%M:%SZ}"


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a random id may begin with a dash.

    An apostrophe before it says that it is text (OWASP, CSV Injection).
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell


def data(disclosures: Sequence[Disclosure]) -> str:
    """The account as ProtoJSON of ListDisclosuresResponse, for another machine."""
    plain = to_json(ListDisclosuresResponse(disclosures=disclosures))
    return json.dumps(json.loads(plain), indent=2, ensure_ascii=False) + "\n"
