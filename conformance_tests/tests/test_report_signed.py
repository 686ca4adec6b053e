"""Signed reports: what an authority takes, and everything for which it refuses one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from runs import EVIL, MUST, a_run, both, result

from onward_conformance import jose
from onward_conformance.check import Check
from onward_conformance.network import DAY, Agency, Network, moment
from onward_conformance.report import document, signed, trusted
from onward_conformance.report.signed import SignatureError
from onward_conformance.results import Outcome, Verdict

NOW = datetime.now(UTC)
SHELTER = Agency("shelter.ngo.in.example")
OTHER = Agency("other.ngo.in.example")
REMOVED = Agency("removed.ngo.in.example", "removed")
AUTHORITIES = [jose.Key.new() for _ in range(3)]
STAMPER = jose.Key.new()


def key(one: jose.Key, **said: Any) -> dict[str, Any]:
    """A key as it stands in anchors."""
    times = {"notBefore": moment(NOW - DAY), "notAfter": moment(NOW + DAY)}
    public = {"x": one.public["x"], "y": one.public["y"]}
    return {"kid": one.kid, "use": "sign"} | public | times | said


def anchors(**said: Any) -> dict[str, Any]:
    return {
        "environment": "test", "threshold": 2, "authorities": [key(one) for one in AUTHORITIES],
        "stampers": [key(STAMPER)],
    } | said  # fmt: skip


def trust_list(
    signers: list[jose.Key] = AUTHORITIES[:2],
    stamp: dict[str, Any] | None = None,
    stamper: jose.Key = STAMPER,
    typ: str = "onward-trust+jws",
    **said: Any,
) -> dict[str, Any]:
    payload = jose.compact({
        "version": "1.0", "environment": "test", "seq": 7, "issuedAt": moment(NOW - DAY),
        "expiresAt": moment(NOW + 90 * DAY),
        "agencies": [one.entry() for one in (SHELTER, OTHER, REMOVED)],
    } | said)  # fmt: skip
    stamped = {
        "environment": "test", "seq": 7, "digest": jose.sha256(payload),
        "issuedAt": moment(NOW - DAY), "expiresAt": moment(NOW + DAY),
    } | (stamp or {})  # fmt: skip
    signatures = []
    for one in signers:
        protected, _, signature = jose.sign(payload, typ, one).split(".")
        signatures.append({"protected": protected, "signature": signature})
    return {
        "payload": jose.b64(payload), "signatures": signatures,
        "stamp": jose.sign(jose.compact(stamped), "onward-stamp+jws", stamper),
    }  # fmt: skip


def report(**said: Any) -> bytes:
    return document.write(a_run(both(), **({"started": NOW - DAY} | said))).encode()


def token(by: jose.Key = SHELTER.sign, **said: Any) -> str:
    return signed.sign(report(**said), by)


def check(text: str, **said: Any) -> Any:
    found = {
        "signer": signed.listed(trust_list(), anchors(), NOW), "now": NOW, "suites": ["1.0.0"],
        "max_age": 30 * DAY,
    } | said  # fmt: skip
    return signed.check(text, **found)


def refused(text: str, why: str, **said: Any) -> None:
    with pytest.raises(SignatureError, match=why):
        check(text, **said)


def test_a_good_one_is_taken() -> None:
    run = check(token())
    assert (run.agency, run.overall) == (SHELTER.name, Verdict.CONFORMS)
    assert check(f"{token()}\n", agency=SHELTER.name) == run


def test_its_payload_is_the_reports_bytes() -> None:
    header, payload = jose.read(signed.sign(report(), SHELTER.sign))
    assert payload == report()
    assert header == {"alg": "ES256", "typ": "onward-report+jws", "kid": SHELTER.sign.kid}


def test_one_that_does_not_conform_is_good_as_well() -> None:
    bad = document.write(a_run(both("x", Outcome.FAIL), started=NOW)).encode()
    assert check(signed.sign(bad, SHELTER.sign)).overall is Verdict.FAILS


def test_any_other_byte_is_refused() -> None:
    head, payload, signature = token().split(".")
    other = jose.b64(report(version="2.2"))
    refused(f"{head}.{other}.{signature}", "signature is not good")
    refused(f"{head}.{payload}.{signature[:-4]}AAAA", "signature is not good")
    refused(f"{head}.{payload}.{signature}AAAA", "signature is not good")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"}, {"typ": "onward-receipt+jws"}, {"typ": None}, {"kid": None},
        {"kid": OTHER.sign.kid}, {"jwk": SHELTER.sign.public}, {"crit": ["b64"]},
    ],
)  # fmt: skip
def test_another_header_is_refused(header: dict[str, Any]) -> None:
    made = jose.sign(report(), signed.TYPE, SHELTER.sign, **header)
    refused(made, "signature is not good")


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "e30.e30.", "W10.e30.AAAA", "é.é.é"])
def test_what_is_no_token_is_refused(text: str) -> None:
    refused(text, "signature is not good")


@pytest.mark.parametrize(
    "by", [jose.Key.new(), SHELTER.retired, SHELTER.seal, REMOVED.sign, AUTHORITIES[0]]
)
def test_another_key_is_refused(by: jose.Key) -> None:
    refused(token(by), "a key that is not one of")


def test_another_agencys_report_is_refused() -> None:
    refused(token(OTHER.sign), "other.ngo.in.example signed a report about shelter")
    refused(token(), "is for agency shelter", agency=OTHER.name)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"environment": "live"}, "is for environment live, not test"),
        ({"suite": "0.9.0"}, "made with suite 0.9.0"),
        ({"started": NOW - 31 * DAY}, "more than 30 days ago"),
        ({"started": NOW + timedelta(minutes=10)}, "in the future"),
    ],
)
def test_a_report_that_is_not_what_was_asked_for_is_refused(said: dict[str, Any], why: str) -> None:
    refused(token(**said), why)


def test_a_run_of_some_checks_alone_conforms_to_nothing() -> None:
    assert check(token(only=("one-check",))).overall is Verdict.INCOMPLETE


def a_check(name: str, way: str = "") -> Check:
    return Check(name, "", "peer", (MUST,), negative=False, run=print, way=way)


def test_a_report_that_leaves_checks_out() -> None:
    run = a_run([*both(), result("other", way="rest")])
    signed.nothing_left_out(run, [a_check("one-check")])
    signed.nothing_left_out(run, [a_check("one-check"), a_check("other", "rest")])
    with pytest.raises(SignatureError, match="leaves out 1 check over grpc, such as other"):
        signed.nothing_left_out(run, [a_check("one-check"), a_check("other")])


def test_only_reports_are_signed() -> None:
    with pytest.raises(SignatureError, match="no report"):
        signed.sign(b'{"agency": "me"}', SHELTER.sign)
    text = document.write(a_run(both("x", Outcome.FAIL))).replace('"fail"', '"pass"')
    with pytest.raises(SignatureError):
        signed.sign(text.encode(), SHELTER.sign)
    refused(jose.sign(b"{}", signed.TYPE, SHELTER.sign), "what was signed is no report")


LISTS: dict[str, tuple[Callable[[], dict[str, Any]], Callable[[], dict[str, Any]], str]] = {
    "one authority": (lambda: trust_list(AUTHORITIES[:1]), anchors, "1 of the authorities"),
    "one authority twice": (lambda: trust_list(AUTHORITIES[:1] * 2), anchors, "1 of the author"),
    "a stranger": (lambda: trust_list([AUTHORITIES[0], jose.Key.new()]), anchors, "1 of the auth"),
    "the stamper": (lambda: trust_list([AUTHORITIES[0], STAMPER]), anchors, "1 of the authorit"),
    "another type": (lambda: trust_list(typ="onward-entry+jws"), anchors, "0 of the authorities"),
    "nobody, where none is needed": (
        lambda: trust_list([]), lambda: anchors(threshold=0), "0 of the authorities"),
    "authorities that are over": (
        trust_list,
        lambda: anchors(authorities=[key(one, notAfter=moment(NOW - DAY)) for one in AUTHORITIES]),
        "0 of the authorities"),
    "another environment": (
        trust_list, lambda: anchors(environment="live"), "environment test, the anchors for live"),
    "it has ended": (lambda: trust_list(expiresAt=moment(NOW - DAY)), anchors, "stale"),
    "an old stamp": (
        lambda: trust_list(stamp={"expiresAt": moment(NOW - 4 * DAY)}), anchors, "stale"),
    "a stamp for another list": (lambda: trust_list(stamp={"digest": "x"}), anchors, "stale"),
    "a stamp of another number": (lambda: trust_list(stamp={"seq": 8}), anchors, "stale"),
    "a stranger's stamp": (lambda: trust_list(stamper=jose.Key.new()), anchors, "stale"),
    "no stamp": (lambda: trust_list() | {"stamp": ""}, anchors, "stale"),
    "an agency twice": (
        lambda: trust_list(agencies=[SHELTER.entry(), SHELTER.entry()]), anchors, "agency twice"),
    "a key twice": (
        lambda: trust_list(agencies=[SHELTER.entry(), SHELTER.entry() | {"agency": "x.example"}]),
        anchors, "key twice"),
    "a key under another id": (
        lambda: trust_list(agencies=[OTHER.entry() | {
            "keys": [key(SHELTER.sign) | {"kid": OTHER.sign.kid}]}]), anchors, "thumbprint"),
    "another payload": (
        lambda: trust_list() | {"payload": jose.b64(b"{}")}, anchors, "0 of the authorities"),
    "no list": (lambda: {"payload": 1}, anchors, "can't be read"),
    "no anchors": (trust_list, dict, "can't be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_not_good_is_refused(name: str) -> None:
    made, by, why = LISTS[name]
    with pytest.raises(SignatureError, match=why):
        signed.listed(made(), by(), NOW)


def test_a_stamp_has_a_grace() -> None:
    found = trust_list(stamp={"expiresAt": moment(NOW - 2 * DAY)})
    environment, members = trusted.members(found, anchors(), NOW)
    assert (environment, len(members)) == ("test", 3)


def test_the_suites_own_list_is_one() -> None:
    network = Network([SHELTER.entry()], {})
    signer = signed.listed(network.trust_list(), network.anchors(), datetime.now(UTC))
    assert signer.agencies[SHELTER.sign.kid] == SHELTER.name
    assert SHELTER.retired.kid not in signer.keys


def test_a_key_by_hand(tmp_path: Path) -> None:
    tester = jose.Key.new()
    path = tmp_path / "tester.jwk"
    path.write_text(json.dumps(tester.public | {"kid": "whatever"}))
    signer = signed.public_key(path, "test")
    assert check(token(tester), signer=signer).agency == SHELTER.name
    refused(token(), "a key that is not one of", signer=signer)
    refused(token(tester, environment="live"), "environment", signer=signer)


@pytest.mark.parametrize("text", ["", "[]", "{}", EVIL.replace("\ud800", ""), '{"d": 1}'])
def test_files_that_hold_no_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jwk"
    path.write_text(text)
    for read in (signed.key, lambda one: signed.public_key(one, "test")):
        with pytest.raises(SignatureError, match=r"a\.jwk holds no p"):
            read(path)  # type: ignore[operator]


def test_a_private_key_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.jwk"
    path.write_text(SHELTER.sign.text)
    assert signed.key(path).kid == SHELTER.sign.kid
    said = json.loads(SHELTER.sign.text)
    for wrong in ({"x": OTHER.sign.public["x"]}, {"crv": "P-384"}, {"use": "enc"}):
        path.write_text(json.dumps(said | wrong))
        with pytest.raises(SignatureError, match="not one for signatures"):
            signed.key(path)


def test_of_a_file_with_every_key_the_one_to_sign_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    mine, seal = json.loads(SHELTER.sign.text), json.loads(OTHER.sign.text)
    path.write_text(json.dumps({"sign": [mine | {"kid": "one"}], "seal": [seal]}))
    assert signed.key(path).kid == SHELTER.sign.kid
    for several in ([], [mine, seal]):
        path.write_text(json.dumps({"sign": several, "seal": [seal]}))
        with pytest.raises(
            SignatureError, match=f"holds {len(several)} keys to sign: save the one"
        ):
            signed.key(path)
    path.write_text(json.dumps({"seal": [seal]}))
    with pytest.raises(SignatureError, match="a JWK with kty, crv, x, y and d"):
        signed.key(path)


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jwk"
    path.write_text(SHELTER.sign.text)
    with pytest.raises(SignatureError, match="holds a private key"):
        signed.public_key(path, "test")
