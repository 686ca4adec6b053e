"""The commands and examples of the README, the quickstart and a guide work as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from onward.auth import ClientCredentials, Login, load_key_file, scopes_of
from onward.client import Client
from onward_server.demo.world import Site, World, free_port

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICKSTART = (ROOT / "docs/quickstart.md").read_text(encoding="utf-8")
AGREEMENTS = (ROOT / "docs/guides/agreements.md").read_text(encoding="utf-8")


ADDRESS = "http://127.0.0.1:18080"


def login_ngo(folder: Path, address: str) -> None:
    """The NGO's software reads with the keys of the quickstart, and its own id."""
    key, login_key = (load_key_file(folder / f"ngo-{name}.jwk") for name in ("client", "login"))
    credentials = ClientCredentials("case-management", key, address, scopes_of("caseworker"))
    login = Login("shelter.ngo.in.example", login_key)
    with Client.rest(address, credentials=credentials, login=login, actor="asha") as node:
        assert node.list_needs_human() is not None


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)\n```", text, re.S)


def environment() -> dict[str, str]:
    """The environment with this Python's commands first."""
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
    }


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command as a reader would type it."""
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment(), capture_output=True, text=True,
        timeout=200, check=False,
    )  # fmt: skip


def test_quick_start_has_two_commands_that_install_with_the_constraints() -> None:
    section = README.split("\n## Quick start\n", 1)[1].split("\n## ", 1)[0]
    first, second = blocks(section, "sh")
    for command in (first, second):
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")
        assert "-c constraints.txt" in command
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(re.findall(r"\[(\w+)\]", first + second)) <= set(extras["optional-dependencies"])


@pytest.mark.skipif(
    "ONWARD_DEMO_PLAYED" in os.environ, reason="CI's script has just played it, by the very line"
)
def test_the_first_command_runs_the_demo(tmp_path: Path) -> None:
    """Without the installation, which CI's script does with the very line of the README."""
    first = blocks(README, "sh")[0].rpartition("&& ")[2].replace(".venv/bin/", "")
    done = run(f"{first} --show story.html", tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "withdraws while the other node is dead" in done.stdout
    assert "<html" in (tmp_path / "story.html").read_text(encoding="utf-8")


def test_constraints_name_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World.make(tmp_path_factory.mktemp("readme"))
    made.start()
    yield made
    made.stop()


def test_the_sdk_example_sends_a_referral(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (example,) = blocks(README, "python")
    site: Site = world.origin
    site.save_credentials(tmp_path)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {"address": site.issuer})
    assert capsys.readouterr().out == "offered\n"
    lines = [line for line in example.splitlines() if line and not line.startswith("from")]
    assert len(lines) <= 10


BEGINNING, FURTHER = QUICKSTART.split("\n## 4. ")
"""Up to two nodes that trust each other; and what is done with them."""


@pytest.fixture(scope="module")
def ports() -> dict[str, str]:
    """Free ones for those that are written."""
    return {str(number): str(free_port()) for number in (18080, 18090, 18081, 18091)}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, ports: dict[str, str]) -> Path:
    """The folder of a reader who is half through the quickstart, to be copied."""
    folder = tmp_path_factory.mktemp("begun")
    ran(on(ports, BEGINNING), folder)
    return folder


def on(ports: dict[str, str], text: str) -> str:
    """The text with ports that are free."""
    for written, free in ports.items():
        text = text.replace(written, free)
    return text


def test_after_the_quickstart_the_sdk_example_works(
    begun: Path,
    ports: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copytree(begun, tmp_path, dirs_exist_ok=True)
    ran(on(ports, FURTHER), tmp_path)
    (served,) = blocks(QUICKSTART, "sh serve")
    sites = []
    try:
        for line in served.splitlines():
            folder = tmp_path / line.split()[-1]
            rest = tomllib.loads((folder / "node.toml").read_text())["rest"]
            site = Site(folder, "example", "BD", "ngo_local", "rest", rest=rest)
            site.start()
            sites.append(site)
        for site in sites:
            site.wait()
        assert f'`address = "{ADDRESS}"`' in QUICKSTART
        (example,) = blocks(README, "python")
        monkeypatch.chdir(tmp_path)
        address = ADDRESS.replace("18080", ports["18080"])
        exec(compile(example, "README.md", "exec"), {"address": address})
        assert capsys.readouterr().out == "offered\n"
        login_ngo(tmp_path, ADDRESS.replace("18080", ports["18081"]))
    finally:
        for site in sites:
            site.end()


def ran(text: str, folder: Path) -> str:
    """All commands of a text, in order. Gives what the last one said."""
    said = ""
    for line in "\n".join(blocks(text, "sh")).splitlines():
        done = run(line, folder)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        said = done.stdout
    return said


def test_the_guide_to_agreements_continues_the_quickstart(begun: Path, tmp_path: Path) -> None:
    copytree(begun, tmp_path, dirs_exist_ok=True)
    before, after = AGREEMENTS.split("\n## Changing it\n")
    shown = ran(before, tmp_path)
    assert "in force" in shown
    assert "Version 2 with shelter.ngo.in.example" in ran(after, tmp_path)
    (ends,) = blocks(AGREEMENTS, "text")
    (name,) = set(re.findall(r"│ ([A-Za-z0-9_-]{22}) ", shown))
    done = run(ends.replace("AGREEMENT_ID", name), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ended on" in run("onward-node agreement list ministry", tmp_path).stdout
