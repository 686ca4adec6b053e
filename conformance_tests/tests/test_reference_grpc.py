"""The reference node passes every check of the suite over gRPC.

Each transport has a file of its own, so that the two run side by side.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from passing import not_passed


@pytest.mark.timeout(600)
def test_the_reference_node_passes(tmp_path: Path) -> None:
    assert not_passed(tmp_path, "grpc") == []


def test_it_passes_behind_a_mailbox(tmp_path: Path) -> None:
    assert not_passed(tmp_path, "grpc", behind="grpc") == []
