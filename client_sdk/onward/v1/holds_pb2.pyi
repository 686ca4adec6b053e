from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import bases_pb2 as _bases_pb2
from onward.v1 import categories_pb2 as _categories_pb2
from onward.v1 import categories_case_pb2 as _categories_case_pb2
from onward.v1 import categories_contact_pb2 as _categories_contact_pb2
from onward.v1 import categories_family_pb2 as _categories_family_pb2
from onward.v1 import categories_health_pb2 as _categories_health_pb2
from onward.v1 import categories_life_pb2 as _categories_life_pb2
from onward.v1 import categories_person_pb2 as _categories_person_pb2
from onward.v1 import categories_services_pb2 as _categories_services_pb2
from onward.v1 import options_pb2 as _options_pb2
from onward.v1 import referral_pb2 as _referral_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Hold(_message.Message):
    __slots__ = ("hold_id", "referral_id", "authority", "country", "evidence", "categories", "until", "placed", "lifted")
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    PLACED_FIELD_NUMBER: _ClassVar[int]
    LIFTED_FIELD_NUMBER: _ClassVar[int]
    hold_id: str
    referral_id: str
    authority: str
    country: str
    evidence: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    until: _timestamp_pb2.Timestamp
    placed: _bases_pb2.Approval
    lifted: _bases_pb2.Approval
    def __init__(self, hold_id: _Optional[str] = ..., referral_id: _Optional[str] = ..., authority: _Optional[str] = ..., country: _Optional[str] = ..., evidence: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., placed: _Optional[_Union[_bases_pb2.Approval, _Mapping]] = ..., lifted: _Optional[_Union[_bases_pb2.Approval, _Mapping]] = ...) -> None: ...

class PlaceHoldRequest(_message.Message):
    __slots__ = ("write", "referral_id", "authority", "country", "evidence", "categories", "until")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    authority: str
    country: str
    evidence: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    until: _timestamp_pb2.Timestamp
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., authority: _Optional[str] = ..., country: _Optional[str] = ..., evidence: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class LiftHoldRequest(_message.Message):
    __slots__ = ("write", "hold_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    hold_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., hold_id: _Optional[str] = ...) -> None: ...

class ListHoldsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListHoldsResponse(_message.Message):
    __slots__ = ("holds",)
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    holds: _containers.RepeatedCompositeFieldContainer[Hold]
    def __init__(self, holds: _Optional[_Iterable[_Union[Hold, _Mapping]]] = ...) -> None: ...

class ListSuspectedRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SuspectedWithdrawal(_message.Message):
    __slots__ = ("referral_id", "withdrawal", "destroyed_at", "confirmed")
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    DESTROYED_AT_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    withdrawal: str
    destroyed_at: _timestamp_pb2.Timestamp
    confirmed: _bases_pb2.Approval
    def __init__(self, referral_id: _Optional[str] = ..., withdrawal: _Optional[str] = ..., destroyed_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., confirmed: _Optional[_Union[_bases_pb2.Approval, _Mapping]] = ...) -> None: ...

class ListSuspectedResponse(_message.Message):
    __slots__ = ("withdrawals",)
    WITHDRAWALS_FIELD_NUMBER: _ClassVar[int]
    withdrawals: _containers.RepeatedCompositeFieldContainer[SuspectedWithdrawal]
    def __init__(self, withdrawals: _Optional[_Iterable[_Union[SuspectedWithdrawal, _Mapping]]] = ...) -> None: ...

class ConfirmWithdrawalRequest(_message.Message):
    __slots__ = ("write", "referral_id", "withdrawal")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    withdrawal: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., withdrawal: _Optional[str] = ...) -> None: ...

class RequestBreakGlassRequest(_message.Message):
    __slots__ = ("write", "referral_id", "reason", "categories")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    reason: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., reason: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ...) -> None: ...

class EmergencyOpening(_message.Message):
    __slots__ = ("opening_id", "referral_id", "reason", "categories", "state", "asked", "approvals", "open_until", "uses", "reviewed", "finding")
    OPENING_ID_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    APPROVALS_FIELD_NUMBER: _ClassVar[int]
    OPEN_UNTIL_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    opening_id: str
    referral_id: str
    reason: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    state: str
    asked: _bases_pb2.Approval
    approvals: _containers.RepeatedCompositeFieldContainer[_bases_pb2.Approval]
    open_until: _timestamp_pb2.Timestamp
    uses: int
    reviewed: _bases_pb2.Approval
    finding: str
    def __init__(self, opening_id: _Optional[str] = ..., referral_id: _Optional[str] = ..., reason: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., state: _Optional[str] = ..., asked: _Optional[_Union[_bases_pb2.Approval, _Mapping]] = ..., approvals: _Optional[_Iterable[_Union[_bases_pb2.Approval, _Mapping]]] = ..., open_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., uses: _Optional[int] = ..., reviewed: _Optional[_Union[_bases_pb2.Approval, _Mapping]] = ..., finding: _Optional[str] = ...) -> None: ...

class ApproveBreakGlassRequest(_message.Message):
    __slots__ = ("write", "opening_id", "refuse")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    OPENING_ID_FIELD_NUMBER: _ClassVar[int]
    REFUSE_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    opening_id: str
    refuse: bool
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., opening_id: _Optional[str] = ..., refuse: bool = ...) -> None: ...

class GetBreakGlassRequest(_message.Message):
    __slots__ = ("write", "opening_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    OPENING_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    opening_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., opening_id: _Optional[str] = ...) -> None: ...

class OpenBreakGlassRequest(_message.Message):
    __slots__ = ("write", "opening_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    OPENING_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    opening_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., opening_id: _Optional[str] = ...) -> None: ...

class OpenedInEmergency(_message.Message):
    __slots__ = ("opening", "record")
    OPENING_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    opening: EmergencyOpening
    record: _categories_pb2.CaseRecord
    def __init__(self, opening: _Optional[_Union[EmergencyOpening, _Mapping]] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ...) -> None: ...

class ReviewBreakGlassRequest(_message.Message):
    __slots__ = ("write", "opening_id", "finding")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    OPENING_ID_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    opening_id: str
    finding: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., opening_id: _Optional[str] = ..., finding: _Optional[str] = ...) -> None: ...
