"""JUnit's XML: what continuous integration counts, and that nothing breaks its form."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from runs import a_run, both, mixed, result

from onward_conformance.report import junit
from onward_conformance.results import Outcome


def cases(root: Element, name: str) -> list[Element]:
    return [one for one in root.iter("testcase") if one.get("name") == name]


def test_each_outcome_has_its_form() -> None:
    root = ElementTree.fromstring(junit.write(mixed()))
    forms = {
        name: [child.tag for child in cases(root, name)[0]]
        for name in ("good", "bad", "known", "warned", "undeclared", "open", "fault")
    }
    assert forms == {
        "good": [], "bad": ["failure"], "known": ["skipped"], "warned": ["system-out"],
        "undeclared": ["skipped"], "open": ["skipped"], "fault": ["error"],
    }  # fmt: skip


def test_counts_are_those_of_the_cases() -> None:
    root = ElementTree.fromstring(junit.write(mixed()))
    suites = root.findall("testsuite")
    tags = {"failures": "failure", "errors": "error", "skipped": "skipped", "tests": "testcase"}
    for one in (root, *suites):
        assert {name: one.get(name) for name in tags} == {
            name: str(len(list(one.iter(tag)))) for name, tag in tags.items()
        }
    assert {name: root.get(name) for name in tags} == {
        "failures": "4", "errors": "1", "skipped": "3", "tests": "11"
    }  # fmt: skip


def test_a_failure_says_all_that_is_needed() -> None:
    root = ElementTree.fromstring(junit.write(a_run([result("bad", Outcome.FAIL)])))
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "DLV-009: expected WRONG_RECIPIENT; came SEAL_INVALID"
    assert failure.text is not None
    assert "DLV-009 (MUST, spec.md#delivery): A receiver MUST" in failure.text


def test_facts_of_the_run_are_properties_of_each_suite() -> None:
    root = ElementTree.fromstring(junit.write(a_run(both())))
    names = [one.get("name") for one in root.findall("testsuite")]
    assert names == ["onward.destination.rest", "onward.destination.grpc"]
    for suite, way in zip(root, ("REST", "gRPC"), strict=True):
        assert next(iter(suite)).tag == "properties"
        found = {one.get("name"): one.get("value") for one in suite.iter("property")}
        assert found["transport"] == way
        assert found["implementation"] == "Harbour Node"
        assert found["verdict"] == "conforms"
        assert suite.get("timestamp") == "2026-05-04T09:30:00"
        assert suite.get("time") == "0.250"


def test_a_check_for_every_node_stands_once() -> None:
    run = a_run([*both(), result("p", profile="peer")], profiles=("destination", "origin"))
    assert len(cases(ElementTree.fromstring(junit.write(run)), "p")) == 1


def test_a_line_to_be_mended_is_a_failure() -> None:
    root = ElementTree.fromstring(junit.write(mixed()))
    (line,) = [one for one in root if one.get("name") == "onward.known-failing"]
    assert line.find("testcase/failure") is not None


def test_words_of_a_target_stay_words() -> None:
    text = junit.write(mixed())
    root = ElementTree.fromstring(text)
    assert list(root.iter("script")) == []
    assert not any(line.lstrip().startswith("::error") for line in text.splitlines())
    evil = cases(root, "evil")[0].find("failure")
    assert evil is not None
    assert evil.text is not None
    assert "</script><script>" in evil.text
