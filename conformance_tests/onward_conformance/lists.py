"""Other trust lists for the target, while the suite runs: newer ones, stale ones, hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from onward_conformance.check import Bench
from onward_conformance.hands import NoHands
from onward_conformance.jose import unb64
from onward_conformance.network import DAY, Draft, Json, News, moment, now
from onward_conformance.question import question
from onward_conformance.results import Failed
from onward_conformance.wire import Answer, Unreachable

Change = Callable[[Draft], Any]
"""Makes a list another than it would be."""


def news(bench: Bench) -> News:
    """The way to give the target a list. Raises NoHands where there is none."""
    if bench.news is None:
        raise NoHands("target.toml names no take_list, which gives the target another trust list")
    return bench.news


def ask(bench: Bench, method: str, code: str) -> Answer:
    """A question that changes nothing, of an agency whose standing no check changes."""
    asked = question(bench.cast.second, bench.agency, code)
    return bench.wire.ask(method, {"request": asked})


def publish(bench: Bench, change: Change | None = None) -> None:
    """The suite's next list, changed so; it is waited for until the target goes by it."""
    give = news(bench)
    bench.network.seq += 1
    draft = bench.network.draft()
    if change is not None:
        change(draft)
    try:
        give(draft.signed())
    except NoHands as fault:
        if change is None:
            raise
        # If the program is at fault, the good list after this one shows it.
        raise Failed("the list to be taken", str(fault), by="TRST-008") from None
    wait(bench)


def renew(bench: Bench) -> None:
    """A run begins with a fresh list: the one before may be old, or a run that was killed has left
    one behind that is wrong on purpose.
    """
    if bench.news is not None:
        bench.network.seq += 3  # Hostile lists were ahead of the suite's by two.
        # If it fails, the checks that need a list say so.
        with suppress(Failed, NoHands, Unreachable):
            bench.news()
            wait(bench)


def wait(bench: Bench) -> None:
    """Until the target goes by the suite's newest list. Raises Failed if it never does."""

    def judged() -> bool:
        said = ask(bench, "GetNode", "get_node").said or {}
        return said.get("trustList") == bench.network.seq

    if not judged():
        bench.until("the newest trust list in force", judged, by="TRST-008")


@contextmanager
def listing(bench: Bench, change: Change) -> Iterator[None]:
    """As long as it lasts, the target goes by the next list, changed so."""
    try:
        publish(bench, change)
        yield
    finally:
        publish(bench)


def unstamped(draft: Draft) -> None:
    """Without a stamp a list is stale."""
    draft.stamper = None


def expired(draft: Draft) -> None:
    """Its own end has come."""
    times = {"issuedAt": moment(now() - 91 * DAY), "expiresAt": moment(now() - DAY)}
    draft.said |= times


def stale(draft: Draft) -> None:
    """Stale for two reasons, so that a check of what follows does not rest on one of them."""
    unstamped(draft)
    expired(draft)


def hostile(bench: Bench, change: Change) -> Json:
    """A list that is newer than the suite's next one, names a stranger, and is changed so."""
    draft = bench.network.draft()
    draft.said["seq"] += 2
    draft.said["agencies"].append(bench.cast.stranger.entry())
    change(draft)
    return draft.signed()


def refused(bench: Bench, *lists: Json) -> None:
    """None of these lists may change anything: the one before them stays, and so do its members.
    The suite's next list, whose number is lower than that of a hostile one, must be taken then.
    """
    give, network = news(bench), bench.network
    try:
        before = payload(bench)
        for one in lists:
            with suppress(NoHands):  # To fail is right: the list has to be refused.
                give(one)
            if payload(bench) != before:
                raise Failed("the list before to stay in force", "another list")
            _no_stranger(bench)
        network.seq += 1
        _next(bench, give)
    except Failed:
        # Whatever the target goes by now, the next but two is newer.
        network.seq += 3
        with suppress(Failed, NoHands):
            _next(bench, give)
        raise


def _next(bench: Bench, give: News) -> None:
    give()
    try:
        wait(bench)
    except Failed as failed:
        raise Failed("a good list to be taken after it", failed.came) from None


def payload(bench: Bench) -> bytes:
    """The bytes of the list that the target goes by."""
    answer = ask(bench, "GetTrustList", "get_trust_list")
    if answer.said is None:
        raise Failed("the trust list", str(answer))
    return unb64(answer.said["payload"])


def _no_stranger(bench: Bench) -> None:
    """Whom only the hostile list names is still nobody."""
    asked = question(bench.cast.stranger, bench.agency, "get_node")
    answer = bench.wire.ask("GetNode", {"request": asked})
    if answer.reason != "AGENCY_UNKNOWN":
        raise Failed("AGENCY_UNKNOWN to whom only the refused list names", str(answer))


def entry(draft: Draft, name: str) -> Json:
    """An agency's entry in a list that is not signed yet."""
    found: Json = next(one for one in draft.said["agencies"] if one["agency"] == name)
    return found
