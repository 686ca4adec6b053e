"""Every place at which content could come out of a node, and what lies there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
from google.protobuf.message import Message
from sqlalchemy import create_engine, select

from canary_talk import Talk
from crossing import Crossing, decrypted
from onward import receipts
from onward.core.parse import to_json
from onward_server.adapters.sql import tables
from onward_server.app import provision
from onward_server.demo.world import Site

RESTS = (
    "outbox",
    "knock_posts",
    "events",
    "answers",
    "receipts",
    "deliveries",
    "audit",
    "erasures",
)
"""Tables of what waits, and of what is told about it."""


def running(talk: Talk) -> dict[str, bytes]:
    """What can be had while both nodes run."""
    sites = talk.crossing.sites
    waiting = _outbox(talk)  # first: what was written last lies in the write-ahead logs
    return {
        "database": _files(sites, lambda site: [site.folder / "node.sqlite3"]),
        "write-ahead log": _files(sites, lambda site: list(site.folder.glob("*-wal"))),
        "other files": _files(sites, _others),
        "outbox": waiting,
        "backup": b"\n".join(_backup(site) for site in sites),
        "metrics": b"\n".join(_scraped(one) for one in talk.crossing.metrics.values()),
        "answers": b"\n".join(_answers(talk)),
        "watch": b"\n".join(_watched(talk)),
        "export": b"\n".join(_exported(talk)),
        "lists": b"\n".join(_lists(talk)),
        "paper": b"\n".join(_paper(talk)),
    }


def stopped(crossing: Crossing) -> dict[str, bytes]:
    """What is left when both have failed in every way, and are gone."""
    before = {site.agency: _fail(site) for site in crossing.sites}
    logs = {site.agency: site.log.read_bytes() for site in crossing.sites}
    crossing.stop()
    return {
        "log": b"\n".join(log[: before[agency]] for agency, log in logs.items()),
        "crash": b"\n".join(
            [log[before[agency] :] for agency, log in logs.items()] + list(_dumps(crossing))
        ),
        "wire": crossing.wire(),
        "wire, unsealed": crossing.unsealed(),
        "destination, decrypted": decrypted(crossing.destination),
        "origin, decrypted": decrypted(crossing.origin),
    }


def _files(sites: tuple[Site, Site], of: Callable[[Site], list[Path]]) -> bytes:
    found = [path for site in sites for path in of(site)]
    assert len(found) >= len(sites), "each has such a file"
    return b"\n".join(path.read_bytes() for path in found)


def _others(site: Site) -> list[Path]:
    """Keys, settings, and whatever else lies in the folder."""
    files = [path for path in sorted(site.folder.rglob("*")) if path.is_file()]
    return [one for one in files if one != site.log and not one.name.startswith("node.sqlite3")]


def _outbox(talk: Talk) -> bytes:
    """While something waits, because the other side does not answer."""
    origin, destination = talk.crossing.sites
    assert destination.process is not None
    os.kill(destination.process.pid, signal.SIGSTOP)
    try:
        talk.desks.origin.alert(talk.main.referral_id, "missing", record=talk.emergency)
        rows = _rows(origin)
    finally:
        os.kill(destination.process.pid, signal.SIGCONT)
    talk.main.settle()
    return rows + _rows(destination)


def _rows(site: Site) -> bytes:
    engine = create_engine(f"sqlite:///{site.folder / 'node.sqlite3'}")
    known = tables.metadata.tables
    with engine.connect() as connection:
        rows = [row for name in RESTS for row in connection.execute(select(known[name]))]
    engine.dispose()
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
    )


def _backup(site: Site) -> bytes:
    path = site.folder.parent / f"{site.agency}.backup"
    provision.backup(f"sqlite:///{site.folder / 'node.sqlite3'}", path)
    return path.read_bytes()


def _scraped(address: str) -> bytes:
    answer = httpx.get(f"http://{address}/metrics")
    assert answer.status_code == 200
    return answer.content


def _desks(talk: Talk) -> tuple[Any, Any]:
    return talk.desks.origin, talk.desks.destination


def _told(found: Any) -> Iterator[bytes]:
    for one in [found] if isinstance(found, Message) else found:
        yield to_json(one)


def _answers(talk: Talk) -> Iterator[bytes]:
    for desk in _desks(talk):
        for found in (desk.list_referrals(), desk.list_needs_human(), desk.list_audit()):
            yield from _told(found)
        for one in talk.referrals:
            yield from _told(desk.get_referral(one))
            yield from _told(desk.list_entries(one))
    shown = talk.desks.origin.preview(
        destination=talk.crossing.destination.agency, consent_id=talk.main.consent_id,
        record=talk.record, accepted=True,
    )  # fmt: skip
    yield from _told(shown)
    here = talk.desks.origin
    explained = here.explain(
        destination=talk.crossing.destination.agency, purpose="service_delivery",
        consent_id=talk.main.consent_id, accepted=True,
    )  # fmt: skip
    yield from _told(explained)
    yield from _told(here.list_disclosures(talk.subject))


def _watched(talk: Talk) -> Iterator[bytes]:
    """Everything that was ever told to a watcher, from the beginning on."""
    for desk in _desks(talk):
        with closing(desk.watch(cursor="0")) as stream:
            for _ in range(40):
                yield from _told(next(stream))


def _exported(talk: Talk) -> Iterator[bytes]:
    for desk in _desks(talk):
        for one in talk.referrals:
            yield from _told(desk.export_log(one))


def _lists(talk: Talk) -> Iterator[bytes]:
    for desk in _desks(talk):
        yield from _told(desk.list_agencies())
        yield from _told(desk.list_services())


def _paper(talk: Talk) -> Iterator[bytes]:
    """What is handed to the person: her receipt, and the account of who received what."""
    here = talk.desks.origin
    record = here.get_consent(talk.main.consent_id)
    account = here.list_disclosures(talk.subject)
    now = datetime.now(UTC)
    for language in ("en", "bn"):
        for form in receipts.FORMS:
            yield _text(receipts.render(record, now=now, language=language, form=form))
        for form in receipts.ACCOUNT_FORMS:
            yield _text(receipts.account(account, now=now, language=language, form=form))


def _text(made: bytes) -> bytes:
    """The words of a document, those of a PDF too."""
    if not made.startswith(b"%PDF"):
        return made
    pages = pypdfium2.PdfDocument(made)
    words = "\n".join(page.get_textpage().get_text_range() for page in pages)
    assert len(words) > 200, "it can be read"
    return made + words.encode()


def _fail(site: Site) -> int:
    """Have a thread of the node fail, then the node itself. Gives the size of its log before."""
    assert site.process is not None
    size = site.log.stat().st_size
    (site.folder / "crash").touch()
    until = time.monotonic() + 10
    while b"RuntimeError" not in site.log.read_bytes()[size:] and time.monotonic() < until:
        time.sleep(0.05)
    assert b"RuntimeError" in site.log.read_bytes()[size:], "it says that it failed"
    os.kill(site.process.pid, signal.SIGABRT)
    site.process.wait(15)
    return size


def _dumps(crossing: Crossing) -> Iterator[bytes]:
    """Core dumps, wherever they could lie."""
    for folder in (Path.cwd(), crossing.folder):
        for path in folder.rglob("core*") if folder != Path.cwd() else folder.glob("core*"):
            if path.is_file():
                yield path.read_bytes()
