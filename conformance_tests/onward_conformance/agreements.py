"""Agreements between the target and the one agency of the suite that has any with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onward_conformance.check import Bench
from onward_conformance.hands import NoHands
from onward_conformance.jose import b64, compact, sha256, sign
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import identifier
from onward_conformance.shape import message

EVERYTHING = sorted(message("CaseRecord").fields_by_name)
"""All categories that content can stand in."""


def agreement(bench: Bench, **changed: Any) -> Json:
    """One that is in force at the target from now on, in place of any before it: every category,
    for one purpose. Gives what was agreed.
    """
    signatory, here = bench.cast.signatory, now()
    said = bench.act("Agreements.ListAgreements", {"agency": signatory.name})
    known = [one["agreement"] for one in said.get("agreements", [])]
    newest = max(known, key=lambda one: one["version"], default=None)
    made: Json = {
        "agreementId": newest["agreementId"] if newest else identifier(),
        "version": newest["version"] + 1 if newest else 1,
        "environment": bench.network.environment, "parties": [signatory.name, bench.agency],
        "purposes": ["service_delivery"], "categories": EVERYTHING, "retentionDays": 365,
        "storageCountries": ["IN", "NP"], "legalText": "https://text.conformance.example/1",
        "legalTextDigest": sha256(b"what lawyers wrote"),
        "validFrom": moment(here - timedelta(hours=1)),
        "validUntil": moment(here + timedelta(days=300)),
    } | changed  # fmt: skip
    if bench.sign is None:
        raise NoHands("target.toml names no program sign_agreement")
    payload = compact(made)
    protected, _, signature = sign(payload, "onward-agreement+jws", signatory.sign).split(".")
    mine = {"agency": signatory.name, "protected": protected, "signature": signature}
    paper = bench.sign({"payload": b64(payload), "signatures": [mine]})
    bench.act("Agreements.AddAgreement", {"agreement": paper})
    return made


def ended(bench: Bench, **changed: Any) -> Json:
    """One that was in force, and that the target's agency has ended."""
    made = agreement(bench, **changed)
    end(bench, made)
    return made


def end(bench: Bench, made: Json) -> None:
    """The target's agency ends it."""
    bench.act("Agreements.EndAgreement", {"agreementId": made["agreementId"]})


def terms(made: Json) -> Json:
    """What a grant under it says of it."""
    return {
        "agreementId": made["agreementId"], "storageCountries": made["storageCountries"],
    }  # fmt: skip
