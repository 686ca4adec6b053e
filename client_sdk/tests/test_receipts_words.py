"""Every language file is whole: the same keys, the same blanks, a label for every code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from onward.core import spec
from onward.receipts import words
from onward.receipts.words import FIRST, REGISTRIES, blanks, kind_of_help, load, raw

OTHERS = [one for one in words.languages() if one != FIRST]
ENGLISH = raw(FIRST)


def labels(language: str) -> Iterator[tuple[str, str, str]]:
    for registry, said in load(language).labels.items():
        for code, label in said.items():
            yield registry, code, label


def test_the_languages_that_were_promised() -> None:
    assert words.languages() == (FIRST, "bn", "fil", "hi", "km", "my", "th")


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_sentences_with_the_same_blanks(language: str) -> None:
    said = raw(language)
    assert set(said) == set(ENGLISH)
    assert set(said["text"]) == set(ENGLISH["text"])
    for key, sentence in said["text"].items():
        assert blanks(sentence) == blanks(ENGLISH["text"][key]), key
    assert blanks(said["date"]) == {"day", "month", "year"}
    assert len(said["months"]) == len(set(said["months"])) == 12


@pytest.mark.parametrize("language", words.languages())
def test_every_code_has_a_label(language: str) -> None:
    known = load(language).labels
    for registry in REGISTRIES:
        allowed = set(spec.registries()[registry].allowed())
        assert allowed - set(known[registry]) == set(), registry
    categories = {one.id for one in spec.categories().values() if not one.protocol}
    assert set(known["category"]) == categories
    kinds = {kind_of_help(one) for one in spec.registries()["service_type"].allowed()}
    assert kinds - set(known["service_type"]) == set()
    assert set(known["country"]) == set(ENGLISH["labels"]["country"])


@pytest.mark.parametrize("language", words.languages())
def test_no_label_of_a_code_that_is_not_there(language: str) -> None:
    for registry, said in raw(language)["labels"].items():
        if registry not in ("category", "country"):
            assert set(said) <= set(spec.registries()[registry].codes), registry


@pytest.mark.parametrize("language", words.languages())
def test_nothing_is_empty_and_each_waits_for_review(language: str) -> None:
    said = load(language)
    assert said.review == "needs review by a native speaker"
    for text in (*said.text.values(), *said.months, *(label for _, _, label in labels(language))):
        assert text == text.strip()
        assert text


@pytest.mark.parametrize("language", words.languages())
def test_labels_of_one_list_differ(language: str) -> None:
    """Else a person could not tell two of them apart."""
    for registry, said in load(language).labels.items():
        assert len(set(said.values())) == len(said), registry


@pytest.mark.parametrize("language", OTHERS)
def test_it_is_translated(language: str) -> None:
    """A sentence that is the same as in English was forgotten."""
    for key, sentence in raw(language)["text"].items():
        bare = re.sub(r"\{\w+\}", "", sentence)
        same = sentence == ENGLISH["text"][key]
        assert not same or len(re.findall(r"\w", bare)) <= 3, key
    english = {(registry, code): label for registry, code, label in labels(FIRST)}
    same_labels = {
        (registry, code)
        for registry, code, label in labels(language)
        if english[registry, code] == label and registry != "country"
    }
    assert same_labels == set()


@pytest.mark.parametrize("language", [one for one in OTHERS if raw(one)["fonts"]])
def test_it_is_in_its_own_script(language: str) -> None:
    """No Latin word stands in a sentence that is read aloud in another script."""
    for key, sentence in raw(language)["text"].items():
        assert not re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", sentence)), key


def test_english_labels_have_one_home() -> None:
    """A label that says what the registry says does not stand a second time."""
    for registry, said in ENGLISH["labels"].items():
        known = spec.registries().get(registry)
        for code, label in said.items():
            assert known is None or known.codes[code].label != label, (registry, code)


def test_a_code_from_far_away_stays_itself() -> None:
    assert load("bn").label("country", "IS") == "IS"


def test_a_language_without_words() -> None:
    with pytest.raises(ValueError, match="there are: en, bn"):
        load("xx")
    with pytest.raises(ValueError, match="no words"):
        load("../en")
