"""Every field of every category holds its own unmistakable string; then we look for them.

`pytest -m canary -s` prints what was found where.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from canaries import Canaries, Search, full_record
from conversation import Conversation, desks_of
from crossing import Crossing, decrypted
from nodes import reason
from onward.auth import ClientCredentials, scopes_of
from onward.calls import offer_record
from onward.core import jose, messages, spec
from onward.v1.categories_pb2 import CaseRecord, ChoiceRecord, EmergencyRecord
from onward.v1.entry_pb2 import Item, Milestone, Question
from onward_server.demo.world import Site
from people import DESTINATION, agreed

pytestmark = pytest.mark.canary

DENIED = ["religion", "hiv", "identity_document"]
WITHHELD = {*DENIED, "address_exact", "family_members", "caseworker_notes", "survivor_own_words"}
WITHHELD |= {"exploitation_detail_narrative", "self_harm_risk", "criminal_justice_history"}
FED_BACK = ["outcomes", "service_history", "physical_health"]
"""What the follow-up learns; the last may never flow back."""

PLACES = ("origin's folder", "destination's folder", "both logs", "wire", "errors")
BEYOND = ("wire, unsealed", "destination, decrypted")
"""Places where what was granted is found, and what was withheld is not."""


@dataclass
class Told:
    """What one conversation left behind."""

    canaries: Canaries
    learnt: Canaries
    record: CaseRecord
    opened: CaseRecord
    places: dict[str, bytes] = field(default_factory=dict)
    found: dict[str, dict[str, int]] = field(default_factory=dict)


def permitted() -> list[str]:
    known = [c.id for c in spec.categories().values() if not c.protocol]
    return [one for one in known if one not in WITHHELD]


def provoke(site: Site, canaries: list[str]) -> bytes:
    """Faults with a canary in them, over REST and gRPC. Gives what was answered."""
    credentials = ClientCredentials(
        client_id="case-management", key=site.client_key, issuer=site.issuer,
        scopes=sorted(scopes_of("caseworker")),
    )  # fmt: skip
    asked = credentials.request()
    token = httpx.post(asked.url, content=asked.content, headers=asked.headers).json()
    headers = {"authorization": f"Bearer {token['access_token']}"}
    one = canaries[0]
    good = {"destination": DESTINATION, "purpose": "service_delivery"}
    answers = []
    for change in (
        {"record": {}, one: one},
        {"record": {"name": {"firstName": [one], one: one}}},
        {"record": {"dateOfBirth": {"date": one}}},
        {"record": {"sex": {"sex": one}}},
        {"record": {"name": {"firstName": one * 40}}},
    ):
        url = f"{site.issuer}/v1/referrals:preview"
        answers.append(httpx.post(url, json={**good, **change}, headers=headers))
    answers.append(httpx.get(f"{site.issuer}/v1/referrals/{one}", headers=headers))
    answers.append(httpx.get(f"{site.issuer}/v1/{one}?{one}={one}", headers=headers))
    answers.append(httpx.get(f"{site.issuer}/v1/agencies", headers={"authorization": one}))
    answers.append(httpx.post(f"{site.issuer}/oauth2/token", content=f"client_assertion={one}"))
    assert all(answer.status_code >= 400 for answer in answers)
    told = [answer.content + str(answer.headers).encode() for answer in answers]
    grpc = site.client("grpc", "u-17")
    for name, value in (("date_of_birth", "date"), ("sex", "sex"), ("language", "primary")):
        record = CaseRecord()
        setattr(getattr(record, name), value, one)
        try:
            grpc.preview(destination=DESTINATION, record=record)
        except Exception as fault:
            told.append(repr((fault, fault.args, fault.__context__)).encode())
    assert reason(grpc.get_referral, one) == "NOT_FOUND"
    grpc.disconnect()
    return b"\n".join(told)


def converse(crossing: Crossing) -> Told:
    """The whole conversation, until just before the withdrawal."""
    record, canaries = full_record()
    needed = record.needs_services.items.add()
    needed.CopyFrom(record.needs_services.items[0])
    needed.number = 2
    learnt_record, learnt = full_record(FED_BACK)
    consent = agreed(permitted(), deny=DENIED)
    desks = desks_of_crossing(crossing)
    talk = Conversation(desks, DESTINATION, consent=consent, content=record)
    talk.outcome = learnt_record
    talk.play()
    further(talk)
    errors, provoked = b"", {"errors": [f"cnryid{jose.b64(b'x' * 9)}"]}
    for site in (crossing.origin, crossing.destination):
        errors += provoke(site, provoked["errors"])
    desks.disconnect()
    sites = (crossing.origin, crossing.destination)
    # While both run: their write-ahead logs are there, too.
    folders = [crossing.folder_of(site) for site in sites]
    assert all(list(site.folder.glob("*-wal")) for site in sites)
    crossing.stop()
    told = Told({**canaries, **provoked}, learnt, record, talk.opened[-1])
    told.places = {
        "origin's folder": folders[0] + crossing.folder_of(crossing.origin),
        "destination's folder": folders[1] + crossing.folder_of(crossing.destination),
        "both logs": b"".join(site.log.read_bytes() for site in sites),
        "wire": crossing.wire(),
        "errors": errors,
        "wire, unsealed": crossing.unsealed(),
        "destination, decrypted": decrypted(crossing.destination),
        "origin, decrypted": decrypted(crossing.origin),
    }
    search = Search(told.canaries)
    told.found = {place: search.categories(data) for place, data in told.places.items()}
    return told


def further(talk: Conversation) -> None:
    """Every other act that carries a record, each given all that there is of it."""
    here, there, one = talk.desks.origin, talk.desks.destination, talk.referral_id
    whole = talk.content
    offered = offer_record(whole)
    view = talk.settle()
    named = [p.digest for p in view.parts if p.category == "name" and p.author == view.origin]
    here.get_referral(one)
    here.correct(one, corrects=named[-1:], record=whole)
    here.milestone(one, Milestone(code="family_tracing", state="done"), record=whole)
    reasons = ChoiceRecord(choice_reasons=whole.choice_reasons)
    here.choice(one, [Item(number=1, wish="now")], record=reasons)
    urgent = EmergencyRecord()
    for known, value in whole.ListFields():
        if known.name in urgent.DESCRIPTOR.fields_by_name:
            getattr(urgent, known.name).CopyFrom(value)
    here.alert(one, "missing", record=urgent)
    here.reopen(one, [Item(number=1, wish="now")], record=offered)
    talk.settle()
    there.get_referral(one)
    there.acknowledge(one)
    there.clarify(one, Question(codes=["what_is_needed"]))
    talk.settle()
    asked = here.get_referral(one).question_entry
    here.answer(one, answers=asked, record=offered)
    here.amend(one, record=offered)
    talk.settle()


def desks_of_crossing(crossing: Crossing) -> Any:
    return desks_of(crossing, (crossing.transport, crossing.transport))  # type: ignore[arg-type]


@pytest.fixture(scope="module", autouse=True)
def _modules() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module", params=["rest", "grpc"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    crossing = Crossing(tmp_path_factory.mktemp(request.param), request.param)
    try:
        crossing.start()
        made = converse(crossing)
    finally:
        crossing.stop()
    yield made
    matrix(made, request.param)


def matrix(told: Told, transport: str) -> None:
    """What was found where."""
    places = list(told.found)
    print(f"\nover {transport}: canaries found\n{'category':32}{'holds':>6}", end="")  # noqa: T201
    print("".join(f"{place:>24}" for place in places))  # noqa: T201
    for category, words in told.canaries.items():
        counts = "".join(f"{told.found[p].get(category, 0) or '.':>24}" for p in places)
        print(f"{category:32}{len(words):>6}{counts}")  # noqa: T201


def test_every_category_is_filled(told: Told) -> None:
    assert {f.name for f, _ in told.record.ListFields()} == {
        one.id for one in spec.categories().values() if not one.protocol
    }
    holding = [category for category, words in told.canaries.items() if words]
    assert len(holding) > 30, "the others are codes and numbers only"
    assert {one for one in WITHHELD if told.canaries[one]} >= WITHHELD - {"hiv"}


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_found_in_clear(told: Told, place: str) -> None:
    assert len(told.places[place]) > 1000
    assert told.found[place] == {}
    assert Search(told.learnt).categories(told.places[place]) == {}


@pytest.mark.parametrize("place", BEYOND)
def test_behind_seals_and_keys_there_is_only_what_was_granted(told: Told, place: str) -> None:
    found = set(told.found[place])
    granted = {one for one in permitted() if told.canaries[one]}
    assert found & WITHHELD == set()
    assert found == granted


def test_what_was_learnt_flows_back_only_as_agreed(told: Told) -> None:
    search = Search(told.learnt)
    assert set(search.categories(told.places["origin, decrypted"])) == {
        "outcomes", "service_history",
    }  # fmt: skip
    assert "physical_health" in search.categories(told.places["destination, decrypted"])
    assert "physical_health" not in search.categories(told.places["wire, unsealed"])


def test_what_is_opened_is_exactly_what_was_granted(told: Told) -> None:
    expected = CaseRecord()
    for category, message in messages.split(told.record):
        if category in permitted():
            messages.put(expected, message)
    assert told.opened == expected


def test_the_search_would_find_one(tmp_path: Path) -> None:
    _, canaries = full_record(["name", "contact_safe"])
    word = canaries["name"][0]
    shapes = {"name": (word, json.dumps({"a": word}), word.encode().hex())}
    for shape in shapes["name"]:
        path = tmp_path / "leak"
        path.write_bytes(b"\x00" * 300_000 + shape.encode() + b"\x00" * 10)
        assert Search(canaries).categories(path.read_bytes()) == {"name": 1}
    assert Search(canaries).categories(b"\x00" * 1000) == {}


def test_a_node_that_is_broken_on_purpose_shows_up(tmp_path: Path) -> None:
    """One that sends what it must not, and writes what it is asked into its log."""
    crossing = Crossing(tmp_path, "rest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONWARD_LEAK", "1")
        try:
            crossing.start("religion")
            told = converse(crossing)
        finally:
            crossing.stop()
    assert "religion" in told.found["wire, unsealed"]
    assert "religion" not in told.found["destination, decrypted"], "the receiver refuses it"
    assert "religion" in told.found["origin's folder"], "its log says what it was asked"
