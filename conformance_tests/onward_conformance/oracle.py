"""What every envelope, entry and part of the target has to be, read apart from any other code.

Each function raises Failed with the id of the requirement that is broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onward.v1 import local_pb2, options_pb2
from onward_conformance.jose import (
    BUCKETS,
    Bad,
    Key,
    digest,
    part_digest as part_digest,
    read,
    sha256,
    unb64,
    unpad,
    unseal,
    verify,
)
from onward_conformance.network import VERSION, Agency, Json, Network, now
from onward_conformance.results import Failed, spelled
from onward_conformance.said import claims
from onward_conformance.shape import fault, message, option

LARGEST = 262_144
STATE = (
    "items", "withdrawal", "certificate", "opened", "confirms", "followUp", "respondBy",
    "milestone", "alert", "complaint", "forwardTo", "question", "answers", "pauseReason",
    "cancelReason", "corrects", "resumes",
)  # fmt: skip
"""Members of an entry that are state (fields 20 and up)."""

AHEAD = ("withdraw", "recall", "invalidate")
"""Kinds of entries that can be sent ahead of what stands before them (DLV-067, DLV-068)."""


@dataclass(frozen=True)
class Act:
    """What the specification says of one kind of entry."""

    kind: str
    author: str
    carries: frozenset[str]
    """State that it may hold."""
    binds: bool
    """Whether its entries may bind parts."""


def acts() -> dict[str, Act]:
    """All kinds, from the options of the local plane's calls."""
    found = {}
    sides = {
        options_pb2.AUTHOR_ORIGIN: "origin",
        options_pb2.AUTHOR_DESTINATION: "destination",
        options_pb2.AUTHOR_EITHER: "either",
    }
    for method in local_pb2.DESCRIPTOR.services_by_name["Referrals"].methods:
        rule = option(method, options_pb2.rpc)
        if rule.kind:
            given = {one.json_name for one in method.input_type.fields}
            own = {_camel(one) for one in rule.carries}
            found[rule.kind] = Act(
                rule.kind, sides[rule.author], frozenset(STATE) & (given | own), "record" in given
            )
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(one.capitalize() for one in rest)


def moment(text: str) -> datetime:
    """A time of the specification. Raises Failed for one that no calendar has."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Failed("a time", text) from None


def header(network: Network, envelope: Json, to: Agency, sender: str) -> Json:
    """The header of an envelope from the target, once everything about it is right."""
    size = len(envelope["header"]) + len(envelope["sealed"])
    if size > LARGEST:
        raise Failed(f"at most {LARGEST} bytes", size, by="ENV-006")
    said = _signed(envelope["header"], "onward-envelope+jws", network.key_of_target("sign", sender))
    if wrong := fault(message("EnvelopeHeader"), said):
        raise Failed("a header of its schema", wrong, by="DLV-007")
    try:
        if len(unb64(said["mid"])) < 16:
            raise Failed("128 random bits in mid", said["mid"], by="ENV-001")
    except Bad:
        pass  # Any text of the format may carry them.
    for name, right, by in (
        ("aud", to.name, "ENV-002"),
        ("iss", sender, "ENV-002"),
        ("digest", sha256(envelope["sealed"].encode()), "ENV-003"),
        ("version", VERSION, "VER-003"),
        ("environment", network.environment, "VER-001"),
    ):
        if said.get(name) != right:
            raise Failed(f"{name} {spelled(right)}", said.get(name), by=by)
    if abs(moment(said["iat"]) - now()) > timedelta(minutes=5):
        raise Failed("iat at the moment of sealing", said["iat"], by="ENV-004")
    return said


def _signed(token: str, typ: str, keys: dict[str, dict[str, str]]) -> Json:
    try:
        return claims(verify(token, typ, keys))
    except Bad as bad:
        raise Failed(f"a token of type {typ} that verifies", str(bad), by="KEY-001") from None


def question(network: Network, token: str, method: str, came: datetime | None = None) -> Json:
    """A question of the target, once it is signed, new when it came (without `came`, now), and for
    one of the suite's agencies.
    """
    try:
        sender = str(readable(token).get("iss", ""))
    except Bad as bad:
        raise Failed("a question that is signed", str(bad), by="DLV-071") from None
    said = _signed(token, "onward-request+jws", network.key_of_target("sign", sender))
    if wrong := fault(message("PeerRequest"), said):
        raise Failed("a question of its schema", wrong, by="DLV-071")
    if said["method"] != method:
        raise Failed(f"the method {method}", said["method"], by="DLV-071")
    if network.member(said["aud"]) is None:
        raise Failed("a question to one of the suite's agencies", said["aud"], by="DLV-070")
    if abs(moment(said["iat"]) - (came or now())) > timedelta(minutes=5):
        raise Failed("a question signed now", said["iat"], by="DLV-071")
    return said


def inside(envelope: Json, to: Agency, sender: str) -> Json:
    """What an envelope to one of the suite's agencies holds, once the sealing is right."""
    try:
        outer = claims(unb64(envelope["sealed"].split(".")[0]))
    except Bad as bad:
        raise Failed("a JWE with a header", str(bad), by="ENV-012") from None
    if set(outer) != {"alg", "enc", "typ", "kid", "apu", "apv", "epk"}:
        raise Failed("alg, apu, apv, enc, epk, kid and typ", sorted(outer), by="ENV-012")
    epk = outer["epk"] if isinstance(outer["epk"], dict) else {}
    if set(epk) != {"kty", "crv", "x", "y"}:
        raise Failed("crv, kty, x and y in epk", sorted(epk), by="ENV-014")
    for name, right, by in (
        ("alg", "ECDH-ES", "ENV-012"),
        ("enc", "A256GCM", "ENV-012"),
        ("typ", "onward-sealed+jwe", "ENV-012"),
        ("kid", to.seal.kid, "ENV-016"),
    ):
        if outer[name] != right:
            raise Failed(f"{name} {spelled(right)}", outer[name], by=by)
    if (unb64(outer["apu"]), unb64(outer["apv"])) != (sender.encode(), to.name.encode()):
        raise Failed("apu and apv of the two agencies", "others", by="ENV-013")
    return _opened(envelope["sealed"], to.seal)


def _opened(sealed: str, key: Key) -> Json:
    try:
        padded = unseal(sealed, key)
    except Bad as bad:
        raise Failed("a sealed text that opens", str(bad), by="ENV-012") from None
    try:
        content = unpad(padded)
    except (Bad, StopIteration):
        raise Failed(
            f"padding to one of {spelled(BUCKETS)}", f"{len(padded)} bytes", by="ENV-010"
        ) from None
    try:
        said = claims(content)
    except Bad as bad:
        raise Failed("a Sealed message", str(bad), by="ENV-017") from None
    if wrong := fault(message("Sealed"), said):
        raise Failed("a Sealed message of its schema", wrong, by="ENV-017")
    return said


def entry(network: Network, token: str, side: str, sender: str) -> Json:
    """An entry of the target as the next of nothing yet: by itself it is right."""
    said = _signed(token, "onward-entry+jws", network.key_of_target("sign", sender))
    if wrong := fault(message("Entry"), said):
        raise Failed("an entry of its schema", wrong, by="ENT-008")
    act = acts().get(said["kind"])
    if act is None:
        raise Failed("a kind of the specification", said["kind"], by="VER-011")
    if act.author not in (side, "either"):
        raise Failed(f"an act of the {side}", said["kind"], by="FOLD-006")
    if strange := [one for one in STATE if one in said and one not in act.carries]:
        raise Failed(f"no {strange[0]} in {act.kind}", "it is there", by="ENT-001")
    if said.get("parts") and not act.binds:
        raise Failed(f"no parts in {act.kind}", len(said["parts"]), by="PART-003")
    bound = [one["category"] for one in said.get("parts", [])]
    if bound and (bound.count("grant") != 1 or not said.get("grantId")):
        raise Failed("parts with one grant, which is named", bound, by="GRNT-001")
    if "." in said["time"]:
        raise Failed("a time cut to the second", said["time"], by="ENT-006")
    return said


def follows(said: Json, log: list[str], seen_before: int, mine: list[str]) -> None:
    """The entry is the next of the target's `log`, and what it has seen is of the suite's."""
    if said["seq"] != len(log) + 1:
        raise Failed(f"number {len(log) + 1}", said["seq"], by="ENT-004")
    if said.get("prev", "") != (digest(log[-1]) if log else ""):
        raise Failed("prev of the entry before", said.get("prev"), by="ENT-004")
    seq = said["seen"].get("seq", 0)
    if seq < seen_before:
        raise Failed(f"seen of {seen_before} or more", seq, by="ENT-003")
    if seq > len(mine) or (seq and said["seen"].get("hash") != digest(mine[seq - 1])):
        raise Failed("seen of an entry that the suite wrote", said["seen"], by="ENT-003")


def bound(part: Json, entries: list[Json]) -> Json:
    """The entry that binds a part. Raises Failed where none does, or the salt is short."""
    if len(unb64(part["salt"])) != 32:
        raise Failed("a salt of 32 bytes", part["salt"], by="PART-001")
    name = part_digest(part)
    for one in entries:
        for ref in one.get("parts", []):
            if ref["digest"] == name:
                if ref["category"] != part["category"]:
                    raise Failed(f"the category {ref['category']}", part["category"], by="PART-002")
                return one
    raise Failed("a part that an entry binds", part["category"], by="PART-002")


def content(part: Json) -> Json:
    """What a part says, once its category's shape is right."""
    name = "".join(one.capitalize() for one in part["category"].split("_"))
    try:
        descriptor = message(name)
    except KeyError:
        raise Failed("a category of the specification", part["category"], by="CAT-001") from None
    try:
        said = claims(part["content"].encode())
    except Bad as bad:
        raise Failed(f"a {part['category']}", str(bad), by="ENT-008") from None
    if wrong := fault(descriptor, said):
        raise Failed(f"a {part['category']} of its schema", wrong, by="ENT-008")
    return said


def readable(token: str) -> Json:
    """The payload of a token, not verified. Raises Bad where it is no JSON object."""
    return claims(read(token)[1])
