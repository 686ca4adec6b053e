"""Questions of other nodes, each signed with the asking agency's key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from onward_conformance import oracle
from onward_conformance.check import Bench, check
from onward_conformance.jose import Bad, Key, Writer, compact, digest, sign, unb64, verify
from onward_conformance.network import Agency, Json, moment, now
from onward_conformance.referral import Referral, identifier
from onward_conformance.results import Failed, spelled
from onward_conformance.road import clock, disclosed, offered, shown
from onward_conformance.said import claims, told
from onward_conformance.wire import METHODS, Answer

ASKED = {name: name[0].lower() + name[1:] for name in METHODS if name != "Deliver"}


def _code(method: str) -> str:
    """The method's name in a question."""
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in method).lstrip("_")


def ask(
    bench: Bench,
    call: str,
    by: Agency | None = None,
    _key: Key | None = None,
    _typ: str = "onward-request+jws",
    _write: Writer = compact,
    **changed: Any,
) -> Answer:
    """One question of an agency, the partner if none is named."""
    agency = by or bench.cast.partner
    said: Json = {
        "iss": agency.name, "aud": bench.agency, "method": _code(call), "iat": moment(now()),
        "nonce": identifier(),
    } | changed  # fmt: skip
    key = _key or agency.sign
    kid = agency.sign.kid if _key is not agency.retired else agency.retired.kid
    return bench.wire.ask(call, {"request": sign(_write(said), _typ, key, kid=kid)})


QUESTIONS = 3
"""So often does a partner ask for what it has lost."""


def lost(bench: Bench, what: str, again: Callable[[], bool | None], **question: Any) -> None:
    """The partner asks for what it has lost, until `again` finds it.

    The receipt for it may not have been read yet, and then tells the target after the question
    that it is there. Nobody sees when that is over, so the partner asks more than once.
    """
    for left in reversed(range(QUESTIONS)):
        answer = ask(bench, "Resync", **question)
        if answer.problem is not None:
            raise Failed("an answer", str(answer), by="RST-010")
        try:
            bench.until(what, again, seconds=bench.patience / QUESTIONS)
        except Failed:
            if not left:
                raise
        else:
            return


ALL = ("GetNode", "GetTrustList", "GetServices", "Resync")


def _refuses(bench: Bench, reason: str, **question: Any) -> None:
    """Every question must be refused with this reason."""
    for method in ALL:
        answer = ask(bench, method, **question)
        if answer.reason != reason:
            raise Failed(f"{reason} to {method}", str(answer))


@check("DLV-070", negative=True)
def question_of_a_stranger(bench: Bench) -> None:
    """Nobody on the list asks."""
    _refuses(bench, "AGENCY_UNKNOWN", by=bench.cast.stranger)


@check("DLV-070", negative=True)
def question_signed_by_another_key(bench: Bench) -> None:
    """A key that is nobody's, under the id of the partner's own."""
    _refuses(bench, "SIGNATURE_INVALID", _key=Key.new())


@check("DLV-070", negative=True)
def question_signed_by_a_retired_key(bench: Bench) -> None:
    """A key of the partner that is no longer in use."""
    _refuses(bench, "SIGNATURE_INVALID", _key=bench.cast.partner.retired)


@check("KEY-003", "DLV-070", negative=True)
def question_of_another_type(bench: Bench) -> None:
    """A token that was signed for another place."""
    _refuses(bench, "SIGNATURE_INVALID", _typ="onward-envelope+jws")


@check("DLV-070", negative=True)
def question_for_another_agency(bench: Bench) -> None:
    """It is addressed to somebody else."""
    _refuses(bench, "WRONG_RECIPIENT", aud=bench.cast.second.name)


@check("DLV-070", negative=True)
def forged_question_for_another_agency(bench: Bench) -> None:
    """Two faults: the signature is answered, which comes first."""
    _refuses(bench, "SIGNATURE_INVALID", _key=Key.new(), aud=bench.cast.second.name)


@check("DLV-071", negative=True)
def question_for_another_method(bench: Bench) -> None:
    """A question that was signed for one call is no ticket for another."""
    for method, other in zip(ALL, (*ALL[1:], ALL[0]), strict=True):
        answer = ask(bench, method, method=_code(other))
        if answer.reason != "SIGNATURE_INVALID":
            raise Failed(f"SIGNATURE_INVALID to {method}", str(answer))


@check("DLV-071", negative=True)
def question_that_is_old(bench: Bench) -> None:
    """Signed more than five minutes ago."""
    _refuses(bench, "SIGNATURE_INVALID", iat=moment(now() - timedelta(minutes=7)))


@check("DLV-071", negative=True)
def question_from_the_future(bench: Bench) -> None:
    """Signed more than a minute ahead."""
    _refuses(bench, "SIGNATURE_INVALID", iat=moment(now() + timedelta(minutes=3)))


@check("DLV-071")
def question_within_the_time(bench: Bench) -> None:
    """Signed three minutes ago, or half a minute ahead, by the target's clock: it is answered."""
    for seconds in (-180, 30):
        answer = ask(bench, "GetNode", iat=moment(clock(bench) + timedelta(seconds=seconds)))
        if answer.problem is not None:
            raise Failed("an answer", str(answer))


@check("JSON-010", "DLV-070", negative=True)
def question_with_a_stranger(bench: Bench) -> None:
    """A question with a field that its message does not have."""
    _refuses(bench, "UNKNOWN_FIELD", purpose="shelter")


def _answer(bench: Bench, method: str, by: str, agency: Agency | None = None, **q: Any) -> Json:
    answer = ask(bench, method, agency, **q)
    if answer.problem is not None:
        raise Failed("an answer", str(answer), by=by)
    return told(answer.said or {})


@check("DLV-070", "VER-001")
def who_the_node_is(bench: Bench) -> None:
    """GetNode names the agency, its environment and the list that it holds."""
    said = _answer(bench, "GetNode", "DLV-070")
    right = {"environment": bench.network.environment, "trustList": bench.network.seq}
    if bench.agency not in said.get("agencies", []):
        raise Failed(f"{bench.agency} among the agencies", said.get("agencies"))
    for name, one in right.items():
        if said.get(name) != one:
            raise Failed(f"{name} {spelled(one)}", said.get(name), by="VER-001")


@check("TRST-007")
def the_whole_list_is_given(bench: Bench) -> None:
    """GetTrustList gives the list whole, as its authorities signed it."""
    said = _answer(bench, "GetTrustList", "DLV-070", bench.cast.unaccepted)
    listed = claims(unb64(said["payload"]))
    names = {one["agency"] for one in listed["agencies"]}
    missing = {one.name for one in bench.cast.listed} - names
    if missing or not said.get("signatures"):
        raise Failed("every member, and the signatures", f"without {spelled(sorted(missing))}")


@check("SRVL-020", negative=True)
def services_for_every_member(bench: Bench) -> None:
    """Also an agency that is no partner is answered, and one that is suspended is refused."""
    _answer(bench, "GetServices", "SRVL-020", bench.cast.unaccepted)
    answer = ask(bench, "GetServices", bench.cast.suspended)
    if answer.reason != "PEER_SUSPENDED":
        raise Failed("PEER_SUSPENDED", str(answer))


def resync(bench: Bench, referral: Referral, heads: Json, **question: Any) -> tuple[Json, Json]:
    """What is said, once it is signed rightly, and the bundle in the envelope with it."""
    nonce = identifier()
    about = {"referralId": referral.referral_id, "heads": heads, "nonce": nonce} | question
    by = about.pop("by", bench.cast.partner)
    said = _answer(bench, "Resync", "RST-010", by, **about)
    keys = bench.network.key_of_target("sign", bench.agency)
    try:
        answer = claims(verify(said["answer"], "onward-resync+jws", keys))
    except Bad as bad:
        raise Failed("an answer that verifies", str(bad), by="RST-011") from None
    right = (nonce, bench.agency, by.name)
    if (answer.get("nonce"), answer.get("iss"), answer.get("aud")) != right:
        raise Failed("the question's nonce, and both agencies", answer, by="RST-011")
    # Whoever is no party gets no envelope at all: that is judged before it is opened.
    lost = said.get("lost")
    if lost is None or by is not referral.author:
        return answer, lost or {}
    oracle.header(bench.network, lost, by, bench.agency)
    return answer, oracle.inside(lost, by, bench.agency).get("bundle", {})


NOTHING: Json = {"origin": {}, "destination": {}}


@check("RST-013", "RST-011")
def what_a_restored_partner_has_lost(bench: Bench) -> None:
    """The partner has lost everything: both heads, the entries, and its own parts come back."""
    referral = disclosed(bench)
    answer, inside = resync(bench, referral, NOTHING)
    if answer.get("heads") != referral.heads:
        raise Failed("both heads", answer.get("heads"), by="RST-011")
    entries = inside.get("entries", [])
    if set(map(digest, entries)) != set(map(digest, [*referral.log, *referral.theirs])):
        raise Failed("all entries of both logs", f"{len(entries)} entries")
    found = {one["category"] for one in inside.get("parts", [])}
    if found != {"grant", "age_band", "name"}:
        raise Failed("the parts of the partner's own entries", sorted(found))


@check("RST-013", negative=True)
def only_what_is_lost(bench: Bench) -> None:
    """The partner has all but the target's last entry: no more than that comes."""
    referral = disclosed(bench)
    last = referral.theirs[-2]
    heads = {
        "origin": referral.heads["origin"], "destination": {"seq": 1, "hash": digest(last)},
    }  # fmt: skip
    _, inside = resync(bench, referral, heads)
    if inside.get("entries") != referral.theirs[1:] or inside.get("parts"):
        raise Failed("the last entry alone", f"{len(inside.get('entries', []))} entries")


@check("RST-014", negative=True)
def heads_of_another_branch(bench: Bench) -> None:
    """The heads of the question are not of these logs: everything comes."""
    referral = offered(bench)
    _, inside = resync(bench, referral, {"origin": {"seq": 1, "hash": "A" * 43},
                                          "destination": {}})  # fmt: skip
    if inside.get("entries") != referral.log:
        raise Failed("the entries from the beginning", inside.get("entries"))


@check("RST-012", negative=True)
def resync_of_what_is_not_the_askers(bench: Bench) -> None:
    """Somebody else's referral and one that there is not are answered alike, with empty heads."""
    none = Referral(bench.network, bench.cast.partner, bench.agency)
    for referral in (offered(bench), none):
        answer, inside = resync(bench, referral, NOTHING, by=bench.cast.second)
        if any((answer.get("heads") or {}).values()) or inside:
            raise Failed("empty heads and no entry", answer.get("heads"))


@check("RST-010", negative=True)
def resync_with_an_old_nonce(bench: Bench) -> None:
    """A question for Resync is answered once."""
    nonce = identifier()
    referral = offered(bench)
    about: Json = {"referralId": referral.referral_id, "heads": NOTHING, "nonce": nonce}
    _answer(bench, "Resync", "RST-010", **about)
    answer = ask(bench, "Resync", **about)
    if answer.reason != "SIGNATURE_INVALID":
        raise Failed("SIGNATURE_INVALID", str(answer))


@check("RST-011", "WDRW-004", negative=True)
def resync_gives_nothing_withdrawn(bench: Bench) -> None:
    """What was taken back does not come back by a question."""
    referral = disclosed(bench)
    token = referral.write("withdraw", withdrawal={"everything": True})
    bench.taken(referral.envelope(referral.bundle([token])))
    if any(one.get("readable") for one in shown(bench, referral)["parts"]):
        raise Failed("nothing that can be read", "something", by="WDRW-003")
    _, inside = resync(bench, referral, NOTHING)
    if inside.get("parts"):
        raise Failed("no part of what was withdrawn", "one came", by="WDRW-004")
