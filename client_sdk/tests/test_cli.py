"""The command line: clear answers, exit codes, and never a traceback."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner

from onward import cli
from onward.core import entries, jose, spec, trust
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.importers import sample_folder
from onward.v1.entry_pb2 import Entry, Head
from onward.v1.envelope_pb2 import LogExport
from onward.v1.trust_pb2 import Agency, SignedTrustList, TrustAnchors, TrustList

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=365)
ORIGIN, DESTINATION = "msw.gov.bd.example", "shelter.ngo.in.example"
run = CliRunner().invoke


def _agency(name: str, country: str, key: ECKey) -> Agency:
    return Agency(
        agency=name,
        country=country,
        kind="ngo_local",
        status="active",
        versions=["1.0"],
        keys=[trust.agency_key(key, "sign", NOW, LATER)],
    )


@pytest.fixture
def world(tmp_path: Path) -> dict[str, Path]:
    """A trust list, its anchors, and an export with an offer and its acknowledgement."""
    authority, one, two = jose.new_key(), jose.new_key(), jose.new_key()
    members = [_agency(ORIGIN, "BD", one), _agency(DESTINATION, "IN", two)]
    listed = TrustList(version="1.0", environment="test", seq=1, agencies=members)
    listed.issued_at.CopyFrom(stamp(NOW))
    listed.expires_at.CopyFrom(stamp(LATER))
    payload = to_json(listed)
    signed = SignedTrustList(payload=jose.b64(payload))
    signed.signatures.append(trust.sign_list(payload, authority))
    anchors = TrustAnchors(environment="test", threshold=1)
    anchors.authorities.append(trust.agency_key(authority, "sign", NOW, LATER))
    export = LogExport(referral_id="referral-0001", environment="test")
    log_entry = _entry("offer", ORIGIN, DESTINATION, 1)
    log_entry.items.add(number=1, wish="now")
    export.origin.append(entries.sign(log_entry, one))
    answer = _entry("acknowledge", DESTINATION, ORIGIN, 1)
    answer.seen.CopyFrom(Head(seq=1, hash=jose.digest(export.origin[0])))
    export.destination.append(entries.sign(answer, two))
    files = {"list": signed, "anchors": anchors, "export": export}
    for name, message in files.items():
        (tmp_path / f"{name}.json").write_bytes(to_json(message))
    return {name: tmp_path / f"{name}.json" for name in files}


def _entry(kind: str, author: str, recipient: str, seq: int) -> Entry:
    entry = Entry(
        version="1.0",
        referral_id="referral-0001",
        author=author,
        recipient=recipient,
        round=1,
        seq=seq,
        kind=kind,
    )
    entry.seen.SetInParent()
    entry.time.CopyFrom(stamp(NOW))
    return entry


def _verify(world: dict[str, Path], *files: Path) -> tuple[int, str]:
    options = ["--trust-list", str(world["list"]), "--anchors", str(world["anchors"])]
    result = run(cli.app, ["verify", *map(str, files or [world["export"]]), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_keygen_writes_a_private_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    result = run(cli.app, ["keygen", "--out", str(path)])
    assert result.exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    private = json.loads(path.read_text())
    key = jose.load_key(private)
    assert jose.kid(key) in result.output
    assert private["d"] not in result.output
    before = path.read_bytes()
    again = run(cli.app, ["keygen", "--out", str(path)])
    assert again.exit_code == 2
    assert "exists already" in again.output
    assert path.read_bytes() == before
    assert run(cli.app, ["keygen", "--out", str(tmp_path / "no" / "key")]).exit_code == 2


def test_keygen_writes_the_public_half_apart(tmp_path: Path) -> None:
    path, public = tmp_path / "key.jwk", tmp_path / "key.pub.jwk"
    assert run(cli.app, ["keygen", "--out", str(path), "--public", str(public)]).exit_code == 0
    shown = json.loads(public.read_text())
    assert "d" not in shown
    assert jose.kid(jose.load_key(shown)) == jose.kid(jose.load_key(json.loads(path.read_text())))
    other = tmp_path / "other.jwk"
    for taken in (public, other):
        again = run(cli.app, ["keygen", "--out", str(other), "--public", str(taken)])
        assert again.exit_code == 2
        assert not other.exists()


def test_sample_copies_sheets_that_import(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    assert run(cli.app, ["sample", str(folder)]).exit_code == 0
    assert run(cli.app, ["import-htcds", str(folder), "--dry-run"]).exit_code == 0
    assert run(cli.app, ["sample", str(folder)]).exit_code == 2


def test_version() -> None:
    assert run(cli.app, ["--version"]).output.startswith("onward 1.")


def test_codes_are_not_cut() -> None:
    for registry in spec.registries().values():
        output = run(cli.app, ["codes", registry.name]).output
        assert "…" not in output
        assert all(code in output for code in registry.codes)


def test_verify_shows_a_log_that_holds(world: dict[str, Path]) -> None:
    code, output = _verify(world)
    assert code == 0
    assert "holds" in output
    assert "acknowledged" in output


def test_verify_names_the_line_of_a_fault(world: dict[str, Path]) -> None:
    export = json.loads(world["export"].read_text())
    token = export["destination"][0]
    export["destination"][0] = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    bad = world["export"].with_name("bad.json")
    bad.write_text(json.dumps(export))
    code, output = _verify(world, world["export"], bad)
    assert code == 1
    assert "destination line 1: SIGNATURE_INVALID" in output
    assert "holds" in output


def test_verify_refuses_what_it_cannot_trust(world: dict[str, Path]) -> None:
    junk = world["export"].with_name("junk.json")
    junk.write_text("{")
    code, output = _verify(world, junk)
    assert (code, "INVALID_JSON" in output) == (1, True)
    assert _verify(world, junk.with_name("nothing"))[0] == 2
    assert _verify(world | {"list": junk})[0] == 2
    assert _verify(world | {"anchors": junk})[0] == 2
    anchors = json.loads(world["anchors"].read_text())
    anchors["threshold"] = 2
    world["anchors"].write_text(json.dumps(anchors))
    code, output = _verify(world)
    assert (code, "TRUST_LIST_INVALID" in output) == (1, True)


def test_import_reports_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.out, "_width", 400)
    result = run(cli.app, ["import-htcds", str(sample_folder()), "--dry-run"])
    assert result.exit_code == 0
    assert "never travels" in result.output
    assert "G (prs_Birthdate)" in result.output
    assert "not sent: consents.csv has no row for this case" in result.output
    assert "feedback nothing" in result.output
    assert "Sample-" not in result.output, "no name is printed"
    assert "Nothing was sent or stored" in result.output


def test_import_without_dry_run_and_of_nothing(tmp_path: Path) -> None:
    result = run(cli.app, ["import-htcds", str(sample_folder())])
    assert result.exit_code == 2
    assert "SDK" in result.output
    result = run(cli.app, ["import-htcds", str(tmp_path), "--dry-run"])
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1


def test_codes_lists_registries() -> None:
    assert "means_of_control" in run(cli.app, ["codes"]).output
    listed = run(cli.app, ["codes", "consent_purpose"]).output
    assert "service_delivery" in listed
    assert run(cli.app, ["codes", "nothing"]).exit_code == 2


def test_help_says_what_each_command_is_for() -> None:
    for command in ([], ["keygen"], ["verify"], ["import-htcds"], ["codes"]):
        result = run(cli.app, [*command, "--help"])
        assert result.exit_code == 0
    assert run(cli.app, ["verify"]).exit_code == 2


def test_no_help_is_cut_at_80_columns() -> None:
    """Of a command's text its first sentence stands in the list, and nothing of it is lost."""
    listed = run(cli.app, ["--help"], terminal_width=80).output
    assert "..." not in listed.partition("Commands:")[2]
    assert len(listed.partition("Commands:")[2].strip().splitlines()) == len(
        cli.app.registered_commands
    )
