"""Signed reports: a JWS over the report's bytes, and what an authority asks of one.

docs/conformance-report.md is the specification of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from onward_conformance import jose
from onward_conformance.check import Check
from onward_conformance.report import document
from onward_conformance.report.trusted import Json, Keys, TrustError, members
from onward_conformance.report.words import counted
from onward_conformance.results import Run

TYPE = "onward-report+jws"
SKEW = timedelta(minutes=5)
"""How far a report's beginning may lie ahead of the reader's clock."""


class SignatureError(Exception):
    """A report that can't be signed, or that an authority has to refuse; the text says why."""


@dataclass(frozen=True)
class Signer:
    """Who may have signed: public keys, and the agency that each belongs to.

    Where keys were given by hand, `agencies` is empty: a tester speaks for another's node.
    """

    keys: Keys
    agencies: dict[str, str]
    environment: str


def key(path: Path) -> jose.Key:
    """The private key in a file (JWK). Raises SignatureError, which says nothing of its content."""
    try:
        said = _to_sign(json.loads(path.read_text(encoding="utf-8")), path)
        found = jose.Key.load(json.dumps(said))
    except OSError as fault:
        raise SignatureError(f"can't read {path}: {fault.strerror}") from None
    except (jose.Bad, KeyError, TypeError, ValueError, AttributeError):
        raise SignatureError(
            f"{path} holds no private key on P-256: it has to be the agency's signing key,"
            " a JWK with kty, crv, x, y and d"
        ) from None
    if said.get("use", "sig") != "sig" or any(
        said.get(name, right) != right for name, right in found.public.items()
    ):
        raise SignatureError(f"the key in {path} is not one for signatures on P-256")
    return found


def _to_sign(said: Json, path: Path) -> Json:
    """The JWK; of a file with the keys of every use, the only one of use `sign`."""
    keys = said.get("sign")
    if keys is None:
        return said
    if len(keys) != 1:
        raise SignatureError(
            f"{path} holds {counted(len(keys), 'key')} to sign: save the one that stands in the"
            " trust list in a file of its own, as a JWK"
        )
    found: Json = keys[0]
    return found


def public_key(path: Path, environment: str) -> Signer:
    """One public key that was given by hand. Raises SignatureError."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        jwk = {name: str(said[name]) for name in ("crv", "kty", "x", "y")}
    except OSError as fault:
        raise SignatureError(f"can't read {path}: {fault.strerror}") from None
    except (KeyError, TypeError, ValueError):
        raise SignatureError(f"{path} holds no public key (JWK)") from None
    if "d" in said:
        raise SignatureError(f"{path} holds a private key: its owner has to make a new one")
    return Signer({jose.sha256(jose.compact(jwk)): jwk}, {}, environment)


def listed(trust_list: Json, anchors: Json, now: datetime) -> Signer:
    """The keys of every member of a trust list that has not been removed. Raises SignatureError."""
    try:
        environment, found = members(trust_list, anchors, now)
    except TrustError as fault:
        raise SignatureError(str(fault)) from None
    present = [one for one in found if one.status != "removed"]
    keys = {kid: jwk for one in present for kid, jwk in one.keys.items()}
    agencies = {kid: one.agency for one in present for kid in one.keys}
    return Signer(keys, agencies, environment)


def sign(report: bytes, by: jose.Key) -> str:
    """The JWS over exactly these bytes. Raises SignatureError if they are no report."""
    try:
        document.read(report)
    except document.ReportError as fault:
        raise SignatureError(str(fault)) from None
    return jose.sign(report, TYPE, by)


def check(
    token: str,
    signer: Signer,
    now: datetime,
    *,
    suites: Collection[str],
    max_age: timedelta,
    agency: str = "",
) -> Run:
    """The run that a signed report tells of. Its verdict is for the caller to judge.

    Args:
        token: the JWS.
        signer: who may have signed it.
        now: the reader's time, in UTC.
        suites: versions of the suite that are good enough.
        max_age: the longest time since the run began.
        agency: the agency whose report it has to be; any, where it is empty.

    Raises SignatureError.
    """
    token = token.strip()
    try:
        payload = jose.verify(token, TYPE, signer.keys)
        kid = jose.read(token)[0]["kid"]
    except (jose.Bad, KeyError, TypeError, ValueError, AttributeError) as fault:
        raise SignatureError(f"the signature is not good: {fault}") from None
    if len(jose.unb64(token.rpartition(".")[2])) != 64:
        raise SignatureError("the signature is not good: it does not have 64 bytes")
    try:
        run = document.read(payload)
    except document.ReportError as fault:
        raise SignatureError(f"what was signed is no report: {fault}") from None
    by = signer.agencies.get(kid, "")
    wanted = {"agency": agency or by or run.agency, "environment": signer.environment}
    if by and by != run.agency:
        raise SignatureError(f"{by} signed a report about {run.agency}")
    for name, right in wanted.items():
        if getattr(run, name) != right:
            raise SignatureError(f"the report is for {name} {getattr(run, name)}, not {right}")
    if run.suite not in suites:
        raise SignatureError(
            f"it was made with suite {run.suite}; wanted: {', '.join(sorted(suites))}"
        )
    if run.started > now + SKEW:
        raise SignatureError(f"the run began at {run.started:%Y-%m-%d %H:%M} UTC, in the future")
    if now - run.started > max_age:
        raise SignatureError(
            f"the run began on {run.started:%Y-%m-%d}, more than {max_age.days} days ago"
        )
    return run


def nothing_left_out(run: Run, checks: Collection[Check]) -> None:
    """Raises SignatureError if one of these checks has no result over a transport of the run. A
    check of one transport has none over the other.
    """
    for way in run.ways:
        found = {one.name for one in run.results if one.way == way}
        asked = {one.name for one in checks if one.over(way)}
        if missing := sorted(asked - found):
            raise SignatureError(
                f"the report leaves out {counted(len(missing), 'check')} over {way},"
                f" such as {missing[0]}"
            )
