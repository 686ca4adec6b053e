"""Two nodes on this machine, each its own process with its own keys, trust list and database."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal, Protocol

from joserfc.jwk import ECKey

from onward.auth import ClientCredentials, Login, save_key_file, scopes_of
from onward.client import Client
from onward.core import jose
from onward.core.parse import to_json
from onward.v1.trust_pb2 import Agency, SignedTrustList, TrustAnchors
from onward_server.adapters.trust import StoredTrust
from onward_server.app import provision, settings as node_settings
from onward_server.app.settings import SettingsError
from onward_server.app.wiring import open_store

Transport = Literal["rest", "grpc"]

START_SECONDS = 30.0

CLIENT = "case-management"


PORTS = range(10_000, 32_000)
"""They lie below those that systems hand out by themselves (from 32,768 or 49,152 up): one of those
may be somebody's outgoing connection by the time that a node starts.
"""

_given: set[int] = set()


def free_port() -> int:
    """A port of this machine that nobody listens on now, and another one each time: who gets it
    may listen much later.
    """
    if len(_given) > len(PORTS) // 2:
        _given.clear()
    while True:
        port = secrets.choice(PORTS)
        if port in _given:
            continue
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port


def _healthy(address: str) -> bool:
    connection = HTTPConnection(address, timeout=1.0)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


class Process(Protocol):
    """What a site asks of its node's process."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float = ...) -> int: ...
    def kill(self) -> None: ...


@dataclass
class Site:
    """One agency: its node's folder and process, its software's key, and its login."""

    folder: Path
    agency: str
    country: str
    kind: str
    peer_transport: Transport
    rest: str = field(default_factory=lambda: f"127.0.0.1:{free_port()}")
    grpc: str = field(default_factory=lambda: f"127.0.0.1:{free_port()}")
    peer_rest: str = ""
    peer_grpc: str = ""
    mailbox: str = ""
    client_key: ECKey = field(default_factory=jose.new_key)
    login_key: ECKey = field(default_factory=jose.new_key)
    process: Process | None = None
    days_ahead: int = 0
    clients: list[Client] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        """Address of the node's REST API and token endpoint."""
        return f"http://{self.rest}"

    @property
    def log(self) -> Path:
        """Where the node's process writes what it says."""
        return self.folder / "node.log"

    def make(self, destroy_after: int) -> Agency:
        """The node's folder, with one client and one login. The client may act for people of all
        roles that a case needs, so that a demo that is kept lets a reader play each of them.
        """
        entry = provision.init(
            self.folder,
            provision.NewNode(
                agency=self.agency, environment="test", country=self.country, kind=self.kind,
                rest=self.rest, grpc=self.grpc, issuer=self.issuer,
                peer_rest=self.peer_rest, peer_grpc=self.peer_grpc,
                peer_transport=self.peer_transport, destroy_after=destroy_after,
                mailbox=self.mailbox,
            ),
        )  # fmt: skip
        roles = ("caseworker", "supervisor", "manager")
        scopes = sorted({"audit:read"}.union(*(scopes_of(role) for role in roles)))
        provision.add_client(self.folder, CLIENT, provision.public(self.client_key), scopes)
        provision.add_login(self.folder, "login", provision.public(self.login_key))
        return entry

    def trust(self, anchors: TrustAnchors, signed: SignedTrustList, partners: list[str]) -> None:
        """Give the node its anchors, the list, and the partners that it accepts."""
        (self.folder / "anchors.json").write_text(provision.pretty(to_json(anchors)))
        found = node_settings.load(self.folder)
        store = open_store(found)
        try:
            StoredTrust(store, anchors).offer(to_json(signed))
            for partner in partners:
                store.accept_peer(partner)
        finally:
            store.close()

    def start(self, module: str = "onward_server.app.cli", *arguments: str) -> None:
        """Start the node's process. `wait` tells when it serves."""
        command = [sys.executable, "-m", module, "serve", str(self.folder), *arguments]
        with provision.private(), self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Wait until the node answers. Raises SettingsError if it does not."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                break
            if all(_healthy(one) for one in (self.rest, self.peer_rest) if one):
                return
            time.sleep(0.05)
        ended = self.process.poll() if self.process is not None else None
        how = "does not answer" if ended is None else f"ended with exit code {ended}"
        raise SettingsError(f"the node of {self.agency} did not start, it {how}: see {self.log}")

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End the process by its pid; SIGKILL is the power cut."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def turn_clock(self, days: int) -> None:
        """The agency's clock is so many days ahead from the next start on."""
        provision.turn_clock(self.folder, days)
        self.days_ahead = days

    def _time(self) -> float:
        return time.time() + self.days_ahead * 86_400

    def save_credentials(self, folder: Path) -> tuple[Path, Path]:
        """Write the client's and the login's private keys, for somebody else's software."""
        paths = (folder / "client.jwk", folder / "login.jwk")
        for path, key in zip(paths, (self.client_key, self.login_key), strict=True):
            save_key_file(path, key)
        return paths

    def client(self, transport: Transport, actor: str, role: str = "caseworker") -> Client:
        """A client of this agency's own node."""
        scopes = {*scopes_of(role), "audit:read"} if role == "caseworker" else scopes_of(role)
        credentials = ClientCredentials(
            client_id=CLIENT, key=self.client_key, issuer=self.issuer, scopes=sorted(scopes)
        )
        login = Login(self.agency, self.login_key, self._time)
        if transport == "grpc":
            made = Client.grpc(
                self.grpc, credentials=credentials, login=login, actor=actor, role=role,
                purpose="service_delivery",
            )  # fmt: skip
        else:
            made = Client.rest(
                self.issuer, credentials=credentials, login=login, actor=actor, role=role,
                purpose="service_delivery",
            )  # fmt: skip
        self.clients.append(made)
        return made


@dataclass
class World:
    """A ministry in one country and an NGO in another, and the list that both trust."""

    folder: Path
    origin: Site
    destination: Site
    anchors: TrustAnchors
    signed: SignedTrustList

    @classmethod
    def make(
        cls,
        folder: Path,
        *,
        peers: tuple[Transport, Transport] = ("grpc", "rest"),
        destroy_after: int = 1,
    ) -> World:
        """Both nodes, made but not started."""
        folder.mkdir(parents=True, exist_ok=True)
        origin = Site(
            folder / "ministry", "msw.gov.bd.example", "BD", "national_government", peers[0]
        )
        destination = Site(folder / "ngo", "shelter.ngo.in.example", "IN", "ngo_local", peers[1])
        entries = [site.make(destroy_after) for site in (origin, destination)]
        authorities = [jose.new_key(), jose.new_key(), jose.new_key()]
        stamper = jose.new_key()
        anchors = provision.anchors("test", 2, authorities, [stamper])
        signed = provision.new_list("test", 1, entries)
        for key in authorities[:2]:
            provision.sign_list(signed, key)
        provision.stamp_list(signed, stamper)
        world = cls(folder, origin, destination, anchors, signed)
        origin.trust(anchors, signed, [destination.agency])
        destination.trust(anchors, signed, [origin.agency])
        (folder / "trust-list.json").write_text(provision.pretty(to_json(signed)))
        (folder / "anchors.json").write_text(provision.pretty(to_json(anchors)))
        return world

    @property
    def sites(self) -> tuple[Site, Site]:
        """Both sites."""
        return self.origin, self.destination

    def start(self) -> None:
        """Start both processes at once, and wait until they serve."""
        for site in self.sites:
            site.start()
        for site in self.sites:
            site.wait()

    def stop(self) -> None:
        """End both processes, and the connections of all clients."""
        for site in self.sites:
            site.end()
            for client in site.clients:
                client.disconnect()
