"""Versions: what the target does not speak it does not guess."""

from __future__ import annotations

from onward_conformance.check import Bench, check

NEAR = ("1.1", "1.99", "2.0")
"""Later than this version, of the same major number and of the next."""


def _strange(bench: Bench) -> list[str]:
    """Versions that the target's entry in the trust list does not name."""
    return [one for one in NEAR if one not in bench.network.target["versions"]]


@check("VER-004", negative=True)
def envelope_of_a_version_near_by(bench: Bench) -> None:
    """A header of another version, also one of the same major number."""
    for version in _strange(bench):
        referral = bench.referral()
        token, parts = referral.offer()
        envelope = referral.envelope(referral.bundle([token], parts), header={"version": version})
        bench.refused(envelope, "UNKNOWN_VERSION")


@check("VER-004", negative=True)
def entry_of_a_version_near_by(bench: Bench) -> None:
    """An entry of another version in an envelope that is right."""
    for version in _strange(bench):
        referral = bench.referral()
        token, parts = referral.offer(version=version)
        bench.refused(referral.envelope(referral.bundle([token], parts)), "UNKNOWN_VERSION")
