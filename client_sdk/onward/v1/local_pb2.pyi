from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import acts_pb2 as _acts_pb2
from onward.v1 import categories_pb2 as _categories_pb2
from onward.v1 import categories_case_pb2 as _categories_case_pb2
from onward.v1 import categories_contact_pb2 as _categories_contact_pb2
from onward.v1 import categories_family_pb2 as _categories_family_pb2
from onward.v1 import categories_health_pb2 as _categories_health_pb2
from onward.v1 import categories_life_pb2 as _categories_life_pb2
from onward.v1 import categories_person_pb2 as _categories_person_pb2
from onward.v1 import categories_services_pb2 as _categories_services_pb2
from onward.v1 import consent_pb2 as _consent_pb2
from onward.v1 import consents_local_pb2 as _consents_local_pb2
from onward.v1 import entry_pb2 as _entry_pb2
from onward.v1 import envelope_pb2 as _envelope_pb2
from onward.v1 import options_pb2 as _options_pb2
from onward.v1 import referral_pb2 as _referral_pb2
from onward.v1 import trust_pb2 as _trust_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OfferRequest(_message.Message):
    __slots__ = ("write", "destination", "consent_id", "items", "record", "respond_by", "resumes", "link", "basis_id", "preview_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    RESPOND_BY_FIELD_NUMBER: _ClassVar[int]
    RESUMES_FIELD_NUMBER: _ClassVar[int]
    LINK_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    destination: str
    consent_id: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    record: _categories_pb2.OfferRecord
    respond_by: _timestamp_pb2.Timestamp
    resumes: str
    link: LinkRequest
    basis_id: str
    preview_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., destination: _Optional[str] = ..., consent_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ..., record: _Optional[_Union[_categories_pb2.OfferRecord, _Mapping]] = ..., respond_by: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., resumes: _Optional[str] = ..., link: _Optional[_Union[LinkRequest, _Mapping]] = ..., basis_id: _Optional[str] = ..., preview_id: _Optional[str] = ...) -> None: ...

class LinkRequest(_message.Message):
    __slots__ = ("kind", "referral_id", "relation", "name", "assessment")
    KIND_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    referral_id: str
    relation: str
    name: _categories_contact_pb2.Name
    assessment: _categories_family_pb2.FamilyAssessment
    def __init__(self, kind: _Optional[str] = ..., referral_id: _Optional[str] = ..., relation: _Optional[str] = ..., name: _Optional[_Union[_categories_contact_pb2.Name, _Mapping]] = ..., assessment: _Optional[_Union[_categories_family_pb2.FamilyAssessment, _Mapping]] = ...) -> None: ...

class AcknowledgeRequest(_message.Message):
    __slots__ = ("write", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ...) -> None: ...

class DecideRequest(_message.Message):
    __slots__ = ("write", "referral_id", "items")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ...) -> None: ...

class DiscloseRequest(_message.Message):
    __slots__ = ("write", "referral_id", "consent_id", "record", "basis_id", "preview_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    BASIS_ID_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    consent_id: str
    record: _categories_pb2.CaseRecord
    basis_id: str
    preview_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., consent_id: _Optional[str] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ..., basis_id: _Optional[str] = ..., preview_id: _Optional[str] = ...) -> None: ...

class OpenRequest(_message.Message):
    __slots__ = ("write", "referral_id", "opened")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    opened: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., opened: _Optional[_Iterable[str]] = ...) -> None: ...

class Opened(_message.Message):
    __slots__ = ("recorded", "record")
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    recorded: _referral_pb2.Recorded
    record: _categories_pb2.CaseRecord
    def __init__(self, recorded: _Optional[_Union[_referral_pb2.Recorded, _Mapping]] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ...) -> None: ...

class ProgressRequest(_message.Message):
    __slots__ = ("write", "referral_id", "items")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ...) -> None: ...

class HandoverRequest(_message.Message):
    __slots__ = ("write", "referral_id", "confirms")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIRMS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    confirms: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., confirms: _Optional[str] = ...) -> None: ...

class FollowUpRequest(_message.Message):
    __slots__ = ("write", "referral_id", "follow_up", "record")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    follow_up: str
    record: _categories_pb2.CaseRecord
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., follow_up: _Optional[str] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ...) -> None: ...

class CompleteRequest(_message.Message):
    __slots__ = ("write", "referral_id", "items")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    items: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Item]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[_entry_pb2.Item, _Mapping]]] = ...) -> None: ...

class CloseRequest(_message.Message):
    __slots__ = ("write", "referral_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ...) -> None: ...

class WithdrawRequest(_message.Message):
    __slots__ = ("write", "referral_id", "withdrawal", "destroy_now", "suspected_pressure")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    DESTROY_NOW_FIELD_NUMBER: _ClassVar[int]
    SUSPECTED_PRESSURE_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    withdrawal: _entry_pb2.Withdrawal
    destroy_now: bool
    suspected_pressure: bool
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., withdrawal: _Optional[_Union[_entry_pb2.Withdrawal, _Mapping]] = ..., destroy_now: bool = ..., suspected_pressure: bool = ...) -> None: ...

class EraseRequest(_message.Message):
    __slots__ = ("write", "referral_id", "keep")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    referral_id: str
    keep: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Kept]
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., referral_id: _Optional[str] = ..., keep: _Optional[_Iterable[_Union[_entry_pb2.Kept, _Mapping]]] = ...) -> None: ...

class PreviewRequest(_message.Message):
    __slots__ = ("consent_id", "destination", "purpose", "record", "accepted")
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    consent_id: str
    destination: str
    purpose: str
    record: _categories_pb2.CaseRecord
    accepted: bool
    def __init__(self, consent_id: _Optional[str] = ..., destination: _Optional[str] = ..., purpose: _Optional[str] = ..., record: _Optional[_Union[_categories_pb2.CaseRecord, _Mapping]] = ..., accepted: bool = ...) -> None: ...

class PreviewResponse(_message.Message):
    __slots__ = ("decisions",)
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    decisions: _containers.RepeatedCompositeFieldContainer[_consent_pb2.Decision]
    def __init__(self, decisions: _Optional[_Iterable[_Union[_consent_pb2.Decision, _Mapping]]] = ...) -> None: ...

class GetReferralRequest(_message.Message):
    __slots__ = ("referral_id",)
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    def __init__(self, referral_id: _Optional[str] = ...) -> None: ...

class ListReferralsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListReferralsResponse(_message.Message):
    __slots__ = ("referrals", "next_page_token")
    REFERRALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    referrals: _containers.RepeatedCompositeFieldContainer[_referral_pb2.Referral]
    next_page_token: str
    def __init__(self, referrals: _Optional[_Iterable[_Union[_referral_pb2.Referral, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListEntriesRequest(_message.Message):
    __slots__ = ("referral_id",)
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    def __init__(self, referral_id: _Optional[str] = ...) -> None: ...

class ListEntriesResponse(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_referral_pb2.StoredEntry]
    def __init__(self, entries: _Optional[_Iterable[_Union[_referral_pb2.StoredEntry, _Mapping]]] = ...) -> None: ...

class ExportLogRequest(_message.Message):
    __slots__ = ("referral_id",)
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    def __init__(self, referral_id: _Optional[str] = ...) -> None: ...

class ListNeedsHumanRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListNeedsHumanResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_referral_pb2.NeedsHuman]
    def __init__(self, items: _Optional[_Iterable[_Union[_referral_pb2.NeedsHuman, _Mapping]]] = ...) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...

class RecordConsentRequest(_message.Message):
    __slots__ = ("write", "consent")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    consent: _consent_pb2.ConsentRecord
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., consent: _Optional[_Union[_consent_pb2.ConsentRecord, _Mapping]] = ...) -> None: ...

class GetConsentRequest(_message.Message):
    __slots__ = ("write", "consent_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    consent_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., consent_id: _Optional[str] = ...) -> None: ...

class ListAgenciesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class KnownAgency(_message.Message):
    __slots__ = ("agency", "accepted")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    agency: _trust_pb2.Agency
    accepted: bool
    def __init__(self, agency: _Optional[_Union[_trust_pb2.Agency, _Mapping]] = ..., accepted: bool = ...) -> None: ...

class ListAgenciesResponse(_message.Message):
    __slots__ = ("agencies", "trust_list", "stale")
    AGENCIES_FIELD_NUMBER: _ClassVar[int]
    TRUST_LIST_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    agencies: _containers.RepeatedCompositeFieldContainer[KnownAgency]
    trust_list: int
    stale: bool
    def __init__(self, agencies: _Optional[_Iterable[_Union[KnownAgency, _Mapping]]] = ..., trust_list: _Optional[int] = ..., stale: bool = ...) -> None: ...

class ListAuditRequest(_message.Message):
    __slots__ = ("after", "page_size")
    AFTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    after: int
    page_size: int
    def __init__(self, after: _Optional[int] = ..., page_size: _Optional[int] = ...) -> None: ...

class ListAuditResponse(_message.Message):
    __slots__ = ("records",)
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[_referral_pb2.AuditRecord]
    def __init__(self, records: _Optional[_Iterable[_Union[_referral_pb2.AuditRecord, _Mapping]]] = ...) -> None: ...
