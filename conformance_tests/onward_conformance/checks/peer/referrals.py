"""Which referrals there are: a partner asks, that was restored and may not know of all of them."""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.checks.peer.questions import ask
from onward_conformance.jose import Bad, verify
from onward_conformance.network import Agency
from onward_conformance.referral import identifier
from onward_conformance.results import Failed
from onward_conformance.road import offered
from onward_conformance.said import claims, told

MOST = 256
"""Referrals that one answer names."""
PAGES = 100


def _listed(bench: Bench, by: Agency, after: str = "") -> list[str]:
    """One page of what the target says to this agency, once it is signed and in order."""
    nonce = identifier()
    more: dict[str, Any] = {"after": after} if after else {}
    answer = ask(bench, "Resync", by, nonce=nonce, **more)
    if answer.problem is not None:
        raise Failed("an answer", str(answer), by="RST-010")
    keys = bench.network.key_of_target("sign", bench.agency)
    try:
        said = claims(verify(told(answer.said or {})["answer"], "onward-resync+jws", keys))
    except Bad as bad:
        raise Failed("an answer that verifies", str(bad), by="RST-011") from None
    if (said.get("nonce"), said.get("aud")) != (nonce, by.name):
        raise Failed("the question's nonce, and who asks", said, by="RST-011")
    found: list[str] = said.get("referrals", [])
    if found != sorted(set(found)) or (found and found[0] <= after):
        raise Failed("ids that ascend after the last", found, by="RST-028")
    return found


def _all(bench: Bench, by: Agency) -> set[str]:
    """All pages."""
    found = page = _listed(bench, by)
    for _ in range(PAGES):
        if len(page) < MOST:
            break
        page = _listed(bench, by, page[-1])
        found = found + page
    return set(found)


@check("RST-010", "RST-011")
def referrals_of_who_asks(bench: Bench) -> None:
    """It has lost all of them, and is told the one that it had offered."""
    mine = offered(bench)
    if mine.referral_id not in _all(bench, bench.cast.partner):
        raise Failed("the id of its referral", "not among those that were named")


@check("RST-012", negative=True)
def no_referrals_of_others(bench: Bench) -> None:
    """Nobody is told which referrals there are with somebody else."""
    theirs = offered(bench, author=bench.cast.second)
    if theirs.referral_id in _all(bench, bench.cast.partner):
        raise Failed("no id of another agency's referral", "one")
