"""The destination in Node.js, tested by the conformance suite as any partner's node is.

It was written from the documents alone, so it tests the suite as well: what fails here may be a
check that asks for more than the specification does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome
from onward_conformance.runner import run
from onward_conformance.session import bench
from onward_conformance.target import Target
from onward_server.demo.world import free_port

HERE = Path(__file__).resolve().parents[1] / "examples" / "node-destination"
NODE = shutil.which("node") or "node"
AGENCY = "shelter.ngo.in.example"
START_SECONDS = 60.0

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def cli(*arguments: str | Path) -> None:
    """A command of the destination."""
    subprocess.run([NODE, HERE / "cli.js", *arguments], check=True, capture_output=True)


@contextmanager
def destination(folder: Path) -> Iterator[Target]:
    """The node, serving, and what the suite has to know of it."""
    node, port, peer = folder / "node", free_port(), free_port()
    cli(
        "init", node, "--agency", AGENCY, "--country", "IN", "--kind", "ngo_local",
        "--listen", f"127.0.0.1:{port}", "--destroy-after", "1", "--sweep-every", "1",
    )  # fmt: skip
    target = Target(
        folder, [json.loads((node / "agency.json").read_text())], ("destination",),
        addresses={"rest": f"http://127.0.0.1:{port}"},
        listens={"rest": f"127.0.0.1:{peer}"}, reached={"rest": f"http://127.0.0.1:{peer}"},
        command=(NODE, str(HERE / "hook.js"), str(node)),
        take_list=(NODE, str(HERE / "cli.js"), "take", str(node), "."),
    )  # fmt: skip
    network = target.network()
    (node / "anchors.json").write_text(json.dumps(network.anchors()))
    (node / "trust-list.json").write_text(json.dumps(network.trust_list()))
    for partner in network.accepted(AGENCY):
        cli("accept", node, partner)
    process = subprocess.Popen([NODE, HERE / "cli.js", "serve", node], stdout=subprocess.DEVNULL)
    until = time.monotonic() + START_SECONDS
    while not (node / "hook.json").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert (node / "hook.json").exists()
    try:
        yield target
    finally:
        process.terminate()
        process.wait(10)


def test_it_passes_as_a_destination(tmp_path: Path) -> None:
    with destination(tmp_path) as target, bench(target, "rest") as made:
        results = list(run(made, chosen(target.profiles)))
    wrong = (Outcome.FAIL, Outcome.ERROR)
    assert [one for one in results if one.outcome in wrong] == []
