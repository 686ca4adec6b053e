from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import entry_pb2 as _entry_pb2
from onward.v1 import knocks_pb2 as _knocks_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EnvelopeHeader(_message.Message):
    __slots__ = ("version", "mid", "iss", "aud", "iat", "exp", "environment", "digest")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MID_FIELD_NUMBER: _ClassVar[int]
    ISS_FIELD_NUMBER: _ClassVar[int]
    AUD_FIELD_NUMBER: _ClassVar[int]
    IAT_FIELD_NUMBER: _ClassVar[int]
    EXP_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    version: str
    mid: str
    iss: str
    aud: str
    iat: _timestamp_pb2.Timestamp
    exp: _timestamp_pb2.Timestamp
    environment: str
    digest: str
    def __init__(self, version: _Optional[str] = ..., mid: _Optional[str] = ..., iss: _Optional[str] = ..., aud: _Optional[str] = ..., iat: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., exp: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., environment: _Optional[str] = ..., digest: _Optional[str] = ...) -> None: ...

class Envelope(_message.Message):
    __slots__ = ("header", "sealed")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    header: str
    sealed: str
    def __init__(self, header: _Optional[str] = ..., sealed: _Optional[str] = ...) -> None: ...

class Part(_message.Message):
    __slots__ = ("category", "salt", "content")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    SALT_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    category: str
    salt: str
    content: str
    def __init__(self, category: _Optional[str] = ..., salt: _Optional[str] = ..., content: _Optional[str] = ...) -> None: ...

class Bundle(_message.Message):
    __slots__ = ("referral_id", "entries", "parts")
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    entries: _containers.RepeatedScalarFieldContainer[str]
    parts: _containers.RepeatedCompositeFieldContainer[Part]
    def __init__(self, referral_id: _Optional[str] = ..., entries: _Optional[_Iterable[str]] = ..., parts: _Optional[_Iterable[_Union[Part, _Mapping]]] = ...) -> None: ...

class Sealed(_message.Message):
    __slots__ = ("bundle", "knock")
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    KNOCK_FIELD_NUMBER: _ClassVar[int]
    bundle: Bundle
    knock: _knocks_pb2.Knock
    def __init__(self, bundle: _Optional[_Union[Bundle, _Mapping]] = ..., knock: _Optional[_Union[_knocks_pb2.Knock, _Mapping]] = ...) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("version", "mid", "header", "iss", "aud", "referral_id", "heads", "refused", "trust_list", "time")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MID_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    ISS_FIELD_NUMBER: _ClassVar[int]
    AUD_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    TRUST_LIST_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    version: str
    mid: str
    header: str
    iss: str
    aud: str
    referral_id: str
    heads: _entry_pb2.Heads
    refused: _containers.RepeatedCompositeFieldContainer[_entry_pb2.Refusal]
    trust_list: int
    time: _timestamp_pb2.Timestamp
    def __init__(self, version: _Optional[str] = ..., mid: _Optional[str] = ..., header: _Optional[str] = ..., iss: _Optional[str] = ..., aud: _Optional[str] = ..., referral_id: _Optional[str] = ..., heads: _Optional[_Union[_entry_pb2.Heads, _Mapping]] = ..., refused: _Optional[_Iterable[_Union[_entry_pb2.Refusal, _Mapping]]] = ..., trust_list: _Optional[int] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PeerRequest(_message.Message):
    __slots__ = ("iss", "aud", "method", "iat", "nonce", "referral_id", "heads", "after")
    ISS_FIELD_NUMBER: _ClassVar[int]
    AUD_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    IAT_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    iss: str
    aud: str
    method: str
    iat: _timestamp_pb2.Timestamp
    nonce: str
    referral_id: str
    heads: _entry_pb2.Heads
    after: str
    def __init__(self, iss: _Optional[str] = ..., aud: _Optional[str] = ..., method: _Optional[str] = ..., iat: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., nonce: _Optional[str] = ..., referral_id: _Optional[str] = ..., heads: _Optional[_Union[_entry_pb2.Heads, _Mapping]] = ..., after: _Optional[str] = ...) -> None: ...

class ResyncAnswer(_message.Message):
    __slots__ = ("iss", "aud", "nonce", "referral_id", "heads", "provisional", "time", "referrals")
    ISS_FIELD_NUMBER: _ClassVar[int]
    AUD_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    REFERRALS_FIELD_NUMBER: _ClassVar[int]
    iss: str
    aud: str
    nonce: str
    referral_id: str
    heads: _entry_pb2.Heads
    provisional: bool
    time: _timestamp_pb2.Timestamp
    referrals: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, iss: _Optional[str] = ..., aud: _Optional[str] = ..., nonce: _Optional[str] = ..., referral_id: _Optional[str] = ..., heads: _Optional[_Union[_entry_pb2.Heads, _Mapping]] = ..., provisional: bool = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., referrals: _Optional[_Iterable[str]] = ...) -> None: ...

class LogExport(_message.Message):
    __slots__ = ("referral_id", "environment", "origin", "destination", "receipts", "headers")
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    HEADERS_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    environment: str
    origin: _containers.RepeatedScalarFieldContainer[str]
    destination: _containers.RepeatedScalarFieldContainer[str]
    receipts: _containers.RepeatedScalarFieldContainer[str]
    headers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, referral_id: _Optional[str] = ..., environment: _Optional[str] = ..., origin: _Optional[_Iterable[str]] = ..., destination: _Optional[_Iterable[str]] = ..., receipts: _Optional[_Iterable[str]] = ..., headers: _Optional[_Iterable[str]] = ...) -> None: ...
