"""A node's folder: what stands in it, and its settings file.

node.toml        settings, written by `onward-node init` and edited by people
keys/            the agency's keys and the keyring; never in a backup of the database
anchors.json     whose signatures this node trusts on a trust list
clients/*.json   the agency's own software, each with its public keys and scopes
logins/*.json    public keys of the agency's login, which say who acts
node.sqlite3     the database, unless another is named
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from onward.core import jose, spec
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.v1 import options_pb2
from onward.v1.trust_pb2 import TrustAnchors
from onward_server.adapters.oauth import Client

FILE = "node.toml"


class SettingsError(Exception):
    """The folder is not a node's, or its settings can't be used. The text says what to do."""


@dataclass(frozen=True)
class Settings:
    """What a node needs to know before it starts."""

    folder: Path
    agency: str
    environment: Literal["test", "live"]
    rest: str
    grpc: str
    issuer: str
    database: str
    peer_transport: Literal["rest", "grpc"]
    destroy_after: timedelta
    backups_kept: timedelta
    services_every: timedelta
    peer_rest: str = ""
    peer_grpc: str = ""
    """Where other nodes are answered, host:port; empty: at `rest` and `grpc`."""
    collect_every: timedelta = timedelta(minutes=1)
    """How often the agency's own mailbox is asked, if it has one."""
    mailbox: bool = False
    """Whether the node holds mail for members whose entries name its agency."""
    metrics: str = ""
    """Where numbers are scraped, host:port; empty: nowhere."""
    clock_offset: timedelta = timedelta(0)
    """How far this node's clock is ahead: a tool of demos and tests, never in `live`."""

    @property
    def keys(self) -> Path:
        """Folder of the keys."""
        return self.folder / "keys"

    def anchors(self) -> TrustAnchors:
        """Whose signatures the node trusts. Raises SettingsError if there are none yet."""
        path = self.folder / "anchors.json"
        if not path.exists():
            raise SettingsError(f"{path} is missing: copy the anchors of your trust list there")
        try:
            return parse(TrustAnchors, path.read_bytes())
        except Refused as fault:
            raise SettingsError(f"{path} is not a file of anchors: {fault}") from None

    def clients(self) -> dict[str, Client]:
        """The agency's own software."""
        found = {}
        for path in sorted((self.folder / "clients").glob("*.json")):
            data = _json(path)
            try:
                client = Client(data["client_id"], tuple(data["keys"]), frozenset(data["scopes"]))
            except (KeyError, TypeError):
                raise SettingsError(f"{path} needs client_id, keys and scopes") from None
            found[client.client_id] = client
        return found

    def login_keys(self) -> dict[str, str]:
        """Key id to public JWK, of those who say who acts."""
        found = {}
        for path in sorted((self.folder / "logins").glob("*.json")):
            data = _json(path)
            try:
                found[jose.kid(jose.load_key(data))] = json.dumps(data)
            except (ValueError, KeyError):
                raise SettingsError(f"{path} is not a P-256 public key (JWK)") from None
        return found


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text())
    except ValueError:
        raise SettingsError(f"{path} is not JSON") from None
    if not isinstance(data, dict):
        raise SettingsError(f"{path} must hold a JSON object")
    return data


def load(folder: Path) -> Settings:
    """The settings of a node. Raises SettingsError."""
    path = folder / FILE
    if not path.exists():
        raise SettingsError(f"{folder} is not a node's folder: make one with `onward-node init`")
    try:
        data = tomllib.loads(path.read_text())
        return Settings(
            folder=folder,
            agency=_text(data, "agency", spec.pattern(options_pb2.FORMAT_AGENCY)),
            environment=_text(data, "environment", "test|live"),  # type: ignore[arg-type]
            rest=_text(data, "rest", spec.pattern(options_pb2.FORMAT_AUTHORITY)),
            grpc=_text(data, "grpc", spec.pattern(options_pb2.FORMAT_AUTHORITY)),
            issuer=_text(data, "issuer", spec.pattern(options_pb2.FORMAT_ENDPOINT)),
            database=data.get("database", f"sqlite:///{folder.resolve() / 'node.sqlite3'}"),
            peer_transport=_text({"peer_transport": "grpc"} | data, "peer_transport", "grpc|rest"),  # type: ignore[arg-type]
            destroy_after=timedelta(seconds=data.get("destroy_after_seconds", 86_400)),
            backups_kept=timedelta(days=data.get("backups_kept_days", 7)),
            services_every=_seconds(data, "services_every_seconds", 3600),
            peer_rest=_address(data, "peer_rest", beside="peer_grpc"),
            peer_grpc=_address(data, "peer_grpc", beside="peer_rest"),
            metrics=_address(data, "metrics"),
            collect_every=_seconds(data, "collect_every_seconds", 60),
            mailbox=_flag(data, "mailbox"),
            clock_offset=_clock_offset(data),
        )
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(f"{path} is not TOML: {fault}") from None
    except KeyError as fault:
        raise SettingsError(f"{path} lacks {fault.args[0]}") from None
    except TypeError:
        raise SettingsError(f"{path} has a value of the wrong kind") from None
    except ValueError as fault:
        raise SettingsError(f"{path}: {fault}") from None


def _seconds(data: dict[str, Any], name: str, default: int) -> timedelta:
    """A length of time above zero. Raises TypeError or ValueError."""
    value = data.get(name, default)
    if not isinstance(value, int):
        raise TypeError
    if value < 1:
        raise ValueError(f"{name} can't be {value!r}")
    return timedelta(seconds=value)


def _flag(data: dict[str, Any], name: str) -> bool:
    """Yes or no; no where it is absent. Raises TypeError."""
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(data: dict[str, Any], name: str, pattern: str) -> str:
    """A value that looks as it must. Raises KeyError, TypeError or ValueError."""
    value = data[name]
    if not isinstance(value, str):
        raise TypeError
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{name} can't be {value!r}")
    return value


def _address(data: dict[str, Any], name: str, beside: str = "") -> str:
    """Where something listens that need not, host:port; empty if it does not. What stands
    `beside` it comes with it. Raises TypeError, ValueError, or KeyError if one of two is missing.
    """
    if name not in data and beside not in data:
        return ""
    return _text(data, name, spec.pattern(options_pb2.FORMAT_AUTHORITY))


def _clock_offset(data: dict[str, Any]) -> timedelta:
    """How far the clock is turned. Raises TypeError, or ValueError where people are real: entries
    would be signed with a time that is not."""
    days = data.get("clock_offset_days", 0)
    if not isinstance(days, int) or isinstance(days, bool):
        raise TypeError
    if days and data["environment"] != "test":
        raise ValueError("clock_offset_days is for environment test only")
    return timedelta(days=days)


TEMPLATE = """\
# The settings of this node. Times are in the unit that the name says.
agency = "{agency}"
environment = "{environment}"          # test or live; the two never mix

rest = "{rest}"       # where REST listens, host:port
grpc = "{grpc}"       # where gRPC listens, host:port
issuer = "{issuer}"  # the address of this node's token endpoint, as clients see it

# Where other nodes are answered, if apart from the agency's own software. Agencies that one
# process serves have the same two addresses here.
{peers}

peer_transport = "{peer_transport}"        # how partners are reached that have both: grpc or rest
destroy_after_seconds = {destroy_after}  # from a withdrawal to the destruction of what it sealed
backups_kept_days = {backups_kept}       # until when a backup could still open a copy
services_every_seconds = 3600  # how often each partner's list of services is fetched

# mailbox = true  # hold mail for agencies of the list whose entries name this one as theirs
# collect_every_seconds = 60  # how often mail is fetched, where this agency has a mailbox

# metrics = "127.0.0.1:9464"  # where Prometheus can scrape; only names of calls and reasons

# clock_offset_days = 365  # environment test only: a clock that is ahead, for demos and tests
# database = "postgresql+psycopg://..."  # another database than node.sqlite3 in this folder
"""
