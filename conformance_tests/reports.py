"""Reports of what this project has itself, for docs/compatibility.md.

    python conformance_tests/reports.py            all of them, some ten minutes
    python conformance_tests/reports.py reference  one of them

Writes docs/reports/NAME.json. Afterwards `python docs/make.py` makes the table of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
for tests in ("conformance_tests/tests", "server/tests", "client_sdk/tests", "docs/tests"):
    sys.path.insert(0, str(ROOT / tests))

import client_target  # noqa: E402  # The folders above have to be known first.
import test_node_conformance as node_js  # noqa: E402

from onward_conformance import __version__  # noqa: E402
from onward_conformance.network import Way  # noqa: E402
from onward_conformance.profiles import chosen  # noqa: E402
from onward_conformance.report import document, terminal  # noqa: E402
from onward_conformance.requirements import spec_version  # noqa: E402
from onward_conformance.results import WAYS, Result, Run  # noqa: E402
from onward_conformance.runner import run  # noqa: E402
from onward_conformance.session import bench  # noqa: E402
from onward_conformance.target import Target  # noqa: E402
from reference import Reference  # noqa: E402

BOTH: tuple[Way, ...] = ("rest", "grpc")


@contextmanager
def _reference(folder: Path, way: Way) -> Iterator[Target]:
    made = Reference(folder)
    made.start()
    try:
        yield made.target
    finally:
        made.close()


@contextmanager
def _behind(folder: Path, way: Way) -> Iterator[Target]:
    made = Reference(folder, behind=way)
    made.start()
    try:
        yield made.target
    finally:
        made.close()


@contextmanager
def _sdk(folder: Path, way: Way) -> Iterator[Target]:
    yield client_target.target(way)


@contextmanager
def _node_js(folder: Path, way: Way) -> Iterator[Target]:
    with node_js.destination(folder) as target:
        yield target


Making = Callable[[Path, Way], AbstractContextManager[Target]]

TARGETS: dict[str, tuple[str, str, Making, tuple[Way, ...]]] = {
    "reference": ("Onward reference node", version("onward"), _reference, BOTH),
    "reference-collect": ("Onward reference node", version("onward"), _behind, BOTH),
    "sdk": ("Onward SDK", version("onward"), _sdk, BOTH),
    "node-destination": ("Destination in Node.js", "1.0.0", _node_js, ("rest",)),
}
"""Its name and version, how it is set up, and its transports."""


def report(name: str, console: Console) -> Run:
    """Run everything that the target says it is."""
    implementation, number, target_of, ways = TARGETS[name]
    started, began = datetime.now(UTC), time.monotonic()
    found: list[Result] = []
    for way in ways:
        with (
            tempfile.TemporaryDirectory() as folder,
            target_of(Path(folder), way) as target,
            bench(target, way) as made,
        ):
            checks = chosen(target.profiles)
            found += terminal.watched(run(made, checks), len(checks), WAYS[way], console)
    return Run(
        results=tuple(found), agency=target.agency, profiles=target.profiles, ways=ways,
        implementation=implementation, version=number, started=started,
        seconds=time.monotonic() - began, suite=__version__, spec=spec_version(),
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the reports that are named, or all. Exits 1 if one does not conform."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *TARGETS])
    console, worst = Console(), 0
    for name in parser.parse_args(arguments).names or TARGETS:
        done = report(name, console)
        terminal.show(done, console, name)
        (ROOT / "docs/reports").mkdir(exist_ok=True)
        (ROOT / f"docs/reports/{name}.json").write_text(document.write(done), encoding="utf-8")
        worst = max(worst, int(done.exit_code not in (0, 4)))
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
