"""Questions of the peer plane, each signed by the agency that asks."""

from __future__ import annotations

from typing import Any

from onward_conformance.jose import compact, sign
from onward_conformance.network import Agency, moment, now
from onward_conformance.referral import identifier


def question(asking: Agency, asked: str, method: str, **changed: Any) -> str:
    """A PeerRequest as it travels. `changed` members replace the right ones; None leaves one out,
    `key` signs it in place of the agency's own, and `header` has more members for its header.
    """
    key, header = changed.pop("key", asking.sign), changed.pop("header", {})
    said = {
        "iss": asking.name, "aud": asked, "method": method, "iat": moment(now()),
        "nonce": identifier(),
    } | changed  # fmt: skip
    said = {name: one for name, one in said.items() if one is not None}
    return sign(compact(said), "onward-request+jws", key, **header)
