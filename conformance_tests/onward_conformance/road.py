"""The road of a referral, from the suite's offer on, so that a check begins where its matter is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onward_conformance.check import Bench
from onward_conformance.jose import digest, part_digest
from onward_conformance.local import routes
from onward_conformance.network import Agency, Json
from onward_conformance.oracle import moment
from onward_conformance.peer import Manner
from onward_conformance.referral import AGE, Referral, part
from onward_conformance.results import Failed, spelled

NOW: list[Json] = [{"number": 1, "wish": "now"}]
NAME: Json = {"firstName": "Sample"}
KINDS = {name: route.kind for name, route in routes().items() if route.kind}
"""The kind of entry that each act of the local plane writes."""


def states(*each: str) -> list[Json]:
    """Items numbered from 1 in these states."""
    return [{"number": n, "state": state} for n, state in enumerate(each, 1)]


def wishes(*each: str) -> list[Json]:
    """What the person wants of items numbered from 1."""
    return [{"number": n, "wish": wish} for n, wish in enumerate(each, 1)]


def content(category: str) -> Json:
    """Something valid to say in a category."""
    return {
        "age_band": AGE, "language": {"primary": "ne"}, "sex": {"sex": "female"}, "name": NAME,
        "date_of_birth": {"date": "2001-02"}, "nationality": {"countries": ["NP"]},
        "caseworker_notes": {"language": "en", "handover": "Sample."},
        "mental_health": {"notes": "Sample.", "language": "en"},
    }[category]  # fmt: skip


def offered(
    bench: Bench, *wish: str, author: Agency | None = None, grant: Json | None = None, **more: Any
) -> Referral:
    """A referral that the target has taken, with an age band; `grant` changes members of it."""
    referral = bench.referral(author)
    given = referral.grant(["age_band"], **(grant or {}))
    parts = [part("grant", given), part("age_band", AGE)]
    items = wishes(*(wish or ("now",)))
    give(bench, referral, "offer", parts, **{"items": items, "grantId": given["grantId"]} | more)
    return referral


def give(
    bench: Bench, referral: Referral, kind: str, parts: list[Json] | None = None, **changed: Any
) -> Json:
    """The suite's next entry with its parts, delivered. Gives what the receipt says."""
    token = referral.write(kind, parts, **changed)
    return bench.taken(referral.envelope(referral.bundle([token], parts)))


def clock(bench: Bench) -> datetime:
    """The target's own time, by its newest receipt: it may differ from the suite's."""
    return moment(give(bench, offered(bench), "remind")["time"])


def act(bench: Bench, referral: Referral, name: str, **request: Any) -> Json:
    """Make the target act in a referral. Gives the entry that came of it."""
    kind, before = KINDS[f"Referrals.{name}"], len(referral.came)
    bench.act(f"Referrals.{name}", {"referralId": referral.referral_id, **request})

    def new() -> Json | None:
        return next((one for one in referral.came[before:] if one["kind"] == kind), None)

    return bench.until(f"an entry {kind}", new, by="DLV-055")


def refuses(bench: Bench, referral: Referral, name: str, *reasons: str, **request: Any) -> None:
    """The target must refuse to do this act, and write nothing."""
    body = {"referralId": referral.referral_id, **request}
    before = entries(bench, referral)
    bench.act_refused(f"Referrals.{name}", body, *reasons)
    if entries(bench, referral) != before:
        raise Failed("nothing to be written by a refused act", "an entry", by="ACT-001")


def acknowledged(bench: Bench, *wish: str, **more: Any) -> Referral:
    """One that a person at the target has seen."""
    referral = offered(bench, *wish, **more)
    act(bench, referral, "Acknowledge")
    return referral


def accepted(bench: Bench, *wish: str, **more: Any) -> Referral:
    """One whose items the target has accepted, as the suite has seen."""
    referral = acknowledged(bench, *wish, **more)
    act(bench, referral, "Decide", items=states(*("accepted" for _ in wish or ("now",))))
    return referral


def active(bench: Bench, *wish: str) -> Referral:
    """One whose first item is in delivery."""
    referral = accepted(bench, *wish)
    act(bench, referral, "Progress", items=states("in_delivery"))
    return referral


def disclosed(bench: Bench, *categories: str) -> Referral:
    """An accepted one in which the suite has disclosed these, with a name if none is named."""
    referral = accepted(bench)
    disclose(bench, referral, *(categories or ("name",)))
    return referral


def disclose(bench: Bench, referral: Referral, *categories: str, **grant: Any) -> list[Json]:
    """Disclose these categories under a grant of their own. Gives the parts, the grant first."""
    given = referral.grant(list(categories), **grant)
    parts = [part("grant", given), *(part(one, content(one)) for one in categories)]
    said = give(bench, referral, "disclose", parts, grantId=given["grantId"])
    if said.get("refused"):
        raise Failed("all parts to be taken", said["refused"], by="GRNT-010")
    return parts


def shown(bench: Bench, referral: Referral) -> Json:
    """The referral as the target's own people see it."""
    return bench.act("Referrals.GetReferral", {"referralId": referral.referral_id})


def entries(bench: Bench, referral: Referral) -> dict[str, str]:
    """What the target says of each entry: outcomes by hashes, in the order of the fold."""
    said = bench.act("Referrals.ListEntries", {"referralId": referral.referral_id})
    return {one["hash"]: one["outcome"] for one in said.get("entries", [])}


def outcome(bench: Bench, referral: Referral, token: str) -> str:
    """What became of an entry at the target."""
    return entries(bench, referral).get(digest(token), "nothing")


def phase(said: Json) -> str:
    """The phase of a referral that is shown, and why it rests."""
    return "/".join(filter(None, (said.get("phase", ""), said.get("restReason", ""))))


def items(said: Json) -> str:
    """Wish and delivery of each item, in order."""
    return ", ".join(f"{one.get('wish')} {one.get('state')}" for one in said.get("items", []))


def expect(
    bench: Bench, referral: Referral, phase_: str, items_: str = "", *, by: str = ""
) -> Json:
    """The target must show this phase, and these items. Gives all that it shows."""
    said = shown(bench, referral)
    if phase(said) != phase_:
        raise Failed(f"the phase {phase_}", phase(said), by=by)
    if items_ and items(said) != items_:
        raise Failed(f"the items {spelled(items_)}", items(said), by=by)
    return said


def part_states(said: Json, parts: list[Json]) -> dict[str, str]:
    """Of these parts, by category, the state that is shown."""
    names = {part_digest(one): one["category"] for one in parts}
    found = {one["digest"]: one for one in said.get("parts", [])}
    return {name: found.get(at, {}).get("state", "nothing") for at, name in names.items()}


def opened(bench: Bench, referral: Referral) -> Json:
    """What a person at the target reads."""
    said = bench.act("Referrals.Open", {"referralId": referral.referral_id})
    found: Json = said.get("record", {})
    return found


def answers(bench: Bench, referral: Referral, manner: Manner | None) -> None:
    """How the suite answers in this referral from now on. None: well."""
    with bench.peer.lock:
        bench.peer.manners.pop(referral.referral_id, None)
        if manner is not None:
            bench.peer.manners[referral.referral_id] = manner
