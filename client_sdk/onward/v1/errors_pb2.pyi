from google.api import field_behavior_pb2 as _field_behavior_pb2
from onward.v1 import entry_pb2 as _entry_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REASON_UNSPECIFIED: _ClassVar[Reason]
    REASON_INVALID_JSON: _ClassVar[Reason]
    REASON_DUPLICATE_MEMBER: _ClassVar[Reason]
    REASON_UNKNOWN_FIELD: _ClassVar[Reason]
    REASON_INVALID_FIELD: _ClassVar[Reason]
    REASON_UNKNOWN_CODE: _ClassVar[Reason]
    REASON_FORBIDDEN_CODE: _ClassVar[Reason]
    REASON_TOO_LARGE: _ClassVar[Reason]
    REASON_UNKNOWN_VERSION: _ClassVar[Reason]
    REASON_SIGNATURE_INVALID: _ClassVar[Reason]
    REASON_WRONG_RECIPIENT: _ClassVar[Reason]
    REASON_WRONG_ENVIRONMENT: _ClassVar[Reason]
    REASON_ENVELOPE_EXPIRED: _ClassVar[Reason]
    REASON_MESSAGE_ID_REUSED: _ClassVar[Reason]
    REASON_AGENCY_UNKNOWN: _ClassVar[Reason]
    REASON_PEER_NOT_ACCEPTED: _ClassVar[Reason]
    REASON_PEER_SUSPENDED: _ClassVar[Reason]
    REASON_SEAL_INVALID: _ClassVar[Reason]
    REASON_ENTRY_INVALID: _ClassVar[Reason]
    REASON_GAP: _ClassVar[Reason]
    REASON_FORK: _ClassVar[Reason]
    REASON_TRUST_LIST_STALE: _ClassVar[Reason]
    REASON_TRUST_LIST_INVALID: _ClassVar[Reason]
    REASON_SERVICE_LIST_INVALID: _ClassVar[Reason]
    REASON_TOKEN_INVALID: _ClassVar[Reason]
    REASON_SCOPE_INSUFFICIENT: _ClassVar[Reason]
    REASON_ACTOR_INVALID: _ClassVar[Reason]
    REASON_ROLE_INSUFFICIENT: _ClassVar[Reason]
    REASON_PURPOSE_NOT_GRANTED: _ClassVar[Reason]
    REASON_NOT_FOUND: _ClassVar[Reason]
    REASON_STATE_CONFLICT: _ClassVar[Reason]
    REASON_HEADS_CHANGED: _ClassVar[Reason]
    REASON_REQUEST_ID_REUSED: _ClassVar[Reason]
    REASON_ITEM_UNKNOWN: _ClassVar[Reason]
    REASON_REASON_REQUIRED: _ClassVar[Reason]
    REASON_WISH_FORBIDS: _ClassVar[Reason]
    REASON_CHOICE_NEEDED: _ClassVar[Reason]
    REASON_TRAVEL_NOT_READY: _ClassVar[Reason]
    REASON_PREREQUISITE_FORBIDDEN: _ClassVar[Reason]
    REASON_TOO_MANY_TRIES: _ClassVar[Reason]
    REASON_RESTORED: _ClassVar[Reason]
    REASON_NO_LOCATOR: _ClassVar[Reason]
    REASON_NO_COMPLAINT_BODY: _ClassVar[Reason]
    REASON_PART_GONE: _ClassVar[Reason]
    REASON_CONSENT_MISSING: _ClassVar[Reason]
    REASON_CONSENT_SCOPE: _ClassVar[Reason]
    REASON_CONSENT_EXPIRED: _ClassVar[Reason]
    REASON_CONSENT_WITHDRAWN: _ClassVar[Reason]
    REASON_PURPOSE_PROHIBITED: _ClassVar[Reason]
    REASON_CONSENT_VERSION: _ClassVar[Reason]
    REASON_FAMILY_CONTACT_DENIED: _ClassVar[Reason]
    REASON_FAMILY_NOT_VIABLE: _ClassVar[Reason]
    REASON_GUARDIAN_CONFLICT: _ClassVar[Reason]
    REASON_CHILD_PROFILE_OFF: _ClassVar[Reason]
    REASON_CAME_OF_AGE: _ClassVar[Reason]
    REASON_UNAVAILABLE: _ClassVar[Reason]
    REASON_INTERNAL: _ClassVar[Reason]
    REASON_UNIMPLEMENTED: _ClassVar[Reason]
REASON_UNSPECIFIED: Reason
REASON_INVALID_JSON: Reason
REASON_DUPLICATE_MEMBER: Reason
REASON_UNKNOWN_FIELD: Reason
REASON_INVALID_FIELD: Reason
REASON_UNKNOWN_CODE: Reason
REASON_FORBIDDEN_CODE: Reason
REASON_TOO_LARGE: Reason
REASON_UNKNOWN_VERSION: Reason
REASON_SIGNATURE_INVALID: Reason
REASON_WRONG_RECIPIENT: Reason
REASON_WRONG_ENVIRONMENT: Reason
REASON_ENVELOPE_EXPIRED: Reason
REASON_MESSAGE_ID_REUSED: Reason
REASON_AGENCY_UNKNOWN: Reason
REASON_PEER_NOT_ACCEPTED: Reason
REASON_PEER_SUSPENDED: Reason
REASON_SEAL_INVALID: Reason
REASON_ENTRY_INVALID: Reason
REASON_GAP: Reason
REASON_FORK: Reason
REASON_TRUST_LIST_STALE: Reason
REASON_TRUST_LIST_INVALID: Reason
REASON_SERVICE_LIST_INVALID: Reason
REASON_TOKEN_INVALID: Reason
REASON_SCOPE_INSUFFICIENT: Reason
REASON_ACTOR_INVALID: Reason
REASON_ROLE_INSUFFICIENT: Reason
REASON_PURPOSE_NOT_GRANTED: Reason
REASON_NOT_FOUND: Reason
REASON_STATE_CONFLICT: Reason
REASON_HEADS_CHANGED: Reason
REASON_REQUEST_ID_REUSED: Reason
REASON_ITEM_UNKNOWN: Reason
REASON_REASON_REQUIRED: Reason
REASON_WISH_FORBIDS: Reason
REASON_CHOICE_NEEDED: Reason
REASON_TRAVEL_NOT_READY: Reason
REASON_PREREQUISITE_FORBIDDEN: Reason
REASON_TOO_MANY_TRIES: Reason
REASON_RESTORED: Reason
REASON_NO_LOCATOR: Reason
REASON_NO_COMPLAINT_BODY: Reason
REASON_PART_GONE: Reason
REASON_CONSENT_MISSING: Reason
REASON_CONSENT_SCOPE: Reason
REASON_CONSENT_EXPIRED: Reason
REASON_CONSENT_WITHDRAWN: Reason
REASON_PURPOSE_PROHIBITED: Reason
REASON_CONSENT_VERSION: Reason
REASON_FAMILY_CONTACT_DENIED: Reason
REASON_FAMILY_NOT_VIABLE: Reason
REASON_GUARDIAN_CONFLICT: Reason
REASON_CHILD_PROFILE_OFF: Reason
REASON_CAME_OF_AGE: Reason
REASON_UNAVAILABLE: Reason
REASON_INTERNAL: Reason
REASON_UNIMPLEMENTED: Reason

class Problem(_message.Message):
    __slots__ = ("reason", "pointer", "heads")
    REASON_FIELD_NUMBER: _ClassVar[int]
    POINTER_FIELD_NUMBER: _ClassVar[int]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    reason: Reason
    pointer: str
    heads: _entry_pb2.Heads
    def __init__(self, reason: _Optional[_Union[Reason, str]] = ..., pointer: _Optional[str] = ..., heads: _Optional[_Union[_entry_pb2.Heads, _Mapping]] = ...) -> None: ...
