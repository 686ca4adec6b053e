"""`onward receipt` and `onward account`: what the person takes home, from your own node."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from onward import cli_node, receipts
from onward.auth import ClientCredentials, Login, load_key_file
from onward.client import Client
from onward.core import consent_status, spec
from onward.core.clock import moment
from onward.core.refused import Refused
from onward.errors import InvalidField, NotFound, OnwardError
from onward.v1.consent_pb2 import ConsentRecord

Node = Annotated[str, typer.Option(help="Address of your own node.")]
Agency = Annotated[str, typer.Option(help="Id of your own agency.")]
ClientId = Annotated[
    str, typer.Option("--client", help="Id by which the node knows your software.")
]
Key = Annotated[Path, typer.Option(help="Private key of your software (JWK).")]
LoginKey = Annotated[Path, typer.Option(help="Private key of your agency's login (JWK).")]
Actor = Annotated[str, typer.Option(help="Your id in that login. It stands in the audit.")]
Language = Annotated[str, typer.Option(help=f"One of: {', '.join(receipts.languages())}.")]
Out = Annotated[
    Path | None,
    typer.Option(help="A new file, that only you may read. Choose a name that tells nothing."),
]
Names = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="ID=NAME", help="An agency as people know it; repeat."),
]
NO_CONSENT = (
    "No consent of this node has this id. If it is the number on a receipt: "
    "onward find-consent 'NUMBER'"
)
"""The number on a receipt is easily taken for the id of the consent."""

Telephone = Annotated[str, typer.Option(help="Where the person can call.")]


def receipt(
    consent_id: Annotated[str, typer.Argument(help="Id of the consent.")],
    node: Node,
    agency: Agency,
    key: Key,
    login_key: LoginKey,
    actor: Actor,
    client: ClientId = "case-management",
    language: Language = "en",
    form: Annotated[str, typer.Option(help=f"One of: {', '.join(receipts.FORMS)}.")] = "text",
    out: Out = None,
    name: Names = None,
    telephone: Telephone = "",
    way_back: Annotated[
        bool, typer.Option("--way-back", help="Ask for the number of her card.")
    ] = False,
) -> None:
    """Write what a person agreed to, in her language.

    To read, to print, or to be read aloud. The form `minimal` holds numbers only, and is safe to be
    found on her. Reading the consent stands in the audit of your node.
    """
    code = typer.prompt("Way back") if way_back else ""
    details = receipts.Details(_names(name), telephone, code)

    def make(connected: Client) -> bytes:
        try:
            record = connected.get_consent(consent_id)
        except (InvalidField, NotFound):
            _stop(NO_CONSENT)
        now = datetime.now(UTC)
        return receipts.render(record, now=now, language=language, form=form, details=details)

    call = spec.rpcs()["onward.v1.Consents.GetConsent"]
    connect = _connect(call.scope, node, agency, client, key, login_key, actor)
    _deliver(connect, make, form, out, failed=partial(cli_node.failed, node, call.scope))


def find_consent(
    number: Annotated[
        str, typer.Argument(help="The number on the receipt, as the person reads it out.")
    ],
    node: Node,
    agency: Agency,
    key: Key,
    login_key: LoginKey,
    actor: Actor,
    client: ClientId = "case-management",
) -> None:
    """Find the consent by the number on a person's receipt.

    Quote the number if you write it with spaces. That it was looked up stands in the audit of
    your node.
    """

    def make(connected: Client) -> bytes:
        try:
            found = connected.find_consents(number)
        except InvalidField:
            _stop("A digit of this number is wrong or missing: ask for the number again.")
        except NotFound:
            _stop("No receipt of this node has this number. Ask the person to read it again.")
        return "\n".join(map(_found, found)).encode()

    call = spec.rpcs()["onward.v1.Consents.FindConsents"]
    connect = _connect(call.scope, node, agency, client, key, login_key, actor)
    _deliver(connect, make, "", None, failed=partial(cli_node.failed, node, call.scope))


def _found(one: ConsentRecord) -> str:
    stands = consent_status.standing(one, datetime.now(UTC))
    said = {
        "consent": one.consent_id,
        "person": one.subject_id,
        "status": f"{stands}, version {one.version} of {moment(one.recorded_at):%Y-%m-%d}",
        "for": ", ".join(one.purposes),
        "to": ", ".join(one.recipients),
    }
    return "".join(f"{name:<8} {value}\n" for name, value in said.items())


def account(
    subject_id: Annotated[
        str, typer.Argument(help="The person, by your own id; leave it out with --referral.")
    ] = "",
    *,
    node: Node,
    agency: Agency,
    key: Key,
    login_key: LoginKey,
    actor: Actor,
    client: ClientId = "case-management",
    referral: Annotated[str, typer.Option(help="One referral instead of a person.")] = "",
    language: Language = "en",
    form: Annotated[
        str, typer.Option(help=f"One of: {', '.join(receipts.ACCOUNT_FORMS)}.")
    ] = "text",
    out: Out = None,
    name: Names = None,
) -> None:
    """Write who received what about a person, when and why.

    It also says what was taken back, and what each holder has certified since. Give it to the
    person, or read it to her. That it was read stands in the audit of your node.
    """
    details = receipts.Details(_names(name))

    def make(connected: Client) -> bytes:
        try:
            found = connected.list_disclosures(subject_id, referral_id=referral)
        except NotFound:
            _stop(f"This node knows no{' referral' if referral else 'body'} by this id.")
        now = datetime.now(UTC)
        return receipts.account(
            found, now=now, language=language, form=form, details=details,
            one_referral=bool(referral),
        )  # fmt: skip

    call = spec.rpcs()["onward.v1.Consents.ListDisclosures"]
    connect = _connect(call.scope, node, agency, client, key, login_key, actor)
    _deliver(connect, make, form, out, failed=partial(cli_node.failed, node, call.scope))


def _stop(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)


def _names(given: list[str] | None) -> dict[str, str]:
    pairs = [one.partition("=") for one in given or []]
    if any(not agency or not said for agency, _, said in pairs):
        _stop("Give --name as ID=NAME, such as shelter.example='House of Hope'.")
    return {agency: said for agency, _, said in pairs}


def _connect(
    scope: str, node: str, agency: str, client: str, key: Path, login_key: Path, actor: str
) -> Callable[[], Client]:
    def connect() -> Client:
        credentials = ClientCredentials(
            client_id=client, key=load_key_file(key), issuer=node, scopes=[scope]
        )
        login = Login(agency=agency, key=load_key_file(login_key))
        return Client.rest(node, credentials=credentials, login=login, actor=actor)

    return connect


def _deliver(
    connect: Callable[[], Client],
    make: Callable[[Client], bytes],
    form: str,
    out: Path | None,
    *,
    failed: Callable[[Exception], str],
) -> None:
    """Ask, make and write; every fault is one line, and names nobody."""
    if form == "pdf" and out is None:
        _stop("A PDF goes into a file: give --out.")
    try:
        with connect() as connected:
            made = make(connected)
        if out is None:
            typer.echo(made.decode(), nl=False)
            return
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(made)
        typer.echo(f"Wrote {out}: {len(made)} bytes, that only you may read.")
    except FileExistsError:
        _stop(f"{out}: exists already")
    except Refused:
        _stop("This number can't be right: one of its digits is wrong, or missing.")
    except (OnwardError, OSError, ValueError, receipts.ReceiptUnavailable) as error:
        _stop(failed(error))
