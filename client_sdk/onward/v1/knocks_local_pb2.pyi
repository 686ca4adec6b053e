from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import knocks_pb2 as _knocks_pb2
from onward.v1 import options_pb2 as _options_pb2
from onward.v1 import referral_pb2 as _referral_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StandingOffer(_message.Message):
    __slots__ = ("offer_id", "services", "question", "status", "referral_ids", "time", "changed", "claimed")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_IDS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    services: _containers.RepeatedScalarFieldContainer[str]
    question: str
    status: str
    referral_ids: _containers.RepeatedScalarFieldContainer[str]
    time: _timestamp_pb2.Timestamp
    changed: _timestamp_pb2.Timestamp
    claimed: int
    def __init__(self, offer_id: _Optional[str] = ..., services: _Optional[_Iterable[str]] = ..., question: _Optional[str] = ..., status: _Optional[str] = ..., referral_ids: _Optional[_Iterable[str]] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., changed: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., claimed: _Optional[int] = ...) -> None: ...

class KnockRecord(_message.Message):
    __slots__ = ("knock_id", "kind", "outgoing", "time", "status", "agency", "purpose", "services", "offer_id", "self_referral", "result", "reason", "complaint", "asked", "answered", "done", "resumes")
    KNOCK_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OUTGOING_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    SELF_REFERRAL_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    RESUMES_FIELD_NUMBER: _ClassVar[int]
    knock_id: str
    kind: str
    outgoing: bool
    time: _timestamp_pb2.Timestamp
    status: str
    agency: str
    purpose: str
    services: _containers.RepeatedScalarFieldContainer[str]
    offer_id: str
    self_referral: _knocks_pb2.SelfReferral
    result: str
    reason: str
    complaint: _knocks_pb2.ComplaintNotice
    asked: int
    answered: int
    done: bool
    resumes: str
    def __init__(self, knock_id: _Optional[str] = ..., kind: _Optional[str] = ..., outgoing: bool = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., status: _Optional[str] = ..., agency: _Optional[str] = ..., purpose: _Optional[str] = ..., services: _Optional[_Iterable[str]] = ..., offer_id: _Optional[str] = ..., self_referral: _Optional[_Union[_knocks_pb2.SelfReferral, _Mapping]] = ..., result: _Optional[str] = ..., reason: _Optional[str] = ..., complaint: _Optional[_Union[_knocks_pb2.ComplaintNotice, _Mapping]] = ..., asked: _Optional[int] = ..., answered: _Optional[int] = ..., done: bool = ..., resumes: _Optional[str] = ...) -> None: ...

class MakeStandingOfferRequest(_message.Message):
    __slots__ = ("write", "services", "question", "answer", "referral_ids")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_IDS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    services: _containers.RepeatedScalarFieldContainer[str]
    question: str
    answer: str
    referral_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., services: _Optional[_Iterable[str]] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ..., referral_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class MadeStandingOffer(_message.Message):
    __slots__ = ("offer", "code")
    OFFER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    offer: StandingOffer
    code: str
    def __init__(self, offer: _Optional[_Union[StandingOffer, _Mapping]] = ..., code: _Optional[str] = ...) -> None: ...

class ListStandingOffersRequest(_message.Message):
    __slots__ = ("write", "page_size", "page_token")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    page_size: int
    page_token: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListStandingOffersResponse(_message.Message):
    __slots__ = ("offers", "next_page_token")
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    offers: _containers.RepeatedCompositeFieldContainer[StandingOffer]
    next_page_token: str
    def __init__(self, offers: _Optional[_Iterable[_Union[StandingOffer, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RevokeStandingOfferRequest(_message.Message):
    __slots__ = ("write", "offer_id", "declined_for_good")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FOR_GOOD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    offer_id: str
    declined_for_good: bool
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., offer_id: _Optional[str] = ..., declined_for_good: bool = ...) -> None: ...

class ClaimRequest(_message.Message):
    __slots__ = ("write", "code", "answer", "purpose")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    code: str
    answer: str
    purpose: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., code: _Optional[str] = ..., answer: _Optional[str] = ..., purpose: _Optional[str] = ...) -> None: ...

class ReferSelfRequest(_message.Message):
    __slots__ = ("write", "agency", "self_referral")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    SELF_REFERRAL_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    agency: str
    self_referral: _knocks_pb2.SelfReferral
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., agency: _Optional[str] = ..., self_referral: _Optional[_Union[_knocks_pb2.SelfReferral, _Mapping]] = ...) -> None: ...

class LodgeComplaintRequest(_message.Message):
    __slots__ = ("write", "complaint")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    complaint: _knocks_pb2.ComplaintNotice
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., complaint: _Optional[_Union[_knocks_pb2.ComplaintNotice, _Mapping]] = ...) -> None: ...

class AnswerKnockRequest(_message.Message):
    __slots__ = ("write", "knock_id", "result", "reason")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    KNOCK_ID_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    knock_id: str
    result: str
    reason: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., knock_id: _Optional[str] = ..., result: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class GetKnockRequest(_message.Message):
    __slots__ = ("write", "knock_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    KNOCK_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    knock_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., knock_id: _Optional[str] = ...) -> None: ...

class ListKnocksRequest(_message.Message):
    __slots__ = ("write", "page_size", "page_token")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    page_size: int
    page_token: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListKnocksResponse(_message.Message):
    __slots__ = ("knocks", "next_page_token")
    KNOCKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    knocks: _containers.RepeatedCompositeFieldContainer[KnockRecord]
    next_page_token: str
    def __init__(self, knocks: _Optional[_Iterable[_Union[KnockRecord, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
