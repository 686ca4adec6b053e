"""What `onward import-htcds --dry-run` prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onward.core import spec
from onward.core.clock import moment
from onward.core.consent import Recipient, decide
from onward.importers import Case, Column, Import
from onward.v1.consent_pb2 import ConsentRecord


def _columns(console: Console, columns: Sequence[Column]) -> None:
    mapped = Table("column", "HTCDS or field", "goes to", title="Columns that are read")
    left = Table("column", "name", "why", title="Columns that are not read")
    for one in columns:
        if one.use == "mapped":
            mapped.add_row(one.letter, escape(one.name), one.field)
        else:
            why = one.why or "not known: nothing of it is read"
            left.add_row(one.letter, escape(one.name[:60]), why)
    console.print(mapped)
    console.print(left)


def _problems(console: Console, result: Import) -> None:
    refused = Table("file", "line", "column", "why", "what to do", title="Rows that are refused")
    for one in result.refused:
        refused.add_row(
            one.file, str(one.line), escape(one.column), escape(one.why), escape(one.fix)
        )
    if result.refused:
        console.print(refused)
    warnings = Table("file", "line", "column", "warning", title="Warnings")
    for note in result.warnings:
        line = str(note.line) if note.line else "-"
        warnings.add_row(escape(note.file), line, escape(note.column), escape(note.text))
    if result.warnings:
        console.print(warnings)


def _kept_back(case: Case, consent: ConsentRecord, now: datetime) -> tuple[list[str], list[str]]:
    """The categories that would be sent after acceptance to the first recipient, and the others."""
    recipient = Recipient(next(iter(consent.recipients), ""), next(iter(consent.countries), ""))
    decisions = decide(
        consent,
        recipient=recipient,
        purpose=next(iter(consent.purposes), ""),
        stage="disclosure",
        categories=case.categories,
        now=now,
    )
    sent = [name for name, one in decisions.items() if one.permitted]
    return sent, [name for name in case.categories if name not in sent]


def coverage(case: Case, now: datetime) -> str:
    """One line on what the consent of a case covers, and what stays behind."""
    consent = case.consent
    if consent is None:
        return f"not sent: {case.not_sent}"
    if consent.status != "given":
        label = spec.registries()["consent_status"].codes[consent.status].label
        return f"not sent: the consent is {label}"
    sent, kept = _kept_back(case, consent, now)
    if not sent:
        return "not sent: the consent covers nothing of this case now"
    parts = [
        f"{len(sent)} of {len(sent) + len(kept)} categories",
        f"to {', '.join(consent.recipients)}",
        f"until {moment(consent.valid_until).date().isoformat()}",
        f"feedback {consent.feedback}",
    ]
    if kept:
        parts.append(f"stays here: {', '.join(kept)}")
    return "; ".join(parts)


def _wishes(case: Case) -> str:
    return ", ".join(f"{one.service_type} {one.wish}" for one in case.wishes) or "-"


def report(console: Console, result: Import) -> None:
    """Print columns, refused rows, warnings, and a line for each person."""
    _columns(console, result.columns)
    _problems(console, result)
    people = Table("case", "line", "wishes", "what the consent covers", title="Cases")
    now = datetime.now(UTC)
    for case in result.cases:
        people.add_row(escape(case.number), str(case.line), _wishes(case), coverage(case, now))
    console.print(people)
    ready = sum(
        case.consent is not None and case.consent.status == "given" for case in result.cases
    )
    console.print(
        f"{len(result.cases)} cases read, {ready} with a consent that was given, "
        f"{len(result.refused)} problems. Nothing was sent or stored."
    )
