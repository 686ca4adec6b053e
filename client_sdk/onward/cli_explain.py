"""`onward explain`: why something would or would not be sent, as a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onward import cli_node
from onward.auth import ClientCredentials, Login, load_key_file
from onward.cli_receipt import NO_CONSENT, Actor, Agency, LoginKey
from onward.client import Client
from onward.core import spec
from onward.errors import InvalidField, NotFound, OnwardError
from onward.receipts import words
from onward.v1.consent_pb2 import Decision
from onward.v1.consents_local_pb2 import ExplainResponse

out = Console(soft_wrap=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def label(registry: str, code: str) -> str:
    """A code in words."""
    known = spec.registries()[registry].codes.get(code)
    return known.label if known else code


def categories() -> Table:
    """All categories: for people, how sensitive, and whether an offer can carry them."""
    result = Table()
    result.add_column("code", no_wrap=True)
    for name in ("meaning, in words to her", "sensitivity", "in an offer"):
        result.add_column(name)
    told = words.load("en")
    for one in spec.categories().values():
        if not one.protocol:
            said = told.label("category", one.id)
            result.add_row(one.id, said, str(one.sensitivity), "yes" if one.offer else "")
    return result


WIDTH = max(map(len, spec.categories()))
"""The words of a category are no wider than the longest of their ids."""

LISTS = {
    "permit": "what she permits",
    "deny": "what she denies",
    "categories": "what the basis names",
}
"""The lists of a consent or a basis, in words."""


def place(line: str) -> str:
    """Which line of the consent or the basis: /permit/1 is the second of what she permits."""
    _, _, rest = line.partition("/")
    name, _, index = rest.partition("/")
    return f"line {int(index) + 1} of {LISTS[name]}" if name in LISTS else line


ALIKE = 5
"""So many categories without a line of their own, for one reason, are said in one sentence."""


def table(decisions: Iterable[Decision]) -> Table:
    """One row for each category: what would be sent first."""
    result = Table(box=SIMPLE_HEAD, pad_edge=False)
    result.add_column("category", no_wrap=True)
    result.add_column("sent", no_wrap=True)
    for name in ("why", "what decides"):
        result.add_column(name, overflow="fold")
    told = words.load("en")
    for one in sorted(decisions, key=lambda decision: not decision.permitted):
        said = told.label("category", one.category)
        source = label("decision_source", one.source)
        result.add_row(
            "\n".join(escape(line) for line in [*wrap(said, WIDTH), one.category]),
            "[green]yes[/green]" if one.permitted else "no",
            escape(label("decision_reason", one.reason)),
            escape(f"{source}: {place(one.line)}" if one.line else source),
        )
    return result


def _apart(decisions: Iterable[Decision]) -> tuple[list[Decision], dict[str, int]]:
    """What stands in a row of its own, and how many others there are, by their reason."""
    told = list(decisions)
    bare = Counter(one.reason for one in told if not one.permitted and not one.line)
    alike = {reason: count for reason, count in bare.items() if count >= ALIKE}
    rows = [one for one in told if one.permitted or one.line or one.reason not in alike]
    return rows, alike


def report(console: Console, answer: ExplainResponse) -> None:
    """The table, what is alike in one sentence, and for how long the recipient might keep it."""
    rows, alike = _apart(answer.decisions)
    if rows:
        console.print(table(rows))
    for reason, count in alike.items():
        who = f"{count} other categories" if rows or len(alike) > 1 else f"All {count} categories"
        console.print(f"{who}: no, {escape(label('decision_reason', reason))}.", highlight=False)
    if any(one.permitted for one in answer.decisions):
        console.print(f"The recipient may keep it for {answer.retention_days} days.")
    if answer.agreement_id:
        console.print(f"Agreement between the two agencies: {answer.agreement_id}")


def explain(
    destination: Annotated[str, typer.Argument(help="The agency that it would go to.")],
    node: Annotated[
        str, typer.Option(help="Address of your own node, such as https://node.a.example.")
    ],
    key: Annotated[
        Path, typer.Option(help="Private key of your software (JWK), from `onward keygen`.")
    ],
    agency: Agency,
    login_key: LoginKey,
    actor: Actor,
    consent: Annotated[str, typer.Option(help="Id of the consent.")] = "",
    basis: Annotated[str, typer.Option(help="Or id of the basis in its place.")] = "",
    purpose: Annotated[
        str,
        typer.Option(
            help="What for; `onward codes consent_purpose` lists them. Else service_delivery, or "
            "what the basis is for."
        ),
    ] = "",
    accepted: Annotated[
        bool, typer.Option("--accepted", help="As if the agency had accepted already.")
    ] = False,
    onward_of: Annotated[
        str, typer.Option(help="Id of the referral from which it would be passed on.")
    ] = "",
    client: Annotated[
        str, typer.Option(help="Id by which the node knows your software.")
    ] = "case-management",
) -> None:
    """Show what would be sent to an agency, and what decides.

    For every category: whether it would go, and which line of the consent, of the agreement or of
    the basis decides. Nothing is sent, and no case record is needed. The key needs the scope
    consents:read, and to find what a basis is for bases:propose. Who asks stands in the node's
    audit.
    """
    if bool(consent) == bool(basis):
        err.print("Give --consent or --basis: by which of them it would go.")
        raise typer.Exit(2)
    looked_up = bool(basis) and not purpose
    scopes = ["consents:read", *(["bases:propose"] if looked_up else [])]
    try:
        credentials = ClientCredentials(
            client_id=client, key=load_key_file(key), issuer=node, scopes=scopes
        )
        login = Login(agency=agency, key=load_key_file(login_key))
        with Client.rest(node, credentials=credentials, login=login, actor=actor) as connected:
            if looked_up:
                purpose = connected.get_basis(basis).purpose
            answer = connected.explain(
                destination=destination, consent_id=consent, basis_id=basis,
                purpose=purpose or "service_delivery", accepted=accepted, onward_of=onward_of,
            )  # fmt: skip
    except (OnwardError, OSError, ValueError) as error:
        unknown = isinstance(error, InvalidField | NotFound) and error.pointer == "/consentId"
        failed = cli_node.failed(node, " and ".join(scopes), error)
        err.print(NO_CONSENT if unknown else escape(failed))
        raise typer.Exit(2) from None
    report(out, answer)
