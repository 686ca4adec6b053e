"""The suite's own agencies as the target's partners: what the target sends to them."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from onward_conformance import given_back, oracle
from onward_conformance.given_back import Hung as Hung
from onward_conformance.jose import Bad, compact, digest, part_digest, sign
from onward_conformance.network import VERSION, Agency, Json, Network, moment, now
from onward_conformance.referral import Referral
from onward_conformance.results import Failed
from onward_conformance.said import told
from onward_conformance.shape import message


@dataclass
class Arrival:
    """One envelope of the target, as it came."""

    to: str
    envelope: Json
    header: Json
    sealed: Json = field(default_factory=dict)
    """What was inside."""
    result: Json = field(default_factory=dict)
    """What the suite answered."""

    @property
    def bundle(self) -> Json:
        """The entries and parts of one referral; empty for a knock."""
        found: Json = self.sealed.get("bundle", {})
        return found


CALLS = ("Deliver", "Collect", "Resync", "GetServices")
"""What the target may ask of the suite's agencies."""

Manner = Callable[[Arrival, Json], Json]
"""How an agency of the suite answers: given the arrival and the right result, the result to give.
Raising Hung leaves the target without an answer."""


class Gap(Exception):
    """Entries are missing before a withdrawal that the target sent ahead of them."""


def well(_: Arrival, result: Json) -> Json:
    """As the specification says."""
    return result


def lost(_arrival: Arrival, _result: Json) -> Json:
    """As if it had never come: nothing of it is kept, and nothing is answered."""
    raise Hung


def refusing(reason: str, **more: object) -> Manner:
    """Answer every envelope with this problem."""
    return lambda _arrival, _result: {"problem": {"reason": f"REASON_{reason}"} | more}


@dataclass
class Peer:
    """Everything that the suite's agencies have of the target. Servers and tests share it."""

    network: Network
    arrivals: list[Arrival] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    """What was wrong with what the target sent: the check that waits for it fails by the first.
    What is no Failed is a fault of the suite.
    """
    referrals: dict[str, Referral] = field(default_factory=dict)
    manners: dict[str, Manner] = field(default_factory=dict)
    """By agency, and by referral: how it answers. Otherwise well."""
    mail: dict[str, list[Json]] = field(default_factory=dict)
    """What the suite, as a mailbox, holds for the target's agencies; each until its receipt."""
    questions: int = 0
    """How often the target has asked for its mail."""
    services: list[tuple[str, datetime]] = field(default_factory=list)
    """The target's questions for lists of services, as and when they came."""
    receipts: dict[str, str] = field(default_factory=dict)
    """The receipts that came with a question for mail, by message id."""
    mids: dict[tuple[str, str], str] = field(default_factory=dict)
    """The header under each message id that came, by who sent it."""
    salts: dict[str, str] = field(default_factory=dict)
    """The part that each salt came with, by its digest."""
    asked: list[Json] = field(default_factory=list)
    """The target's questions for what it has lost, in this check."""
    replies: dict[str, given_back.Reply] = field(default_factory=dict)
    """How such a question is answered, by referral. Otherwise well."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    slow: threading.RLock = field(default_factory=threading.RLock)
    """Whoever holds it lets deliveries wait for their answers."""
    waiting: int = 0
    """So many calls have come that wait for it."""
    earlier: set[str] = field(default_factory=set)
    """Referrals of checks, and of runs, that are over: what still comes of them is no fault of the
    next.
    """
    failed_at: float = -math.inf
    """When a delivery of the target last failed: it may pause now, for all that is for the suite.
    """
    note: Callable[[str], None] = lambda _: None
    """Keeps the id of a referral for the next run."""

    def begin(self) -> None:
        """A new check: the agencies answer well again, and earlier faults are forgotten."""
        with self.lock:
            self.manners.clear()
            self.replies.clear()
            self.asked.clear()
            self.faults.clear()
            self.earlier |= set(self.referrals)

    def deliver(self, envelopes: list[Json]) -> list[Json]:
        """Exchange.Deliver at the suite: a result for each envelope. Raises Hung."""
        results, hung = [], False
        with self.lock:
            self.waiting += 1
        with self.slow, self.lock:
            self.waiting -= 1
            for one in envelopes:
                try:
                    results.append(self._one(one))
                except Hung:
                    hung = True
            if hung or any("problem" in one for one in results):
                self.failed_at = time.monotonic()
        if hung:
            raise Hung
        return results

    def _taken(self, arrival: Arrival, to: Agency, sender: str) -> Json:
        """The right result: a receipt, or a gap before a withdrawal that was sent ahead."""
        try:
            return {"receipt": self._receipt(arrival, to, sender)}
        except Gap:
            known = self.referrals.get(arrival.bundle["referralId"])
            heads = known.heads if known else {"origin": {}, "destination": {}}
            return {"problem": {"reason": "REASON_GAP", "heads": heads}}

    def _one(self, envelope: Json) -> Json:
        arrival: Arrival | None = None
        try:
            envelope = told(envelope, message("Envelope"))
            claimed = oracle.readable(envelope["header"])
            to, sender = self._agency(claimed.get("aud", "")), str(claimed.get("iss", ""))
            arrival = Arrival(to.name, envelope, oracle.header(self.network, envelope, to, sender))
            self.arrivals.append(arrival)
            mid = (sender, arrival.header["mid"])
            if self.mids.setdefault(mid, digest(envelope["header"])) != digest(envelope["header"]):
                raise Failed("a new mid for what is sealed anew", "a mid again", by="ENV-007")
            arrival.sealed = oracle.inside(envelope, to, sender)
            referral = arrival.bundle.get("referralId", "")
            if referral and referral not in self.referrals:
                self.note(referral)
            manner = self.manners.get(referral) or self.manners.get(to.name, well)
            if manner is lost:
                raise Hung
            right = self._taken(arrival, to, sender)
        except Failed as failed:
            if arrival is None or arrival.bundle.get("referralId") not in self.earlier:
                self.faults.append(failed)
            return {"problem": {"reason": "REASON_ENTRY_INVALID"}}
        except Bad as fault:
            self.faults.append(Failed("an envelope", str(fault), by="ENV-003"))
            return {"problem": {"reason": "REASON_INVALID_FIELD"}}
        arrival.result = manner(arrival, right)
        return arrival.result

    def _agency(self, name: str) -> Agency:
        found = self.network.member(name)
        if found is None:
            raise Failed("an envelope to one of the suite's agencies", name, by="ENV-002")
        return found

    def _receipt(self, arrival: Arrival, to: Agency, sender: str) -> str:
        said: Json = {
            "version": VERSION, "mid": arrival.header["mid"],
            "header": digest(arrival.envelope["header"]), "iss": to.name, "aud": sender,
            "trustList": self.network.seq, "time": moment(now()),
        }  # fmt: skip
        if bundle := arrival.bundle:
            referral = self._stored(bundle, to, sender)
            said |= {"referralId": referral.referral_id, "heads": referral.heads}
        return sign(compact(said), "onward-receipt+jws", to.sign)

    def _stored(self, bundle: Json, to: Agency, sender: str) -> Referral:
        known = self.referrals.get(bundle["referralId"])
        referral = known or Referral(self.network, to, sender, "destination", bundle["referralId"])
        side = "destination" if referral.side == "origin" else "origin"
        for token in bundle.get("entries", []):
            if token in referral.theirs or digest(token) in map(digest, referral.theirs):
                continue
            said = oracle.entry(self.network, token, side, sender)
            if said["kind"] in oracle.AHEAD and said["seq"] > len(referral.theirs) + 1:
                raise Gap
            if known is None and not referral.theirs and said["kind"] != "offer":
                raise Failed("an offer first", said["kind"], by="DLV-035")
            before = referral.came[-1]["seen"].get("seq", 0) if referral.came else 0
            oracle.follows(said, referral.theirs, before, referral.log)
            referral.theirs.append(token)
            referral.came.append(said)
        have = {part_digest(one) for one in referral.parts}
        for part in bundle.get("parts", []):
            oracle.bound(part, referral.came)
            oracle.content(part)
            one = part_digest(part)
            if self.salts.setdefault(part["salt"], one) != one:
                raise Failed("a salt that no other part has", "one again", by="PART-001")
            if part_digest(part) not in have:
                referral.parts.append(part)
        self.referrals[referral.referral_id] = referral
        return referral

    def post(self, agency: str, envelope: Json) -> str:
        """Hold an envelope for an agency of the target. Gives its message id."""
        with self.lock:
            self.mail.setdefault(agency, []).append(envelope)
        mid: str = oracle.readable(envelope["header"])["mid"]
        return mid

    def collect(self, request: Json) -> Json:
        """Exchange.Collect at the suite."""
        with self.lock:
            try:
                return self._collected(request)
            except Failed as failed:
                self.faults.append(failed)
            except Bad as bad:
                self.faults.append(Failed("receipts that can be read", str(bad), by="DLV-071"))
            return {}

    def _collected(self, request: Json) -> Json:
        asked = oracle.question(self.network, request["request"], "collect")
        self.questions += 1
        held = self.mail.setdefault(asked["iss"], [])
        for token in request.get("receipts", []):
            mid = str(oracle.readable(token)["mid"])
            self.receipts[mid] = token
            held[:] = [one for one in held if oracle.readable(one["header"])["mid"] != mid]
        digests = [digest(one["header"]) for one in held]
        after = request.get("after", "")
        first = digests.index(after) + 1 if after in digests else 0
        return {"envelopes": held[first : first + request["max"]]}

    def resync(self, request: Json) -> Json:
        """Exchange.Resync at the suite. Raises Hung."""
        with self.lock:
            try:
                asking = oracle.question(self.network, request["request"], "resync")
            except Failed as failed:
                self.faults.append(failed)
                raise Hung from None
            self.asked.append(asking)
            name = asking.get("referralId", "")
            reply, known = self.replies.get(name), self.referrals.get(name)
        # Not under the lock: a reply may take its time.
        if reply:
            return reply(asking)
        return {"answer": given_back.answer(asking, self._agency(asking["aud"]), known)}

    def get_services(self, request: Json) -> Json:
        """Exchange.GetServices at the suite: it offers none."""
        with self.lock:
            self.services.append((request["request"], now()))
        return {}

    def answer(self, method: str, body: bytes) -> Json:
        """A call of Exchange that came over REST, as JSON. Raises Hung, or Failed for what is no
        such call.
        """
        name = method[:1].upper() + method[1:]
        if name not in CALLS:
            raise Failed("a call of Exchange", method)
        try:
            return self.call(name, json.loads(body))
        except (ValueError, RecursionError):
            raise Failed("a request in JSON", f"{len(body)} bytes that are none") from None

    def call(self, name: str, request: Json) -> Json:
        """One of the CALLS of Exchange. Raises Hung, or Failed for what is not of its kinds."""
        asked = told(request, message(f"{name}Request"))
        if name == "Deliver":
            return {"results": self.deliver(asked["envelopes"])}
        calls = {"Collect": self.collect, "Resync": self.resync, "GetServices": self.get_services}
        return calls[name](asked)
