"""Writes the two logs of a fold vector from a short script. It decides nothing."""

from __future__ import annotations

from typing import Any

from vector_files import DESTINATION, ORIGIN, REFERRAL, Case, named


class Script:
    """Two sides that write in turn, and see what `sync` has delivered.

    Entries are named o1, o2 and d1, d2; their hashes, and the digests of parts, are these names
    filled up with A, so that a reader can follow them.
    """

    def __init__(self) -> None:
        self.logs: dict[str, list[dict[str, Any]]] = {"o": [], "d": []}
        self.seen = {"o": 0, "d": 0}

    def sync(self, *to: str) -> Script:
        """The sides named, or both, get everything that was written."""
        for side in to or ("o", "d"):
            self.seen[side] = len(self.logs["d" if side == "o" else "o"])
        return self

    def o(self, kind: str, **fields: Any) -> Script:
        """The origin writes."""
        return self._write("o", kind, fields)

    def d(self, kind: str, **fields: Any) -> Script:
        """The destination writes."""
        return self._write("d", kind, fields)

    def _write(self, side: str, kind: str, fields: dict[str, Any]) -> Script:
        log = self.logs[side]
        seen = fields.pop("seen", self.seen[side])
        author, recipient = (ORIGIN, DESTINATION) if side == "o" else (DESTINATION, ORIGIN)
        entry: dict[str, Any] = {
            "version": "1.0",
            "referralId": REFERRAL,
            "author": author,
            "recipient": recipient,
            "round": fields.pop("round", 1),
            "seq": len(log) + 1,
        }
        if log:
            entry["prev"] = named(f"{side}{len(log)}")
        there = "d" if side == "o" else "o"
        entry["seen"] = {"seq": seen, "hash": named(f"{there}{seen}")} if seen else {}
        entry["kind"] = kind
        entry["time"] = f"2026-11-21T10:{len(log):02}:00Z"
        parts = fields.pop("parts", [])
        if parts:
            entry["parts"] = [
                {"category": one.partition(".")[0], "digest": named(one)} for one in parts
            ]
        entry |= fields
        log.append({"hash": named(f"{side}{len(log) + 1}"), "entry": entry})
        return self

    def case(self, why: str, expect: dict[str, Any]) -> Case:
        """The vector."""
        logs = {"origin": self.logs["o"], "destination": self.logs["d"]}
        return {"why": why, **logs, "expect": expect}


def offered(*wanted: str, parts: list[str] | None = None) -> Script:
    """An offer that has arrived."""
    items = [{"number": n, "wish": wish} for n, wish in enumerate(wanted or ("now",), 1)]
    return Script().o("offer", items=items, **({"parts": parts} if parts else {})).sync()


def states(*each: str) -> list[dict[str, Any]]:
    """Items numbered from 1; "-" leaves one out, "state:reason" gives a reason."""
    made = []
    for number, one in enumerate(each, 1):
        state, _, reason = one.partition(":")
        if one != "-":
            made.append({"number": number, "state": state} | ({"reason": reason} if reason else {}))
    return made


def accepted(*wanted: str, parts: list[str] | None = None) -> Script:
    """The destination has acknowledged and accepted every item."""
    script = offered(*wanted, parts=parts).d("acknowledge")
    return script.d("decide", items=states(*["accepted"] * max(1, len(wanted)))).sync()


def refused(name: str, why: str = "beyond_grant") -> list[dict[str, str]]:
    """A part that the author refuses."""
    return [{"digest": named(name), "reason": why}]


def certificate(withdrawal: str, **more: Any) -> dict[str, Any]:
    """A certificate that answers a withdrawal. `keeps` names categories, kept by one law."""
    times = {"destroyedAt": "2026-11-21T11:00:00Z", "copiesUntil": "2026-12-21T11:00:00Z"}
    kept = [
        {"category": one, "law": "legal_hold", "country": "IN", "until": "2027-11-21T11:00:00Z"}
        for one in more.pop("keeps", [])
    ]
    return {"withdrawal": named(withdrawal), **times, **({"kept": kept} if kept else {}), **more}


OUTCOMES = {"+": "counted", "~": "overtaken", "x": "disallowed"}


def expect(
    phase: str,
    order: str,
    items: str = "now accepted",
    parts: dict[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """What the logs derive, by hand.

    `phase` is a phase, or resting with its reason after a slash. `order` holds the entries in
    canonical order, each with + for counted, ~ for overtaken, x for disallowed. `items` holds
    wish, delivery and perhaps a reason of each item, with a comma between items. `parts` says of
    each part its author and state, and the reason of a refusal.
    """
    name, _, rest = phase.partition("/")
    made: dict[str, Any] = {"phase": name, "restReason": rest, "round": more.pop("round", 1)}
    made["closed"] = more.pop("closed", False)
    made["items"] = []
    for number, one in enumerate(items.split(", ") if items else [], 1):
        wish, state, *reason = one.split()
        made["items"].append(
            {"number": number, "state": state, "reason": "".join(reason), "wish": wish}
        )
    made["parts"] = []
    for digest, said in (parts or {}).items():
        side, state, *reason = said.split()
        made["parts"].append(
            {
                "digest": named(digest),
                "category": digest.partition(".")[0],
                "author": ORIGIN if side == "o" else DESTINATION,
                "state": state,
                "refusal": "".join(reason),
            }
        )
    made["handoverOrigin"] = "o" in more.get("handover", "")
    made["handoverDestination"] = "d" in more.pop("handover", "")
    waiting = more.pop("uncertified", {})
    made["uncertified"] = {
        "origin": [named(one) for one in waiting.get("o", [])],
        "destination": [named(one) for one in waiting.get("d", [])],
    }
    made["outcomes"] = [
        {"hash": named(one[:-1]), "outcome": OUTCOMES[one[-1]]} for one in order.split()
    ]
    assert not more, more
    return made
