"""What a run of all mutants came to: how many were killed, and whether each check killed one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mutation import CAUGHT, Mutant, mutants, plain

from forked import NURSERY, fast_nodes
from onward_conformance.checks import ALL

KILLED = "test_it_is_killed"


@pytest.fixture(scope="module", autouse=True)
def _fast_nodes() -> Iterator[None]:
    with fast_nodes():
        yield


def pytest_unconfigure() -> None:
    NURSERY.end()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A run of everything kills one mutant of each requirement; `-m mutants`, or `-k`, all."""
    if not plain(config):
        return
    seen: set[tuple[Path, str]] = set()
    others: list[pytest.Item] = []
    for item in items:
        one = item.callspec.params.get("one") if hasattr(item, "callspec") else None
        if isinstance(one, Mutant):
            key = (item.path, one.requirement)
            others += [item] if key in seen else []
            seen.add(key)
    if others:
        config.hook.pytest_deselected(items=others)
        left = set(items) - set(others)
        items[:] = [item for item in items if item in left]


def _reports(config: pytest.Config) -> dict[str, list[Any]]:
    """What each worker has reported of mutants, by outcome."""
    found: Any = config.pluginmanager.get_plugin("terminalreporter")
    stats = found.stats if found else {}
    return {
        outcome: [one for one in stats.get(outcome, []) if KILLED in one.nodeid]
        for outcome in ("passed", "failed", "error")
    }


def _idle(config: pytest.Config) -> list[str]:
    """Checks that no mutant has failed, where every mutant was run; else none."""
    reports = [one for many in _reports(config).values() for one in many]
    if len(reports) < len(mutants()):
        return []
    caught = {name for one in reports for key, name in one.user_properties if key == CAUGHT}
    return sorted(set(ALL) - caught)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A check that no bad target fails shows nothing."""
    if not hasattr(session.config, "workerinput") and _idle(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """`mutants killed: N of N` is what CI shows."""
    count = {name: len(many) for name, many in _reports(terminalreporter.config).items()}
    if total := sum(count.values()):
        terminalreporter.write_line(f"mutants killed: {count['passed']} of {total}")
        if total < len(mutants()):
            terminalreporter.write_line(f"`-m mutants` asks all {len(mutants())}")
    if total >= len(mutants()):
        idle = _idle(terminalreporter.config)
        said = f"checks that none of them fails: {len(idle)} of {len(ALL)} {', '.join(idle)}"
        terminalreporter.write_line(said)
