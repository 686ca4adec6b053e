"""Holding mail: what is held, for whom, and what is refused by the outside alone."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.check import Bench, check
from onward_conformance.jose import Key, sha256
from onward_conformance.mail import collected, empty, held, posted
from onward_conformance.network import moment, now
from onward_conformance.referral import identifier
from onward_conformance.results import Failed


@check("MBOX-012", "MBOX-010")
def mail_is_held(bench: Bench) -> None:
    """What is for an agency whose entry names the target is held, and not receipted."""
    held(bench, posted(bench))


@check("MBOX-010", negative=True)
def mail_for_somebody_else(bench: Bench) -> None:
    """An agency whose entry does not name the target has no mail there."""
    bench.refused(posted(bench, bench.cast.second), "WRONG_RECIPIENT")


@check("MBOX-010", negative=True)
def mail_that_another_agency_holds(bench: Bench) -> None:
    """An agency whose entry names another mailbox."""
    bench.refused(posted(bench, bench.cast.posted), "WRONG_RECIPIENT")


@check("MBOX-013")
def mail_from_a_suspended_agency(bench: Bench) -> None:
    """It could be a withdrawal: the recipient judges."""
    held(bench, posted(bench, author=bench.cast.suspended))


@check("MBOX-013")
def mail_from_a_removed_agency(bench: Bench) -> None:
    """It could be a withdrawal: the recipient judges."""
    held(bench, posted(bench, author=bench.cast.removed))


@check("MBOX-013")
def mail_from_an_agency_that_the_mailbox_does_not_accept(bench: Bench) -> None:
    """Whom the mailbox's agency accepts as a partner is its own matter."""
    held(bench, posted(bench, author=bench.cast.unaccepted))


@check("MBOX-011", negative=True)
def mail_from_a_stranger(bench: Bench) -> None:
    """An agency that is not on the list."""
    bench.refused(posted(bench, author=bench.cast.stranger), "AGENCY_UNKNOWN")


@check("MBOX-011", negative=True)
def mail_with_a_forged_header(bench: Bench) -> None:
    """A header signed by a key that is nobody's."""
    own = bench.cast.partner.sign.kid
    bench.refused(posted(bench, token={"key": Key.new(), "kid": own}), "SIGNATURE_INVALID")


@check("MBOX-011", negative=True)
def mail_that_is_too_large(bench: Bench) -> None:
    """More than 262,144 bytes."""
    bench.refused(posted(bench, padded=bytes(240_000)), "TOO_LARGE")


@check("MBOX-011", negative=True)
def mail_of_another_environment(bench: Bench) -> None:
    """Test and live don't mix in a mailbox either."""
    other = "live" if bench.network.environment == "test" else "test"
    bench.refused(posted(bench, header={"environment": other}), "WRONG_ENVIRONMENT")


@check("MBOX-011", negative=True)
def mail_that_is_over(bench: Bench) -> None:
    """Its `exp` has come."""
    times = {"iat": now() - timedelta(days=14), "exp": now() - timedelta(minutes=5)}
    past = {name: moment(at) for name, at in times.items()}
    bench.refused(posted(bench, header=past), "ENVELOPE_EXPIRED")


@check("MBOX-011", negative=True)
def mail_of_another_version(bench: Bench) -> None:
    """A version that the target does not speak."""
    bench.refused(posted(bench, header={"version": "9.0"}), "UNKNOWN_VERSION")


@check("MBOX-011", negative=True)
def mail_with_another_inside(bench: Bench) -> None:
    """The digest is that of another sealed text."""
    bench.refused(posted(bench, header={"digest": sha256(b"another")}), "SEAL_INVALID")


@check("MBOX-015")
def same_mail_again(bench: Bench) -> None:
    """The identical bytes are held once, and answered as before."""
    empty(bench, bench.cast.behind)
    made = posted(bench).made()
    first, second = (bench.send(made)[0] for _ in range(2))
    if first.said != second.said or "held" not in (first.said or {}):
        raise Failed("the same answer", str(second))
    found = collected(bench, bench.cast.behind)
    if len(found) != 1:
        raise Failed("one envelope", len(found))


@check("MBOX-016", negative=True)
def message_id_of_other_mail(bench: Bench) -> None:
    """Other bytes under a message id that is held."""
    mid = identifier()
    held(bench, posted(bench, mid=mid))
    bench.refused(posted(bench, mid=mid), "MESSAGE_ID_REUSED")
