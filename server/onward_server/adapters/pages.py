"""The page that describes the API: plain HTML made from the OpenAPI document.

It loads nothing and runs nothing, so that opening it tells no third party who looks.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from typing import Any

from onward.core import spec

HTML = "text/html"

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5b6876;--line:#dfe4ea;--back:#fff;
--tint:#f5f7fa;--get:#1f6f54;--post:#2b4f9e;--must:#a4372a}
@media(prefers-color-scheme:dark){:root{--ink:#e3e8ee;--soft:#9aa7b5;--line:#333d49;--back:#151a21;
--tint:#1d242d;--get:#6cc7a4;--post:#8fb0ff;--must:#f09a8d}}
*{box-sizing:border-box}html{scroll-padding-top:1rem}
body{margin:0;color:var(--ink);background:var(--back);font:16px/1.55 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 5rem}
h1{font-size:2rem;margin:0 0 .25rem}h2{font-size:1.35rem;margin:3rem 0 .25rem}
p{margin:.35rem 0;max-width:46rem}a{color:var(--post)}.soft{color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;margin:1.25rem 0;padding:.75rem 0;
border-block:1px solid var(--line)}
code,.route{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.9em}
details{border:1px solid var(--line);border-radius:8px;margin:.6rem 0;background:var(--back)}
summary{cursor:pointer;padding:.65rem .9rem;display:flex;gap:.75rem;align-items:baseline;
flex-wrap:wrap}
summary:hover{background:var(--tint);border-radius:8px}
details[open]>summary{border-bottom:1px solid var(--line);border-radius:8px 8px 0 0}
.in{padding:.75rem .9rem 1rem}.verb{font-weight:700;min-width:3rem;font-size:.8rem}
.get{color:var(--get)}.post{color:var(--post)}.route{overflow-wrap:anywhere}
.name{margin-left:auto;color:var(--soft);font-size:.9rem}
.tags{display:flex;flex-wrap:wrap;gap:.4rem;margin:.5rem 0}
.tags span{background:var(--tint);border:1px solid var(--line);border-radius:99px;
padding:.05rem .65rem;font-size:.85rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.92rem}
th{text-align:left;font-weight:600;color:var(--soft)}
th,td{padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td:first-child{white-space:nowrap}.must{color:var(--must);font-size:.8rem}
.wide{overflow-x:auto}h3{font-size:1rem;margin:1rem 0 0}
"""

_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_AUTHORS = {
    "AUTHOR_ORIGIN": "the origin",
    "AUTHOR_DESTINATION": "the destination",
    "AUTHOR_EITHER": "either side",
}


def _name(ref: str) -> str:
    return ref.rpartition("/")[2]


def _type(schema: dict[str, Any]) -> str:
    """What a field holds, in a few words, with a link where it is a definition."""
    if ref := schema.get("$ref"):
        name = escape(_name(ref))
        return f'<a href="#{name}">{name}</a>'
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "const" in schema:
        return f"<code>{escape(str(schema['const']).lower())}</code>"
    text = escape(str(schema.get("type", "")))
    if "maximum" in schema:
        text += f" {schema.get('minimum', 0)} to {schema['maximum']}"
    if pattern := schema.get("pattern"):
        text += f" <code>{escape(pattern)}</code>"
    return text


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{one}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>' if body else ""


def _field(name: str, schema: dict[str, Any], must: bool) -> list[str]:
    needed = ' <span class="must">required</span>' if must else ""
    text = escape(schema.get("description", ""))
    return [f"<code>{escape(name)}</code>{needed}", _type(schema), text]


def _fields(schema: dict[str, Any]) -> str:
    must = schema.get("required", ())
    rows = [_field(name, one, name in must) for name, one in schema.get("properties", {}).items()]
    return _table(("Field", "Holds", "What it is"), rows)


def _resolve(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if ref := schema.get("$ref"):
        found: dict[str, Any] = document["components"]["schemas"][_name(ref)]
        return found
    return schema


def _answer(operation: dict[str, Any]) -> str:
    ((media, content),) = operation["responses"]["200"]["content"].items()
    schema = content["schema"]
    event = schema.get("x-onward-event")
    what = f"one {_type(event)} in each event" if event else _type(schema)
    return f"<h3>Answer</h3><p>{what} <code>{escape(media)}</code></p>"


def _operation(path: str, verb: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    tags = [
        f"scope <code>{escape(scope)}</code>"
        for security in operation["security"]
        for scope in security.get("oauth2", ())
    ] or ["signed by the agency, no token"]
    if act := operation.get("x-onward-act"):
        author = _AUTHORS.get(act["author"], act["author"])
        tags += [f"act <code>{escape(act['kind'])}</code>", f"by {escape(author)}"]
    name = escape(operation["operationId"])
    parts = [
        f'<details><summary><span class="verb {escape(verb)}">{escape(verb.upper())}'
        f'</span><span class="route">{escape(path)}</span><span class="name">{name}</span>'
        f'</summary><div class="in" id="{name}"><p>{escape(operation.get("description", ""))}</p>'
        f'<div class="tags">{"".join(f"<span>{tag}</span>" for tag in tags)}</div>'
    ]
    if given := operation.get("parameters"):
        rows = [
            [*_field(one["name"], one["schema"], one["required"])[:2], escape(one["in"])]
            for one in given
        ]
        parts.append("<h3>Parameters</h3>" + _table(("Name", "Holds", "In"), rows))
    if body := operation.get("requestBody"):
        schema = _resolve(body["content"]["application/json"]["schema"], document)
        parts.append("<h3>Body</h3>" + _fields(schema))
    parts.append(_answer(operation) + "</div></details>")
    return "".join(parts)


def _service(tag: dict[str, str], document: dict[str, Any]) -> str:
    found = [
        _operation(path, verb, operation, document)
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
        if tag["name"] in operation["tags"]
    ]
    name = escape(tag["name"])
    about = escape(tag.get("description", ""))
    return f'<h2 id="service-{name}">{name}</h2><p class="soft">{about}</p>{"".join(found)}'


def _definition(name: str, schema: dict[str, Any]) -> str:
    safe = escape(name)
    about = escape(schema.get("description", "")) if name != "ProblemDetails" else ""
    codes = " ".join(f"<code>{escape(str(one))}</code>" for one in schema.get("enum", ()))
    if schema.get("type") == "object":
        inside = _fields(schema)
    else:
        inside = f"<p>{codes}</p>" if codes else f"<p>{_type(schema)}</p>"
    return (
        # The id is inside, since browsers open what a link leads into.
        f"<details><summary><code>{safe}</code></summary>"
        f'<div class="in" id="{safe}"><p>{about}</p>{inside}</div></details>'
    )


def _errors() -> str:
    rows = [
        [f"<code>{one.name}</code>", str(one.http), f"<code>{one.grpc}</code>", escape(one.text)]
        for one in spec.reasons().values()
    ]
    return _table(("Reason", "HTTP", "gRPC", "What to do"), rows)


def render(document: dict[str, Any]) -> str:
    """The page."""
    info = document["info"]
    tags = document["tags"]
    title = f"{escape(info['title'])} {escape(info['version'])}"
    links = "".join(
        f'<a href="#service-{escape(tag["name"])}">{escape(tag["name"])}</a>' for tag in tags
    )
    services = "".join(_service(tag, document) for tag in tags)
    schemas = document["components"]["schemas"].items()
    definitions = "".join(_definition(name, schema) for name, schema in schemas)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{title}</h1><p>{escape(info['description'])}</p>"
        '<p class="soft">As a document: <a href="/openapi.json">/openapi.json</a>. Tokens come from'
        ' <code>POST /oauth2/token</code>, described by <a href="/.well-known/'
        'oauth-authorization-server">its metadata</a>.</p>'
        f'<nav>{links}<a href="#errors">Errors</a><a href="#schemas">Messages</a></nav>'
        f'{services}<h2 id="errors">Errors</h2>{_errors()}'
        f'<h2 id="schemas">Messages</h2>{definitions}</main></body></html>'
    )
