"""Knocks: sealed messages outside any referral."""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.jose import b64
from onward_conformance.knocking import ASKS, answer, knock
from onward_conformance.lists import listing, stale
from onward_conformance.network import Json
from onward_conformance.referral import identifier
from onward_conformance.results import Failed


def _claim(purpose: str, **changed: Any) -> Json:
    """A claim with a way back that nobody gave."""
    return {"claim": {"purpose": purpose, "serial": "120", "proof": b64(bytes(32))} | changed}


@check("KNCK-002", "KNCK-004")
def knock_of_no_partner(bench: Bench) -> None:
    """Somebody asks for help at an agency that the target has not accepted as a partner."""
    said = bench.taken(knock(bench, ASKS, bench.cast.unaccepted))
    if "referralId" in said or "heads" in said:
        raise Failed("a receipt without referral and heads", sorted(said), by="KNCK-004")


@check("KNCK-003", negative=True)
def knock_of_who_is_suspended(bench: Bench) -> None:
    """The list says that nothing comes from it for now."""
    bench.refused(knock(bench, ASKS, bench.cast.suspended), "PEER_SUSPENDED")


@check("KNCK-003", negative=True)
def knock_of_who_was_removed(bench: Bench) -> None:
    """It is no member any more."""
    bench.refused(knock(bench, ASKS, bench.cast.removed), "AGENCY_UNKNOWN")


@check("KNCK-003", "KNCK-009")
def claim_to_withdraw_passes(bench: Bench) -> None:
    """She takes back at the desk of an agency that is suspended: the claim is taken."""
    bench.taken(knock(bench, _claim("withdraw"), bench.cast.suspended))


@check("KNCK-003", negative=True)
def knock_under_a_stale_list(bench: Bench) -> None:
    """Who asks for help has to wait for a newer list. Who takes back does not."""
    with listing(bench, stale):
        bench.refused(knock(bench, ASKS), "TRUST_LIST_STALE")
        bench.taken(knock(bench, _claim("withdraw")))


@check("KNCK-006", "KNCK-004")
def same_knock_sealed_anew(bench: Bench) -> None:
    """The same knock in another envelope is receipted again."""
    same = identifier()
    for _ in range(2):
        bench.taken(knock(bench, ASKS, knockId=same))


@check("KNCK-007", negative=True)
def knock_with_anothers_id(bench: Bench) -> None:
    """Another agency uses the id of the partner's knock."""
    same = identifier()
    bench.taken(knock(bench, ASKS, knockId=same))
    bench.refused(knock(bench, ASKS, bench.cast.second, knockId=same), "MESSAGE_ID_REUSED")


@check("KNCK-012", negative=True)
def answer_to_nothing(bench: Bench) -> None:
    """It answers what the target never asked."""
    answers = {"answers": identifier(), "result": "not_confirmed"}
    bench.refused(knock(bench, {"claimAnswer": answers}), "NOT_FOUND")


@check("KNCK-062", negative=True)
def complaint_at_who_is_no_body_for_it(bench: Bench) -> None:
    """The list does not name the target as one that looks into complaints."""
    about = {"agency": bench.cast.second.name, "complaint": "confinement"}
    bench.refused(knock(bench, {"complaint": about}), "WRONG_RECIPIENT")


@check("JSON-010", "KNCK-001", negative=True)
def knock_with_words(bench: Bench) -> None:
    """Nobody's name fits into a knock."""
    named = {"selfReferral": ASKS["selfReferral"] | {"name": "Sample"}}
    bench.refused(knock(bench, named), "UNKNOWN_FIELD")


@check("ENV-017", negative=True)
def knock_about_nothing(bench: Bench) -> None:
    """A knock without content."""
    bench.refused(knock(bench, {}), "INVALID_FIELD")


@check("KNCK-032", "KNCK-033", negative=True)
def claim_that_nobody_can_confirm(bench: Bench) -> None:
    """A way back that the target never gave: it answers, and confirms nothing."""
    name = identifier()
    bench.taken(knock(bench, _claim("resume"), knockId=name))
    found = answer(bench, name)
    found.pop("knockId")
    if found != {"answers": name, "result": "not_confirmed"}:
        raise Failed("not_confirmed, and nothing more", found, by="KNCK-033")
