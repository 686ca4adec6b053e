"""Checks: what each is about, and what it is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onward_conformance.jose import Bad, digest, verify
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
        """It must be refused with one of the reasons."""
        (answer,) = self.send(envelope)
        if answer.receipt or answer.reason not in reasons:
            raise Failed(" or ".join(reasons), str(answer))
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
        sent = json.loads(_payload(made["header"]))
        wanted = {
            "mid": sent["mid"], "iss": sent["aud"], "aud": sent["iss"],
            "header": digest(made["header"]), "trustList": self.network.seq,
        }  # fmt: skip
        wrong = {name: said.get(name) for name, one in wanted.items() if said.get(name) != one}
        if wrong:
            raise Failed(f"{ {name: wanted[name] for name in wrong} } in the receipt", f"{wrong}")
        return said


def _payload(token: str) -> bytes:
    from onward_conformance.jose import read

    return read(token)[1]


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
