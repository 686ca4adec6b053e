"""A node that takes no knocks says so."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.knocking import ASKS, knock


@check("KNCK-013", negative=True)
def knock_at_who_takes_none(bench: Bench) -> None:
    """Somebody asks for help at an agency that takes no knocks."""
    bench.refused(knock(bench, ASKS), "UNIMPLEMENTED")
