"""A node that is no mailbox holds nothing for anybody."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.mail import collect, posted
from onward_conformance.results import Failed


@check("MBOX-037", negative=True)
def collect_at_no_mailbox(bench: Bench) -> None:
    """A node that is no mailbox refuses Collect."""
    answer = collect(bench, bench.cast.behind)
    if answer.reason != "UNIMPLEMENTED":
        raise Failed("UNIMPLEMENTED", str(answer))


@check("MBOX-010", "DLV-009", negative=True)
def mail_at_no_mailbox(bench: Bench) -> None:
    """It holds nothing for an agency whose entry names it."""
    bench.refused(posted(bench), "WRONG_RECIPIENT")
