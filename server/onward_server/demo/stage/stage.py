"""The stage of one story: its desks, its time, its timeline, and the check of its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from onward.client import Client
from onward.v1.entry_pb2 import Item
from onward.v1.referral_pb2 import Referral
from onward_server.demo import words
from onward_server.demo.stage import holding
from onward_server.demo.stage.desk import Case, Desk, standing
from onward_server.demo.stage.ending import End, faults, readable
from onward_server.demo.stage.holding import Seen
from onward_server.demo.stage.network import POSTS, Network, Post
from onward_server.demo.stage.people import Person
from onward_server.demo.stage.telling import Check, Ended, Known, Line, Sort, Telling, Want
from onward_server.demo.world import Transport


class Stage:
    """What a story is given. `turn` says which transport each agency's software uses."""

    def __init__(
        self, network: Network, telling: Telling, transports: Mapping[str, Transport]
    ) -> None:
        self.network = network
        self.telling = telling
        self._transports = transports
        self._desks = {post.key: Desk(self, post) for post in POSTS}
        self.used: set[str] = set()

    def desks(self, *keys: str) -> list[Desk]:
        """The desks of these agencies, for the whole story."""
        self.used.update(keys)
        return [self._desks[key] for key in keys]

    def client(self, post: Post) -> Client:
        """The client of one desk."""
        return self.network.client(post.key, self._transports[post.key], post.worker)

    @property
    def now(self) -> datetime:
        """The moment at which the story is."""
        return self.network.now

    @property
    def today(self) -> str:
        """Its day, as dates are written."""
        return self.now.date().isoformat()

    # What is told.

    def told(self, desk: Desk, say: str, facts: Iterable[tuple[str, str]] = ()) -> None:
        """An agency did something."""
        self._line("act", desk.post.key, say, facts)

    def refused(self, desk: Desk, say: str, why: str) -> None:
        """An agency's node refused something."""
        self._line("refused", desk.post.key, say, [("refused", why)])

    def life(self, person: Person, say: str) -> None:
        """A person said or did something."""
        self._line("life", person.name, say, ())

    def chapter(self, say: str) -> None:
        """Time has passed."""
        self._line("chapter", "", say, ())

    def _line(self, sort: Sort, who: str, say: str, facts: Iterable[tuple[str, str]]) -> None:
        self.telling.lines.append(Line(sort, self.now, who, say, tuple(facts)))

    # What happens to the nodes.

    def goes_down(self, desk: Desk) -> None:
        """An agency's node is off, as in a power cut that was announced."""
        self.network.down(desk.post.key)
        self._line("life", desk.post.key, "Its node is off.", ())

    def comes_back(self, desk: Desk) -> None:
        """The node is on again."""
        self.network.start([desk.post.key])
        self._line("life", desk.post.key, "Its node is on again.", ())

    def meets(self, case: Case, say: str) -> None:
        """Both nodes have exchanged what waited."""
        now = case.settle()
        self._line("life", "Both", say, case.moved(now))

    # How it ends.

    def check(self, what: str, good: bool, detail: str = "") -> None:
        """Something that must be true at the end."""
        self.telling.checks.append(Check(what, good, detail))

    def holds(self, case: Case, seen: Seen) -> None:
        """Tell who held what was taken back in a referral, as its origin knows it."""
        self.telling.holders = holding.told(case, {p.agency: p.key for p in POSTS}, seen)
        good = all(one.certified is not None for one in self.telling.holders)
        self.check("every holder has certified, in an entry that it signed itself", good)

    def ends(self, case: Case, end: End) -> None:
        """Hold a referral's end against what both nodes say."""
        here, there = case.settle(), case.destination.sees(case)
        entries = case.destination.client.list_entries(case.referral_id)
        self.telling.ended.append(
            Ended(
                case.title, case.origin.post.key, case.destination.post.key, standing(here),
                tuple(_wants(case, here)), (_known(case, there),), len(entries),
                tuple(faults(end, here, there)),
            )
        )  # fmt: skip


def _wants(case: Case, view: Referral) -> Iterable[Want]:
    for item in view.items:
        service = case.services.get(item.number, "")
        wish = words.wish(item.wish) + (f", from {item.not_before}" if item.not_before else "")
        yield Want(item.number, words.label("service_type", service), wish,
                   words.state(item.state), _reason(item))  # fmt: skip


def _reason(item: Item) -> str:
    return words.small("agency_decline_reason", item.reason) if item.reason else ""


def _known(case: Case, there: Referral) -> Known:
    """What the destination knows of what the origin has on record."""
    reads = readable(there, there.origin)
    theirs = [part for part in there.parts if part.author == there.origin]
    sent = {part.category for part in theirs}
    gone = {p.category for p in theirs if p.state in ("withdrawn", "erased")} - reads
    had = {field.name for field, _ in case.person.record.ListFields()}
    had |= {one.category for one in case.asked}
    return Known(
        case.destination.post.key, _named(reads), _named(had - sent), _named(gone - {"grant"})
    )


def _named(categories: Iterable[str]) -> tuple[str, ...]:
    return tuple(words.category(one) for one in sorted(categories))
