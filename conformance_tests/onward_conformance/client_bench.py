"""What the checks of a client work with: a node that the suite plays, and the client's program."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from onward_conformance.hands import Hands, Refusal
from onward_conformance.network import Json, Way
from onward_conformance.played import AGENCY, CLIENT, Played
from onward_conformance.results import Failed
from onward_conformance.said import Row

CONNECT = {
    "transport": "`rest` or `grpc`: over which it is to work",
    "rest": "the base address of its REST interface, which is the issuer of tokens over gRPC, too",
    "grpc": "host and port of its gRPC interface",
    "agency": "the agency whose node and client this is",
    "clientId": "the client's id at the node",
    "clientKey": "the client's private key, a JWK: it signs the client's assertions",
    "loginKey": "the private key of the agency's login, a JWK: it signs who acts",
    "actor": "the person who acts",
    "role": "her role",
}
"""The members of the request of `Connect`, and what each is."""


@dataclass
class ClientBench:
    """`hands` is the client under test: what it is asked to do, it does at the played node."""

    node: Played
    way: Way
    hands: Hands

    def begin(self) -> None:
        """A new check: the client starts anew, at a node that answers well."""
        self.node.begin()
        self.hands.call("Connect", self.connection())

    def connection(self) -> Json:
        """What the client is told of its node."""
        return {
            "transport": self.way, "rest": self.node.address, "grpc": self.node.authority,
            "agency": AGENCY, "clientId": CLIENT, "actor": "u-1", "role": "caseworker",
            "clientKey": json.loads(self.node.client_key.text),
            "loginKey": json.loads(self.node.login_key.text),
        }  # fmt: skip

    def does(self, name: str, request: Json) -> Json:
        """The client does it. Raises Failed where it reports a failure, or sent what is wrong."""
        try:
            answer = self.hands.call(name, request)
        except Refusal as refusal:
            self.right()
            raise Failed(f"{name} to be done", refusal.reason or "an error") from None
        self.right()
        return answer

    def fails(self, name: str, request: Json, why: str, *, by: str = "") -> str:
        """The client must report an error, since `why`. Gives the reason that it reports."""
        try:
            answer = self.hands.call(name, request)
        except Refusal as refusal:
            self.right()
            return refusal.reason
        raise Failed(f"an error, since {why}", json.dumps(answer)[:200], by=by)

    def right(self) -> None:
        """Everything that the client has sent was as it should be. Raises Failed."""
        with self.node.lock:
            if self.node.faults:
                raise self.node.faults.pop(0)

    def read(self) -> str:
        """A referral that the client has read."""
        referral_id = self.node.referral()
        self.does("Referrals.GetReferral", {"referralId": referral_id})
        return referral_id

    def acknowledge(self, referral_id: str) -> Callable[[], Json]:
        """The simplest act of a referral, to be done."""
        return lambda: self.does("Referrals.Acknowledge", {"referralId": referral_id})

    def tries(self, name: str = "Referrals.Acknowledge") -> Row:
        """Every time that the client sent this call, each Asked; one that is not there is its
        failure.
        """
        return self.node.sent(name)
