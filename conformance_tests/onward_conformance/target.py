"""The target: what is known of it, and the ways to it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from onward_conformance.hands import Hands, NoHands, Program
from onward_conformance.jose import Bad
from onward_conformance.local import LocalPlane
from onward_conformance.network import Cast, Json, Network, News, Way
from onward_conformance.played import AGENCY
from onward_conformance.said import told
from onward_conformance.shape import message
from onward_conformance.wire import GrpcWire, RestWire, Wire

STATE = ".onward-conformance"
"""Folder beside the target's file in which the suite keeps its own keys and list."""

REFERRALS = "referrals"
"""File there with the ids of the referrals of all runs."""

PROGRAM_SECONDS = 60
"""A program of the operator's that takes longer has failed."""


class TargetError(Exception):
    """The target's file can't be used; the text says what to do."""


@dataclass(frozen=True)
class Target:
    """What is under test. A client has transports in `addresses`, without addresses."""

    folder: Path
    entries: list[Json] = field(default_factory=list)
    profiles: tuple[str, ...] = ("destination",)
    addresses: Mapping[Way, str] = field(default_factory=dict)
    """Where the target is."""
    listens: Mapping[Way, str] = field(default_factory=dict)
    """Where the suite's agencies listen, host and port."""
    reached: Mapping[Way, str] = field(default_factory=dict)
    """How the target reaches them."""
    environment: str = "test"
    implementation: str = "unnamed"
    version: str = ""
    commit: str = ""
    local: Json = field(default_factory=dict)
    command: tuple[str, ...] = ()
    take_list: tuple[str, ...] = ()
    """The program that gives the target a newer trust list."""
    sign_agreement: tuple[str, ...] = ()
    """The program that adds the target's signature to an agreement."""

    @property
    def agency(self) -> str:
        """The agency under test; the suite's own where a client is."""
        return str(self.entries[0]["agency"]) if self.entries else AGENCY

    @property
    def is_client(self) -> bool:
        """Whether it is a client of a node, and no node."""
        return "client" in self.profiles

    @property
    def ways(self) -> list[Way]:
        """The transports that it has."""
        return list(self.addresses)

    def wire(self, way: Way) -> Wire:
        """A connection over one of them."""
        return RestWire(self.addresses[way]) if way == "rest" else GrpcWire(self.addresses[way])

    def hands(self) -> Hands | None:
        """The way to make it act, if there is one. Raises TargetError."""
        try:
            if self.local:
                return LocalPlane.load(self.folder, self.entries[0]["agency"], self.local)
            if self.command:
                return Program(list(self.command), str(self.folder))
        except (NoHands, OSError, ValueError) as fault:
            raise TargetError(f"the target can't be made to act: {fault}") from None
        except KeyError as fault:
            raise TargetError(f"[local] needs {fault}") from None
        return None

    def network(self) -> Network:
        """The suite's network around the target, made at the first use and kept in its folder."""
        if found := self.kept():
            return found
        casts = {way: Cast.play(way, address, self.agency) for way, address in self.reached.items()}
        made = Network(self.entries, casts, self.environment)
        self._keep(made)
        return made

    def kept(self) -> Network | None:
        """The network of an earlier command; None if there was none, or for another target."""
        with suppress(
            OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, Bad
        ):
            # None is there yet, or one that an earlier version of the suite has kept.
            found = Network.load((self.folder / STATE / "network.json").read_text())
            endpoints = {way: cast.partner.endpoint[way] for way, cast in found.casts.items()}
            if found.entries == self.entries and endpoints == self.reached:
                return found
        return None

    def _keep(self, network: Network) -> None:
        kept = self.folder / STATE / "network.json"
        begun = kept.with_suffix(".new")
        try:
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            begun.touch(mode=0o600)
            begun.write_text(network.save())
            # In one step: a run may be killed at any moment.
            begun.replace(kept)
        except OSError as fault:
            raise TargetError(f"can't write {kept}: {fault.strerror}") from None

    def earlier(self) -> set[str]:
        """Referrals of earlier runs: the target may still be sending something of them."""
        try:
            return set((self.folder / STATE / REFERRALS).read_text(encoding="ascii").split())
        except (OSError, ValueError):
            return set()

    def note(self, referral_id: str) -> None:
        """Keep the id of a referral for the next run."""
        with suppress(OSError), (self.folder / STATE / REFERRALS).open("a") as kept:
            kept.write(f"{referral_id}\n")

    def write(self, network: Network, signed: Json | None = None) -> list[Path]:
        """Write what the target's operator gives to the node: anchors, list (the newest, or one
        that was `signed` otherwise), and partners by agency. Gives the files.
        """
        self._keep(network)
        partners = {one["agency"]: network.accepted(one["agency"]) for one in self.entries}
        files = []
        for name, content in (
            ("anchors", network.anchors()), ("trust-list", signed or network.trust_list()),
            ("partners", partners),
        ):  # fmt: skip
            path = self.folder / f"{name}.json"
            try:
                path.write_text(json.dumps(content, indent=1), encoding="utf-8")
            except OSError as fault:
                raise TargetError(f"can't write {path}: {fault.strerror}") from None
            files.append(path)
        return files

    def news(self, network: Network) -> News | None:
        """The way to give the target a list; None where there is none. What is given raises
        NoHands where the program fails, as it may where the list has to be refused.
        """
        if not self.take_list:
            return None

        def give(signed: Json | None = None) -> None:
            try:
                self.write(network, signed)
            except TargetError as fault:
                raise NoHands(str(fault)) from None
            self._run(self.take_list)

        return give

    def signing(self) -> Callable[[Json], Json] | None:
        """The way to have the target sign an agreement; None where there is none. It raises NoHands
        where the program fails.
        """
        if not self.sign_agreement:
            return None

        def sign(agreement: Json) -> Json:
            path = self.folder / "agreement.json"
            try:
                path.write_text(json.dumps(agreement), encoding="utf-8")
                self._run(self.sign_agreement)
                signed: Json = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError):
                raise NoHands(f"{self.sign_agreement[0]} left no agreement.json") from None
            return told(signed, message("SignedAgreement"))

        return sign

    def _run(self, command: tuple[str, ...]) -> None:
        try:
            subprocess.run(
                command, cwd=self.folder, check=True, timeout=PROGRAM_SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as fault:
            raise NoHands(f"{command[0]} failed: {type(fault).__name__}") from None
