"""`onward explain`: what its table says, and what people get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from onward import cli, cli_explain, cli_node, errors
from onward.core import jose, spec
from onward.v1.consent_pb2 import Decision
from onward.v1.consents_local_pb2 import ExplainResponse

run = CliRunner().invoke


def said(answer: ExplainResponse, width: int = 300) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        cli_explain.report(console, answer)
    return captured.get()


def test_every_reason_is_said_in_plain_words() -> None:
    for reason in spec.registries()["decision_reason"].codes.values():
        source = spec.registries()["decision_source"].codes[reason.group]
        one = Decision(
            category="name", permitted=reason.id in ("permitted", "permitted_by_basis"),
            reason=reason.id, source=reason.group, line="/permit/3",
        )  # fmt: skip
        shown = said(ExplainResponse(decisions=[one], retention_days=30))
        for part in ("Your name", reason.label, source.label, "line 4 of what she permits"):
            assert part in shown
        assert ("yes" in shown) == one.permitted
        assert ("30 days" in shown) == one.permitted
        assert reason.id == "permitted" or reason.id not in shown


def test_what_would_be_sent_stands_first() -> None:
    answer = ExplainResponse(agreement_id="corridor-0001", retention_days=7)
    answer.decisions.add(category="hiv", reason="denied", source="consent")
    answer.decisions.add(category="sex", permitted=True, reason="permitted", source="consent")
    shown = said(answer)
    assert shown.index("sex") < shown.index("hiv")
    assert "corridor-0001" in shown


def test_what_nothing_names_is_said_once_and_all_fits_a_terminal() -> None:
    answer = ExplainResponse(retention_days=7)
    answer.decisions.add(
        category="exploitation_detail_narrative", permitted=True, reason="permitted",
        source="consent", line="/permit/12",
    )  # fmt: skip
    answer.decisions.add(category="hiv", reason="denied", source="consent", line="/deny/0")
    rest = [one for one in spec.categories() if one not in ("exploitation_detail_narrative", "hiv")]
    for category in rest:
        answer.decisions.add(category=category, reason="not_named", source="consent")
    shown = said(answer, width=80)
    assert "exploitation_detail_narrative" in shown
    assert "What happened to you" in shown
    assert "line 13 of" in shown
    assert f"{len(rest)} other categories: no, no line of the consent names it" in shown
    assert shown.count("absence is deny") == 1
    assert len(shown.splitlines()) < 16
    none = ExplainResponse(decisions=answer.decisions[2:])
    assert f"All {len(rest)} categories: no" in said(none, width=80)


@pytest.mark.parametrize("by", [[], ["--consent", "c-1", "--basis", "b-1"]])
def test_by_a_consent_or_by_a_basis(by: list[str]) -> None:
    node = [
        "--node", "https://127.0.0.1:1", "--key", "no-such-file.jwk", "--agency", "a.example",
        "--login-key", "no-such-file.jwk", "--actor", "u-17",
    ]  # fmt: skip
    shown = run(cli.app, ["explain", "b.example", *node, *by])
    assert (shown.exit_code, "--consent or --basis" in shown.output) == (2, True)


def test_a_reason_of_a_newer_node_is_shown_as_it_is() -> None:
    one = Decision(category="name", reason="the_moon", source="sky")
    assert "the_moon" in said(ExplainResponse(decisions=[one]))


@pytest.mark.parametrize("node", ["https://127.0.0.1:1", "http://node.a.example", "not an address"])
def test_what_people_get_wrong(node: str, tmp_path: Path) -> None:
    key = tmp_path / "client.jwk"
    assert run(cli.app, ["keygen", "--out", str(key)]).exit_code == 0
    for path in (key, tmp_path / "no-such-file.jwk"):
        shown = run(cli.app, [
            "explain", "b.example", "--consent", "c", "--node", node, "--key", str(path),
            "--agency", "a.example", "--login-key", str(path), "--actor", "u-17",
        ])  # fmt: skip
        assert shown.exit_code == 2
        assert "Traceback" not in shown.output
        assert len(shown.output.strip().splitlines()) == 1


def test_a_key_that_is_public_is_named(tmp_path: Path) -> None:
    key, public = tmp_path / "client.jwk", tmp_path / "client.pub.jwk"
    run(cli.app, ["keygen", "--out", str(key), "--public", str(public)])
    shown = run(cli.app, ["bases", "--node", "https://node.a.example", "--key", str(public)])
    assert shown.output.startswith(f"{public}: the file must hold one P-256 private key")


def test_why_nothing_was_read() -> None:
    """Whether a read was carried out is nobody's question."""
    told = cli_node.failed("n", "audit:read", errors.TransportFailed("ConnectError"))
    assert "carried out" not in told
    assert "ask again" in told
    told = cli_node.failed("n", "audit:read", errors.TokenRefused("invalid_scope"))
    assert "onward-node client" in told
    assert told.endswith("needs audit:read.")
    assert "public half" in cli_node.failed("n", "", errors.TokenRefused("invalid_client"))
    told = str(errors.UnknownCode("/purpose", expected="codes consent_purpose"))
    assert told.endswith("Expected: codes consent_purpose (see: onward codes consent_purpose)")
    assert "onward codes category" in str(errors.InvalidField(expected="string, format category"))
    listed = run(cli.app, ["codes", "category"]).output
    assert "contact_safe" in listed


def test_the_type_of_a_signed_consent() -> None:
    assert jose.CONSENT == "onward-consent+jws"
