"""A caseworker's desk in a story, and the referrals between two desks.

Each act is done over the SDK at a real node, and ends when both nodes hold the same logs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onward.client import Client
from onward.core import spec
from onward.errors import OnwardError
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord, Decision
from onward.v1.entry_pb2 import Item
from onward.v1.referral_pb2 import Recorded, Referral
from onward_server.demo import words
from onward_server.demo.desks import wait
from onward_server.demo.stage.network import Post
from onward_server.demo.stage.people import Person, agrees

if TYPE_CHECKING:
    from onward_server.demo.stage.stage import Stage

Facts = list[tuple[str, str]]

NOT_GIVEN = ("declined_by_agency", "unavailable")


class Wrong(Exception):
    """A story went another way than it is told."""


@dataclass
class Case:
    """One referral between two desks, and what the story knows of it beside the nodes."""

    title: str
    origin: Desk
    destination: Desk
    person: Person
    referral_id: str
    services: dict[int, str]
    asked: list[Decision]
    consent_id: str
    stood: str = ""

    def settle(self, author: Desk | None = None) -> Referral:
        """Wait until both nodes hold the same logs. Gives the origin's view.

        Who wrote last is asked first: nothing is settled before the other's receipt is there.
        """
        first = author or self.origin
        second = self.destination if first is self.origin else self.origin

        def same() -> Referral | None:
            one = first.sees(self)
            if one.undelivered:
                return None
            other = second.sees(self)
            if other.undelivered or one.heads != other.heads:
                return None
            return one if first is self.origin else other

        return wait(same, f"both nodes to hold the same of {self.title}")

    def moved(self, now: Referral) -> Facts:
        """Where the referral stands, if that has changed."""
        stands = standing(now)
        if stands == self.stood:
            return []
        self.stood = stands
        return [("stands", stands)]


def standing(view: Referral) -> str:
    """Where a referral stands, in words."""
    said = {"offered": "offered", "acknowledged": "seen, not decided", "accepted": "accepted",
            "active": "under way", "invalidated": "void, for good"}  # fmt: skip
    if view.phase != "resting":
        refused = any(one.state in NOT_GIVEN for one in view.items)
        stands = said[view.phase] + (" in part" if refused and view.phase == "accepted" else "")
        stands += ", her decision is needed" if view.choice_needed else ""
        return stands + (", cancelling" if view.cancel_pending else "")
    reason = words.spaced(view.rest_reason)
    return f"rests: {reason}" + (", closed" if view.closed else "")


@dataclass
class Desk:
    """One agency's caseworker. `post` says which agency, `client` reaches its own node."""

    stage: Stage
    post: Post

    @property
    def client(self) -> Client:
        """The way to the agency's own node."""
        return self.stage.client(self.post)

    @property
    def named(self) -> tuple[str, str]:
        """The agency and its country, as a consent names them."""
        return self.post.agency, self.post.country

    def asks(
        self, person: Person, *recipients: Desk, permit: Collection[str] = (), say: str = "",
        **changes: Any,
    ) -> str:  # fmt: skip
        """Ask a person what may be shared with whom, and record it. Gives the consent's id."""
        consent = agrees(
            person, self.stage.now, [one.named for one in recipients], permit=permit, **changes
        )
        consent_id = self.client.record_consent(consent).consent_id
        if say:
            self.stage.told(self, say, _agreed(consent))
        return consent_id

    def offers(
        self, to: Desk, person: Person, consent_id: str, items: Iterable[Item], say: str,
        **more: Any,
    ) -> Case:  # fmt: skip
        """Offer a person's needs to another agency."""
        sent = self.client.offer(
            destination=to.post.agency, consent_id=consent_id, items=items, record=person.record,
            **more,
        )  # fmt: skip
        title = f"{person.name}: {self.post.called} to {to.post.called}"
        case = Case(
            title, self, to, person, sent.referral.referral_id, person.services(),
            list(sent.decisions), consent_id,
        )  # fmt: skip
        self.stage.told(self, say, [*goes(sent.decisions), *case.moved(case.settle())])
        return case

    def does(self, case: Case, act: str, say: str, *args: Any, **named: Any) -> Recorded:
        """Write one act, by its name in the SDK, and wait until both agencies have it."""
        self.client.get_referral(case.referral_id)
        recorded: Recorded = getattr(self.client, act)(case.referral_id, *args, **named)
        now = case.settle(self)
        if self is case.origin:
            case.asked += recorded.decisions
        facts = goes(recorded.decisions)
        if recorded.journaled:
            facts.append(("stays", f"the whole note, at {self.post.called}"))
        self.stage.told(self, say, [*facts, *case.moved(now)])
        return recorded

    def alone(self, case: Case, act: str, say: str, *args: Any, **named: Any) -> None:
        """Write one act while the other agency can't be reached: it waits in the outbox."""
        self.client.get_referral(case.referral_id)
        recorded: Recorded = getattr(self.client, act)(case.referral_id, *args, **named)
        waiting = words.count(recorded.referral.undelivered, "act")
        self.stage.told(self, say, [("waits", f"{waiting} for the line")])

    def discloses(self, case: Case, say: str) -> Recorded:
        """Send what she agreed to of the record, after the acceptance."""
        return self.does(
            case, "disclose", say, consent_id=case.consent_id, record=case.person.record
        )

    def reads(self, case: Case, say: str) -> CaseRecord:
        """Open what can be read, for a purpose, with its line in the audit."""
        self.client.get_referral(case.referral_id)
        opened = self.client.open(case.referral_id)
        named = [words.category(field.name) for field, _ in opened.record.ListFields()]
        facts = [("reads", ", ".join(named)), *case.moved(case.settle(self))]
        self.stage.told(self, say, facts)
        return opened.record

    def cannot(self, reason: str, say: str, act: str, *args: Any, **named: Any) -> None:
        """Try something that the node must refuse for this reason. Raises Wrong if it does not."""
        case = args[0] if args and isinstance(args[0], Case) else None
        if case is not None:
            # What is refused must not be refused for what came in meanwhile.
            case.settle(self)
            args = (case.referral_id, *args[1:])
        try:
            getattr(self.client, act)(*args, **named)
        except OnwardError as fault:
            if fault.reason != reason:
                raise Wrong(f"refused as {fault.reason}, and it should be {reason}") from None
            self.stage.refused(self, say, f"{reason}: {spec.reasons()[reason].text}")
            return
        raise Wrong(f"{self.post.agency} could {act}, and it should be refused as {reason}")

    def sees(self, case: Case) -> Referral:
        """The referral as this agency's node tells it."""
        return self.client.get_referral(case.referral_id)

    def waits(self, case: Case, code: str) -> str:
        """Wait until this stands in the node's list of what needs a human. Gives the next step."""

        def there() -> str | None:
            steps = [one.next_step for one in self.sees(case).needs_human if one.code == code]
            return steps[0] if steps else None

        return wait(there, f"{code} at {self.post.agency}")


def _agreed(consent: ConsentRecord) -> Facts:
    named = ", ".join(words.category(one) for one in consent.permit)
    facts = [("yes to", named)]
    if consent.deny:
        facts.append(("no to", ", ".join(words.category(one) for one in consent.deny)))
    return facts


def goes(decisions: Iterable[Decision]) -> Facts:
    """What was sent and what was not, by category, with the reason."""
    sent, kept = [], []
    for one in decisions:
        if one.permitted:
            sent.append(words.category(one.category))
        elif one.reason != "before_acceptance":
            kept.append(f"{words.category(one.category)} ({words.reason(one.reason)})")
    facts = [("goes", ", ".join(sent))] if sent else []
    return facts + ([("stays", ", ".join(kept))] if kept else [])
