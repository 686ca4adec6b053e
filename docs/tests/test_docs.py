"""The documents hold together: ids, key words, links, and every name that they use."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from onward.core import jose, spec, transitions
from onward.v1 import options_pb2
from onward_conformance import spec_text
from onward_conformance.report import signed

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]


def _load() -> ModuleType:
    found = importlib.util.spec_from_file_location("docs_make", DOCS / "make.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module  # Dataclasses look their module up there.
    found.loader.exec_module(module)
    return module


make = _load()
SPEC = (DOCS / "spec.md").read_text("utf-8")
SENTENCES = list(spec_text.sentences(SPEC))

# The sentence that introduces the key words names them and uses none.
INTRODUCES = "The key words MUST, MUST NOT, SHOULD"

# Lower-case words that would be a requirement in disguise. Nothing needs an exception so far.
DISGUISED = re.compile(r"\b(must|should|may|shall|ought)\b")
ALLOWED_DISGUISE: frozenset[str] = frozenset()


def bare(text: str) -> str:
    """The text without inline code."""
    return spec_text.CODE.sub("", text)


def prose(text: str) -> str:
    """The text without fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def codes(text: str) -> set[str]:
    """What stands in inline code."""
    return set(re.findall(r"`([^`\n]+)`", prose(text)))


# Requirements.


def test_every_id_is_well_formed_and_unique() -> None:
    everything = re.findall(r"\[([A-Z]+-[0-9]+)\]", bare(prose(SPEC)))
    assert everything
    assert [one for one in everything if not spec_text.ID.fullmatch(f"[{one}]")] == []
    assert [one for one, times in Counter(everything).items() if times > 1] == []


def test_each_prefix_belongs_to_one_section() -> None:
    where: dict[str, set[str]] = {}
    for one in SENTENCES:
        for found in spec_text.ID.findall(bare(one.text)):
            where.setdefault(found.partition("-")[0], set()).add(one.section)
    shared = {prefix: sections for prefix, sections in where.items() if len(sections) > 1}
    assert shared == {"VER": {"Environments and versions", "Reserved"}}


def test_key_words_and_ids_go_together() -> None:
    wrong = [
        one.text
        for one in SENTENCES
        if INTRODUCES not in one.text
        and (
            len(spec_text.ID.findall(bare(one.text))),
            len(spec_text.LEVEL.findall(bare(one.text))),
        )
        not in ((0, 0), (1, 1))
    ]
    assert wrong == []


def test_an_id_stands_first_or_last() -> None:
    wrong = [
        one.text
        for one in SENTENCES
        if (found := spec_text.ID.search(bare(one.text)))
        and not one.text.startswith(found[0])
        and not re.search(re.escape(found[0]) + r"\.?$", one.text)
    ]
    assert wrong == []


def test_no_requirement_is_in_disguise() -> None:
    found = [one.text for one in SENTENCES if DISGUISED.search(bare(one.text))]
    assert [one for one in found if one not in ALLOWED_DISGUISE] == []


def test_every_requirement_is_in_the_list_for_machines() -> None:
    listed = [one["id"] for one in spec_text.requirements(SPEC)]
    assert listed == spec_text.ID.findall(bare(prose(SPEC)))


# Generated files.


def test_generated_documents_are_current() -> None:
    stale = [path.name for path, text in make.made().items() if path.read_text("utf-8") != text]
    assert stale == [], "run python docs/make.py"


def test_reference_names_no_act_that_the_table_lacks() -> None:
    assert set(spec.acts()) == set(transitions.TABLE)


# Links.


def anchors(path: Path) -> set[str]:
    """Anchors of a page's headings."""
    seen: Counter[str] = Counter()
    result = set()
    for line in prose(path.read_text("utf-8")).splitlines():
        heading = spec_text.HEADING.match(line)
        if heading:
            name = spec_text.slug(heading[2])
            result.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return result


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_resolve(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", bare(prose(page.read_text("utf-8")))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


# Names.

GRPC_STATUS = {one.grpc for one in spec.reasons().values()}
TYPES = {
    value
    for name, value in vars(jose).items()
    if name.isupper() and isinstance(value, str) and value.startswith("onward-")
} | {signed.TYPE}
SCOPES = {rpc.scope for rpc in spec.rpcs().values() if rpc.scope}
MESSAGES = {name.removeprefix(f"{spec.PACKAGE}.") for name in spec.messages()}
FIELDS = {
    spelling
    for message in spec.messages().values()
    for field in message.fields
    for spelling in (field.name, field.json_name)
}
RPCS = {f"{rpc.service}.{rpc.name}" for rpc in spec.rpcs().values()}
SERVICES = {rpc.service for rpc in spec.rpcs().values()}
REGISTRIES = spec.registries()
CODES = {code for registry in REGISTRIES.values() for code in registry.codes}
FORMATS = set(options_pb2.Format.keys())

# Names of other standards, and of what is reserved for a later version.
FOREIGN = {
    *("alg", "apu", "apv", "crv", "enc", "epk", "kid", "kty", "typ"),
    *("aud", "exp", "iat", "iss", "jti", "role", "sub"),
    *("audience", "authorization_details", "client_id", "client_secret", "resource"),
    *("client_credentials", "private_key_jwt"),
    *("invalid_client", "invalid_request", "invalid_scope"),
    *("status", "title", "type"),
    *("data", "event", "id"),
    "registry",
    "fallback",
    "reversible",
    *("x", "y"),
}
# What the specification says of its own options.
OPTIONS = {
    field.name
    for option in (options_pb2.RpcRule, options_pb2.CategoryRule, options_pb2.Code)
    for field in option.DESCRIPTOR.fields
} | {"first", "any"}  # what stands in follows
OTHER_CLASSES = {"Reason"}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_marked_names_exist(page: Path) -> None:
    """Reasons, token types, scopes, calls and fields of messages, in every document."""
    unknown = []
    for one in codes(page.read_text("utf-8")):
        if re.fullmatch(r"[A-Z]{2,}(_[A-Z]+)+", one):
            known = one in spec.reasons() or one in GRPC_STATUS or one in FORMATS
        elif re.fullmatch(r"onward-[a-z]+\+jw[se]", one):
            known = one in TYPES
        elif re.fullmatch(r"[a-z]+:[a-z_]+", one):
            registry, _, code = one.partition(":")
            known = one in SCOPES or (registry in REGISTRIES and code in REGISTRIES[registry].codes)
        elif re.fullmatch(r"[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+", one):
            known = one in RPCS or one in MESSAGES
        elif found := re.fullmatch(r"([A-Z][A-Za-z]+)\.([a-z][a-z_]+)", one):
            message = spec.messages().get(f"{spec.PACKAGE}.{found[1]}")
            known = message is not None and found[2] in message.fields_by_name
        else:
            known = True
        if not known:
            unknown.append(one)
    assert sorted(unknown) == []


def test_every_name_in_the_specification_exists() -> None:
    """In spec.md every single word in code is a name of the protocol or of a known standard."""
    lower = FIELDS | CODES | set(spec.categories()) | set(spec.acts()) | set(REGISTRIES)
    lower |= FOREIGN | OPTIONS
    upper = MESSAGES | SERVICES | OTHER_CLASSES
    unknown = [
        one
        for one in codes(SPEC)
        if (re.fullmatch(r"[a-z][A-Za-z0-9_]*", one) and one not in lower)
        or (re.fullmatch(r"[A-Z][a-z][A-Za-z]*", one) and one not in upper)
        or (
            re.fullmatch(r"[A-Z]{3,}", one) and one not in spec.reasons() and one not in GRPC_STATUS
        )
    ]
    assert sorted(unknown) == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_only_names_for_examples(page: Path) -> None:
    """No address outside .example, apart from standards that are cited."""
    cited = ("https://json-schema.org/",)
    hosts = re.findall(r"https?://[A-Za-z0-9.-]+/?", page.read_text("utf-8"))
    hosts = [one for one in hosts if not one.startswith(cited)]
    assert [
        one for one in hosts if not re.search(r"(\.example|localhost|127\.0\.0\.1)/?$", one)
    ] == []


# Code blocks.

BLOCK = re.compile(r"^```python(?P<mark>[^\n]*)\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = [
    # The example of the README needs the nodes of the demo.
    pytest.param(
        found["code"],
        "no-run" if name == "README.md" else found["mark"].strip(),
        id=f"{name}-{number}",
    )
    for page, name in zip(PAGES, NAMES, strict=True)
    for number, found in enumerate(BLOCK.finditer(page.read_text("utf-8")), 1)
]


@pytest.mark.parametrize(("code", "mark"), BLOCKS)
def test_examples(code: str, mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples run; those marked no-run at least compile, and import what there is."""
    assert mark in ("", "no-run")
    compiled = compile(code, "example", "exec")
    monkeypatch.chdir(tmp_path)
    if mark:
        tree = ast.parse(code)
        tree.body = [one for one in tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
        compiled = compile(tree, "example", "exec")
    exec(compiled, {"__name__": "__main__"})
