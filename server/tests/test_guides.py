"""The guides work one after the other, as they stand there, on the same two nodes."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corridors import take
from nodes import Pair
from onward.core import agreements, spec
from onward.core.parse import parse, to_json
from onward.v1.agreements_pb2 import SignedAgreement
from onward.v1.envelope_pb2 import LogExport
from onward_server.app.cli_agreement import agreement_app
from people import DESTINATION, agreed, decision, record, wishes

GUIDES = Path(__file__).resolve().parents[2] / "docs/guides"
Names = dict[str, Any]


def blocks(guide: str, mark: str = "python no-run") -> list[str]:
    text = (GUIDES / f"{guide}.md").read_text("utf-8")
    return re.findall(rf"^```{mark}\n(.*?)^```", text, re.S | re.M)


def follow_agreements(pair: Pair, names: Names) -> None:
    """What the guide drafts, each version signed by both and loaded at both."""
    Path("legal.txt").write_text("The text that both agencies have signed on paper.")
    lines = "\n".join(blocks("agreements", "sh")).splitlines()
    drafts = [shlex.split(line)[2:] for line in lines if " agreement draft " in line]
    for words in drafts:
        done = CliRunner().invoke(agreement_app, words)
        assert done.exit_code == 0, done.output
        paper = parse(SignedAgreement, Path(words[1]).read_bytes())
        for desk in pair.desks:
            paper = agreements.sign(paper, desk.agency, desk.keys.signing())
        for desk in pair.desks:
            assert take(desk, paper).in_force
        Path(words[1]).write_bytes(to_json(paper))
    assert len(drafts) == 2


def follow_consent(pair: Pair, names: Names) -> None:
    *steps, _ = blocks("consent")
    for block in steps:
        if "check_understanding" in block:
            referral_id = names["referral_id"] = names["sent"].referral.referral_id
            pair.settle()
            pair.destination.client.get_referral(referral_id)
            pair.destination.client.acknowledge(referral_id)
            pair.destination.client.decide(referral_id, decision())
            pair.settle()
            names["here"].get_referral(referral_id)
            names["here"].disclose(referral_id, record=record())
            pair.settle()
        exec(compile(block, "consent.md", "exec"), names)
    referral_id = names["referral_id"]
    assert names["consent"].version == 4
    assert len(names["answer"].decisions) == sum(
        1 for one in spec.categories().values() if not one.protocol
    )
    found = names["found"]
    assert (found.matches, list(found.not_agreed)) == (False, ["contact_safe", "name"])
    assert found.feedback_not_agreed
    pair.settle()
    assert "consent_mismatch" in pair.origin.needs(referral_id)
    assert pair.destination.part_rows(referral_id)["contact_safe"] == "sealed"
    assert pair.destination.part_rows(referral_id)["name"] == "held"
    names["consent_id"] = names["consent"].consent_id
    names["subject_id"] = names["consent"].subject_id


def follow_without_consent(pair: Pair, names: Names) -> None:
    propose, approve, offer, disclose, after, glass = blocks("without-consent")
    for block in (propose, approve, offer):
        exec(compile(block, "without-consent.md", "exec"), names)
    pair.settle()
    referral_id = names["sent"].referral.referral_id
    pair.accept(referral_id)
    exec(disclose, names)
    pair.settle()
    assert pair.destination.part_rows(referral_id)["name"] == "held"
    for block in (after, glass):
        exec(compile(block, "without-consent.md", "exec"), names)
    counted = {one.basis: one.uses for one in names["third_supervisor"].count_bases()}
    assert counted["vital_interest"] == 2
    pair.clock.advance(timedelta(minutes=15))
    (review,) = re.findall(
        r"`(third_supervisor.review_break_glass.*?)`",
        (GUIDES / "without-consent.md").read_text("utf-8"),
    )
    assert eval(review, names).finding == "justified"


def follow_receipts(pair: Pair, names: Names) -> None:
    for block in blocks("receipts"):
        exec(compile(block, "receipts.md", "exec"), names)
    assert names["record"].consent_id == names["consent_id"]


def follow_operate(pair: Pair, names: Names) -> None:
    Path("order.pdf").write_bytes(b"%PDF- an order")
    (hold,) = blocks("operate")
    exec(compile(hold, "operate.md", "exec"), names)
    assert pair.origin.as_role("supervisor").list_holds()[0].HasField("lifted")


def follow_integrate(pair: Pair, names: Names) -> None:
    """The first referral, its withdrawal and its export, by people who saw only what it shows."""
    guide = {block.splitlines()[-1]: block for block in blocks("integrate")}
    here, there = (one.as_role("caseworker", "u-18") for one in pair.desks)
    names |= {"show": print, "full_record": record()}
    for client, last in (
        (here, "referral_id ="), (there, "client.decide("), (here, "withheld ="),
        (there, "client.progress("), (here, "    print(holder"), (here, 'Path("referral.json")'),
    ):  # fmt: skip
        (block,) = (text for line, text in guide.items() if line.startswith(last))
        names["client"] = client
        exec(compile(block.replace("b.example", DESTINATION), "integrate.md", "exec"), names)
        pair.settle()
    proof = parse(LogExport, Path("referral.json").read_bytes())
    assert proof.referral_id == names["referral_id"]


def test_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pair = Pair(tmp_path)
    pair.clock.advance(timedelta(minutes=1))  # The guides take the time of this machine.
    here = pair.origin.client
    names: Names = {
        "here": here, "client": here, "there": pair.destination.client, "record": record(),
        "items": wishes(), "supervisor": pair.origin.as_role("supervisor", "s-1"),
        **{
            f"{which}_supervisor": pair.origin.as_role("supervisor", f"s-{which}")
            for which in ("first", "second", "third")
        },
    }  # fmt: skip
    follow_agreements(pair, names)
    follow_consent(pair, names)
    kept = dict(names)
    names["consent"] = here.record_consent(agreed())
    follow_integrate(pair, names)
    names = kept
    follow_without_consent(pair, names)
    follow_receipts(pair, names)
    follow_operate(pair, names)
    pair.close()
