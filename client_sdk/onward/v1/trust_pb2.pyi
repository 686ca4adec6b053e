from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AgencyKey(_message.Message):
    __slots__ = ("kid", "use", "x", "y", "not_before", "not_after")
    KID_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    NOT_AFTER_FIELD_NUMBER: _ClassVar[int]
    kid: str
    use: str
    x: str
    y: str
    not_before: _timestamp_pb2.Timestamp
    not_after: _timestamp_pb2.Timestamp
    def __init__(self, kid: _Optional[str] = ..., use: _Optional[str] = ..., x: _Optional[str] = ..., y: _Optional[str] = ..., not_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., not_after: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Agency(_message.Message):
    __slots__ = ("agency", "country", "kind", "status", "versions", "purposes", "rest", "grpc", "keys", "locator", "mailbox")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    REST_FIELD_NUMBER: _ClassVar[int]
    GRPC_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    LOCATOR_FIELD_NUMBER: _ClassVar[int]
    MAILBOX_FIELD_NUMBER: _ClassVar[int]
    agency: str
    country: str
    kind: str
    status: str
    versions: _containers.RepeatedScalarFieldContainer[str]
    purposes: _containers.RepeatedScalarFieldContainer[str]
    rest: str
    grpc: str
    keys: _containers.RepeatedCompositeFieldContainer[AgencyKey]
    locator: str
    mailbox: str
    def __init__(self, agency: _Optional[str] = ..., country: _Optional[str] = ..., kind: _Optional[str] = ..., status: _Optional[str] = ..., versions: _Optional[_Iterable[str]] = ..., purposes: _Optional[_Iterable[str]] = ..., rest: _Optional[str] = ..., grpc: _Optional[str] = ..., keys: _Optional[_Iterable[_Union[AgencyKey, _Mapping]]] = ..., locator: _Optional[str] = ..., mailbox: _Optional[str] = ...) -> None: ...

class TrustList(_message.Message):
    __slots__ = ("version", "environment", "seq", "issued_at", "expires_at", "agencies", "complaint_bodies")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    AGENCIES_FIELD_NUMBER: _ClassVar[int]
    COMPLAINT_BODIES_FIELD_NUMBER: _ClassVar[int]
    version: str
    environment: str
    seq: int
    issued_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    agencies: _containers.RepeatedCompositeFieldContainer[Agency]
    complaint_bodies: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, version: _Optional[str] = ..., environment: _Optional[str] = ..., seq: _Optional[int] = ..., issued_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., agencies: _Optional[_Iterable[_Union[Agency, _Mapping]]] = ..., complaint_bodies: _Optional[_Iterable[str]] = ...) -> None: ...

class AuthoritySignature(_message.Message):
    __slots__ = ("protected", "signature")
    PROTECTED_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    protected: str
    signature: str
    def __init__(self, protected: _Optional[str] = ..., signature: _Optional[str] = ...) -> None: ...

class SignedTrustList(_message.Message):
    __slots__ = ("payload", "signatures", "stamp")
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    SIGNATURES_FIELD_NUMBER: _ClassVar[int]
    STAMP_FIELD_NUMBER: _ClassVar[int]
    payload: str
    signatures: _containers.RepeatedCompositeFieldContainer[AuthoritySignature]
    stamp: str
    def __init__(self, payload: _Optional[str] = ..., signatures: _Optional[_Iterable[_Union[AuthoritySignature, _Mapping]]] = ..., stamp: _Optional[str] = ...) -> None: ...

class Stamp(_message.Message):
    __slots__ = ("environment", "seq", "digest", "issued_at", "expires_at")
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    environment: str
    seq: int
    digest: str
    issued_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    def __init__(self, environment: _Optional[str] = ..., seq: _Optional[int] = ..., digest: _Optional[str] = ..., issued_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TrustAnchors(_message.Message):
    __slots__ = ("environment", "threshold", "authorities", "stampers")
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    AUTHORITIES_FIELD_NUMBER: _ClassVar[int]
    STAMPERS_FIELD_NUMBER: _ClassVar[int]
    environment: str
    threshold: int
    authorities: _containers.RepeatedCompositeFieldContainer[AgencyKey]
    stampers: _containers.RepeatedCompositeFieldContainer[AgencyKey]
    def __init__(self, environment: _Optional[str] = ..., threshold: _Optional[int] = ..., authorities: _Optional[_Iterable[_Union[AgencyKey, _Mapping]]] = ..., stampers: _Optional[_Iterable[_Union[AgencyKey, _Mapping]]] = ...) -> None: ...
