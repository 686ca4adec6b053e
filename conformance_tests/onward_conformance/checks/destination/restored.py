"""A partner says that it has more of the target's log than there is. The target takes itself for
restored in that referral alone, asks, believes what is signed, and goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.certificates import certified
from onward_conformance.checks.destination.withdrawn import ALL, unreadable
from onward_conformance.checks.peer.questions import NOTHING, resync
from onward_conformance.given_back import FAR, Open, Reply, claiming, first
from onward_conformance.hands import Refusal
from onward_conformance.jose import compact, digest, sign
from onward_conformance.network import Json
from onward_conformance.oracle import readable
from onward_conformance.peer import Arrival
from onward_conformance.referral import Referral, identifier
from onward_conformance.results import Failed
from onward_conformance.road import (
    act,
    disclosed,
    entries,
    give,
    offered,
    states,
)
from onward_conformance.written import twice

HELD_OPEN = 15.0
"""Seconds for which a question is left open, at most."""


def _claim(bench: Bench, referral: Referral, reply: Reply | None = None) -> None:
    """The suite has seen what the target never wrote. Waits for the question, to reply so."""
    if reply:
        bench.peer.replies[referral.referral_id] = reply
    token = referral.signed(referral.entry("remind", seen=FAR))
    bench.refused(referral.envelope(referral.bundle([token])), "GAP", by="RST-006")
    _asked(bench, referral)


def _asked(bench: Bench, referral: Referral) -> None:
    name = referral.referral_id
    bench.until(
        "a question for Resync",
        lambda: any(one.get("referralId") == name for one in bench.peer.asked) or None,
        by="RST-006",
    )


@contextmanager
def _restored(bench: Bench, referral: Referral) -> Iterator[None]:
    """As long as it lasts, the target waits for an answer."""
    # In one process with the target nobody can wait: it is answered nothing, and asks again.
    reply = Open(referral, 0.0 if bench.pump else HELD_OPEN)
    try:
        _claim(bench, referral, reply)
        yield
    finally:
        reply.go.set()


def _goes_on(bench: Bench, referral: Referral, by: str = "RST-023") -> None:
    """The target can act again, as soon as it has what it needs."""

    def done() -> bool | None:
        try:
            bench.hand.call("Referrals.Acknowledge", {"referralId": referral.referral_id})
        except Refusal as refusal:
            if bench.hand.specified and refusal.reason != "RESTORED":
                raise
            return None
        return True

    bench.until("the referral to go on", done, by=by)


@check("RST-006", negative=True)
def entry_that_saw_what_the_target_lost(bench: Bench) -> None:
    """It is a gap; the target asks for what it has lost in that referral, and in no other."""
    referral, other = offered(bench), offered(bench)
    with _restored(bench, referral):
        act(bench, other, "Acknowledge")
        if other.referral_id in {one.get("referralId") for one in bench.peer.asked}:
            raise Failed("no question for another referral", "one")
    _goes_on(bench, referral)


@check("RST-006", negative=True)
def receipt_that_names_what_the_target_lost(bench: Bench) -> None:
    """A receipt gives a head of the target's log that it never wrote: the target asks."""
    referral = offered(bench)

    def ahead(_: Arrival, result: Json) -> Json:
        said = readable(result["receipt"])
        said["heads"]["destination"] = FAR
        return {"receipt": sign(compact(said), "onward-receipt+jws", referral.author.sign)}

    bench.peer.manners[referral.referral_id] = ahead
    bench.act("Referrals.Acknowledge", {"referralId": referral.referral_id})
    _asked(bench, referral)
    bench.peer.manners.clear()


@check("RST-004", negative=True)
def restored_referral_is_left_alone(bench: Bench) -> None:
    """Nobody acts in it, and nobody reads its content, until the answer has come."""
    referral = disclosed(bench)
    request = {"referralId": referral.referral_id}
    with _restored(bench, referral):
        bench.act_refused("Referrals.Open", request, "RESTORED")
        items = states("in_delivery")
        bench.act_refused("Referrals.Progress", {**request, "items": items}, "RESTORED")


@check("RST-004")
def she_withdraws_in_a_restored_referral(bench: Bench) -> None:
    """Nothing holds back what she takes back: it is written, and sent."""
    referral = disclosed(bench)
    with _restored(bench, referral):
        bench.act("Referrals.Withdraw", {"referralId": referral.referral_id, **ALL})
        bench.came(referral, "withdraw", by="RST-004")


@check("RST-020", negative=True)
def answer_that_is_not_the_asked_agencys(bench: Bench) -> None:
    """Signed by another, or by a key that is over, for another, by another, to another question,
    or of another referral: nothing of what comes with it is taken.
    """
    second = bench.cast.second
    wrong: list[Json] = [
        {"key": second.sign}, {"key": bench.cast.partner.retired}, {"iss": second.name},
        {"aud": second.name}, {"nonce": identifier()}, {"referralId": identifier()},
    ]  # fmt: skip
    _nothing_taken(bench, wrong, "RST-020")


@check("JSON-006", "RST-020", negative=True)
def answer_to_the_question_with_a_member_twice(bench: Bench) -> None:
    """What its author has signed names a member twice."""
    _nothing_taken(bench, [{"write": twice("nonce")}], "JSON-006")


def _nothing_taken(bench: Bench, wrong: list[Json], by: str) -> None:
    """The target asks for what it has lost, and is first answered so: it takes nothing of it."""
    tried = []
    for changed in wrong:
        referral = offered(bench)
        token = referral.signed(referral.entry("remind"))
        heads = referral.heads | {"origin": {"seq": 2, "hash": digest(token)}}
        bad = claiming(referral, [token], heads=heads, **changed)
        _claim(bench, referral, first(bad, claiming(referral)))
        tried.append((referral, token, min(changed)))
    for referral, token, name in tried:
        _goes_on(bench, referral)
        if digest(token) in entries(bench, referral):
            said = f"nothing from an answer with another {name}"
            raise Failed(said, "an entry of it is stored", by=by)


@check("RST-025", negative=True)
def answer_with_another_log_of_the_partner(bench: Bench) -> None:
    """What the partner signed once stands, whatever it gives back in its place."""
    referral = offered(bench)
    other = referral.signed(referral.entry("remind", respondBy="2030-01-01T00:00:00Z"))
    give(bench, referral, "remind")
    heads = {"origin": {"seq": 2, "hash": digest(other)}, "destination": {}}
    _claim(bench, referral, first(claiming(referral, [other], heads=heads), claiming(referral)))
    _goes_on(bench, referral)
    found = entries(bench, referral)
    if digest(other) in found or digest(referral.log[-1]) not in found:
        raise Failed("the entry that was there first", "the other")


@check("RST-026", negative=True)
def claim_that_nobody_shows(bench: Bench) -> None:
    """The partner says again and again that it has more, and gives nothing back: it goes on."""
    referral = offered(bench)
    heads = referral.heads | {"destination": FAR}
    _claim(bench, referral, claiming(referral, heads=heads))
    _goes_on(bench, referral, by="RST-026")


@check("RST-021", "RST-026", negative=True)
def claim_with_an_entry_that_the_target_never_signed(bench: Bench) -> None:
    """The partner gives back an entry in the target's name, which the target has not signed."""
    referral = offered(bench)
    said = referral.entry(
        "acknowledge", author=bench.agency, recipient=referral.author.name, seq=1, prev=None,
        seen=referral.heads["origin"],
    )  # fmt: skip
    forged = referral.signed(said)
    heads = referral.heads | {"destination": {"seq": 1, "hash": digest(forged)}}
    honest = claiming(referral)
    _claim(bench, referral, first(claiming(referral, [forged], heads=heads), honest))
    _goes_on(bench, referral, by="RST-026")
    if digest(forged) in entries(bench, referral):
        raise Failed("nothing that the target has not signed", "it is stored")


@check("RST-022", negative=True)
def withdrawal_that_comes_back(bench: Bench) -> None:
    """With the answer comes a withdrawal that had never reached the target: it is carried out."""
    referral = disclosed(bench)
    token = referral.signed(referral.entry("withdraw", **ALL))
    before = len(referral.log)

    def reply(asking: Json) -> Json:
        referral.log[before:] = [token]
        return claiming(referral, [token])(asking)

    _claim(bench, referral, reply)
    certified(bench, referral, token, by="RST-022")
    unreadable(bench, referral, by="RST-022")


@check("RST-017")
def answer_of_a_target_that_waits_itself(bench: Bench) -> None:
    """The partner asks the target, which has no answer of its own yet: what it says is provisional,
    and no longer once it goes on."""
    referral = offered(bench)
    with _restored(bench, referral):
        before, _ = resync(bench, referral, NOTHING)
        if before.get("provisional") is not True:
            raise Failed("a provisional answer", before.get("provisional"))
    _goes_on(bench, referral)
    after, _ = resync(bench, referral, NOTHING)
    if after.get("provisional"):
        raise Failed("an answer that is not provisional", "one that is", by="RST-023")
