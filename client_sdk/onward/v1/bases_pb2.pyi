from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import options_pb2 as _options_pb2
from onward.v1 import referral_pb2 as _referral_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OtherBasis(_message.Message):
    __slots__ = ("basis_id", "subject_id", "subject_kind", "age_class", "basis", "reason", "recipient", "purpose", "categories", "hours", "retention_days", "tell_by", "evidence", "state", "proposed", "approvals", "valid_from", "valid_until", "reviewed", "finding", "told", "not_told", "uses")
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_KIND_FIELD_NUMBER: _ClassVar[int]
    AGE_CLASS_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    TELL_BY_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    APPROVALS_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    NOT_TOLD_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    basis_id: str
    subject_id: str
    subject_kind: str
    age_class: str
    basis: str
    reason: str
    recipient: str
    purpose: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    hours: int
    retention_days: int
    tell_by: str
    evidence: str
    state: str
    proposed: Approval
    approvals: _containers.RepeatedCompositeFieldContainer[Approval]
    valid_from: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    reviewed: Approval
    finding: str
    told: Approval
    not_told: str
    uses: int
    def __init__(self, basis_id: _Optional[str] = ..., subject_id: _Optional[str] = ..., subject_kind: _Optional[str] = ..., age_class: _Optional[str] = ..., basis: _Optional[str] = ..., reason: _Optional[str] = ..., recipient: _Optional[str] = ..., purpose: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., hours: _Optional[int] = ..., retention_days: _Optional[int] = ..., tell_by: _Optional[str] = ..., evidence: _Optional[str] = ..., state: _Optional[str] = ..., proposed: _Optional[_Union[Approval, _Mapping]] = ..., approvals: _Optional[_Iterable[_Union[Approval, _Mapping]]] = ..., valid_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., reviewed: _Optional[_Union[Approval, _Mapping]] = ..., finding: _Optional[str] = ..., told: _Optional[_Union[Approval, _Mapping]] = ..., not_told: _Optional[str] = ..., uses: _Optional[int] = ...) -> None: ...

class Approval(_message.Message):
    __slots__ = ("actor", "time")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    actor: str
    time: _timestamp_pb2.Timestamp
    def __init__(self, actor: _Optional[str] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ProposeBasisRequest(_message.Message):
    __slots__ = ("write", "basis")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    basis: OtherBasis
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., basis: _Optional[_Union[OtherBasis, _Mapping]] = ...) -> None: ...

class ApproveBasisRequest(_message.Message):
    __slots__ = ("write", "basis_id", "refuse")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    REFUSE_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    basis_id: str
    refuse: bool
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., basis_id: _Optional[str] = ..., refuse: bool = ...) -> None: ...

class ReviewBasisRequest(_message.Message):
    __slots__ = ("write", "basis_id", "finding")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    basis_id: str
    finding: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., basis_id: _Optional[str] = ..., finding: _Optional[str] = ...) -> None: ...

class TellPersonRequest(_message.Message):
    __slots__ = ("write", "basis_id", "not_told")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    NOT_TOLD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    basis_id: str
    not_told: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., basis_id: _Optional[str] = ..., not_told: _Optional[str] = ...) -> None: ...

class GetBasisRequest(_message.Message):
    __slots__ = ("write", "basis_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    basis_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., basis_id: _Optional[str] = ...) -> None: ...

class CountBasesRequest(_message.Message):
    __slots__ = ("since",)
    SINCE_FIELD_NUMBER: _ClassVar[int]
    since: str
    def __init__(self, since: _Optional[str] = ...) -> None: ...

class BasisCount(_message.Message):
    __slots__ = ("month", "basis", "uses", "approved", "not_reviewed", "not_justified", "not_told")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    APPROVED_FIELD_NUMBER: _ClassVar[int]
    NOT_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    NOT_JUSTIFIED_FIELD_NUMBER: _ClassVar[int]
    NOT_TOLD_FIELD_NUMBER: _ClassVar[int]
    month: str
    basis: str
    uses: int
    approved: int
    not_reviewed: int
    not_justified: int
    not_told: int
    def __init__(self, month: _Optional[str] = ..., basis: _Optional[str] = ..., uses: _Optional[int] = ..., approved: _Optional[int] = ..., not_reviewed: _Optional[int] = ..., not_justified: _Optional[int] = ..., not_told: _Optional[int] = ...) -> None: ...

class CountBasesResponse(_message.Message):
    __slots__ = ("counts",)
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[BasisCount]
    def __init__(self, counts: _Optional[_Iterable[_Union[BasisCount, _Mapping]]] = ...) -> None: ...
