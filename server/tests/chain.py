"""Agencies in a row: what the first disclosed to the second, that one passes on to the third."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from circle import Circle, agency
from desk import DELAY, Desk
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import LinkRequest
from onward.v1.referral_pb2 import Holder
from people import agreed, decision, record, wishes

CONTENT = ("name", "contact_safe", "date_of_birth", "age_band", "sex", "language")
WAIT = DELAY + timedelta(seconds=1)


class Chain:
    """Agencies a, b, c and so on, each a partner of each. Referrals go by the names of both."""

    def __init__(self, folder: Path, names: str = "abc") -> None:
        self.circle = Circle(folder, {name: f"1{n}" for n, name in enumerate(names)})
        for one in names:
            for other in names:
                if one != other:
                    self.circle.partners(one, other)
        self.names = names
        self.consents: dict[str, str] = {}
        self.referrals: dict[str, str] = {}

    def __getitem__(self, name: str) -> Desk:
        return self.circle[name]

    @property
    def clock(self) -> Any:
        return self.circle.clock

    def consent(self, at: str, to: Iterable[str], **changes: Any) -> str:
        """What she agreed to at one agency, for some others."""
        given = agreed(
            recipients=[agency(name) for name in to], countries=["BD"],
            **{"onward_sharing": "same_purpose_named", **changes},
        )  # fmt: skip
        self.consents[at] = self[at].client.record_consent(given).consent_id
        return self.consents[at]

    def offer(self, one: str, other: str, *, onward_of: str = "", what: Any = None) -> str:
        """An offer by the consent that was given there."""
        link = LinkRequest(kind="onward", referral_id=self.referrals.get(onward_of, ""))
        sent = self[one].client.offer(
            destination=agency(other), consent_id=self.consents[one], items=wishes(),
            record=what or record(), **({"link": link} if onward_of else {}),
        )  # fmt: skip
        self.referrals[one + other] = sent.referral.referral_id
        return sent.referral.referral_id

    def refer(
        self, one: str, other: str, *, onward_of: str = "", what: CaseRecord | None = None
    ) -> str:
        """Offered, accepted and disclosed, all delivered."""
        referral_id = self.offer(one, other, onward_of=onward_of, what=what)
        self.settle()
        there = self[other].client
        there.get_referral(referral_id)
        there.acknowledge(referral_id)
        there.decide(referral_id, decision())
        self.settle()
        here = self[one].client
        here.get_referral(referral_id)
        here.disclose(referral_id, consent_id=self.consents[one], record=what or record())
        self.settle()
        return referral_id

    def row(self) -> None:
        """Each passes on to the next all that it got."""
        before = ""
        for one, other in zip(self.names, self.names[1:], strict=False):
            if one not in self.consents:
                self.consent(one, other)
            self.refer(one, other, onward_of=before)
            before = one + other

    def settle(self) -> None:
        self.circle.settle()

    def carried_out(self, rounds: int = 1) -> None:
        """Time passes, what is due is destroyed, and the certificates travel."""
        for _ in range(rounds):
            self.clock.advance(WAIT)
            for name in self.names:
                self[name].node.erase_due()
            self.settle()

    def withdrawals(self, pair: str) -> list[Any]:
        """In a referral, as its origin has it."""
        return list(self[pair[0]].client.get_referral(self.referrals[pair]).withdrawals)

    def holders(self, at: str, pair: str) -> dict[str, Holder]:
        """By their short names, as one of the two is shown them."""
        found = self[at].client.get_referral(self.referrals[pair]).holders
        return {one.agency.partition(".")[0]: one for one in found}

    def held(self, at: str) -> set[str]:
        """Categories that a node can still read, in any of its referrals."""
        desk = self[at]
        found: set[str] = set()
        for _, row in desk.store.read(lambda tx: tx.referrals(0, 99)):
            parts = desk.store.read(lambda tx, row=row: tx.parts(row.referral_id))  # type: ignore[misc]
            found |= {one.category for one in parts if one.outcome == "held"}
        return found - {"grant"}

    def views_equal(self) -> bool:
        """Both nodes of each referral derive the same."""
        from nodes import folded

        return all(
            folded(self[pair[0]].client.get_referral(one))
            == folded(self[pair[1]].client.get_referral(one))
            for pair, one in self.referrals.items()
        )

    def close(self) -> None:
        self.circle.close()


def progress() -> list[Item]:
    """The first item is in delivery."""
    return [Item(number=1, state="in_delivery")]
