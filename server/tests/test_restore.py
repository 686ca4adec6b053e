"""A node that was restored from a backup gets back what it lost, and writes no number twice."""

from __future__ import annotations

import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from desk import DELAY, Desk
from nodes import Pair, reason
from onward_server.app.settings import SettingsError
from onward_server.service import recovery
from people import DESTINATION, agreed, first, record, wishes


def logs(desk: Desk, referral_id: str) -> list[tuple[str, int, str]]:
    rows = desk.store.read(lambda tx: tx.entries(referral_id))
    return [(row.side, row.seq, row.hash) for row in rows]


def equal(pair: Pair, referral_id: str) -> None:
    """Both nodes hold the same logs, derive the same, and none of them waits."""
    assert logs(pair.origin, referral_id) == logs(pair.destination, referral_id)
    here, there = pair.views(referral_id)
    assert here == there
    for desk in pair.desks:
        assert not desk.client.get_referral(referral_id).restored
        assert "restored" not in desk.needs(referral_id)
        assert not desk.store.read(lambda tx: tx.outbox(referral_id))


def test_the_origin_before_the_acceptance(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.offer()
    backup = pair.origin.backup(tmp_path / "backup")
    pair.accept(referral_id)
    pair.disclose(referral_id)
    before = logs(pair.origin, referral_id)
    pair.origin.restore(backup)
    assert pair.origin.store.restored
    assert pair.origin.client.get_referral(referral_id).restored
    assert "restored" in pair.origin.needs(referral_id)
    assert reason(pair.disclose, referral_id) == "RESTORED"
    assert len(logs(pair.origin, referral_id)) == 1, "nothing was written"
    pair.settle()
    assert logs(pair.origin, referral_id) == before
    equal(pair, referral_id)
    assert set(pair.origin.own_parts(referral_id).values()) == {"held"}
    pair.disclose(referral_id)
    equal(pair, referral_id)


@pytest.mark.parametrize("who", ["origin", "destination", "both"])
@pytest.mark.parametrize("when", ["nothing", "offer", "accepted", "disclosed", "withdrawn"])
def test_from_every_moment(pair: Pair, tmp_path: Path, who: str, when: str) -> None:
    """The story goes on to the certificates, and then one node or both fall back to a moment."""
    backups: dict[str, list[Path]] = {}

    def back_up(name: str) -> None:
        backups[name] = [desk.backup(tmp_path / f"{desk.agency}-{name}") for desk in pair.desks]

    back_up("nothing")
    referral_id = pair.offer()
    back_up("offer")
    pair.accept(referral_id)
    back_up("accepted")
    pair.disclose(referral_id)
    pair.destination.client.open(referral_id)
    pair.settle()
    back_up("disclosed")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    back_up("withdrawn")
    pair.erase()
    before = logs(pair.origin, referral_id)
    for number, desk in enumerate(pair.desks):
        if who in ("both", desk.agency.split(".")[0], ["origin", "destination"][number]):
            desk.restore(backups[when][number])
            assert unreadable(desk, referral_id)
    pair.settle()
    pair.erase()
    if who == "both" and when == "nothing":
        assert not logs(pair.origin, referral_id), "nobody has it any more"
        return
    equal(pair, referral_id)
    if who != "both":
        assert logs(pair.origin, referral_id) == before
    for desk in pair.desks:
        if when in ("nothing", "offer", "accepted") and who == "both":
            continue
        if when == "disclosed" and who == "both":
            # Nobody knows of the withdrawal any more, but the keys are gone: they are in no backup.
            assert reason(desk.client.open, referral_id) == "PART_GONE"
            continue
        assert unreadable(desk, referral_id)
        assert set(desk.part_rows(referral_id).values()) <= {"destroyed", "pending"}
        assert set(desk.own_parts(referral_id).values()) <= {"destroyed"}
        assert "name" not in held(desk, referral_id)


def held(desk: Desk, referral_id: str) -> set[str]:
    rows = desk.store.read(lambda tx: tx.parts(referral_id))
    return {row.category for row in rows if row.content is not None}


def unreadable(desk: Desk, referral_id: str) -> bool:
    """No way of reading gives content."""
    if reason(desk.client.get_referral, referral_id) == "NOT_FOUND":
        return True
    referral = desk.client.get_referral(referral_id)
    answers = {reason(desk.client.open, referral_id)}
    answers |= {reason(desk.client.open, referral_id, parts=[p.digest]) for p in referral.parts}
    return answers <= {"PART_GONE", "NOT_FOUND", "RESTORED", "PURPOSE_NOT_GRANTED"} and not any(
        part.readable for part in referral.parts
    )


def test_a_backup_taken_since_the_last_start(pair: Pair, tmp_path: Path) -> None:
    """The counter advances with each commit, not with each start."""
    referral_id = pair.accepted()
    pair.origin.power_cut()
    assert not pair.origin.store.restored
    backup = pair.origin.backup(tmp_path / "backup")
    pair.disclose(referral_id)
    pair.origin.restore(backup)
    assert pair.origin.store.restored
    pair.settle()
    equal(pair, referral_id)
    # The same backup again, and one from before: both are behind what has come since.
    pair.origin.restore(backup)
    assert pair.origin.store.restored
    pair.settle()
    equal(pair, referral_id)


def test_keys_that_are_gone_hold_up_no_withdrawal(pair: Pair, tmp_path: Path) -> None:
    """Both lost the withdrawal and its certificates; the keys were destroyed all the same."""
    referral_id = pair.disclosed()
    backups = [desk.backup(tmp_path / f"{desk.agency}.backup") for desk in pair.desks]
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    for desk, backup in zip(pair.desks, backups, strict=True):
        desk.restore(backup)
    pair.destination.client.alert(referral_id, first("safety_alert"))
    pair.destination.client.withdraw(referral_id, categories=["name"])
    pair.settle()
    for desk in pair.desks:
        assert not any(part.readable for part in desk.client.get_referral(referral_id).parts)
    equal(pair, referral_id)
    pair.erase()
    for desk in pair.desks:
        assert not held(desk, referral_id)


def test_a_restart_is_no_restore(pair: Pair) -> None:
    referral_id = pair.disclosed()
    for desk in pair.desks:
        desk.power_cut()
        desk.power_cut()
        assert not desk.store.restored
        assert not desk.client.get_referral(referral_id).restored


def test_a_crash_before_the_counter_is_no_restore(pair: Pair, tmp_path: Path) -> None:
    """The commit is on disk and was told to nobody: the database is ahead, and right."""
    referral_id = pair.accepted()
    pair.origin.store.close()
    counter = (pair.origin.folder / "keys" / "commits").read_bytes()
    pair.origin.power_cut()
    pair.disclose(referral_id)
    pair.origin.store.close()
    (pair.origin.folder / "keys" / "commits").write_bytes(counter)
    pair.origin.power_cut()
    assert not pair.origin.store.restored
    pair.settle()
    equal(pair, referral_id)


def test_what_nobody_had_got_is_lost_for_good(pair: Pair, tmp_path: Path) -> None:
    """Its number is free again, since it never left."""
    referral_id = pair.accepted()
    backup = pair.origin.backup(tmp_path / "backup")
    here = pair.origin.client
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    pair.origin.restore(backup)
    pair.settle()
    assert len(logs(pair.origin, referral_id)) == 3
    pair.disclose(referral_id)
    equal(pair, referral_id)


def test_it_withdraws_all_the_same(pair: Pair, tmp_path: Path) -> None:
    """The withdrawal takes a number that was taken: it seals, and is written again at its place."""
    referral_id = pair.accepted()
    backup = pair.origin.backup(tmp_path / "backup")
    pair.disclose(referral_id)
    pair.origin.restore(backup)
    pair.origin.client.withdraw(referral_id, everything=True)
    assert pair.origin.client.get_referral(referral_id).restored
    pair.carry(pair.origin)
    assert set(pair.destination.part_rows(referral_id).values()) <= {"sealed", "pending"}
    pair.settle()
    equal(pair, referral_id)
    numbers = [(side, seq) for side, seq, _ in logs(pair.origin, referral_id)]
    assert len(set(numbers)) == len(numbers)
    assert unreadable(pair.destination, referral_id)
    pair.erase()
    pair.erase()
    here, _ = pair.views(referral_id)
    assert (here.rest_reason, len(here.certified)) == ("withdrawn", 2)
    for desk in pair.desks:
        assert not held(desk, referral_id)


def test_a_withdrawal_of_the_destination_while_it_is_restored(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.accepted()
    backup = pair.destination.backup(tmp_path / "backup")
    pair.disclose(referral_id)
    pair.destination.client.open(referral_id)
    pair.settle()
    pair.destination.restore(backup)
    pair.destination.client.withdraw(referral_id, categories=["name"])
    pair.settle()
    equal(pair, referral_id)
    assert "name" not in {
        p.category for p in pair.destination.client.get_referral(referral_id).parts if p.readable
    }
    assert pair.destination.client.open(referral_id).record.HasField("contact_safe")


def test_ordinary_delivery_waits(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.accepted()
    pair.origin.client.disclose(referral_id, consent_id=pair.consent_id, record=record())
    backup = pair.origin.backup(tmp_path / "backup")
    pair.settle()
    pair.origin.restore(backup)
    assert not pair.origin.due()
    pair.settle()
    equal(pair, referral_id)


def test_destruction_does_not_wait(pair: Pair, tmp_path: Path) -> None:
    """The certificate does: its number is not known yet."""
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, categories=["name"])
    backup = pair.origin.backup(tmp_path / "backup")
    pair.settle()
    pair.origin.restore(backup)
    pair.clock.advance(DELAY)
    assert pair.origin.node.erase_due() == 0
    rows = pair.origin.store.read(lambda tx: tx.parts(referral_id))
    (name,) = [row for row in rows if row.category == "name" and row.content is not None][:1]
    assert reason(pair.origin.keys.decrypt, name.key_id, "", name.content or b"") == "PART_GONE"
    pair.settle()
    pair.erase()
    equal(pair, referral_id)


def test_what_the_other_has_seen_puts_one_referral_back(pair: Pair, tmp_path: Path) -> None:
    """Where keys and database were both restored, nothing tells, until the other agency writes."""
    other_id = pair.offer()
    referral_id = pair.accepted()
    backup = pair.origin.backup(tmp_path / "backup")
    pair.origin.store.close()
    counter = (pair.origin.folder / "keys" / "commits").read_bytes()
    pair.origin.power_cut()
    pair.disclose(referral_id)
    pair.destination.client.open(referral_id)
    pair.origin.restore(backup)
    pair.origin.store.close()
    (pair.origin.folder / "keys" / "commits").write_bytes(counter)
    pair.origin.keys.close()
    pair.origin._open()
    pair.origin.join(pair.origin.anchors)
    pair.origin.store.write(lambda tx: tx.clear_restored("", pair.destination.agency))
    for one in (referral_id, other_id):
        pair.origin.store.write(lambda tx, i=one: tx.clear_restored(i, pair.destination.agency))
    (result,) = pair.carry(pair.destination)
    assert result.problem.heads.origin.seq == 1
    assert pair.origin.client.get_referral(referral_id).restored
    assert not pair.origin.client.get_referral(other_id).restored
    pair.settle()
    equal(pair, referral_id)


def test_many_entries_come_back_in_several_answers(pair: Pair, tmp_path: Path) -> None:
    backup = pair.origin.backup(tmp_path / "backup")
    referral_id = pair.accepted()
    for _ in range(80):
        pair.origin.client.get_referral(referral_id)
        pair.origin.client.remind(referral_id)
    pair.settle()
    before = logs(pair.origin, referral_id)
    pair.origin.restore(backup)
    pair.settle()
    assert logs(pair.origin, referral_id) == before
    equal(pair, referral_id)


def test_the_backup_command_copies_the_database_only(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.disclosed()
    path = pair.origin.backup(tmp_path / "backup")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SettingsError):
        pair.origin.backup(path)
    with sqlite3.connect(path) as copy:
        found = copy.execute("SELECT count(*) FROM entries WHERE referral_id = ?", (referral_id,))
        assert found.fetchone()[0] == 4
        assert "keys" not in {
            name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    copy.close()


def test_what_both_have_lost_is_not_asked_for_for_ever(pair: Pair, tmp_path: Path) -> None:
    """Late envelopes tell each of a referral that neither has any more."""
    saved = [desk.backup(tmp_path / f"{desk.country}.sqlite3") for desk in pair.desks]
    referral_id = pair.accepted()
    for desk in pair.desks:
        desk.client.get_referral(referral_id)
        desk.client.alert(referral_id, "missing")
    late = [desk.due()[0].envelope for desk in pair.desks]
    for desk, backup in zip(pair.desks, saved, strict=True):
        desk.restore(backup)
        desk.recover(pair.other(desk))
    for desk, envelope in zip(pair.desks, late, strict=True):
        pair.other(desk).receive(envelope)
    asked = [desk.recover(pair.other(desk)) for desk in pair.desks]
    assert sum(asked) > 0
    pair.clock.advance(timedelta(minutes=16))
    assert [desk.recover(pair.other(desk)) for desk in pair.desks] == [0, 0]


def test_no_new_offer_before_the_partner_has_told_what_there_is(pair: Pair, tmp_path: Path) -> None:
    consent = pair.origin.client.record_consent(agreed()).consent_id
    backup = pair.origin.backup(tmp_path / "backup")
    lost = pair.disclosed()
    pair.origin.client.get_referral(lost)
    pair.origin.client.withdraw(lost, everything=True, linked=True)
    pair.settle()
    pair.origin.restore(backup)

    def offer() -> None:
        pair.origin.client.offer(
            destination=DESTINATION, consent_id=consent, items=wishes(), record=record()
        )

    assert reason(offer) == "RESTORED", "she may have taken something back in what is lost"
    ctx = pair.origin.ctx
    (row,) = recovery.due(ctx, 9)
    question = recovery.ask(ctx, row)
    recovery.take(ctx, question, pair.destination.call("Exchange.Resync", question.request))
    assert reason(offer) == "RESTORED", "it is listed, and not back"
    pair.settle()
    offer()


def test_no_emergency_reads_what_may_have_been_withdrawn(pair: Pair, tmp_path: Path) -> None:
    referral_id = pair.disclosed()
    there = pair.destination
    asked = there.client.request_break_glass(
        referral_id, reason="danger_to_life", categories=["name"]
    )
    for login in ("s-1", "s-2"):
        there.as_role("supervisor", login).approve_break_glass(asked.opening_id)
    backup = there.backup(tmp_path / "backup")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    there.restore(backup)
    assert reason(there.client.open_break_glass, asked.opening_id) == "RESTORED"
    checked = {"categories": ["name"], "purposes": ["service_delivery"], "feedback": "nothing"}
    assert reason(there.client.check_understanding, referral_id, **checked) == "RESTORED"
