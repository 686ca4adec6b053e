"""Failures of other systems (domain.md section 9, T13 and T14): who may read and delete what."""

from __future__ import annotations

from dataclasses import replace

from google.protobuf.message_factory import GetMessageClass

from desk import ALL_SCOPES
from nodes import Pair, reason
from onward.auth import Login
from onward.core import spec
from onward_server.adapters.sql.store import SqlStore
from onward_server.service.access import Caller
from onward_server.service.node import Node


def test_T13_who_may_only_read_deletes_nothing(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination
    held = there.part_rows(referral_id)
    writes = {rpc.scope for rpc in spec.rpcs().values() if rpc.kind}
    there.scopes = ALL_SCOPES - writes
    digests = [one.digest for one in there.client.get_referral(referral_id).parts]
    for work, what in (
        (there.client.correct, {"corrects": digests[:1]}),
        (there.client.erase, {}),
        (there.client.withdraw, {"everything": True}),
        (there.client.open, {}),
    ):
        assert reason(work, referral_id, **what) == "SCOPE_INSUFFICIENT"
    there.scopes = ALL_SCOPES
    assert reason(there.client.correct, referral_id, corrects=digests[:1]) == "STATE_CONFLICT"
    assert there.part_rows(referral_id) == held
    reader = there.as_role("publisher")
    reader.get_referral(referral_id)
    # A withdrawal alone is taken from whoever is there (WDRW-026): it waits for no role.
    for work in (reader.erase, reader.open, reader.handover):
        assert reason(work, referral_id) == "ROLE_INSUFFICIENT"


OF_A_REFERRAL = [
    rpc for rpc in spec.rpcs().values()
    if rpc.plane == "PLANE_LOCAL" and "referral_id" in rpc.input.fields_by_name and rpc.http_path
    and "{referral_id}" in rpc.http_path
]  # fmt: skip


def test_T14_what_belongs_to_another_referral_is_not_found(pair: Pair) -> None:
    mine, other = pair.disclosed(), pair.disclosed()
    there = pair.destination.client
    foreign = next(
        part.digest for part in there.get_referral(other).parts if part.category == "name"
    )
    assert reason(there.open, mine, parts=[foreign]) == "NOT_FOUND"
    assert reason(pair.origin.client.correct, mine, corrects=[foreign]) == "STATE_CONFLICT"
    pair.origin.client.handover(other)
    signed = pair.origin.client.list_entries(other)[-1].hash
    pair.settle()
    assert reason(there.handover, mine, confirms=signed) == "STATE_CONFLICT"
    assert there.open(other, parts=[foreign]).record.HasField("name")


def test_T14_for_every_verb_anothers_referral_answers_as_none_does(pair: Pair) -> None:
    """On a shared node the database holds other agencies' cases, too."""
    referral_id = pair.disclosed()
    stranger = SqlStore(pair.origin.database, "other.gov.bd.example", pair.origin.keys.commits)
    own, pair.origin.ctx = pair.origin.ctx, replace(pair.origin.ctx, store=stranger)
    node = Node(replace(pair.origin.ctx, agency="other.gov.bd.example"))
    login = Login("other.gov.bd.example", pair.origin.login_key, pair.clock.seconds)
    try:
        for rpc in OF_A_REFERRAL:
            for one in (referral_id, "unknown-0001"):
                request = GetMessageClass(rpc.input)(referral_id=one)
                if "write" in rpc.input.fields_by_name:
                    request.write.request_id = f"request-{rpc.name}"
                    request.write.purpose = "service_delivery"
                    request.write.actor = login.assertion("u-17", _role(rpc))
                caller = Caller("case-management", ALL_SCOPES)
                assert reason(node.call, rpc, request, caller) == "NOT_FOUND", rpc.name
    finally:
        pair.origin.ctx = own
        stranger.close()


def _role(rpc: spec.Rpc) -> str:
    return next(one.id for one in spec.roles().values() if rpc.scope in one.scopes)
