"""What a report says to people who do not read specifications."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onward_conformance.results import PROFILES, UNKNOWN, WAYS, Outcome, Result, Run, Verdict

MEANING = {
    "WORD": "Ids could give away who a person is, or let strangers link two referrals of hers.",
    "JSON": "Two systems could read the same message differently, and act on different things.",
    "CLNT": "The agency's software could repeat, lose or misread what its own node does.",
    "HOST": "An agency that shares a node could see, sign or change what is another's.",
    "MBOX": "Mail for an agency that nobody can reach could be lost, or given to somebody else.",
    "CODE": "A word that one side does not know could be taken for another.",
    "CAT": "Personal data could travel outside the categories that she decides on.",
    "KEY": "A message could be taken for genuine that is not, or a genuine one be refused.",
    "PART": "What was sent could not be proved, or could be guessed from its digest.",
    "ENT": "The record of who did what in a referral could be wrong or incomplete.",
    "ENV": "Others on the way could learn something from a message, or change it unseen.",
    "RCPT": "An agency could believe that a message has arrived that was lost.",
    "DLV": "Messages could be lost, taken twice, or taken from somebody who must not send them.",
    "FOLD": "The two agencies could see different states of the same referral.",
    "CHOI": "What the person wants could be overridden, or her silence be taken for a yes.",
    "MILE": "Steps of a person's return could be reported wrongly.",
    "ACT": "Steps could be taken that are not allowed, or allowed ones could be blocked.",
    "CONS": "Data could be shared that the person did not agree to share.",
    "FAM": "Links between family members could be seen by those who must not see them.",
    "CHLD": "Protections for children could be missing.",
    "AGRE": "Data could be shared beyond what the two agencies have agreed.",
    "BASE": "Data could be shared without consent where nothing justifies it.",
    "GRNT": "Data could be kept that the person did not agree to share.",
    "FDBK": "What happens to a person could be reported back without her agreement.",
    "WDRW": "A person who takes her agreement back could be ignored or delayed.",
    "ERAS": "Data that should be destroyed could survive.",
    "ACCT": "A person could not be told in full who received what about her.",
    "GLAS": "Emergency access could be used without anybody else knowing.",
    "HOLD": "Data could be kept for a court without the proof that it has to be.",
    "STOR": "Stored data could be read by whoever gets at the disk or a backup.",
    "RST": "After a restore from a backup, a referral could go on from a wrong state.",
    "TRST": "Agencies that are not trusted could take part, or trusted ones be shut out.",
    "SRVL": "The list of services on offer could be wrong, or give away protected places.",
    "KNCK": "A contact outside a referral could give away something about a person.",
    "LOC": "The agency's own staff or software could do what they are not allowed to.",
    "AUTH": "Somebody could use the node in another's name.",
    "ERR": "Errors could mislead other systems, or give away personal data.",
    "VER": "Test and real data, or two versions, could be mixed up.",
}
"""What can happen where requirements of an id's prefix are broken, in a sentence each."""

RANDOM = re.compile(r"[\w-]{20,}")
"""Ids, digests and tokens, which differ from run to run."""

NAMES = {
    Outcome.PASS: "passed", Outcome.FAIL: "failed", Outcome.WARNING: "warnings",
    Outcome.NOT_APPLICABLE: "not applicable", Outcome.NOT_TESTED: "not tested",
    Outcome.ERROR: "suite errors",
}  # fmt: skip


def listed(words: list[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def counted(number: int, one: str, many: str = "") -> str:
    """1 check, 2 checks."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def over(ways: Iterable[str]) -> str:
    """REST and gRPC, from the codes of transports."""
    names = set(ways)
    return listed([name for way, name in WAYS.items() if way in names]) or "no transport"


def alike(results: Iterable[Result]) -> list[tuple[Result, list[str]]]:
    """Each check once, with the transports over which it ended the same, but for random values."""
    found: dict[tuple[str, ...], tuple[Result, list[str]]] = {}
    for one in results:
        texts = (RANDOM.sub("", text) for text in (one.expected, one.came, one.known))
        key = (one.name, one.profile, one.outcome, one.requirement, *texts)
        found.setdefault(key, (one, []))[1].append(one.way)
    return list(found.values())


def causes(results: Iterable[Result]) -> list[tuple[str, list[Result]]]:
    """What kept checks from being made, each with those that it kept, the most first: one line
    that is missing in target.toml can keep hundreds.
    """
    found: dict[str, list[Result]] = {}
    for one in results:
        found.setdefault(RANDOM.sub("", one.came), []).append(one)
    most = sorted(found.values(), key=len, reverse=True)
    return [(those[0].came, those) for those in most]


def group(profile: str) -> str:
    """The name of a profile, or of the checks that are for no single one."""
    if profile in PROFILES:
        return profile
    if profile.startswith("without_"):
        return f"not a {profile.removeprefix('without_').replace('_', ' ')}"
    return "every node" if profile == "peer" else profile.replace("_", " ")


def reach(run: Run) -> list[tuple[list[str], tuple[str, ...]]]:
    """The profiles to which the worst verdict is due, grouped by their transports."""
    found: dict[tuple[str, ...], list[str]] = {}
    for profile in PROFILES:
        ways = tuple(
            way for pair, way in run.pairs
            if pair == profile and run.verdict(pair, way) is run.overall
        )  # fmt: skip
        if ways:
            found.setdefault(ways, []).append(profile)
    return [(profiles, ways) for ways, profiles in found.items()]


def verdict(run: Run) -> str:
    """The verdict in one sentence: the worst one, and what it is about."""
    roles = "; ".join(f"{listed(profiles)} over {over(ways)}" for profiles, ways in reach(run))
    asked = f"Onward {run.spec} as {roles or 'nothing'}"
    if run.overall is Verdict.CONFORMS:
        return f"{run.title} conforms to {asked}."
    if run.overall is Verdict.FAILS:
        return f"{run.title} does not conform to {asked}."
    if run.only:
        kept = counted(len(run.with_outcome(*UNKNOWN)), "check")
        more = f" Of that, {kept} could not be made." if run.with_outcome(*UNKNOWN) else ""
        were = "was" if len(run.only) == 1 else "were"
        return (
            f"Only {listed(list(run.only))} {were} asked for: that does not say whether {run.title}"
            f" conforms to {asked}.{more}"
        )
    return f"Whether {run.title} conforms to {asked} is open: not everything was tested."


def set_aside(run: Run) -> str:
    """How many checks were not applicable; empty where all were."""
    found = {one.name for one in run.with_outcome(Outcome.NOT_APPLICABLE)}
    if not found:
        return ""
    were = counted(len(found), "check was", "checks were")
    they = "it is" if len(found) == 1 else "they are"
    return f"{were} not applicable: {they} about what the target has not got, and need not have."


def consequence(run: Run) -> str:
    """What follows from it, for somebody who has to decide."""
    failed = {one.requirement for one in run.with_outcome(Outcome.FAIL)}
    if run.overall is Verdict.CONFORMS:
        warned = {one.requirement for one in run.with_outcome(Outcome.WARNING)}
        what = counted(len(warned), "recommendation is", "recommendations are")
        more = f" {what} not followed." if warned else ""
        return (
            "Every check of what it declares has passed. The suite looks at it from outside: that"
            f" does not replace a review of how it is run.{more}"
        )
    if run.overall is Verdict.FAILS:
        mended = "it is mended, the implementation" if len(failed) == 1 else "they are mended, it"
        return (
            f"It breaks {counted(len(failed), 'requirement')} that every implementation has to"
            f" keep. Until {mended} is not ready to exchange real people's data."
        )
    if run.only:
        return "Only some checks were run. This says nothing about the others."
    errors = run.with_outcome(Outcome.ERROR)
    if errors:
        return (
            f"{counted(len(errors), 'check')} ended in a fault of the suite itself. That is no"
            " finding about the implementation: run it again, or report the fault."
        )
    if run.with_outcome(Outcome.NOT_TESTED):
        return "No check has failed, but some could not be made. Below it says which and why."
    bare = [one for one in run.profiles if one not in {each.profile for each in run.results}]
    return f"No check has failed, but none was made of what only this role does: {listed(bare)}."
