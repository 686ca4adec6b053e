"""Unmistakable strings: one in every field that can hold one, and the search for them."""

from __future__ import annotations

import re
import secrets
import socket
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from onward.core import parse, spec
from onward.v1 import options_pb2
from onward.v1.categories_pb2 import CaseRecord
from onward_server.demo.disk import forms

Canaries = dict[str, list[str]]
"""The strings of each category."""

WINDOW = 8


def _hex() -> str:
    return secrets.token_hex(6)


_given: set[str] = set()


def _date() -> str:
    """A day that nobody in this century means, and that no other field has.

    In base64 some shapes hold the middle of it only, such as 43-05-: never this decade's.
    """
    while True:
        year = 100 * (11 + secrets.randbelow(7)) + 40 + secrets.randbelow(60)
        day = f"{year}-{1 + secrets.randbelow(12):02}-{1 + secrets.randbelow(28):02}"
        if day not in _given and day[2:] not in {one[2:] for one in _given}:
            _given.add(day)
            return day


# What a unique and valid value of a format looks like. The formats that are missing are too short
# to be told apart from noise: countries, languages, currencies, times of day.
UNIQUE: dict[int, Callable[[], str]] = {
    options_pb2.FORMAT_UNSPECIFIED: lambda: f"Cnry{_hex()}",
    options_pb2.FORMAT_ID: lambda: f"cnryid{_hex()}",
    options_pb2.FORMAT_AGENCY: lambda: f"cnry{_hex()}.example",
    options_pb2.FORMAT_DATE: _date,
    options_pb2.FORMAT_PHONE: lambda: f"+9{secrets.randbelow(10**13):013d}",
    options_pb2.FORMAT_EMAIL: lambda: f"cnry{_hex()}@canary.example",
    options_pb2.FORMAT_DECIMAL: lambda: f"9{secrets.randbelow(10**11):011d}.5",
    options_pb2.FORMAT_TIME_ZONE: lambda: f"Cnry/{_hex()}",
    options_pb2.FORMAT_ENDPOINT: lambda: f"https://cnry{_hex()}.example",
}
FIXED = {
    options_pb2.FORMAT_COUNTRY: "IN",
    options_pb2.FORMAT_SUBDIVISION: "IN-WB",
    options_pb2.FORMAT_LANGUAGE: "bn",
    options_pb2.FORMAT_CURRENCY: "INR",
    options_pb2.FORMAT_TIME_OF_DAY: "10:00",
}


def full_record(names: Iterable[str] | None = None) -> tuple[CaseRecord, Canaries]:
    """A record with each field of each category filled, or of these categories only."""
    record = CaseRecord()
    found: Canaries = defaultdict(list)
    for field in CaseRecord.DESCRIPTOR.fields:
        if names is None or field.name in names:
            _fill(getattr(record, field.name), found[field.name])
    parse.validate(record)
    return record, found


def _fill(message: Message, found: list[str]) -> None:
    message.SetInParent()
    for field in message.DESCRIPTOR.fields:
        if field.message_type is not None and not _is_time(field):
            inner = getattr(message, field.name)
            _fill(inner.add() if spec.repeated(field) else inner, found)
        elif _is_time(field):
            value = f"{_date()}T01:02:03Z"
            getattr(message, field.name).FromJsonString(value)
            found.append(value)
        else:
            value = _value(field, found)
            if spec.repeated(field):
                getattr(message, field.name).append(value)
            else:
                setattr(message, field.name, value)


def _is_time(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.full_name == (
        Timestamp.DESCRIPTOR.full_name
    )


def _value(field: FieldDescriptor, found: list[str]) -> Any:
    rule = spec.rule(field)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return True
    if field.type != FieldDescriptor.TYPE_STRING:
        return 1
    if rule.codes:
        return spec.registries()[rule.codes].allowed()[0]
    if rule.format in FIXED:
        return FIXED[rule.format]
    found.append(UNIQUE[rule.format]())
    return found[-1]


class Search:
    """Looks for many strings at once, in every shape of demo/disk.py."""

    def __init__(self, canaries: Canaries) -> None:
        self._shapes: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
        """By the number that a shape's first eight bytes make, as the machine reads them."""
        for category, words in canaries.items():
            for word in words:
                for shape in set(forms(word)):
                    assert len(shape) >= WINDOW
                    beginning = int.from_bytes(shape[:WINDOW], sys.byteorder)
                    self._shapes[beginning].append((shape, category))

    def categories(self, data: bytes) -> dict[str, int]:
        """How many canaries of each category are in the data."""
        found: dict[str, int] = defaultdict(int)
        for beginning in self._beginnings(data):
            for shape, category in self._shapes[beginning]:
                found[category] += shape in data
        return {category: count for category, count in found.items() if count}

    def _beginnings(self, data: bytes) -> set[int]:
        """Those that stand anywhere: all windows of the data are read as numbers, from each of the
        eight bytes at which one can begin. There are millions of windows, and this is quick.
        """
        wanted = self._shapes.keys()
        there: set[int] = set()
        for start in range(WINDOW):
            whole = (len(data) - start) // WINDOW * WINDOW
            if whole > 0:
                there |= wanted & memoryview(data)[start : start + whole].cast("Q")
        return there


class Tap:
    """A TCP proxy that writes down every byte, in both directions."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.streams: list[bytearray] = []
        self._open: list[socket.socket] = []
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                try:
                    far = socket.create_connection(self._target)
                except OSError:
                    near.close()
                    continue
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        seen = bytearray()
        self.streams.append(seen)
        with suppress(OSError):
            while chunk := source.recv(65536):
                seen += chunk
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End everything."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        for one in (self._server, *self._open):
            one.close()


SEALED = re.compile(rb"eyJ[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def sealed_texts(stream: bytes) -> list[str]:
    """Sealed texts on a wire, also where HTTP/2 has cut them into frames."""
    return [one.decode() for one in SEALED.findall(stream) + SEALED.findall(_unframed(stream))]


def _unframed(stream: bytes) -> bytes:
    """The DATA frames of an HTTP/2 stream of bytes, one behind the other."""
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    at = len(preface) if stream.startswith(preface) else 0
    data = bytearray()
    while at + 9 <= len(stream):
        length, kind = int.from_bytes(stream[at : at + 3], "big"), stream[at + 3]
        if kind == 0:
            data += stream[at + 9 : at + 9 + length]
        at += 9 + length
    return bytes(data)
