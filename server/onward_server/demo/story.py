"""The demo from the sheet to the last check."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from onward.client import Client
from onward.core.clock import moment
from onward.core.parse import to_json
from onward.importers import Import, read_folder
from onward.v1.entry_pb2 import Entry, Item
from onward.v1.referral_pb2 import Referral, StoredEntry
from onward_server.demo import trouble, words
from onward_server.demo.desks import Desks
from onward_server.demo.play import Play, agreed, needs
from onward_server.demo.told import Check, Knowledge, Moment, Need, Person, Told
from onward_server.demo.world import Site, Transport, World

UNTIL_DISCLOSURE = 3
TO_THE_END = 4
CHECKS = 5
TROUBLE = 12
"""Steps of a referral before and after the disclosure, of the checks, and what a scene of trouble
weighs, for the progress bar: about as long as each takes."""

Choice = Literal["rest", "grpc", "both"]
Progress = Callable[[str], None]


def transports(choice: Choice, count: int) -> list[Transport]:
    """Which transport each person's referral uses; with both, by turns."""
    if choice == "both":
        return ["grpc" if number % 2 == 0 else "rest" for number in range(count)]
    return [choice] * count


class Story:
    """Plays all cases of a folder between the two nodes of a world.

    `done` of `total` steps are finished whenever `progress` is called, with what begins now.
    """

    def __init__(self, world: World, choice: Choice, progress: Progress) -> None:
        self.world = world
        self.choice = choice
        self.progress = progress
        self.done = 0
        self.total = 1
        self.told = Told(
            origin=world.origin.agency,
            destination=world.destination.agency,
            folder=str(world.folder),
        )

    def tell(self, folder: Path) -> Told:
        """The whole demo. Both nodes must be serving."""
        began = time.monotonic()
        sheet = read_folder(folder)
        self._sheet(sheet)
        plays = self._plays(sheet)
        sent = [play for play in plays if play.case.consent is not None and play.case.wishes]
        self.total = len(plays) + len(sent) * (UNTIL_DISCLOSURE + TO_THE_END) + CHECKS
        self.total += 2 * (TROUBLE - 1)
        for play in plays:
            self._before(play)
        self._until_disclosure(sent)
        self._to_the_end(sent)
        for play in plays:
            self._look_back(play)
        self._checks(plays)
        self.told.seconds = time.monotonic() - began
        return self.told

    def _sheet(self, sheet: Import) -> None:
        self.told.refused = [str(one) for one in sheet.refused]
        self.told.warnings = [str(one) for one in sheet.warnings]
        self.told.columns = dict(Counter(column.use for column in sheet.columns))

    def _plays(self, sheet: Import) -> list[Play]:
        plays = []
        used = transports(self.choice, len(sheet.cases))
        for case, transport in zip(sheet.cases, used, strict=True):
            person = Person(
                number=case.number,
                name=f"{case.record.name.first_name} {case.record.name.second_name}".strip(),
                transport=transport,
                has=list(case.categories),
                consent=case.consent.status if case.consent else "none",
                agreed=agreed(case.consent) if case.consent else None,
                feedback=case.consent.feedback if case.consent else "",
                not_sent=case.not_sent,
                needs=needs(case),
            )
            self.told.persons.append(person)
            plays.append(Play(self._desks(transport), self.told.destination, case, person))
        return plays

    def _desks(self, transport: Transport) -> Desks:
        return Desks(
            self.world.origin.client(transport, "farida-desk"),
            self.world.destination.client(transport, "asha-desk"),
        )

    @contextmanager
    def _step(self, play: Play | None, what: str, weight: int = 1) -> Iterator[None]:
        self.progress(f"{play.person.number}: {what}" if play else what)
        yield
        self.done += weight

    def _before(self, play: Play) -> None:
        with self._step(play, "consent and preview"):
            play.consent()
            play.preview()

    def _until_disclosure(self, plays: list[Play]) -> None:
        broken = next((p for p in plays if self._has_excess(p)), None)
        if broken is None:
            self.total -= TROUBLE - 1
        for play in plays:
            with self._step(play, "offer"):
                play.offer()
            with self._step(play, "decision"):
                accepted = play.decide()
            if not accepted:
                with self._step(play, "close"):
                    play.close(play.desks.origin)
                self.total -= TO_THE_END
                if play is broken:
                    self.total -= TROUBLE - 1
            elif play is broken:
                with self._step(play, "a part beyond the grant; the node restarts twice", TROUBLE):
                    self.told.scenes.append(trouble.beyond_grant(self.world, play))
            else:
                with self._step(play, "disclosure"):
                    play.disclose()
                    play.open()

    def _has_excess(self, play: Play) -> bool:
        excess = [line for line in play.person.disclosure if line.category == trouble.EXCESS]
        return bool(excess) and not excess[0].permitted and play.person.feedback != "nothing"

    def _to_the_end(self, plays: list[Play]) -> None:
        going = [p for p in plays if p.person.inbox_after]
        for play in going:
            with self._step(play, "services begin"):
                play.serve()
        leaves = going[-2] if len(going) > 1 else None
        if leaves is None:
            self.total -= TROUBLE - 1
        else:
            with self._step(leaves, "a withdrawal while the NGO's node is dead", TROUBLE + 2):
                scene, searches = trouble.withdrawal(self.world, leaves, going[-1])
            self.told.scenes.append(scene)
            self.told.searches += searches
        for play in going:
            if play is leaves:
                continue
            with self._step(play, "handover"):
                play.handover()
            with self._step(play, "follow-up"):
                play.follow_up()
            with self._step(play, "complete and close"):
                play.finish()

    def _look_back(self, play: Play) -> None:
        person = play.person
        if person.referral_id:
            referral = play.desks.destination.get_referral(person.referral_id)
            entries = play.desks.origin.list_entries(person.referral_id)
            services = {need.number: need.service for need in person.needs}
            person.moments = [tell_entry(entry, services) for entry in entries]
            person.phase, person.rest = referral.phase, referral.rest_reason
            person.closed = referral.closed
            person.needs = _outcome(person.needs, referral)
            read = {*person.inbox_before, *person.inbox_after}
            person.knows = knowledge(person.has, read, referral)
        else:
            person.knows = dict.fromkeys(person.has, "withheld")
        play.desks.disconnect()

    def _checks(self, plays: list[Play]) -> None:
        """Both logs and all receipts, offline, from exported files and the trust list alone."""
        folder = self.world.folder / "export"
        folder.mkdir(exist_ok=True)
        for site in self.world.sites:
            with self._step(None, f"checking the logs of {site.agency} offline", 2):
                client = site.client("rest", "auditor-desk")
                files = [_export(folder, site, client, p.person.referral_id) for p in plays]
                client.disconnect()
                self.told.checks.append(self._verify(site, [f for f in files if f is not None]))
        with self._step(None, "comparing the two agencies' logs"):
            self.told.checks.append(_same_folds(folder, plays))

    def _verify(self, site: Site, files: list[Path]) -> Check:
        command = [
            sys.executable, "-m", "onward.cli", "verify", *map(str, files),
            "--trust-list", str(self.world.folder / "trust-list.json"),
            "--anchors", str(self.world.folder / "anchors.json"),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        what = f"{len(files)} logs and their receipts, exported by {site.agency}"
        detail = "every signature, hash and receipt holds" if done.returncode == 0 else done.stderr
        return Check(what, done.returncode == 0 and bool(files), detail.strip())


def _export(folder: Path, site: Site, client: Client, referral_id: str) -> Path | None:
    if not referral_id:
        return None
    path = folder / f"{site.folder.name}-{referral_id}.json"
    path.write_bytes(to_json(client.export_log(referral_id)))
    return path


def _same_folds(folder: Path, plays: list[Play]) -> Check:
    """Both agencies exported the same two logs."""
    different = 0
    count = 0
    for play in plays:
        if not play.person.referral_id:
            continue
        count += 1
        logs = []
        for name in ("ministry", "ngo"):
            data = json.loads((folder / f"{name}-{play.person.referral_id}.json").read_bytes())
            logs.append((data.get("origin"), data.get("destination")))
        different += logs[0] != logs[1]
    detail = "equal" if not different else f"{different} differ"
    return Check(f"the two agencies' {count} referrals, entry by entry", different == 0, detail)


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
    state = words.small("item_state", item.state) if item.state else words.wish(item.wish)
    why = f" ({words.small('agency_decline_reason', item.reason)})" if item.reason else ""
    return f"{name}: {state}{why}"


def _outcome(asked: list[Need], referral: Referral) -> list[Need]:
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
