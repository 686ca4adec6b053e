"""The commands where `onward` is installed without extras: it brings all of them along."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
MODULES = {
    "authlib", "fastapi", "uvicorn", "sqlalchemy", "alembic", "grpc_health", "grpc_reflection",
    "structlog", "prometheus_client",
}  # fmt: skip
"""What the extra `server` installs, by the names of its modules."""

WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {modules}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
from {module} import main
sys.argv = ["it", *{words}]
main()
"""


def said(command: str, *words: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command that finds none of them."""
    module = PROJECT["scripts"][command].partition(":")[0]
    code = WITHOUT.format(modules=MODULES, module=module, words=words)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_the_list_of_modules_is_that_of_the_extra() -> None:
    assert len(PROJECT["optional-dependencies"]["server"]) == len(MODULES)


def test_a_node_says_in_one_line_what_to_install() -> None:
    code, out, told = said("onward-node", "--help")
    (line,) = told.splitlines()
    assert (code, out) == (1, "")
    assert line.startswith("onward-node: ")
    assert line.endswith("pip install 'onward[server]'")


@pytest.mark.parametrize("command", ["onward", "onward-conformance"])
def test_the_other_commands_need_no_more(command: str) -> None:
    code, out, told = said(command, "--help")
    assert (code, told) == (0, "")
    assert "Usage" in out
