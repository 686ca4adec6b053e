"""The facts of the specification as onward.core.spec gives them: one class for each kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from google.protobuf.descriptor import Descriptor

FIRST_VERSION = "1.0"


@dataclass(frozen=True)
class Category:
    """One category of data: a message that travels whole or not at all."""

    id: str
    descriptor: Descriptor
    sensitivity: int
    offer: bool
    protocol: bool
    touches: tuple[str, ...]
    feedback: bool
    free_text: bool
    trafficking: bool = False
    emergency: bool = False
    bases: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Code:
    """One code of a registry. Where `forbidden` is set, it says why nobody may use the code.

    `status` is empty for a code in use, else experimental or deprecated; `since` is the version
    that added it; `days` is for points in time. `follows` are the codes after which it may come,
    `follows_her_wish` those after which it may come where the person wanted it, `group` is the
    code of its group. `unasked` is for reasons of a basis: nobody can be asked.
    """

    id: str
    label: str
    parent: str
    htcds: str
    source: str
    forbidden: str
    next_step: str
    status: str = ""
    days: int = 0
    since: str = FIRST_VERSION
    replaced_by: str = ""
    traits: tuple[str, ...] = ()
    trafficking: bool = False
    follows: tuple[str, ...] = ()
    group: str = ""
    unasked: bool = False
    follows_her_wish: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registry:
    """A list of codes that fields refer to by its name.

    `fallback` says what stands for a code that an older reader does not know. `htcds` are the
    columns of the Human Trafficking Case Data Standard that map here, `unmapped` their values
    that no code stands for, each with the reason. `groups` names the registry of its codes' groups.
    """

    name: str
    about: str
    source: str
    codes: dict[str, Code]
    fallback: str
    htcds: tuple[str, ...]
    reversible: bool
    unmapped: dict[str, str]
    groups: str = ""

    def allowed(self) -> list[str]:
        """Codes that may be used, in the order of the registry."""
        return [code.id for code in self.codes.values() if not code.forbidden]


@dataclass(frozen=True)
class Rpc:
    """One RPC with its rule and its route. `kind` is empty for everything but acts."""

    full_name: str
    service: str
    name: str
    input: Descriptor
    output: Descriptor
    plane: str
    scope: str
    kind: str
    author: str
    always: bool
    unblockable: bool
    carries: tuple[str, ...]
    urgent: bool
    passes: bool
    needs_feedback: bool
    unvouched: bool
    http_verb: str
    http_path: str
    body: str
    server_streaming: bool

    @property
    def path_fields(self) -> tuple[str, ...]:
        """Names of the request fields that stand in the path."""
        return tuple(re.findall(r"\{([a-z0-9_]+)\}", self.http_path))


@dataclass(frozen=True)
class ReasonInfo:
    """How a reason is answered on each transport."""

    name: str
    http: int
    grpc: str
    text: str
    retry: bool


@dataclass(frozen=True)
class Role:
    """What an actor of an agency may do."""

    id: str
    about: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class ActFields:
    """Which state fields of Entry an act may carry, by their proto names.

    `given` stand in the request under the same name, `required` are those of them that the
    request cannot leave out; `carried` adds what the node itself fills in.
    """

    given: tuple[str, ...]
    required: tuple[str, ...]
    carried: tuple[str, ...]
