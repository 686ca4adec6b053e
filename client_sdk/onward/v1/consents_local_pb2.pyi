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
from onward.v1 import consent_pb2 as _consent_pb2
from onward.v1 import options_pb2 as _options_pb2
from onward.v1 import referral_pb2 as _referral_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListConsentVersionsRequest(_message.Message):
    __slots__ = ("write", "consent_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    consent_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., consent_id: _Optional[str] = ...) -> None: ...

class ListConsentVersionsResponse(_message.Message):
    __slots__ = ("versions",)
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    versions: _containers.RepeatedCompositeFieldContainer[_consent_pb2.ConsentVersion]
    def __init__(self, versions: _Optional[_Iterable[_Union[_consent_pb2.ConsentVersion, _Mapping]]] = ...) -> None: ...

class FindConsentsRequest(_message.Message):
    __slots__ = ("write", "receipt_number")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    receipt_number: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., receipt_number: _Optional[str] = ...) -> None: ...

class FindConsentsResponse(_message.Message):
    __slots__ = ("consents",)
    CONSENTS_FIELD_NUMBER: _ClassVar[int]
    consents: _containers.RepeatedCompositeFieldContainer[_consent_pb2.ConsentRecord]
    def __init__(self, consents: _Optional[_Iterable[_Union[_consent_pb2.ConsentRecord, _Mapping]]] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("consent_id", "basis_id", "destination", "purpose", "accepted", "onward_of", "write")
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    ONWARD_OF_FIELD_NUMBER: _ClassVar[int]
    WRITE_FIELD_NUMBER: _ClassVar[int]
    consent_id: str
    basis_id: str
    destination: str
    purpose: str
    accepted: bool
    onward_of: str
    write: _referral_pb2.Write
    def __init__(self, consent_id: _Optional[str] = ..., basis_id: _Optional[str] = ..., destination: _Optional[str] = ..., purpose: _Optional[str] = ..., accepted: bool = ..., onward_of: _Optional[str] = ..., write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("decisions", "retention_days", "agreement_id")
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    decisions: _containers.RepeatedCompositeFieldContainer[_consent_pb2.Decision]
    retention_days: int
    agreement_id: str
    def __init__(self, decisions: _Optional[_Iterable[_Union[_consent_pb2.Decision, _Mapping]]] = ..., retention_days: _Optional[int] = ..., agreement_id: _Optional[str] = ...) -> None: ...

class ShowPreviewRequest(_message.Message):
    __slots__ = ("write", "consent_id", "destination", "record", "accepted", "form", "language")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    consent_id: str
    destination: str
    record: _categories_pb2.CaseRecord
    accepted: bool
    form: str
    language: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., consent_id: _Optional[str] = ..., destination: _Optional[str] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ..., accepted: bool = ..., form: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class ShownPreview(_message.Message):
    __slots__ = ("preview_id", "consent_id", "version", "destination", "purpose", "accepted", "decisions", "shown_at", "form", "language", "actor")
    PREVIEW_ID_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    SHOWN_AT_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    preview_id: str
    consent_id: str
    version: int
    destination: str
    purpose: str
    accepted: bool
    decisions: _containers.RepeatedCompositeFieldContainer[_consent_pb2.Decision]
    shown_at: _timestamp_pb2.Timestamp
    form: str
    language: str
    actor: str
    def __init__(self, preview_id: _Optional[str] = ..., consent_id: _Optional[str] = ..., version: _Optional[int] = ..., destination: _Optional[str] = ..., purpose: _Optional[str] = ..., accepted: bool = ..., decisions: _Optional[_Iterable[_Union[_consent_pb2.Decision, _Mapping]]] = ..., shown_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., form: _Optional[str] = ..., language: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class GetShownPreviewRequest(_message.Message):
    __slots__ = ("preview_id", "write")
    PREVIEW_ID_FIELD_NUMBER: _ClassVar[int]
    WRITE_FIELD_NUMBER: _ClassVar[int]
    preview_id: str
    write: _referral_pb2.Write
    def __init__(self, preview_id: _Optional[str] = ..., write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ...) -> None: ...

class CheckUnderstandingRequest(_message.Message):
    __slots__ = ("write", "referral_id", "categories", "purposes", "feedback")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    purposes: _containers.RepeatedScalarFieldContainer[str]
    feedback: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., purposes: _Optional[_Iterable[str]] = ..., feedback: _Optional[str] = ...) -> None: ...

class Understanding(_message.Message):
    __slots__ = ("matches", "not_agreed", "purposes_not_agreed", "feedback_not_agreed", "recorded")
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    NOT_AGREED_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_NOT_AGREED_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_NOT_AGREED_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    matches: bool
    not_agreed: _containers.RepeatedScalarFieldContainer[str]
    purposes_not_agreed: _containers.RepeatedScalarFieldContainer[str]
    feedback_not_agreed: bool
    recorded: _referral_pb2.Recorded
    def __init__(self, matches: bool = ..., not_agreed: _Optional[_Iterable[str]] = ..., purposes_not_agreed: _Optional[_Iterable[str]] = ..., feedback_not_agreed: bool = ..., recorded: _Optional[_Union[_referral_pb2.Recorded, _Mapping]] = ...) -> None: ...

class ListDisclosuresRequest(_message.Message):
    __slots__ = ("write", "subject_id", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    subject_id: str
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., subject_id: _Optional[str] = ..., referral_id: _Optional[str] = ...) -> None: ...

class Disclosure(_message.Message):
    __slots__ = ("referral_id", "sender", "recipient", "categories", "time", "received_at", "purposes", "basis", "consent_id", "version", "basis_id", "agreement_id", "preview_id", "refused", "withdrawn", "holders", "grant_id", "undelivered", "taken_back")
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_AT_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_ID_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    UNDELIVERED_FIELD_NUMBER: _ClassVar[int]
    TAKEN_BACK_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    sender: str
    recipient: str
    categories: _containers.RepeatedScalarFieldContainer[str]
    time: _timestamp_pb2.Timestamp
    received_at: _timestamp_pb2.Timestamp
    purposes: _containers.RepeatedScalarFieldContainer[str]
    basis: str
    consent_id: str
    version: int
    basis_id: str
    agreement_id: str
    preview_id: str
    refused: _containers.RepeatedScalarFieldContainer[str]
    withdrawn: _containers.RepeatedScalarFieldContainer[str]
    holders: _containers.RepeatedCompositeFieldContainer[_referral_pb2.Holder]
    grant_id: str
    undelivered: _containers.RepeatedScalarFieldContainer[str]
    taken_back: _containers.RepeatedCompositeFieldContainer[TakenBack]
    def __init__(self, referral_id: _Optional[str] = ..., sender: _Optional[str] = ..., recipient: _Optional[str] = ..., categories: _Optional[_Iterable[str]] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., received_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., purposes: _Optional[_Iterable[str]] = ..., basis: _Optional[str] = ..., consent_id: _Optional[str] = ..., version: _Optional[int] = ..., basis_id: _Optional[str] = ..., agreement_id: _Optional[str] = ..., preview_id: _Optional[str] = ..., refused: _Optional[_Iterable[str]] = ..., withdrawn: _Optional[_Iterable[str]] = ..., holders: _Optional[_Iterable[_Union[_referral_pb2.Holder, _Mapping]]] = ..., grant_id: _Optional[str] = ..., undelivered: _Optional[_Iterable[str]] = ..., taken_back: _Optional[_Iterable[_Union[TakenBack, _Mapping]]] = ...) -> None: ...

class TakenBack(_message.Message):
    __slots__ = ("withdrawal", "time", "categories")
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    withdrawal: str
    time: _timestamp_pb2.Timestamp
    categories: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, withdrawal: _Optional[str] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., categories: _Optional[_Iterable[str]] = ...) -> None: ...

class ListDisclosuresResponse(_message.Message):
    __slots__ = ("disclosures",)
    DISCLOSURES_FIELD_NUMBER: _ClassVar[int]
    disclosures: _containers.RepeatedCompositeFieldContainer[Disclosure]
    def __init__(self, disclosures: _Optional[_Iterable[_Union[Disclosure, _Mapping]]] = ...) -> None: ...
