"""target.toml: what an operator writes, and how it is read."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from onward_conformance.network import WAYS, Json, Way
from onward_conformance.profiles import PROFILES
from onward_conformance.shape import fault as wrong_in, message
from onward_conformance.target import Target, TargetError

TEMPLATE = """\
# What the conformance suite has to know of your node or client. Paths are relative to this file.

[target]
# What is tested, for the report.
implementation = "my-node"
version = "0.1"

# What it is: destination, origin, forwarder, hosting, mailbox, collect, knocks, client. Each that
# stands here is tested in full; what does not stand here must be refused.
profiles = ["destination"]

# Its REST interface, its gRPC interface, or both. Each that stands here is tested in full.
rest = "http://127.0.0.1:18080"
# grpc = "127.0.0.1:18081"

# A node of the profile collect, and a client, have no addresses: they name the transports that they
# use themselves. A client needs neither entries nor [suite], since the suite plays its node.
# transports = ["rest", "grpc"]

# Its entries for the trust list, as your node exports them: agency, country, kind, versions and
# the public keys (JSON of the message Agency). The first is tested; a hosting node names at least
# two. The suite makes a list of its own from them.
entries = ["agency.json"]

# A node of environment live has no place here.
environment = "test"

[suite]
# Where the suite's own agencies listen, for what your node sends to them.
rest = "127.0.0.1:18990"
# grpc = "127.0.0.1:18991"
# As your node reaches them, if that is another address:
# rest_address = "http://suite.example:18990"
# Some checks change the trust list while they run: agencies are suspended, or are no partners any
# more. This program then gives your node the files trust-list.json and partners.json beside this
# one. Without it, these checks count as not tested.
# take_list = ["./take-list"]
# Some checks are about agreements. This program then adds your agency's signature to the file
# agreement.json beside this one. Without it, these checks count as not tested.
# sign_agreement = ["./sign-agreement"]

# Where a person decides, the suite has to ask for it. Either over the specification's local plane:
# [local]
# rest = "http://127.0.0.1:18080"
# client_id = "conformance"
# client_key = "client.jwk"
# login_key = "login.jwk"

# or by a program of yours, which reads one request per line and writes one answer per line
# (docs/implementers.md):
# [hands]
# command = ["./hands"]
"""

TABLES = {
    "target": {
        "implementation", "version", "commit", "profiles", "rest", "grpc", "entries", "environment",
        "transports",
    },
    "suite": {"rest", "grpc", "rest_address", "grpc_address", "take_list", "sign_agreement"},
    "local": {"rest", "client_id", "client_key", "login_key"},
    "hands": {"command"},
}  # fmt: skip

LISTS = {"profiles", "entries", "transports", "take_list", "sign_agreement", "command"}
"""Members that are lists of texts."""

FREE = {"version", "commit"}
"""Members that can be numbers, too."""


def load(path: Path) -> Target:
    """Read target.toml. Raises TargetError."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        _kinds(path, said)
        known, suite = said["target"], said.get("suite", {})
        names = known.get("entries", [])
        entries = [json.loads((path.parent / one).read_text(encoding="utf-8")) for one in names]
    except OSError as fault:
        told = f"can't read {fault.filename}: {fault.strerror}"
        if fault.filename == str(path):
            raise TargetError(f"{told}. `onward-conformance init {path}` makes one") from None
        raise TargetError(
            f"{told}. {path} names it in entries: your agency's entry for the trust list"
        ) from None
    except KeyError as fault:
        raise TargetError(f"{path} has no {fault}") from None
    except (ValueError, RecursionError) as fault:
        raise TargetError(f"{path}, or an entry that it names, can't be read: {fault}") from None
    _check(path, said)
    _entries(path, entries)
    addresses: dict[Way, str] = {}
    listens: dict[Way, str] = {}
    reached: dict[Way, str] = {}
    for way in WAYS:
        if not known.get(way) and way not in known.get("transports", ()):
            continue
        addresses[way] = known.get(way, "")
        if "client" in known["profiles"]:
            continue
        if not suite.get(way):
            raise TargetError(f"{path}: [suite] has no {way}, where the suite is to listen for it")
        listens[way] = _listens(path, suite[way])
        if way == "rest" and "collect" not in known["profiles"]:
            _address(path, known["rest"])
        own = f"http://{suite[way]}" if way == "rest" else suite[way]
        reached[way] = suite.get(f"{way}_address", own)
    if not addresses:
        raise TargetError(f"{path} names neither rest nor grpc")
    return Target(
        path.parent, entries, tuple(known["profiles"]), addresses, listens, reached,
        known.get("environment", "test"), known.get("implementation", "unnamed"),
        str(known.get("version", "")), str(known.get("commit", "")), said.get("local", {}),
        tuple(said.get("hands", {}).get("command", ())), tuple(suite.get("take_list", ())),
        tuple(suite.get("sign_agreement", ())),
    )  # fmt: skip


def _check(path: Path, said: Json) -> None:
    """Raises TargetError for what nobody knows, so that a typing error does not go unseen."""
    profiles = said["target"].get("profiles")
    if not profiles or not isinstance(profiles, list):
        raise TargetError(f"{path}: profiles needs one or more of {', '.join(PROFILES)}")
    if strange := sorted(set(profiles) - set(PROFILES)):
        raise TargetError(f"{path}: no profile is named {', '.join(strange)}")
    if "client" in profiles:
        if profiles != ["client"] or not said.get("hands") or not said["target"].get("transports"):
            raise TargetError(
                f"{path}: a client stands alone, and needs transports and a program in [hands]"
            )
    elif not said["target"].get("entries"):
        raise TargetError(f"{path}: a node needs entries")
    if "collect" in profiles and profiles != ["collect"]:
        raise TargetError(f"{path}: nobody can call a node of the profile collect: it stands alone")
    if said["target"].get("environment", "test") != "test":
        raise TargetError(f"{path}: the suite writes to the node, so it must be one for tests")


def _kinds(path: Path, said: Json) -> None:
    """Raises TargetError for what nobody knows, and for a value that is none of its kind."""
    if strange := sorted(set(said) - set(TABLES)):
        raise TargetError(f"{path} has tables that nobody knows: {', '.join(strange)}")
    for table, members in said.items():
        if not isinstance(members, dict):
            raise TargetError(f"{path}: {table} has to be a table: [{table}]")
        if strange := sorted(set(members) - TABLES[table]):
            raise TargetError(f"{path}: [{table}] has no {', '.join(strange)}")
        for name, one in members.items():
            if name in LISTS and not (isinstance(one, list) and one and all(map(_text, one))):
                raise TargetError(f'{path}: {name} has to be a list of texts: ["one", "two"]')
            if name not in LISTS and name not in FREE and not _text(one):
                raise TargetError(f"{path}: {name} has to be a text")


def _text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _entries(path: Path, entries: list[Json]) -> None:
    """Raises TargetError for an entry that no trust list can take."""
    for one in entries:
        wrong = wrong_in(message("Agency"), one)
        uses = () if wrong else {key["use"] for key in one["keys"]}
        if not wrong and not {"sign", "seal"} <= set(uses):
            wrong = "/keys has not both a key to sign and one to seal"
        if wrong:
            raise TargetError(f"{path}: an entry is no Agency for a trust list: {wrong}")


def _listens(path: Path, place: str) -> str:
    host, _, port = place.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise TargetError(f"{path}: [suite] needs a host and a port, such as 127.0.0.1:18990")
    return place


def _address(path: Path, address: str) -> None:
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
        raise TargetError(f"{path}: rest needs an address such as https://node.example")
