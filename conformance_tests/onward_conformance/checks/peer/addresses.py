"""Addresses in what the target is sent: nobody is called because a message says so."""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.listener import Listener
from onward_conformance.network import Json
from onward_conformance.question import question
from onward_conformance.referral import Envelope, part
from onward_conformance.results import Failed
from onward_conformance.road import accepted, give, opened


def _offer(bench: Bench, entry: Json, **changed: Any) -> Envelope:
    referral = bench.referral()
    made = referral.entry("offer", items=[{"number": 1, "wish": "now"}])
    return referral.envelope(referral.bundle([referral.signed(made, **entry)]), **changed)


@check("ENV-018", negative=True)
def address_where_a_key_would_be(bench: Bench) -> None:
    """In the headers of envelope, seal, entry and question: nothing is fetched from there."""
    with Listener() as bait:
        for name in ("jku", "x5u"):
            link = {name: f"{bait.address}/keys.json"}
            bench.send(_offer(bench, {}, token=link), _offer(bench, {}, sealing=link))
            bench.send(_offer(bench, link))
            asked = question(bench.cast.partner, bench.agency, "get_node", header=link)
            bench.wire.ask("GetNode", {"request": asked})
        if bait.called():
            raise Failed("no call to an address in a header", "a call")


@check("ENV-018", negative=True)
def address_in_what_is_told(bench: Bench) -> None:
    """In text that a person at the target reads: the node does not look what is there."""
    with Listener() as bait:
        referral = accepted(bench)
        told = {"language": "en", "handover": f"See {bait.address}/photo.png ."}
        given = referral.grant(["caseworker_notes"])
        parts = [part("grant", given), part("caseworker_notes", told)]
        give(bench, referral, "disclose", parts, grantId=given["grantId"])
        opened(bench, referral)
        if bait.called():
            raise Failed("no call to an address in a text", "a call")
