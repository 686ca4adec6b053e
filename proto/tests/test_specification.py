"""The specification holds to its own rules."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from onward.core import spec
from onward.core.transitions import TABLE
from onward.v1 import options_pb2

PROTO = Path(__file__).parent.parent
ROOT = PROTO.parent

PERSONAL = {"FORMAT_PHONE", "FORMAT_EMAIL"}
"""Formats of values that name a person by themselves."""

ONE_CODE_A_LINE = "codes_"
"""Files that keep a table's shape, which `buf format` would break up."""


def buf(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run buf, which comes as a package."""
    return subprocess.run(["buf", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def test_buf_lint() -> None:
    done = buf("lint", str(PROTO))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(PROTO.glob("onward/v1/*.proto")) if ONE_CODE_A_LINE not in p.name],
    ids=lambda p: p.name,
)
def test_buf_format(path: Path) -> None:
    done = buf("format", "-d", "--exit-code", str(path))
    assert done.returncode == 0, done.stdout


def released() -> str:
    """The newest released version's tag, or an empty string before the first release."""
    command = ["git", "-C", str(ROOT), "tag", "--list", "v*", "--sort=-v:refname"]
    tags = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return tags[0] if tags else ""


def test_nothing_breaks_what_was_released(tmp_path: Path) -> None:
    """Against the last release; before the first, against itself, which shows that buf can run."""
    tag = released()
    against = f"{ROOT}/.git#tag={tag},subdir=proto" if tag else str(PROTO)
    done = buf("breaking", str(PROTO), "--against", against)
    assert done.returncode == 0, done.stdout


def test_a_breaking_change_is_found(tmp_path: Path) -> None:
    changed = tmp_path / "proto"
    shutil.copytree(PROTO, changed, ignore=shutil.ignore_patterns("tests", "*.py"))
    entry = changed / "onward/v1/entry.proto"
    entry.write_text(entry.read_text().replace("string recipient = 4", "string receiver = 4"))
    done = buf("breaking", str(changed), "--against", str(PROTO))
    assert done.returncode != 0
    assert "receiver" in done.stdout


def leaves(descriptor: Descriptor) -> Iterator[tuple[Descriptor, FieldDescriptor]]:
    """Every field of a message."""
    for field in descriptor.fields:
        yield descriptor, field


def in_category(descriptor: Descriptor) -> bool:
    """Whether a message is a category, or stands inside one."""
    outer: Descriptor | None = descriptor
    while outer is not None:
        if spec.category_of(outer) is not None:
            return True
        outer = outer.containing_type
    return False


LOCAL_HOLDERS = ("ConsentRecord", "LinkRequest")
"""Messages with categories that never leave the node: nothing on the wire reaches them."""


def reached_from_elsewhere() -> set[str]:
    """Messages that something else than a category or a record uses."""
    names = ("CaseRecord", "OfferRecord", "ChoiceRecord", "EmergencyRecord", *LOCAL_HOLDERS)
    records = {f"onward.v1.{name}" for name in names}
    return {
        field.message_type.full_name
        for name, message in spec.messages().items()
        if name not in records and not in_category(message)
        for field in message.fields
        if field.message_type is not None
    }


def personal(field: FieldDescriptor) -> bool:
    """Whether the field can hold what a person wrote, or a way to reach one."""
    rule = spec.rule(field)
    return bool(rule.text) or options_pb2.Format.Name(rule.format) in PERSONAL


def test_no_personal_field_outside_a_category() -> None:
    outside = [
        f"{message.full_name}.{field.name}"
        for message in spec.messages().values()
        if not in_category(message)
        for message, field in leaves(message)
        if personal(field)
    ]
    assert outside == []


def test_nothing_but_records_holds_a_category() -> None:
    """A category stands in a record or as a part, so that no act can carry one unseen."""
    categories = {c.descriptor.full_name for c in spec.categories().values()}
    assert reached_from_elsewhere() & categories == set()


def test_the_test_would_find_one() -> None:
    """A category's own fields are personal: the search above can tell."""
    name = spec.categories()["name"].descriptor
    assert any(personal(field) for field in name.fields)


def test_every_category_has_its_field_in_the_record() -> None:
    record = spec.messages()["onward.v1.CaseRecord"].fields_by_name
    wanted = {c.id for c in spec.categories().values() if not c.protocol}
    assert set(record) == wanted
    for name, field in record.items():
        assert field.message_type == spec.categories()[name].descriptor


def test_an_offer_has_the_offer_categories_and_no_identifier() -> None:
    record = spec.messages()["onward.v1.CaseRecord"].fields_by_name
    offer = spec.messages()["onward.v1.OfferRecord"].fields_by_name
    wanted = {c.id for c in spec.categories().values() if c.offer and not c.protocol}
    assert set(offer) == wanted
    assert {n: f.number for n, f in offer.items()} == {n: record[n].number for n in offer}
    for name, field in offer.items():
        assert spec.categories()[name].sensitivity <= 2
        texts = [
            f"{message.full_name}.{inner.name}"
            for message in spec.messages().values()
            if f"{message.full_name}.".startswith(f"{field.message_type.full_name}.")
            for inner in message.fields
            if personal(inner)
        ]
        assert texts == []


CORE = [
    "prs_Salutation", "prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_Gender",
    "prs_Citizenship", "prs_Title", "prs_Email", "prs_HomePhone", "prs_MobilePhone",
    "prs_MailingCity", "prs_MailingCountry", "prs_MailingState", "prs_MailingStreet",
    "prs_MailingPostalCode", "vic_TraffickingStatus", "vic_TraffickingStatusDecisionMakingOrg",
    "vic_MethodOfRecruitment", "vic_LocationOfRecruitment", "vic_MethodsOfControl",
    "vic_TypeOfExploitation", "vic_ForcedLabourIndustry", "vic_TypeOfSexExploitation",
    "vic_LocationOfExploitation", "cas_Status", "cas_ReasonForCaseClosure", "cas_CaseOwner",
    "cas_ReferringPrimaryCaseWorker", "cas_ReferredPrimaryCaseWorker",
    "cas_ReasonForOutgoingReferral", "cas_OutgoingReferralDetails",
]  # fmt: skip
"""Core fields of HTCDS 2.0 that may travel, but for those that are protocol data."""


def test_each_core_field_of_htcds_has_its_place() -> None:
    mapped = {
        spec.rule(field).htcds
        for message in spec.messages().values()
        for field in message.fields
        if spec.rule(field).htcds
    }
    assert set(CORE) - mapped == set()
    assert not [name for name in mapped if name.startswith("per_")]


def test_each_act_has_a_row_and_each_row_an_act() -> None:
    assert set(TABLE) == set(spec.acts())


def test_every_scope_of_a_role_belongs_to_a_call() -> None:
    scopes = {rpc.scope for rpc in spec.rpcs().values() if rpc.scope}
    for role in spec.roles().values():
        assert set(role.scopes) <= scopes
    assert "referrals:open" not in spec.roles()["intake"].scopes


def test_what_stays_at_the_node_is_reached_by_nothing_that_travels() -> None:
    """No message between nodes leads to a consent record or to a link."""
    names = [
        f"onward.v1.{name}" for name in ("Sealed", "Entry", "Envelope", "Receipt", "LogExport")
    ]
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name not in seen and name in spec.messages():
            seen.add(name)
            fields = spec.messages()[name].fields
            names += [field.message_type.full_name for field in fields if field.message_type]
    assert "onward.v1.Head" in seen
    assert seen & {f"onward.v1.{name}" for name in LOCAL_HOLDERS} == set()
