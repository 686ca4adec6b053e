"""The report for machines: JSON with a schema of its own, `report.schema.json` of this package.

It is also what the other reports can be made from again: `read` gives back the run.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from onward_conformance.network import moment
from onward_conformance.requirements import Requirement
from onward_conformance.results import Outcome, Result, Run, Verdict, visible

Json = dict[str, Any]

SCHEMA_VERSION = "1.0"
"""Of the report's form: a new first number where a reader of the old one would go wrong."""


class ReportError(Exception):
    """Something that is no report, or contradicts itself; the text says where."""


def code(word: Outcome | Verdict) -> str:
    """How an outcome or a verdict stands in the report: camelCase, such as notTested."""
    return re.sub(r" (\w)", lambda found: found[1].upper(), word.value)


OUTCOMES = {code(one): one for one in Outcome}
VERDICTS = {code(one): one for one in Verdict}


def schema() -> Json:
    """The JSON Schema of a report."""
    text = files("onward_conformance").joinpath("report.schema.json").read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(schema(), validate_formats=True)


def write(run: Run) -> str:
    """The report. Two of the same run are the same text."""
    return json.dumps(made(run), indent=1, ensure_ascii=False) + "\n"


def made(run: Run) -> Json:
    """The report as an object."""
    target = {
        "agency": run.agency, "environment": run.environment,
        "implementation": run.implementation, "version": run.version, "commit": run.commit,
        "profiles": list(run.profiles), "transports": list(run.ways),
    }  # fmt: skip
    named = {one.requirement for one in run.results}
    return {
        "schema": SCHEMA_VERSION,
        "suite": run.suite,
        "specification": run.spec,
        "target": target,
        "started": moment(run.started),
        "seconds": round(run.seconds, 3),
        "only": list(run.only),
        "verdict": code(run.overall),
        "verdicts": [_verdict(run, *pair) for pair in run.pairs],
        "knownFailingToMend": list(run.stale),
        "requirements": [vars(one) for name, one in run.about.items() if name in named],
        "results": [_result(one) for one in run.results],
    }


def _verdict(run: Run, profile: str, way: str) -> Json:
    count = Counter(one.outcome for one in run.of(profile, way))
    counts = {code(one): count[one] for one in Outcome}
    verdict = code(run.verdict(profile, way))
    return {"profile": profile, "transport": way, "verdict": verdict, "counts": counts}


def _result(one: Result) -> Json:
    return {
        "check": one.name, "profile": one.profile, "transport": one.way,
        "outcome": code(one.outcome), "requirement": one.requirement, "expected": one.expected,
        "came": one.came, "knownFailing": one.known, "seconds": round(one.seconds, 3),
    }  # fmt: skip


def _once(pairs: Iterable[tuple[str, Any]]) -> Json:
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise ReportError(f"no report: it names {name} twice in one object")
        found[name] = value
    return found


def _no_number(name: str) -> None:
    raise ReportError(f"no report: {name} is no number of JSON")


def _run(said: Json) -> Run:
    target = said["target"]
    return Run(
        results=tuple(_read_result(one) for one in said["results"]),
        agency=target["agency"], environment=target["environment"],
        implementation=target["implementation"], version=target["version"],
        commit=target["commit"],
        profiles=tuple(target["profiles"]), ways=tuple(target["transports"]),
        started=datetime.fromisoformat(said["started"]), seconds=said["seconds"],
        suite=said["suite"], spec=said["specification"],
        only=tuple(said["only"]), stale=tuple(said["knownFailingToMend"]),
        about={one["id"]: _requirement(one) for one in said["requirements"]},
    )  # fmt: skip


def read(text: str | bytes) -> Run:
    """The run that a report tells of.

    Raises ReportError if it does not match the schema, or if its verdicts do not follow from its
    results.
    """
    try:
        said = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        broken = next(_validator().iter_errors(said), None)
        if broken:
            place = "/".join(str(one) for one in broken.instance_path)
            raise ReportError(visible(f"no report: at /{place}: {broken.message[:300]}"))
        run = _run(said)
    except (ValueError, RecursionError) as fault:
        raise ReportError(visible(f"no report: {fault}")) from None
    again = made(run)
    for name in ("verdict", "verdicts"):
        if again[name] != said[name]:
            raise ReportError(f"the report contradicts itself: its {name} does not follow"
                              " from its results")  # fmt: skip
    return run


def _requirement(said: Json) -> Requirement:
    return Requirement(**{name: visible(text) for name, text in said.items()})


def _read_result(said: Json) -> Result:
    return Result(
        said["check"], OUTCOMES[said["outcome"]], said["requirement"], said["expected"],
        said["came"], said["seconds"], said["profile"], said["transport"], said["knownFailing"],
    )  # fmt: skip
