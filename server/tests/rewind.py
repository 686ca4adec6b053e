"""Two nodes that can be set back to an earlier moment, with all their files.

Whatever a test does to a referral, the next one finds it as it was. Their keys go back with their
databases, so that no node finds itself restored from a backup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desk import Desk
from nodes import Pair


class Moments:
    """Moments of a pair of nodes, by name."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self._kept: dict[str, dict[Path, bytes]] = {}
        self._about: dict[str, Any] = {}

    def keep(self, name: str, about: Any) -> None:
        """Remember this moment, and something about it."""
        for desk in self.pair.desks:
            _stop(desk)
        self._kept[name] = {
            path: path.read_bytes()
            for desk in self.pair.desks
            for path in desk.folder.rglob("*")
            if path.is_file()
        }
        self._about[name] = about
        self._start()

    def back(self, name: str) -> Any:
        """Be there again; gives what was kept about it."""
        kept = self._kept[name]
        for desk in self.pair.desks:
            _stop(desk)
            for path in desk.folder.rglob("*"):
                if path.is_file() and path not in kept:
                    path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
        self._start()
        return self._about[name]

    def about(self, name: str) -> Any:
        """What was kept about a moment."""
        return self._about[name]

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def _start(self) -> None:
        for desk in self.pair.desks:
            desk._open()
            desk.join(desk.anchors)


def _stop(desk: Desk) -> None:
    desk.store.close()
    desk.keys.close()
