"""The part of a transaction that keeps mail: for others, and of our own at other nodes."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select

from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import Rows
from onward_server.adapters.sql.tables_mail import mail, posted
from onward_server.ports_mail import MailRow, PostedRow

MAIL = tuple(field.name for field in fields(MailRow))
POSTED = tuple(field.name for field in fields(PostedRow))


class MailTx(Rows):
    """Part of SqlTx."""

    def mail(self, iss: str, mid: str) -> MailRow | None:
        found = self._first(mail, MAIL, iss=iss, mid=mid)
        return _mail(found) if found else None

    def put_mail(self, row: MailRow) -> None:
        values = asdict(row) | {"until": naive(row.until), "size": row.size}
        self._put(mail, {name: values.pop(name) for name in ("iss", "mid")}, values)

    def mail_size(self, iss: str, aud: str) -> int:
        found = select(func.coalesce(func.sum(mail.c.size), 0))
        mine = self._mine(mail, iss=iss, aud=aud)
        return int(self.connection.execute(found.where(mine)).scalar_one())

    def mail_for(
        self, aud: str, after: str, now: datetime, *, barred: bool, limit: int, size: int
    ) -> list[MailRow]:
        c = mail.c
        found = select(c.n, c.size).where(
            self._mine(mail, aud=aud, receipt=""), c.until > naive(now)
        )
        if after:
            begun = self._first(mail, ("n",), aud=aud, digest=after)
            found = found.where(c.n > (begun.n if begun else 0))
        if barred:
            found = found.where(c.barred)
        numbers: list[int] = []
        for n, length in self.connection.execute(found.order_by(c.n).limit(limit)):
            size -= length
            if numbers and size < 0:
                break
            numbers.append(n)
        wanted = select(*(c[name] for name in MAIL)).where(c.n.in_(numbers)).order_by(c.n)
        return [_mail(row) for row in self.connection.execute(wanted)]

    def mail_is_over(self, now: datetime) -> bool:
        return self._due(mail, ("n",), "", "until", upto=naive(now), most=1).first() is not None

    def drop_mail(self, now: datetime) -> int:
        over = delete(mail).where(self._mine(mail), mail.c.until <= naive(now))
        return int(self.connection.execute(over).rowcount)

    def posted(self, referral_id: str) -> list[PostedRow]:
        rows = self._find(posted, POSTED, "since upto", referral_id=referral_id)
        return [_posted(row) for row in rows]

    def posted_knock(self, wire_id: str) -> PostedRow | None:
        found = self._first(posted, POSTED, wire_id=wire_id)
        return _posted(found) if found else None

    def put_posted(self, row: PostedRow) -> None:
        values = asdict(row) | {
            "since": naive(row.since), "until": naive(row.until),
            "parts": " ".join(sorted(row.parts)),
        }  # fmt: skip
        self._put(posted, {"mid": values.pop("mid")}, values)

    def drop_posted(self, mid: str) -> None:
        self._drop(posted, mid=mid)


def _mail(row: Row[*tuple[Any, ...]]) -> MailRow:
    values = row._asdict()
    return MailRow(**values | {"until": aware(values["until"])})


def _posted(row: Row[*tuple[Any, ...]]) -> PostedRow:
    values = row._asdict()
    moments = {name: aware(values[name]) for name in ("since", "until")}
    return PostedRow(**values | moments | {"parts": frozenset(values["parts"].split())})
