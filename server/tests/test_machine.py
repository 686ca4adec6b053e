"""Two real nodes, and whatever can happen to them: random acts that cross, deliveries that are
lost, doubled and late, restarts, and restores from backups.

In the end everything is delivered, and then both nodes have the same logs and derive the same,
nothing that was receipted is lost, nothing that was withdrawn is held, and no referral has taken a
way that the diagram does not have. ONWARD_EXAMPLES multiplies the number of stories.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from chance_acts import HELD, WEIGHTS, Acting, bare
from desk import Desk
from machine_nodes import NOT_DRAWN, edges, nothing_withdrawn, root, template
from nodes import Pair, folded
from onward.core import spec
from onward.core.refused import Refused
from onward.core.states import SIDES
from onward.core.transitions import TABLE
from onward.errors import OnwardError
from onward.v1.entry_pb2 import Item
from onward_server.service import ledger
from onward_server.service.outbound import Outgoing
from people import DESTINATION

TIMES = int(os.environ.get("ONWARD_EXAMPLES", "1"))
EXAMPLES = 60 * TIMES
STEPS = 200
LEAST = 10_000 * TIMES
"""Steps that are taken at least, in all stories together."""

TURNS = (timedelta(minutes=2), timedelta(hours=1), timedelta(hours=13))
LONGEST = timedelta(days=4)
"""The trust list is fresh for so long."""

EITHER = st.booleans()
SEEDS = st.integers(0, 2**32 - 1)
KINDS = [kind for kind in spec.acts() if kind != "offer"]

DONE: Counter[str] = Counter()
"""How often each thing was done, and how often each act was written."""


class Story(RuleBasedStateMachine):
    """One pair of nodes, from nothing to the end."""

    pair: Pair

    @initialize(far=st.integers(0, 3))
    def begin(self, far: int) -> None:
        """A referral is offered, and in most stories it has come further."""
        self.pair, self.consent_id = template()
        self.began = self.pair.clock.at
        for desk in self.pair.desks:
            shutil.rmtree(desk.folder)
            shutil.copytree(root() / "template" / desk.agency, desk.folder)
            desk._open()
            desk.join(desk.anchors)
        self.under_way: list[tuple[Desk, Outgoing]] = []
        self.referrals: list[str] = []
        self.receipted: set[tuple[str, str]] = set()
        self.backups: dict[str, list[Path]] = {desk.agency: [] for desk in self.pair.desks}
        self.backup(True)
        self.backup(False)
        self.offer(0)
        self.exchange(True)
        there = self.pair.destination.client
        if far:
            there.get_referral(self.referrals[0])
            there.acknowledge(self.referrals[0])
        if far > 1:
            there.decide(self.referrals[0], [Item(number=1, state="accepted")])
        self.exchange(False)

    def desk(self, origin: bool) -> Desk:
        return self.pair.origin if origin else self.pair.destination

    # No rule has a precondition: what the nodes make at random must not decide what is drawn.

    @rule(seed=SEEDS)
    def offer(self, seed: int) -> None:
        """At most three in one story."""
        if len(self.referrals) == 3:
            self._act(bool(seed % 2), seed)
            return
        DONE["offer"] += 1
        chance = Random(seed)
        items = [
            Item(number=n, wish=chance.choice(("now", "now", "later", "undecided")))
            for n in range(1, chance.randint(2, 3))
        ]
        soon = self.pair.clock.now() + timedelta(hours=3) if seed % 2 else None
        try:
            sent = self.pair.origin.client.offer(
                destination=DESTINATION, consent_id=self.consent_id, items=items, record=bare(),
                respond_by=soon,
            )  # fmt: skip
        except (OnwardError, Refused) as fault:
            DONE[f"offer refused {fault.reason}"] += 1
            return
        self.referrals.append(sent.referral.referral_id)

    @rule(origin=EITHER, seed=SEEDS)
    def act(self, origin: bool, seed: int) -> None:
        self._act(origin, seed)

    @rule(origin=EITHER, seed=SEEDS)
    def act_again(self, origin: bool, seed: int) -> None:
        """Acts come more often than anything else."""
        self._act(origin, seed)

    def _act(self, origin: bool, seed: int) -> None:
        if not self.referrals:
            return
        chance = Random(seed)
        desk = self.desk(origin)
        side = "ORIGIN" if origin else "DESTINATION"
        try:
            view = desk.client.get_referral(chance.choice(self.referrals))
        except (OnwardError, Refused):
            return  # It has not come yet, or was lost.
        allowed = [
            kind
            for kind in KINDS
            if spec.acts()[kind].author in ("AUTHOR_EITHER", f"AUTHOR_{side}")
            and view.phase in TABLE[kind].phases
        ]
        kind = chance.choices(allowed or KINDS, [WEIGHTS.get(k, 3) for k in allowed or KINDS])[0]
        if chance.random() < 0.06:
            kind = chance.choice(KINDS)
        DONE["act"] += 1
        try:
            getattr(Acting(desk, view, self.consent_id, chance), kind)()
            DONE[f"wrote {kind}"] += 1
        except (OnwardError, Refused) as fault:
            DONE[f"{kind} refused {fault.reason}"] += 1
            if "INTERNAL" in str(fault):
                raise

    @rule(origin=EITHER)
    def send(self, origin: bool) -> None:
        self._send(origin)

    def _send(self, origin: bool) -> None:
        """What is due is sealed, and on its way."""
        DONE["send"] += 1
        desk = self.desk(origin)
        self.under_way += [(desk, one) for one in desk.due()]
        del self.under_way[:-12]

    @rule(seed=SEEDS)
    def deliver(self, seed: int) -> None:
        """One envelope arrives, out of order, maybe twice; maybe its receipt is lost."""
        if not self.under_way:
            self._send(bool(seed % 2))
            return
        DONE["deliver"] += 1
        place = seed % len(self.under_way) if seed % 3 else 0
        sender, one = self.under_way.pop(place)
        chance = Random(seed)
        (result,) = self.pair.other(sender).receive(one.envelope)
        if chance.random() < 0.15:
            (result,) = self.pair.other(sender).receive(one.envelope)
        if chance.random() < 0.15:
            self.under_way.append((sender, one))
        if chance.random() < 0.15:
            return
        try:
            sender.answered(one, result)
        except Refused as fault:
            DONE[f"receipt {fault.reason}"] += 1
            return
        if result.receipt:
            self._count(sender, one)

    def _count(self, sender: Desk, one: Outgoing) -> None:
        rows = sender.store.read(lambda tx: tx.entries(one.referral_id))
        side = "origin" if sender is self.pair.origin else "destination"
        mine = [row for row in rows if row.side == side and row.seq <= one.upto and row.delivered]
        self.receipted |= {(one.referral_id, row.hash) for row in mine}

    @rule(origin=EITHER)
    def exchange(self, origin: bool) -> None:
        """A good connection for a moment."""
        DONE["exchange"] += 1
        desk = self.desk(origin)
        desk.recover(self.pair.other(desk))
        for one in desk.due():
            (result,) = self.pair.other(desk).receive(one.envelope)
            desk.answered(one, result)
            if result.receipt:
                self._count(desk, one)

    @rule(origin=EITHER, seed=SEEDS)
    def act_and_send(self, origin: bool, seed: int) -> None:
        self._act(origin, seed)
        self.send(origin)

    @rule(turn=st.sampled_from(TURNS), origin=EITHER)
    def wait(self, turn: timedelta, origin: bool) -> None:
        """Time passes, and what is due is destroyed at one of them."""
        if self.pair.clock.at + turn - self.began < LONGEST:
            self.pair.clock.advance(turn)
        DONE["wait"] += 1
        self.desk(origin).node.erase_due()

    @rule(origin=EITHER, seed=SEEDS)
    def trouble(self, origin: bool, seed: int) -> None:
        """A restart, a backup, or a restore: of any of the backups, also of the newest."""
        what = ("restart", "backup", "backup", "restore", "act", "act", "act", "act")[seed % 8]
        if what == "act":
            self._act(origin, seed)
        elif what == "restart":
            DONE["restart"] += 1
            self.desk(origin).power_cut()
            assert not self.desk(origin).store.restored, "a restart is no restore"
        elif what == "backup":
            self.backup(origin)
        elif what == "restore":
            self.restore(origin, seed // 8)

    def backup(self, origin: bool) -> None:
        DONE["backup"] += 1
        desk = self.desk(origin)
        path = desk.folder / f"backup-{len(self.backups[desk.agency])}"
        path.unlink(missing_ok=True)
        self.backups[desk.agency].append(desk.backup(path))

    def restore(self, origin: bool, seed: int) -> None:
        DONE["restore"] += 1
        desk = self.desk(origin)
        saved = self.backups[desk.agency]
        # The newest more often than the others. Those that came after it are of another line.
        place = len(saved) - 1 if seed % 2 else seed % len(saved)
        desk.restore(saved[place])
        del saved[place + 1 :]
        held = {
            (referral_id, row.hash)
            for one in self.pair.desks
            for referral_id in self.referrals
            for row in self._rows(one, referral_id)
        }
        # What both have lost, nobody can give back.
        self.receipted &= held

    def _rows(self, desk: Desk, referral_id: str) -> list[Any]:
        return desk.store.read(lambda tx: tx.entries(referral_id))

    def teardown(self) -> None:
        if not hasattr(self, "referrals"):
            return
        try:
            self._drain()
            self._end_holds()
            for referral_id in self.referrals:
                self._check(referral_id)
        finally:
            self.pair.close()
            self.pair.clock.at = self.began

    def _drain(self) -> None:
        """Everything arrives."""
        desks = self.pair.desks
        for _ in range(40):
            busy = False
            for desk in desks:
                busy = desk.recover(self.pair.other(desk)) > 0 or busy
                for one in desk.due():
                    (result,) = self.pair.other(desk).receive(one.envelope)
                    desk.answered(one, result)
                    if result.receipt:
                        self._count(desk, one)
                    busy = True
            waits = [
                row for desk in desks for row in desk.store.read(
                    lambda tx: tx.due_restored(self.pair.clock.now() + timedelta(days=9), 99)
                )
            ]  # fmt: skip
            if not busy and not waits:
                return
            # Pauses between tries are at most ten minutes, and grow by half by chance.
            self.pair.clock.advance(timedelta(minutes=16))
        raise AssertionError("delivery does not come to an end")

    def _end_holds(self) -> None:
        """Whatever an order keeps, and whatever is withdrawn, is destroyed and certified."""
        self.pair.clock.advance(HELD)
        for desk in self.pair.desks:
            while desk.node.erase_due():
                pass
        self._drain()

    def _check(self, referral_id: str) -> None:
        here, there = (self._rows(desk, referral_id) for desk in self.pair.desks)
        assert [row.hash for row in here] == [row.hash for row in there]
        if not here:
            assert not any(one == referral_id for one, _ in self.receipted)
            return
        views = [desk.client.get_referral(referral_id) for desk in self.pair.desks]
        assert folded(views[0]) == folded(views[1])
        assert not any(view.restored or view.undelivered for view in views)
        numbers = [(row.side, row.seq) for row in here]
        assert len(set(numbers)) == len(numbers)
        hashes = {row.hash for row in here}
        lost = {one for named, one in self.receipted if named == referral_id} - hashes
        assert not lost, "receipted entries are gone"
        for desk in self.pair.desks:
            nothing_withdrawn(desk, referral_id)
        self._certified(referral_id)
        self._relayed(referral_id)
        edges(self.pair.origin, referral_id)

    def _book(self, referral_id: str) -> ledger.Ledger:
        desk = self.pair.origin
        return desk.store.read(lambda tx: ledger.load(tx, referral_id, desk.agency))

    def _certified(self, referral_id: str) -> None:
        """Both sides have certified each withdrawal, and the last certificates keep nothing."""
        state = self._book(referral_id).state()
        for one in state.withdrawals:
            for side in SIDES:
                said = state.certificates[side, one.entry]
                assert said.complete, (side, one)
                DONE["certified"] += 1
                DONE["certified again"] += said.number > 1

    def _relayed(self, referral_id: str) -> None:
        """A linked withdrawal stands in each referral that was offered before it."""
        book = self._book(referral_id)
        for one in book.state().withdrawals:
            act = book.act(one.entry)
            assert act is not None
            for other in self.referrals if one.linked else ():
                if not self._rows(self.pair.origin, other):
                    continue  # Lost at both.
                there = self._book(other)
                if there.logs["origin"][0].entry.time.seconds >= act.entry.time.seconds:
                    continue  # Not offered before it.
                said = [each for each in there.state().withdrawals if each.linked]
                wanted = one.categories if not one.everything else {""}
                assert all(any(each.covers(c) for each in said) for c in wanted), (one, said)
                DONE["relayed"] += other != referral_id


STEPS_TAKEN = ("offer", "act", "send", "deliver", "exchange", "wait", "restart", "backup",
               "restore")  # fmt: skip


@pytest.mark.timeout(900)
def test_whatever_happens_both_agree_in_the_end() -> None:
    DONE.clear()
    try:
        run_state_machine_as_test(
            Story,
            settings=settings(
                max_examples=EXAMPLES, stateful_step_count=STEPS, derandomize=True, database=None,
                deadline=None, suppress_health_check=list(HealthCheck),
                phases=(Phase.generate, Phase.shrink), print_blob=False,
            ),
        )  # fmt: skip
    finally:
        shutil.rmtree(root(), ignore_errors=True)
        print(sorted(DONE.items()))  # noqa: T201  # shown when it fails: what was done how often
    assert not NOT_DRAWN, sorted(NOT_DRAWN)
    steps = sum(DONE[name] for name in STEPS_TAKEN)
    assert steps >= LEAST, steps
    assert DONE["relayed"] > 0
    assert DONE["certified again"] > 0
