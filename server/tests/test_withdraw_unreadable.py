"""What a node can't read of its own books holds back no withdrawal."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from chain import Chain
from desk import Desk
from forger import Forger
from nodes import Pair, reason
from onward.v1.entry_pb2 import Withdrawal
from onward_server.service import content
from people import PERMIT, record


def states(desk: Desk, referral_id: str) -> set[str]:
    return {row.outcome for row in desk.store.read(lambda tx: tx.parts(referral_id))}


def lose(desk: Desk, pattern: str) -> None:
    """Keys are gone that no withdrawal has destroyed."""
    ring = sqlite3.connect(next(desk.folder.rglob("keyring.sqlite3")))
    assert ring.execute("delete from keys where id like ?", (pattern,)).rowcount
    ring.commit()
    ring.close()


@pytest.mark.parametrize("scope", [{"everything": True}, {"categories": ["name"]}])
def test_a_consent_that_cannot_be_read(pair: Pair, scope: dict[str, Any]) -> None:
    referral_id = pair.disclosed()
    lose(pair.origin, "consent/%")
    pair.origin.client.withdraw(referral_id, **scope)
    assert "sealed" in states(pair.origin, referral_id)
    name = content.consent_key(pair.consent_id)
    assert pair.origin.ctx.keys.remembered(name) == (2, "everything" in scope)


def test_a_consent_that_cannot_be_read_where_the_other_side_says_it(pair: Pair) -> None:
    referral_id = pair.disclosed()
    lose(pair.origin, "consent/%")
    pair.destination.client.withdraw(referral_id, everything=True)
    pair.settle()
    assert states(pair.origin, referral_id) == {"sealed"}


def test_a_link_that_cannot_be_read_is_waited_for(tmp_path: Path) -> None:
    """The withdrawal stands, and goes on as soon as the link can be read again."""
    chain = Chain(tmp_path)
    chain.row()
    ab = chain.referrals["ab"]
    database = sqlite3.connect(next(chain["b"].folder.rglob("node.sqlite3")))

    def spoil() -> None:
        for number, found in database.execute("select rowid, content from links").fetchall():
            wrong = bytes([*found[:40], found[40] ^ 1, *found[41:]])
            database.execute("update links set content=? where rowid=?", (wrong, number))
        database.commit()

    spoil()
    chain["b"].client.withdraw(ab, everything=True)
    assert states(chain["b"], ab) == {"sealed"}
    chain.settle()
    assert chain.held("c")
    spoil()
    chain["b"].node.relay_due()
    chain.circle.carry(chain["b"], to=["c"])
    assert not chain.held("c")
    database.close()
    chain.close()


HEALTH = ("physical_health", "caseworker_notes")


def test_behind_a_gap_it_seals_whatever_may_speak_of_it_and_nothing_more_is_told(
    pair: Pair,
) -> None:
    referral_id = pair.accepted(permit=(*PERMIT, *HEALTH))
    told = record()
    told.physical_health.notes = "Something of hers."
    told.caseworker_notes.language = "en"
    told.caseworker_notes.comments = "Something of hers."
    pair.disclose(referral_id, told)
    forger = Forger(pair, pair.destination, referral_id)
    scope = Withdrawal(categories=["physical_health"])
    assert not forger.send(forger.write("withdraw", skip=1, withdrawal=scope)).receipt
    rows = pair.origin.store.read(lambda tx: tx.parts(referral_id))
    held = {row.category for row in rows if row.outcome == "held"}
    assert "name" in held
    assert not held & set(HEALTH)
    here = pair.origin.client
    here.get_referral(referral_id)
    again = reason(here.disclose, referral_id, consent_id=pair.consent_id, record=record())
    assert again == "STATE_CONFLICT"


def test_a_grant_never_gets_into_what_she_denied(pair: Pair) -> None:
    referral_id = pair.disclosed()
    forger = Forger(pair, pair.destination, referral_id)
    scope = Withdrawal(categories=["grant", "name"])
    assert forger.send(forger.write("withdraw", withdrawal=scope)).receipt
    known = pair.origin.client.get_consent(pair.consent_id)
    assert "name" in known.deny
    assert "grant" not in known.deny
