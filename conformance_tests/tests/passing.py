"""Whether the reference node passes: in its own process, over the network, every check."""

from __future__ import annotations

from pathlib import Path

from onward_conformance.network import Way
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run
from onward_conformance.session import bench
from reference import Reference


def not_passed(folder: Path, way: Way, behind: Way | None = None) -> list[Result]:
    """What is no pass, of everything that the node is. `behind` is as in Reference."""
    made = Reference(folder, behind)
    made.start()
    try:
        with bench(made.target, way) as checks:
            results = list(run(checks, chosen(made.target.profiles)))
    finally:
        made.close()
    assert results
    return [one for one in results if one.outcome is not Outcome.PASS]
