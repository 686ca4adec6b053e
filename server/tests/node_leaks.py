"""Ways in which a node could let content out, one for each path that the canary watches.

Each lets out one category, so that what is found at a place shows which way it came.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from onward.core import messages
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward_server.adapters.keys import FileKeys
from onward_server.adapters.metrics import Measured
from onward_server.adapters.sql.tx import SqlTx
from onward_server.app import crash
from onward_server.service import disclosures, reads, view, writes
from onward_server.service.node import Node

held: dict[str, str] = {}
"""What was disclosed, by category."""

LEAKS = {
    "database": "aspirations",
    "write-ahead log": "name",
    "outbox": "contact_safe",
    "log": "date_of_birth",
    "answers": "location_current",
    "watch": "recruitment",
    "export": "debts",
    "paper": "case_proceedings",
    "errors": "do_not_contact",
    "metrics": "work_history",
    "crash": "service_history",
    "lists": "physical_health",
    "wire": "mental_health",
}
"""The category that each way lets out."""


def read(text: str) -> dict[str, str]:
    """Which ways are open: all, with the address that one of them needs."""
    return dict(json.loads(text))


def remember(request: Any) -> None:
    """Keep what a request discloses."""
    record = getattr(request, "record", None)
    if record is not None and "record" in request.DESCRIPTOR.fields_by_name:
        for category, message in messages.split(record):
            held[category] = to_json(message).decode()


def _said(way: str) -> str:
    return held.get(LEAKS[way], "")


def break_all(given: dict[str, str], folder: Path) -> None:
    """Open every way. `given["wire"]` is an address that is listened to on its way."""
    _database()
    _write_ahead(folder)
    _outbox()
    _calls(given["wire"])
    _answers()
    _metrics()
    _account()
    crash.guard = lambda: None


def _database() -> None:
    """What one category holds is not encrypted."""
    sound, opened = FileKeys.encrypt, FileKeys.decrypt

    def encrypt(self: FileKeys, key_id: str, bound: str, plaintext: bytes) -> bytes:
        leak = f"/{LEAKS['database']}/" in key_id
        return b"clear" + plaintext if leak else sound(self, key_id, bound, plaintext)

    def decrypt(self: FileKeys, key_id: str, bound: str, content: bytes) -> bytes:
        if content.startswith(b"clear"):
            return content[5:]
        return opened(self, key_id, bound, content)

    FileKeys.encrypt, FileKeys.decrypt = encrypt, decrypt  # type: ignore[method-assign]


def _write_ahead(folder: Path) -> None:
    """Something is noted for a moment, and deleted."""
    act = Node._act

    def forget(self: Node, *rest: Any) -> Any:
        answer = act(self, *rest)
        with closing(sqlite3.connect(folder / "node.sqlite3", timeout=20)) as db:
            db.execute("PRAGMA secure_delete=ON")
            row = (_said("write-ahead log"), "x", 1)
            db.execute("INSERT INTO assertions VALUES (?, ?, ?)", row)
            db.commit()
            db.execute("DELETE FROM assertions WHERE jti = 'x'")
            db.commit()
        return answer

    Node._act = forget  # type: ignore[method-assign]


def _outbox() -> None:
    sound = SqlTx.put_outbox

    def put(self: SqlTx, row: Any) -> None:
        sound(self, replace(row, reason=_said("outbox")))

    SqlTx.put_outbox = put  # type: ignore[method-assign]


def _calls(tapped: str) -> None:
    """The log, errors, and a question to another machine with too much in it."""
    sound = Node.call

    def call(self: Node, rpc: Any, request: Any, caller: Any) -> Any:
        crash.log.debug("asked", request=_said("log"))
        if rpc.kind == "disclose":
            httpx.get(f"http://{tapped}/healthz", headers={"x-about": _ascii(_said("wire"))})
        try:
            return sound(self, rpc, request, caller)
        except Refused as fault:
            fault.pointer = fault.pointer or f"/{_said('errors')}"
            raise

    Node.call = call  # type: ignore[method-assign]


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _answers() -> None:
    """Answers of the node: a referral, the export, the lists, and what is watched."""
    shown, exported, listed = view.referral, reads.export_log, reads.list_agencies

    def referral(ctx: Any, tx: Any, book: Any) -> Any:
        found = shown(ctx, tx, book)
        found.pause_reason = _said("answers")
        return found

    def export_log(*given: Any) -> Any:
        found = exported(*given)
        found.environment = _said("export")
        return found

    def list_agencies(*given: Any) -> Any:
        found = listed(*given)
        found.agencies[0].agency.rest = _said("lists")
        return found

    events: Callable[..., Any] = Node.events

    def watched(self: Node, after: str, limit: int) -> Any:
        found = events(self, after, limit)
        for one in found:
            one.kind = _said("watch")
        return found

    view.referral = referral
    reads.export_log = export_log
    reads.READS["Referrals.ExportLog"] = export_log
    reads.READS["Directory.ListAgencies"] = list_agencies
    Node.events = watched  # type: ignore[method-assign]


def _metrics() -> None:
    sound = Measured.call

    def call(self: Measured, rpc: Any, request: Any, caller: Any) -> Any:
        self._calls.labels(rpc.full_name, _said("metrics") or "OK").inc()
        return sound(self, rpc, request, caller)

    Measured.call = call  # type: ignore[method-assign]


def _account() -> None:
    """The account that is handed out names the referral by what was said in it."""
    sound = disclosures.list_disclosures

    def listed(*given: Any) -> Any:
        found = sound(*given)
        for one in found.disclosures:
            one.referral_id = _said("paper")
        return found

    writes.WRITES["Consents.ListDisclosures"] = listed
