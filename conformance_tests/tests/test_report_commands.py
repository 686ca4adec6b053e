"""The commands, as a partner and an authority use them."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from runs import a_run, mixed, result
from typer.testing import CliRunner

from onward_conformance import __version__, cli, jose
from onward_conformance.network import Agency, Network
from onward_conformance.profiles import chosen
from onward_conformance.report import document
from onward_conformance.report.files import Files, FilesError
from onward_conformance.results import Outcome, Run, Verdict
from onward_server.demo.world import free_port

AGENCY = Agency("shelter.ngo.in.example")
CHECK = "good-offer-is-receipted"
CHECKS = {one.name for one in chosen(["destination"]) if one.over("rest")}
"""What a destination over REST is asked."""


@pytest.fixture(scope="module")
def nobody() -> Iterator[int]:
    """A port that is taken, and where nobody answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def target(tmp_path: Path, nobody: int) -> Path:
    """A target that can't be reached. What gives it a trust list does nothing."""
    (tmp_path / "agency.json").write_text(json.dumps(AGENCY.entry()))
    path = tmp_path / "target.toml"
    path.write_text(
        f'[target]\nprofiles = ["destination"]\nrest = "http://127.0.0.1:{nobody}"\n'
        f'entries = ["agency.json"]\n[suite]\nrest = "127.0.0.1:{free_port()}"\n'
        'take_list = ["true"]\nsign_agreement = ["true"]\n'
    )
    return path


def command(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, [str(one) for one in words], catch_exceptions=False)
    return done.exit_code, done.output


def test_new_keys_need_a_node_that_is_set_up_anew(target: Path) -> None:
    code, said = command("trust", target)
    assert (code, cli.NEW_KEYS in said, cli.SAME_KEYS in said) == (0, True, False)
    code, said = command("trust", target)
    assert (code, cli.NEW_KEYS in said, cli.SAME_KEYS in said) == (0, False, True)
    (target.parent / "agency.json").write_text(json.dumps(Agency(AGENCY.name).entry()))
    assert cli.NEW_KEYS in command("trust", target)[1]


@pytest.mark.parametrize("spec", ["docs", "javascript:alert(1)//"])
def test_a_place_that_no_link_can_lead_to_is_refused(target: Path, spec: str) -> None:
    code, said = command("run", target, "--html", target.parent / "page.html", "--spec", spec)
    assert (code, f"--spec {spec} has to begin with https://" in said) == (2, True)


def whole(started: datetime | None = None) -> Run:
    """A run of every check of a destination, each over the transports that it is about."""
    results = [
        result(one.name, way=way)
        for one in chosen(["destination"])
        for way in ("rest", "grpc")
        if one.over(way)
    ]
    return a_run(results, started=started or datetime.now(UTC), suite=__version__)


def test_a_run_leaves_every_report(target: Path) -> None:
    folder = target.parent
    (folder / "key.jwk").write_text(AGENCY.sign.text)
    names = {one: folder / f"report.{one}" for one in ("json", "xml", "html", "svg")}
    code, said = command(
        "run", target, "--json", names["json"], "--junit", names["xml"], "--html", names["html"],
        "--badge", names["svg"], "--sign", folder / "key.jwk",
    )  # fmt: skip
    assert code == 1
    run = document.read(names["json"].read_bytes())
    assert {one.name for one in run.results} == CHECKS
    # Where nobody answers, a check fails, or could not make the target act.
    assert {one.outcome for one in run.results} <= {Outcome.FAIL, Outcome.NOT_TESTED}
    assert (run.agency, run.suite, run.ways) == (AGENCY.name, __version__, ("rest",))
    assert ElementTree.parse(names["xml"]).getroot().get("failures") != "0"
    assert "does not conform" in names["html"].read_text()
    assert "does not conform" in names["svg"].read_text()
    header, payload = jose.read((folder / "report.jws").read_text().strip())
    assert (payload, header["kid"]) == (names["json"].read_bytes(), AGENCY.sign.kid)
    assert all(str(one) in said for one in names.values())


def test_known_failures_do_not_fail_a_run_and_keep_it_from_conforming(target: Path) -> None:
    folder = target.parent
    (folder / "known.txt").write_text("\n".join(f"{name} # not begun" for name in CHECKS))
    report = folder / "report.json"
    words = ("--only", "header", "--known-failing", folder / "known.txt", "--json", report)
    code, said = command("run", target, *words)
    assert code == 0
    assert document.read(report.read_bytes()).overall is Verdict.FAILS
    assert f"{CHECK} REST: not begun" in said


def test_one_check_alone(target: Path) -> None:
    report = target.parent / "report.json"
    code, said = command("run", target, "--only", CHECK, "--json", report)
    assert code == 1
    assert f"onward-conformance run {target} --only {CHECK}" in said
    assert document.read(report.read_bytes()).only == (CHECK,)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--only", "stranger"), "no check is named stranger"),
        (("--sign", "key.jwk"), "--sign needs --json"),
        (("--sign", "none.jwk", "--json", "r.json"), "can't read"),
        (("--known-failing", "none.txt"), "can't read"),
        (("--html", "none/page.html"), "has to be a folder"),
    ],
)
def test_what_can_not_be_done_is_said_before_anything_is_tested(
    target: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    monkeypatch.chdir(target.parent)
    Path("key.jwk").write_text(AGENCY.sign.text)
    code, said = command("run", target, *words)
    assert (code, why in said, "Profile" in said) == (2, True, False)


def test_whatever_nobody_thought_of_is_the_suites_fault(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_words: object) -> None:
        raise LookupError("nobody thought of this")

    monkeypatch.setattr(cli, "chosen", broken)
    monkeypatch.setattr(sys, "argv", ["onward-conformance", "run", str(target)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 3
    assert "LookupError" in capsys.readouterr().err


def test_a_node_that_has_not_the_suites_list_is_named(target: Path) -> None:
    words = ("run", target, "--only", CHECK)
    assert "`onward-conformance trust" in command(*words)[1]
    assert "`onward-conformance trust" not in command(*words)[1]
    entry = target.parent / "agency.json"
    entry.write_text(json.dumps(Agency(AGENCY.name).entry()))
    assert "`onward-conformance trust" in command(*words)[1]


def test_checks_of_another_transport_alone_are_no_run(target: Path) -> None:
    code, said = command("run", target, "--only", "field-number-that-nobody-knows")
    assert (code, "none of these checks is made over REST" in said) == (2, True)


def test_an_entry_that_is_not_there_is_named(target: Path) -> None:
    (target.parent / "agency.json").unlink()
    code, said = command("smoke", target)
    assert (code, "names it in entries" in said, "makes one" in said) == (2, True, False)
    assert "init" in command("smoke", target.parent / "other.toml")[1]


def test_a_report_is_shown_again(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(document.write(mixed()), encoding="utf-8")
    code, said = command(
        "report", path, "--junit", tmp_path / "r.xml", "--html", tmp_path / "r.html"
    )
    assert code == mixed().exit_code == 1
    assert "DLV-009" in said
    assert ElementTree.parse(tmp_path / "r.xml").getroot().get("errors") == "1"
    path.write_text("{}")
    assert command("report", path)[0] == 2
    assert command("report", tmp_path / "none.json")[0] == 2


def kept(folder: Path, run: Run, key: jose.Key = AGENCY.sign) -> list[object]:
    """Files of a signed report, and the words that verify it by the list."""
    Files(json=folder / "report.json", key=key).write(run)
    network = Network([AGENCY.entry()], {})
    (folder / "list.json").write_text(json.dumps(network.trust_list()))
    (folder / "anchors.json").write_text(json.dumps(network.anchors()))
    return [
        "verify", folder / "report.jws", "--trust-list", folder / "list.json", "--anchors",
        folder / "anchors.json",
    ]  # fmt: skip


def test_an_authority_verifies(tmp_path: Path) -> None:
    code, said = command(*kept(tmp_path, whole()), "--html", tmp_path / "page.html")
    assert code == 0
    assert "conforms to Onward 1.0 as destination over REST and gRPC." in said
    assert "Signed by a listed key of that agency" in said
    assert "conforms" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("outcome", "code"), [(Outcome.FAIL, 1), (Outcome.NOT_TESTED, 4), (Outcome.ERROR, 4)]
)
def test_a_good_signature_is_no_good_verdict(tmp_path: Path, outcome: Outcome, code: int) -> None:
    run = whole()
    run = a_run([*run.results, result("x", outcome)], started=run.started, suite=__version__)
    assert command(*kept(tmp_path, run))[0] == code


def test_an_authority_refuses(tmp_path: Path) -> None:
    words = kept(tmp_path, whole(datetime(2026, 1, 1, tzinfo=UTC)))
    code, said = command(*words)
    assert code == 2
    assert "more than 30 days ago" in said
    assert "conforms to" not in said
    assert command(*words, "--max-age", 100_000)[0] == 0
    assert "wanted: 9.9.9" in command(*words, "--max-age", 100_000, "--suite", "9.9.9")[1]
    assert "not other.example" in command(*words, "--agency", "other.example")[1]
    assert command("verify", tmp_path / "report.jws")[0] == 2
    assert command("verify", tmp_path / "none.jws", *words[2:])[0] == 2


def test_an_authority_refuses_a_report_that_leaves_checks_out(tmp_path: Path) -> None:
    run = whole()
    first, *others = run.results
    fewer = a_run(others, started=run.started, suite=__version__)
    code, said = command(*kept(tmp_path, fewer))
    assert code == 2
    assert f"leaves out 1 check over {first.way}, such as {first.name}" in said


def test_signed_where_the_key_is_and_verified_by_hand(tmp_path: Path) -> None:
    report, key, public = (tmp_path / one for one in ("report.json", "key.jwk", "public.jwk"))
    report.write_text(document.write(whole()), encoding="utf-8")
    tester = jose.Key.new()
    key.write_text(tester.text)
    public.write_text(json.dumps(tester.public))
    assert command("sign", report, "--key", key)[0] == 0
    words = ("verify", tmp_path / "report.jws", "--key", public)
    code, said = command(*words, "--agency", AGENCY.name)
    assert code == 0
    assert "Signed by the key that was given" in said
    public.write_text(json.dumps(AGENCY.sign.public))
    assert command(*words)[0] == 2
    report.write_text("{}")
    assert command("sign", report, "--key", key)[0] == 2


def test_files_that_can_not_be_written(tmp_path: Path) -> None:
    for files in (Files(html=tmp_path), Files(junit=tmp_path / "none" / "x.xml")):
        with pytest.raises(FilesError):
            files.check()
