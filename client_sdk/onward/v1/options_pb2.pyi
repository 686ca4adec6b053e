from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Format(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FORMAT_UNSPECIFIED: _ClassVar[Format]
    FORMAT_ID: _ClassVar[Format]
    FORMAT_AGENCY: _ClassVar[Format]
    FORMAT_DIGEST: _ClassVar[Format]
    FORMAT_SALT: _ClassVar[Format]
    FORMAT_JWS: _ClassVar[Format]
    FORMAT_JWE: _ClassVar[Format]
    FORMAT_VERSION: _ClassVar[Format]
    FORMAT_COUNTRY: _ClassVar[Format]
    FORMAT_SUBDIVISION: _ClassVar[Format]
    FORMAT_LANGUAGE: _ClassVar[Format]
    FORMAT_CURRENCY: _ClassVar[Format]
    FORMAT_DATE: _ClassVar[Format]
    FORMAT_PHONE: _ClassVar[Format]
    FORMAT_EMAIL: _ClassVar[Format]
    FORMAT_DECIMAL: _ClassVar[Format]
    FORMAT_TIME_OF_DAY: _ClassVar[Format]
    FORMAT_TIME_ZONE: _ClassVar[Format]
    FORMAT_ENDPOINT: _ClassVar[Format]
    FORMAT_AUTHORITY: _ClassVar[Format]
    FORMAT_CATEGORY: _ClassVar[Format]
    FORMAT_KIND: _ClassVar[Format]
    FORMAT_COORDINATE: _ClassVar[Format]
    FORMAT_JSON_TEXT: _ClassVar[Format]
    FORMAT_CURSOR: _ClassVar[Format]
    FORMAT_SCOPE: _ClassVar[Format]
    FORMAT_POINTER: _ClassVar[Format]
    FORMAT_SENTENCE: _ClassVar[Format]
    FORMAT_BASE64URL: _ClassVar[Format]
    FORMAT_KEY_ID: _ClassVar[Format]
    FORMAT_LOGIN: _ClassVar[Format]
    FORMAT_LOCATOR: _ClassVar[Format]
    FORMAT_SERIAL: _ClassVar[Format]
    FORMAT_WAY_CODE: _ClassVar[Format]
    FORMAT_SPOKEN_ANSWER: _ClassVar[Format]
    FORMAT_MONTH: _ClassVar[Format]
    FORMAT_RULE: _ClassVar[Format]
    FORMAT_RECEIPT_NUMBER: _ClassVar[Format]

class Plane(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PLANE_UNSPECIFIED: _ClassVar[Plane]
    PLANE_LOCAL: _ClassVar[Plane]
    PLANE_PEER: _ClassVar[Plane]

class Author(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUTHOR_UNSPECIFIED: _ClassVar[Author]
    AUTHOR_ORIGIN: _ClassVar[Author]
    AUTHOR_DESTINATION: _ClassVar[Author]
    AUTHOR_EITHER: _ClassVar[Author]

class Fallback(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FALLBACK_UNSPECIFIED: _ClassVar[Fallback]
    FALLBACK_CLOSED: _ClassVar[Fallback]
    FALLBACK_PARENT: _ClassVar[Fallback]
    FALLBACK_OTHER: _ClassVar[Fallback]
    FALLBACK_REFUSE: _ClassVar[Fallback]
FORMAT_UNSPECIFIED: Format
FORMAT_ID: Format
FORMAT_AGENCY: Format
FORMAT_DIGEST: Format
FORMAT_SALT: Format
FORMAT_JWS: Format
FORMAT_JWE: Format
FORMAT_VERSION: Format
FORMAT_COUNTRY: Format
FORMAT_SUBDIVISION: Format
FORMAT_LANGUAGE: Format
FORMAT_CURRENCY: Format
FORMAT_DATE: Format
FORMAT_PHONE: Format
FORMAT_EMAIL: Format
FORMAT_DECIMAL: Format
FORMAT_TIME_OF_DAY: Format
FORMAT_TIME_ZONE: Format
FORMAT_ENDPOINT: Format
FORMAT_AUTHORITY: Format
FORMAT_CATEGORY: Format
FORMAT_KIND: Format
FORMAT_COORDINATE: Format
FORMAT_JSON_TEXT: Format
FORMAT_CURSOR: Format
FORMAT_SCOPE: Format
FORMAT_POINTER: Format
FORMAT_SENTENCE: Format
FORMAT_BASE64URL: Format
FORMAT_KEY_ID: Format
FORMAT_LOGIN: Format
FORMAT_LOCATOR: Format
FORMAT_SERIAL: Format
FORMAT_WAY_CODE: Format
FORMAT_SPOKEN_ANSWER: Format
FORMAT_MONTH: Format
FORMAT_RULE: Format
FORMAT_RECEIPT_NUMBER: Format
PLANE_UNSPECIFIED: Plane
PLANE_LOCAL: Plane
PLANE_PEER: Plane
AUTHOR_UNSPECIFIED: Author
AUTHOR_ORIGIN: Author
AUTHOR_DESTINATION: Author
AUTHOR_EITHER: Author
FALLBACK_UNSPECIFIED: Fallback
FALLBACK_CLOSED: Fallback
FALLBACK_PARENT: Fallback
FALLBACK_OTHER: Fallback
FALLBACK_REFUSE: Fallback
REGISTRY_FIELD_NUMBER: _ClassVar[int]
registry: _descriptor.FieldDescriptor
ROLE_FIELD_NUMBER: _ClassVar[int]
role: _descriptor.FieldDescriptor
CATEGORY_FIELD_NUMBER: _ClassVar[int]
category: _descriptor.FieldDescriptor
FIELD_FIELD_NUMBER: _ClassVar[int]
field: _descriptor.FieldDescriptor
RPC_FIELD_NUMBER: _ClassVar[int]
rpc: _descriptor.FieldDescriptor
REASON_FIELD_NUMBER: _ClassVar[int]
reason: _descriptor.FieldDescriptor
PATTERN_FIELD_NUMBER: _ClassVar[int]
pattern: _descriptor.FieldDescriptor

class CategoryRule(_message.Message):
    __slots__ = ("id", "sensitivity", "offer", "protocol", "touches", "feedback", "free_text", "trafficking", "emergency", "bases")
    ID_FIELD_NUMBER: _ClassVar[int]
    SENSITIVITY_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    TOUCHES_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    FREE_TEXT_FIELD_NUMBER: _ClassVar[int]
    TRAFFICKING_FIELD_NUMBER: _ClassVar[int]
    EMERGENCY_FIELD_NUMBER: _ClassVar[int]
    BASES_FIELD_NUMBER: _ClassVar[int]
    id: str
    sensitivity: int
    offer: bool
    protocol: bool
    touches: _containers.RepeatedScalarFieldContainer[str]
    feedback: bool
    free_text: bool
    trafficking: bool
    emergency: bool
    bases: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., sensitivity: _Optional[int] = ..., offer: bool = ..., protocol: bool = ..., touches: _Optional[_Iterable[str]] = ..., feedback: bool = ..., free_text: bool = ..., trafficking: bool = ..., emergency: bool = ..., bases: _Optional[_Iterable[str]] = ...) -> None: ...

class FieldRule(_message.Message):
    __slots__ = ("codes", "format", "text", "max_items", "min_items", "minimum", "maximum", "htcds")
    CODES_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MAX_ITEMS_FIELD_NUMBER: _ClassVar[int]
    MIN_ITEMS_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    HTCDS_FIELD_NUMBER: _ClassVar[int]
    codes: str
    format: Format
    text: int
    max_items: int
    min_items: int
    minimum: int
    maximum: int
    htcds: str
    def __init__(self, codes: _Optional[str] = ..., format: _Optional[_Union[Format, str]] = ..., text: _Optional[int] = ..., max_items: _Optional[int] = ..., min_items: _Optional[int] = ..., minimum: _Optional[int] = ..., maximum: _Optional[int] = ..., htcds: _Optional[str] = ...) -> None: ...

class RpcRule(_message.Message):
    __slots__ = ("plane", "scope", "kind", "author", "always", "unblockable", "carries", "urgent", "passes", "needs_feedback", "unvouched")
    PLANE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    ALWAYS_FIELD_NUMBER: _ClassVar[int]
    UNBLOCKABLE_FIELD_NUMBER: _ClassVar[int]
    CARRIES_FIELD_NUMBER: _ClassVar[int]
    URGENT_FIELD_NUMBER: _ClassVar[int]
    PASSES_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    UNVOUCHED_FIELD_NUMBER: _ClassVar[int]
    plane: Plane
    scope: str
    kind: str
    author: Author
    always: bool
    unblockable: bool
    carries: _containers.RepeatedScalarFieldContainer[str]
    urgent: bool
    passes: bool
    needs_feedback: bool
    unvouched: bool
    def __init__(self, plane: _Optional[_Union[Plane, str]] = ..., scope: _Optional[str] = ..., kind: _Optional[str] = ..., author: _Optional[_Union[Author, str]] = ..., always: bool = ..., unblockable: bool = ..., carries: _Optional[_Iterable[str]] = ..., urgent: bool = ..., passes: bool = ..., needs_feedback: bool = ..., unvouched: bool = ...) -> None: ...

class ReasonRule(_message.Message):
    __slots__ = ("http", "grpc", "text", "retry")
    HTTP_FIELD_NUMBER: _ClassVar[int]
    GRPC_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    RETRY_FIELD_NUMBER: _ClassVar[int]
    http: int
    grpc: str
    text: str
    retry: bool
    def __init__(self, http: _Optional[int] = ..., grpc: _Optional[str] = ..., text: _Optional[str] = ..., retry: bool = ...) -> None: ...

class Registry(_message.Message):
    __slots__ = ("name", "about", "source", "code", "fallback", "htcds", "reversible", "unmapped", "groups")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FALLBACK_FIELD_NUMBER: _ClassVar[int]
    HTCDS_FIELD_NUMBER: _ClassVar[int]
    REVERSIBLE_FIELD_NUMBER: _ClassVar[int]
    UNMAPPED_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    name: str
    about: str
    source: str
    code: _containers.RepeatedCompositeFieldContainer[Code]
    fallback: Fallback
    htcds: _containers.RepeatedScalarFieldContainer[str]
    reversible: bool
    unmapped: _containers.RepeatedCompositeFieldContainer[Unmapped]
    groups: str
    def __init__(self, name: _Optional[str] = ..., about: _Optional[str] = ..., source: _Optional[str] = ..., code: _Optional[_Iterable[_Union[Code, _Mapping]]] = ..., fallback: _Optional[_Union[Fallback, str]] = ..., htcds: _Optional[_Iterable[str]] = ..., reversible: bool = ..., unmapped: _Optional[_Iterable[_Union[Unmapped, _Mapping]]] = ..., groups: _Optional[str] = ...) -> None: ...

class Unmapped(_message.Message):
    __slots__ = ("value", "why")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    value: str
    why: str
    def __init__(self, value: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class Code(_message.Message):
    __slots__ = ("id", "label", "parent", "htcds", "source", "forbidden", "next_step", "status", "days", "trait", "trafficking", "since", "replaced_by", "follows", "follows_her_wish", "group", "unasked")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    HTCDS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    FORBIDDEN_FIELD_NUMBER: _ClassVar[int]
    NEXT_STEP_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    TRAIT_FIELD_NUMBER: _ClassVar[int]
    TRAFFICKING_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    REPLACED_BY_FIELD_NUMBER: _ClassVar[int]
    FOLLOWS_FIELD_NUMBER: _ClassVar[int]
    FOLLOWS_HER_WISH_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    UNASKED_FIELD_NUMBER: _ClassVar[int]
    id: str
    label: str
    parent: str
    htcds: str
    source: str
    forbidden: str
    next_step: str
    status: str
    days: int
    trait: _containers.RepeatedScalarFieldContainer[str]
    trafficking: bool
    since: str
    replaced_by: str
    follows: _containers.RepeatedScalarFieldContainer[str]
    follows_her_wish: _containers.RepeatedScalarFieldContainer[str]
    group: str
    unasked: bool
    def __init__(self, id: _Optional[str] = ..., label: _Optional[str] = ..., parent: _Optional[str] = ..., htcds: _Optional[str] = ..., source: _Optional[str] = ..., forbidden: _Optional[str] = ..., next_step: _Optional[str] = ..., status: _Optional[str] = ..., days: _Optional[int] = ..., trait: _Optional[_Iterable[str]] = ..., trafficking: bool = ..., since: _Optional[str] = ..., replaced_by: _Optional[str] = ..., follows: _Optional[_Iterable[str]] = ..., follows_her_wish: _Optional[_Iterable[str]] = ..., group: _Optional[str] = ..., unasked: bool = ...) -> None: ...

class Role(_message.Message):
    __slots__ = ("id", "about", "scope")
    ID_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    id: str
    about: str
    scope: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., about: _Optional[str] = ..., scope: _Optional[_Iterable[str]] = ...) -> None: ...
