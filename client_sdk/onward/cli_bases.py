"""`onward bases`: how often each basis was used, by month, so that a habit shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onward import cli_node
from onward.auth import ClientCredentials, load_key_file
from onward.client import Client
from onward.core import spec
from onward.errors import OnwardError
from onward.v1.bases_pb2 import BasisCount

WIDTH = 8
"""Longest bar, in characters."""

HEAD = ("month", "basis", "uses")
NUMBERS = ("approved", "not\nreviewed", "not\njustified", "not\ntold")

out = Console(soft_wrap=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def bar(uses: int, most: int) -> str:
    """How often, beside the month in which it was most often. One use is always seen."""
    return "█" * (max(1, round(WIDTH * uses / most)) if uses and most else 0)


def table(counts: list[BasisCount]) -> Table:
    """One row for each month and basis. What is left undone, or was not right, stands in red.

    The bars of consent have a measure of their own: beside it, nothing else would be seen.
    """
    made = Table(box=None, pad_edge=False, collapse_padding=True)
    for name in HEAD:
        made.add_column(name, no_wrap=True)
    made.add_column("", no_wrap=True, min_width=WIDTH)
    for name in NUMBERS:
        made.add_column(name, justify="right")
    most = {
        consent: max((one.uses for one in counts if (one.basis == "consent") == consent), default=0)
        for consent in (True, False)
    }
    labels = spec.registries()["legal_basis"].codes
    last = ""
    for one in counts:
        if last and one.month != last:
            made.add_row()
        consent = one.basis == "consent"
        colour = "green" if consent else "yellow"
        label = labels[one.basis].label.partition(":")[0] if one.basis in labels else one.basis
        numbers = [str(one.approved)]
        for number in (one.not_reviewed, one.not_justified, one.not_told):
            numbers.append(f"[red]{number}[/red]" if number else "0")
        made.add_row(
            one.month if one.month != last else "", escape(label), str(one.uses),
            f"[{colour}]{bar(one.uses, most[consent])}[/{colour}]",
            *(["-"] * len(NUMBERS) if consent else numbers),
        )  # fmt: skip
        last = one.month
    return made


def share(counts: list[BasisCount]) -> str:
    """All months in one sentence."""
    every = sum(one.uses for one in counts)
    without = sum(one.uses for one in counts if one.basis != "consent")
    part = f", {100 * without / every:.1f} %" if every else ""
    return f"{without} of {every} acts with content went without the person's consent{part}."


def report(to: Console, counts: list[BasisCount]) -> None:
    """Print the counts."""
    if not counts:
        to.print("No content has moved in these months.")
        return
    to.print(table(counts))
    to.print(share(counts), highlight=False)


def bases(
    node: Annotated[
        str, typer.Option(help="Address of your own node, such as https://node.a.example.")
    ],
    key: Annotated[
        Path, typer.Option(help="Private key of your software (JWK), from `onward keygen`.")
    ],
    client: Annotated[
        str, typer.Option(help="Id by which the node knows your software.")
    ] = "case-management",
    since: Annotated[
        str, typer.Option(help="From this month on, such as 2026-03; else the last twelve.")
    ] = "",
) -> None:
    """Show how often data moved without a person's consent.

    By month and basis. Nothing of it is about a person. The key needs the scope audit:read.
    """
    try:
        credentials = ClientCredentials(
            client_id=client, key=load_key_file(key), issuer=node, scopes=["audit:read"]
        )
        with Client.rest(node, credentials=credentials) as connected:
            counts = connected.count_bases(since=since)
    except (OnwardError, OSError, ValueError) as error:
        err.print(escape(cli_node.failed(node, "audit:read", error)))
        raise typer.Exit(2) from None
    report(out, counts)
