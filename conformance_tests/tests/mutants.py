"""The reference node with one thing broken: for each mutant, which checks must see it.

A mutant changes one place in the source of one module, in this process and for one run of the
suite. The place is given as it stands there: where the code has changed, the mutant says so.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Mutant:
    """`old` in the source of `module` becomes `new`; the suite must fail `requirement`."""

    requirement: str
    module: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """How tests and people name it."""
        return f"{self.requirement} {self.module.rpartition('.')[2]}: {self.new.strip()[:40]}"


@contextmanager
def broken(one: Mutant) -> Iterator[None]:
    """The module with its change, as long as this lasts."""
    module = importlib.import_module(one.module)
    assert module.__file__
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert source.count(one.old) == 1, (
        f"{one.name}: its place stands there {source.count(one.old)} times"
    )
    before = dict(vars(module))
    try:
        _execute(module, source.replace(one.old, one.new))
        _shown_to_others(before, vars(module))
        yield
    finally:
        changed = dict(vars(module))
        vars(module).clear()
        vars(module).update(before)
        _shown_to_others(changed, before)


def _execute(module: ModuleType, source: str) -> None:
    exec(compile(source, str(module.__file__), "exec"), vars(module))


def _shown_to_others(old: dict[str, object], new: dict[str, object]) -> None:
    """Functions that other modules have imported by name."""
    swapped = {
        id(one): new[name]
        for name, one in old.items()
        if callable(one) and not isinstance(one, type) and name in new and new[name] is not one
    }
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("onward", "onward_server"):
            for key, value in list(vars(module).items()):
                if id(value) in swapped:
                    setattr(module, key, swapped[id(value)])


JOSE = "onward.core.jose"
ENVELOPES = "onward.core.envelopes"
ENTRIES = "onward.core.entries"
GRANTS = "onward.core.grants"
PARTS = "onward.core.parts"
TRUST = "onward.core.trust"
INBOUND = "onward_server.service.inbound"
TAKING = "onward_server.service.taking"
CONTEXT = "onward_server.service.context"

MUTANTS = [
    Mutant("KEY-001", JOSE, 'if set(header) != {"alg", "typ", "kid"} or not', "if not"),
    Mutant(
        "KEY-003",
        JOSE,
        'header["alg"] != "ES256" or header["typ"] != typ',
        'header["alg"] != "ES256"',
    ),
    Mutant("KEY-006", TRUST, "and key.use == use and", "and"),
    Mutant("KEY-010", JOSE, 'token.rpartition(".")[0].encode("ascii")', 'token.encode("ascii")'),
    Mutant("DLV-004", INBOUND, "if trusted.agency(claimed.iss) is None:", "if not claimed.iss:"),
    Mutant("DLV-005", ENVELOPES, "> jose.MAX_ENVELOPE:", "> 16 * jose.MAX_ENVELOPE:"),
    Mutant("DLV-006", TRUST, "and (now is None or _in_use(key, now))", ""),
    Mutant("DLV-008", ENVELOPES, "if header.version != VERSION:", "if not header.version:"),
    Mutant("DLV-009", ENVELOPES, "if header.aud != recipient:", "if not header.aud:"),
    Mutant("DLV-010", ENVELOPES, "if header.environment != environment:", "if not environment:"),
    Mutant("DLV-011", ENVELOPES, "if early or moment(header.exp) <= now:", "if early:"),
    Mutant(
        "DLV-011",
        ENVELOPES,
        "if early or moment(header.exp) <= now:",
        "if moment(header.exp) <= now:",
    ),
    Mutant("DLV-011", ENVELOPES, "total_seconds() > SKEW_SECONDS", "total_seconds() > 0"),
    Mutant("DLV-012", ENVELOPES, "if header.digest != jose", "if not jose"),
    Mutant("DLV-013", INBOUND, "    return before[1]\n", "    raise Refused('GAP')\n"),
    Mutant("DLV-014", INBOUND, "if before[0] != digest:", "if not digest:"),
    Mutant("ENV-011", ENVELOPES, " or any(padded[end:]):", ":"),
    Mutant("ENV-011", ENVELOPES, "len(padded) not in BUCKETS or end", "end"),
    Mutant("ENV-011", ENVELOPES, "or end > len(padded) or", "or"),
    Mutant("ENV-010", ENVELOPES, "len(padded) not in BUCKETS", "len(padded) != BUCKETS[0]"),
    Mutant(
        "ENV-017", ENVELOPES, 'if content.WhichOneof("content") is None:', "if content is None:"
    ),
    Mutant("DLV-022", ENTRIES, "if entry.version != VERSION:", "if not entry.version:"),
    Mutant("DLV-023", INBOUND, "entry.author == header.iss and entry", "entry"),
    Mutant(
        "DLV-023",
        INBOUND,
        "if not ours or entry.referral_id != bundle.referral_id:",
        "if not ours:",
    ),
    Mutant(
        "DLV-030",
        INBOUND,
        "elif not tx.accepts(arrived.header.iss):",
        "elif not arrived.header.iss:",
    ),
    Mutant(
        "DLV-031",
        CONTEXT,
        'return "" if found.status == "active" else "PEER_SUSPENDED"',
        'return ""',
    ),
    Mutant(
        "DLV-037", CONTEXT, 'if found is None or found.status == "removed":', "if found is None:"
    ),
    Mutant(
        "DLV-035",
        INBOUND,
        'and first.seq == 1 and first.kind != "offer":',
        'and first.seq == 0 and first.kind != "offer":',
    ),
    Mutant(
        "DLV-036",
        INBOUND,
        "heads=entries.heads([], []))",
        "heads=ledger.load(tx, row.referral_id, ctx.agency).heads if row else entries.heads([], []))",
    ),
    Mutant(
        "DLV-040", INBOUND, "    if book.act(new.hash) is not None:\n        return False\n", ""
    ),
    Mutant(
        "DLV-041",
        ENTRIES,
        'raise Refused("FORK" if log else "ENTRY_INVALID", heads=known)',
        'raise Refused("ENTRY_INVALID", heads=known)',
    ),
    Mutant(
        "DLV-042",
        ENTRIES,
        'if entry.seq > len(log) + 1:\n        raise Refused("GAP"',
        'if entry.seq > len(log) + 1:\n        raise Refused("FORK"',
    ),
    Mutant("DLV-043", ENTRIES, '"FORK" if log else "ENTRY_INVALID"', '"FORK"'),
    Mutant(
        "DLV-044",
        ENTRIES,
        'if entry.seen.seq > len(other):\n        raise Refused("GAP"',
        'if entry.seen.seq > len(other):\n        raise Refused("FORK"',
    ),
    Mutant("DLV-052", INBOUND, "held if fault.heads else None", "None"),
    Mutant(
        "DLV-064",
        TAKING,
        'refusals.append(Refusal(digest=digest, reason="invalid"))\n            continue',
        "continue",
    ),
    Mutant(
        "GRNT-010",
        GRANTS,
        '    if grant is None:\n        return "no_grant"',
        '    if grant is None:\n        return ""',
    ),
    Mutant("GRNT-010", GRANTS, "if category not in grant.categories:", "if not grant.categories:"),
    Mutant("GRNT-010", GRANTS, "if now >= moment(grant.valid_until):", "if not grant.grant_id:"),
    Mutant(
        "GRNT-010",
        GRANTS,
        'if author == "origin" and not accepted and not known.offer:',
        'if author == "nobody":',
    ),
    Mutant("GRNT-010", TAKING, "return reason or _unreadable(part)", "return reason"),
    Mutant(
        "PART-008",
        PARTS,
        '    if len(salt) != SALT_BYTES:\n        raise ValueError("a salt is 32 bytes")  # Else',
        '    if not salt:\n        raise ValueError("a salt is 32 bytes")  # Else',
    ),
    Mutant(
        "RCPT-002",
        INBOUND,
        "            header=arrived.header_digest,\n            iss",
        "            header=jose.b64(bytes(32)),\n            iss",
    ),
    Mutant(
        "RCPT-003",
        INBOUND,
        "heads=book.heads, refused=refused",
        "heads=entries.heads([], []), refused=refused",
    ),
    Mutant("RCPT-004", INBOUND, "heads=book.heads, refused=refused", "heads=book.heads"),
    Mutant("RCPT-005", INBOUND, "trust_list=ctx.trust.current().list.seq", "trust_list=99"),
]
"""At least one for each requirement that a check is about."""
