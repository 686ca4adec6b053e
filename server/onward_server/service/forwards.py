"""Which referrals of this agency pass on what came in which: by their links, and after a
withdrawal has destroyed a link, by what is kept until the certificates are in.
"""

from __future__ import annotations

import itertools
import json

from onward.core.refused import Refused
from onward_server.ports import Tx
from onward_server.ports_withdrawals import PassedRow
from onward_server.service import links
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

ALL = 2**31 - 1

SIZE = 256
"""What is kept is padded to this many bytes: two ids fit, and the length tells nothing."""


def note(ctx: Context, tx: Tx, book: Ledger) -> None:
    """Something was taken back in this referral: keep what it passes on, and what passes it on."""
    referral_id = book.row.referral_id
    if tx.was_restored():
        _again(ctx, tx, referral_id)
    for target in links.forwards(ctx, tx, referral_id):
        _keep(ctx, tx, referral_id, target)
    if source := links.onward_of(ctx, tx, book):
        _keep(ctx, tx, source, referral_id)


def targets(ctx: Context, tx: Tx, referral_id: str) -> list[str]:
    """Referrals that pass on what came in this one."""
    kept = [_read(ctx, row)[1] for row in tx.passed_from(links.name(ctx, referral_id))]
    return _each([*links.forwards(ctx, tx, referral_id), *kept])


def sources(ctx: Context, tx: Tx, book: Ledger) -> list[str]:
    """Referrals in which that came which this one passes on."""
    kept = [_read(ctx, row)[0] for row in tx.passed_to(links.name(ctx, book.row.referral_id))]
    return _each([links.onward_of(ctx, tx, book), *kept])


def forget(ctx: Context, tx: Tx, referral_id: str) -> None:
    """All certificates are in: nothing tells any more what this referral was passed on to."""
    rows = tx.passed_from(links.name(ctx, referral_id))
    ctx.keys.destroy([_key(ctx, row.source, row.target) for row in rows])
    for row in rows:
        tx.drop_passed(row)


def _each(found: list[str]) -> list[str]:
    return [one for one in dict.fromkeys(found) if one]


def _keep(ctx: Context, tx: Tx, source: str, target: str) -> None:
    names = links.name(ctx, source), links.name(ctx, target)
    if any(row.target == names[1] for row in tx.passed_from(names[0])):
        return
    plain = json.dumps([source, target]).encode().ljust(SIZE)
    content = ctx.keys.encrypt(_key(ctx, *names), _bound(ctx), plain)
    tx.put_passed(PassedRow(*names, content))


def _again(ctx: Context, tx: Tx, referral_id: str) -> None:
    """What a restore has lost of this. The key of each is in no backup: it lives until all was
    settled.
    """
    mine = links.name(ctx, referral_id)
    names = {row.referral_id: links.name(ctx, row.referral_id) for _, row in tx.referrals(0, ALL)}
    pairs = {(name, mine): (one, referral_id) for one, name in names.items()}
    pairs |= {(mine, name): (referral_id, one) for one, name in names.items()}
    number = 0
    while pairs:
        keys = {_numbered(*pair, number): pair for pair in pairs}
        for key in ctx.keys.living(keys):
            _keep(ctx, tx, *pairs[keys[key]])
        pairs = {keys[key]: pairs[keys[key]] for key in ctx.keys.destroyed(keys)}
        number += 1


def _read(ctx: Context, row: PassedRow) -> tuple[str, str]:
    try:
        plain = ctx.keys.decrypt(_key(ctx, row.source, row.target), _bound(ctx), row.content)
    except Refused:
        return "", ""  # Settled, and the database is a backup from before that.
    source, target = json.loads(plain)
    return source, target


def _key(ctx: Context, source: str, target: str) -> str:
    """The key in use: each time that all was settled has ended one, and its name."""
    names = (_numbered(source, target, number) for number in itertools.count())
    return next(name for name in names if not ctx.keys.destroyed([name]))


def _numbered(source: str, target: str, number: int) -> str:
    return f"passed/{source}/{target}/{number}"


def _bound(ctx: Context) -> str:
    return f"{ctx.agency}/passed"
