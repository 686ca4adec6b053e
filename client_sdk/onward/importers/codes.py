"""HTCDS value names and labels to codes, by the `htcds` option of the registries.

The standard's lists are not spelled alike everywhere: its templates offer labels,
its survey form names with blanks, its definitions other names. Whatever has one meaning only is
taken; anything else is an error, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from onward.core import spec
from onward.importers.model import BadCell
from onward.importers.table import BLANKS, plain

# Labels of the templates that are not the value's name with blanks between its words.
LABELS = {
    "NonSpecifiedUnknown": "Not Specified/Unknown",
    "ThreatsLawEnforcement": "Threats of law enforcement",
    "E_WaterSupplySewerageWasteManagement": (
        "Water supply; sewerage, waste management and remediation"
    ),
    "G_WholesaleAndRetailTradeRepairOfMotorVehicles": (
        "Wholesale and retail trade; repair of motor vehicles and motorcycles"
    ),
    "O_PublicAdministrationAndDefence": (
        "Public administration and defence; compulsory social security"
    ),
    "T_ActivitiesOfHouseholdsAsEmployers": (
        "Activities of households as employers; undifferentiated goods- and services- producing "
        "activities of households for own use"
    ),
    "U_ActivitiesOfExtraterritorialOrganizations": (
        "Activities of extraterritorial organizations and bodies"
    ),
}

# Other spellings of the same value: in the standard's definitions, or put right by a reader.
VARIANTS = {
    "ThreatOfLawEnforcement": "ThreatsLawEnforcement",
    "PsychoactiveSubstances": "PsychoactiveSubstance",
    "Unacquainted": "Unaquainted",
}


@cache
def names(registry: str) -> dict[str, str]:
    """The HTCDS names of a registry, each with its code."""
    return {one.htcds: one.id for one in spec.registries()[registry].codes.values() if one.htcds}


@cache
def _labels(registry: str) -> dict[str, str]:
    """What a value may be called, compared by letters and digits only."""
    found: dict[str, str] = {}
    for name, code in names(registry).items():
        bare = re.sub(r"^[A-U]_", "", name)
        for label in {name, bare, LABELS.get(name, name)}:
            found[plain(label)] = code
    return found


@cache
def _age_bands() -> list[tuple[int, int, str]]:
    bands = []
    for code in spec.registries()["age_band"].codes:
        if match := re.fullmatch(r"a(\d+)_(\d+|plus)", code):
            high = 120 if match[2] == "plus" else int(match[2])
            bands.append((int(match[1]), high, code))
    return bands


def _age_band(value: str) -> str | None:
    """The band of an age in years: HTCDS has the number, the specification only a band."""
    if not re.fullmatch(r"[0-9]{1,3}", value, re.ASCII):
        return None
    return next((code for low, high, code in _age_bands() if low <= int(value) <= high), None)


def _htcds(registry: str, value: str, warn: Callable[[str], None]) -> str | None:
    if found := names(registry).get(value) or _labels(registry).get(plain(value)):
        return found
    if found := names(registry).get(VARIANTS.get(value, "")):
        warn("a value is spelled otherwise than in the standard's list; its meaning is the same")
        return found
    return _age_band(value) if registry == "age_band" else None


def find(
    registry: str, value: str, *, htcds: bool = False, warn: Callable[[str], None] = lambda _: None
) -> str:
    """The code for a value: a code of the registry, or with `htcds` a name of the standard.

    Raises BadCell for a value that the registry does not know, and for a forbidden code.
    """
    known = spec.registries()[registry]
    code = known.codes.get(value)
    if code is not None and code.forbidden:
        raise BadCell(f"nobody may use this code: {code.forbidden}", "Take it out")
    if code is not None:
        return code.id
    if htcds and (found := _htcds(registry, value, warn)):
        return found
    raise BadCell(
        f"a value is not in the list {registry}",
        f"Use a value of the list: onward codes {registry}",
    )


def split(registry: str, value: str, warn: Callable[[str], None]) -> list[str]:
    """The values in a cell: with ; between them, or blanks as survey exports write them.

    Some labels hold a ; themselves, so the longest run of pieces that is one label is taken.
    """
    pieces = value.split(";")
    if len(pieces) == 1 and plain(value) not in _labels(registry):
        words = value.split()
        if len(words) > 1 and all(word in names(registry) for word in words):
            warn("values stand with blanks between them, as in a survey export; use ; instead")
            return words
    found = []
    while pieces:
        ends = range(len(pieces), 0, -1)
        fits = (end for end in ends if plain("".join(pieces[:end])) in _labels(registry))
        end = next(fits, 1)
        found.append(";".join(pieces[:end]).lstrip(BLANKS))
        pieces = pieces[end:]
    return found
