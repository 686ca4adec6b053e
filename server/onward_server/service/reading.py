"""A view reads each row once, however many of its parts ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from onward_server.ports import Tx


class _Reader:
    """Gives again what was read before. Nothing may be written meanwhile."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def __getattr__(self, name: str) -> Callable[..., Any]:
        read = getattr(self._tx, name)
        known: dict[tuple[Any, ...], Any] = {}

        def remembered(*key: Any) -> Any:
            if key not in known:
                known[key] = read(*key)
            return known[key]

        setattr(self, name, remembered)
        return remembered


def reader(tx: Tx) -> Tx:
    """The same transaction, for a view that only reads."""
    return tx if isinstance(tx, _Reader) else cast(Tx, _Reader(tx))
