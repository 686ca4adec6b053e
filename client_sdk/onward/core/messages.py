"""From names in the specification to the Python classes of its messages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from google.protobuf import message_factory
from google.protobuf.message import Message

from onward.core import spec


@cache
def category_class(category: str) -> type[Message] | None:
    """The class of a category's message, or None if the category is unknown."""
    found = spec.categories().get(category)
    return message_factory.GetMessageClass(found.descriptor) if found else None


def split(record: Message) -> Iterator[tuple[str, Message]]:
    """The categories that a case or offer record holds, in the order of their numbers."""
    for field, value in record.ListFields():
        yield field.name, value


def put(record: Message, message: Message) -> None:
    """Set the category's field of a record; a category that the record lacks is left out."""
    found = spec.category_of(message.DESCRIPTOR)
    if found is not None and found.id in record.DESCRIPTOR.fields_by_name:
        getattr(record, found.id).CopyFrom(message)
