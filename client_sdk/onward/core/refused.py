"""The one exception by which the core and the node refuse something."""

from __future__ import annotations

from onward.v1.entry_pb2 import Heads


class Refused(Exception):
    """A request, a message or a part of one is refused.

    `reason` is a value of the specification's `Reason` enum without its prefix, such as
    `STATE_CONFLICT`; its text and its statuses stand there. `pointer` says where in the request
    (RFC 6901, field names and indices only), `heads` which heads the node has, `expected` what
    the place must hold: the specification's rule, never a value. None of them may hold personal
    data.
    """

    def __init__(
        self, reason: str, pointer: str = "", heads: Heads | None = None, *, expected: str = ""
    ) -> None:
        super().__init__(f"{reason} at {pointer}" if pointer else reason)
        self.reason = reason
        self.pointer = pointer
        self.heads = heads
        self.expected = expected
