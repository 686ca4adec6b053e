"""What a node says of a referral, as the demo tells it."""

from __future__ import annotations

from collections.abc import Mapping

from onward.core.clock import moment
from onward.v1.entry_pb2 import Entry, Item
from onward.v1.referral_pb2 import Referral, StoredEntry
from onward_server.demo import words
from onward_server.demo.told import Knowledge, Moment, Need


def tell_entry(stored: StoredEntry, services: Mapping[int, str]) -> Moment:
    """One entry in plain words, as the page and the terminal show it.

    An entry has numbers for the services, not their names: both agencies know these from a part.
    """
    entry = stored.entry
    said = [_item(item, services.get(item.number, "")) for item in entry.items]
    if entry.refused:
        said.append(f"refuses {words.count(len(entry.refused), 'part')} ({_refusals(entry)})")
    if entry.opened:
        said.append(f"{words.count(len(entry.opened), 'part')} read")
    if entry.HasField("withdrawal"):
        scope = entry.withdrawal
        named = ", ".join(words.category(one) for one in scope.categories)
        said.append("everything is taken back" if scope.everything else f"taken back: {named}")
    if entry.HasField("certificate"):
        until = moment(entry.certificate.copies_until).date().isoformat()
        count = words.count(len(entry.certificate.destroyed), "part")
        said.append(f"{count} destroyed; the last backup ends {until}")
    if entry.confirms:
        said.append("confirms the other agency's signature")
    if entry.follow_up:
        said.append(words.small("follow_up_kind", entry.follow_up))
    sent = [part.category for part in entry.parts if part.category != "grant"]
    at = moment(entry.time).strftime("%H:%M:%S")
    return Moment(at, entry.author, entry.kind, "; ".join(said), stored.outcome, sent)


def _refusals(entry: Entry) -> str:
    codes = sorted({one.reason for one in entry.refused})
    return ", ".join(words.label("refusal", code) for code in codes)


def _item(item: Item, service: str) -> str:
    name = words.label("service_type", service) if service else f"service {item.number}"
    state = words.state(item.state) if item.state else words.wish(item.wish)
    why = f" ({words.small('agency_decline_reason', item.reason)})" if item.reason else ""
    return f"{name}: {state}{why}"


def outcome(asked: list[Need], referral: Referral) -> list[Need]:
    """What became of each service that the person was asked about."""
    items = {item.number: item for item in referral.items}
    return [
        Need(
            need.number, need.service, need.wish,
            items[need.number].state if need.number in items else "not offered",
            items[need.number].reason if need.number in items else "",
        )
        for need in asked
    ]  # fmt: skip


RANK: dict[str, Knowledge] = {
    "sent": "sent", "opened": "opened", "refused": "refused", "withdrawn": "destroyed",
    "erased": "destroyed",
}  # fmt: skip


def knowledge(has: list[str], read: set[str], referral: Referral) -> dict[str, Knowledge]:
    """What the destination knows of a person, by category.

    `read` is what its caseworker has seen. Where nothing may flow back, no entry says so.
    """
    known: dict[str, Knowledge] = dict.fromkeys(has, "withheld")
    for part in referral.parts:
        # Of a category that came with the offer and again later, the stronger word counts.
        if part.author == referral.origin and part.category in known:
            now = RANK[part.state]
            if now == "sent" and part.category in read:
                now = "opened"
            if known[part.category] in ("withheld", "sent") or now != "sent":
                known[part.category] = now
    return known
