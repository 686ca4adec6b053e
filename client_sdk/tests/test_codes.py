"""Codes: nothing unknown is taken, nothing is replaced but downwards, and HTCDS goes both ways."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import given, strategies as st

from importing import WISH, only, standard, write_csv
from onward.core import codes, spec
from onward.core.parse import Invalid, compiled, parse, validate
from onward.core.refused import Refused
from onward.core.schema import message_schema
from onward.importers import read_folder
from onward.v1.categories_pb2 import NeedsServices

PUBLISHED: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "htcds_values.json").read_text("utf-8")
)["values"]

STAY = {
    "per_RoleInProcess": "data about perpetrators never travels",
    "vic_Vulnerabilities": "deprecated in the standard: one column for many categories",
}
"""Lists of the standard that nothing here takes over, and why."""

DEFINED = {"RestrictsMovement", "UsesChildren"}
"""Values that stand in the standard's definitions and not in its list."""

REGISTRIES = sorted(spec.registries().values(), key=lambda one: one.name)
MAPPED = [one for one in REGISTRIES if one.htcds]
EVERY = [(one.name, code) for one in REGISTRIES for code in one.allowed()]


def reason(call: Any, *args: Any) -> str:
    """Why the call was refused."""
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason


def need(service: str) -> NeedsServices:
    item = NeedsServices.ServiceNeed(number=1, service_type=service, wish="now")
    return NeedsServices(items=[item])


# T2: a service that is not known is an error; no other takes its place.


@pytest.mark.parametrize(
    "value", ["legal_support", "Legal", "LEGAL", "x-ngo-hairdressing", " food"]
)
def test_T02_unmapped_service_code_is_refused(value: str, tmp_path: Path) -> None:
    body = {"items": [{"number": 1, "serviceType": value, "wish": "now"}]}
    with pytest.raises(Invalid) as as_json:
        parse(NeedsServices, json.dumps(body))
    with pytest.raises(Invalid) as as_binary:
        validate(need(value))
    for one in (as_json.value, as_binary.value):
        assert (one.reason, one.pointer) == ("UNKNOWN_CODE", "/items/0/serviceType")
    known = codes.known("service_type", "1.0")
    assert reason(codes.down, "service_type", value, known) == "UNKNOWN_CODE"


def test_T02_unmapped_service_in_a_sheet_refuses_its_row(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", [{"case_number": "C-1", "sex.sex": "female"}])
    write_csv(
        tmp_path / "wishes.csv",
        [WISH, WISH | {"item_number": "2", "service_type": "legal_support"}],
    )
    result = read_folder(tmp_path)
    (refused,) = result.refused
    assert "not in the list service_type" in refused.why
    assert "legal_support" not in str(refused)
    (case,) = result.cases
    assert [one.service_type for one in case.wishes] == ["childcare"]


def test_extension_codes_of_an_agency_are_refused() -> None:
    """Docs, decision 0012: this version has none, also with the parent in their name."""
    for value in ("x-ngo-legal", "x_ngo_legal", "x-ngo-legal:legal"):
        assert reason(validate, need(value)) == "UNKNOWN_CODE"


CODED = [
    pytest.param(message, field, id=f"{message.name}.{field.name}")
    for message in spec.messages().values()
    for field in message.fields
    if spec.rule(field).codes
]


@pytest.mark.parametrize(("message", "field"), CODED)
def test_each_field_takes_the_codes_of_its_registry_and_no_other(
    message: Descriptor, field: FieldDescriptor
) -> None:
    registry = spec.registries()[spec.rule(field).codes]
    validator = compiled(message_schema(message))
    for code in [*registry.codes, "no_such_code", "x-ngo-code"]:
        value = {field.json_name: [code] if spec.repeated(field) else code}
        faults = [e for e in validator.iter_errors(value) if list(e.instance_path)[:1]]
        assert bool(faults) == (code not in registry.allowed()), code


# T3: code maps are total, and there and back where they say so.


@pytest.mark.parametrize("registry", MAPPED, ids=lambda one: one.name)
def test_T03_every_published_value_has_exactly_one_code_or_a_reason(
    registry: spec.Registry,
) -> None:
    mapped = [one.htcds for one in registry.codes.values() if one.htcds]
    assert len(mapped) == len(set(mapped))
    for column in registry.htcds:
        published = set(PUBLISHED[column])
        assert published == (set(mapped) | set(registry.unmapped)) - DEFINED
        assert not set(mapped) & set(registry.unmapped)
    for value in mapped:
        assert codes.to_htcds(registry.name, codes.from_htcds(registry.name, value)) == value
    for value, why in registry.unmapped.items():
        assert why
        assert reason(codes.from_htcds, registry.name, value) == "UNKNOWN_CODE"


@pytest.mark.parametrize("registry", MAPPED, ids=lambda one: one.name)
def test_T03_reversible_maps_are_bijective(registry: spec.Registry) -> None:
    allowed = registry.allowed()
    back = {code: codes.from_htcds(registry.name, codes.to_htcds(registry.name, code))
            for code in allowed if codes.to_htcds(registry.name, code)}  # fmt: skip
    bijective = back == {code: code for code in allowed} and not registry.unmapped
    assert bijective == registry.reversible


def test_T03_the_map_of_kinds_of_agencies_is_total_both_ways() -> None:
    exported = {
        code: codes.to_htcds("agency_kind", code)
        for code in spec.registries()["agency_kind"].allowed()
    }
    assert set(exported.values()) - {""} == set(PUBLISHED["org_Type"])
    assert exported["ngo_local"] == exported["survivor_led_group"] == "NGO"
    assert exported["shelter"] == "", "a shelter may be anybody's: no other kind is claimed"


def test_T03_every_published_list_is_mapped_or_left_for_a_reason() -> None:
    columns = {column for one in MAPPED for column in one.htcds}
    assert columns | set(STAY) == set(PUBLISHED)
    fields = {
        spec.rule(f).htcds: spec.rule(f).codes for m in spec.messages().values() for f in m.fields
    }
    for registry in MAPPED:
        for column in registry.htcds:
            assert fields.get(column, registry.name) == registry.name


def test_the_values_are_those_that_are_published() -> None:
    published = {name: [v for v in values if v.strip()] for name, values in standard().items()}
    for name, values in PUBLISHED.items():
        assert published[name] == values
    lists = {n for n, v in published.items() if len(v) > 1}
    assert lists == set(PUBLISHED)


def test_a_code_maps_only_to_a_value_of_its_columns() -> None:
    for registry in REGISTRIES:
        values = {v for column in registry.htcds for v in PUBLISHED[column]} | DEFINED
        assert {one.htcds for one in registry.codes.values() if one.htcds} <= values, registry.name


# Mapping down for an older reader.


@given(st.sampled_from(EVERY))
def test_a_reader_of_this_version_gets_what_was_meant(one: tuple[str, str]) -> None:
    registry, code = one
    assert codes.down(registry, code, codes.known(registry, "1.0")) == code


@given(st.sampled_from(EVERY), st.data())
def test_down_gives_something_above_or_nothing(one: tuple[str, str], data: st.DataObject) -> None:
    registry, code = one
    allowed = spec.registries()[registry].allowed()
    known = data.draw(st.sets(st.sampled_from(allowed)))
    above = [code]
    while parent := spec.registries()[registry].codes[above[-1]].parent:
        above.append(parent)
    fallback = spec.registries()[registry].fallback
    if fallback == "other":
        above.append("other")
    possible = above if fallback in ("parent", "other") else [code]
    wanted = next((one for one in possible if one in known), None)
    if wanted is None:
        assert reason(codes.down, registry, code, known) == "UNKNOWN_CODE"
    else:
        assert codes.down(registry, code, known) == wanted


def test_down_by_the_registrys_word() -> None:
    assert (
        codes.down("service_type", "trauma_therapy", {"mental_health", "other"}) == "mental_health"
    )
    assert codes.down("exploitation_type", "domestic_servitude", {"servitude"}) == "servitude"
    assert codes.down("exploitation_type", "forced_criminality", {"other"}) == "other"
    assert codes.down("lender_kind", "recruiter", {"bank", "other"}) == "other"
    assert reason(codes.down, "service_type", "trauma_therapy", {"food"}) == "UNKNOWN_CODE"
    assert reason(codes.down, "service_type", "trauma_therapy", {"other"}) == "UNKNOWN_CODE"
    assert (
        reason(codes.down, "consent_purpose", "legal_aid", {"service_delivery"}) == "UNKNOWN_CODE"
    )
    assert reason(codes.down, "contact_rule", "no_contact", {"only_these_ways"}) == "UNKNOWN_CODE"
    assert reason(codes.down, "consent_purpose", "marketing", {"marketing"}) == "FORBIDDEN_CODE"


def test_a_code_that_was_added_later_is_not_known_before(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = spec.registries()["lender_kind"]
    later = replace(registry.codes["shop"], id="app", since="1.2")
    grown = replace(registry, codes={**registry.codes, "app": later})
    monkeypatch.setitem(spec.registries(), "lender_kind", grown)
    codes.known.cache_clear()
    try:
        assert "app" not in codes.known("lender_kind", "1.1")
        assert "app" in codes.known("lender_kind", "1.10")
        assert codes.down("lender_kind", "app", codes.known("lender_kind", "1.1")) == "other"
        assert codes.down("lender_kind", "app", codes.known("lender_kind", "1.2")) == "app"
    finally:
        codes.known.cache_clear()


def test_a_case_that_was_imported_holds_only_codes(tmp_path: Path) -> None:
    row = {"case_number": "C-1", "vic_TypeOfExploitation": "ForcedLabour;Other"}
    write_csv(tmp_path / "cases.csv", [row])
    types = only(read_folder(tmp_path)).record.exploitation_type.types
    assert [codes.to_htcds("exploitation_type", one) for one in types] == ["ForcedLabour", "Other"]
