"""Ways back, self-referrals and complaints, as tests make, tell and forge them."""

from __future__ import annotations

from typing import Any

from circle import Circle, agency
from desk import Desk
from onward.v1.knocks_pb2 import ComplaintNotice, Knock, SelfReferral
from people import agreed, decision, record, wishes

LOCATORS = {"owner": "10", "peer": "10", "third": "20", "fourth": "10"}
SERVICES = ["psychosocial_counselling", "vocational_training"]
ANSWER = "Mango"


def give(desk: Desk, **more: Any) -> Any:
    """A way back, with its code."""
    return desk.client.make_standing_offer(
        services=SERVICES, question="fruit", answer=ANSWER, **more
    )


def claim(circle: Circle, name: str, code: str, answer: str = ANSWER, to: str = "resume") -> Any:
    """Told at a desk, and settled."""
    asked = circle[name].client.claim(code, answer=answer, to=to)
    circle.settle()
    return circle[name].client.get_knock(asked.knock_id)


def needs(desk: Desk) -> list[str]:
    return sorted(one.code for one in desk.client.list_needs_human())


def refer(circle: Circle, origin: str, destination: str, content: Any = None) -> str:
    """A referral that was disclosed. Gives its id."""
    circle.partners(origin, destination)
    here, there = circle[origin].client, circle[destination].client
    consent = here.record_consent(agreed(recipients=[agency(destination)], countries=["BD"]))
    sent = here.offer(
        destination=agency(destination), consent_id=consent.consent_id, items=wishes(),
        record=content or record(),
    )  # fmt: skip
    referral_id: str = sent.referral.referral_id
    circle.settle()
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    there.decide(referral_id, decision())
    circle.settle()
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=consent.consent_id, record=content or record())
    circle.settle()
    parts = circle[destination].client.get_referral(referral_id).parts
    assert [part for part in parts if part.readable]
    return referral_id


def send(circle: Circle, sender: str, recipient: str, knock: Knock) -> str:
    """A knock that a faulty or hostile node makes. Gives why it is refused."""
    from onward.v1.envelope_pb2 import Sealed
    from onward.v1.errors_pb2 import Reason
    from onward_server.service import sealing

    what = Sealed(knock=knock)
    envelope = sealing.envelope(circle[sender].ctx, agency(recipient), what, anyhow=True)
    (result,) = circle[recipient].receive(envelope)
    if result.receipt:
        return ""
    return Reason.Name(result.problem.reason).removeprefix("REASON_")


HELP = SelfReferral(
    who="peer", entry_channel="peer_network", services=["shelter_emergency"], country="BD",
    subdivision="BD-C", language="bn", priority="urgent",
)  # fmt: skip


COMPLAINT = ComplaintNotice(
    agency=agency("owner"), complaint="confinement", month="2026-10", service="shelter_emergency"
)
