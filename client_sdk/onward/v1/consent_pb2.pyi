from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import categories_family_pb2 as _categories_family_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConsentRecord(_message.Message):
    __slots__ = ("consent_id", "version", "subject_id", "subject_kind", "age_class", "status", "purposes", "recipients", "countries", "permit", "deny", "services", "onward_sharing", "feedback", "may_contact", "valid_from", "valid_until", "retention_days", "review_on", "on_withdrawal", "storage_countries", "given_at", "given_by", "method", "notice_language", "notice_form", "told", "comprehension_checked", "independent_interpreter", "guardian_conflict_checked", "child_assent", "guardian_conflict", "adult_on", "best_interest", "contact_family", "do_not_contact", "evidence", "assent_waiver", "interpreter", "capacity_assessed", "witness", "asked_by", "issuer", "recorded_at", "receipt_id", "notice", "notice_digest", "jurisdiction", "withdrawal_methods", "complaint_to", "impact_assessment")
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_KIND_FIELD_NUMBER: _ClassVar[int]
    AGE_CLASS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    PERMIT_FIELD_NUMBER: _ClassVar[int]
    DENY_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    ONWARD_SHARING_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    MAY_CONTACT_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ON_FIELD_NUMBER: _ClassVar[int]
    ON_WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    STORAGE_COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    GIVEN_AT_FIELD_NUMBER: _ClassVar[int]
    GIVEN_BY_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    NOTICE_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FORM_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    COMPREHENSION_CHECKED_FIELD_NUMBER: _ClassVar[int]
    INDEPENDENT_INTERPRETER_FIELD_NUMBER: _ClassVar[int]
    GUARDIAN_CONFLICT_CHECKED_FIELD_NUMBER: _ClassVar[int]
    CHILD_ASSENT_FIELD_NUMBER: _ClassVar[int]
    GUARDIAN_CONFLICT_FIELD_NUMBER: _ClassVar[int]
    ADULT_ON_FIELD_NUMBER: _ClassVar[int]
    BEST_INTEREST_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FAMILY_FIELD_NUMBER: _ClassVar[int]
    DO_NOT_CONTACT_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    ASSENT_WAIVER_FIELD_NUMBER: _ClassVar[int]
    INTERPRETER_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_ASSESSED_FIELD_NUMBER: _ClassVar[int]
    WITNESS_FIELD_NUMBER: _ClassVar[int]
    ASKED_BY_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_DIGEST_FIELD_NUMBER: _ClassVar[int]
    JURISDICTION_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_METHODS_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_TO_FIELD_NUMBER: _ClassVar[int]
    IMPACT_ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    consent_id: str
    version: int
    subject_id: str
    subject_kind: str
    age_class: str
    status: str
    purposes: _containers.RepeatedScalarFieldContainer[str]
    recipients: _containers.RepeatedScalarFieldContainer[str]
    countries: _containers.RepeatedScalarFieldContainer[str]
    permit: _containers.RepeatedScalarFieldContainer[str]
    deny: _containers.RepeatedScalarFieldContainer[str]
    services: _containers.RepeatedScalarFieldContainer[str]
    onward_sharing: str
    feedback: str
    may_contact: _containers.RepeatedScalarFieldContainer[str]
    valid_from: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    retention_days: int
    review_on: str
    on_withdrawal: str
    storage_countries: _containers.RepeatedScalarFieldContainer[str]
    given_at: _timestamp_pb2.Timestamp
    given_by: str
    method: str
    notice_language: str
    notice_form: str
    told: _containers.RepeatedScalarFieldContainer[str]
    comprehension_checked: bool
    independent_interpreter: bool
    guardian_conflict_checked: bool
    child_assent: bool
    guardian_conflict: bool
    adult_on: str
    best_interest: BestInterest
    contact_family: str
    do_not_contact: _categories_family_pb2.DoNotContact
    evidence: str
    assent_waiver: str
    interpreter: str
    capacity_assessed: bool
    witness: str
    asked_by: str
    issuer: str
    recorded_at: _timestamp_pb2.Timestamp
    receipt_id: str
    notice: str
    notice_digest: str
    jurisdiction: str
    withdrawal_methods: _containers.RepeatedScalarFieldContainer[str]
    complaint_to: str
    impact_assessment: str
    def __init__(self, consent_id: _Optional[str] = ..., version: _Optional[int] = ..., subject_id: _Optional[str] = ..., subject_kind: _Optional[str] = ..., age_class: _Optional[str] = ..., status: _Optional[str] = ..., purposes: _Optional[_Iterable[str]] = ..., recipients: _Optional[_Iterable[str]] = ..., countries: _Optional[_Iterable[str]] = ..., permit: _Optional[_Iterable[str]] = ..., deny: _Optional[_Iterable[str]] = ..., services: _Optional[_Iterable[str]] = ..., onward_sharing: _Optional[str] = ..., feedback: _Optional[str] = ..., may_contact: _Optional[_Iterable[str]] = ..., valid_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., retention_days: _Optional[int] = ..., review_on: _Optional[str] = ..., on_withdrawal: _Optional[str] = ..., storage_countries: _Optional[_Iterable[str]] = ..., given_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., given_by: _Optional[str] = ..., method: _Optional[str] = ..., notice_language: _Optional[str] = ..., notice_form: _Optional[str] = ..., told: _Optional[_Iterable[str]] = ..., comprehension_checked: bool = ..., independent_interpreter: bool = ..., guardian_conflict_checked: bool = ..., child_assent: bool = ..., guardian_conflict: bool = ..., adult_on: _Optional[str] = ..., best_interest: _Optional[_Union[BestInterest, _Mapping]] = ..., contact_family: _Optional[str] = ..., do_not_contact: _Optional[_Union[_categories_family_pb2.DoNotContact, _Mapping]] = ..., evidence: _Optional[str] = ..., assent_waiver: _Optional[str] = ..., interpreter: _Optional[str] = ..., capacity_assessed: bool = ..., witness: _Optional[str] = ..., asked_by: _Optional[str] = ..., issuer: _Optional[str] = ..., recorded_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., receipt_id: _Optional[str] = ..., notice: _Optional[str] = ..., notice_digest: _Optional[str] = ..., jurisdiction: _Optional[str] = ..., withdrawal_methods: _Optional[_Iterable[str]] = ..., complaint_to: _Optional[str] = ..., impact_assessment: _Optional[str] = ...) -> None: ...

class ConsentVersion(_message.Message):
    __slots__ = ("jws", "record", "status")
    JWS_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    jws: str
    record: ConsentRecord
    status: str
    def __init__(self, jws: _Optional[str] = ..., record: _Optional[_Union[ConsentRecord, _Mapping]] = ..., status: _Optional[str] = ...) -> None: ...

class BestInterest(_message.Message):
    __slots__ = ("finding", "assessed_by", "assessed_on", "child_heard", "evidence")
    FINDING_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_BY_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_ON_FIELD_NUMBER: _ClassVar[int]
    CHILD_HEARD_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    finding: str
    assessed_by: str
    assessed_on: str
    child_heard: bool
    evidence: str
    def __init__(self, finding: _Optional[str] = ..., assessed_by: _Optional[str] = ..., assessed_on: _Optional[str] = ..., child_heard: bool = ..., evidence: _Optional[str] = ...) -> None: ...

class Grant(_message.Message):
    __slots__ = ("grant_id", "referral_id", "grantor", "grantee", "basis", "purposes", "categories", "onward_sharing", "feedback", "issued_at", "valid_until", "retention_days", "agreement_id", "on_withdrawal", "storage_countries")
    GRANT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    GRANTOR_FIELD_NUMBER: _ClassVar[int]
    GRANTEE_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    ONWARD_SHARING_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ON_WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    STORAGE_COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    grant_id: str
    referral_id: str
    grantor: str
    grantee: str
    basis: str
    purposes: _containers.RepeatedScalarFieldContainer[str]
    categories: _containers.RepeatedScalarFieldContainer[str]
    onward_sharing: str
    feedback: str
    issued_at: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    retention_days: int
    agreement_id: str
    on_withdrawal: str
    storage_countries: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, grant_id: _Optional[str] = ..., referral_id: _Optional[str] = ..., grantor: _Optional[str] = ..., grantee: _Optional[str] = ..., basis: _Optional[str] = ..., purposes: _Optional[_Iterable[str]] = ..., categories: _Optional[_Iterable[str]] = ..., onward_sharing: _Optional[str] = ..., feedback: _Optional[str] = ..., issued_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., retention_days: _Optional[int] = ..., agreement_id: _Optional[str] = ..., on_withdrawal: _Optional[str] = ..., storage_countries: _Optional[_Iterable[str]] = ...) -> None: ...

class Decision(_message.Message):
    __slots__ = ("category", "permitted", "reason", "line", "source")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    PERMITTED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    category: str
    permitted: bool
    reason: str
    line: str
    source: str
    def __init__(self, category: _Optional[str] = ..., permitted: bool = ..., reason: _Optional[str] = ..., line: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...
