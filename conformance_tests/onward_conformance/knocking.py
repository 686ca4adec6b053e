"""Knocks: those that the suite's agencies send, and what of the target's comes to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onward_conformance.check import Bench
from onward_conformance.network import LOCATORS, Agency, Json, moment, now
from onward_conformance.referral import Envelope, identifier
from onward_conformance.results import Failed
from onward_conformance.wayback import WayBack, proves

LEAST: Json = {
    "who": "self", "entryChannel": "hotline", "country": "NP", "services": ["shelter_emergency"],
}  # fmt: skip
"""Somebody asks for help, and says no more than the message needs."""
ASKS: Json = {"selfReferral": LEAST}
WRONG = 5
"""From so many wrong claims on a serial is locked."""


def knock(bench: Bench, content: Json, by: Agency | None = None, **changed: Any) -> Envelope:
    """A knock in an envelope, from the partner if nobody is named."""
    agency = by or bench.cast.partner
    said = {"knockId": identifier(), "time": moment(now())} | content | changed
    return Envelope(bench.network, agency, bench.agency, {"knock": said})


def mark(bench: Bench) -> int:
    """How much has come so far."""
    with bench.peer.lock:
        return len(bench.peer.arrivals)


def knocks(bench: Bench, kind: str, after: int = 0) -> list[tuple[str, Json]]:
    """Knocks of the target that came, of this kind: to whom, and each with its id as `knockId`."""
    with bench.peer.lock:
        found = list(bench.peer.arrivals)
    said = ((one.to, one.sealed.get("knock", {})) for one in found[after:])
    return [(to, one[kind] | {"knockId": one["knockId"]}) for to, one in said if kind in one]


def answer(bench: Bench, knock_id: str, kind: str = "claimAnswer", *, by: str = "KNCK-032") -> Json:
    """The target's answer to a knock of the suite, waited for."""

    def look() -> Json | None:
        found = (one for _, one in knocks(bench, kind) if one["answers"] == knock_id)
        return next(found, None)

    return bench.until("an answer to the knock", look, by=by)


@dataclass
class Given:
    """A way back that the target has given; each of the suite's agencies can be a desk for it."""

    bench: Bench
    way: WayBack

    def __post_init__(self) -> None:
        self.slow = self.way.slow()

    def claims(self, desk: Agency, purpose: str = "resume", *, right: bool = True) -> Json:
        """It is told at this desk, by somebody who knows it or guesses. Gives the target's answer,
        without what is right in it whenever it confirms.
        """
        knock_id = identifier()
        names = (knock_id, desk.name, purpose)
        proof = proves(self.slow if right else b"", self.bench.agency, "claim", *names)
        claim = {"purpose": purpose, "serial": self.way.serial, "proof": proof}
        self.bench.taken(knock(self.bench, {"claim": claim}, desk, knockId=knock_id))
        found = answer(self.bench, knock_id)
        if found["result"] == "confirmed":
            wanted = proves(self.slow, self.bench.agency, "confirmed", *names)
            if found.get("proof") != wanted:
                raise Failed("the right `confirmed`", found.get("proof"), by="KNCK-034")
        return found

    def guessed(self, desk: Agency, times: int = WRONG) -> None:
        """So many wrong claims of this desk, one after the other."""
        for _ in range(times):
            found = self.claims(desk, right=False)
            if found["result"] != "not_confirmed":
                raise Failed("a wrong claim not to be confirmed", found["result"], by="KNCK-033")


def given(bench: Bench, question: str, **more: Any) -> Given:
    """The target gives a way back. Each check has a question of its own, and so serials that no
    other check has locked.
    """
    asked = {"services": LEAST["services"], "question": question, "answer": "Mango"} | more
    made = bench.act("Knocks.MakeStandingOffer", asked)
    return Given(bench, WayBack.read(made["code"]))


@dataclass
class Told:
    """A way back of one of the suite's agencies that somebody tells at the target."""

    bench: Bench
    purpose: str = "resume"

    def __post_init__(self) -> None:
        self.way = WayBack.new(LOCATORS[self.bench.way])
        self._before = mark(self.bench)
        asked = {"code": self.way.code, "answer": self.way.answer, "purpose": self.purpose}
        self.knock_id = self.bench.act("Knocks.Claim", asked)["knockId"]

    def asks(self, *agencies: Agency) -> dict[str, Json]:
        """The claim that each of these has got, waited for; by agency."""
        wanted = {one.name for one in agencies}

        def look() -> dict[str, Json] | None:
            came = {to: one for to, one in knocks(self.bench, "claim", self._before)
                    if one["serial"] == self.way.serial}  # fmt: skip
            return came if wanted <= set(came) else None

        found = self.bench.until("a claim at each of them", look, by="KNCK-030")
        if len({one["knockId"] for one in found.values()}) != len(found):
            raise Failed("another knock id for each agency", "one for several", by="KNCK-031")
        return found

    def answered(self, by: Agency, claim: Json, proof: str) -> None:
        """One of them says that it gave the way back, and shows this."""
        said = {"answers": claim["knockId"], "result": "confirmed", "services": LEAST["services"]}
        said |= {"proof": proof} if proof else {}
        self.bench.taken(knock(self.bench, {"claimAnswer": said}, by))

    @property
    def status(self) -> str:
        """How far the desk's people see it to be."""
        found: str = self.bench.act("Knocks.GetKnock", {"knockId": self.knock_id})["status"]
        return found


def lodged(bench: Bench, about: Agency) -> None:
    """A complaint about an agency is lodged at the target."""
    said = {"agency": about.name, "complaint": "confinement"}
    bench.act("Knocks.LodgeComplaint", {"complaint": said})


def complaints(bench: Bench, about: Agency, after: int) -> set[str]:
    """Who has got the complaint about an agency."""
    return {to for to, one in knocks(bench, "complaint", after) if one["agency"] == about.name}
