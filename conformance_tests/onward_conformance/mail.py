"""Mail: envelopes for agencies that nobody can reach, and questions for what a mailbox holds."""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench
from onward_conformance.jose import compact, digest, sign
from onward_conformance.network import VERSION, Agency, Json, moment, now
from onward_conformance.oracle import readable
from onward_conformance.question import question
from onward_conformance.referral import Envelope, Referral
from onward_conformance.results import Failed
from onward_conformance.wire import Answer


def posted(
    bench: Bench, to: Agency | None = None, author: Agency | None = None, **changed: Any
) -> Envelope:
    """An offer of one of the suite's agencies to another that is behind the target."""
    recipient = to or bench.cast.behind
    referral = Referral(bench.network, author or bench.cast.partner, recipient.name)
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts), **changed)


def held(bench: Bench, envelope: Envelope | Json) -> Json:
    """The target must hold it. Gives the envelope as it was sent."""
    made = envelope.made() if isinstance(envelope, Envelope) else envelope
    (answer,) = bench.send(made)
    if answer.receipt:
        raise Failed("held, and no receipt", "a receipt", by="MBOX-012")
    if "held" not in (answer.said or {}):
        raise Failed("held", str(answer))
    return made


def collect(
    bench: Bench,
    asking: Agency,
    *,
    receipts: list[str] | None = None,
    most: int = 64,
    after: str = "",
    **changed: Any,
) -> Answer:
    """One Collect at the target. `changed` are members of the question."""
    method = changed.pop("method", "collect")
    asked = {"request": question(asking, bench.agency, method, **changed), "max": most}
    more = {"receipts": receipts} if receipts else {}
    return bench.wire.ask("Collect", asked | more | ({"after": after} if after else {}))


def collected(bench: Bench, asking: Agency, **more: Any) -> list[Json]:
    """The envelopes that the target gives. A receipt that is none must not stop it."""
    answer = collect(bench, asking, **more)
    if answer.problem is not None:
        by = "MBOX-035" if more.get("receipts") else "MBOX-031"
        raise Failed("envelopes", str(answer), by=by)
    found: list[Json] = (answer.said or {}).get("envelopes", [])
    return found


def receipt(bench: Bench, envelope: Json, **changed: Any) -> str:
    """The recipient's receipt for an envelope. `changed` members make it another."""
    said = readable(envelope["header"])
    recipient = bench.network.member(said["aud"])
    if recipient is None:
        raise Failed("mail to one of the suite's agencies", said["aud"], by="MBOX-031")
    key = changed.pop("key", recipient.sign)
    made = {
        "version": VERSION, "mid": said["mid"], "header": digest(envelope["header"]),
        "iss": said["aud"], "aud": said["iss"], "trustList": bench.network.seq,
        "time": moment(now()),
    } | changed  # fmt: skip
    return sign(compact(made), "onward-receipt+jws", key)


def empty(bench: Bench, asking: Agency) -> None:
    """Take and receipt whatever earlier checks have left there."""
    while found := collected(bench, asking):
        receipts = [receipt(bench, one) for one in found]
        left = collected(bench, asking, receipts=receipts)
        if len(left) >= len(found):
            raise Failed("what was receipted to be gone", f"{len(left)} left", by="MBOX-034")
