"""One address for several agencies: what other nodes send goes to the agency that it names."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import Message
from structlog.contextvars import bound_contextvars

from onward.core import envelopes, jose, spec
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import Envelope, PeerRequest
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import DeliverRequest, DeliverResponse, DeliverResult, GetNodeResponse
from onward_server.adapters import errors
from onward_server.adapters.api import Answering
from onward_server.service.access import Caller

WRONG_RECIPIENT = Reason.Value("REASON_WRONG_RECIPIENT")


class Host:
    """Answers other nodes for several agencies, each by its own node: `nodes`, by agency.

    Here only the agency that a message names is read, and nothing has verified that yet. All
    checks are the named agency's own, with its own trust list, keys and database. What names none
    of the agencies, or can't be read, goes to the first: it refuses that as any other would
    (HOST-002).
    """

    def __init__(self, nodes: Mapping[str, Answering]) -> None:
        self._nodes = dict(nodes)
        self._first = next(iter(self._nodes))

    def call(self, rpc: spec.Rpc, request: Message, caller: Caller | None) -> Message:
        """Answer another node. Raises Refused."""
        if isinstance(request, DeliverRequest):
            return self._deliver(rpc, request)
        answer = self._ask(self._of_question(request), rpc, request)
        if isinstance(answer, GetNodeResponse):
            answer.agencies[:] = sorted(self._nodes)
        return answer

    def _deliver(self, rpc: spec.Rpc, request: DeliverRequest) -> Message:
        """A call for each agency, its envelopes in their order; results in the order of all."""
        shares: dict[str, list[int]] = {}
        for number, envelope in enumerate(request.envelopes):
            shares.setdefault(self._of_envelope(envelope), []).append(number)
        if len(shares) == 1:
            answer = self._ask(next(iter(shares)), rpc, request)
            assert isinstance(answer, DeliverResponse)
            results = list(answer.results)
        else:
            results = [DeliverResult()] * len(request.envelopes)
            for agency, numbers in shares.items():
                share = DeliverRequest(envelopes=[request.envelopes[number] for number in numbers])
                for number, result in zip(numbers, self._share(agency, rpc, share), strict=True):
                    results[number] = result
        pairs = zip(request.envelopes, results, strict=True)
        return DeliverResponse(results=[self._mail(rpc, one, result) for one, result in pairs])

    def _mail(self, rpc: spec.Rpc, envelope: Envelope, refused: DeliverResult) -> DeliverResult:
        """What names none of the agencies may be mail that another than the first holds."""
        for agency in self._nodes:
            if agency == self._first or refused.problem.reason != WRONG_RECIPIENT:
                continue
            (refused,) = self._share(agency, rpc, DeliverRequest(envelopes=[envelope]))
        return refused

    def _share(self, agency: str, rpc: spec.Rpc, share: DeliverRequest) -> list[DeliverResult]:
        """The results of one agency. Where its node fails as a whole, that is the answer to each
        of its envelopes, and to no other agency's (DLV-001).
        """
        try:
            answer = self._ask(agency, rpc, share)
            assert isinstance(answer, DeliverResponse)
            return list(answer.results)
        except Exception as fault:
            with bound_contextvars(agency=agency):
                refused = errors.refusal(fault, rpc.full_name)
            return [DeliverResult(problem=errors.problem(refused))] * len(share.envelopes)

    def _ask(self, agency: str, rpc: spec.Rpc, request: Message) -> Message:
        with bound_contextvars(agency=agency):  # Its log lines say whose they are.
            return self._nodes[agency].call(rpc, request, None)

    def _of_envelope(self, envelope: Envelope) -> str:
        try:
            return self._hosted(envelopes.peek(envelope).aud)
        except Refused:
            return self._first

    def _of_question(self, request: Message) -> str:
        """Every question is a signed `PeerRequest` in the field `request`."""
        try:
            token = getattr(request, "request", "")
            return self._hosted(parse(PeerRequest, jose.peek(token)).aud)
        except Refused:
            return self._first

    def _hosted(self, agency: str) -> str:
        return agency if agency in self._nodes else self._first
