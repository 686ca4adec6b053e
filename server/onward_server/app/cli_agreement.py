"""`onward-node agreement`: drafts, signs and shows agreements with other agencies; keeps them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from onward.core import agreements, jose, spec
from onward.core.clock import moment, stamp
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.errors_base import rule
from onward.v1.agreements_pb2 import (
    AddAgreementRequest,
    Agreement,
    EndAgreementRequest,
    KnownAgreement,
    ListAgreementsRequest,
    SignedAgreement,
)
from onward.v1.referral_pb2 import Write
from onward_server.adapters.keys import load_key
from onward_server.app import provision, settings
from onward_server.app.settings import SettingsError
from onward_server.service import agreements as service
from onward_server.service.access import Actor, Caller

if TYPE_CHECKING:
    from onward_server.app.wiring import Wired

agreement_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Agree with another agency, or look at what was agreed.",
)

out = Console()

File = Annotated[Path, typer.Argument(help="The agreement's file.", exists=True)]
Folder = Annotated[Path, typer.Argument(help="The node's folder.")]

OPERATOR = Actor("operator", "manager")
"""Who stands in the audit for what is done at the command line."""

HERE = Caller("onward-node", frozenset())

SOON = timedelta(days=30)
"""So long before its end does the list say so: a new version has to be signed by both."""

WHY = {
    "/agreement/payload/environment": "it is for another environment than this node",
    "/agreement/payload/parties": "its parties are not this agency and the same other one",
    "/agreement/payload/version": "the node holds this version, or a higher one: draft the next",
    "/agreement/payload/validUntil": "its end has come already",
    "/agreement/payload/agreementId": "another agreement with this agency stands for that time: "
    "draft the next version of that one, or end it first",
    "/agreement/signatures": "it needs exactly the signatures of its two parties, each by a key "
    "that the trust list names and that is in use",
}
"""In words, by the beginning of what the error points to."""


def _read(path: Path) -> SignedAgreement:
    try:
        return parse(SignedAgreement, path.read_bytes())
    except Refused as fault:
        raise SettingsError(f"{path} is not an agreement: {fault}") from None


def _terms(path: Path) -> Agreement:
    try:
        return agreements.read(_read(path).payload)
    except Refused as fault:
        raise SettingsError(f"{path} is not a valid agreement: {fault}") from None


def _save(path: Path, signed: SignedAgreement) -> None:
    path.write_text(provision.pretty(to_json(signed)))


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise SettingsError(f"{text!r} is no day: write it like 2027-12-31") from None


@agreement_app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="Where the draft goes.")],
    party: Annotated[list[str], typer.Option(metavar="ID", help="An agency's id; give both.")],
    purpose: Annotated[
        list[str],
        typer.Option(metavar="CODE", help="What for; repeat. See `onward codes consent_purpose`."),
    ],
    retention: Annotated[int, typer.Option(help="Days that data may be kept after its last use.")],
    country: Annotated[
        list[str], typer.Option(metavar="CC", help="Where data is stored (ISO 3166-1); repeat.")
    ],
    text: Annotated[Path, typer.Option(help="The legal text's file.", exists=True)],
    text_at: Annotated[str, typer.Option(help="The address where the legal text is.")],
    until: Annotated[
        str, typer.Option(help="The first day on which it is over, such as 2028-01-01 (UTC).")
    ],
    since: Annotated[
        str, typer.Option("--from", help="Day of its beginning; without it, today.")
    ] = "",
    category: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="A category of data that may go; repeat."),
    ] = None,
    all_offer: Annotated[
        bool, typer.Option("--all-offer", help="All categories that an offer can carry.")
    ] = False,
    hold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Who may order a legal hold: `onward codes hold_authority`; repeat.",
        ),
    ] = None,
    replaces: Annotated[
        Path | None,
        typer.Option(help="The agreement that this is the next version of.", exists=True),
    ] = None,
    environment: Annotated[str, typer.Option(help="test or live.")] = "test",
) -> None:
    """Write down what two agencies agree. It counts for nothing until both have signed it."""
    provision.new_file(file)
    before = _terms(replaces) if replaces is not None else None
    offered = [one.id for one in spec.categories().values() if one.offer and not one.protocol]
    made = Agreement(
        agreement_id=before.agreement_id if before else jose.opaque(secrets.token_bytes),
        version=before.version + 1 if before else 1,
        environment=environment, parties=party, purposes=purpose,
        categories=sorted({*(category or []), *(offered if all_offer else [])}),
        retention_days=max(0, min(retention, 2**32 - 1)), storage_countries=country,
        hold_authorities=hold or [], legal_text=text_at,
        legal_text_digest=jose.sha256(text.read_bytes()),
        valid_from=stamp(_day(since or datetime.now(UTC).strftime("%Y-%m-%d"))),
        valid_until=stamp(_day(until)),
    )  # fmt: skip
    try:
        _save(file, agreements.draft(made))
    except Refused as fault:
        wrong = f"{_wrong(made, fault.pointer)}.{rule(fault.expected)}"
        raise SettingsError(f"not a valid agreement: {wrong}") from None
    out.print(
        f"Wrote {file}: version {made.version}, no signature yet.", highlight=False, soft_wrap=True
    )


def _wrong(made: Agreement, pointer: str) -> str:
    """What is wrong in a draft: the name of the field, and of a list the one that is."""
    _, _, name, *index = pointer.split("/")
    field = next(one for one in made.DESCRIPTOR.fields if one.json_name == name)
    value = getattr(made, field.name)
    wrong = f" {value[int(index[0])]!r}" if index else ""
    return f"look at {field.name.replace('_', ' ')}{wrong}"


@agreement_app.command()
def sign(folder: Folder, file: File) -> None:
    """Add the signature of this node's agency."""
    found = settings.load(folder)
    try:
        key = load_key(found.keys / "sign.jwk")
        signed = agreements.sign(_read(file), found.agency, key)
    except Refused as fault:
        if fault.pointer == "/payload/parties":
            raise SettingsError(f"{found.agency} is no party of this agreement") from None
        raise SettingsError(f"{file} is not a valid agreement: {fault}") from None
    _save(file, signed)
    by = [one.agency for one in signed.signatures]
    said = "signature" if len(by) == 1 else "signatures"
    out.print(
        f"Signed. {file} has the {said} of {' and '.join(by)}.", highlight=False, soft_wrap=True
    )


@agreement_app.command()
def show(
    file: File,
    text: Annotated[
        Path | None, typer.Option(help="The legal text's file: is it what was agreed?", exists=True)
    ] = None,
) -> None:
    """Show what an agreement says, and who has signed. Signatures are checked when it is loaded."""
    terms, signed = _terms(file), _read(file)
    table = Table(title=f"Agreement {terms.agreement_id}, version {terms.version}")
    for name in ("what", "agreed"):
        table.add_column(name, overflow="fold")
    for name, values in (
        ("parties", terms.parties),
        ("environment", [terms.environment]),
        ("purposes", _labels("consent_purpose", terms.purposes)),
        ("categories", terms.categories),
        ("kept after last use", [f"{terms.retention_days} days"]),
        ("stored in", terms.storage_countries),
        ("may order a hold", _labels("hold_authority", terms.hold_authorities) or ["nobody"]),
        ("valid", [f"from {_date(terms.valid_from)}", f"before {_date(terms.valid_until)}"]),
        ("legal text", [terms.legal_text, f"SHA-256 {terms.legal_text_digest}"]),
        ("signed by", [one.agency for one in signed.signatures] or ["nobody yet"]),
    ):
        table.add_row(name, "\n".join(values))
    out.print(table)
    if text is None:
        return
    if jose.sha256(text.read_bytes()) != terms.legal_text_digest:
        raise SettingsError(f"{text} is another text than the one that was agreed")
    out.print(f"{text} is the text that was agreed.", soft_wrap=True)


def _labels(registry: str, codes: Iterable[str]) -> list[str]:
    known = spec.registries()[registry].codes
    return [f"{known[code].label} ({code})" for code in codes]


def _date(value: object) -> str:
    return f"{moment(value):%Y-%m-%d %H:%M} UTC"  # type: ignore[arg-type]


def _wired(folder: Path) -> Wired:
    # The database is heavy to load, and drafting and signing need none.
    from onward_server.app.wiring import wire

    return wire(settings.load(folder))


@agreement_app.command()
def load(folder: Folder, file: File) -> None:
    """Have a node take an agreement that both have signed.

    The node may be running.
    """
    signed = _read(file)
    wired = _wired(folder)
    ctx = wired.node.ctx
    request = AddAgreementRequest(write=Write(request_id=ctx.new_id()), agreement=signed)
    try:
        known = ctx.store.write(lambda tx: service.add(ctx, tx, request, HERE, OPERATOR))
    except Refused as fault:
        why = next((text for start, text in WHY.items() if fault.pointer.startswith(start)), "")
        if lacks := _lacks(signed):
            why = f"it lacks the signature of {' and of '.join(lacks)}: onward-node agreement sign"
        raise SettingsError(f"{fault.reason}: {why or fault.pointer}") from None
    finally:
        wired.close()
    terms = known.agreement
    other = next(one for one in terms.parties if one != ctx.agency)
    out.print(
        f"Version {terms.version} with {other}: {_standing(known, ctx.now())}.",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


def _lacks(signed: SignedAgreement) -> list[str]:
    """The parties that have not signed; none where it can't be read."""
    by = {one.agency for one in signed.signatures}
    try:
        return [one for one in agreements.read(signed.payload).parties if one not in by]
    except Refused:
        return []


@agreement_app.command()
def end(
    folder: Folder,
    agreement_id: Annotated[str, typer.Argument(help="The agreement's id, as it is listed.")],
) -> None:
    """End an agreement at this node, at once.

    Nothing more is sent under it, or taken. What was ended stays ended.
    """
    wired = _wired(folder)
    ctx = wired.node.ctx
    request = EndAgreementRequest(write=Write(request_id=ctx.new_id()), agreement_id=agreement_id)
    try:
        ctx.store.write(lambda tx: service.end(ctx, tx, request, HERE, OPERATOR))
    except Refused as fault:
        if fault.reason != "NOT_FOUND":
            raise
        raise SettingsError(f"this node holds no agreement {agreement_id!r}") from None
    finally:
        wired.close()
    out.print(
        "Ended. What was sent or taken before stays under its grants. Tell the other agency: its "
        "node still holds the agreement.",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


@agreement_app.command()
def export(
    folder: Folder,
    agreement_id: Annotated[str, typer.Argument(help="The agreement's id, as it is listed.")],
    file: Annotated[Path, typer.Argument(help="Where its newest version goes: a new file.")],
) -> None:
    """Write an agreement that a node holds to a new file.

    Such as for `draft --replaces`, where the file was lost.
    """
    provision.new_file(file)
    found = [one for one in _held(folder) if one.agreement.agreement_id == agreement_id]
    if not found:
        raise SettingsError(f"this node holds no agreement {agreement_id!r}")
    newest = max(found, key=lambda one: one.agreement.version)
    _save(file, newest.signed)
    out.print(f"Wrote {file}: version {newest.agreement.version}.", highlight=False, soft_wrap=True)


def _held(folder: Path) -> list[KnownAgreement]:
    """All agreements of a node."""
    wired = _wired(folder)
    ctx = wired.node.ctx
    try:
        found = ctx.store.read(
            lambda tx: service.list_agreements(ctx, tx, ListAgreementsRequest(), HERE)
        )
    finally:
        wired.close()
    return list(found.agreements)


@agreement_app.command(name="list")
def list_(folder: Folder) -> None:
    """List the agreements of a node, and which are in force."""
    wired = _wired(folder)
    ctx = wired.node.ctx
    try:
        found = ctx.store.read(
            lambda tx: service.list_agreements(ctx, tx, ListAgreementsRequest(), HERE)
        )
    finally:
        wired.close()
    table = Table(title="Agreements")
    for name, width in (("with", 23), ("for", 17), ("at most", 17), ("in force", 10)):
        table.add_column(name, overflow="fold", width=width)
    for one in found.agreements:
        terms = one.agreement
        other = next(party for party in terms.parties if party != ctx.agency)
        table.add_row(
            f"{other}\n{terms.agreement_id}\nversion {terms.version}",
            "\n".join(terms.purposes),
            f"{len(terms.categories)} categories\nkept {terms.retention_days} days\n"
            f"before {moment(terms.valid_until):%Y-%m-%d}",
            _standing(one, ctx.now()),
        )  # fmt: skip
    out.print(table if found.agreements else "This node holds no agreement.")


def _standing(one: KnownAgreement, now: datetime) -> str:
    """Whether an agreement can be used, and if not, why."""
    starts, ends = moment(one.agreement.valid_from), moment(one.agreement.valid_until)
    if one.in_force and ends - now <= SOON:
        return f"in force, ends in {(ends - now).days} days"
    if one.in_force:
        return "in force"
    if one.HasField("ended_at"):
        return f"ended on {moment(one.ended_at):%Y-%m-%d}"
    if now < starts:
        return f"begins on {starts:%Y-%m-%d}"
    return "over" if now >= ends else "not in force"
