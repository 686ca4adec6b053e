"""Making a node's folder, and a trust list: what the command line does, callable too."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from onward.core import entries, jose, spec, trust
from onward.core.clock import stamp
from onward.core.parse import parse, to_json, validate
from onward.core.refused import Refused
from onward.v1 import options_pb2
from onward.v1.trust_pb2 import Agency, SignedTrustList, Stamp, TrustAnchors, TrustList
from onward_server.adapters.keys import FileKeys, load_key, save_key
from onward_server.app import settings as node_settings
from onward_server.app.settings import SettingsError

KEY_LIFE = timedelta(days=730)
LIST_LIFE = timedelta(days=90)
STAMP_LIFE = timedelta(days=2)

LOCATOR = "10"
"""The locator of a small list: all its agencies share it."""

SHARED_BY = 3
"""So many agencies should share a locator, or a card names the agency after all."""


@dataclass(frozen=True)
class NewNode:
    """What a new node is to be."""

    agency: str
    environment: str
    country: str
    kind: str
    rest: str
    grpc: str
    issuer: str
    peer_rest: str = ""
    peer_grpc: str = ""
    peer_transport: str = "grpc"
    destroy_after: int = 86_400
    backups_kept: int = 7
    mailbox: str = ""
    """The agency that holds this one's mail, where nobody can reach its node."""


def new_file(path: Path) -> None:
    """What is signed is never written over. Raises SettingsError where something is already."""
    if path.exists():
        raise SettingsError(f"{path} exists already: choose a new file")


def pretty(data: bytes) -> str:
    """JSON for people to read."""
    return json.dumps(json.loads(data), indent=1, ensure_ascii=False) + "\n"


@contextmanager
def private() -> Iterator[None]:
    """Files that are made meanwhile are for their owner only, whatever folder they are in."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def init(folder: Path, new: NewNode) -> Agency:
    """Keys, settings and an empty database. Gives the agency's entry for the trust list.

    Raises SettingsError if the folder is in use or a value is not valid.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError(f"{folder} is not empty: choose a new folder")
    now = datetime.now(UTC)
    entry = Agency(
        agency=new.agency, country=new.country, kind=new.kind, status="active",
        versions=[entries.VERSION], mailbox=new.mailbox,
        rest="" if new.mailbox else f"http://{new.peer_rest}" if new.peer_rest else new.issuer,
        grpc="" if new.mailbox else new.peer_grpc or new.grpc,
        purposes=spec.registries()["consent_purpose"].allowed(),
    )  # fmt: skip
    _check(new, entry)
    with private():
        _make(folder, new, entry, now)
    return entry


def _make(folder: Path, new: NewNode, entry: Agency, now: datetime) -> None:
    # The database is heavy to load, and nothing else here needs one.
    from onward_server.adapters.sql.schema import migrate

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    keys = folder / "keys"
    FileKeys.create(keys)
    save_key(keys / "token.jwk", jose.new_key())
    for use, path in (("sign", "sign.jwk"), ("seal", "seal.jwk")):
        entry.keys.append(trust.agency_key(load_key(keys / path), use, now, now + KEY_LIFE))
    for name in ("clients", "logins"):
        (folder / name).mkdir()
    (folder / node_settings.FILE).write_text(
        node_settings.TEMPLATE.format(
            agency=new.agency, environment=new.environment, rest=new.rest, grpc=new.grpc,
            issuer=new.issuer, peers=_peers(new), peer_transport=new.peer_transport,
            destroy_after=new.destroy_after, backups_kept=new.backups_kept,
        )
    )  # fmt: skip
    (folder / "agency.json").write_text(pretty(to_json(entry)))
    migrate(node_settings.load(folder).database)


def _peers(new: NewNode) -> str:
    """The lines of the settings that say where other nodes are answered."""
    given = bool(new.peer_rest)
    rest, grpc = (new.peer_rest, new.peer_grpc) if given else ("0.0.0.0:8081", "0.0.0.0:8091")
    lines = (f'peer_rest = "{rest}"', f'peer_grpc = "{grpc}"')
    return "\n".join(line if given else f"# {line}" for line in lines)


def backup(database: str, path: Path) -> None:
    """Copy the database of a node, which may be running, into a new file.

    SQLite's own way of copying gives one moment of it, whole. No key is in it. Raises
    SettingsError for another kind of database, and where the file exists.
    """
    from sqlalchemy import make_url  # Heavy to load, and most commands need none.

    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SettingsError("only a SQLite database is copied: use your database's own tool")
    new_file(path)
    with private(), closing(sqlite3.connect(url.database)) as here:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path)) as there:
            here.backup(there)


def _check(new: NewNode, entry: Agency) -> None:
    """Whether the node can be made as asked, before anything is. Raises SettingsError."""
    if not re.fullmatch(spec.pattern(options_pb2.FORMAT_AGENCY), new.agency):
        raise SettingsError(
            f"the agency id can't be {new.agency!r}: it is a domain name in small letters, "
            "such as msw.gov.bd.example"
        )
    if new.environment not in ("test", "live"):
        raise SettingsError(f"the environment can't be {new.environment!r}: it is test or live")
    if new.kind not in spec.registries()["agency_kind"].allowed():
        raise SettingsError(
            f"the kind can't be {new.kind!r}: `onward codes agency_kind` lists the kinds"
        )
    if bool(new.peer_rest) != bool(new.peer_grpc):
        raise SettingsError("give --peer-rest and --peer-grpc, or neither")
    addresses = [("rest", new.rest), ("grpc", new.grpc)]
    if new.peer_rest:
        addresses += [("peer-rest", new.peer_rest), ("peer-grpc", new.peer_grpc)]
    for name, address in addresses:
        if not re.fullmatch(spec.pattern(options_pb2.FORMAT_AUTHORITY), address):
            raise SettingsError(f"{name} can't be {address!r}: write host:port")
    if not re.fullmatch(spec.pattern(options_pb2.FORMAT_ENDPOINT), new.issuer):
        raise SettingsError(f"the issuer can't be {new.issuer!r}: write https://host")
    # The keys are made last. Any two show whether the rest is valid.
    probe = Agency()
    probe.CopyFrom(entry)
    now = datetime.now(UTC)
    for use in ("sign", "seal"):
        probe.keys.append(trust.agency_key(jose.new_key(), use, now, now + KEY_LIFE))
    try:
        validate(probe)
    except Refused as fault:
        raise SettingsError(f"not a valid agency: {fault}") from None


def turn_clock(folder: Path, days: int) -> None:
    """Set how many days a node's clock is ahead: for demos and tests, in environment test only.

    Takes effect when the node starts again. Raises SettingsError if the node may not have it.
    """
    path = folder / node_settings.FILE
    kept = [
        line
        for line in path.read_text().splitlines()
        if not re.match(r"(# )?clock_offset_days\b", line)
    ]
    path.write_text("\n".join([*kept, f"clock_offset_days = {days}", ""]))
    node_settings.load(folder)


def public(key: ECKey) -> dict[str, Any]:
    """The public half of a key, as JWK."""
    return dict(key.as_dict(private=False))


def scopes(roles: list[str], more: list[str]) -> list[str]:
    """All scopes of these roles, and these. Raises SettingsError."""
    known = spec.roles()
    for role in roles:
        if role not in known:
            raise SettingsError(f"unknown role: {role}. The roles are {', '.join(known)}")
    found = {scope for role in roles for scope in known[role].scopes} | set(more)
    if not found:
        raise SettingsError("the software needs scopes: give --role, or --scope, or both")
    return sorted(found)


def add_client(folder: Path, client_id: str, key: dict[str, Any], scopes: list[str]) -> bool:
    """Register the agency's own software. True if that replaced one. Raises SettingsError."""
    known = {rpc.scope for rpc in spec.rpcs().values() if rpc.scope}
    unknown = sorted(set(scopes) - known)
    if unknown:
        raise SettingsError(f"unknown scope: {', '.join(unknown)}")
    client = {"client_id": client_id, "keys": [_public_key(key)], "scopes": sorted(scopes)}
    return _write(folder / "clients" / f"{_file_name(client_id)}.json", client)


def client_scopes(folder: Path, client_id: str) -> list[str]:
    """What software that is registered may ask for; nothing if it is not. Raises SettingsError."""
    path = folder / "clients" / f"{_file_name(client_id)}.json"
    scopes: list[str] = json.loads(path.read_text())["scopes"] if path.exists() else []
    return scopes


def add_login(folder: Path, name: str, key: dict[str, Any]) -> bool:
    """Register a key of the agency's login. True if that replaced one. Raises SettingsError."""
    return _write(folder / "logins" / f"{_file_name(name)}.json", _public_key(key))


def _file_name(name: str) -> str:
    if not name or not all(c.isalnum() or c in "-_." for c in name) or name.startswith("."):
        raise SettingsError("a name may have letters, digits, dots, dashes and underscores")
    return name


def _public_key(key: dict[str, Any]) -> dict[str, Any]:
    try:
        return public(jose.load_key(key))
    except (ValueError, KeyError, TypeError):
        raise SettingsError("the key is not a P-256 key (JWK)") from None


def _write(path: Path, data: dict[str, Any]) -> bool:
    there = path.exists()
    with private():
        path.write_text(json.dumps(data, indent=1) + "\n")
    return there


def anchors(
    environment: str, threshold: int, authorities: list[ECKey], stampers: list[ECKey]
) -> TrustAnchors:
    """What nodes need in order to trust lists that these keys sign."""
    now = datetime.now(UTC)
    until = now + KEY_LIFE
    return TrustAnchors(
        environment=environment,
        threshold=threshold,
        authorities=[trust.agency_key(key, "sign", now, until) for key in authorities],
        stampers=[trust.agency_key(key, "sign", now, until) for key in stampers],
    )


def share_locators(agencies: Iterable[Agency], locator: str = LOCATOR) -> set[str]:
    """Give `locator` to those that have none. Gives the locators that name too few agencies.

    An agency that has one keeps it: it stands on cards.
    """
    counts: Counter[str] = Counter()
    for one in agencies:
        one.locator = one.locator or locator
        counts[one.locator] += 1
    return {one for one, count in counts.items() if count < SHARED_BY}


def new_list(
    environment: str,
    seq: int,
    agencies: list[Agency],
    *,
    locator: str = LOCATOR,
    complaint_bodies: Iterable[str] = (),
    now: datetime | None = None,
) -> SignedTrustList:
    """A list that nobody has signed yet. Agencies without a locator get `locator`.

    `now` only where the clock of a demo or a test is turned.
    """
    now = now or datetime.now(UTC)
    share_locators(agencies, locator)
    trust_list = TrustList(
        version=entries.VERSION,
        environment=environment,
        seq=seq,
        issued_at=stamp(now),
        expires_at=stamp(now + LIST_LIFE),
        agencies=agencies,
        complaint_bodies=complaint_bodies,
    )
    validate(trust_list)
    return SignedTrustList(payload=jose.b64(to_json(trust_list)))


def sign_list(signed: SignedTrustList, key: ECKey) -> None:
    """Add an authority's signature, in place of an earlier one of the same key."""
    new = trust.sign_list(jose.unb64(signed.payload), key)
    kept = [one for one in signed.signatures if one.protected != new.protected]
    del signed.signatures[:]
    signed.signatures.extend([*kept, new])


def stamp_list(signed: SignedTrustList, key: ECKey, now: datetime | None = None) -> None:
    """Say that the list is still the newest, now or at another moment."""
    trust_list = read_list(signed)
    now = now or datetime.now(UTC)
    fresh = Stamp(
        environment=trust_list.environment,
        seq=trust_list.seq,
        digest=jose.sha256(jose.unb64(signed.payload)),
        issued_at=stamp(now),
        expires_at=stamp(now + STAMP_LIFE),
    )
    signed.stamp = trust.sign_stamp(fresh, key)


def read_list(signed: SignedTrustList) -> TrustList:
    """The list's content, whoever signed it."""
    return parse(TrustList, jose.unb64(signed.payload))


def members(raw: bytes | None) -> set[str]:
    """The agencies on the list that a node has loaded; none without one."""
    if raw is None:
        return set()
    return {one.agency for one in read_list(parse(SignedTrustList, raw)).agencies}


def why_refused(signed: SignedTrustList, anchors: TrustAnchors, held: bytes | None) -> str:
    """Why a node does not take a list, as far as can be told."""
    trusted = {jose.kid(jose.public_key(key.x, key.y)) for key in anchors.authorities}
    signers = {_signer(one.protected) for one in signed.signatures} & trusted
    if len(signers) < anchors.threshold:
        return f"{len(signers)} of {anchors.threshold} needed signatures are by your authorities"
    try:
        new = read_list(signed)
    except (Refused, ValueError):
        return "what was signed is not a list of agencies"
    if new.environment != anchors.environment:
        return f"the list is for {new.environment}, the node is for {anchors.environment}"
    seq = read_list(parse(SignedTrustList, held)).seq if held is not None else 0
    if new.seq < seq:
        return f"the list is number {new.seq}, and the node has number {seq} already"
    if new.seq == seq:
        return f"the node has another list with number {seq}: give the new one a higher --seq"
    return "a signature does not hold, or an agency or key stands on the list twice"


def _signer(protected: str) -> str:
    """The key id that a signature names; empty if it names none."""
    try:
        return str(json.loads(jose.unb64(protected))["kid"])
    except (ValueError, KeyError, TypeError, Refused):
        return ""
