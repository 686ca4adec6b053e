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

class Agreement(_message.Message):
    __slots__ = ("agreement_id", "version", "environment", "parties", "purposes", "categories", "retention_days", "storage_countries", "hold_authorities", "legal_text", "legal_text_digest", "valid_from", "valid_until")
    AGREEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    RETENTION_DAYS_FIELD_NUMBER: _ClassVar[int]
    STORAGE_COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    HOLD_AUTHORITIES_FIELD_NUMBER: _ClassVar[int]
    LEGAL_TEXT_FIELD_NUMBER: _ClassVar[int]
    LEGAL_TEXT_DIGEST_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    agreement_id: str
    version: int
    environment: str
    parties: _containers.RepeatedScalarFieldContainer[str]
    purposes: _containers.RepeatedScalarFieldContainer[str]
    categories: _containers.RepeatedScalarFieldContainer[str]
    retention_days: int
    storage_countries: _containers.RepeatedScalarFieldContainer[str]
    hold_authorities: _containers.RepeatedScalarFieldContainer[str]
    legal_text: str
    legal_text_digest: str
    valid_from: _timestamp_pb2.Timestamp
    valid_until: _timestamp_pb2.Timestamp
    def __init__(self, agreement_id: _Optional[str] = ..., version: _Optional[int] = ..., environment: _Optional[str] = ..., parties: _Optional[_Iterable[str]] = ..., purposes: _Optional[_Iterable[str]] = ..., categories: _Optional[_Iterable[str]] = ..., retention_days: _Optional[int] = ..., storage_countries: _Optional[_Iterable[str]] = ..., hold_authorities: _Optional[_Iterable[str]] = ..., legal_text: _Optional[str] = ..., legal_text_digest: _Optional[str] = ..., valid_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PartySignature(_message.Message):
    __slots__ = ("agency", "protected", "signature")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    PROTECTED_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    agency: str
    protected: str
    signature: str
    def __init__(self, agency: _Optional[str] = ..., protected: _Optional[str] = ..., signature: _Optional[str] = ...) -> None: ...

class SignedAgreement(_message.Message):
    __slots__ = ("payload", "signatures")
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    SIGNATURES_FIELD_NUMBER: _ClassVar[int]
    payload: str
    signatures: _containers.RepeatedCompositeFieldContainer[PartySignature]
    def __init__(self, payload: _Optional[str] = ..., signatures: _Optional[_Iterable[_Union[PartySignature, _Mapping]]] = ...) -> None: ...

class KnownAgreement(_message.Message):
    __slots__ = ("agreement", "in_force", "ended_at", "signed")
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    IN_FORCE_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    agreement: Agreement
    in_force: bool
    ended_at: _timestamp_pb2.Timestamp
    signed: SignedAgreement
    def __init__(self, agreement: _Optional[_Union[Agreement, _Mapping]] = ..., in_force: bool = ..., ended_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., signed: _Optional[_Union[SignedAgreement, _Mapping]] = ...) -> None: ...

class AddAgreementRequest(_message.Message):
    __slots__ = ("write", "agreement")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    agreement: SignedAgreement
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., agreement: _Optional[_Union[SignedAgreement, _Mapping]] = ...) -> None: ...

class EndAgreementRequest(_message.Message):
    __slots__ = ("write", "agreement_id")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    agreement_id: str
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., agreement_id: _Optional[str] = ...) -> None: ...

class ListAgreementsRequest(_message.Message):
    __slots__ = ("agency",)
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    agency: str
    def __init__(self, agency: _Optional[str] = ...) -> None: ...

class ListAgreementsResponse(_message.Message):
    __slots__ = ("agreements",)
    AGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    agreements: _containers.RepeatedCompositeFieldContainer[KnownAgreement]
    def __init__(self, agreements: _Optional[_Iterable[_Union[KnownAgreement, _Mapping]]] = ...) -> None: ...
