"""Ways back that the target has given. The suite's agencies are the desks where they are told."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.knocking import WRONG, given
from onward_conformance.results import Failed


@check("KNCK-036", "KNCK-033", negative=True)
def fifth_wrong_claim_locks_the_serial(bench: Bench) -> None:
    """After five guesses of a desk, what is right is not confirmed there either."""
    way = given(bench, "flower")
    way.guessed(bench.cast.partner)
    if (found := way.claims(bench.cast.partner)["result"]) != "not_confirmed":
        raise Failed("a serial that is locked", found)


@check("KNCK-036")
def fourth_wrong_claim_locks_nothing(bench: Bench) -> None:
    """Who has said it wrongly a few times is still let in."""
    way = given(bench, "animal")
    way.guessed(bench.cast.partner, WRONG - 1)
    if (found := way.claims(bench.cast.partner)["result"]) != "confirmed":
        raise Failed("a claim that is confirmed", found)


@check("KNCK-036")
def lock_is_for_the_desk_that_guesses(bench: Bench) -> None:
    """Guesses at one desk don't keep her from coming back at another."""
    way = given(bench, "dish")
    way.guessed(bench.cast.partner)
    if (found := way.claims(bench.cast.second)["result"]) != "confirmed":
        raise Failed("a claim that is confirmed at another desk", found)


@check("KNCK-036", negative=True)
def lock_holds_off_a_revocation(bench: Bench) -> None:
    """Whoever has guessed at a desk, and guesses right at last, can't end her way back there."""
    way = given(bench, "game")
    way.guessed(bench.cast.partner)
    way.claims(bench.cast.partner, "revoke")
    if (found := way.claims(bench.cast.second)["result"]) != "confirmed":
        raise Failed("a way back that still stands", found)


@check("KNCK-039", "KNCK-033", negative=True)
def way_back_that_was_revoked(bench: Bench) -> None:
    """Her card is lost, and she says so at a desk: nobody can use the way back any more."""
    way = given(bench, "song")
    if (found := way.claims(bench.cast.partner, "revoke")["result"]) != "confirmed":
        raise Failed("a claim that is confirmed", found)
    for purpose in ("resume", "withdraw"):
        if (found := way.claims(bench.cast.second, purpose)["result"]) != "not_confirmed":
            raise Failed("an offer that has ended", found)
