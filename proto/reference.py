"""Writes docs/reference.md: the tables of the specification for people to look things up in."""

from __future__ import annotations

from collections.abc import Iterable

from onward.core import openapi, spec


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") or " " for cell in cells) + " |"


def _table(head: list[str], rows: Iterable[Iterable[object]]) -> list[str]:
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows), ""]


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _route(rpc: spec.Rpc) -> str:
    return _code(f"{rpc.http_verb.upper()} {openapi.path_template(rpc)}") if rpc.http_path else ""


def _author(rpc: spec.Rpc) -> str:
    return rpc.author.removeprefix("AUTHOR_").lower() if rpc.kind else ""


def _categories() -> list[str]:
    rows = [
        [
            _code(one.id),
            one.descriptor.name,
            one.sensitivity,
            _yes(one.offer),
            _yes(one.protocol),
            _yes(one.free_text),
            ", ".join(map(_code, one.touches)),
            _yes(one.feedback),
        ]
        for one in spec.categories().values()
    ]
    head = ["Category", "Message", "Sensitivity", "In an offer", "Protocol data"]
    head += ["Free text", "Text touches", "Flows back"]
    return ["## Categories", "", *_table(head, rows)]


def _acts() -> list[str]:
    rows = [
        [
            _code(kind),
            f"{rpc.service}.{rpc.name}",
            _author(rpc),
            _code(rpc.scope),
            _route(rpc),
            ", ".join(map(_code, spec.act_fields(kind).carried)),
            _yes(rpc.always),
            _yes(rpc.unblockable),
            _yes(rpc.urgent),
            _yes(rpc.passes),
            _yes(rpc.needs_feedback),
            _yes("record" in rpc.input.fields_by_name),
        ]
        for kind, rpc in spec.acts().items()
    ]
    head = ["Kind", "RPC", "Author", "Scope", "Route", "Entry carries"]
    head += ["Always crosses", "Never blocked", "Urgent", "Passes", "Needs feedback"]
    return ["## Acts", "", *_table([*head, "Binds parts"], rows)]


def _calls() -> list[str]:
    rows = [
        [
            f"{rpc.service}.{rpc.name}",
            rpc.plane.removeprefix("PLANE_").lower(),
            _code(rpc.scope),
            _route(rpc),
            _yes(rpc.server_streaming),
        ]
        for rpc in spec.rpcs().values()
        if not rpc.kind
    ]
    return ["## Other calls", "", *_table(["RPC", "Plane", "Scope", "Route", "Stream"], rows)]


def _roles() -> list[str]:
    rows = [
        [_code(role.id), role.about, ", ".join(map(_code, role.scopes))]
        for role in spec.roles().values()
    ]
    return ["## Roles", "", *_table(["Role", "About", "Scopes"], rows)]


def _reasons() -> list[str]:
    rows = [
        [_code(one.name), one.http, _code(one.grpc), _yes(one.retry), one.text]
        for one in spec.reasons().values()
    ]
    return ["## Reasons", "", *_table(["Reason", "HTTP", "gRPC", "Retry", "Text"], rows)]


FALLBACKS = {
    "closed": "No code is ever added.",
    "parent": "A code added later names a parent; for an older reader that stands in its place.",
    "other": "For an older reader a code added later becomes its parent, or else `other`.",
    "refuse": "Nothing stands for a code that a reader does not know: the sender leaves it out.",
}


def _source(code: spec.Code, registry: spec.Registry) -> str:
    return code.source or registry.source


def _status(code: spec.Code) -> str:
    if code.replaced_by:
        return f"{code.status}: use {_code(code.replaced_by)}"
    return "forbidden" if code.forbidden else code.status or "in use"


def _note(code: spec.Code) -> str:
    days = f"after {code.days} days" if code.days else ""
    traits = ", ".join(map(_code, code.traits))
    return code.forbidden or code.next_step or days or traits


def _registry(one: spec.Registry) -> list[str]:
    lines = [f"### Registry {one.name}", "", f"{one.about} {FALLBACKS[one.fallback]}", ""]
    if one.htcds:
        columns = ", ".join(map(_code, one.htcds))
        there_and_back = " Reversible: a round trip loses nothing." if one.reversible else ""
        lines += [f"HTCDS: values of {columns}.{there_and_back}", ""]
    lines += [f"- `{value}` has no code: {why}." for value, why in one.unmapped.items()]
    lines += [""] if one.unmapped else []
    head = ["Code", "Label", "Parent", "HTCDS", "Status", "Since", "Source", "Note"]
    codes = [
        [
            _code(code.id),
            code.label,
            _code(code.parent),
            code.htcds,
            _status(code),
            code.since,
            _source(code, one),
            _note(code),
        ]
        for code in one.codes.values()
    ]
    return [*lines, *_table(head, codes)]


def _registries() -> list[str]:
    every = spec.registries().values()
    rows = [
        [
            f"[{one.name}](#registry-{one.name})",
            len(one.codes),
            one.fallback,
            ", ".join(map(_code, one.htcds)),
            one.about,
            one.source,
        ]
        for one in every
    ]
    head = ["Registry", "Codes", "Fallback", "HTCDS", "About", "Source"]
    lines = ["## Registries", "", *NOT_CLAIMED, *_table(head, rows)]
    for one in every:
        lines += _registry(one)
    return lines


NOT_CLAIMED = [
    "Values of the Human Trafficking Case Data Standard 2.0 are spelled as published",
    "(International Organization for Migration, CC BY 4.0; IOM does not endorse this",
    "specification). The International Classification Standard of trafficking in persons (IC-TIP)",
    "is not mapped: its tables were not at hand. Nothing here claims to conform to it.",
    "",
]


def reference() -> str:
    """The whole page."""
    lines = [
        "# Reference",
        "",
        "Generated from `proto/` by `proto/generate.py`; not edited by hand.",
        "",
        *_categories(),
        *_acts(),
        *_calls(),
        *_roles(),
        *_reasons(),
        *_registries(),
    ]
    return "\n".join(lines).rstrip() + "\n"
