"""The trust list in force, where several threads read it at once."""

from __future__ import annotations

import pytest

from nodes import Pair


def test_a_list_that_was_read_late_does_not_stand_after_a_newer_one(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread has read the old list, and another takes the new one before it goes on."""
    trust, store = pair.origin.trust, pair.origin.store
    before = trust.current().list.seq
    read = store.trust_list
    late = True

    def slow() -> bytes | None:
        nonlocal late
        old = read()
        if late:
            late = False
            pair.publish()
            assert trust.current().list.seq == before + 1
        return old

    monkeypatch.setattr(store, "trust_list", slow)
    trust._until = 0.0
    assert trust.current().list.seq == before + 1
    assert trust.current().list.seq == before + 1
