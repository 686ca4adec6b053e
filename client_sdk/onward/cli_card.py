"""`onward card`: prints the card of a way back."""

from __future__ import annotations

from typing import Annotated

import typer

from onward.core import waycode
from onward.core.refused import Refused


def card(
    code: Annotated[
        str, typer.Option(prompt="Way back", help="Its digits; asked for if not given.")
    ],
    line: Annotated[
        list[str] | None,
        typer.Option(help="A line in the person's language; repeat. {number} becomes the digits."),
    ] = None,
) -> None:
    """Print a card: a way back's number, and neutral words.

    Nothing on it tells why somebody has it. Neither the question nor the answer belongs on it. Asks
    for the number, so that it does not stay in the history of the command line.
    """
    try:
        lines = waycode.card(code, line or waycode.CARD)
    except Refused:
        typer.echo("This number can't be right: one of its digits is wrong, or missing.", err=True)
        raise typer.Exit(1) from None
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    width = max(len(one) for one in lines)
    edge = "+" + "-" * (width + 4) + "+"
    typer.echo("\n".join([edge, *(f"|  {one.ljust(width)}  |" for one in lines), edge]))
