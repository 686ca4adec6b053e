"""The trust list: who is a member, with which keys, and how fresh that knowledge is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from onward.core import jose
from onward.core.clock import moment
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.trust_pb2 import (
    Agency,
    AgencyKey,
    AuthoritySignature,
    SignedTrustList,
    Stamp,
    TrustAnchors,
    TrustList,
)

GRACE = timedelta(days=3)
"""How long after its stamp's end a list may still be used by an agency that is offline."""


@dataclass(frozen=True)
class Trusted:
    """A trust list that was verified."""

    list: TrustList
    fresh_until: datetime | None

    def agency(self, agency: str) -> Agency | None:
        """The agency's entry, or None."""
        return next((one for one in self.list.agencies if one.agency == agency), None)

    def signing_key(self, agency: str, now: datetime | None = None) -> jose.KeyFinder:
        """Finds the agency's signing keys. With `now`, only those in use at that moment."""
        return _finder(self.agency(agency), "sign", now)

    def sealing_key(self, agency: str, now: datetime | None) -> ECKey | None:
        """The newest key to seal to. Without `now`, also one whose time is over."""
        found = self.agency(agency)
        seals = [key for key in found.keys if key.use == "seal"] if found else []
        keys = [key for key in seals if now is None or _in_use(key, now)]
        newest = max(keys, key=lambda k: k.not_before.seconds, default=None)
        return jose.public_key(newest.x, newest.y) if newest is not None else None

    def stale(self, now: datetime) -> bool:
        """Whether content may no longer be sent by this list. Withdrawals still may."""
        if now >= moment(self.list.expires_at):
            return True
        return self.fresh_until is None or now - GRACE >= self.fresh_until


def _in_use(key: AgencyKey, now: datetime) -> bool:
    return moment(key.not_before) <= now < moment(key.not_after)


def _finder(agency: Agency | None, use: str, now: datetime | None) -> jose.KeyFinder:
    def find(kid: str) -> ECKey | None:
        for key in agency.keys if agency is not None else ():
            if key.kid == kid and key.use == use and (now is None or _in_use(key, now)):
                return jose.public_key(key.x, key.y)
        return None

    return find


def _anchor_finder(keys: Iterable[AgencyKey]) -> jose.KeyFinder:
    found = [jose.public_key(key.x, key.y) for key in keys]
    # By thumbprint, whatever the anchors call it: one key under two names is one authority.
    return {jose.kid(key): key for key in found}.get


def sign_list(payload: bytes, key: ECKey) -> AuthoritySignature:
    """One authority's signature over the bytes of a list (JWS, JSON serialisation)."""
    protected, _, signature = jose.sign(payload, jose.TRUST, key).split(".")
    return AuthoritySignature(protected=protected, signature=signature)


def sign_stamp(stamp: Stamp, key: ECKey) -> str:
    """A freshness stamp as its JWS."""
    return jose.sign(to_json(stamp), jose.STAMP, key)


def verify(signed: SignedTrustList, anchors: TrustAnchors) -> Trusted:
    """The list, if enough authorities have signed it. Raises Refused TRUST_LIST_INVALID.

    A stamp that does not verify counts as no stamp: the list is then stale, not invalid.
    """
    # Signatures first: a list that nobody signed costs no more than that.
    if len(_signers(signed, anchors)) < max(1, anchors.threshold):
        raise Refused("TRUST_LIST_INVALID")
    try:
        trust_list = parse(TrustList, jose.unb64(signed.payload))
        _check_members(trust_list)
    except (Refused, ValueError, JoseError):
        raise Refused("TRUST_LIST_INVALID") from None
    if trust_list.environment != anchors.environment:
        raise Refused("TRUST_LIST_INVALID")
    return Trusted(trust_list, _fresh_until(signed, trust_list, anchors))


def _check_members(trust_list: TrustList) -> None:
    """Each agency stands once, each key once, under its thumbprint. Raises ValueError."""
    ids = [agency.agency for agency in trust_list.agencies]
    keys = [key for agency in trust_list.agencies for key in agency.keys]
    if len(set(ids)) != len(ids) or len({key.kid for key in keys}) != len(keys):
        raise ValueError("twice")
    if any(jose.kid(jose.public_key(key.x, key.y)) != key.kid for key in keys):
        raise ValueError("not the thumbprint")


def _signers(signed: SignedTrustList, anchors: TrustAnchors) -> set[str]:
    """Key ids of the authorities whose signature holds. Each counts once."""
    find = _anchor_finder(anchors.authorities)
    signers = set()
    for one in signed.signatures:
        token = f"{one.protected}.{signed.payload}.{one.signature}"
        try:
            signers.add(jose.verify(token, jose.TRUST, find).kid)
        except Refused:
            continue
    return signers


def _fresh_until(
    signed: SignedTrustList, trust_list: TrustList, anchors: TrustAnchors
) -> datetime | None:
    if not signed.stamp:
        return None
    try:
        verified = jose.verify(signed.stamp, jose.STAMP, _anchor_finder(anchors.stampers))
        stamp = parse(Stamp, verified.payload)
    except Refused:
        return None
    same = (
        stamp.environment == trust_list.environment
        and stamp.seq == trust_list.seq
        and stamp.digest == jose.sha256(jose.unb64(signed.payload))
    )
    return moment(stamp.expires_at) if same else None


def agency_key(key: ECKey, use: str, not_before: datetime, not_after: datetime) -> AgencyKey:
    """The public half of a key as it stands in a list."""
    public = json.loads(json.dumps(key.as_dict(private=False)))
    result = AgencyKey(kid=jose.kid(key), use=use, x=public["x"], y=public["y"])
    result.not_before.FromDatetime(not_before)
    result.not_after.FromDatetime(not_after)
    return result
