"""The root of the tree of onward.errors."""

from __future__ import annotations

import re

from onward.core import spec
from onward.v1 import options_pb2
from onward.v1.entry_pb2 import Heads

_POINTER = spec.pattern(options_pb2.FORMAT_POINTER)
_RULE = spec.pattern(options_pb2.FORMAT_RULE)


class OnwardError(Exception):
    """A call failed.

    `reason` is the specification's, such as STATE_CONFLICT, or empty where there is none.
    `pointer` says where in the request (RFC 6901), `expected` what that place must hold, in the
    words of the schema, `heads` which heads the node has; each may be absent.
    """

    reason: str = ""

    def __init__(
        self, pointer: str = "", heads: Heads | None = None, *, expected: str = ""
    ) -> None:
        # Both may come from another machine, and are shown and logged: only field names, and
        # nothing that a terminal would take for more than letters.
        self.pointer = pointer if re.fullmatch(_POINTER, pointer) else ""
        self.expected = expected if re.fullmatch(_RULE, expected) else ""
        super().__init__(self.pointer, heads)
        self.heads = heads

    def __init_subclass__(cls) -> None:
        """Name the class's reason for the class, where it is not a group."""
        if OnwardError not in cls.__bases__:
            cls.reason = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()

    @property
    def text(self) -> str:
        """One fixed sentence: what is wrong and what to do."""
        return spec.reasons()[self.reason].text if self.reason else _sentence(type(self))

    @property
    def transient(self) -> bool:
        """The same call, sent again soon without being changed, may succeed."""
        known = spec.reasons().get(self.reason)
        return known is not None and known.retry and known.grpc == "UNAVAILABLE"

    def __str__(self) -> str:
        place = f" at {self.pointer}" if self.pointer else ""
        return f"{self.reason or type(self).__name__}{place}: {self.text}{rule(self.expected)}"


def rule(expected: str) -> str:
    """What a place must hold, for people; with the list of codes if it is a code."""
    named = re.search(r"\bcodes (\w+)|\bformat (category)\b", expected)
    where = f" (see: onward codes {named[1] or named[2]})" if named else ""
    return f" Expected: {expected}{where}" if expected else ""


def _sentence(kind: type[OnwardError]) -> str:
    return (kind.__doc__ or "").partition("\n")[0]
