"""The sample that ships with the package: eight people who do not exist."""

from __future__ import annotations

from pathlib import Path


def sample_folder() -> Path:
    """The folder with the sample's cases.csv, cases.xlsx (the same rows), consents.csv, wishes.csv.

    Every row is synthetic, and the files say so.
    """
    return Path(__file__).parent / "sample"
