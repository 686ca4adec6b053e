"""Lists of services between two processes, which all tests of this file share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward import cli
from onward.auth import save_key_file
from onward_server.demo.world import World
from people import DESTINATION, ORIGIN
from service_world import DIRECTORY, KEY, held, publisher, refusal, running, sample, until

run = CliRunner().invoke


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("services") / "world") as made:
        yield made


def test_two_nodes_fetch_each_others_lists_over_both_transports(world: World) -> None:
    """The ministry asks over gRPC, the NGO over REST; people read over the other one."""
    with publisher(world.origin, "rest") as here, publisher(world.destination, "grpc") as there:
        mine = here.publish_services(sample()[2:])
        theirs = there.publish_services(sample())
        assert refusal(there.publish_services, sample())[0] == "SERVICE_LIST_INVALID"
        until(lambda: any(one.seq for one in here.list_services(agency=DESTINATION)))
        until(lambda: any(one.seq for one in there.list_services(agency=ORIGIN)))
        got, back = held(here, DESTINATION), held(there, ORIGIN)
        assert got is not None
        assert back is not None
        assert (got.seq, list(got.services)) == (theirs.seq, sample())
        assert (back.seq, list(back.services)) == (mine.seq, sample()[2:])
        there.publish_services([], expected_seq=theirs.seq)
        until(lambda: not any(one.services for one in here.list_services(agency=DESTINATION)))


def test_the_command_line_shows_them(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a caseworker reads: who offers what to whom, and how old that knowledge is."""
    monkeypatch.setattr(cli.out, "width", 200)
    save_key_file(tmp_path / "client.jwk", KEY)
    with publisher(world.destination, "grpc") as there, publisher(world.origin, "grpc") as here:
        before = held(there, DESTINATION)
        there.publish_services(sample(), expected_seq=before.seq if before else 0)
        until(lambda: any(one.services for one in here.list_services(agency=DESTINATION)))
    asked = ["services", "--node", world.origin.issuer, "--client", DIRECTORY,
             "--key", str(tmp_path / "client.jwk"), "--agency", DESTINATION]  # fmt: skip
    shown = run(cli.app, asked)
    assert shown.exit_code == 0, shown.output
    for said in ("Emergency shelter", "shelter_emergency-001", "up to 12", "open", "literacy",
                 "confirmed 0 minutes ago"):  # fmt: skip
        assert said in shown.output
    only = run(cli.app, [*asked, "--type", "work"])
    assert "Apprenticeship" in only.output
    assert "Emergency shelter" not in only.output
    wrong = run(cli.app, [*asked, "--type", "no_such_type"])
    assert wrong.exit_code == 2
    assert "UNKNOWN_CODE" in wrong.output
