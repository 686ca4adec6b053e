"""The program by which the conformance suite works an agency's client: here one of the Python SDK.

It reads one request per line and writes one answer per line. The suite first says where the node is
(`Connect`), then asks for calls. Whatever fails is answered with a reason; the suite decides what
that means.

    [target]
    profiles = ["client"]
    transports = ["rest", "grpc"]

    [hands]
    command = ["python", "hands.py"]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from joserfc.jwk import ECKey

from onward.auth import ClientCredentials, Login, scopes_of
from onward.client import Client
from onward.errors import OnwardError
from onward.v1.entry_pb2 import Item

Json = dict[str, Any]


def items(request: Json) -> list[Item]:
    """The items of a request."""
    return [ParseDict(one, Item()) for one in request.get("items", [])]


CALLS: dict[str, Callable[[Client, Json], Any]] = {
    "Referrals.GetReferral": lambda client, r: client.get_referral(r["referralId"]),
    "Referrals.Acknowledge": lambda client, r: client.acknowledge(r["referralId"]),
    "Referrals.Decide": lambda client, r: client.decide(r["referralId"], items(r)),
    "Referrals.Progress": lambda client, r: client.progress(r["referralId"], items(r)),
    "Referrals.Withdraw": lambda client, r: client.withdraw(r["referralId"], everything=True),
}


class Hands:
    """One client at a time, as the suite wants it."""

    def __init__(self) -> None:
        self.client: Client | None = None

    def connect(self, told: Json) -> Json:
        """Begin anew, at another node. Raises ValueError for an address that is not secure."""
        self.close()
        credentials = ClientCredentials(
            client_id=told["clientId"], key=ECKey.import_key(told["clientKey"]),
            issuer=told["rest"], scopes=scopes_of(told["role"]),
        )  # fmt: skip
        settings: Any = {
            "credentials": credentials,
            "login": Login(told["agency"], ECKey.import_key(told["loginKey"])),
            "actor": told["actor"], "role": told["role"], "timeout": 5.0, "backoff": 0.01,
        }  # fmt: skip
        if told["transport"] == "grpc":
            self.client = Client.grpc(told["grpc"], **settings)
        else:
            self.client = Client.rest(told["rest"], **settings)
        return {}

    def call(self, name: str, request: Json) -> Json:
        """Do it. Raises OnwardError, or ValueError where it can't be asked for."""
        if name == "Connect":
            return self.connect(request)
        if self.client is None or name not in CALLS:
            raise ValueError(f"{name} can't be done")
        answer: Json = MessageToDict(CALLS[name](self.client, request))
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        if self.client is not None:
            self.client.disconnect()
            self.client = None


def main() -> None:
    """Answer line by line until there is none."""
    hands = Hands()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer: Json = {"ok": hands.call(asked["call"], asked["request"])}
        except OnwardError as error:
            answer = {"reason": error.reason}
        except ValueError as fault:
            answer = {"reason": "", "text": str(fault)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    hands.close()


if __name__ == "__main__":
    main()
