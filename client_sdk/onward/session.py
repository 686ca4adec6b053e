"""What a client does between its user and a transport, without any I/O.

Everything here is a generator that yields steps: the client that drives it carries each step
out, waiting or awaiting, and sends the result back in. So the blocking and the asynchronous
client are the same code.
"""

from __future__ import annotations

import random
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Generic, Self, TypedDict, TypeVar

from google.protobuf.message import Message

from onward.auth import ClientCredentials, Login
from onward.core import jose, spec
from onward.errors import NodeFailed, OnwardError, TokenInvalid, TransportFailed
from onward.transports.http import HttpRequest
from onward.v1.consents_local_pb2 import Understanding
from onward.v1.entry_pb2 import Heads
from onward.v1.local_pb2 import GetReferralRequest, ListReferralsResponse, Opened, WatchRequest
from onward.v1.referral_pb2 import Event, Recorded, Referral, Write

T = TypeVar("T")
M = TypeVar("M", bound=Message)

MAX_REMEMBERED = 4096
"""How many referrals a client remembers the heads of."""

MAX_PAUSE = 30.0
"""Longest pause before another try, in seconds."""


@dataclass(frozen=True)
class Call:
    """Send a call and give its answer."""

    rpc: spec.Rpc
    request: Message = field(repr=False)
    token: str | None = field(repr=False)


@dataclass(frozen=True)
class Listen(Call):
    """Open a stream and give it, to be given back with Next."""


@dataclass(frozen=True)
class Next:
    """Give the next message of a stream, or None at its end."""

    stream: Any


@dataclass(frozen=True)
class Ask:
    """Send a plain request and give its answer."""

    request: HttpRequest


@dataclass(frozen=True)
class Pause:
    """Wait for some seconds."""

    seconds: float


@dataclass(frozen=True)
class Emit(Generic[T]):
    """Hand one value to the user."""

    value: T


Step = Call | Next | Ask | Pause
Steps = Generator[Step, Any, T]
"""Comes to one result."""
Feed = Generator[Step | Emit[T], Any, None]
"""Gives many, one by one."""


class WriteOptions(TypedDict, total=False):
    """What every write may be given.

    `heads` is what the user was looking at: by default the referral as this client last saw it.
    `purpose` replaces the client's own. `request_id` is for callers that keep it over a restart,
    so that the same request is never done twice.
    """

    heads: Heads | Referral | None
    purpose: str
    request_id: str


class Settings(TypedDict, total=False):
    """What a client may be given.

    `credentials` get its tokens; `login` signs who acts, `actor` by the id of that login, in
    `role`; `purpose` is a code of consent_purpose. `timeout` is in seconds for one try,
    `retries` how many more there are, `backoff` the first pause in seconds.
    """

    credentials: ClientCredentials | None
    login: Login | None
    actor: str
    role: str
    purpose: str
    timeout: float
    retries: int
    backoff: float


class Memory:
    """The heads of the referrals that were seen last."""

    def __init__(self) -> None:
        self._heads: OrderedDict[str, Heads] = OrderedDict()
        self._lock = threading.Lock()

    def see(self, referral: Referral) -> None:
        """Remember a referral as the user now sees it. An answer that does not say where its logs
        are now has changed them: they are read again.
        """
        if not referral.HasField("heads"):
            with self._lock:
                self._heads.pop(referral.referral_id, None)
            return
        heads = Heads()
        heads.CopyFrom(referral.heads)
        with self._lock:
            self._heads[referral.referral_id] = heads
            self._heads.move_to_end(referral.referral_id)
            if len(self._heads) > MAX_REMEMBERED:
                self._heads.popitem(last=False)

    def heads(self, referral_id: str) -> Heads | None:
        """The heads when the user last saw the referral."""
        with self._lock:
            return self._heads.get(referral_id)


@cache
def _by_input() -> dict[str, spec.Rpc]:
    # Each RPC has a request of its own, so a request names its RPC.
    return {rpc.input.full_name: rpc for rpc in spec.rpcs().values()}


def rpc_of(request: Message) -> spec.Rpc:
    """The RPC that a request belongs to."""
    return _by_input()[request.DESCRIPTOR.full_name]


def _referrals(answer: Message) -> list[Referral]:
    match answer:
        case Referral():
            return [answer]
        case Recorded():
            return [answer.referral]
        case Opened() | Understanding():
            return [answer.recorded.referral]
        case ListReferralsResponse():
            return list(answer.referrals)
        case _:
            return []


@dataclass
class Session:
    """One user of a node: who acts and what for, what was seen, and how calls are repeated."""

    credentials: ClientCredentials | None = None
    login: Login | None = None
    actor: str = ""
    role: str = "caseworker"
    purpose: str = "service_delivery"
    timeout: float = 30.0
    retries: int = 3
    backoff: float = 0.25
    seen: Memory = field(default_factory=Memory, repr=False)
    jitter: Callable[[], float] = field(default=random.SystemRandom().random, repr=False)

    def for_actor(self, actor: str, role: str | None, purpose: str | None) -> Self:
        """The same for another actor, who has seen nothing yet."""
        return replace(
            self,
            actor=actor,
            role=role or self.role,
            purpose=purpose or self.purpose,
            seen=Memory(),
        )

    def back_off(self, attempt: int) -> Pause:
        """The pause after a failed attempt, counted from 0: exponential, with full jitter."""
        longest = min(MAX_PAUSE, self.backoff * 2.0 ** min(attempt, 32))
        return Pause(longest * (0.5 + self.jitter() / 2))

    def _token(self) -> Steps[str | None]:
        if self.credentials is None:
            return None
        token = self.credentials.cached()
        if token is None:
            token = self.credentials.take((yield Ask(self.credentials.request())))
        return token

    def _authorised(self, rpc: spec.Rpc, request: Message) -> Steps[Any]:
        """One try, and a second one with a new token if the node refuses the first token."""
        kind = Listen if rpc.server_streaming else Call
        token = yield from self._token()
        try:
            return (yield kind(rpc, request, token))
        except TokenInvalid:
            if self.credentials is None or token is None:
                raise
            self.credentials.forget(token)
        token = yield from self._token()
        return (yield kind(rpc, request, token))

    def ask(self, request: Message, kind: type[M]) -> Steps[M]:
        """Call the RPC of the request; a failure that may pass is followed by another try.

        Every try sends the same bytes, so the node does it once. Raises OnwardError.
        """
        rpc = rpc_of(request)
        for attempt in range(self.retries + 1):
            try:
                answer = yield from self._authorised(rpc, request)
                break
            except OnwardError as error:
                if isinstance(error, TransportFailed):
                    error.read = "write" not in rpc.input.fields_by_name
                if not error.transient or attempt == self.retries:
                    raise
            yield self.back_off(attempt)
        if not isinstance(answer, kind):
            raise NodeFailed
        for referral in _referrals(answer):
            self.seen.see(referral)
        return answer

    def _expected(self, referral_id: str, given: Heads | Referral | None) -> Steps[Heads]:
        if given is not None:
            return given.heads if isinstance(given, Referral) else given
        heads = self.seen.heads(referral_id)
        if heads is None:
            request = GetReferralRequest(referral_id=referral_id)
            heads = (yield from self.ask(request, Referral)).heads
        return heads

    def write(self, request: Message, kind: type[M], options: WriteOptions) -> Steps[M]:
        """Fill in what every write carries, and call. Raises OnwardError.

        Raises ValueError if the client was made without a login or an actor.
        """
        if self.login is None or not self.actor:
            raise ValueError("a write needs a login and an actor: give both to the client")
        rpc = rpc_of(request)
        write = Write(
            request_id=options.get("request_id") or jose.opaque(secrets.token_bytes),
            purpose=options.get("purpose") or self.purpose,
        )
        given = options.get("heads")
        # What nothing may hold back is not held back by having to look first, either.
        looked = given is not None or not rpc.unblockable
        if looked and rpc.kind and "referral_id" in rpc.input.fields_by_name:
            referral_id = getattr(request, "referral_id")  # noqa: B009  # no type has all requests' fields
            write.expected_heads.CopyFrom((yield from self._expected(referral_id, given)))
        write.actor = self.login.assertion(self.actor, self.role)
        getattr(request, "write").CopyFrom(write)  # noqa: B009  # as above
        return (yield from self.ask(request, kind))

    def follow(self, cursor: str | None) -> Feed[Event]:
        """Follow what happens, from a cursor on, over broken and ended connections.

        Raises OnwardError if a failure stays, or can't pass.
        """
        failures = 0
        while True:
            request = WatchRequest(cursor=cursor or "")
            try:
                stream = yield from self._authorised(rpc_of(request), request)
                while (event := (yield Next(stream))) is not None:
                    cursor, failures = event.cursor or cursor, 0
                    yield Emit(event)
                pause = self.back_off(0)
            except OnwardError as error:
                if not error.transient or failures >= self.retries:
                    raise
                pause = self.back_off(failures)
                failures += 1
            yield pause
