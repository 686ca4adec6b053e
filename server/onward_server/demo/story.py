"""The demo from the sheet to the last check."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from onward.client import Client
from onward.core.parse import to_json
from onward.errors import ConsentRefused
from onward.importers import Import, read_folder, sample_folder
from onward_server.demo import trouble
from onward_server.demo.desks import Desks
from onward_server.demo.play import Play, agreed, needs
from onward_server.demo.told import Check, Person, Told
from onward_server.demo.views import knowledge, outcome, tell_entry
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
        self.told.sample = folder.resolve() == sample_folder().resolve()
        self._sheet(sheet)
        plays = self._plays(sheet)
        asked = [play for play in plays if play.asks()]
        self.total = len(plays) + len(asked) * (UNTIL_DISCLOSURE + TO_THE_END) + CHECKS
        self.total += 2 * (TROUBLE - 1)
        for play in plays:
            self._before(play)
        sent = self._offers(asked)
        self._until_disclosure(sent)
        self._to_the_end(sent)
        for play in plays:
            self._look_back(play)
        if self.told.sent:
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

    def _offers(self, plays: list[Play]) -> list[Play]:
        """Offer each. Gives those that went out: no consent, no offer, and the demo goes on."""
        sent = []
        for play in plays:
            with self._step(play, "offer"):
                try:
                    play.offer()
                    sent.append(play)
                except ConsentRefused as fault:
                    play.person.not_sent = play.why_not(fault)
                    self.total -= UNTIL_DISCLOSURE - 1 + TO_THE_END
        return sent

    def _until_disclosure(self, plays: list[Play]) -> None:
        broken = next((p for p in plays if self._has_excess(p)), None)
        if broken is None:
            self.total -= TROUBLE - 1
        for play in plays:
            with self._step(play, "decision"):
                stands = play.decide()
            if stands != "accepted":
                with self._step(play, "close, or wait"):
                    if stands != "deferred":
                        play.close(play.desks.origin)
                self.total -= TO_THE_END
                if play is broken:
                    self.total -= TROUBLE - 1
            elif play is broken:
                with self._step(play, "a part beyond its grant", TROUBLE):
                    self.told.scenes.append(trouble.beyond_grant(self.world, play))
            else:
                with self._step(play, "disclosure"):
                    play.disclose()
                    play.open()

    def _has_excess(self, play: Play) -> bool:
        excess = [line for line in play.person.disclosure if line.category == trouble.EXCESS]
        return bool(excess) and not excess[0].permitted and play.person.feedback != "nothing"

    def _to_the_end(self, plays: list[Play]) -> None:
        opened = [p for p in plays if p.person.inbox_after]
        # Where nothing is wanted now, the referral waits.
        going = [p for p in opened if p.now_items("scheduled")]
        self.total -= (len(opened) - len(going)) * TO_THE_END
        for play in going:
            with self._step(play, "services begin"):
                play.serve()
        leaves = going[-2] if len(going) > 1 else None
        if leaves is None:
            self.total -= TROUBLE - 1
        else:
            with self._step(leaves, "withdrawal, the other node dead", TROUBLE + 2):
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
            person.needs = outcome(person.needs, referral)
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
            with self._step(None, f"checking offline: {site.agency}", 2):
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
