"""Agreements between the two agencies of a Pair, made and signed as their people would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from google.protobuf.message import Message

from desk import Desk
from nodes import Pair, reason
from onward.client import Client
from onward.core import agreements, jose, spec
from onward.core.clock import stamp
from onward.v1.agreements_pb2 import Agreement, KnownAgreement, SignedAgreement
from people import DESTINATION, ORIGIN, agreed, record, wishes

EVERYTHING = sorted(one.id for one in spec.categories().values() if not one.protocol)


def agreement(pair: Pair, **changes: Any) -> Agreement:
    """What a ministry and a shelter could agree: every category, for one purpose, for a year."""
    now = pair.clock.now()
    made = Agreement(
        agreement_id=token_urlsafe(16), version=1, environment=pair.environment,
        parties=[ORIGIN, DESTINATION], purposes=["service_delivery"], categories=EVERYTHING,
        retention_days=365, storage_countries=["BD", "IN"],
        legal_text="https://msw.gov.bd.example/agreements/1",
        legal_text_digest=jose.sha256(b"the legal text"),
        valid_from=stamp(now - timedelta(days=1)), valid_until=stamp(now + timedelta(days=365)),
    )  # fmt: skip
    for name, value in changes.items():
        if isinstance(value, Message):
            getattr(made, name).CopyFrom(value)
        elif isinstance(value, list):
            getattr(made, name)[:] = value
        else:
            setattr(made, name, value)
    return made


def signed(pair: Pair, what: Agreement, by: Iterable[Desk] | None = None) -> SignedAgreement:
    """The agreement with the signatures of both agencies, or of these."""
    paper = agreements.draft(what)
    for desk in pair.desks if by is None else by:
        paper = agreements.sign(paper, desk.agency, desk.keys.signing())
    return paper


def take(desk: Desk, paper: SignedAgreement) -> KnownAgreement:
    """A manager of the agency has its node take it."""
    return desk.as_role("manager", "m-1").add_agreement(paper)


def agree(pair: Pair, at: Iterable[Desk] | None = None, **changes: Any) -> Agreement:
    """An agreement that both nodes hold, or these."""
    made = agreement(pair, **changes)
    for desk in pair.desks if at is None else at:
        take(desk, signed(pair, made))
    return made


def next_version(before: Agreement, **changes: Any) -> dict[str, Any]:
    """What a next version of an agreement has in common with the one before."""
    return {"agreement_id": before.agreement_id, "version": before.version + 1, **changes}


def end(desk: Desk, agreement_id: str) -> KnownAgreement:
    """A manager ends it."""
    return desk.as_role("manager", "m-1").end_agreement(agreement_id)


def try_offer_as(client: Client) -> None:
    """Consent, and an offer by it."""
    given = client.record_consent(agreed())
    client.offer(
        destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
    )


def try_offer(pair: Pair) -> str:
    """Why an offer is refused."""
    return reason(try_offer_as, pair.origin.client)
