"""Building one person's case record from the cells of a row."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from onward.core import schema, spec
from onward.core.parse import Invalid, validate
from onward.importers.mapping import Step, Target
from onward.importers.model import BadCell
from onward.v1.categories_pb2 import CaseRecord, NeedsServices


def missing(message: Any) -> str:
    """The first field that the message must have and lacks, as a path; empty if there is none."""
    descriptor: Descriptor = message.DESCRIPTOR
    present = {field.name for field, _ in message.ListFields()}
    for field in descriptor.fields:
        if schema.must_stand(field) and field.name not in present:
            return field.name
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.file.package != spec.PACKAGE:
            continue
        for one in value if spec.repeated(field) else [value]:
            if inner := missing(one):
                return f"{field.name}.{inner}"
    return ""


class RecordBuilder:
    """Collects the values of one row, and gives the record that they make."""

    def __init__(self) -> None:
        self._record = CaseRecord()
        self._items: dict[tuple[Step, ...], Any] = {}

    def put(self, target: Target, value: Any) -> None:
        """Set one field. Messages and list items on the way are made as they are needed."""
        message = self._message(target)
        if target.fixed is not None:
            setattr(message, *target.fixed)
        if spec.repeated(target.leaf):
            getattr(message, target.leaf.name).extend(value)
        else:
            setattr(message, target.leaf.name, value)

    def _message(self, target: Target) -> Any:
        message: Any = self._record
        for depth, step in enumerate(target.steps, start=1):
            inner = getattr(message, step.name)
            if step.slot:
                key = target.steps[:depth]
                if key not in self._items:
                    self._items[key] = self._item(inner)
                message = self._items[key]
            else:
                inner.SetInParent()
                message = inner
        return message

    @staticmethod
    def _item(items: Any) -> Any:
        item = items.add()
        if "number" in item.DESCRIPTOR.fields_by_name and hasattr(item, "number"):
            field = item.DESCRIPTOR.fields_by_name["number"]
            if field.type == field.TYPE_UINT32:
                item.number = len(items)
        return item

    def wishes(self, wishes: list[NeedsServices.ServiceNeed]) -> None:
        """The services that the person is referred for, from wishes.csv."""
        if wishes:
            self._record.needs_services.items.extend(wishes)

    def finish(self) -> tuple[CaseRecord, list[str]]:
        """The record, and for each category that was left out as incomplete the field it lacks.

        HTCDS asks for less than a category needs: it has a telephone number, but not whether a
        call is safe. Nothing is made up for it. Raises BadCell where the whole does not hold.
        """
        lacking = []
        for field, value in list(self._record.ListFields()):
            if lack := missing(value):
                lacking.append(f"{field.name}.{lack}")
                self._record.ClearField(field.name)
                continue
            self._check(value)
        return self._record, lacking

    @staticmethod
    def _check(category: Message) -> None:
        try:
            validate(category)
        except Invalid:
            descriptor: Any = category.DESCRIPTOR
            name = spec.category_of(descriptor)
            raise BadCell(
                f"the values for {name.id if name else 'the record'} do not fit together",
                "Compare them with the specification",
            ) from None
