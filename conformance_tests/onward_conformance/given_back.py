"""What the suite's agencies answer to a question for Resync: rightly, or as a check says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from onward_conformance.jose import compact, sign
from onward_conformance.network import Agency, Json, moment, now
from onward_conformance.referral import Referral


class Hung(Exception):
    """The suite answers nothing at all."""


Reply = Callable[[Json], Json]
"""How an agency answers: given the question, as it was signed, all that it gives back."""

FAR: Json = {"seq": 999, "hash": "A" * 43}
"""The head of a log that the target never wrote so far."""


def answer(asking: Json, by: Agency, referral: Referral | None, **changed: Any) -> str:
    """The signed answer. `changed` members replace the right ones; `key` signs it in place of the
    agency's own, and `write` writes it in place of the right way.
    """
    key, write = changed.pop("key", by.sign), changed.pop("write", compact)
    said: Json = {
        "iss": by.name, "aud": asking["iss"], "nonce": asking["nonce"], "time": moment(now()),
    }  # fmt: skip
    if "referralId" in asking:
        nothing: Json = {"origin": {}, "destination": {}}
        said["referralId"] = asking["referralId"]
        said["heads"] = referral.heads if referral else nothing
    return sign(write(said | changed), "onward-resync+jws", key)


def claiming(referral: Referral, lost: list[str] | None = None, **changed: Any) -> Reply:
    """A reply with these members in the answer, and with these entries as what was lost."""

    def reply(asking: Json) -> Json:
        given: Json = {"answer": answer(asking, referral.author, referral, **changed)}
        if lost:
            given["lost"] = referral.envelope(referral.bundle(lost)).made()
        return given

    return reply


def first(*replies: Reply | None) -> Reply:
    """Reply so, one after the other, and by the last one from then on."""
    left = list(replies)

    def reply(asking: Json) -> Json:
        found = left.pop(0) if len(left) > 1 else left[0]
        assert found
        return found(asking)

    return reply


class Open:
    """Leaves the question open until it is let go, or the time is over; then replies well."""

    def __init__(self, referral: Referral, seconds: float) -> None:
        self._referral, self._seconds = referral, seconds
        self.go = threading.Event()

    def __call__(self, asking: Json) -> Json:
        if not self.go.wait(self._seconds):
            raise Hung
        return claiming(self._referral)(asking)
