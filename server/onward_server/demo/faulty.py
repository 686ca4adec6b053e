"""A node that is broken on purpose: its projection lets one category through without consent.

    python -m onward_server.demo.faulty serve FOLDER CATEGORY

Used by the demo and by tests only, to show that the receiver does not rely on the sender.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from google.protobuf.message import Message

from onward.core import projection
from onward.v1.consent_pb2 import Decision
from onward.v1.envelope_pb2 import Part
from onward_server.app import settings
from onward_server.app.serve import serve
from onward_server.app.wiring import wire
from onward_server.ports import PartRow, Tx
from onward_server.service import leaving
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

Salt = Callable[[], bytes]


def break_projection(category: str) -> None:
    """From now on this category is sent, whatever was decided. The grant stays as it was."""
    sound = projection.project

    def project(record: Message, decisions: Mapping[str, Decision], salt: Salt) -> list[Part]:
        forced = Decision(category=category, permitted=True, reason="permitted")
        return sound(record, {**decisions, category: forced}, salt)

    projection.project = project
    leaves = leaving.may

    def may(ctx: Context, tx: Tx, book: Ledger, rows: list[PartRow]) -> tuple[list[PartRow], str]:
        good, reason = leaves(ctx, tx, book, rows)
        forced = [row for row in rows if row.category == category and row not in good]
        return good + forced, reason if len(good) + len(forced) < len(rows) else ""

    leaving.may = may


def main() -> None:
    """The broken node's process."""
    _, _, folder, category = sys.argv
    break_projection(category)
    serve(wire(settings.load(Path(folder))))


if __name__ == "__main__":
    main()
