"""Two real node processes that fetch each other's services, and what is needed to talk to them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from onward.auth import ClientCredentials, Login
from onward.client import Client
from onward.core import jose, services
from onward.errors import OnwardError
from onward.importers import sample_folder
from onward.v1.services_pb2 import HeldServices, ServiceOffer
from onward_server.app import provision
from onward_server.demo.world import Site, Transport, World

SCOPES = ["directory:publish", "directory:read"]
DIRECTORY = "directory"
KEY = jose.new_key()


def sample() -> list[ServiceOffer]:
    """What a synthetic shelter offers."""
    return services.offers((sample_folder() / "services.json").read_bytes())


def publisher(site: Site, transport: Transport) -> Client:
    """A client for whoever keeps the agency's list."""
    credentials = ClientCredentials(client_id=DIRECTORY, key=KEY, issuer=site.issuer, scopes=SCOPES)
    login = Login(site.agency, site.login_key)
    if transport == "grpc":
        return Client.grpc(
            site.grpc, credentials=credentials, login=login, actor="u-9", role="publisher"
        )
    return Client.rest(
        site.issuer, credentials=credentials, login=login, actor="u-9", role="publisher"
    )


@contextmanager
def running(folder: Path) -> Iterator[World]:
    """Two processes. The ministry asks its partners over gRPC, the NGO over REST."""
    world = World.make(folder)
    for site in world.sites:
        provision.add_client(site.folder, DIRECTORY, provision.public(KEY), SCOPES)
        settings = site.folder / "node.toml"
        text = settings.read_text()
        assert "services_every_seconds = 3600" in text
        settings.write_text(
            text.replace("services_every_seconds = 3600", "services_every_seconds = 1")
        )
    try:
        world.start()
        yield world
    finally:
        world.stop()


def post(site: Site, path: str, body: Any, token: str = "") -> tuple[int, dict[str, Any]]:
    """A POST of JSON as it stands, which no SDK would send."""
    connection = HTTPConnection(site.rest, timeout=10)
    try:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def held(client: Client, agency: str) -> HeldServices | None:
    """An agency's list at the client's node."""
    return next(iter(client.list_services(agency=agency)), None)


def until(work: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not work():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.1)


def refusal(work: Callable[..., Any], *args: Any, **named: Any) -> tuple[str, str]:
    """Why a call is refused, and where; empty if it is not."""
    try:
        work(*args, **named)
    except OnwardError as fault:
        return fault.reason, fault.pointer
    return "", ""
