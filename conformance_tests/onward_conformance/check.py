"""Checks: what each is about, and what it is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onward_conformance.jose import Bad, digest, read, sha256, verify
from onward_conformance.network import Agency, Network
from onward_conformance.referral import Envelope, Referral
from onward_conformance.results import Failed
from onward_conformance.wire import Answer, Wire

Json = dict[str, Any]


@dataclass
class Bench:
    """What a check works with: the suite's network, and a wire to the target."""

    network: Network
    wire: Wire

    def referral(self, author: Agency | None = None) -> Referral:
        """A new referral that the suite's partner, or another of its agencies, begins."""
        return Referral(self.network, author or self.network.partner)

    def send(self, *envelopes: Envelope | Json) -> list[Answer]:
        """Deliver them in one call."""
        made = [one.made() if isinstance(one, Envelope) else one for one in envelopes]
        answers = self.wire.deliver(made)
        if len(answers) != len(made):
            raise Failed(f"{len(made)} results", f"{len(answers)}")
        return answers

    def refused(self, envelope: Envelope | Json, *reasons: str) -> Answer:
        """It must be refused with one of the reasons; with any, where none is named."""
        (answer,) = self.send(envelope)
        if answer.receipt or (reasons and answer.reason not in reasons):
            raise Failed(" or ".join(reasons) or "a refusal", str(answer))
        return answer

    def taken(self, envelope: Envelope | Json) -> Json:
        """It must be receipted. Gives what the receipt says, once everything in it is right."""
        made = envelope.made() if isinstance(envelope, Envelope) else envelope
        (answer,) = self.send(made)
        if not answer.receipt:
            raise Failed("a receipt", str(answer))
        return self.receipt(made, answer)

    def receipt(self, made: Json, answer: Answer) -> Json:
        """What a receipt for this envelope says, once its signature and its names are right."""
        try:
            payload = verify(
                answer.receipt, "onward-receipt+jws", self.network.key_of_target("sign")
            )
        except Bad as fault:
            raise Failed("a receipt that verifies", str(fault)) from None
        said: Json = json.loads(payload)
        sent = json.loads(read(made["header"])[1])
        for name, right, by in (
            ("mid", sent["mid"], "RCPT-002"),
            ("iss", sent["aud"], "RCPT-006"),
            ("aud", sent["iss"], "RCPT-006"),
            ("header", digest(made["header"]), "RCPT-002"),
            ("trustList", self.network.seq, "RCPT-005"),
        ):
            if said.get(name) != right:
                whole = name == "header" and said.get(name) == sha256(made["header"].encode())
                broken = "KEY-010" if whole else by
                raise Failed(f"{name} {right} in the receipt", f"{said.get(name)}", by=broken)
        return said

    def head(self, said: Json, seq: int) -> None:
        """The receipt must name this entry as the head of the suite's log (RCPT-003)."""
        found = (said.get("heads") or {}).get("origin") or {}
        if found.get("seq") != seq:
            raise Failed(f"a head with number {seq}", f"{found}", by="RCPT-003")


@dataclass(frozen=True)
class Check:
    """One check: its requirements by id, and whether it shows that something is refused."""

    name: str
    about: str
    requirements: tuple[str, ...]
    negative: bool
    run: Callable[[Bench], None]


CHECKS: dict[str, Check] = {}
"""All checks, by name, in the order in which they are written."""


def check(*requirements: str, negative: bool = False) -> Callable[[Callable[[Bench], None]], Any]:
    """Make a function a check of these requirements; its docstring says what it is about."""

    def made(run: Callable[[Bench], None]) -> Callable[[Bench], None]:
        name = run.__name__.replace("_", "-")
        assert name not in CHECKS, name
        CHECKS[name] = Check(name, (run.__doc__ or "").strip(), requirements, negative, run)
        return run

    return made
