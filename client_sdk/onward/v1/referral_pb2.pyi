from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import consent_pb2 as _consent_pb2
from onward.v1 import entry_pb2 as _entry_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PartStatus(_message.Message):
    __slots__ = ("digest", "category", "author", "state", "refusal", "readable")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    READABLE_FIELD_NUMBER: _ClassVar[int]
    digest: str
    category: str
    author: str
    state: str
    refusal: str
    readable: bool
    def __init__(self, digest: _Optional[str] = ..., category: _Optional[str] = ..., author: _Optional[str] = ..., state: _Optional[str] = ..., refusal: _Optional[str] = ..., readable: bool = ...) -> None: ...

class NeedsHuman(_message.Message):
    __slots__ = ("code", "next_step", "referral_id", "entry", "knock_id", "agency", "count", "days", "approval_id")
    CODE_FIELD_NUMBER: _ClassVar[int]
    NEXT_STEP_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    KNOCK_ID_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    APPROVAL_ID_FIELD_NUMBER: _ClassVar[int]
    code: str
    next_step: str
    referral_id: str
    entry: str
    knock_id: str
    agency: str
    count: int
    days: int
    approval_id: str
    def __init__(self, code: _Optional[str] = ..., next_step: _Optional[str] = ..., referral_id: _Optional[str] = ..., entry: _Optional[str] = ..., knock_id: _Optional[str] = ..., agency: _Optional[str] = ..., count: _Optional[int] = ..., days: _Optional[int] = ..., approval_id: _Optional[str] = ...) -> None: ...

class JournalNote(_message.Message):
    __slots__ = ("kind", "time", "items", "follow_up", "categories", "milestone", "pause_reason", "round")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    PAUSE_REASON_FIELD_NUMBER: _ClassVar[int]
    ROUND_FIELD_NUMBER: _ClassVar[int]
    kind: str
    time: _timestamp_pb2.Timestamp
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    follow_up: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    milestone: _entry_pb2.Milestone
    pause_reason: str
    round: int
    def __init__(self, kind: _Optional[str] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ..., follow_up: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., milestone: _Optional[_Union[_entry_pb2.Milestone, _Mapping]] = ..., pause_reason: _Optional[str] = ..., round: _Optional[int] = ...) -> None: ...

class Referral(_message.Message):
    __slots__ = ("referral_id", "origin", "destination", "phase", "rest_reason", "round", "closed", "items", "parts", "handover_origin", "handover_destination", "withdrawals", "certified", "heads", "needs_human", "journal", "undelivered", "cancel_pending", "pause_reason", "question", "question_entry", "forward_to", "respond_by", "choice_needed", "milestones", "raised", "follow_ups", "next_follow_up", "resumes", "links", "restored", "holders")
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    REST_REASON_FIELD_NUMBER: _ClassVar[int]
    ROUND_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_ORIGIN_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_DESTINATION_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWALS_FIELD_NUMBER: _ClassVar[int]
    CERTIFIED_FIELD_NUMBER: _ClassVar[int]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_HUMAN_FIELD_NUMBER: _ClassVar[int]
    JOURNAL_FIELD_NUMBER: _ClassVar[int]
    UNDELIVERED_FIELD_NUMBER: _ClassVar[int]
    CANCEL_PENDING_FIELD_NUMBER: _ClassVar[int]
    PAUSE_REASON_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    QUESTION_ENTRY_FIELD_NUMBER: _ClassVar[int]
    FORWARD_TO_FIELD_NUMBER: _ClassVar[int]
    RESPOND_BY_FIELD_NUMBER: _ClassVar[int]
    CHOICE_NEEDED_FIELD_NUMBER: _ClassVar[int]
    MILESTONES_FIELD_NUMBER: _ClassVar[int]
    RAISED_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FOLLOW_UP_FIELD_NUMBER: _ClassVar[int]
    RESUMES_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    RESTORED_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    origin: str
    destination: str
    phase: str
    rest_reason: str
    round: int
    closed: bool
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    parts: _containers.RepeatedCompositeFieldContainer[PartStatus]
    handover_origin: bool
    handover_destination: bool
    withdrawals: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Withdrawal]
    certified: _containers.RepeatedScalarFieldContainer[str]
    heads: _entry_pb2.Heads
    needs_human: _containers.RepeatedCompositeFieldContainer[NeedsHuman]
    journal: _containers.RepeatedCompositeFieldContainer[JournalNote]
    undelivered: int
    cancel_pending: bool
    pause_reason: str
    question: _entry_pb2.Question
    question_entry: str
    forward_to: str
    respond_by: _timestamp_pb2.Timestamp
    choice_needed: _containers.RepeatedScalarFieldContainer[int]
    milestones: _containers.RepeatedCompositeFieldContainer[MilestoneStatus]
    raised: _containers.RepeatedCompositeFieldContainer[Raised]
    follow_ups: int
    next_follow_up: DueFollowUp
    resumes: str
    links: _containers.RepeatedCompositeFieldContainer[Link]
    restored: bool
    holders: _containers.RepeatedCompositeFieldContainer[Holder]
    def __init__(self, referral_id: _Optional[str] = ..., origin: _Optional[str] = ..., destination: _Optional[str] = ..., phase: _Optional[str] = ..., rest_reason: _Optional[str] = ..., round: _Optional[int] = ..., closed: bool = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ..., parts: _Optional[_Iterable[_Union[PartStatus, _Mapping]]] = ..., handover_origin: bool = ..., handover_destination: bool = ..., withdrawals: _Optional[_Iterable[_Union[_entry_pb2.Withdrawal, _Mapping]]] = ..., certified: _Optional[_Iterable[str]] = ..., heads: _Optional[_Union[_entry_pb2.Heads, _Mapping]] = ..., needs_human: _Optional[_Iterable[_Union[NeedsHuman, _Mapping]]] = ..., journal: _Optional[_Iterable[_Union[JournalNote, _Mapping]]] = ..., undelivered: _Optional[int] = ..., cancel_pending: bool = ..., pause_reason: _Optional[str] = ..., question: _Optional[_Union[_entry_pb2.Question, _Mapping]] = ..., question_entry: _Optional[str] = ..., forward_to: _Optional[str] = ..., respond_by: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., choice_needed: _Optional[_Iterable[int]] = ..., milestones: _Optional[_Iterable[_Union[MilestoneStatus, _Mapping]]] = ..., raised: _Optional[_Iterable[_Union[Raised, _Mapping]]] = ..., follow_ups: _Optional[int] = ..., next_follow_up: _Optional[_Union[DueFollowUp, _Mapping]] = ..., resumes: _Optional[str] = ..., links: _Optional[_Iterable[_Union[Link, _Mapping]]] = ..., restored: bool = ..., holders: _Optional[_Iterable[_Union[Holder, _Mapping]]] = ...) -> None: ...

class Holder(_message.Message):
    __slots__ = ("agency", "withdrawal", "certified", "destroyed_at", "copies_until", "kept", "days", "destroy_by")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    CERTIFIED_FIELD_NUMBER: _ClassVar[int]
    DESTROYED_AT_FIELD_NUMBER: _ClassVar[int]
    COPIES_UNTIL_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    DESTROY_BY_FIELD_NUMBER: _ClassVar[int]
    agency: str
    withdrawal: str
    certified: bool
    destroyed_at: _timestamp_pb2.Timestamp
    copies_until: _timestamp_pb2.Timestamp
    kept: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Kept]
    days: int
    destroy_by: _timestamp_pb2.Timestamp
    def __init__(self, agency: _Optional[str] = ..., withdrawal: _Optional[str] = ..., certified: bool = ..., destroyed_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., copies_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., kept: _Optional[_Iterable[_Union[_entry_pb2.Kept, _Mapping]]] = ..., days: _Optional[int] = ..., destroy_by: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MilestoneStatus(_message.Message):
    __slots__ = ("milestone", "since", "author")
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    milestone: _entry_pb2.Milestone
    since: _timestamp_pb2.Timestamp
    author: str
    def __init__(self, milestone: _Optional[_Union[_entry_pb2.Milestone, _Mapping]] = ..., since: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., author: _Optional[str] = ...) -> None: ...

class Raised(_message.Message):
    __slots__ = ("alert", "complaint", "author", "entry", "answered")
    ALERT_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    alert: str
    complaint: str
    author: str
    entry: str
    answered: bool
    def __init__(self, alert: _Optional[str] = ..., complaint: _Optional[str] = ..., author: _Optional[str] = ..., entry: _Optional[str] = ..., answered: bool = ...) -> None: ...

class DueFollowUp(_message.Message):
    __slots__ = ("point", "due")
    POINT_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    point: str
    due: _timestamp_pb2.Timestamp
    def __init__(self, point: _Optional[str] = ..., due: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Link(_message.Message):
    __slots__ = ("kind", "referral_id", "relation")
    KIND_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    kind: str
    referral_id: str
    relation: str
    def __init__(self, kind: _Optional[str] = ..., referral_id: _Optional[str] = ..., relation: _Optional[str] = ...) -> None: ...

class StoredEntry(_message.Message):
    __slots__ = ("jws", "hash", "entry", "outcome")
    JWS_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    jws: str
    hash: str
    entry: _entry_pb2.Entry
    outcome: str
    def __init__(self, jws: _Optional[str] = ..., hash: _Optional[str] = ..., entry: _Optional[_Union[_entry_pb2.Entry, _Mapping]] = ..., outcome: _Optional[str] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("cursor", "kind", "referral_id")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    kind: str
    referral_id: str
    def __init__(self, cursor: _Optional[str] = ..., kind: _Optional[str] = ..., referral_id: _Optional[str] = ...) -> None: ...

class AuditRecord(_message.Message):
    __slots__ = ("seq", "time", "actor", "client", "action", "purpose", "referral_id", "categories", "hash")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    seq: int
    time: _timestamp_pb2.Timestamp
    actor: str
    client: str
    action: str
    purpose: str
    referral_id: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    hash: str
    def __init__(self, seq: _Optional[int] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., client: _Optional[str] = ..., action: _Optional[str] = ..., purpose: _Optional[str] = ..., referral_id: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., hash: _Optional[str] = ...) -> None: ...

class Write(_message.Message):
    __slots__ = ("request_id", "expected_heads", "purpose", "actor")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_HEADS_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_heads: _entry_pb2.Heads
    purpose: str
    actor: str
    def __init__(self, request_id: _Optional[str] = ..., expected_heads: _Optional[_Union[_entry_pb2.Heads, _Mapping]] = ..., purpose: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class Recorded(_message.Message):
    __slots__ = ("referral", "entry", "journaled", "decisions")
    REFERRAL_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    JOURNALED_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    referral: Referral
    entry: str
    journaled: bool
    decisions: _containers.RepeatedCompositeFieldContainer[_consent_pb2.Decision]
    def __init__(self, referral: _Optional[_Union[Referral, _Mapping]] = ..., entry: _Optional[str] = ..., journaled: bool = ..., decisions: _Optional[_Iterable[_Union[_consent_pb2.Decision, _Mapping]]] = ...) -> None: ...
