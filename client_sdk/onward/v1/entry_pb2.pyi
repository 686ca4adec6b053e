from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Head(_message.Message):
    __slots__ = ("seq", "hash")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    seq: int
    hash: str
    def __init__(self, seq: _Optional[int] = ..., hash: _Optional[str] = ...) -> None: ...

class Heads(_message.Message):
    __slots__ = ("origin", "destination")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    origin: Head
    destination: Head
    def __init__(self, origin: _Optional[_Union[Head, _Mapping]] = ..., destination: _Optional[_Union[Head, _Mapping]] = ...) -> None: ...

class Item(_message.Message):
    __slots__ = ("number", "state", "reason", "wish", "not_before", "together_with")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    WISH_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    TOGETHER_WITH_FIELD_NUMBER: _ClassVar[int]
    number: int
    state: str
    reason: str
    wish: str
    not_before: str
    together_with: int
    def __init__(self, number: _Optional[int] = ..., state: _Optional[str] = ..., reason: _Optional[str] = ..., wish: _Optional[str] = ..., not_before: _Optional[str] = ..., together_with: _Optional[int] = ...) -> None: ...

class Question(_message.Message):
    __slots__ = ("codes", "categories", "items")
    CODES_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    codes: _containers.RepeatedScalarFieldContainer[str]
    categories: _containers.RepeatedScalarFieldContainer[str]
    items: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, codes: _Optional[_Iterable[str]] = ..., categories: _Optional[_Iterable[str]] = ..., items: _Optional[_Iterable[int]] = ...) -> None: ...

class Milestone(_message.Message):
    __slots__ = ("code", "state", "decision")
    CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    code: str
    state: str
    decision: str
    def __init__(self, code: _Optional[str] = ..., state: _Optional[str] = ..., decision: _Optional[str] = ...) -> None: ...

class PartRef(_message.Message):
    __slots__ = ("category", "digest")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    category: str
    digest: str
    def __init__(self, category: _Optional[str] = ..., digest: _Optional[str] = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ("digest", "reason")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    digest: str
    reason: str
    def __init__(self, digest: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Withdrawal(_message.Message):
    __slots__ = ("everything", "categories", "linked")
    EVERYTHING_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    LINKED_FIELD_NUMBER: _ClassVar[int]
    everything: bool
    categories: _containers.RepeatedScalarFieldContainer[str]
    linked: bool
    def __init__(self, everything: bool = ..., categories: _Optional[_Iterable[str]] = ..., linked: bool = ...) -> None: ...

class Kept(_message.Message):
    __slots__ = ("category", "law", "country", "until")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    LAW_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    category: str
    law: str
    country: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, category: _Optional[str] = ..., law: _Optional[str] = ..., country: _Optional[str] = ..., until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Certificate(_message.Message):
    __slots__ = ("withdrawal", "destroyed", "destroyed_at", "copies_until", "kept", "awaits", "further")
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    DESTROYED_FIELD_NUMBER: _ClassVar[int]
    DESTROYED_AT_FIELD_NUMBER: _ClassVar[int]
    COPIES_UNTIL_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    AWAITS_FIELD_NUMBER: _ClassVar[int]
    FURTHER_FIELD_NUMBER: _ClassVar[int]
    withdrawal: str
    destroyed: _containers.RepeatedScalarFieldContainer[str]
    destroyed_at: _timestamp_pb2.Timestamp
    copies_until: _timestamp_pb2.Timestamp
    kept: _containers.RepeatedCompositeFieldContainer[Kept]
    awaits: _containers.RepeatedScalarFieldContainer[str]
    further: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, withdrawal: _Optional[str] = ..., destroyed: _Optional[_Iterable[str]] = ..., destroyed_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., copies_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., kept: _Optional[_Iterable[_Union[Kept, _Mapping]]] = ..., awaits: _Optional[_Iterable[str]] = ..., further: _Optional[_Iterable[str]] = ...) -> None: ...

class Entry(_message.Message):
    __slots__ = ("version", "referral_id", "author", "recipient", "round", "seq", "prev", "seen", "kind", "time", "grant_id", "parts", "refused", "items", "withdrawal", "certificate", "opened", "confirms", "follow_up", "respond_by", "milestone", "alert", "complaint", "forward_to", "question", "answers", "pause_reason", "cancel_reason", "corrects", "resumes")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    PREV_FIELD_NUMBER: _ClassVar[int]
    SEEN_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    CONFIRMS_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_FIELD_NUMBER: _ClassVar[int]
    RESPOND_BY_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    ALERT_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_FIELD_NUMBER: _ClassVar[int]
    FORWARD_TO_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    PAUSE_REASON_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REASON_FIELD_NUMBER: _ClassVar[int]
    CORRECTS_FIELD_NUMBER: _ClassVar[int]
    RESUMES_FIELD_NUMBER: _ClassVar[int]
    version: str
    referral_id: str
    author: str
    recipient: str
    round: int
    seq: int
    prev: str
    seen: Head
    kind: str
    time: _timestamp_pb2.Timestamp
    grant_id: str
    parts: _containers.RepeatedCompositeFieldContainer[PartRef]
    refused: _containers.RepeatedCompositeFieldContainer[Refusal]
    items: _containers.RepeatedCompositeFieldContainer[Item]
    withdrawal: Withdrawal
    certificate: Certificate
    opened: _containers.RepeatedScalarFieldContainer[str]
    confirms: str
    follow_up: str
    respond_by: _timestamp_pb2.Timestamp
    milestone: Milestone
    alert: str
    complaint: str
    forward_to: str
    question: Question
    answers: str
    pause_reason: str
    cancel_reason: str
    corrects: _containers.RepeatedScalarFieldContainer[str]
    resumes: str
    def __init__(self, version: _Optional[str] = ..., referral_id: _Optional[str] = ..., author: _Optional[str] = ..., recipient: _Optional[str] = ..., round: _Optional[int] = ..., seq: _Optional[int] = ..., prev: _Optional[str] = ..., seen: _Optional[_Union[Head, _Mapping]] = ..., kind: _Optional[str] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., grant_id: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[PartRef, _Mapping]]] = ..., refused: _Optional[_Iterable[_Union[Refusal, _Mapping]]] = ..., items: _Optional[_Iterable[_Union[Item, _Mapping]]] = ..., withdrawal: _Optional[_Union[Withdrawal, _Mapping]] = ..., certificate: _Optional[_Union[Certificate, _Mapping]] = ..., opened: _Optional[_Iterable[str]] = ..., confirms: _Optional[str] = ..., follow_up: _Optional[str] = ..., respond_by: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., milestone: _Optional[_Union[Milestone, _Mapping]] = ..., alert: _Optional[str] = ..., complaint: _Optional[str] = ..., forward_to: _Optional[str] = ..., question: _Optional[_Union[Question, _Mapping]] = ..., answers: _Optional[str] = ..., pause_reason: _Optional[str] = ..., cancel_reason: _Optional[str] = ..., corrects: _Optional[_Iterable[str]] = ..., resumes: _Optional[str] = ...) -> None: ...
