"""Runs every vector against the core, and proves that the files are what their makers say."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from onward.core import (
    agreements,
    certificates,
    consent,
    entries,
    envelopes,
    jose,
    parts,
    projection,
    relays,
    trust,
)
from onward.core.acts import Act
from onward.core.clock import moment
from onward.core.fold import Cycle, fold
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.core.states import SIDES, Side, State
from onward.v1.agreements_pb2 import Agreement, SignedAgreement
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant
from onward.v1.entry_pb2 import Certificate, Entry, Withdrawal
from onward.v1.envelope_pb2 import Envelope, EnvelopeHeader
from onward.v1.trust_pb2 import SignedTrustList, Stamp, TrustAnchors

HERE = Path(__file__).parent
VECTORS = HERE.parent / "onward_conformance" / "vectors"
Case = dict[str, Any]
AGENCIES: dict[Side, str] = {"origin": "msw.gov.bd.example", "destination": "shelter.np.example"}


def cases(kind: str) -> list[Any]:
    """The vectors of one kind, each with its file's name."""
    found = sorted((VECTORS / kind).glob("*.json"))
    return [pytest.param(json.loads(path.read_text("utf-8")), id=path.stem) for path in found]


def now(text: str) -> Any:
    """A moment in JSON."""
    return moment(parse(Stamp, json.dumps(STAMP | {"expiresAt": text})).expires_at)


STAMP = {"environment": "test", "seq": 1, "digest": "A" * 43, "issuedAt": "2026-01-01T00:00:00Z"}


def test_files_are_current() -> None:
    command = [sys.executable, str(HERE / "make_vectors.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


KINDS = ("agreement", "certificate", "consent", "envelope", "fold", "json", "projection", "relay")


@pytest.mark.parametrize("kind", KINDS)
def test_every_vector_says_why(kind: str) -> None:
    found = cases(kind)
    assert len(found) > 5
    for one in found:
        assert one.values[0]["why"].strip()
        assert "\n" not in one.values[0]["why"]


def recipient_of(data: dict[str, Any]) -> consent.Recipient:
    """The recipient of a vector; without purposes, none are checked."""
    cleared = frozenset(data["purposes"]) if "purposes" in data else None
    return consent.Recipient(data["agency"], data["country"], cleared)


def decisions(case: Case, categories: list[str]) -> dict[str, Decision]:
    """The decision that a vector asks for."""
    record = case["consent"]
    said = None if record is None else parse(ConsentRecord, json.dumps(record))
    # Excerpts, which hold what decides and no more: no whole message, so no schema.
    basis = ParseDict(case["basis"], OtherBasis()) if "basis" in case else None
    agreement = ParseDict(case["agreement"], Agreement()) if "agreement" in case else None
    received = {name: ParseDict(one, Grant()) for name, one in case.get("received", {}).items()}
    return consent.decide(
        basis or said,
        recipient=recipient_of(case["recipient"]),
        purpose=case["purpose"],
        stage=case["stage"],
        categories=categories,
        now=now(case["now"]),
        agreement=agreement,
        agreement_needed=case.get("agreementNeeded", False),
        received=received,
        denied=case.get("denied", ()),
    )


@pytest.mark.parametrize("case", cases("consent"))
def test_consent(case: Case) -> None:
    found = decisions(case, case["categories"])
    assert {
        name: {
            "permitted": one.permitted, "reason": one.reason, "line": one.line,
            "source": one.source,
        }
        for name, one in found.items()
    } == case["expect"]  # fmt: skip


@pytest.mark.parametrize("case", cases("projection"))
def test_projection(case: Case) -> None:
    record = parse(CaseRecord, json.dumps(case["record"]))
    salts = iter(case["salts"])
    made = projection.project(
        record,
        decisions(case, projection.categories(record)),
        lambda: urlsafe_b64decode(next(salts) + "="),
    )
    found = [
        {"category": p.category, "salt": p.salt, "content": p.content, "digest": parts.digest(p)}
        for p in made
    ]
    assert found == case["expect"]
    for one in case["expect"]:
        salt = urlsafe_b64decode(one["salt"] + "=")
        text = b"onward-part\0" + one["category"].encode() + b"\0" + salt + one["content"].encode()
        raw = urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")
        assert raw == one["digest"]


def log(case: Case, side: Side) -> list[Act]:
    """One log of a vector; each of its entries obeys the schema."""
    return [Act(one["hash"], side, parse(Entry, json.dumps(one["entry"]))) for one in case[side]]


def shown(state: State) -> Case:
    """A state as vectors say it."""
    return {
        "phase": state.phase,
        "restReason": state.rest,
        "round": state.round,
        "closed": state.closed,
        "items": [
            {"number": n, "state": one.delivery, "reason": one.reason, "wish": one.wish}
            for n, one in sorted(state.items.items())
        ],
        "parts": [
            {
                "digest": digest,
                "category": one.category,
                "author": AGENCIES[one.author],
                "state": one.state,
                "refusal": one.refusal,
            }
            for digest, one in state.parts.items()
        ],
        "handoverOrigin": "origin" in state.handover,
        "handoverDestination": "destination" in state.handover,
        "uncertified": {side: list(state.uncertified(side)) for side in SIDES},
        "outcomes": [
            {"hash": hash_, "outcome": outcome} for hash_, outcome in state.outcomes.items()
        ],
    }


@pytest.mark.parametrize("case", cases("fold"))
def test_fold(case: Case) -> None:
    logs = log(case, "origin"), log(case, "destination")
    if "error" in case["expect"]:
        with pytest.raises(Cycle):
            fold(*logs)
        return
    assert shown(fold(*logs)) == case["expect"]


@pytest.mark.parametrize("case", cases("certificate"))
def test_certificate(case: Case) -> None:
    stands: certificates.Certified | None = None
    counts = []
    for one in case["certificates"]:
        certificate = parse(Certificate, json.dumps(one))
        counts.append(stands is None or certificates.adds(stands, certificate))
        if counts[-1]:
            stands = certificates.after(stands, certificate)
    assert stands is not None
    assert {
        "counts": counts,
        "kept": sorted(category for category, _, _ in stands.kept),
        "awaits": sorted(stands.awaits),
        "complete": stands.complete,
    } == case["expect"]


def relayed(case: Case, name: str) -> list[str]:
    """Into which referrals a withdrawal goes on from one of them, by how they belong together."""
    referrals = case["referrals"]
    here = referrals[name]
    mine = here.get("consent")
    entry = case["withdrawal"]["entry"]
    (found,) = (one for one in state_of(here).withdrawals if one.entry == entry)
    return relays.reach(
        linked=found.linked,
        forwards=[n for n, one in referrals.items() if one.get("onwardOf") == name],
        sources=[here["onwardOf"]] if "onwardOf" in here else [],
        siblings=[
            n for n, one in referrals.items() if mine and n != name and one.get("consent") == mine
        ],
    )


def state_of(referral: Case) -> State:
    """Where one referral of a vector stands."""
    return fold(log(referral, "origin"), log(referral, "destination"))


@pytest.mark.parametrize("case", cases("relay"))
def test_relay(case: Case) -> None:
    at, entry = case["withdrawal"]["referral"], case["withdrawal"]["entry"]
    here = case["referrals"][at]
    (act,) = (one for side in SIDES for one in log(here, side) if one.hash == entry)
    (found,) = (one for one in state_of(here).withdrawals if one.entry == entry)
    scope = Withdrawal(
        everything=found.everything, linked=found.linked,
        categories=[] if found.everything else act.entry.withdrawal.categories,
    )  # fmt: skip
    said = {
        name: json.loads(to_json(scope))
        for name in relayed(case, at)
        if relays.owed(state_of(case["referrals"][name]), scope)
    }
    assert said == case["expect"]


def finder(keys: list[Case]) -> jose.KeyFinder:
    """Finds these keys by their thumbprint."""
    return {jose.kid(key): key for key in map(jose.load_key, keys)}.get


def opened(case: Case) -> Case:
    """What the envelope of a vector holds."""
    envelope = ParseDict(case["envelope"], Envelope())
    claimed = envelopes.peek(envelope)
    signing = finder(case["keys"]["signing"].get(claimed.iss, []))
    header = envelopes.verify(
        envelope,
        signing,
        recipient=case["recipient"],
        environment=case["environment"],
        now=now(case["now"]),
    )
    sealing = finder(case["keys"]["sealing"])
    bundle = envelopes.unseal(envelope, header, sealing).bundle
    for token in bundle.entries:
        entries.read(token, signing)
    return {
        "mid": header.mid,
        "paddedSize": len(jose.unseal(envelope.sealed, sealing, header.iss, header.aud)),
        "entries": [jose.digest(token) for token in bundle.entries],
        "parts": [parts.digest(part) for part in bundle.parts],
    }


def receipted(case: Case) -> Case:
    """Which header the receipt of a vector answers."""
    token = case["envelope"]["header"]
    header = parse(EnvelopeHeader, jose.peek(token))
    every = [key for keys in case["keys"]["signing"].values() for key in keys]
    receipt = envelopes.read_receipt(case["receipt"], finder(every))
    envelopes.check_receipt(receipt, token, header)
    return {"header": receipt.header}


def listed(case: Case) -> Case:
    """Which list stands, and whether it is stale."""
    anchors = parse(TrustAnchors, json.dumps(case["anchors"]))
    signed = parse(SignedTrustList, json.dumps(case["signedTrustList"]))
    found = trust.verify(signed, anchors)
    return {"seq": found.list.seq, "stale": found.stale(now(case["now"]))}


RUN: dict[str, Callable[[Case], Case]] = {
    "envelope": opened,
    "receipt": receipted,
    "trust": listed,
}


@pytest.mark.parametrize("case", cases("envelope"))
def test_envelope(case: Case) -> None:
    try:
        found = RUN[case["kind"]](case)
    except Refused as fault:
        found = {"reason": fault.reason}
    assert found == case["expect"]


@pytest.mark.parametrize("case", cases("agreement"))
def test_agreement(case: Case) -> None:
    trusted = trust.verify(
        parse(SignedTrustList, json.dumps(case["signedTrustList"])),
        parse(TrustAnchors, json.dumps(case["anchors"])),
    )
    signed = parse(SignedAgreement, json.dumps(case["signedAgreement"]))
    try:
        found = agreements.verify(
            signed, trusted=trusted, environment=case["environment"], now=now(case["now"])
        )
        said = {"agreementId": found.agreement_id, "version": found.version}
    except Refused as fault:
        said = {"reason": fault.reason, "pointer": fault.pointer}
    assert said == case["expect"]
