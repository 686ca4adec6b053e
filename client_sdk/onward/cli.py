"""The command line `onward`: keys, offline proof of logs, a dry run of an import, code lists, why
something would be sent.

Exit codes: 0 all is well, 1 what was checked does not hold, 2 it could not be checked or done.
"""

from __future__ import annotations

import json
import os
import shutil
from importlib.metadata import version as installed
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onward import (
    cli_bases,
    cli_card,
    cli_explain,
    cli_import,
    cli_node,
    cli_receipt,
    cli_services,
)
from onward.auth import ClientCredentials, load_key_file
from onward.client import Client
from onward.core import jose, services, spec, trust
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.core.verify import Proof, verify as prove
from onward.errors import OnwardError
from onward.errors_base import rule
from onward.importers import ImportFault, read_folder, sample_folder
from onward.v1.envelope_pb2 import LogExport
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors

MAX_EXPORT = 64 * 1024 * 1024
"""Largest export, in bytes: two long logs with their receipts."""

app = typer.Typer(
    help="Refer a person to another agency with exactly what the person agreed to share.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(soft_wrap=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def _stop(text: str, code: int) -> NoReturn:
    err.print(escape(text))
    raise typer.Exit(code)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(MAX_EXPORT + 1)
    except OSError as error:
        _stop(f"{path}: not read: {error.strerror or 'unknown error'}", 2)


def _sentence(reason: str) -> str:
    """The fixed sentence of a reason."""
    known = spec.reasons().get(reason)
    return known.text if known else reason


def _write_key(path: Path, text: str, mode: int) -> None:
    """A new file, never one that exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "w", encoding="ascii") as target:
            target.write(text + "\n")
    except FileExistsError:
        _stop(f"{path}: exists already; a key is never written over", 2)
    except OSError as error:
        _stop(f"{path}: not written: {error.strerror or 'unknown error'}", 2)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"onward {installed('onward')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """Refer a person to another agency with exactly what the person agreed to share."""


@app.command()
def keygen(
    out_file: Annotated[
        Path, typer.Option("--out", help="File for the private key. It must not exist yet.")
    ],
    public_file: Annotated[
        Path | None, typer.Option("--public", help="File for the public half, to hand out.")
    ] = None,
) -> None:
    """Make a key pair (P-256), and print its public half.

    The private key is written as a JWK that only you may read (mode 0600), and stays with you.
    Others get the public half only. No key has two uses.
    """
    key = jose.new_key()
    public = json.dumps(dict(key.as_dict(private=False)), indent=2)
    if public_file is not None and (public_file.exists() or public_file == out_file):
        _stop(f"{public_file}: exists already; a key is never written over", 2)
    _write_key(out_file, json.dumps(dict(key.as_dict(private=True)), indent=2), 0o600)
    if public_file is not None:
        _write_key(public_file, public, 0o644)
    typer.echo(public)
    typer.echo(f"kid: {jose.kid(key)}")


def _trusted(trust_list: Path, anchors: Path) -> trust.Trusted:
    try:
        roots = parse(TrustAnchors, _read(anchors))
    except Refused as fault:
        _stop(f"{anchors}: no trust anchors ({fault}): {_sentence(fault.reason)}", 2)
    try:
        signed = parse(SignedTrustList, _read(trust_list))
    except Refused as fault:
        _stop(f"{trust_list}: no signed trust list ({fault}): {_sentence(fault.reason)}", 2)
    try:
        return trust.verify(signed, roots)
    except Refused as fault:
        _stop(f"{trust_list}: {fault.reason}: {_sentence(fault.reason)}", 1)


def _place(pointer: str) -> str:
    """A place in an export in words: /origin/3 is line 4 of the origin's log."""
    _, _, tail = pointer.partition("/")
    name, _, number = tail.partition("/")
    if number.isdigit():
        return f"{name} line {int(number) + 1}"
    return name or "the file"


def _phase(proof: Proof) -> str:
    rest = f" ({proof.state.rest})" if proof.state.rest else ""
    return f"{proof.state.phase or '-'}{rest}"


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="Exported logs (LogExport as JSON).")],
    trust_list: Annotated[
        Path, typer.Option("--trust-list", help="The signed trust list (SignedTrustList as JSON).")
    ],
    anchors: Annotated[
        Path, typer.Option("--anchors", help="The authorities you trust (TrustAnchors as JSON).")
    ],
) -> None:
    """Prove exported referral logs offline.

    Signatures, both chains, the fold and every receipt are checked. Nothing is asked of the
    network. An export holds no personal data. The exit code is 1 if any file has a fault; each
    fault names the line of the export.
    """
    trusted = _trusted(trust_list, anchors)
    table = Table()
    for name in ("file", "from, to", "entries", "receipts", "phase", "result"):
        table.add_column(name, overflow="fold")
    faults = []
    for path in files:
        raw = _read(path)
        try:
            proof = prove(parse(LogExport, raw, max_bytes=MAX_EXPORT), trusted)
        except Refused as fault:
            table.add_row(escape(path.name), "-", "-", "-", "-", "[red]fails[/red]")
            place = _place(fault.pointer)
            faults.append(
                f"{path}: {place}: {fault.reason}: {_sentence(fault.reason)}{rule(fault.expected)}"
            )
            continue
        counts = (str(proof.entries), str(proof.receipts), _phase(proof))
        table.add_row(
            escape(path.name),
            f"{proof.origin}\n{proof.destination}",
            *counts,
            "[green]holds[/green]",
        )
    out.print(table)
    if faults:
        _stop("\n".join(faults), 1)


@app.command("import-htcds")
def import_htcds(
    folder: Annotated[
        Path, typer.Argument(help="Folder with cases.xlsx or cases.csv, consents.csv, wishes.csv.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and report; send and store nothing.")
    ] = False,
) -> None:
    """Show what an import of HTCDS 2.0 case sheets would do.

    It says what would be read, refused and left out.
    The report names cases by your own case numbers, and never holds the value of a cell.
    """
    if not dry_run:
        _stop(
            "Only --dry-run is offered here. Sending is done with the SDK: "
            "onward.importers.read_folder gives the cases, the client sends them.",
            2,
        )
    try:
        result = read_folder(folder)
    except ImportFault as fault:
        _stop(str(fault), 1)
    cli_import.report(out, result)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="A new folder for the sheets.")],
) -> None:
    """Copy sample sheets of synthetic people into a new folder.

    Look at them, change them, and try `onward import-htcds FOLDER --dry-run`.
    """
    if folder.exists():
        _stop(f"{folder}: exists already; choose a new folder", 2)
    try:
        folder.mkdir(parents=True)
        # Without cases.xlsx, which holds the same rows: two files that differ are refused.
        for name in ("cases.csv", "consents.csv", "wishes.csv"):
            shutil.copyfile(sample_folder() / name, folder / name)
    except OSError as error:
        _stop(f"{folder}: not written: {error.strerror or 'unknown error'}", 2)
    typer.echo(f"Wrote {folder}. Read it with: onward import-htcds {folder} --dry-run")


@app.command()
def codes(
    registry: Annotated[str, typer.Argument(help="Name of a list; without it, all lists.")] = "",
) -> None:
    """List the codes of the specification, or of one of its lists."""
    known = spec.registries()
    if not registry:
        table = Table("list", "codes", "what for")
        for one in known.values():
            table.add_row(one.name, str(len(one.codes)), escape(one.about))
        table.add_row(
            "category",
            str(sum(not one.protocol for one in spec.categories().values())),
            "What a consent permits or denies.",
        )
        out.print(table)
        return
    if registry == "category":
        out.print(cli_explain.categories())
        return
    if registry not in known:
        _stop("There is no such list. `onward codes` shows them all.", 2)
    table = Table()
    table.add_column("code", no_wrap=True)
    for name in ("meaning", "part of", "HTCDS"):
        table.add_column(name, overflow="fold")
    for code in known[registry].codes.values():
        label = f"{code.label} ({code.status})" if code.status else code.label
        if code.forbidden:
            label = f"{code.label} (nobody may use it: {code.forbidden})"
        table.add_row(code.id, escape(label), code.parent, escape(code.htcds))
    out.print(table)


@app.command("services")
def list_services(
    node: Annotated[
        str, typer.Option(help="Address of your own node, such as https://node.a.example.")
    ] = "",
    client: Annotated[
        str, typer.Option(help="Id by which the node knows your software.")
    ] = "case-management",
    key: Annotated[
        Path | None, typer.Option(help="Private key of your software (JWK), from `onward keygen`.")
    ] = None,
    agency: Annotated[str, typer.Option(help="Only services of this agency.")] = "",
    service_type: Annotated[
        str, typer.Option("--type", help="Only this type of service, or what is part of it.")
    ] = "",
    country: Annotated[str, typer.Option(help="Only services given in this country.")] = "",
    check: Annotated[
        Path | None,
        typer.Option(help="Ask nobody; check a file of services (a JSON list) to be published."),
    ] = None,
) -> None:
    """Show what the agencies that your node knows offer.

    It also says to whom, and whether there is room. Your node holds all lists itself: what
    you look for stays there. The key needs the scope directory:read. With --check, tell whether a
    file of services could be published.
    """
    if check is not None:
        try:
            found = services.offers(_read(check))
        except Refused as fault:
            _stop(f"{check}: {fault}: {_sentence(fault.reason)}", 1)
        out.print(cli_services.table((agency or "-", one) for one in found))
        return
    if not node or key is None:
        _stop("Give --node and --key, or --check and a file.", 2)
    try:
        credentials = ClientCredentials(
            client_id=client, key=load_key_file(key), issuer=node, scopes=["directory:read"]
        )
        with Client.rest(node, credentials=credentials) as connected:
            lists = connected.list_services(
                agency=agency, service_type=service_type, country=country
            )
    except (OnwardError, OSError, ValueError) as error:
        _stop(cli_node.failed(node, "directory:read", error), 2)
    cli_services.report(out, lists)


app.command()(cli_card.card)
app.command()(cli_receipt.receipt)
app.command()(cli_receipt.find_consent)
app.command()(cli_receipt.account)
app.command()(cli_bases.bases)
app.command()(cli_explain.explain)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
