"""A way back told over REST and over gRPC, between two nodes in processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from onward.core import waycode
from onward.v1.knocks_pb2 import SelfReferral
from onward_server.demo.desks import wait
from onward_server.demo.world import Transport, World


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_knocks_over(transport: Transport, tmp_path: Path) -> None:
    world = World.make(tmp_path, peers=(transport, transport))
    try:
        world.start()
        owner, desk = (
            world.origin.client(transport, "u-17"),
            world.destination.client(transport, "n-4"),
        )
        made = owner.make_standing_offer(
            services=["legal_advice"], question="song", answer="Amar shonar bangla"
        )
        assert waycode.parse(made.code).question == "song"
        asked = desk.claim(waycode.shown(made.code), answer="amar shonar bangla!")
        wait(
            lambda: desk.get_knock(asked.knock_id).status == "confirmed" or None,
            "an answer",
        )
        found = desk.get_knock(asked.knock_id)
        assert (found.agency, list(found.services)) == (world.origin.agency, ["legal_advice"])
        (there,) = owner.list_knocks()
        assert there.knock_id == found.resumes
        owner.answer_knock(there.knock_id)

        help_ = SelfReferral(
            who="self", entry_channel="self", services=["shelter_emergency"], country="IN"
        )
        sent = desk.refer_self(world.origin.agency, help_)
        wait(lambda: len(list(owner.list_knocks())) == 2 or None, "a self-referral to arrive")
        new = next(one for one in owner.list_knocks() if one.kind == "self_referral")
        owner.answer_knock(new.knock_id, result="can_help")
        wait(lambda: desk.get_knock(sent.knock_id).status == "answered" or None, "the answer")
        assert [one.status for one in owner.list_standing_offers()] == ["resumed"]
        assert owner.revoke_standing_offer(made.offer.offer_id).status == "revoked"
        again = desk.claim(made.code, answer="Amar shonar bangla")
        wait(lambda: desk.get_knock(again.knock_id).status == "not_confirmed" or None, "a refusal")
        for client in (owner, desk):
            client.disconnect()
    finally:
        world.stop()
