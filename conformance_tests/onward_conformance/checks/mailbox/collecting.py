"""Collecting: who gets what from a mailbox, and what removes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.standing import standing
from onward_conformance.jose import Key, digest
from onward_conformance.mail import collect, collected, empty, held, posted, receipt
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import identifier
from onward_conformance.results import Failed


def _one(bench: Bench) -> Json:
    """The only envelope that the target holds for the agency behind it."""
    empty(bench, bench.cast.behind)
    return held(bench, posted(bench))


@check("MBOX-031")
def mail_comes_as_it_was_sent(bench: Bench) -> None:
    """The agency gets the identical bytes."""
    made = _one(bench)
    if collected(bench, bench.cast.behind) != [made]:
        raise Failed("the envelope as it was delivered", "another, or none")


@check("MBOX-031", negative=True)
def mail_of_another_agency(bench: Bench) -> None:
    """What is for one agency is not given to another, nor to who sent it."""
    made = _one(bench)
    for asking in (bench.cast.beside, bench.cast.partner):
        if made in collected(bench, asking):
            raise Failed("nothing that is for another", f"it, to {asking.name}")


@check("MBOX-032")
def oldest_mail_first(bench: Bench) -> None:
    """The oldest first, as many as asked for, and on from the one that is named."""
    empty(bench, bench.cast.behind)
    sent = [held(bench, posted(bench)) for _ in range(3)]
    if collected(bench, bench.cast.behind, most=2) != sent[:2]:
        raise Failed("the two oldest", "others")
    after = digest(sent[0]["header"])
    if collected(bench, bench.cast.behind, after=after) != sent[1:]:
        raise Failed("those after the first", "others")
    if collected(bench, bench.cast.behind, after="A" * 43) != sent:
        raise Failed("all, after one that nobody knows", "others")


@check("MBOX-034", "MBOX-036")
def receipt_removes_mail_and_comes_back(bench: Bench) -> None:
    """The recipient's receipt removes its envelope; the sender gets it for the identical bytes."""
    made = _one(bench)
    token = receipt(bench, made)
    if collected(bench, bench.cast.behind, receipts=[token]):
        raise Failed("nothing more", "an envelope")
    (answer,) = bench.send(made)
    if answer.receipt != token:
        raise Failed("the receipt itself", str(answer), by="MBOX-036")


def _stays(name: str, about: str, change: Any) -> None:
    """A check that a receipt removes nothing."""

    def run(bench: Bench) -> None:
        made = _one(bench)
        token = change(bench, made)
        if collected(bench, bench.cast.behind, receipts=[token]) != [made]:
            raise Failed("the envelope to stay", "it is gone")

    run.__name__ = name
    run.__doc__ = f"A receipt {about} removes nothing."
    check("MBOX-034", "MBOX-035", negative=True)(run)


_stays("mail_receipt_by_nobody", "signed by a key that is nobody's",
       lambda b, m: receipt(b, m, key=Key.new()))  # fmt: skip
_stays("mail_receipt_by_the_sender", "signed by who sent the envelope",
       lambda b, m: receipt(b, m, key=b.cast.partner.sign))  # fmt: skip
_stays("mail_receipt_by_another_agency", "of another agency that has its mail there",
       lambda b, m: receipt(b, m, key=b.cast.beside.sign, iss=b.cast.beside.name))  # fmt: skip
_stays("mail_receipt_for_another_message", "for another message id",
       lambda b, m: receipt(b, m, mid=identifier()))  # fmt: skip
_stays("mail_receipt_for_another_header", "for another header",
       lambda b, m: receipt(b, m, header="A" * 43))  # fmt: skip
_stays("mail_receipt_for_another_sender", "for another sender",
       lambda b, m: receipt(b, m, aud=b.cast.second.name))  # fmt: skip


@check("MBOX-035")
def good_receipt_beside_a_bad_one(bench: Bench) -> None:
    """What is no receipt for anything is passed over, and the good one counts."""
    made = _one(bench)
    both = [receipt(bench, made, key=Key.new()), receipt(bench, made)]
    if collected(bench, bench.cast.behind, receipts=both):
        raise Failed("nothing more", "an envelope")


@check("MBOX-033", negative=True)
def mail_from_before_the_suspension(bench: Bench) -> None:
    """The recipient is suspended: it gets what came since, or came again, and nothing else."""
    behind = bench.cast.behind
    empty(bench, behind)
    old, again = held(bench, posted(bench)), held(bench, posted(bench))
    with standing(bench, behind, "suspended"):
        new = held(bench, posted(bench))
        held(bench, again)
        found = collected(bench, behind)
    empty(bench, behind)
    if old in found:
        raise Failed("nothing from before the suspension", "an envelope")
    if new not in found or again not in found:
        raise Failed("what was delivered since", f"{len(found)} envelopes")


def _question(name: str, about: str, reason: str, change: Any) -> None:
    """A check that a question for mail is refused."""

    def run(bench: Bench) -> None:
        answer = change(bench)
        if answer.reason != reason:
            raise Failed(reason, str(answer))

    run.__name__ = name
    run.__doc__ = f"A question for mail {about}."
    check("MBOX-030", negative=True)(run)


_question("mail_for_a_stranger", "from an agency that is not on the list", "AGENCY_UNKNOWN",
          lambda b: collect(b, b.cast.stranger))  # fmt: skip
_question("mail_by_a_forged_question", "signed by another agency's key", "SIGNATURE_INVALID",
          lambda b: collect(b, b.cast.behind, key=b.cast.partner.sign))  # fmt: skip
_question("mail_by_a_retired_key", "signed by a key that is no longer in use",
          "SIGNATURE_INVALID",
          lambda b: collect(b, b.cast.behind, key=b.cast.behind.retired))  # fmt: skip
_question("mail_by_another_question", "with another method", "SIGNATURE_INVALID",
          lambda b: collect(b, b.cast.behind, method="get_node"))  # fmt: skip
_question("mail_by_a_question_to_another", "to another agency", "WRONG_RECIPIENT",
          lambda b: collect(b, b.cast.behind, aud=b.cast.second.name))  # fmt: skip
_question("mail_by_an_old_question", "that was signed ten minutes ago", "SIGNATURE_INVALID",
          lambda b: collect(b, b.cast.behind,
                            iat=moment(now() - timedelta(minutes=10))))  # fmt: skip
_question("mail_by_an_early_question", "that was signed ten minutes from now",
          "SIGNATURE_INVALID",
          lambda b: collect(b, b.cast.behind,
                            iat=moment(now() + timedelta(minutes=10))))  # fmt: skip
