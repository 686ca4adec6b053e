"""Parts: what is personal, one category each, bound to an entry by a salted digest."""

from __future__ import annotations

import hashlib

from google.protobuf.message import Message

from onward.core import jose, spec
from onward.core.messages import category_class
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import Part

DOMAIN = b"onward-part\x00"
SALT_BYTES = 32


def digest(part: Part) -> str:
    """The part's digest: SHA-256 over domain, category, salt (32 bytes) and content.

    The salt keeps anyone who holds the entry, but not the part, from guessing a name or a
    telephone number. It is destroyed with the part. Raises ValueError for another salt.
    """
    category = part.category.encode("ascii")
    salt = jose.unb64(part.salt)
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt is 32 bytes")  # Else bytes of the content could pass for salt.
    body = DOMAIN + category + b"\x00" + salt + part.content.encode("utf-8")
    return jose.b64(hashlib.sha256(body).digest())


def make(message: Message, salt: bytes) -> Part:
    """A part that holds one category message. `salt` is 32 random bytes."""
    category = spec.category_of(message.DESCRIPTOR)
    if category is None:
        raise ValueError(f"{message.DESCRIPTOR.name} is no category")
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt is 32 bytes")
    return Part(category=category.id, salt=jose.b64(salt), content=to_json(message).decode("utf-8"))


def read(part: Part) -> Message:
    """The category message that the part holds.

    Raises Refused with the reason of the first fault, UNKNOWN_CODE if the category is unknown.
    """
    message_class = category_class(part.category)
    if message_class is None:
        raise Refused("UNKNOWN_CODE", "/category")
    return parse(message_class, part.content)
