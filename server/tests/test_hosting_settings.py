"""Which folders one process serves, and what it says where they do not fit together."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from onward.core import jose
from onward_server.app import hosting, provision, settings
from onward_server.app.settings import SettingsError
from onward_server.demo.world import Site, free_port
from test_node_cli import serve_fails

Two = tuple[Site, Site]


@pytest.fixture
def two(tmp_path: Path) -> Two:
    """Two agencies that could be served together."""
    peers = {name: f"127.0.0.1:{free_port()}" for name in ("peer_rest", "peer_grpc")}
    made = [Site(tmp_path / n, f"{n}.example", "IN", "ngo_local", "rest", **peers) for n in "ab"]
    entries = [site.make(destroy_after=1) for site in made]
    key, stamper = jose.new_key(), jose.new_key()
    signed = provision.new_list("test", 1, entries)
    provision.sign_list(signed, key)
    for site in made:
        site.trust(provision.anchors("test", 1, [key], [stamper]), signed, [])
    return made[0], made[1]


def write(site: Site, **values: str) -> None:
    """Other values in node.toml; an empty one takes the line out."""
    path = site.folder / "node.toml"
    text = path.read_text()
    for name, value in values.items():
        text = re.sub(rf"(?m)^{name} = .*\n", f'{name} = "{value}"\n' if value else "", text)
    path.write_text(text)


def refused(*sites: Site) -> str:
    """Why one process can't serve them."""
    with pytest.raises(SettingsError) as told:
        hosting.check([settings.load(site.folder) for site in sites])
    return str(told.value)


def test_what_fits_is_wired(two: Two) -> None:
    nodes = hosting.wire_all([settings.load(site.folder) for site in two])
    assert [wired.node.agency for wired in nodes] == ["a.example", "b.example"]
    for wired in nodes:
        wired.close()
    entry = json.loads((two[0].folder / "agency.json").read_text())
    assert entry["rest"] == f"http://{two[0].peer_rest}"
    assert entry["grpc"] == two[0].peer_grpc


MISFITS: dict[str, tuple[Callable[[Site, Site], None], str]] = {
    "agency": (lambda a, b: write(b, agency=a.agency), "both of the agency a.example"),
    "environment": (lambda a, b: write(b, environment="live"), "the two never mix"),
    "issuer": (lambda a, b: write(b, issuer=a.issuer), "the same issuer"),
    "address": (lambda a, b: write(b, grpc=a.rest), "give each its own"),
    "peer address": (lambda a, b: write(b, peer_rest="127.0.0.1:9"), "at one address"),
    "one without": (lambda a, b: write(b, peer_rest="", peer_grpc=""), "at one address"),
    "key": (
        lambda a, b: shutil.copy(a.folder / "keys" / "seal.jwk", b.folder / "keys"), "share a key"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit(two: Two, name: str) -> None:
    change, said = MISFITS[name]
    change(*two)
    told = refused(*two)
    assert said in told
    assert all(str(site.folder) in told for site in two)
    for site in two:
        hosting.check([settings.load(site.folder)])


def test_databases_are_apart(two: Two) -> None:
    for site in two:
        with (site.folder / "node.toml").open("a") as file:
            file.write('\ndatabase = "postgresql+psycopg://db.example/onward"\n')
    assert "one database" in refused(*two)


def test_none_has_an_address_for_other_nodes(two: Two) -> None:
    for site in two:
        write(site, peer_rest="", peer_grpc="")
    assert "peer_rest and peer_grpc" in refused(*two)
    write(two[0], rest="127.0.0.1:7")
    with (two[0].folder / "node.toml").open("a") as file:
        file.write('\npeer_rest = "127.0.0.1:8"\n')
    with pytest.raises(SettingsError, match=r"lacks peer_grpc"):
        settings.load(two[0].folder)


def test_one_that_can_not_start_keeps_none_running(two: Two) -> None:
    """And the line says which."""
    one, other = two
    with socket.create_server(("127.0.0.1", int(one.peer_grpc.rpartition(":")[2]))):
        assert one.peer_grpc in serve_fails(one.folder, other.folder)
    (other.folder / "anchors.json").unlink()
    with pytest.raises(SettingsError, match=re.escape(str(other.folder))):
        hosting.wire_all([settings.load(site.folder) for site in two])


def test_init_takes_both_addresses_or_none(tmp_path: Path) -> None:
    new = provision.NewNode(
        agency="a.example", environment="test", country="IN", kind="ngo_local",
        rest="127.0.0.1:1", grpc="127.0.0.1:2", issuer="http://127.0.0.1:1",
        peer_rest="127.0.0.1:3",
    )  # fmt: skip
    with pytest.raises(SettingsError, match="--peer-grpc"):
        provision.init(tmp_path / "a", new)
