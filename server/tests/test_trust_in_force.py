"""Which trust list a node goes by: that with the highest number, and one under each number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from circle import Circle
from onward.core import jose
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.trust_pb2 import SignedTrustList
from onward_server.app import provision


def again(circle: Circle, **changed: object) -> bytes:
    """The list in force with its members in another order, and changed so, signed by all."""
    held = parse(SignedTrustList, circle.desks["home"].trust.signed())
    said = json.loads(jose.unb64(held.payload)) | changed
    signed = SignedTrustList(payload=jose.b64(json.dumps(dict(reversed(said.items()))).encode()))
    for key in circle.authorities:
        provision.sign_list(signed, key)
    return to_json(signed)


@pytest.mark.parametrize("seq", [1, 2])
def test_an_older_list_and_other_bytes_under_its_number_are_refused(
    tmp_path: Path, seq: int
) -> None:
    circle = Circle(tmp_path, {"home": "10"})
    circle.publish()
    trust = circle.desks["home"].trust
    before = trust.signed()
    with pytest.raises(Refused, match="TRUST_LIST_INVALID"):
        trust.offer(again(circle, seq=seq))
    assert trust.signed() == before
    assert trust.offer(again(circle, seq=3)).list.seq == 3
