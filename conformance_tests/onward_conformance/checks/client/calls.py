"""Calls of a client: what it sends, and what it makes of the answers."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

from onward_conformance.check import check
from onward_conformance.client_bench import ClientBench
from onward_conformance.hands import Refusal
from onward_conformance.listener import Listener
from onward_conformance.played import Reply, transient
from onward_conformance.results import Failed

ACT = "Referrals.Acknowledge"
READ = "Referrals.GetReferral"


@check("CLNT-010", "AUTH-002", "AUTH-003", "AUTH-004", "AUTH-007")
def client_reads_a_referral(bench: ClientBench) -> None:
    """The client gets a token, asks as the specification says, and gives what came."""
    referral_id = bench.node.referral()
    answer = bench.does(READ, {"referralId": referral_id})
    if answer.get("referralId") != referral_id or answer.get("phase") != "acknowledged":
        raise Failed("the referral as the node gave it", json.dumps(answer)[:200], by="CLNT-004")


@check("CLNT-003", "LOC-013", "AUTH-020", "AUTH-021")
def client_acts_on_what_was_read(bench: ClientBench) -> None:
    """An act names the heads that were read, and who acts."""
    bench.acknowledge(bench.read())()
    if len(bench.tries()) != 1:
        raise Failed("one call", len(bench.tries()), by="CLNT-002")


@check("CLNT-003")
def client_acts_again_on_newer_heads(bench: ClientBench) -> None:
    """After an act, and after reading again, the next act names the newer heads."""
    referral_id = bench.read()
    bench.acknowledge(referral_id)()
    bench.does(READ, {"referralId": referral_id})
    bench.acknowledge(referral_id)()
    named = bench.tries()[-1].request["write"]["expectedHeads"]
    newest = bench.node.heads[referral_id][-2]
    if named != newest:
        raise Failed("the heads that were read last", json.dumps(named), by="CLNT-003")


@check("CLNT-001", negative=True)
def request_ids_of_two_acts_differ(bench: ClientBench) -> None:
    """Two acts are never sent under one request id."""
    for _ in range(2):
        bench.acknowledge(bench.read())()
    ids = {one.request["write"]["requestId"] for one in bench.tries()}
    if len(ids) != 2:
        raise Failed("two request ids", len(ids))


@check("CLNT-002", negative=True)
def act_sent_again_is_the_same(bench: ClientBench) -> None:
    """The connection breaks before the answer: what is sent again is the same request."""
    referral_id = bench.read()
    bench.node.script[ACT] = [Reply(cut=True)]
    try:
        bench.acknowledge(referral_id)()
    except Failed as failed:
        if failed.by:
            raise
    _same(bench)


@check("CLNT-002", negative=True)
def act_sent_again_after_unavailable_is_the_same(bench: ClientBench) -> None:
    """The node can't answer for a moment: what is sent again is the same request."""
    referral_id = bench.read()
    bench.node.script[ACT] = [Reply(reason="UNAVAILABLE")]
    try:
        bench.acknowledge(referral_id)()
    except Failed as failed:
        if failed.by:
            raise
    _same(bench)


def _same(bench: ClientBench) -> None:
    """Whatever was sent more than once was one request, but for who acts."""
    seen = []
    for one in bench.tries():
        write = {k: v for k, v in one.request["write"].items() if k != "actor"}
        seen.append(json.dumps(one.request | {"write": write}, sort_keys=True))
    if len(set(seen)) > 1:
        raise Failed("the identical request again", "another one", by="CLNT-002")


@check("ERR-009", negative=True)
def act_is_not_repeated_over_changed_heads(bench: ClientBench) -> None:
    """HEADS_CHANGED: nothing is sent again before the referral was read again."""
    referral_id = bench.read()
    newer = bench.node._advance(referral_id)
    bench.node.script[ACT] = [Reply(reason="HEADS_CHANGED", more={"heads": newer})]
    try:
        bench.acknowledge(referral_id)()
    except Failed as failed:
        if failed.by:
            raise
    names = [one.name for one in bench.node.asked if one.name in (ACT, READ)]
    for before, after in pairwise(names):
        if before == after == ACT:
            raise Failed("the referral to be read before the act is sent again", "it was not")


def _refused(reason: str) -> None:
    """A check that the client reports this reason, and does not try again by itself."""

    def run(bench: ClientBench) -> None:
        referral_id = bench.read()
        bench.node.script[ACT] = [Reply(reason=reason)] * 9
        found = bench.fails(ACT, {"referralId": referral_id}, f"the node answered {reason}",
                            by="CLNT-004")  # fmt: skip
        if not transient(reason) and len(bench.tries()) != 1:
            raise Failed("one call", len(bench.tries()), by="CLNT-006")
        if found not in (reason, ""):
            raise Failed(f"the reason {reason}", found, by="CLNT-005")

    slug = reason.lower()
    run.__name__ = f"client_reports_{slug}"
    run.__doc__ = f"The node refuses with {reason}: the client says so, and does not try again."
    check("CLNT-006", "CLNT-005", "CLNT-004", negative=True)(run)


for one in (
    "STATE_CONFLICT", "CONSENT_WITHDRAWN", "NOT_FOUND", "SCOPE_INSUFFICIENT", "ACTOR_INVALID",
    "ROLE_INSUFFICIENT", "REQUEST_ID_REUSED", "INVALID_FIELD",
):  # fmt: skip
    _refused(one)


@check("CLNT-007", negative=True)
def refused_token_is_not_sent_again(bench: ClientBench) -> None:
    """The node takes no token any more that it gave: the client gets another."""
    referral_id = bench.read()
    with bench.node.lock:
        bench.node.tokens.clear()
    bench.acknowledge(referral_id)()
    tokens = [one.token for one in bench.tries()]
    if len(set(tokens)) != len(tokens):
        raise Failed("another token", "the one that was refused")


@check("CLNT-008", negative=True)
def assertion_is_used_once(bench: ClientBench) -> None:
    """For each token the client signs a new assertion."""
    for _ in range(2):
        with suppress(Refusal):
            bench.hands.call(READ, {"referralId": bench.node.referral()})
        bench.right()
        with bench.node.lock:
            bench.node.tokens.clear()


@check("CLNT-009", negative=True)
def address_that_is_not_secure(bench: ClientBench) -> None:
    """Over plain HTTP to another machine the client sends nothing."""
    with Listener() as there:
        told = bench.connection() | {"transport": "rest", "rest": there.address}
        with suppress(Refusal):
            bench.hands.call("Connect", told)
            bench.hands.call(READ, {"referralId": "conformance"})
        if there.called():
            raise Failed("nothing to be sent to an address of plain HTTP", "a connection")
