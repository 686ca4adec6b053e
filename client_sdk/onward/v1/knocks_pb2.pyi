from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Knock(_message.Message):
    __slots__ = ("knock_id", "time", "claim", "claim_answer", "self_referral", "self_referral_answer", "complaint")
    KNOCK_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ANSWER_FIELD_NUMBER: _ClassVar[int]
    SELF_REFERRAL_FIELD_NUMBER: _ClassVar[int]
    SELF_REFERRAL_ANSWER_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_FIELD_NUMBER: _ClassVar[int]
    knock_id: str
    time: _timestamp_pb2.Timestamp
    claim: Claim
    claim_answer: ClaimAnswer
    self_referral: SelfReferral
    self_referral_answer: SelfReferralAnswer
    complaint: ComplaintNotice
    def __init__(self, knock_id: _Optional[str] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., claim: _Optional[_Union[Claim, _Mapping]] = ..., claim_answer: _Optional[_Union[ClaimAnswer, _Mapping]] = ..., self_referral: _Optional[_Union[SelfReferral, _Mapping]] = ..., self_referral_answer: _Optional[_Union[SelfReferralAnswer, _Mapping]] = ..., complaint: _Optional[_Union[ComplaintNotice, _Mapping]] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("purpose", "serial", "proof")
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    purpose: str
    serial: str
    proof: str
    def __init__(self, purpose: _Optional[str] = ..., serial: _Optional[str] = ..., proof: _Optional[str] = ...) -> None: ...

class ClaimAnswer(_message.Message):
    __slots__ = ("answers", "result", "services", "proof")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    answers: str
    result: str
    services: _containers.RepeatedScalarFieldContainer[str]
    proof: str
    def __init__(self, answers: _Optional[str] = ..., result: _Optional[str] = ..., services: _Optional[_Iterable[str]] = ..., proof: _Optional[str] = ...) -> None: ...

class SelfReferral(_message.Message):
    __slots__ = ("who", "entry_channel", "services", "country", "subdivision", "language", "priority")
    WHO_FIELD_NUMBER: _ClassVar[int]
    ENTRY_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    who: str
    entry_channel: str
    services: _containers.RepeatedScalarFieldContainer[str]
    country: str
    subdivision: str
    language: str
    priority: str
    def __init__(self, who: _Optional[str] = ..., entry_channel: _Optional[str] = ..., services: _Optional[_Iterable[str]] = ..., country: _Optional[str] = ..., subdivision: _Optional[str] = ..., language: _Optional[str] = ..., priority: _Optional[str] = ...) -> None: ...

class SelfReferralAnswer(_message.Message):
    __slots__ = ("answers", "result", "reason")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    answers: str
    result: str
    reason: str
    def __init__(self, answers: _Optional[str] = ..., result: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ComplaintNotice(_message.Message):
    __slots__ = ("agency", "complaint", "month", "service")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    agency: str
    complaint: str
    month: str
    service: str
    def __init__(self, agency: _Optional[str] = ..., complaint: _Optional[str] = ..., month: _Optional[str] = ..., service: _Optional[str] = ...) -> None: ...
