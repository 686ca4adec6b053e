"""`onward-node agreement`: what people get wrong, each answered in one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onward.core import agreements
from onward.core.parse import parse
from onward.v1.agreements_pb2 import Agreement, SignedAgreement
from onward_server.app import settings
from onward_server.app.wiring import wire
from onward_server.ports import Tx
from test_node_cli import init, run

PARTIES = ("msw.gov.bd.example", "shelter.ngo.in.example")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two nodes that have loaded one trust list, and a legal text."""
    folder = tmp_path_factory.mktemp("agreements")
    members = []
    for name, agency in zip(("one", "two"), PARTIES, strict=True):
        init(folder / name, agency=agency)
        members += ["--agency", folder / name / "agency.json"]
    run("trust", "authority", folder / "a.jwk")
    run("trust", "anchors", folder / "anchors.json", "--authority", folder / "a.jwk",
        "--stamper", folder / "a.jwk", "--threshold", 1)  # fmt: skip
    run("trust", "new", folder / "list.json", *members, "--seq", 1)
    run("trust", "sign", folder / "list.json", "--key", folder / "a.jwk")
    for name in ("one", "two"):
        (folder / name / "anchors.json").write_bytes((folder / "anchors.json").read_bytes())
        run("trust", "load", folder / name, folder / "list.json")
    (folder / "text").write_text("The legal text.")
    return folder


TODAY = datetime.now(UTC)
"""One day for all of the module, also where midnight comes meanwhile."""


def day(days: int) -> str:
    return f"{TODAY + timedelta(days=days):%Y-%m-%d}"


def draft(made: Path, name: str, *more: object, code: int = 0, **changes: object) -> str:
    given: dict[str, object] = {
        "purpose": "service_delivery", "category": "name", "retention": 30, "country": "IN",
        "text": made / "text", "text-at": "https://a.example/text", "until": day(300),
    } | changes  # fmt: skip
    options = [part for n, v in given.items() for part in (f"--{n}", v)]
    parties = [part for one in PARTIES for part in ("--party", one)]
    parties = [] if "party" in given else parties
    return run("agreement", "draft", made / name, *parties, *options, *more, code=code)


def sign(made: Path, name: str, by: tuple[str, ...] = ("one", "two")) -> Path:
    for node in by:
        run("agreement", "sign", made / node, made / name)
    return made / name


def terms(path: Path) -> Agreement:
    return agreements.read(parse(SignedAgreement, path.read_bytes()).payload)


def test_an_agreement_from_draft_to_end(made: Path) -> None:
    assert "no agreement" in run("agreement", "list", made / "one")
    assert "version 1, no signature yet" in draft(made, "a", "--all-offer", "--hold", "court")
    first = terms(made / "a")
    assert {"name", "age_band"} <= set(first.categories)
    assert "date_of_birth" not in first.categories
    assert first.hold_authorities == ["court"]
    assert "by onward-node" not in run("agreement", "show", made / "a")
    assert f"{PARTIES[0]} and of {PARTIES[1]}" in load_fails(made, "a")
    sign(made, "a", ("one",))
    assert f"lacks the signature of {PARTIES[1]}" in load_fails(made, "a")
    sign(made, "a", ("two", "one"))
    shown = run("agreement", "show", made / "a", "--text", made / "text")
    assert "is the text that was agreed" in shown
    for one in (*PARTIES, "A court", "service_delivery", "30 days", first.legal_text_digest):
        assert one in shown
    assert "in force" in run("agreement", "load", made / "one", made / "a")
    assert "in force" in run("agreement", "load", made / "one", made / "a")
    listed = run("agreement", "list", made / "one")
    assert PARTIES[1] in listed
    assert first.agreement_id in listed
    assert "ends in" not in listed
    assert f"before {day(300)}" in listed
    draft(made, "b", "--replaces", made / "a", until=day(20))
    assert terms(made / "b").agreement_id == first.agreement_id
    assert "ends in" in run("agreement", "load", made / "one", sign(made, "b"))
    assert "or a higher one" in load_fails(made, "a2", "--replaces", made / "a")
    assert "or a higher one" in load_fails(made, "a3", "--replaces", made / "a", retention=9)
    draft(made, "c", "--replaces", made / "b", **{"from": day(9)})
    assert "begins on" in run("agreement", "load", made / "one", sign(made, "c"))
    copy = made / "copy"
    assert "version 3" in run("agreement", "export", made / "one", first.agreement_id, copy)
    assert terms(copy) == terms(made / "c")
    draft(made, "next", "--replaces", copy)
    assert terms(made / "next").version == 4
    for wrong in (("nothing", made / "other"), (first.agreement_id, copy)):
        run("agreement", "export", made / "one", *wrong, code=1)
    assert "Ended" in run("agreement", "end", made / "one", first.agreement_id)
    listed = run("agreement", "list", made / "one")
    assert "ended on" in listed
    assert len({len(line) for line in listed.splitlines()[1:]}) == 1, "no border is cut"
    assert "no agreement 'nothing'" in run("agreement", "end", made / "one", "nothing", code=1)
    assert actors(made / "one") == [("operator", "agreement")] * 4


def test_what_is_signed_is_not_written_over(made: Path) -> None:
    draft(made, "signed")
    before = sign(made, "signed").read_bytes()
    assert "exists already" in draft(made, "signed", code=1)
    assert (made / "signed").read_bytes() == before
    listed = (made / "list.json").read_bytes()
    member = ("--agency", made / "one" / "agency.json")
    assert "exists already" in run("trust", "new", made / "list.json", *member, "--seq", 2, code=1)
    assert (made / "list.json").read_bytes() == listed
    anchors = ("--authority", made / "a.jwk", "--stamper", made / "a.jwk", "--threshold", 1)
    assert "exists already" in run("trust", "anchors", made / "anchors.json", *anchors, code=1)


def actors(node: Path) -> list[tuple[str, str]]:
    from onward.v1.local_pb2 import ListAuditRequest
    from onward_server.service import reads
    from onward_server.service.access import Caller

    wired = wire(settings.load(node))

    def work(tx: Tx) -> list[tuple[str, str]]:
        found = reads.list_audit(wired.node.ctx, tx, ListAuditRequest(), Caller("", frozenset()))
        return [(one.actor, one.action) for one in found.records]

    try:
        return wired.store.read(work)
    finally:
        wired.close()


def load_fails(made: Path, name: str, *more: object, **changes: object) -> str:
    """Why node one does not take an agreement; with more options, of one drafted and signed."""
    if more or changes:
        draft(made, name, *more, **changes)
        sign(made, name)
    return run("agreement", "load", made / "one", made / name, code=1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"purpose": "marketing"}, "purposes 'marketing'"),
        ({"category": "shoe_size"}, "categories 'shoe_size'"),
        ({"category": "grant"}, "categories 'grant'"),
        ({"country": "India"}, "storage countries 'India'"),
        ({"retention": 0}, "retention days"),
        ({"retention": -5}, "retention days"),
        ({"until": day(-1)}, "valid until"),
        ({"until": "tomorrow"}, "write it like"),
        ({"from": "31.12.2026"}, "write it like"),
        ({"text-at": "the cupboard"}, "legal text"),
        ({"party": PARTIES[0]}, "parties"),
        ({"environment": "prod"}, "environment"),
    ],
)
def test_what_can_not_be_agreed(made: Path, changes: dict[str, object], said: str) -> None:
    assert said in draft(made, "bad", code=1, **changes)
    assert not (made / "bad").exists()


def test_what_a_node_does_not_sign_or_take(made: Path) -> None:
    other = made / "text"
    assert "not an agreement" in run("agreement", "sign", made / "one", other, code=1)
    assert "not an agreement" in run("agreement", "show", other, code=1)
    draft(made, "others", "--party", "c.example", party="b.example")
    assert "no party" in run("agreement", "sign", made / "one", made / "others", code=1)
    draft(made, "d")
    assert "another text" in run(
        "agreement", "show", made / "d", "--text", made / "list.json", code=1
    )
    assert "another environment" in load_fails(made, "e", environment="live")
    run("agreement", "load", made / "two", sign(made, "d"))
    draft(made, "f")
    assert "end it first" in run("agreement", "load", made / "two", sign(made, "f"), code=1)
