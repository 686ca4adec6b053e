"""Complaints that are lodged at the target: who hears of them, and who does not."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.knocking import complaints, lodged, mark
from onward_conformance.network import Agency
from onward_conformance.results import Failed


def _arrives(bench: Bench, about: Agency, to: list[Agency], after: int) -> None:
    wanted = {one.name for one in to}
    bench.until("the complaint at each body", lambda: wanted <= complaints(bench, about, after))


@check("KNCK-060")
def complaint_reaches_every_body(bench: Bench) -> None:
    """Each active agency that the list names for it gets it, also one that is no partner."""
    before = mark(bench)
    lodged(bench, bench.cast.posted)
    _arrives(bench, bench.cast.posted, bench.cast.bodies, before)


@check("KNCK-061", "KNCK-060", negative=True)
def complaint_about_a_body(bench: Bench) -> None:
    """Another body looks into it. The one that it is about gets what is lodged after it, and never
    this."""
    cast, before = bench.cast, mark(bench)
    lodged(bench, cast.second)
    _arrives(bench, cast.second, [cast.partner], before)
    lodged(bench, cast.partner)
    _arrives(bench, cast.partner, [cast.second], before)
    if cast.second.name in complaints(bench, cast.second, before):
        raise Failed("nothing of it at the agency that it is about", "the complaint")
