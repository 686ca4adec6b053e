"""A conversation in which every act is written, with a canary in every field that can hold one."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from canaries import Canaries, full_record
from conversation import Conversation, desks_of
from crossing import Crossing
from nodes import reason
from onward.auth import ClientCredentials, scopes_of
from onward.calls import offer_record
from onward.core import jose, spec
from onward.v1.categories_pb2 import CaseRecord, ChoiceRecord, EmergencyRecord
from onward.v1.entry_pb2 import Item, Milestone, Question
from onward_server.demo.world import Site
from people import DESTINATION, agreed, decision, first, wishes

DENIED = ["religion", "hiv", "identity_document"]
WITHHELD = {*DENIED, "address_exact", "family_members", "caseworker_notes", "survivor_own_words"}
WITHHELD |= {"exploitation_detail_narrative", "self_harm_risk", "criminal_justice_history"}
FED_BACK = ["outcomes", "service_history", "physical_health"]
"""What the follow-up learns; the last may never flow back."""


def permitted() -> list[str]:
    """What the person permits."""
    known = [c.id for c in spec.categories().values() if not c.protocol]
    return [one for one in known if one not in WITHHELD]


class Talk:
    """All that is said between two sites, but the last withdrawal."""

    def __init__(self, crossing: Crossing) -> None:
        self.crossing = crossing
        self.record, self.canaries = full_record()
        needed = self.record.needs_services.items.add()
        needed.CopyFrom(self.record.needs_services.items[0])
        needed.number = 2
        learnt, self.learnt = full_record(FED_BACK)
        transports: Any = (crossing.transport, crossing.transport)
        self.desks = desks_of(crossing, transports)  # type: ignore[arg-type]
        consent = agreed(permitted(), deny=DENIED)
        # Somebody whom nobody may call stands in the consent itself, which never travels.
        spared = consent.do_not_contact.people.add(name=f"Cnry{secrets.token_hex(6)}")
        self.canaries["the consent"] = [spared.name]
        self.subject = consent.subject_id
        self.main = Conversation(self.desks, DESTINATION, consent=consent, content=self.record)
        self.main.outcome = learnt
        self.referrals: list[str] = []
        self.emergency = _emergency(self.record)

    def play(self) -> None:
        """Everything."""
        self.main.play()
        further(self.main)
        others(self)
        self.referrals.insert(0, self.main.referral_id)

    def kinds(self) -> set[str]:
        """Every act that was written."""
        found: set[str] = set()
        for one in self.referrals:
            found |= {e.entry.kind for e in self.desks.origin.list_entries(one)}
        return found

    def errors(self) -> tuple[bytes, Canaries]:
        """Faults with canaries in them, at both, and what was answered."""
        provoked = [f"cnryid{jose.b64(b'x' * 9)}"]
        sites = (self.crossing.origin, self.crossing.destination)
        return b"".join(provoke(site, provoked) for site in sites), {"errors": provoked}


def others(talk: Talk) -> None:
    """Acts that end a referral, or that one conversation does not need."""
    here, there, whole = talk.desks.origin, talk.desks.destination, talk.record

    def offer(**given: Any) -> str:
        sent = here.offer(
            destination=DESTINATION, consent_id=talk.main.consent_id, record=offer_record(whole),
            items=wishes(), **given,
        )  # fmt: skip
        one: str = sent.referral.referral_id
        talk.referrals.append(one)
        talk.desks.settled(one)
        return one

    def act(by: Any, kind: str, one: str, *given: Any, **named: Any) -> None:
        by.get_referral(one)
        getattr(by, kind)(one, *given, **named)
        talk.desks.settled(one)

    soon = datetime.now(UTC) + timedelta(seconds=1)
    lapsing = offer(respond_by=soon)
    served = offer()
    act(there, "acknowledge", served)
    act(there, "decide", served, decision())
    act(here, "disclose", served, consent_id=talk.main.consent_id, record=whole)
    act(there, "pause", served, first("pause_reason"))
    act(there, "resume", served)
    act(there, "complaint", served, first("complaint_kind"))
    act(there, "alert", served, "missing", record=_emergency(whole))
    act(here, "remind", served)
    act(here, "cancel", served, "sent_twice")
    act(there, "confirm_cancel", served)
    act(here, "withdraw", served, categories=["name"], destroy_now=True)
    act(here, "invalidate", served)
    asked = offer()
    act(there, "acknowledge", asked)
    act(there, "propose_forward", asked, talk.crossing.third.agency)
    act(here, "recall", asked)
    act(here, "expire", lapsing)


def _emergency(whole: CaseRecord) -> EmergencyRecord:
    urgent = EmergencyRecord()
    for known, value in whole.ListFields():
        if known.name in urgent.DESCRIPTOR.fields_by_name:
            getattr(urgent, known.name).CopyFrom(value)
    return urgent


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
    here.alert(one, "missing", record=_emergency(whole))
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
