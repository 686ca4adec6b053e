from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PhysicalHealth(_message.Message):
    __slots__ = ("needs", "medicines", "medicines_until", "allergies", "notes", "language", "fit_to_travel", "medical_escort_needed", "next_appointment")
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    MEDICINES_FIELD_NUMBER: _ClassVar[int]
    MEDICINES_UNTIL_FIELD_NUMBER: _ClassVar[int]
    ALLERGIES_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FIT_TO_TRAVEL_FIELD_NUMBER: _ClassVar[int]
    MEDICAL_ESCORT_NEEDED_FIELD_NUMBER: _ClassVar[int]
    NEXT_APPOINTMENT_FIELD_NUMBER: _ClassVar[int]
    needs: _containers.RepeatedScalarFieldContainer[str]
    medicines: str
    medicines_until: str
    allergies: str
    notes: str
    language: str
    fit_to_travel: bool
    medical_escort_needed: bool
    next_appointment: str
    def __init__(self, needs: _Optional[_Iterable[str]] = ..., medicines: _Optional[str] = ..., medicines_until: _Optional[str] = ..., allergies: _Optional[str] = ..., notes: _Optional[str] = ..., language: _Optional[str] = ..., fit_to_travel: bool = ..., medical_escort_needed: bool = ..., next_appointment: _Optional[str] = ...) -> None: ...

class MentalHealth(_message.Message):
    __slots__ = ("own_words", "own_words_language", "support_wanted", "in_treatment", "medicines", "medicines_until", "handle_with_care", "language")
    OWN_WORDS_FIELD_NUMBER: _ClassVar[int]
    OWN_WORDS_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_WANTED_FIELD_NUMBER: _ClassVar[int]
    IN_TREATMENT_FIELD_NUMBER: _ClassVar[int]
    MEDICINES_FIELD_NUMBER: _ClassVar[int]
    MEDICINES_UNTIL_FIELD_NUMBER: _ClassVar[int]
    HANDLE_WITH_CARE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    own_words: str
    own_words_language: str
    support_wanted: _containers.RepeatedScalarFieldContainer[str]
    in_treatment: bool
    medicines: str
    medicines_until: str
    handle_with_care: str
    language: str
    def __init__(self, own_words: _Optional[str] = ..., own_words_language: _Optional[str] = ..., support_wanted: _Optional[_Iterable[str]] = ..., in_treatment: bool = ..., medicines: _Optional[str] = ..., medicines_until: _Optional[str] = ..., handle_with_care: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class SexualReproductiveHealth(_message.Message):
    __slots__ = ("needs", "care_before", "notes", "language")
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    CARE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    needs: _containers.RepeatedScalarFieldContainer[str]
    care_before: _timestamp_pb2.Timestamp
    notes: str
    language: str
    def __init__(self, needs: _Optional[_Iterable[str]] = ..., care_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., notes: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class Hiv(_message.Message):
    __slots__ = ("needs", "post_exposure_before", "medicines_until")
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    POST_EXPOSURE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    MEDICINES_UNTIL_FIELD_NUMBER: _ClassVar[int]
    needs: _containers.RepeatedScalarFieldContainer[str]
    post_exposure_before: _timestamp_pb2.Timestamp
    medicines_until: str
    def __init__(self, needs: _Optional[_Iterable[str]] = ..., post_exposure_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., medicines_until: _Optional[str] = ...) -> None: ...

class SubstanceUse(_message.Message):
    __slots__ = ("substances", "needs", "was_forced", "withdrawal_risk")
    SUBSTANCES_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    WAS_FORCED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWAL_RISK_FIELD_NUMBER: _ClassVar[int]
    substances: _containers.RepeatedScalarFieldContainer[str]
    needs: _containers.RepeatedScalarFieldContainer[str]
    was_forced: bool
    withdrawal_risk: bool
    def __init__(self, substances: _Optional[_Iterable[str]] = ..., needs: _Optional[_Iterable[str]] = ..., was_forced: bool = ..., withdrawal_risk: bool = ...) -> None: ...

class SelfHarmRisk(_message.Message):
    __slots__ = ("level", "assessed_on", "plan_agreed", "plan", "language", "crisis_phone")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_ON_FIELD_NUMBER: _ClassVar[int]
    PLAN_AGREED_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CRISIS_PHONE_FIELD_NUMBER: _ClassVar[int]
    level: str
    assessed_on: str
    plan_agreed: bool
    plan: str
    language: str
    crisis_phone: str
    def __init__(self, level: _Optional[str] = ..., assessed_on: _Optional[str] = ..., plan_agreed: bool = ..., plan: _Optional[str] = ..., language: _Optional[str] = ..., crisis_phone: _Optional[str] = ...) -> None: ...

class SafetyRisk(_message.Message):
    __slots__ = ("risks", "return_barriers", "address_secret", "protection_order", "assessed_on", "assessed_by", "plan", "language")
    class Risk(_message.Message):
        __slots__ = ("kind", "level", "countries", "subdivisions", "reported")
        KIND_FIELD_NUMBER: _ClassVar[int]
        LEVEL_FIELD_NUMBER: _ClassVar[int]
        COUNTRIES_FIELD_NUMBER: _ClassVar[int]
        SUBDIVISIONS_FIELD_NUMBER: _ClassVar[int]
        REPORTED_FIELD_NUMBER: _ClassVar[int]
        kind: str
        level: str
        countries: _containers.RepeatedScalarFieldContainer[str]
        subdivisions: _containers.RepeatedScalarFieldContainer[str]
        reported: bool
        def __init__(self, kind: _Optional[str] = ..., level: _Optional[str] = ..., countries: _Optional[_Iterable[str]] = ..., subdivisions: _Optional[_Iterable[str]] = ..., reported: bool = ...) -> None: ...
    RISKS_FIELD_NUMBER: _ClassVar[int]
    RETURN_BARRIERS_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_SECRET_FIELD_NUMBER: _ClassVar[int]
    PROTECTION_ORDER_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_ON_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_BY_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    risks: _containers.RepeatedCompositeFieldContainer[SafetyRisk.Risk]
    return_barriers: _containers.RepeatedScalarFieldContainer[str]
    address_secret: bool
    protection_order: bool
    assessed_on: str
    assessed_by: str
    plan: str
    language: str
    def __init__(self, risks: _Optional[_Iterable[_Union[SafetyRisk.Risk, _Mapping]]] = ..., return_barriers: _Optional[_Iterable[str]] = ..., address_secret: bool = ..., protection_order: bool = ..., assessed_on: _Optional[str] = ..., assessed_by: _Optional[str] = ..., plan: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...
