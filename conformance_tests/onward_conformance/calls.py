"""What the checks of each profile ask of the target's hands, read from their source."""

from __future__ import annotations

import ast
import re
from functools import cache

from onward_conformance.coverage import constant, sources

CALL = re.compile(r"[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+")
OTHER = "local.py"
"""How the suite itself works with the specification's local plane: nothing for a program to do."""


@cache
def calls() -> dict[str, frozenset[str]]:
    """Names such as Referrals.Decide, by the profile (the folder of the checks) that asks for them.

    A check asks for what stands in it, and in every function of the suite whose name it uses.
    """
    named: dict[str, list[ast.FunctionDef]] = {}
    for path, tree in sources().items():
        if path != OTHER:
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    named.setdefault(node.name, []).append(node)
    found: dict[str, frozenset[str]] = {}
    for path, tree in sources().items():
        folder = path.split("/")[1] if path.count("/") == 2 else ""
        if folder and path.startswith("checks/"):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and node.decorator_list:
                    found[folder] = found.get(folder, frozenset()) | _asked(node, named)
    return {profile: names for profile, names in found.items() if names}


def _asked(check: ast.FunctionDef, named: dict[str, list[ast.FunctionDef]]) -> frozenset[str]:
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [check]
    while waiting:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        for node in ast.walk(function):
            if CALL.fullmatch(text := constant(node)):
                found.add(text)
            name = getattr(node, "id", "") or getattr(node, "attr", "")
            waiting += named.get(name, []) if name else []
    return frozenset(found)
