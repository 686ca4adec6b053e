"""`onward-node`: makes a node, runs it, and keeps its trust list and agreements."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onward.core import spec
from onward.core.clock import moment
from onward.core.refused import Refused
from onward.v1.referral_pb2 import NeedsHuman

try:
    from onward_server.app import provision, settings
    from onward_server.app.cli_agreement import agreement_app
    from onward_server.app.cli_keys import keys_app
    from onward_server.app.cli_trust import trust_app
    from onward_server.app.settings import SettingsError
    from onward_server.ports import Tx
    from onward_server.service.context import Context
except ModuleNotFoundError as missing:
    if (missing.name or "").startswith("onward"):
        raise
    # The distribution brings this command along even where it was installed for the SDK alone.
    sys.exit(
        f"onward-node: {missing.name} is not installed. What a node needs comes with: "
        "pip install 'onward[server]'"
    )

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="The reference node: an agency's end of the protocol.",
)
app.add_typer(trust_app, name="trust")
app.add_typer(agreement_app, name="agreement")
app.add_typer(keys_app, name="keys")

Folder = Annotated[Path, typer.Argument(help="The node's folder.")]

out = Console()
err = Console(stderr=True)


def _version(asked: bool) -> None:
    if asked:
        out.print(f"onward-node {installed('onward')}", highlight=False)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """The reference node: an agency's end of the protocol."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A new folder for the node.")],
    agency: Annotated[str, typer.Option(help="The agency's id, such as msw.gov.bd.example.")],
    country: Annotated[str, typer.Option(help="Country whose law it is under (ISO 3166-1).")],
    kind: Annotated[str, typer.Option(help="Kind of agency: see `onward codes agency_kind`.")],
    environment: Annotated[str, typer.Option(help="test or live.")] = "test",
    rest: Annotated[str, typer.Option(help="Where REST listens, host:port.")] = "127.0.0.1:8080",
    grpc: Annotated[str, typer.Option(help="Where gRPC listens, host:port.")] = "127.0.0.1:8090",
    issuer: Annotated[str, typer.Option(help="Address of the REST API as others see it.")] = "",
    peer_rest: Annotated[
        str,
        typer.Option(help="Where other nodes reach it over REST, if apart from its own software."),
    ] = "",
    peer_grpc: Annotated[str, typer.Option(help="The same over gRPC.")] = "",
    mailbox: Annotated[
        str, typer.Option(help="Where nobody can reach the node: the agency that holds its mail.")
    ] = "",
) -> None:
    """Make a node: keys, settings, and an empty database."""
    new = provision.NewNode(
        agency=agency, environment=environment, country=country, kind=kind,
        rest=rest, grpc=grpc, issuer=issuer or f"http://{rest}",
        peer_rest=peer_rest, peer_grpc=peer_grpc, mailbox=mailbox,
    )  # fmt: skip
    provision.init(folder, new)
    out.print(f"Made {folder}. Next:")
    out.print(f"  1. give {folder / 'agency.json'} to the authorities of your trust list")
    out.print(f"  2. put their anchors into {folder / 'anchors.json'}, and load their list:")
    out.print(f"     onward-node trust load {folder} LIST.json")
    out.print(f"  3. accept partners: onward-node trust accept {folder} AGENCY")
    out.print(f"  4. register your software: onward-node client {folder} NAME --key PUBLIC.jwk")
    out.print(f"     and your login:         onward-node login {folder} NAME --key PUBLIC.jwk")
    out.print(f"  5. onward-node serve {folder}")


@app.command()
def serve(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER", help="The folder of each agency's node.")
    ],
) -> None:
    """Run a node until it is stopped (Ctrl-C, or SIGTERM).

    With several folders it speaks for several agencies. Each keeps its own database, keys,
    clients and local addresses; `peer_rest` and `peer_grpc` of node.toml, the same in all of them,
    say where other nodes reach them.
    """
    # The servers are heavy to load, and no other command needs them.
    from onward_server.app import hosting
    from onward_server.app.serve import serve as run

    run(*hosting.wire_all([settings.load(folder) for folder in folders]))


@app.command()
def migrate(folder: Folder) -> None:
    """Bring the database to this version's schema. A node that is running must start again after
    a change."""
    from onward_server.adapters.sql.schema import migrate as migrate_database

    revision = migrate_database(settings.load(folder).database)
    out.print(f"The database is at revision {revision}.")


@app.command()
def backup(
    folder: Folder,
    to: Annotated[Path, typer.Argument(help="A new file for the copy.")],
) -> None:
    """Copy the database of a node, which may be running.

    It holds no key: see the guide to running a node for what is not in it, and for how to restore
    it.
    """
    provision.backup(settings.load(folder).database, to)
    out.print(f"Copied the database to {to}. No key is in it.")


@app.command()
def client(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="The client id that the software uses.")],
    key: Annotated[Path, typer.Option(help="Its public key (JWK).", exists=True)],
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE", help="All scopes of a role, such as caseworker; repeat."),
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="One more scope it may ask for; repeat."),
    ] = None,
) -> None:
    """Register the agency's own software. Takes effect when the node starts again."""
    settings.load(folder)
    scopes = provision.scopes(role or [], scope or [])
    public = _key(key)
    before = provision.client_scopes(folder, name)
    _registered(name, provision.add_client(folder, name, public, scopes))
    if before:
        said = f"Before: {_may(before)}. Now: {_may(scopes)}."
        out.print(said, highlight=False, soft_wrap=True)
    if lost := sorted(set(before) - set(scopes)):
        said = f"It may not any more: {', '.join(lost)}."
        out.print(said, style="yellow", highlight=False, soft_wrap=True)


@app.command()
def login(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="A name for the key's file.")],
    key: Annotated[Path, typer.Option(help="The login's public key (JWK).", exists=True)],
) -> None:
    """Register a key of the agency's login, which says who acts."""
    settings.load(folder)
    _registered(name, provision.add_login(folder, name, _key(key)))


def _may(scopes: list[str]) -> str:
    """The widest roles whose scopes are all among these, and how many scopes these are."""
    whole = {one.id: set(one.scopes) for one in spec.roles().values() if {*one.scopes} <= {*scopes}}
    roles = [name for name, has in whole.items() if not any(has < more for more in whole.values())]
    count = "1 scope" if len(scopes) == 1 else f"{len(scopes)} scopes"
    return f"{', '.join(roles) or 'no whole role'} ({count})"


def _registered(name: str, replaced: bool) -> None:
    done = "Replaced" if replaced else "Registered"
    out.print(f"{done} {name}. A node that is running must be started again.")


def _key(path: Path) -> dict[str, object]:
    try:
        data = json.loads(path.read_text())
    except ValueError:
        raise SettingsError(f"{path} is not JSON") from None
    if not isinstance(data, dict):
        raise SettingsError(f"{path} must hold one JWK")
    if "d" in data:
        out.print(
            f"{path} holds the private key. The node keeps its public half only. The private one "
            "belongs to the software alone: hand out what `onward keygen --public` writes.",
            style="yellow", highlight=False, soft_wrap=True,
        )  # fmt: skip
    return data


@app.command()
def needs_human(folder: Folder) -> None:
    """List whatever waits for a person. The node may be running."""
    from onward_server.app.wiring import wire
    from onward_server.service import reads

    wired = wire(settings.load(folder))

    def work(tx: Tx) -> list[tuple[str, str, str]]:
        return [_waits(wired.node.ctx, tx, one) for one in reads.waiting(wired.node.ctx, tx)]

    try:
        items = wired.store.read(work)
    finally:
        wired.close()
    table = Table(title="Needs a human")
    for name in ("referral and agency", "what and since when", "next step"):
        table.add_column(name, overflow="fold")
    for one in items:
        table.add_row(*one)
    out.print(table if items else "Nothing waits for a person.")


def _waits(ctx: Context, tx: Tx, one: NeedsHuman) -> tuple[str, str, str]:
    """One row: what tells it from others of its kind is the agency and the time."""
    row = tx.referral(one.referral_id) if one.referral_id else None
    other = next((a for a in (row.origin, row.destination) if a != ctx.agency), "") if row else ""
    entries = tx.entries(one.referral_id) if one.entry else []
    times = [moment(found.entry.time) for found in entries if found.hash == one.entry]
    whose = (one.referral_id or one.approval_id or one.knock_id, one.agency or other)
    since = (f"{at:%Y-%m-%d %H:%M:%S} UTC" for at in times)
    return "\n".join(filter(None, whose)), "\n".join([one.code, *since]), one.next_step


class Transports(StrEnum):
    """Which transport the agencies' own software uses."""

    rest = "rest"
    grpc = "grpc"
    both = "both"


@app.command()
def demo(
    transport: Annotated[
        Transports, typer.Option(help="Transport of the agencies' software: by turns, or one.")
    ] = Transports.both,
    input: Annotated[
        Path | None,
        typer.Option(
            help="A folder with cases.xlsx or cases.csv, consents.csv and wishes.csv, of synthetic "
            "people only. The demo sends to recipient shelter.ngo.in.example in country IN: the "
            "consents must name both."
        ),
    ] = None,
    show: Annotated[
        Path | None, typer.Option(help="Write the story as one self-contained HTML page.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave both nodes running, and say how to reach them.")
    ] = False,
    stories: Annotated[
        bool,
        typer.Option("--stories", help="Play stories between four agencies, over two years."),
    ] = False,
    story: Annotated[
        str, typer.Option(help="Play one of the stories, by its number or name.")
    ] = "",
) -> None:
    """Show two agencies handing over cases, with trouble and proof.

    The nodes run on this machine, each its own process. Exits with 1 if anything does not go as
    it must.
    """
    if stories or story:
        if input or show or keep:
            raise SettingsError("--input, --show and --keep are for the demo without stories")
        _stories(story, transport)
        return
    # The demo is heavy to load, and no other command needs it.
    from onward.errors import OnwardError
    from onward.importers import ImportFault, sample_folder
    from onward_server.demo.command import run as play
    from onward_server.demo.desks import Stuck

    try:
        good = play(transport.value, input or sample_folder(), show, keep)
    except (ImportFault, Stuck, OnwardError) as fault:
        raise SettingsError(str(fault)) from None
    if not good:
        raise typer.Exit(1)


def _stories(story: str, transport: Transports) -> None:
    from onward_server.demo.stage.command import chosen, play

    if not play(chosen(story), transport.value, Console()):
        raise typer.Exit(1)


def main() -> None:
    """The command line's entry: every expected fault is one line, and exit code 1."""
    try:
        app()
    except (SettingsError, Refused, OSError) as fault:
        said = f"[red]onward-node:[/red] {escape(str(fault))}"
        err.print(said, highlight=False, soft_wrap=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
