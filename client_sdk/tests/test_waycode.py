"""The way back as a number: what is typed and heard, what a card shows, and what a proof tells."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pytest
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from onward.cli import app
from onward.core import digits, spec, waycode, wayproof
from onward.core.refused import Refused

entropy = st.binary(min_size=16, max_size=16)
locators = st.from_regex("[0-9]{2}", fullmatch=True)
questions = st.sampled_from(waycode.questions())
codes = st.builds(waycode.make, locators, questions, entropy)

ZEROS = [
    char
    for char in map(chr, range(0x110000))
    if unicodedata.category(char) == "Nd" and unicodedata.decimal(char) == 0
]
"""The digit 0 of every script that has one; 1 to 9 follow it."""


def test_the_table_finds_what_it_promises() -> None:
    rows = [[int(d) for d in row] for row in digits.DAMM]
    for row in rows:
        assert sorted(row) == list(range(10)), "a wrong digit leads elsewhere"
    for c in range(10):
        assert rows[c][c] == 0, "the check digit closes the code"
        for x in range(10):
            for y in range(10):
                if x != y:
                    assert rows[rows[c][x]][y] != rows[rows[c][y]][x]


@given(codes)
def test_what_is_made_can_be_read(code: waycode.WayCode) -> None:
    assert re.fullmatch("[0-9]{13}", code.digits)
    assert waycode.parse(code.digits) == code
    assert waycode.parse(waycode.shown(code.digits)) == code


@given(locators, questions, entropy)
def test_the_serial_names_the_question(locator: str, question: str, random: bytes) -> None:
    code = waycode.make(locator, question, random)
    assert (code.locator, code.question) == (locator, question)


@given(codes, st.integers(0, 12), st.integers(1, 9))
def test_a_wrong_digit_is_found(code: waycode.WayCode, at: int, more: int) -> None:
    digits = code.digits
    wrong = digits[:at] + str((int(digits[at]) + more) % 10) + digits[at + 1 :]
    with pytest.raises(Refused, match="INVALID_FIELD"):
        waycode.parse(wrong)


@given(codes, st.integers(0, 11))
def test_two_swapped_digits_are_found(code: waycode.WayCode, at: int) -> None:
    digits = code.digits
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if swapped != digits:
        with pytest.raises(Refused, match="INVALID_FIELD"):
            waycode.parse(swapped)


@given(
    codes, st.sampled_from(ZEROS), st.sampled_from([" ", "-", "\u00a0", "\u2011", ".", "\u200f"])
)
def test_digits_of_every_script_and_any_grouping(
    code: waycode.WayCode, zero: str, between: str
) -> None:
    typed = between.join(chr(ord(zero) + int(digit)) for digit in code.digits)
    assert waycode.parse(f" {typed} ") == code


@given(st.text(max_size=30))
def test_anything_else_is_refused_or_read(text: str) -> None:
    try:
        found = waycode.parse(text)
    except Refused as fault:
        assert str(fault) == "INVALID_FIELD at /code"  # noqa: PT017  # or it is read
    else:
        assert found.digits == waycode.bare(text)


@pytest.mark.parametrize("text", ["", "1234", "1" * 12, "1" * 14, "12345678901ab", "1234+56789012"])
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(Refused):
        waycode.parse(text)


def test_a_code_is_not_made_without_randomness() -> None:
    with pytest.raises(Refused):
        waycode.make("10", "fruit", b"short")
    with pytest.raises(Refused):
        waycode.make("1", "fruit", bytes(16))
    with pytest.raises(Refused):
        waycode.make("10", "mother", bytes(16))


TELLING = (
    "exploitation_type", "sex_exploitation_type", "means_of_control", "recruitment_method",
    "recruitment_context", "identification_status", "agency_kind", "service_type", "risk_kind",
    "safety_alert", "return_milestone", "return_mode", "consent_purpose", "subject_kind",
    "complaint_kind", "referral_reason", "physical_health_need", "entry_channel",
    "immigration_status", "justice_event_kind", "standing_question",
)  # fmt: skip
"""Lists whose words would tell why somebody has a card."""

ALWAYS_TELLING = {"onward", "victim", "survivor", "trafficking", "ngo", "ministry", "help", "case"}


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


@cache
def telling() -> set[str]:
    found = set(ALWAYS_TELLING)
    for name in TELLING:
        for one in spec.registries()[name].codes.values():
            found |= words(one.label) | words(one.id.replace("_", " "))
    return found


@given(codes)
def test_a_found_card_shows_nothing(code: waycode.WayCode) -> None:
    card = waycode.card(code.digits)
    assert words(" ".join(card)) & telling() == set()
    assert "exploitation" in telling(), "the words of the lists are there to be found"
    assert code.question not in " ".join(card)
    assert [line for line in card if re.search(r"\d", line)] == [
        f"No. {waycode.shown(code.digits)}"
    ]


@given(codes)
def test_a_card_in_other_words(code: waycode.WayCode) -> None:
    assert waycode.card(code.digits, ["সদস্য", "{number}"])[1] == waycode.shown(code.digits)
    with pytest.raises(ValueError, match="number"):
        waycode.card(code.digits, ["সদস্য"])


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ("Mango", " mango! "), ("Straße", "STRASSE"), ("Café", "cafe\u0301"), ("আম", "আম।"),
        ("river  Padma", "RiverPadma"), ("１２", "12"),
    ],
)  # fmt: skip
def test_answers_that_are_the_same(told: str, heard: str) -> None:
    assert wayproof.normal(told) == wayproof.normal(heard)


@pytest.mark.parametrize(("told", "heard"), [("mango", "mangos"), ("আম", "আমি"), ("กา", "กำ")])
def test_answers_that_differ(told: str, heard: str) -> None:
    assert wayproof.normal(told) != wayproof.normal(heard)


@pytest.mark.parametrize("answer", ["", "  ", "...", "😀"])
def test_an_answer_that_is_none(answer: str) -> None:
    with pytest.raises(Refused, match="INVALID_FIELD"):
        wayproof.normal(answer)


@given(st.text(min_size=1, max_size=80))
def test_normal_is_stable(answer: str) -> None:
    try:
        once = wayproof.normal(answer)
    except Refused:
        return
    assert wayproof.normal(once) == once


def test_a_proof_is_good_for_one_knock_one_desk_one_purpose_and_one_agency() -> None:
    code = waycode.make("10", "fruit", bytes(range(16)))
    slow = wayproof.stretched(code, "Mango")
    kept = wayproof.key(slow, "a.example")
    given_ = wayproof.proof(kept, "knock-0001", "b.example", "resume")
    assert wayproof.holds(kept, given_, "knock-0001", "b.example", "resume")
    assert not wayproof.holds(kept, given_, "knock-0002", "b.example", "resume")
    assert not wayproof.holds(kept, given_, "knock-0001", "c.example", "resume")
    assert not wayproof.holds(kept, given_, "knock-0001", "b.example", "revoke")
    assert wayproof.key(slow, "c.example") != kept
    assert wayproof.stretched(code, "mango ") == slow
    assert wayproof.stretched(code, "melon") != slow
    other = waycode.WayCode(code.locator, code.serial, f"{int(code.secret) ^ 1:07}")
    assert wayproof.stretched(other, "mango") != slow


def test_the_command_prints_a_card() -> None:
    code = waycode.make("10", "fruit", bytes(range(16)))
    run = CliRunner()
    done = run.invoke(app, ["card"], input=f"{waycode.shown(code.digits)}\n")
    assert done.exit_code == 0
    assert f"|  No. {waycode.shown(code.digits)}" in done.output
    own = run.invoke(app, ["card", "--code", code.digits, "--line", "{number}"])
    assert waycode.shown(code.digits) in own.output
    assert "Membership" not in own.output
    wrong = f"{(int(code.digits) + 1) % 10**13:013}"
    assert run.invoke(app, ["card", "--code", wrong]).exit_code == 1
    assert run.invoke(app, ["card", "--code", code.digits, "--line", "none"]).exit_code == 2
