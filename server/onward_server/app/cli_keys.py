"""`onward-node keys`: what is done with the keys of a node."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onward_server.app import settings
from onward_server.app.settings import SettingsError

keys_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Wrap the keys of cases by a new master key."
)
out = Console()


@keys_app.command()
def rotate(
    folder: Annotated[Path, typer.Argument(help="The node's folder.")],
) -> None:
    """Wrap all keys by a new master key; destroy the old one.

    The node may be running. From then on no older copy of the keyring can be opened, unless the old
    master key was copied, too. What was broken off is finished by calling it again.
    """
    from onward_server.adapters.keyring import Keyring

    found = settings.load(folder).keys
    try:
        ring = Keyring(found)
        try:
            count = ring.rotate()
        finally:
            ring.close()
    except FileNotFoundError as fault:
        raise SettingsError(
            f"{fault.filename} is missing: put back the copy of this master key"
        ) from None
    except ValueError:
        raise SettingsError(
            f"a master key in {found} is damaged: put back the copies of master*.key"
        ) from None
    out.print(f"{count} keys are under a new master key; the old one is destroyed.")
