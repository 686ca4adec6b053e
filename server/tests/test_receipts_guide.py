"""The guide to receipts works as it stands: its commands and its examples, against real nodes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from onward.auth import save_key_file
from onward.core import receipt_number
from onward.receipts import ACCOUNT_FORMS, FORMS, languages
from onward_server.demo.world import World
from people import DESTINATION, agreed, record, wishes

GUIDE = (Path(__file__).resolve().parents[2] / "docs/guides/receipts.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}(?: no-run)?\n(.*?)\n```", GUIDE, re.S)


def run(command: str, folder: Path) -> str:
    """A command as a reader would type it. Gives what it said."""
    words = shlex.split(command)
    assert words[0] == "onward"
    done = subprocess.run(
        [sys.executable, "-m", "onward.cli", *words[1:]], cwd=folder, env=dict(os.environ),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_guide_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World.make(tmp_path / "world")
    try:
        world.start()
        site = world.origin
        client = site.client("rest", "farida")
        save_key_file(tmp_path / "client.jwk", site.client_key)
        save_key_file(tmp_path / "login.jwk", site.login_key)
        given = client.record_consent(agreed())
        sent = client.offer(
            destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
        )
        subject_id = client.get_consent(given.consent_id).subject_id
        receipt, found, account = (
            one.replace("http://127.0.0.1:18080", site.issuer)
            .replace("CONSENT_ID", given.consent_id)
            .replace("SUBJECT_ID", subject_id)
            .replace("RECEIPT_NUMBER", receipt_number.shown(given.receipt_id))
            for one in blocks("sh")
        )
        assert run(receipt, tmp_path).startswith("Wrote page.pdf")
        assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")
        assert given.consent_id in run(found, tmp_path)
        assert "আপনার সম্পর্কে কে কী পেয়েছে" in run(account, tmp_path)
        names: dict[str, Any] = {
            "client": client, "consent_id": given.consent_id,
            "referral_id": sent.referral.referral_id,
        }  # fmt: skip
        for block in blocks("python"):
            exec(compile(block, "receipts.md", "exec"), names)
        said = capsys.readouterr().out
        assert "Sample House" in said
        assert "['age_band', 'language', 'needs_services', 'sex'] consent" in said
    finally:
        world.stop()


def test_the_guide_names_every_form_and_language() -> None:
    assert re.findall(r"^\| `(\w+)` \|", GUIDE, re.M) == list(FORMS)
    assert set(re.findall(r"\(`(\w+)`\)", GUIDE.split("\n## ")[0])) == set(languages()) - {"en"}
    for form in ACCOUNT_FORMS:
        assert form in GUIDE.split("\n## Who received what\n")[1]
