"""Gives the reference node's folders what the suite has written: the program `take_list`.

python take_list.py FOLDER...
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Container, Iterable
from contextlib import closing
from pathlib import Path

from onward_conformance.jose import unb64
from onward_server.adapters.sql.store import SqlStore
from onward_server.adapters.sql.tx import SqlTx
from onward_server.adapters.trust import StoredTrust
from onward_server.app import settings
from onward_server.app.wiring import open_store


def accept(store: SqlStore, listed: Iterable[str], partners: Container[str]) -> None:
    """Those of the listed agencies are the partners, and no others."""

    def work(tx: SqlTx) -> None:
        for name in listed:
            tx.accept(name, name in partners)

    store.write(work)


def take(written: Path, folders: Iterable[Path]) -> None:
    """The anchors, the list, and the partners of each agency."""
    partners = json.loads((written / "partners.json").read_text())
    raw = (written / "trust-list.json").read_bytes()
    payload = unb64(json.loads(raw)["payload"])
    listed = [one["agency"] for one in json.loads(payload)["agencies"]]
    for folder in folders:
        shutil.copy(written / "anchors.json", folder)
        found = settings.load(folder)
        store = open_store(found)
        with closing(store):
            StoredTrust(store, found.anchors()).offer(raw)
            accept(store, listed, partners[found.agency])


if __name__ == "__main__":
    take(Path(), [Path(name) for name in sys.argv[1:]])
