"""Each call of the local plane is one method of both clients, and both send the same."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from client_node import ID, QUICK, Behaviour
from every_basis_call import BASES
from every_call import CALLS, CONSENTS, HOLDS, ROAD
from onward.calls import Calls
from onward.client import AsyncClient, Client
from onward.core import spec
from onward.session import Session
from onward.transports.memory import AsyncMemory, Memory
from onward.v1.categories_pb2 import CaseRecord, OfferRecord
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item
from onward.v1.knocks_pb2 import ComplaintNotice, SelfReferral


def consent() -> ConsentRecord:
    result = ConsentRecord(
        subject_id="subject-0001",
        subject_kind="survivor",
        age_class="adult",
        status="given",
        onward_sharing="none",
        feedback="none",
        retention_days=30,
        given_by="person",
        method="verbal",
        notice_language="bn",
        notice_form="read_aloud",
    )
    for moment in (result.valid_from, result.valid_until, result.given_at):
        moment.FromSeconds(1_800_000_000)
    for field in spec.messages()["onward.v1.ConsentRecord"].fields:
        codes = spec.rule(field).codes
        if codes and not spec.repeated(field):
            setattr(result, field.name, spec.registries()[codes].allowed()[0])
    return result


ITEM = Item(number=1)
KIND = spec.registries()["follow_up_kind"].allowed()[0]
HELP = SelfReferral(who="self", entry_channel="self", services=["medical_care"], country="BD")
COMPLAINT = ComplaintNotice(agency="b.example", complaint="punishment")

EVERY_CALL: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "offer": (
        (),
        {
            "destination": "b.example",
            "consent_id": "consent-0001",
            "items": [ITEM],
            "record": OfferRecord(),
        },
    ),
    "acknowledge": ((ID,), {}),
    "decide": ((ID, [Item(number=1, state="accepted")]), {}),
    "disclose": ((ID,), {"consent_id": "consent-0001", "record": CaseRecord()}),
    "open": ((ID,), {"parts": ["d" * 43]}),
    "progress": ((ID, [ITEM]), {}),
    "handover": ((ID,), {"confirms": "d" * 43}),
    "follow_up": ((ID,), {"follow_up": KIND, "record": CaseRecord()}),
    "complete": ((ID,), {}),
    "close": ((ID,), {}),
    "withdraw": ((ID,), {"everything": True}),
    "erase": ((ID,), {}),
    "preview": ((), {"destination": "b.example", "record": CaseRecord()}),
    "get_referral": ((ID,), {}),
    "list_referrals": ((), {}),
    "list_entries": ((ID,), {}),
    "export_log": ((ID,), {}),
    "list_needs_human": ((), {}),
    "record_consent": ((consent(),), {}),
    "get_consent": (("consent-0001",), {}),
    "list_agencies": ((), {}),
    "publish_services": (([],), {"expected_seq": 3}),
    "list_services": ((), {"service_type": "work", "country": "IN"}),
    "make_standing_offer": (
        (),
        {"services": ["medical_care"], "question": "fruit", "answer": "mango"},
    ),
    "list_standing_offers": ((), {}),
    "revoke_standing_offer": (("offer-0001",), {}),
    "claim": (("1018 0305 46466",), {"answer": "mango"}),
    "refer_self": (("b.example", HELP), {}),
    "lodge_complaint": ((COMPLAINT,), {}),
    "answer_knock": (("knock-0001",), {"result": "can_help"}),
    "get_knock": (("knock-0001",), {}),
    "list_knocks": ((), {}),
    "list_audit": ((), {"after": 2, "page_size": 2}),
    **HOLDS,
    **ROAD,
    **CALLS,
    **BASES,
    **CONSENTS,
}


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


def test_each_rpc_of_the_local_plane_has_one_method() -> None:
    local = {snake(rpc.name) for rpc in spec.rpcs().values() if rpc.plane == "PLANE_LOCAL"}
    own = set(dir(Calls)) - set(dir(Session))
    written = {name for name in own if not name.startswith("_")}
    assert written == local == set(EVERY_CALL) | {"watch"}
    for kind in (Client, AsyncClient):
        for name in written:
            ours, theirs = (inspect.signature(getattr(one, name)) for one in (kind, Calls))
            assert ours.parameters == theirs.parameters


def _plain(value: Any) -> Any:
    return list(value) if inspect.isgenerator(value) else value


async def _aplain(value: Any) -> Any:
    return [one async for one in value] if inspect.isasyncgen(value) else await value


@pytest.mark.parametrize("name", EVERY_CALL)
def test_both_clients_send_and_give_the_same(name: str) -> None:
    args, options = EVERY_CALL[name]
    here, there = Behaviour(), Behaviour()
    blocking = Client(Memory(here), **QUICK)
    waiting = AsyncClient(AsyncMemory(there), **QUICK)
    result = _plain(getattr(blocking, name)(*args, **options))
    assert result == asyncio.run(_aplain(getattr(waiting, name)(*args, **options)))
    assert here.names() == there.names()
    assert snake(here.names()[-1]) == name
