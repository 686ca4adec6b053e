"""One process that speaks for three agencies: real referrals, and what must stay apart."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from secrets import token_bytes

import httpx
import pytest

from hosted import (
    CENTRE,
    HARBOUR,
    WAYS,
    Hosted,
    accepted,
    arrived,
    empty,
    hosted,
    offered,
    until,
    why,
)
from nodes import reason
from onward.auth import ClientCredentials, Login, scopes_of
from onward.client import Client
from onward.core import jose, spec
from onward.core.parse import parse
from onward.errors import OnwardError
from onward.transports.grpc import Grpc
from onward.v1.envelope_pb2 import Bundle, Receipt, ResyncAnswer
from onward.v1.local_pb2 import GetReferralRequest
from onward.v1.peer_pb2 import (
    DeliverRequest,
    GetNodeRequest,
    GetServicesRequest,
    GetTrustListRequest,
    ResyncRequest,
)
from onward_server.demo.world import CLIENT, Site, Transport
from people import DESTINATION, ORIGIN, record

EXCHANGE = "onward.v1.Exchange."
READ = "onward.v1.Referrals.GetReferral"
rpc = spec.rpcs().__getitem__


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    with hosted(tmp_path_factory.mktemp("hosted")) as made:
        yield made


def client_of(site: Site, way: Transport) -> Client:
    return site.client(way, "u-17")


def signing(world: Hosted, agency: str) -> set[str]:
    """Ids of the agency's keys for signing."""
    return {one.kid for one in world.entries[agency].keys if one.use == "sign"}


def disclosed(here: Client, there: Client, to: str) -> str:
    """A referral whose content the destination has opened."""
    referral_id, consent_id = offered(here, to)
    accepted(there, referral_id)
    until(lambda: here.get_referral(referral_id).phase == "accepted")
    here.disclose(referral_id, consent_id=consent_id, record=record())

    until(lambda: "name" in [one.category for one in there.get_referral(referral_id).parts])
    assert there.open(referral_id).record.name == record().name
    return referral_id


def test_a_referral_within_the_process_and_one_to_the_outside(world: Hosted) -> None:
    """KEY-007: between two that share a node it is as with anybody: signed, sealed, receipted."""
    here = client_of(world.ministry, "grpc")
    within = disclosed(here, client_of(world.shelter, "rest"), DESTINATION)
    outside = disclosed(here, client_of(world.harbour, "grpc"), HARBOUR)
    for referral_id, other in ((within, DESTINATION), (outside, HARBOUR)):
        export = here.export_log(referral_id)
        receipts = [jose.read_header(one)["kid"] for one in export.receipts]
        assert receipts
        assert set(receipts) == signing(world, other)
    # Each holds its own referrals only, and the third has heard of none.
    held = ((world.shelter, {within}), (world.harbour, {outside}), (world.centre, set()))
    for site, holds in held:
        files = b"".join(one.read_bytes() for one in site.folder.glob("node.sqlite3*"))
        assert {one for one in (within, outside) if one.encode() in files} == holds


def test_what_comes_back_from_the_outside(world: Hosted) -> None:
    here, there = client_of(world.harbour, "rest"), client_of(world.shelter, "grpc")
    referral_id, _ = offered(here, DESTINATION)
    accepted(there, referral_id)
    until(lambda: here.get_referral(referral_id).phase == "accepted")
    assert reason(client_of(world.ministry, "rest").get_referral, referral_id) == "NOT_FOUND"


@pytest.mark.parametrize("way", WAYS)
def test_one_call_for_several_of_them(world: Hosted, way: Transport) -> None:
    """DLV-001, HOST-001, HOST-006: each as if it had come alone, in the order of the call."""
    peer, entries = world.hostile, world.entries
    first, second = (peer.case(entries[name]) for name in (ORIGIN, DESTINATION))
    one, other = first.offer(), second.offer()
    mid = jose.opaque(token_bytes)
    nobody = peer.envelope(entries[ORIGIN], Bundle(referral_id=first.referral_id), aud="no.example")
    unknown = peer.envelope(entries[DESTINATION], Bundle(), iss="stranger.example")
    to_centre = peer.case(entries[CENTRE])
    crossed = peer.case(entries[DESTINATION])
    # Sealed with the shelter's key, and said to be for the ministry.
    wrong_key = crossed.envelope(crossed.offer(), aud=ORIGIN, sealed_for=ORIGIN)
    torn = first.envelope(one)
    torn.header = "e30.e30.c2ln"
    results = world.deliver(
        way,
        second.envelope(other, mid=mid),
        nobody,
        first.envelope(one, mid=mid),
        torn,
        wrong_key,
        unknown,
        to_centre.envelope(to_centre.offer()),
        first.envelope(one, mid=mid),
    )
    assert [why(result) for result in results] == [
        "", "WRONG_RECIPIENT", "", "INVALID_FIELD", "SEAL_INVALID", "AGENCY_UNKNOWN",
        "PEER_NOT_ACCEPTED", "MESSAGE_ID_REUSED",
    ]  # fmt: skip
    told = [parse(Receipt, jose.peek(results[n].receipt)) for n in (0, 2)]
    assert [(one.iss, one.mid) for one in told] == [(DESTINATION, mid), (ORIGIN, mid)]
    # The same envelope gets the same receipt, whatever comes with it.
    again = world.deliver(way, nobody, second.envelope(other), first.envelope(one, mid=mid))
    assert [why(result) for result in again] == ["WRONG_RECIPIENT", "", "MESSAGE_ID_REUSED"]


@pytest.mark.parametrize("way", WAYS)
def test_questions_go_to_the_agency_that_they_name(world: Hosted, way: Transport) -> None:
    """HOST-003: all are named, by each; whatever else is asked, each answers for itself alone."""
    for agency in (ORIGIN, DESTINATION, CENTRE):
        asked = GetNodeRequest(request=world.question(agency, "get_node"))
        told = world.ask(way, EXCHANGE + "GetNode", asked)
        assert list(told.agencies) == sorted([ORIGIN, DESTINATION, CENTRE])
        assert (told.environment, told.trust_list) == ("test", 1)
        listed = GetTrustListRequest(request=world.question(agency, "get_trust_list"))
        assert world.ask(way, EXCHANGE + "GetTrustList", listed).payload
        services = GetServicesRequest(request=world.question(agency, "get_services"))
        assert world.ask(way, EXCHANGE + "GetServices", services).services == ""
    foreign = GetNodeRequest(request=world.question("no.example", "get_node"))
    assert reason(world.ask, way, EXCHANGE + "GetNode", foreign) == "WRONG_RECIPIENT"
    for agency in (ORIGIN, DESTINATION):
        bad = GetNodeRequest(request=world.question(agency, "get_node")[:-4] + "AAAA")
        assert reason(world.ask, way, EXCHANGE + "GetNode", bad) == "SIGNATURE_INVALID"


@pytest.mark.parametrize("way", WAYS)
def test_resync_tells_of_the_one_that_is_asked(world: Hosted, way: Transport) -> None:
    case = world.hostile.case(world.entries[ORIGIN])
    (result,) = world.deliver(way, case.envelope(case.offer()))
    assert why(result) == ""
    for agency, knows in ((ORIGIN, 1), (DESTINATION, 0), (CENTRE, 0)):
        question = world.question(agency, "resync", referral_id=case.referral_id, heads=empty())
        answer = world.ask(way, EXCHANGE + "Resync", ResyncRequest(request=question))
        said = parse(ResyncAnswer, jose.peek(answer.answer))
        assert said.iss == agency
        assert said.heads.origin.seq == knows
        assert answer.HasField("lost") == bool(knows)
        assert {jose.read_header(answer.answer)["kid"]} == signing(world, agency)
        again = ResyncRequest(request=question)
        assert reason(world.ask, way, EXCHANGE + "Resync", again) == "SIGNATURE_INVALID"


def token(site: Site, at: Site) -> str:
    """A token of one agency's software, asked for at one agency's node; empty if refused."""
    asked = ClientCredentials(
        client_id=CLIENT, key=site.client_key, issuer=at.issuer, scopes=["referrals:read"]
    ).request()
    answer = httpx.post(asked.url, content=asked.content, headers=asked.headers)
    if answer.status_code != 200:
        assert answer.json()["error"] == "invalid_client"
        return ""
    return str(answer.json()["access_token"])


def test_software_of_one_agency_is_nobody_at_another(world: Hosted) -> None:
    """HOST-008: neither its token, nor its key, nor its people."""
    good = token(world.ministry, world.ministry)
    path = "/v1/referrals/referral-00000001"
    headers = {"authorization": f"Bearer {good}"}
    told = {s.agency: httpx.get(s.issuer + path, headers=headers).json() for s in world.together}
    assert {name: one["reason"] for name, one in told.items()} == {
        ORIGIN: "NOT_FOUND", DESTINATION: "TOKEN_INVALID", CENTRE: "TOKEN_INVALID",
    }  # fmt: skip
    for site in (world.shelter, world.centre):
        wire = Grpc(site.grpc)
        asked = GetReferralRequest(referral_id="referral-00000001")
        with pytest.raises(OnwardError) as refused:
            wire.call(rpc(READ), asked, token=good, timeout=20)
        assert refused.value.reason == "TOKEN_INVALID"
        wire.close()
        assert token(world.ministry, site) == ""
    for way in WAYS:
        referral_id, _ = offered(client_of(world.ministry, way), DESTINATION)
        arrived(client_of(world.shelter, "rest"), referral_id)
        credentials = ClientCredentials(
            client_id=CLIENT, key=world.shelter.client_key, issuer=world.shelter.issuer,
            scopes=sorted(scopes_of("caseworker")),
        )  # fmt: skip
        at = world.shelter.issuer if way == "rest" else world.shelter.grpc
        make = Client.rest if way == "rest" else Client.grpc
        login = Login(DESTINATION, world.ministry.login_key)
        stranger = make(at, credentials=credentials, login=login, actor="u-17", role="caseworker")
        stranger.get_referral(referral_id)
        assert reason(stranger.acknowledge, referral_id) == "ACTOR_INVALID"
        stranger.disconnect()


def test_each_address_has_its_plane(world: Hosted) -> None:
    """The shared address answers other nodes only, an agency's own its software only."""
    shared = f"http://{world.ministry.peer_rest}"
    for path in ("/v1/referrals", "/oauth2/token", "/.well-known/oauth-authorization-server"):
        assert httpx.get(shared + path).json()["reason"] == "NOT_FOUND", path
    assert httpx.get(shared + "/healthz").json() == {"status": "ok"}
    good = token(world.ministry, world.ministry)
    asked = GetReferralRequest(referral_id="referral-00000001")
    with pytest.raises(OnwardError) as refused:
        world.wires["grpc"].call(rpc(READ), asked, token=good, timeout=20)
    assert refused.value.reason == "UNIMPLEMENTED"
    nothing = DeliverRequest(envelopes=[world.hostile.envelope(world.entries[ORIGIN], Bundle())])
    for site in world.together:
        own = Grpc(site.grpc)
        with pytest.raises(OnwardError) as refused:
            own.call(rpc(EXCHANGE + "Deliver"), nothing, token=None, timeout=20)
        assert refused.value.reason == "UNIMPLEMENTED"
        own.close()
        answer = httpx.post(site.issuer + "/v1/exchange:deliver", json={"envelopes": []})
        assert answer.json()["reason"] == "NOT_FOUND"


def test_killed_and_stopped(world: Hosted) -> None:
    """What was acknowledged outlives the process, for all of them; and it ends when told to."""
    assert world.harbour.process is not None
    assert world.ministry.process is not None
    os.kill(world.harbour.process.pid, signal.SIGSTOP)
    here = client_of(world.ministry, "rest")
    outside, _ = offered(here, HARBOUR)
    within, _ = offered(here, DESTINATION)
    world.ministry.end(signal.SIGKILL)
    os.kill(world.harbour.process.pid, signal.SIGCONT)
    world.start_together()
    arrived(client_of(world.shelter, "grpc"), within)
    arrived(client_of(world.harbour, "rest"), outside)
    # To one that nothing reaches, so that the log names a partner.
    offered(client_of(world.ministry, "rest"), world.hostile.agency)
    until(lambda: '"recipient"' in world.ministry.log.read_text())
    assert world.ministry.process is not None
    os.kill(world.ministry.process.pid, signal.SIGTERM)
    assert world.ministry.process.wait(30) == 0
    log = world.ministry.log.read_text()
    assert "Traceback" not in log
    lines = [json.loads(line) for line in log.splitlines()]
    # A line about a partner says whose it is, and one agency's tell nothing of another's partners.
    assert {line["agency"] for line in lines if "recipient" in line} == {ORIGIN}
    assert {line["agency"] for line in lines if "partner" in line} == {ORIGIN, DESTINATION}
    centre = json.dumps([line for line in lines if line.get("agency") == CENTRE])
    assert "serving" in centre
    assert not any(name in centre for name in (ORIGIN, DESTINATION, HARBOUR))
