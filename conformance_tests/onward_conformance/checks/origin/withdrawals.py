"""She takes it back: never blocked, ahead of everything, and nothing of it leaves any more."""

from __future__ import annotations

from onward_conformance.cases import (
    ACCEPTED,
    WORDS,
    Case,
    accepted,
    certified,
    disclosed,
    offered,
    record,
)
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.offers import silent
from onward_conformance.referral import identifier
from onward_conformance.results import Failed

DECLINED = [{"number": 1, "state": "declined_by_agency", "reason": "no_capacity"}]


def _everything(case: Case) -> None:
    """Everything is taken back: it comes, and then the certificate of the target."""
    case.withdraw(destroyNow=True)
    said = case.came("withdraw")
    if not said["withdrawal"].get("everything"):
        raise Failed("a withdrawal of everything", said["withdrawal"], by="FOLD-020")
    case.came("erased", by="FOLD-022")


@check("WDRW-001")
def withdrawal_of_an_offer(bench: Bench) -> None:
    """Nobody has answered yet."""
    _everything(offered(bench))


@check("WDRW-001")
def withdrawal_after_the_acceptance(bench: Bench) -> None:
    """She is expected, and does not want it any more."""
    _everything(accepted(bench))


@check("WDRW-001")
def withdrawal_after_a_decline(bench: Bench) -> None:
    """The referral rests already."""
    case = offered(bench)
    case.write("acknowledge")
    case.write("decide", items=DECLINED)
    _everything(case)


@check("WDRW-001")
def withdrawal_after_the_end(bench: Bench) -> None:
    """All was done, and the origin has closed the loop."""
    case = disclosed(bench)
    case.write("complete", items=[{"number": 1, "state": "completed"}])
    case.ask("Close")
    case.came("close")
    _everything(case)


@check("WDRW-001")
def withdrawal_after_it_was_invalidated(bench: Bench) -> None:
    """Nothing is final for her word."""
    case = offered(bench)
    case.ask("Invalidate")
    case.came("invalidate")
    case.withdraw()
    case.came("withdraw")


@check("WDRW-001", negative=True)
def withdrawal_by_who_looked_at_something_older(bench: Bench) -> None:
    """The heads have changed since: any other act would be refused for that."""
    case = accepted(bench)
    case.withdraw(write={"expectedHeads": {"origin": {}, "destination": {}}})
    case.came("withdraw")


@check("WDRW-007", negative=True)
def offer_by_a_consent_that_was_taken_back(bench: Bench) -> None:
    """The withdrawal in the referral ends the consent: nothing is offered by it any more."""
    case = offered(bench)
    case.withdraw()
    case.came("withdraw")
    _refused(bench, case.consent["consentId"], "CONSENT_WITHDRAWN")


def _refused(bench: Bench, consent: str, reason: str) -> None:
    request = {
        "destination": bench.cast.partner.name, "consentId": consent,
        "items": [{"number": 1, "wish": "now"}], "record": {"sex": {"sex": "female"}},
    }  # fmt: skip
    bench.act_refused("Referrals.Offer", request, reason)


@check("WDRW-043", negative=True)
def offer_by_a_second_consent_from_before(bench: Bench) -> None:
    """Another consent of hers, older than her word, is no way around it."""
    subject = identifier()
    older = bench.act(
        "Consents.RecordConsent", {"consent": record(bench.cast.partner, subjectId=subject)}
    )
    case = offered(bench, subjectId=subject)
    case.withdraw(scope={"linked": True})
    case.came("withdraw")
    _refused(bench, older["consentId"], "CONSENT_WITHDRAWN")


@check("WDRW-007", "WDRW-061", negative=True)
def category_that_was_taken_back_is_not_told_again(bench: Bench) -> None:
    """She takes her name back, and the rest goes on: it comes, and her name does not."""
    case = accepted(bench)
    case.withdraw("name")
    case.came("withdraw")
    case.disclose()
    asked = {"consentId": case.consent["consentId"]}
    denied = bench.act("Consents.GetConsent", asked).get("deny", [])
    silent(case, WORDS["name"], by="CONS-020" if "name" in denied else "WDRW-007")


@check("WDRW-009")
def withdrawal_in_part_leaves_the_phase(bench: Bench) -> None:
    """Giving up some data does not cost her the place: the referral is still accepted."""
    case = disclosed(bench)
    case.withdraw("contact_safe")
    case.came("withdraw")
    case.disclose({"name": {"firstName": "Sample"}})


@check("ACT-002", "WDRW-018", negative=True)
def disclosure_after_everything_was_taken_back(bench: Bench) -> None:
    """The referral rests, and nothing is told in it."""
    case = disclosed(bench)
    case.withdraw()
    case.refused("Disclose", "STATE_CONFLICT", **case.content())


@check("FOLD-027", "ACT-002", negative=True)
def reopening_after_everything_was_taken_back(bench: Bench) -> None:
    """The way back is a new offer, under a new consent."""
    case = offered(bench)
    case.withdraw()
    asked = {"items": [{"number": 1, "wish": "now"}], "record": {"sex": {"sex": "female"}}}
    case.refused("Reopen", "STATE_CONFLICT", **asked)


@check("FOLD-020", negative=True)
def withdrawal_of_nothing_at_the_origin(bench: Bench) -> None:
    """It names everything or some categories."""
    case = offered(bench)
    case.refused("Withdraw", withdrawal={})


@check("WDRW-011", negative=True)
def withdrawal_of_the_grant(bench: Bench) -> None:
    """What she agreed to is not data that she gave."""
    case = offered(bench)
    case.refused("Withdraw", withdrawal={"categories": ["grant"]})


@check("FOLD-029", "ACT-002", negative=True)
def recall_of_what_was_opened(bench: Bench) -> None:
    """The destination has read it: it is no error that can be undone."""
    case = offered(bench)
    case.write("opened", opened=[one["digest"] for one in case.offered["parts"]])
    case.refused("Recall", "STATE_CONFLICT")


@check("WDRW-018")
def recall_of_what_nobody_opened(bench: Bench) -> None:
    """The wrong agency was asked: it comes, and the target certifies when it is told to."""
    case = offered(bench)
    case.ask("Recall")
    case.came("recall")
    certified(bench, case.referral, by="WDRW-018")


@check("WDRW-018", "ACT-002", negative=True)
def disclosure_after_it_was_invalidated(bench: Bench) -> None:
    """It was about the wrong person: it ends for good."""
    case = accepted(bench)
    case.ask("Invalidate")
    case.came("invalidate")
    case.refused("Disclose", **case.content())
    case.refused("Reopen", items=[{"number": 1, "wish": "now"}], record={"sex": {"sex": "female"}})


@check("FOLD-007", "WDRW-018", negative=True)
def acceptance_after_everything_was_taken_back(bench: Bench) -> None:
    """It crossed with her withdrawal, and changes nothing."""
    case = offered(bench)
    case.write("acknowledge")
    before = case.referral.seen
    case.withdraw()
    case.came("withdraw")
    case.write("decide", items=ACCEPTED, seen=before)
    # By the consent nothing could be told either: the reason says that the referral rests.
    case.refused("Disclose", "STATE_CONFLICT", **case.content())
