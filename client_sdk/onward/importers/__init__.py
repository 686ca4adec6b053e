"""Importers: from the files that an agency has to case records, consents and wishes.

An importer never makes a consent: it reads one that the agency has recorded, or there is none.
"""

from onward.importers.htcds import read_folder
from onward.importers.model import (
    Case,
    Column,
    Import,
    ImportFault,
    Notice,
    RowProblem,
)
from onward.importers.samples import sample_folder

__all__ = [
    "Case",
    "Column",
    "Import",
    "ImportFault",
    "Notice",
    "RowProblem",
    "read_folder",
    "sample_folder",
]
