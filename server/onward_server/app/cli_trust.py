"""`onward-node trust`: makes, signs and stamps a trust list, and loads it into a node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from joserfc.jwk import ECKey
from rich.console import Console
from rich.table import Table

from onward.core import jose
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.trust_pb2 import Agency, SignedTrustList
from onward_server.adapters.keys import load_key, save_key
from onward_server.app import provision, settings
from onward_server.app.settings import SettingsError

trust_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make and sign a trust list; load one."
)

out = Console()

List = Annotated[Path, typer.Argument(help="The trust list's file.", exists=True)]
PrivateKey = Annotated[Path, typer.Option("--key", help="Private key (JWK).", exists=True)]


def _list(path: Path) -> SignedTrustList:
    try:
        return parse(SignedTrustList, path.read_bytes())
    except Refused as fault:
        raise SettingsError(f"{path} is not a trust list: {fault}") from None


def _unsigned(path: Path) -> SignedTrustList:
    """A list on its way to being signed, which its schema would refuse."""
    try:
        data = json.loads(path.read_text())
        signed = SignedTrustList(payload=data["payload"], stamp=data.get("stamp", ""))
        for one in data.get("signatures", []):
            signed.signatures.add(protected=one["protected"], signature=one["signature"])
    except (ValueError, KeyError, TypeError):
        raise SettingsError(f"{path} is not a trust list") from None
    return signed


def _private(path: Path) -> ECKey:
    try:
        return load_key(path)
    except (ValueError, KeyError, TypeError):
        raise SettingsError(f"{path} is not a P-256 private key (JWK)") from None


def _save(path: Path, signed: SignedTrustList) -> None:
    path.write_text(provision.pretty(to_json(signed)))


@trust_app.command()
def authority(
    key: Annotated[Path, typer.Argument(help="Where the new private key goes.")],
) -> None:
    """Make the key of an authority, or of a stamper."""
    new = jose.new_key()
    try:
        save_key(key, new)
    except FileExistsError:
        raise SettingsError(f"{key} exists already: a key is never written over") from None
    out.print(f"Made {key}, key id {jose.kid(new)}")


@trust_app.command()
def anchors(
    file: Annotated[Path, typer.Argument(help="Where the anchors go.")],
    authority: Annotated[
        list[Path], typer.Option(metavar="FILE", help="An authority's key; repeat.", exists=True)
    ],
    stamper: Annotated[
        list[Path], typer.Option(metavar="FILE", help="A stamper's key; repeat.", exists=True)
    ],
    threshold: Annotated[int, typer.Option(help="How many authorities must sign.")],
    environment: Annotated[str, typer.Option(help="test or live.")] = "test",
) -> None:
    """Write the public keys by which nodes trust a list."""
    provision.new_file(file)
    if not 1 <= threshold <= len(set(authority)):
        raise SettingsError(
            f"a threshold of {threshold} can't be met with {len(set(authority))} authorities"
        )
    made = provision.anchors(
        environment, threshold, [_private(p) for p in authority], [_private(p) for p in stamper]
    )
    file.write_text(provision.pretty(to_json(made)))
    out.print(f"Wrote {file}: {threshold} of {len(authority)} authorities.")


@trust_app.command()
def new(
    file: Annotated[Path, typer.Argument(help="Where the list goes.")],
    agency: Annotated[
        list[Path], typer.Option(metavar="FILE", help="An agency.json; repeat.", exists=True)
    ],
    seq: Annotated[int, typer.Option(help="Number of the list, higher than the last.")],
    environment: Annotated[str, typer.Option(help="test or live.")] = "test",
    locator: Annotated[
        str, typer.Option(help="Two digits, for agencies whose agency.json has no locator.")
    ] = provision.LOCATOR,
    complaints: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="An agency that looks into complaints; repeat."),
    ] = None,
) -> None:
    """Make a list of these agencies. It counts for nothing until it is signed."""
    provision.new_file(file)
    try:
        members = [parse(Agency, path.read_bytes()) for path in agency]
        _save(
            file,
            provision.new_list(
                environment, seq, members, locator=locator, complaint_bodies=complaints or ()
            ),
        )
    except Refused as fault:
        raise SettingsError(f"not a valid agency or list: {fault}") from None
    strangers = set(complaints or ()) - {one.agency for one in members}
    if strangers:
        raise SettingsError(f"not on the list: {', '.join(sorted(strangers))}")
    count = "1 agency" if len(members) == 1 else f"{len(members)} agencies"
    out.print(f"Wrote {file}: number {seq}, {count}, no signature yet.")
    for few in sorted(provision.share_locators(members, locator)):
        out.print(
            f"Locator {few} is shared by fewer than {provision.SHARED_BY} agencies: a card with it "
            "can tell which agency gave it.",
            style="yellow", highlight=False, soft_wrap=True,
        )  # fmt: skip


@trust_app.command()
def sign(file: List, key: PrivateKey) -> None:
    """Add an authority's signature."""
    signed = _unsigned(file)
    private = _private(key)
    provision.sign_list(signed, private)
    _save(file, signed)
    out.print(f"Signed with key id {jose.kid(private)}.", highlight=False, soft_wrap=True)
    count = len(signed.signatures)
    said = "1 signature" if count == 1 else f"{count} signatures"
    out.print(f"{file} has {said}.", soft_wrap=True)


@trust_app.command()
def stamp(file: List, key: PrivateKey) -> None:
    """Say that a list is the newest: needed every two days."""
    signed = _unsigned(file)
    provision.stamp_list(signed, _private(key))
    _save(file, signed)
    out.print(f"Stamped {file}.")


@trust_app.command()
def show(file: List) -> None:
    """Show who is on a list. Signatures are checked when a node loads it."""
    trust_list = provision.read_list(_unsigned(file))
    table = Table(title=f"Trust list {trust_list.seq}, {trust_list.environment}")
    for name in ("agency", "is", "reached at"):
        table.add_column(name, overflow="fold")
    for one in trust_list.agencies:
        is_ = f"{one.country}, {one.kind}\n{one.status}, version {' '.join(one.versions)}"
        is_ += f"\nlocator {one.locator or '-'}"
        is_ += "\nlooks into complaints" if one.agency in trust_list.complaint_bodies else ""
        table.add_row(one.agency, is_, f"REST {one.rest}\ngRPC {one.grpc}")
    out.print(table)


@trust_app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="The node's folder.")],
    file: List,
) -> None:
    """Load a list into a node, which may be running.

    The node takes it if enough of its authorities have signed it.
    """
    # The database is heavy to load, and making a list needs none.
    from onward_server.adapters.trust import StoredTrust
    from onward_server.app.wiring import open_store

    found = settings.load(folder)
    anchors = found.anchors()
    raw = _unsigned(file)
    if not raw.signatures:
        raise SettingsError(
            f"nobody has signed this list yet: onward-node trust sign {file} --key AUTHORITY.jwk"
        )
    signed = _list(file)
    store = open_store(found)
    try:
        taken = StoredTrust(store, anchors).offer(to_json(signed))
    except Refused as fault:
        why = provision.why_refused(signed, anchors, store.trust_list())
        raise SettingsError(f"{fault.reason}: {why}") from None
    finally:
        store.close()
    out.print(f"Trust list {taken.list.seq} is in force: {len(taken.list.agencies)} agencies.")


@trust_app.command()
def accept(
    folder: Annotated[Path, typer.Argument(help="The node's folder.")],
    agency: Annotated[str, typer.Argument(help="The partner's agency id.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take the partner off instead.")] = False,
) -> None:
    """Accept an agency as a partner. Being on the trust list alone is not enough."""
    from onward_server.app.wiring import open_store

    found = settings.load(folder)
    if agency == found.agency and not remove:
        raise SettingsError(f"{agency} is this node's own id: accept the partner's")
    store = open_store(found)
    try:
        was = store.read(lambda tx: tx.accepts(agency))
        store.accept_peer(agency, not remove)
        held = store.trust_list()
    finally:
        store.close()
    if remove:
        out.print(f"{agency} {'is no longer' if was else 'was not'} accepted.", soft_wrap=True)
        return
    out.print(f"{agency} is accepted.", soft_wrap=True)
    if agency not in provision.members(held):
        out.print(
            f"Warning: {agency} is not on the trust list that this node has loaded. "
            "Nothing can be sent to it before it is. Is the id spelled right?",
            style="yellow", highlight=False, soft_wrap=True,
        )  # fmt: skip
