"""The nodes of the machine's stories, made once and copied, and what must hold in the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import diagram
from chance_acts import THIRD
from desk import DELAY, Desk
from nodes import Pair
from onward.core import jose, spec, trust
from onward.core.fold import Fold
from onward.core.refused import Refused
from onward.v1.trust_pb2 import Agency
from onward_server.service import content, ledger
from people import agreed

NOT_DRAWN: set[diagram.Edge] = set()
"""Changes of phase that happened, and that the diagram does not have."""


@cache
def root() -> Path:
    """Where the databases stand: in memory, if there is such a place."""
    there = os.environ.get("ONWARD_TMP") or ("/dev/shm" if Path("/dev/shm").is_dir() else None)
    return Path(tempfile.mkdtemp(prefix="onward-machine-", dir=there))


def third() -> Agency:
    """An agency that can be proposed."""
    now = datetime.now(UTC)
    return Agency(
        agency=THIRD, country="IN", kind="ngo_local", status="active", versions=["1.0"],
        rest="http://127.0.0.1:9", grpc="127.0.0.1:9",
        purposes=spec.registries()["consent_purpose"].allowed(),
        keys=[trust.agency_key(jose.new_key(), use, now, now + DELAY) for use in ("sign", "seal")],
    )  # fmt: skip


@cache
def template() -> tuple[Pair, str]:
    """Two nodes that know each other, with a consent: made once, and copied for each story."""
    pair = Pair(root())
    pair.agencies[THIRD] = third()
    pair.publish()
    consent = pair.origin.client.record_consent(agreed())
    pair.close()
    files = root() / "template"
    files.mkdir()
    for desk in pair.desks:
        shutil.copytree(desk.folder, files / desk.agency)
    return pair, consent.consent_id


def nothing_withdrawn(desk: Desk, referral_id: str) -> None:
    """What was withdrawn is not held, and can not be read."""
    book = desk.store.read(lambda tx: ledger.load(tx, referral_id, desk.agency))
    state = book.state()
    for row in desk.store.read(lambda tx: tx.parts(referral_id)):
        if state.parts[row.digest].voided:
            assert row.outcome != "held", (row.category, row.side)
            with pytest.raises(Refused):
                content.part_of(desk.ctx, row)


def edges(desk: Desk, referral_id: str) -> None:
    """Every change of phase is one that the diagram has."""
    book = desk.store.read(lambda tx: ledger.load(tx, referral_id, desk.agency))
    fold = Fold(book.logs["origin"], book.logs["destination"])
    at = {"origin": 0, "destination": 0}
    before = diagram.name(fold.at((0, 0)))
    for digest in fold.state().order:
        act = book.act(digest)
        assert act is not None
        at[act.side] += 1
        after = diagram.name(fold.at((at["origin"], at["destination"])))
        if after != before:
            NOT_DRAWN.update({(before, after, act.kind)} - diagram.edges())
        before = after
