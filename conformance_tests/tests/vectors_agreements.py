"""Cases of agreements: who must have signed what, and which agreement is none."""

from __future__ import annotations

from typing import Any

from vector_files import DESTINATION, NOW, ORIGIN, Case, Cases, b64, compact, sha256
from vector_jose import jws
from vectors_trust import ANCHORS, LIST

OTHER = "other.np.example"

AGREEMENT: dict[str, Any] = {
    "agreementId": "agreement-0001",
    "version": 1,
    "environment": "test",
    "parties": [ORIGIN, DESTINATION],
    "purposes": ["service_delivery"],
    "categories": ["age_band", "name"],
    "retentionDays": 90,
    "storageCountries": ["BD", "NP"],
    "legalText": "https://msw.gov.bd.example/agreements/1",
    "legalTextDigest": sha256(b"The legal text."),
    "validFrom": "2026-11-01T00:00:00Z",
    "validUntil": "2027-11-01T00:00:00Z",
}


def trusted() -> dict[str, Any]:
    """The trust list that the signatures are judged by."""
    payload = compact(LIST).encode()
    signatures = []
    for name in ("ministry", "network"):
        protected, _, signature = jws(payload, "onward-trust+jws", name).split(".")
        signatures.append({"protected": protected, "signature": signature})
    return {"payload": b64(payload), "signatures": signatures}


def case(
    why: str,
    pointer: str = "",
    by: tuple[tuple[str, str], ...] = ((ORIGIN, "origin"), (DESTINATION, "destination")),
    *,
    typ: str = "onward-agreement+jws",
    now: str = NOW,
    over: dict[str, Any] | None = None,
    **changed: Any,
) -> Case:
    """An agreement, and what it is, or which of its places is refused.

    `by` are agencies, each with the name of the key that signs for it; `over` is what they sign
    where that is another agreement.
    """
    terms = {name: value for name, value in (AGREEMENT | changed).items() if value is not None}
    payload = compact(terms).encode()
    signatures = []
    for agency, name in by:
        signed = payload if over is None else compact(AGREEMENT | over).encode()
        protected, _, signature = jws(signed, typ, name).split(".")
        signatures.append({"agency": agency, "protected": protected, "signature": signature})
    return {
        "why": why,
        "now": now,
        "environment": "test",
        "anchors": ANCHORS,
        "signedTrustList": trusted(),
        "signedAgreement": {"payload": b64(payload), "signatures": signatures},
        "expect": {"reason": "AGREEMENT_INVALID", "pointer": pointer}
        if pointer
        else {"agreementId": "agreement-0001", "version": 1},
    }


MINE = (ORIGIN, "origin")

CASES: Cases = {
    "good": case("Both parties have signed."),
    "order-of-signatures": case(
        "Who signs first makes no difference.", by=((DESTINATION, "destination"), MINE)
    ),
    "one-signature": case("One party is not enough.", "/signatures", (MINE,)),
    "no-signature": case("A draft counts for nothing.", "/signatures", ()),
    "one-party-twice": case("Twice the same is one.", "/signatures", (MINE, MINE)),
    "by-another-agency": case(
        "A third agency can't sign for a party.", "/signatures", (MINE, (OTHER, "destination"))
    ),
    "by-the-other-partys-key": case(
        "Each signs with its own key.", "/signatures/1", (MINE, (DESTINATION, "origin"))
    ),
    "by-a-stranger": case(
        "The key is on no list.", "/signatures/1", (MINE, (DESTINATION, "stranger"))
    ),
    "by-a-sealing-key": case(
        "A key to seal to does not sign.",
        "/signatures/1",
        (MINE, (DESTINATION, "destination seal")),
    ),
    "key-not-in-use-yet": case(
        "A key is judged at the moment of taking.", "/signatures/0", now="2026-10-31T10:00:00Z"
    ),
    "key-retired": case(
        "A key is judged at the moment of taking.", "/signatures/0", now="2028-11-01T00:00:00Z"
    ),
    "another-type": case("A trust list is no agreement.", "/signatures/0", typ="onward-trust+jws"),
    "other-bytes": case(
        "They signed for ninety days.", "/signatures/0", retentionDays=91, over=AGREEMENT
    ),
    "environment": case("A live agreement.", "/payload/environment", environment="live"),
    "party-not-on-the-list": case(
        "Nobody knows its keys.",
        "/signatures/1/agency",
        (MINE, (OTHER, "destination")),
        parties=[ORIGIN, OTHER],
    ),
    "one-party": case("With oneself.", "/payload/parties", parties=[ORIGIN, ORIGIN]),
    "three-parties": case("Two agree.", "/payload/parties", parties=[ORIGIN, DESTINATION, OTHER]),
    "purpose-forbidden": case(
        "Nobody can agree to it.", "/payload/purposes/0", purposes=["marketing"]
    ),
    "purpose-unknown": case("No such purpose.", "/payload/purposes/0", purposes=["anything"]),
    "no-purpose": case("For nothing.", "/payload/purposes", purposes=[]),
    "category-unknown": case(
        "No such category.", "/payload/categories/1", categories=["name", "shoe_size"]
    ),
    "category-of-the-protocol": case(
        "A grant is no data.", "/payload/categories/0", categories=["grant"]
    ),
    "no-legal-text": case("Without its text.", "/payload/legalTextDigest", legalTextDigest=None),
    "ends-before-it-begins": case(
        "At no moment.", "/payload/validUntil", validUntil="2026-11-01T00:00:00Z"
    ),
    "unknown-field": case("What it can't say.", "/payload", anything=True),
}
