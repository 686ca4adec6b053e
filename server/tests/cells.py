"""Two real nodes behind both adapters, with a referral in each phase that can be had again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from nodes import Pair, folded
from onward.core.states import SIDES
from onward.v1.referral_pb2 import Referral
from phases import Case, case_in, with_third
from rewind import Moments
from serving import WAYS, Serving, Way

FAST = Path("/dev/shm")
"""Where files cost nothing, if there is such a place."""


class Cells:
    """Two nodes behind both adapters, with a referral in each phase."""

    def __init__(self, folder: Path) -> None:
        self.pair = with_third(Pair(folder))
        self.moments = Moments(self.pair)
        self.serving = Serving(*self.pair.desks)
        self.clients = {
            (side, way): self.serving.client(desk, way)
            for side, desk in zip(SIDES, self.pair.desks, strict=True)
            for way in WAYS
        }
        self.turn = 0
        self._now: Case | None = None
        self._at = ""

    def case(self, standing: str) -> Case:
        """A referral that stands so, and that nobody has spoilt."""
        if standing not in self.moments:
            self.moments.keep(standing, case_in(self.pair, standing))
            self._at = standing
        elif self._at != standing:
            self.moments.back(standing)
        self._at = standing
        made: Case = self.moments.about(standing)
        return made

    def spoil(self) -> None:
        """What the next one needs is not here any more."""
        self._at = ""

    def way(self) -> Way:
        """Each transport in its turn."""
        self.turn += 1
        return WAYS[self.turn % 2]

    def close(self) -> None:
        self.serving.close()
        self.pair.close()


def running() -> Iterator[Cells]:
    """Such nodes, for the tests of one file."""
    with TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as folder:
        made = Cells(Path(folder))
        yield made
        made.close()


def unmoved(referral: Referral) -> Referral:
    """A view without what even an entry that changes nothing leaves: its head, its parts."""
    bare = folded(referral)
    bare.ClearField("heads")
    kept = [one for one in bare.parts if one.refusal != "disallowed"]
    del bare.parts[:]
    bare.parts.extend(kept)
    return bare
