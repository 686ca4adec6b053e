from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import categories_pb2 as _categories_pb2
from onward.v1 import categories_case_pb2 as _categories_case_pb2
from onward.v1 import categories_contact_pb2 as _categories_contact_pb2
from onward.v1 import categories_family_pb2 as _categories_family_pb2
from onward.v1 import categories_health_pb2 as _categories_health_pb2
from onward.v1 import categories_life_pb2 as _categories_life_pb2
from onward.v1 import categories_person_pb2 as _categories_person_pb2
from onward.v1 import categories_services_pb2 as _categories_services_pb2
from onward.v1 import entry_pb2 as _entry_pb2
from onward.v1 import options_pb2 as _options_pb2
from onward.v1 import referral_pb2 as _referral_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AmendRequest(_message.Message):
    __slots__ = ("write", "referral_id", "items", "record", "respond_by")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    RESPOND_BY_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    record: _categories_pb2.OfferRecord
    respond_by: _timestamp_pb2.Timestamp
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ..., record: _Optional[_Union[_categories_pb2.OfferRecord, _Mapping]] = ..., respond_by: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AnswerRequest(_message.Message):
    __slots__ = ("write", "referral_id", "answers", "record")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    answers: str
    record: _categories_pb2.OfferRecord
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., answers: _Optional[str] = ..., record: _Optional[_Union[_categories_pb2.OfferRecord, _Mapping]] = ...) -> None: ...

class RemindRequest(_message.Message):
    __slots__ = ("write", "referral_id", "respond_by")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    RESPOND_BY_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    respond_by: _timestamp_pb2.Timestamp
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., respond_by: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CancelRequest(_message.Message):
    __slots__ = ("write", "referral_id", "cancel_reason")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REASON_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    cancel_reason: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., cancel_reason: _Optional[str] = ...) -> None: ...

class ConfirmCancelRequest(_message.Message):
    __slots__ = ("write", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ...) -> None: ...

class ExpireRequest(_message.Message):
    __slots__ = ("write", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ...) -> None: ...

class ReopenRequest(_message.Message):
    __slots__ = ("write", "referral_id", "items", "record", "respond_by")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    RESPOND_BY_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    record: _categories_pb2.OfferRecord
    respond_by: _timestamp_pb2.Timestamp
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ..., record: _Optional[_Union[_categories_pb2.OfferRecord, _Mapping]] = ..., respond_by: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RecallRequest(_message.Message):
    __slots__ = ("write", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ...) -> None: ...

class InvalidateRequest(_message.Message):
    __slots__ = ("write", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ...) -> None: ...

class ClarifyRequest(_message.Message):
    __slots__ = ("write", "referral_id", "question")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    question: _entry_pb2.Question
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., question: _Optional[_Union[_entry_pb2.Question, _Mapping]] = ...) -> None: ...

class PauseRequest(_message.Message):
    __slots__ = ("write", "referral_id", "pause_reason")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    PAUSE_REASON_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    pause_reason: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., pause_reason: _Optional[str] = ...) -> None: ...

class ResumeRequest(_message.Message):
    __slots__ = ("write", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ...) -> None: ...

class ProposeForwardRequest(_message.Message):
    __slots__ = ("write", "referral_id", "forward_to", "items")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    FORWARD_TO_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    forward_to: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., forward_to: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ...) -> None: ...

class ChoiceRequest(_message.Message):
    __slots__ = ("write", "referral_id", "items", "record")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    record: _categories_pb2.ChoiceRecord
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ..., record: _Optional[_Union[_categories_pb2.ChoiceRecord, _Mapping]] = ...) -> None: ...

class CorrectRequest(_message.Message):
    __slots__ = ("write", "referral_id", "corrects", "items", "record")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    CORRECTS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    corrects: _containers.RepeatedScalarFieldContainer[str]
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    record: _categories_pb2.CaseRecord
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., corrects: _Optional[_Iterable[str]] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ...) -> None: ...

class MilestoneRequest(_message.Message):
    __slots__ = ("write", "referral_id", "milestone", "record")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    milestone: _entry_pb2.Milestone
    record: _categories_pb2.CaseRecord
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., milestone: _Optional[_Union[_entry_pb2.Milestone, _Mapping]] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ...) -> None: ...

class AlertRequest(_message.Message):
    __slots__ = ("write", "referral_id", "alert", "record")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ALERT_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    alert: str
    record: _categories_pb2.EmergencyRecord
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., alert: _Optional[str] = ..., record: _Optional[_Union[_categories_pb2.EmergencyRecord, _Mapping]] = ...) -> None: ...

class ComplaintRequest(_message.Message):
    __slots__ = ("write", "referral_id", "complaint")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    complaint: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., complaint: _Optional[str] = ...) -> None: ...
