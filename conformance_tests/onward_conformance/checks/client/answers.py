"""Answers that a client must not take for good ones."""

from __future__ import annotations

import json
from collections.abc import Callable

from onward_conformance.check import check
from onward_conformance.client_bench import ClientBench
from onward_conformance.hands import Refusal
from onward_conformance.network import Json
from onward_conformance.played import Reply
from onward_conformance.results import Failed
from onward_conformance.shape import registries

READ = "Referrals.GetReferral"
ACT = "Referrals.Acknowledge"


def _bad(name: str, about: str, by: str, change: Callable[[Json], bytes]) -> None:
    """A check that an answer to a reading is not taken."""

    def run(bench: ClientBench) -> None:
        if bench.way == "grpc":
            return  # No JSON travels over gRPC.
        referral_id = bench.node.referral()
        body = change(bench.node.view(referral_id))
        bench.node.script[READ] = [Reply(body)] * 6
        bench.fails(READ, {"referralId": referral_id}, about)

    run.__name__ = name
    run.__doc__ = f"An answer that can't be relied on: {about}."
    check(by, negative=True)(run)


def _text(view: Json) -> bytes:
    return json.dumps(view).encode()


_bad("answer_with_a_member_twice", "a member stands in it twice", "JSON-006",
     lambda view: _text(view)[:-1] + b', "phase": "accepted"}')  # fmt: skip
_bad("answer_with_a_member_twice_escaped", "a member stands in it twice, once escaped", "JSON-006",
     lambda view: _text(view)[:-1] + b', "ph\\u0061se": "accepted"}')  # fmt: skip
_bad("answer_that_is_cut", "it ends in the middle", "JSON-002", lambda view: _text(view)[:-9])
_bad("answer_with_not_a_number", "NaN is no JSON", "JSON-003",
     lambda view: _text(view).replace(b'"round": 1', b'"round": NaN'))  # fmt: skip
_bad("answer_with_half_a_pair", "half a surrogate pair is no text", "JSON-004",
     lambda view: _text(view).replace(b"acknowledged", b"\\ud800"))  # fmt: skip
_bad("answer_with_a_list_for_a_message", "it is no object", "JSON-010", lambda _: b"[]")
_bad("answer_that_is_too_deep", "it has too many levels", "JSON-005",
     lambda view: _text(view)[:-1] + b', "later": ' + b"[" * 99 + b"]" * 99 + b"}")  # fmt: skip


@check("CODE-003", negative=True)
def unknown_phase_is_not_another(bench: ClientBench) -> None:
    """A phase that no registry holds is an error, or shown as it came; never a known one."""
    _unknown(bench, {"phase": "accepted_perhaps"}, lambda answer: answer.get("phase", ""), "phase")


@check("CODE-003", negative=True)
def unknown_state_of_an_item_is_not_another(bench: ClientBench) -> None:
    """The state of a service that no registry holds is never taken for accepted."""
    items = [{"number": 1, "wish": "now", "state": "accepted_perhaps"}]
    _unknown(bench, {"items": items}, lambda answer: answer["items"][0].get("state", ""),
             "item_state")  # fmt: skip


def _unknown(
    bench: ClientBench, changed: Json, shown: Callable[[Json], str], registry: str
) -> None:
    referral_id = bench.node.referral()
    bench.node.script[READ] = [Reply(bench.node.view(referral_id) | changed)] * 6
    try:
        answer = bench.hands.call(READ, {"referralId": referral_id})
        found = shown(answer)
    except (Refusal, KeyError, IndexError):
        bench.right()
        return
    if found in registries()[registry]:
        raise Failed("an error, or the value as it came", found)


def _not_done(name: str, about: str, reply: Reply) -> None:
    """A check that an act counts as done only by a good answer."""

    def run(bench: ClientBench) -> None:
        if bench.way == "grpc":
            return  # Statuses, pages and redirects are of HTTP.
        referral_id = bench.read()
        bench.node.script[ACT] = [reply] * 6
        bench.fails(ACT, {"referralId": referral_id}, about)

    run.__name__ = name
    run.__doc__ = f"An act is not done, since {about}."
    check("CLNT-004", negative=True)(run)


_not_done("page_of_a_gateway", "a gateway answered with a page", Reply(b"<p>busy", status=502))
_not_done("page_with_status_200", "a page came in place of an answer", Reply(b"<p>Sign in"))
_not_done("status_202_is_not_done", "the status is not 200", Reply({}, status=202))


@check("CLNT-011", negative=True)
def redirect_is_not_followed(bench: ClientBench) -> None:
    """The node answers with another address: nothing goes there."""
    if bench.way == "grpc":
        return  # gRPC has no redirects.
    referral_id, other = bench.node.referral(), bench.node.referral()
    there = f"{bench.node.address}/v1/referrals/{other}"
    bench.node.script[READ] = [Reply(location=there)]
    bench.fails(READ, {"referralId": referral_id}, "the node answered with a redirect")
    if any(one.request.get("referralId") == other for one in bench.node.sent(READ)):
        raise Failed("nothing at the other address", "the request")


@check("CLNT-012", negative=True)
def unknown_reason_is_an_error(bench: ClientBench) -> None:
    """A problem with a reason that the client does not know is an error all the same."""
    if bench.way == "grpc":
        return  # A reason is a number there, and an unknown one comes as none.
    referral_id = bench.read()
    more = {"reason": "OF_A_LATER_VERSION", "status": 409}
    bench.node.script[ACT] = [Reply(reason="STATE_CONFLICT", more=more)] * 6
    bench.fails(ACT, {"referralId": referral_id}, "the node refused it")
