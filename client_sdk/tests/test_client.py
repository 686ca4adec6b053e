"""What the client adds to a call: who acts, what was seen, other tries, pages and events."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from joserfc import jws

from every_basis_call import BASES
from every_call import CALLS, CONSENTS, ROAD
from onward import errors
from onward.auth import ClientCredentials, Login
from onward.calls import Calls, offer_record
from onward.client import AsyncClient, Client
from onward.core import jose, parse, spec
from onward.session import Session
from onward.transports.memory import AsyncMemory, Memory
from onward.v1.agreements_pb2 import KnownAgreement, ListAgreementsResponse
from onward.v1.categories_pb2 import CaseRecord, OfferRecord
from onward.v1.consent_pb2 import ConsentRecord, Decision
from onward.v1.entry_pb2 import Head, Heads, Item
from onward.v1.envelope_pb2 import LogExport
from onward.v1.knocks_pb2 import ComplaintNotice, SelfReferral
from onward.v1.local_pb2 import (
    ListAgenciesResponse,
    ListAuditResponse,
    ListEntriesResponse,
    ListNeedsHumanResponse,
    ListReferralsRequest,
    ListReferralsResponse,
    Opened,
    PreviewResponse,
    WatchRequest,
)
from onward.v1.referral_pb2 import (
    AuditRecord,
    Event,
    NeedsHuman,
    Recorded,
    Referral,
    StoredEntry,
)
from onward.v1.services_pb2 import HeldServices, ListServicesResponse
from sdk_node import Node, running

ID = "referral-0001"
KEY = jose.new_key()
LOGIN = Login("a.example", KEY)
QUICK: Any = {"login": LOGIN, "actor": "u-17", "backoff": 0.0001}


def heads(origin: int, destination: int = 0) -> Heads:
    hashes = ["" if n == 0 else f"{n:043d}" for n in (origin, destination)]
    return Heads(
        origin=Head(seq=origin, hash=hashes[0]), destination=Head(seq=destination, hash=hashes[1])
    )


class Behaviour:
    """A node with one referral, whose head moves with each write; it may fail first."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.seq = 1
        self.failures: list[Exception] = []
        self.got: list[Any] = []
        self.tokens: list[str | None] = []

    def referral(self) -> Referral:
        return Referral(referral_id=ID, phase="offered", heads=heads(self.seq))

    def __call__(self, rpc: spec.Rpc, request: Any, token: str | None) -> Message:
        parse.validate(request)
        self.got.append(request)
        self.tokens.append(token)
        if self.failures:
            raise self.failures.pop(0)
        if rpc.kind:
            if request.write.HasField("expected_heads") and not rpc.unblockable:
                expected = request.write.expected_heads
                if expected != heads(self.seq):
                    raise errors.HeadsChanged("", heads(self.seq))
            self.seq += 1
            recorded = Recorded(referral=self.referral())
            return Opened(recorded=recorded) if rpc.kind == "opened" else recorded
        return self.read(rpc, request)

    def read(self, rpc: spec.Rpc, request: Any) -> Message:
        match rpc.name:
            case "GetReferral":
                return self.referral()
            case "ListReferrals":
                return self.page(request)
            case "ListAudit":
                first = request.after + 1
                last = min(first + request.page_size, 8)
                return ListAuditResponse(records=[AuditRecord(seq=n) for n in range(first, last)])
            case "RecordConsent" | "GetConsent":
                return ConsentRecord(consent_id="consent-0001", version=1)
            case "AddAgreement" | "EndAgreement":
                return KnownAgreement(in_force=rpc.name == "AddAgreement")
            case "ListAgreements":
                return ListAgreementsResponse(agreements=[KnownAgreement(in_force=True)])
            case "Preview":
                return PreviewResponse(decisions=[Decision(category="sex", permitted=True)])
            case "PublishServices":
                return HeldServices(agency="a.example", seq=request.expected_seq + 1)
            case "ListServices":
                return ListServicesResponse(lists=[HeldServices(agency="b.example", seq=7)])
            case "ListEntries":
                return ListEntriesResponse(entries=[StoredEntry(outcome="applied")])
            case "ListNeedsHuman":
                return ListNeedsHumanResponse(items=[NeedsHuman(referral_id=ID)])
            case "ExportLog":
                return LogExport(referral_id=ID)
            case "ListAgencies":
                return ListAgenciesResponse(trust_list=3)
            case _:
                return GetMessageClass(rpc.output)()

    def page(self, request: ListReferralsRequest) -> Message:
        number = int(request.page_token or "0")
        more = "" if number == 2 else str(number + 1)
        if number == 1:
            return ListReferralsResponse(next_page_token=more)
        return ListReferralsResponse(
            referrals=[Referral(referral_id=f"referral-{number}", heads=heads(7))],
            next_page_token=more,
        )

    def names(self) -> list[str]:
        return [type(request).__name__.removesuffix("Request") for request in self.got]


@pytest.fixture
def node() -> Behaviour:
    return Behaviour()


@pytest.fixture
def user(node: Behaviour) -> Client:
    return Client(Memory(node), **QUICK)


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


def test_a_write_says_who_acts_and_what_for(user: Client, node: Behaviour) -> None:
    user.offer(**EVERY_CALL["offer"][1])
    user.offer(**EVERY_CALL["offer"][1], purpose="case_coordination", request_id="request-0001")
    first, second = (request.write for request in node.got)
    assert first.purpose == "service_delivery"
    assert second.purpose == "case_coordination"
    assert second.request_id == "request-0001"
    assert len(first.request_id) >= 16
    assert not first.HasField("expected_heads")
    public = jose.load_key(dict(KEY.as_dict(private=False)))
    claims = json.loads(jws.deserialize_compact(first.actor, public, ["ES256"]).payload)
    assert (claims["iss"], claims["sub"], claims["role"]) == ("a.example", "u-17", "caseworker")


def test_a_write_is_based_on_what_this_client_saw_last(user: Client, node: Behaviour) -> None:
    user.get_referral(ID)
    user.acknowledge(ID)
    user.decide(*EVERY_CALL["decide"][0])
    assert node.names() == ["GetReferral", "Acknowledge", "Decide"]
    assert [request.write.expected_heads.origin.seq for request in node.got[1:]] == [1, 2]


def test_what_was_never_seen_is_read_first(user: Client, node: Behaviour) -> None:
    user.acknowledge(ID)
    assert node.names() == ["GetReferral", "Acknowledge"]
    assert node.got[1].write.expected_heads == heads(1)


def test_opened_and_listed_referrals_count_as_seen(user: Client, node: Behaviour) -> None:
    user.open(ID)
    user.close(ID)
    assert node.names() == ["GetReferral", "Open", "Close"]
    list(user.list_referrals())
    with pytest.raises(errors.HeadsChanged):
        user.acknowledge("referral-2")
    assert node.got[-1].write.expected_heads == heads(7)


def test_heads_may_be_given(user: Client, node: Behaviour) -> None:
    user.acknowledge(ID, heads=heads(1))
    user.close(ID, heads=Referral(heads=heads(2)))
    assert node.names() == ["Acknowledge", "Close"]


def test_a_referral_that_moved_is_not_written_to_behind_the_users_back(
    user: Client, node: Behaviour
) -> None:
    user.get_referral(ID)
    node.seq = 5
    for _ in range(2):
        with pytest.raises(errors.HeadsChanged) as caught:
            user.acknowledge(ID)
        assert caught.value.heads == heads(5)
    user.get_referral(ID)
    user.acknowledge(ID)
    assert node.names() == [
        "GetReferral",
        "Acknowledge",
        "Acknowledge",
        "GetReferral",
        "Acknowledge",
    ]


def test_another_actor_has_seen_nothing(user: Client, node: Behaviour) -> None:
    user.get_referral(ID)
    other = user.acting_as("u-18", role="intake", purpose="case_coordination")
    other.acknowledge(ID)
    assert node.names() == ["GetReferral", "GetReferral", "Acknowledge"]
    write = node.got[-1].write
    claims = json.loads(jose.peek(write.actor))
    assert (claims["sub"], claims["role"], write.purpose) == ("u-18", "intake", "case_coordination")


def test_a_withdrawal_looks_at_nothing_first(user: Client, node: Behaviour) -> None:
    user.withdraw(ID, categories=["sex"], destroy_now=True)
    user.erase(ID)
    assert node.names() == ["Withdraw", "Erase"]
    assert not any(request.write.HasField("expected_heads") for request in node.got)
    assert list(node.got[0].withdrawal.categories) == ["sex"]
    assert node.got[0].destroy_now
    for both in ({}, {"everything": True, "categories": ["sex"]}):
        with pytest.raises(ValueError, match="either everything or some"):
            user.withdraw(ID, **both)  # type: ignore[arg-type]


def test_an_offer_takes_of_a_case_record_only_what_it_can_hold(
    user: Client, node: Behaviour
) -> None:
    record = CaseRecord()
    for field in record.DESCRIPTOR.fields:
        getattr(record, field.name).SetInParent()
    taken = offer_record(record)
    assert {field.name for field, _ in taken.ListFields()} == set(
        OfferRecord.DESCRIPTOR.fields_by_name
    )
    small = CaseRecord()
    small.sex.SetInParent()
    small.name.SetInParent()
    assert {field.name for field, _ in offer_record(small).ListFields()} == {"sex"}


def test_a_failure_that_may_pass_is_followed_by_the_same_request(
    user: Client, node: Behaviour
) -> None:
    user.get_referral(ID)
    node.failures = [errors.TransportFailed("timeout"), errors.Unavailable(), errors.Unavailable()]
    assert user.acknowledge(ID).referral.heads == heads(2)
    tries = node.got[1:]
    assert len(tries) == 4
    assert all(request == tries[0] for request in tries)


def test_tries_are_bounded(node: Behaviour) -> None:
    node.failures = [errors.Unavailable() for _ in range(9)]
    user = Client(Memory(node), retries=2, **QUICK)
    with pytest.raises(errors.Unavailable):
        user.withdraw(ID, everything=True)
    assert len(node.got) == 3


@pytest.mark.parametrize("reason", sorted(set(spec.reasons()) - {"UNAVAILABLE"}))
def test_other_failures_are_final(reason: str, user: Client, node: Behaviour) -> None:
    node.failures = [errors.BY_REASON[reason]()]
    with pytest.raises(errors.BY_REASON[reason]):
        user.list_agencies()
    assert len(node.got) == 1


def test_pauses_grow_have_a_limit_and_differ() -> None:
    low, high = Session(backoff=0.25, jitter=lambda: 0.0), Session(jitter=lambda: 1.0)
    assert [high.back_off(n).seconds for n in range(4)] == [0.25, 0.5, 1.0, 2.0]
    assert [low.back_off(n).seconds for n in range(2)] == [0.125, 0.25]
    assert high.back_off(1000).seconds == 30.0


def test_a_write_needs_an_actor(node: Behaviour) -> None:
    user = Client(Memory(node))
    user.get_referral(ID)
    with pytest.raises(ValueError, match="login and an actor"):
        user.acknowledge(ID)


def test_an_answer_of_another_kind_is_no_success() -> None:
    user = Client(Memory(lambda rpc, request, token: Referral()), **QUICK)
    with pytest.raises(errors.NodeFailed):
        user.list_agencies()


def test_lists_go_over_pages(user: Client, node: Behaviour) -> None:
    found = [referral.referral_id for referral in user.list_referrals(page_size=1)]
    assert found == ["referral-0", "referral-2"]
    assert [request.page_token for request in node.got] == ["", "1", "2"]
    assert [record.seq for record in user.list_audit(after=2, page_size=2)] == [3, 4, 5, 6, 7]
    assert [request.after for request in node.got[3:]] == [2, 4, 6]


class Events:
    """A stream that gives a few events, and then ends or breaks."""

    def __init__(self, script: list[list[Any]]) -> None:
        self.script = script
        self.cursors: list[str] = []
        self.left = 0

    def __call__(self, rpc: spec.Rpc, request: Any, token: str | None) -> Iterator[Message]:
        self.cursors.append(request.cursor)
        try:
            for one in self.script.pop(0):
                if isinstance(one, Exception):
                    raise one
                yield Event(cursor=one, kind="entry", referral_id=ID)
        except GeneratorExit:
            self.left += 1
            raise


def script() -> list[list[Any]]:
    return [
        [errors.Unavailable()],
        ["1", "2"],
        ["3", errors.TransportFailed("ReadError")],
        [errors.TransportFailed("ConnectError")],
        ["4", errors.TokenInvalid()],
    ]


def test_watching_goes_on_where_it_broke_off(node: Behaviour) -> None:
    events = Events(script())
    user = Client(Memory(node, events), **QUICK)
    watching = user.watch()
    assert [next(watching).cursor for _ in range(4)] == ["1", "2", "3", "4"]
    with pytest.raises(errors.TokenInvalid):
        next(watching)
    assert events.cursors == ["", "", "2", "3", "3"]

    async def same() -> None:
        again = AsyncClient(AsyncMemory(node, Events(script())), **QUICK).watch()
        assert [(await anext(again)).cursor for _ in range(4)] == ["1", "2", "3", "4"]
        with pytest.raises(errors.TokenInvalid):
            await anext(again)

    asyncio.run(same())


def test_watching_gives_up_if_a_failure_stays(node: Behaviour) -> None:
    events = Events([[errors.Unavailable()] for _ in range(9)])
    with pytest.raises(errors.Unavailable):
        next(Client(Memory(node, events), **QUICK).watch("7"))
    assert events.cursors == ["7"] * 4


def test_who_stops_watching_ends_the_stream(node: Behaviour) -> None:
    events = Events([["1", "2"], ["1", "2"]])
    opened = []

    class Kept(Memory):
        """Holds on to its streams, so that they end only if they are closed."""

        def stream(self, *args: Any, **options: Any) -> Generator[Message, None, None]:
            opened.append(super().stream(*args, **options))
            return opened[-1]

    watching = Client(Kept(node, events), **QUICK).watch()
    assert next(watching).cursor == "1"
    watching.close()
    assert events.left == 1

    async def same() -> None:
        awatching = AsyncClient(AsyncMemory(node, events), **QUICK).watch()
        assert (await anext(awatching)).cursor == "1"
        await awatching.aclose()

    asyncio.run(same())


def test_credentials_need_a_way_to_the_issuer(node: Behaviour) -> None:
    credentials = ClientCredentials("case-software", KEY, "https://node.a.example", ["x:y"])
    with pytest.raises(ValueError, match="need http"):
        Client(Memory(node), credentials=credentials)


class Issuer:
    """A token endpoint that gives one token after another."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.assertions: list[str] = []

    def __call__(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.assertions.append(form["client_assertion"])
        if self.refusal:
            return 401, {"error": self.refusal}
        number = len(self.assertions)
        return 200, {"access_token": f"at.{number}", "token_type": "Bearer", "expires_in": 300}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Behaviour, Node]]:
    behaviour = Behaviour()
    events = Events([["1", "2"], [], []])

    def answer(rpc: spec.Rpc, request: Message, token: str | None) -> Any:
        if isinstance(request, WatchRequest):
            return events(rpc, request, token)
        return behaviour(rpc, request, token)

    with running(answer) as node:
        yield behaviour, node


def credentials_for(node: Node) -> ClientCredentials:
    return ClientCredentials("case-software", KEY, node.base, ["referrals:read"])


Make = Callable[[Node, Any], Client]
MAKERS: dict[str, Make] = {
    "rest": lambda node, options: Client.rest(node.base, **options),
    "grpc": lambda node, options: Client.grpc(node.authority, **options),
}


@pytest.mark.parametrize("name", MAKERS)
def test_tokens_are_fetched_kept_and_renewed_once(
    name: str, served: tuple[Behaviour, Node]
) -> None:
    behaviour, node = served
    behaviour.reset()
    issuer = node.token = Issuer()
    with MAKERS[name](node, {**QUICK, "credentials": credentials_for(node)}) as user:
        user.get_referral(ID)
        user.acknowledge(ID)
        assert behaviour.tokens == ["at.1", "at.1"]
        behaviour.failures = [errors.TokenInvalid()]
        user.get_referral(ID)
        assert behaviour.tokens[2:] == ["at.1", "at.2"]
        behaviour.failures = [errors.TokenInvalid(), errors.TokenInvalid()]
        with pytest.raises(errors.TokenInvalid):
            user.get_referral(ID)
        assert behaviour.tokens[4:] == ["at.2", "at.3"]
    assert len(set(issuer.assertions)) == 3


def test_the_same_for_asyncio(served: tuple[Behaviour, Node]) -> None:
    behaviour, node = served

    async def work(user: AsyncClient) -> None:
        async with user:
            await user.get_referral(ID)
            behaviour.failures = [errors.TokenInvalid(), errors.Unavailable()]
            await user.acknowledge(ID)
            behaviour.failures = [errors.StateConflict("/items")]
            with pytest.raises(errors.StateConflict):
                await user.close(ID)

    for kind, address in ((AsyncClient.rest, node.base), (AsyncClient.grpc, node.authority)):
        behaviour.reset()
        issuer = node.token = Issuer()
        asyncio.run(work(kind(address, credentials=credentials_for(node), **QUICK)))
        assert behaviour.tokens == ["at.1", "at.1", "at.2", "at.2", "at.2"]
        assert len(issuer.assertions) == 2


def test_a_client_that_gets_no_token_asks_nothing(served: tuple[Behaviour, Node]) -> None:
    behaviour, node = served
    behaviour.reset()
    issuer = node.token = Issuer("invalid_client")
    with Client.rest(node.base, credentials=credentials_for(node), **QUICK) as user:
        with pytest.raises(errors.TokenRefused) as caught:
            user.get_referral(ID)
        assert caught.value.code == "invalid_client"
    assert behaviour.got == []
    assert len(issuer.assertions) == 1


def test_watching_over_http(served: tuple[Behaviour, Node]) -> None:
    _, node = served
    with Client.rest(node.base, **QUICK) as user:
        watching = user.watch("0")
        assert [next(watching).cursor, next(watching).cursor] == ["1", "2"]
        watching.close()
