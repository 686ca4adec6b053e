"""A run that is ended by a signal leaves the reports that were asked for, and never conforms."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from onward_conformance import ended
from onward_conformance.profiles import chosen
from onward_conformance.report import document
from onward_conformance.results import Outcome, Verdict

# It passes nothing; at its third check it ends the suite as a person or a runner of CI would.
HANDS = """
import json, os, sys
checks = 0
for line in sys.stdin:
    checks += json.loads(line)["call"] == "Connect"
    if checks == 3:
        os.kill(os.getppid(), {number})
    print(json.dumps({{"ok": {{}}}}), flush=True)
"""
TARGET = """
[target]
implementation = "one"
profiles = ["client"]
transports = ["rest", "grpc"]
[hands]
command = ["{python}", "hands.py"]
"""
RUN = "from onward_conformance.cli import main; main()"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_leaves_what_it_found(tmp_path: Path, number: signal.Signals, code: int) -> None:
    (tmp_path / "hands.py").write_text(HANDS.format(number=int(number)))
    (tmp_path / "target.toml").write_text(TARGET.format(python=sys.executable))
    words = ["run", "target.toml", "--json", "one.json", "--junit", "one.xml", "--html", "one.html"]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], cwd=tmp_path, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    run = document.read((tmp_path / "one.json").read_bytes())
    rest = [one for one in run.results if one.came == ended.WHY]
    assert len(run.results) - len(rest) == 2
    assert {one.outcome for one in rest} == {Outcome.NOT_TESTED}
    for way in run.ways:
        made = {one.name for one in run.results if one.way == way}
        assert made == {one.name for one in chosen(["client"]) if one.over(way)}
    assert run.overall is not Verdict.CONFORMS
    assert ended.WHY in done.stdout
    assert (tmp_path / "one.xml").exists()
    assert (tmp_path / "one.html").exists()
