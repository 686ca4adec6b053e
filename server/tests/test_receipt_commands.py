"""`onward receipt` and `onward account` against a real node."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from emergencies import approved
from nodes import Pair
from onward import cli, cli_explain, cli_receipt, receipts
from onward.client import Client
from onward.core import receipt_number
from people import DESTINATION, ORIGIN

run = CliRunner().invoke


@pytest.fixture
def node(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """The command's client is one of the origin's desk; its keys are not looked at."""

    def connect(*_: object) -> object:
        return lambda: pair.origin.as_role("caseworker")

    monkeypatch.setattr(cli_receipt, "_connect", connect)
    return pair


KEYS = ["--node", "https://node.a.example", "--agency", ORIGIN, "--key", "k", "--login-key", "l"]
KEYS += ["--actor", "u-17"]


def test_a_receipt_is_written(node: Pair, tmp_path: Path) -> None:
    node.offer()
    out = tmp_path / "paper.pdf"
    made = run(
        cli.app,
        ["receipt", node.consent_id, *KEYS, "--language", "bn", "--form", "pdf", "--out", str(out),
         "--name", f"{DESTINATION}=Sample House", "--telephone", "+8801700000001"],
    )  # fmt: skip
    assert (made.exit_code, made.output.startswith(f"Wrote {out}: ")) == (0, True)
    assert out.read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    last = list(node.origin.as_role("auditor").list_audit())[-1]
    assert last.action == "read_consent"


def test_text_is_shown(node: Pair) -> None:
    node.offer()
    name = ["--name", f"{DESTINATION}=Sample House"]
    made = run(cli.app, ["receipt", node.consent_id, *KEYS, *name])
    assert made.exit_code == 0, made.output
    assert "  - Sample House\n" in made.output
    assert "  - How to contact you safely\n" in made.output


def test_her_number_is_asked_for(node: Pair) -> None:
    """So that it does not stay in the history of the command line."""
    node.offer()
    form = ["--form", "minimal", "--way-back"]
    made = run(cli.app, ["receipt", node.consent_id, *KEYS, *form], input="1018030546466\n")
    assert made.output.splitlines()[-1] == "1018 0305 46466"
    made = run(cli.app, ["receipt", node.consent_id, *KEYS, *form], input="1018030546467\n")
    assert made.exit_code == 2
    assert "one of its digits is wrong" in made.output


def test_a_consent_is_found_by_the_number_on_the_paper(node: Pair) -> None:
    """Also on old paper, and as a person says it: in groups, in her own digits."""
    node.offer()
    here = node.origin.client
    given = here.get_consent(node.consent_id)
    newer = here.record_consent(given)
    paper = receipts.render(given, now=node.clock.now(), language="bn", form="minimal").decode()
    (number,) = re.findall(r"\b\d{4} \d{4} \d{4}\b", paper)
    found = run(cli.app, ["find-consent", f"No. {number}", *KEYS])
    assert found.exit_code == 0, found.output
    assert f"{node.consent_id}\n" in found.output
    assert "given, version 2 of " in found.output
    bengali = number.translate({ord("0") + n: chr(0x9E6 + n) for n in range(10)})
    assert here.find_consents(bengali.replace(" ", "-")) == [newer]
    last = list(node.origin.as_role("auditor").list_audit())[-1]
    assert (last.action, last.actor) == ("read_consent", "u-17")
    for path in Path(node.origin.folder).rglob("node.sqlite3*"):
        assert newer.receipt_id.encode() not in path.read_bytes()


def test_a_number_that_is_misheard_or_of_nobody(node: Pair) -> None:
    node.offer()
    given = node.origin.client.get_consent(node.consent_id)
    other = receipt_number.make(b"another node", node.consent_id)
    wrong = f"{given.receipt_id[:-1]}{(int(given.receipt_id[-1]) + 1) % 10}"
    for number, said in (
        (wrong, "ask for the number again"),
        ("12", "ask for the number again"),
        (other, "No receipt of this node"),
    ):
        found = run(cli.app, ["find-consent", number, *KEYS])
        assert found.exit_code == 2
        assert said in found.output


def test_an_account_by_person_and_by_referral(node: Pair, tmp_path: Path) -> None:
    referral_id = node.disclosed()
    subject_id = node.origin.client.get_consent(node.consent_id).subject_id
    made = run(cli.app, ["account", subject_id, *KEYS, "--form", "json"])
    assert made.exit_code == 0, made.output
    assert len(json.loads(made.output)["disclosures"]) == 2
    out = tmp_path / "list.csv"
    by = ["account", "--referral", referral_id, *KEYS, "--form", "csv", "--out", str(out)]
    assert run(cli.app, by).exit_code == 0
    assert len(out.read_text().splitlines()) == 3
    assert "in one request for help" in run(cli.app, by[:-4]).output
    again = run(cli.app, by)
    assert (again.exit_code, again.output.strip()) == (2, f"{out}: exists already")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--form", "pdf"],
        ["--form", "docx"],
        ["--language", "xx"],
        ["--name", "Sample House"],
        ["--out", "/no-such-folder/x"],
    ],
)
def test_what_people_get_wrong(node: Pair, wrong: list[str]) -> None:
    node.offer()
    made = run(cli.app, ["receipt", node.consent_id, *KEYS, *wrong])
    assert made.exit_code == 2
    assert "Traceback" not in made.output
    assert len(made.output.strip().splitlines()) == 1


def test_what_is_not_there(node: Pair) -> None:
    for name in ("consent-0001", "123710436824", "1237 1043 6824"):
        made = run(cli.app, ["receipt", name, *KEYS])
        assert (made.exit_code, "onward find-consent" in made.output) == (2, True)


def test_why_something_would_be_sent(node: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the number of a receipt: not that she never agreed. By a basis: for what that is for."""
    monkeypatch.setattr(cli_explain, "load_key_file", lambda path: path)
    monkeypatch.setattr(cli_explain, "ClientCredentials", lambda **_: None)
    monkeypatch.setattr(Client, "rest", lambda *_, **__: node.origin.as_role("caseworker"))
    asked = run(cli.app, ["explain", DESTINATION, *KEYS, "--consent", "123710436824"])
    assert (asked.exit_code, "onward find-consent" in asked.output) == (2, True)
    basis = approved(node, purpose="health_emergency")
    for more in ([], ["--purpose", "legal_aid"]):
        asked = run(cli.app, ["explain", DESTINATION, *KEYS, "--basis", basis.basis_id, *more])
        assert asked.exit_code == 0, asked.output
        said = " ".join(asked.output.split())
        assert ("or the basis in its place, does not name this purpose" in said) == bool(more)


@pytest.mark.parametrize(
    ("who", "said"), [(["nobody-0001"], "nobody"), (["--referral", "nobody-0001"], "no referral")]
)
def test_an_account_of_whom_nobody_knows(node: Pair, who: list[str], said: str) -> None:
    made = run(cli.app, ["account", *who, *KEYS])
    assert (made.exit_code, made.output.strip()) == (2, f"This node knows {said} by this id.")


def test_it_connects_with_the_one_scope_that_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(cli_receipt, "load_key_file", lambda path: path)
    monkeypatch.setattr(cli_receipt, "Login", lambda **given: given)
    monkeypatch.setattr(
        cli_receipt, "ClientCredentials", lambda **given: asked.append(given["scopes"])
    )
    monkeypatch.setattr(Client, "rest", lambda *_, **__: None)
    cli_receipt._connect("consents:read", "n", "a", "c", tmp_path, tmp_path, "u")()
    assert asked == [["consents:read"]]
