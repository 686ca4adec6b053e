"""Where each column goes. HTCDS columns: by the `htcds` option of the specification's fields.

Columns for what HTCDS has no word for are named by the field itself: `literacy.reading`,
`admin_area.areas.country`, and with a number for the second of several, `debts.debts.2.holder`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from onward.core import spec
from onward.importers.table import plain

RECORD = f"{spec.PACKAGE}.CaseRecord"
CASE_NUMBER = frozenset({"casenumber", "caseno", "caseid", "casereference"})
TICK = "con_Consent"

_TICK = "a tick is not a consent record; consents.csv holds those"
_INCOMING = "about the referral by which the person came to you, not about this one"
_ORGANISATION = "about an organisation; those stand in the trust list"
_PLACE = "no category holds exact positions"

NOT_READ = {
    TICK: _TICK,
    "vic_AgreementToManagePersonalData": _TICK,
    "prs_Title": "a position in an organisation; the person of a case row is the survivor",
    "prs_Deceased": "no category holds it",
    "prs_MailingLongitude": _PLACE,
    "prs_MailingLatitude": _PLACE,
    "hte_Longitude": _PLACE,
    "hte_Latitude": _PLACE,
    "hte_Street": "no category holds it",
    "hte_PostalCode": "no category holds it",
    "hte_Description": "a narrative needs its author and language; enter it in the record itself",
    "spl_Type": "what the person wants stands in wishes.csv",
    "vic_Vulnerabilities": "deprecated in the standard: one column for many categories",
    "cas_ReferringOrganisation": _INCOMING,
    "cas_ReferringPrimaryCaseWorker": _INCOMING,
    "cas_IncomingReferralDate": _INCOMING,
    "cas_ReasonForIncomingReferral": _INCOMING,
    "cas_IncomingReferralDetails": _INCOMING,
    "cas_ReferredOrganisation": "the recipient is named when the referral is sent",
    "cas_OutgoingReferralDate": "the entries of the log carry their time",
    "start": "made by the survey form",
    "end": "made by the survey form",
    "__version__": "made by the survey form",
    "org_": _ORGANISATION,
    "per_": "about a perpetrator: never travels, and is read by nobody",
}
"""Columns that are left alone on purpose, and why. A bare prefix stands for all that have it."""

TYPOS = {
    "vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg",
}
"""Names that a published file has wrong."""

LABELS = {
    "prs_MailingState": "Mailing State/Province",
    "prs_MailingPostalCode": "Mailing Zip/Postal Code",
    "prs_Birthdate": "Birthdate",
    "vic_TraffickingStatusDecisionMakingOrg": "Trafficking Status Decision Making Organization",
}
"""Labels of the templates that are not the name with blanks between its words."""

PERPETRATOR = ("per_RoleInProcess", "per_RoleDetails", "per_Organisation")

# What a column of HTCDS says by itself about the item that it goes to.
FIXED = {
    "prs_MobilePhone": ("mobile", ("channel", "mobile_call")),
    "prs_HomePhone": ("home", ("channel", "home_call")),
    "prs_Email": ("email", ("channel", "email")),
    "vic_LocationOfExploitation": ("exploitation", ("kind", "exploitation")),
}


@dataclass(frozen=True)
class Step:
    """A message on the way to a field. `slot` tells the items of a list apart."""

    name: str
    slot: str = ""


@dataclass(frozen=True)
class Target:
    """The field that a column goes to, and the way there from the case record."""

    steps: tuple[Step, ...]
    leaf: FieldDescriptor
    htcds: bool
    fixed: tuple[str, str] | None = None

    @property
    def path(self) -> str:
        """The field's name from the case record on, such as name.first_name."""
        return ".".join([*(step.name for step in self.steps), self.leaf.name])


def _inside(field: FieldDescriptor) -> Descriptor | None:
    """The message of this specification that a field holds, or None."""
    inner = field.message_type
    return inner if inner is not None and inner.file.package == spec.PACKAGE else None


def _walk(
    descriptor: Descriptor, steps: tuple[Step, ...]
) -> Iterator[tuple[str, tuple[Step, ...], FieldDescriptor]]:
    for field in descriptor.fields:
        column = spec.rule(field).htcds
        inner = _inside(field)
        if inner is None:
            if column:
                yield column, steps, field
            continue
        inside = (*steps, Step(field.name, "1" if spec.repeated(field) else ""))
        if column:
            yield column, inside, inner.fields_by_name["name"]
        yield from _walk(inner, inside)


@cache
def targets() -> dict[str, Target]:
    """The HTCDS columns that are read, each with where it goes."""
    found: dict[str, Target] = {}
    for column, steps, leaf in _walk(spec.messages()[RECORD], ()):
        if column in NOT_READ or column in found:
            continue
        if column not in FIXED:
            found[column] = Target(steps, leaf, True)
            continue
        # Each telephone is a way of its own, and the place is another stage than an event.
        slot, fixed = FIXED[column]
        own = (*steps[:-1], Step(steps[-1].name, slot))
        found[column] = Target(own, leaf, True, fixed)
    return found


@cache
def known() -> frozenset[str]:
    """Every column of the standard, read or not."""
    single = {name for name in NOT_READ if not name.endswith("_")}
    return frozenset({*targets(), *single, *PERPETRATOR})


def label(column: str) -> str:
    """What the templates call a column."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.partition("_")[2])
    return LABELS.get(column, words)


@cache
def by_label() -> dict[str, str]:
    """Columns by their label; labels that several columns have are left out."""
    found: dict[str, list[str]] = {}
    for column in known():
        found.setdefault(plain(label(column)), []).append(column)
    return {name: columns[0] for name, columns in found.items() if name and len(columns) == 1}


@cache
def by_spelling() -> dict[str, str]:
    """Columns by their name without regard to capitals and underscores."""
    return {plain(column): column for column in known()}


def extension(header: str) -> Target | None:
    """The field that a header names outright, or None. Service items stand in wishes.csv only."""
    if not re.fullmatch(r"[a-z_]+(\.([a-z_]+|[0-9]{1,2}))+", header):
        return None
    inside: Descriptor = spec.messages()[RECORD]
    steps: list[Step] = []
    parts = header.split(".")
    while parts:
        field = inside.fields_by_name.get(parts.pop(0))
        if field is None or field.name in ("number", "items"):
            return None
        inner = _inside(field)
        if inner is None:
            plain_field = field.message_type is None
            return Target(tuple(steps), field, False) if plain_field and not parts else None
        slot = ""
        if spec.repeated(field):
            slot = parts.pop(0) if parts and parts[0].isdigit() else "1"
        steps.append(Step(field.name, slot))
        inside = inner
    return None
