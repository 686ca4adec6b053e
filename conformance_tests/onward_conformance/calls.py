"""What the checks of each profile ask of the target's hands, read from their source."""

from __future__ import annotations

import ast
import re
from functools import cache

from onward.v1 import local_pb2
from onward_conformance.coverage import constant, sources

CALL = re.compile(r"[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+")
PACKAGE = "onward_conformance."
SERVICE = "Referrals"
ACTS = frozenset(local_pb2.DESCRIPTOR.services_by_name[SERVICE].methods_by_name)
BENCHES = ("check.py", "client_bench.py")
"""What a check is given: it asks for what stands in those of its methods that it uses."""


@cache
def calls() -> dict[str, frozenset[str]]:
    """Names such as Referrals.Decide, by the profile (the folder of the checks) that asks for them.

    They stand in the checks themselves, or in the functions that these import or are given.
    """
    found: dict[str, set[str]] = {}
    for path, tree in sources().items():
        if path.startswith("checks/") and path.count("/") == 2:
            found.setdefault(path.split("/")[1], set()).update(_named(tree), _borrowed(tree))
    return {profile: frozenset(names) for profile, names in found.items() if names}


def _named(tree: ast.AST) -> set[str]:
    """Calls by their whole names, and acts by the names that they have among a referral's."""
    texts = {constant(node) for node in ast.walk(tree)}
    return {one for one in texts if CALL.fullmatch(one)} | {
        f"{SERVICE}.{one}" for one in texts & ACTS
    }


def _borrowed(tree: ast.Module) -> set[str]:
    """What stands in functions from elsewhere, and in those beside them that they use."""
    waiting: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            path = str(node.module).removeprefix(PACKAGE).replace(".", "/") + ".py"
            waiting += [(path, one.name) for one in node.names]
        elif isinstance(node, ast.Attribute):
            waiting += [(path, node.attr) for path in BENCHES]
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        for function in _functions(*place):
            found |= _named(function)
            used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            waiting += [(place[0], name) for name in used]
    return found


def _functions(path: str, name: str) -> list[ast.FunctionDef | ast.ClassDef]:
    return _by_name(path).get(name, [])


@cache
def _by_name(path: str) -> dict[str, list[ast.FunctionDef | ast.ClassDef]]:
    """The functions and classes of one file, wherever they stand in it."""
    tree = sources().get(path)
    found: dict[str, list[ast.FunctionDef | ast.ClassDef]] = {}
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name, []).append(node)
    return found
