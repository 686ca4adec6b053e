"""What a run of the mutants came to, said in one line at its end."""

from __future__ import annotations

import pytest

KILLED = "test_it_is_killed"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what each worker has reported; `mutants killed: N of N` is what CI shows."""
    reports = terminalreporter.stats
    count = {
        outcome: sum(KILLED in one.nodeid for one in reports.get(outcome, []))
        for outcome in ("passed", "failed", "error")
    }
    if total := sum(count.values()):
        terminalreporter.write_line(f"mutants killed: {count['passed']} of {total}")
