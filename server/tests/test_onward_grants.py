"""What came from another agency goes on only as its grant says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import Chain
from nodes import reason
from onward.core import grants
from onward.core.clock import moment, stamp
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import Decision, Grant
from onward.v1.local_pb2 import LinkRequest
from onward_server.service import content
from people import agreed, record, wishes


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = Chain(tmp_path)
    yield made
    made.close()


OTHER = "follow_up_contact"


def passed_on(chain: Chain, purpose: str = "service_delivery") -> dict[str, str]:
    """Each category with why it was or was not sent on by b, in a referral that c accepted."""
    chain.consent("b", "c", purposes=["service_delivery", OTHER])
    given = chain["b"].client
    chain.offer("b", "c", what=only_needs(), onward_of="ab")
    chain.settle()
    there = chain["c"].client
    referral_id = chain.referrals["bc"]
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    from people import decision

    there.decide(referral_id, decision())
    chain.settle()
    given.get_referral(referral_id)
    sent = given.disclose(
        referral_id, consent_id=chain.consents["b"], record=record(), purpose=purpose
    )
    return {one.category: one.reason for one in sent.decisions}


def only_needs() -> CaseRecord:
    """What b has heard from the person itself, and a never told."""
    made = CaseRecord()
    made.needs_services.items.add(number=1, service_type="trauma_therapy", wish="now")
    made.needs_services.items.add(number=2, service_type="trauma_therapy", wish="now")
    return made


def told() -> CaseRecord:
    """What a tells b: not what services she needs."""
    made = record()
    made.ClearField("needs_services")
    return made


def test_a_grant_that_lets_nothing_go_on(chain: Chain) -> None:
    chain.consent("a", "b", onward_sharing="none")
    chain.refer("a", "b", what=told())
    found = passed_on(chain)
    assert found["name"] == found["age_band"] == "onward_not_granted"
    assert found["needs_services"] == "permitted", "what b heard goes by b's own consent"


def test_a_grant_for_another_purpose(chain: Chain) -> None:
    chain.consent("a", "b")
    chain.refer("a", "b", what=told())
    found = passed_on(chain, OTHER)
    assert found["name"] == "onward_not_granted"
    assert found["needs_services"] == "permitted"


def test_what_was_taken_back_does_not_go_on(chain: Chain) -> None:
    chain.consent("a", "b")
    chain.refer("a", "b", what=told())
    chain["a"].client.withdraw(chain.referrals["ab"], categories=["name"])
    chain.settle()
    found = passed_on(chain)
    assert (found["name"], found["sex"]) == ("onward_not_granted", "permitted")


def test_the_grant_onward_is_no_wider(chain: Chain) -> None:
    soon = datetime.now(UTC) + timedelta(days=40)
    chain.consent("a", "b", valid_until=stamp(soon), retention_days=9)
    chain.refer("a", "b", what=told())
    assert passed_on(chain)["name"] == "permitted"
    chain.settle()
    chain.clock.advance(timedelta(days=1))
    grant = newest_grant(chain, "c", "bc")
    assert moment(grant.valid_until) == moment(stamp(soon))
    assert grant.retention_days == 9
    assert chain["c"].client.get_referral(chain.referrals["bc"]).links == []


def newest_grant(chain: Chain, at: str, pair: str) -> Grant:
    from onward_server.service import ledger

    desk = chain[at]

    def read(tx: Any) -> Grant:
        book = ledger.load(tx, chain.referrals[pair], desk.agency)
        grant = content.newest_grant(desk.ctx, tx.parts(chain.referrals[pair]), book, "origin")
        assert grant is not None
        return grant

    return desk.store.read(read)


def test_after_its_end_nothing_goes_on(chain: Chain) -> None:
    chain.consent("a", "b", valid_until=stamp(datetime.now(UTC) + timedelta(hours=5)))
    chain.refer("a", "b", what=told())
    chain.clock.advance(timedelta(hours=6))
    found = passed_on(chain)
    assert found["name"] == "onward_not_granted"


def test_only_what_came_can_be_passed_on(chain: Chain) -> None:
    chain.consent("a", "bc")
    chain.refer("a", "b")
    given = {
        "destination": chain["c"].agency, "consent_id": chain.consents["a"], "record": record(),
        "items": wishes(),
    }  # fmt: skip
    mine = LinkRequest(kind="onward", referral_id=chain.referrals["ab"])
    nobodys = LinkRequest(kind="onward", referral_id="nobody-knows-this")
    assert reason(chain["a"].client.offer, link=mine, **given) == "INVALID_FIELD"
    assert reason(chain["a"].client.offer, link=nobodys, **given) == "NOT_FOUND"


@pytest.mark.parametrize("kind", ["forward", "resumes"])
def test_what_came_is_passed_on_by_no_other_name(chain: Chain, kind: str) -> None:
    chain.consent("a", "b", onward_sharing="none")
    chain.consent("b", "c")
    chain.refer("a", "b")
    link = LinkRequest(kind=kind, referral_id=chain.referrals["ab"])
    fault = reason(
        chain["b"].client.offer, destination=chain["c"].agency, consent_id=chain.consents["b"],
        record=record(), items=wishes(), link=link,
    )  # fmt: skip
    assert fault == "INVALID_FIELD"


def test_narrowed_by_what_it_covers_only() -> None:
    now = datetime.now(UTC)
    ground = agreed(purposes=["service_delivery", OTHER])
    narrow = Grant(
        purposes=["service_delivery"], retention_days=3, categories=["name"],
        valid_until=stamp(now + timedelta(days=1)),
    )  # fmt: skip
    common = {
        "grant_id": "g", "referral_id": "r", "grantor": "b.example", "grantee": "c.example",
        "now": now, "received": {"name": narrow},
    }  # fmt: skip
    sex = [Decision(category="sex", permitted=True)]
    free = grants.from_ground(ground, sex, **common)  # type: ignore[arg-type]
    assert (free.retention_days, list(free.purposes)) == (30, list(ground.purposes))
    both = [*sex, Decision(category="name", permitted=True)]
    bound = grants.from_ground(ground, both, **common)  # type: ignore[arg-type]
    assert (bound.retention_days, list(bound.purposes)) == (3, ["service_delivery"])
    assert bound.valid_until == narrow.valid_until
