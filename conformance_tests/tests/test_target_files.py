"""What an operator writes into target.toml, and what a run that was killed leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onward_conformance.network import Agency, Json, Network
from onward_conformance.peer import Peer
from onward_conformance.referral import Referral
from onward_conformance.report.files import Files, FilesError
from onward_conformance.target import STATE, TargetError
from onward_conformance.target_file import load

GOOD = """
[target]
profiles = ["destination"]
rest = "http://127.0.0.1:18080"
entries = ["agency.json"]
[suite]
rest = "127.0.0.1:18990"
"""


def written(folder: Path, text: str = GOOD, entry: object = None) -> Path:
    """A target's file."""
    found = Agency("target.example").entry() if entry is None else entry
    (folder / "agency.json").write_text(json.dumps(found))
    path = folder / "target.toml"
    path.write_text(text)
    return path


def test_a_good_file(tmp_path: Path) -> None:
    assert load(written(tmp_path)).agency == "target.example"


@pytest.mark.parametrize(
    ("good", "wrong"),
    [
        ('"http://127.0.0.1:18080"', '"127.0.0.1:18080"'),
        ('"http://127.0.0.1:18080"', "18080"),
        ('"127.0.0.1:18990"', '"127.0.0.1"'),
        ('"127.0.0.1:18990"', '"127.0.0.1:99999"'),
        ('"127.0.0.1:18990"', "18990"),
        ('["destination"]', '"destination"'),
        ('["destination"]', "[{}]"),
        ('["agency.json"]', '"agency.json"'),
        ('["agency.json"]', "[5]"),
        ("[suite]", '[hands]\ncommand = "./hands"\n[suite]'),
        ("[target]", "target = 5\n[local]"),
        ("[suite]", "[suite]\ntake_list = []"),
    ],
)
def test_a_wrong_value_is_said(tmp_path: Path, good: str, wrong: str) -> None:
    with pytest.raises(TargetError):
        load(written(tmp_path, GOOD.replace(good, wrong)))


def entry(**changed: object) -> Json:
    """An entry with these members in place of the right ones."""
    return Agency("target.example").entry() | changed


@pytest.mark.parametrize(
    "wrong",
    [entry(agency="Target.example"), entry(keys=[]), entry(agency=5), entry(more=1), [], 5, {},
     entry(keys=[one for one in entry()["keys"] if one["use"] == "sign"])],
)  # fmt: skip
def test_an_entry_that_no_list_can_take_is_said(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(TargetError):
        load(written(tmp_path, entry=wrong))


def test_a_run_that_was_killed_leaves_nobody_suspended(tmp_path: Path) -> None:
    target = load(written(tmp_path))
    network = target.network()
    network.casts["rest"].partner.status = "suspended"
    target.write(network)
    again = target.network()
    standing = {name: one.status for name, one in vars(again.casts["rest"]).items()}
    assert {name for name, one in standing.items() if one != "active"} == {"suspended", "removed"}
    assert again.casts["rest"].partner.sign.kid == network.casts["rest"].partner.sign.kid


@pytest.mark.parametrize("kept", ["", "5", "[]", '{"entries": 5}', "[" * 100_000])
def test_a_broken_state_is_made_anew(tmp_path: Path, kept: str) -> None:
    target = load(written(tmp_path))
    target.network()
    (tmp_path / STATE / "network.json").write_text(kept)
    assert isinstance(target.network(), Network)


def test_a_state_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    target = load(written(tmp_path))
    (tmp_path / STATE).write_text("in the way")
    with pytest.raises(TargetError):
        target.network()


def test_a_list_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    target = load(written(tmp_path))
    (tmp_path / "trust-list.json").mkdir()
    with pytest.raises(TargetError):
        target.write(target.network())


def test_what_still_comes_of_an_earlier_run_is_no_fault(tmp_path: Path) -> None:
    target = load(written(tmp_path))
    network = target.network()
    first = Peer(network, earlier=target.earlier(), note=target.note)
    referral = Referral(network, network.casts["rest"].partner, target.agency)
    first.note(referral.referral_id)
    assert target.earlier() == {referral.referral_id}


def test_a_report_that_cannot_be_written_is_said_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(FilesError):
        Files(json=tmp_path / "none" / "report.json").check()
