from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onward.v1 import errors_pb2 as _errors_pb2
from onward.v1 import options_pb2 as _options_pb2
from onward.v1 import referral_pb2 as _referral_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Stipend(_message.Message):
    __slots__ = ("amount", "currency", "period")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    amount: str
    currency: str
    period: str
    def __init__(self, amount: _Optional[str] = ..., currency: _Optional[str] = ..., period: _Optional[str] = ...) -> None: ...

class ServiceOffer(_message.Message):
    __slots__ = ("service_id", "service_type", "capacity", "places", "waiting_weeks", "countries", "subdivisions", "sexes", "age_classes", "children_with_mother", "child_max_age", "includes_family", "languages", "staff_sexes", "access_needs", "cultural_support", "freedom_of_movement", "prerequisites", "conditions", "cost", "stipend", "duration_weeks", "delivery_modes", "occupations", "labour_market_link", "target_areas", "leads_to", "transferable")
    SERVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_TYPE_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    PLACES_FIELD_NUMBER: _ClassVar[int]
    WAITING_WEEKS_FIELD_NUMBER: _ClassVar[int]
    COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    SUBDIVISIONS_FIELD_NUMBER: _ClassVar[int]
    SEXES_FIELD_NUMBER: _ClassVar[int]
    AGE_CLASSES_FIELD_NUMBER: _ClassVar[int]
    CHILDREN_WITH_MOTHER_FIELD_NUMBER: _ClassVar[int]
    CHILD_MAX_AGE_FIELD_NUMBER: _ClassVar[int]
    INCLUDES_FAMILY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    STAFF_SEXES_FIELD_NUMBER: _ClassVar[int]
    ACCESS_NEEDS_FIELD_NUMBER: _ClassVar[int]
    CULTURAL_SUPPORT_FIELD_NUMBER: _ClassVar[int]
    FREEDOM_OF_MOVEMENT_FIELD_NUMBER: _ClassVar[int]
    PREREQUISITES_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    STIPEND_FIELD_NUMBER: _ClassVar[int]
    DURATION_WEEKS_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_MODES_FIELD_NUMBER: _ClassVar[int]
    OCCUPATIONS_FIELD_NUMBER: _ClassVar[int]
    LABOUR_MARKET_LINK_FIELD_NUMBER: _ClassVar[int]
    TARGET_AREAS_FIELD_NUMBER: _ClassVar[int]
    LEADS_TO_FIELD_NUMBER: _ClassVar[int]
    TRANSFERABLE_FIELD_NUMBER: _ClassVar[int]
    service_id: str
    service_type: str
    capacity: str
    places: int
    waiting_weeks: int
    countries: _containers.RepeatedScalarFieldContainer[str]
    subdivisions: _containers.RepeatedScalarFieldContainer[str]
    sexes: _containers.RepeatedScalarFieldContainer[str]
    age_classes: _containers.RepeatedScalarFieldContainer[str]
    children_with_mother: str
    child_max_age: int
    includes_family: bool
    languages: _containers.RepeatedScalarFieldContainer[str]
    staff_sexes: _containers.RepeatedScalarFieldContainer[str]
    access_needs: _containers.RepeatedScalarFieldContainer[str]
    cultural_support: _containers.RepeatedScalarFieldContainer[str]
    freedom_of_movement: str
    prerequisites: _containers.RepeatedScalarFieldContainer[str]
    conditions: _containers.RepeatedScalarFieldContainer[str]
    cost: str
    stipend: Stipend
    duration_weeks: int
    delivery_modes: _containers.RepeatedScalarFieldContainer[str]
    occupations: _containers.RepeatedScalarFieldContainer[str]
    labour_market_link: str
    target_areas: _containers.RepeatedScalarFieldContainer[str]
    leads_to: _containers.RepeatedScalarFieldContainer[str]
    transferable: bool
    def __init__(self, service_id: _Optional[str] = ..., service_type: _Optional[str] = ..., capacity: _Optional[str] = ..., places: _Optional[int] = ..., waiting_weeks: _Optional[int] = ..., countries: _Optional[_Iterable[str]] = ..., subdivisions: _Optional[_Iterable[str]] = ..., sexes: _Optional[_Iterable[str]] = ..., age_classes: _Optional[_Iterable[str]] = ..., children_with_mother: _Optional[str] = ..., child_max_age: _Optional[int] = ..., includes_family: bool = ..., languages: _Optional[_Iterable[str]] = ..., staff_sexes: _Optional[_Iterable[str]] = ..., access_needs: _Optional[_Iterable[str]] = ..., cultural_support: _Optional[_Iterable[str]] = ..., freedom_of_movement: _Optional[str] = ..., prerequisites: _Optional[_Iterable[str]] = ..., conditions: _Optional[_Iterable[str]] = ..., cost: _Optional[str] = ..., stipend: _Optional[_Union[Stipend, _Mapping]] = ..., duration_weeks: _Optional[int] = ..., delivery_modes: _Optional[_Iterable[str]] = ..., occupations: _Optional[_Iterable[str]] = ..., labour_market_link: _Optional[str] = ..., target_areas: _Optional[_Iterable[str]] = ..., leads_to: _Optional[_Iterable[str]] = ..., transferable: bool = ...) -> None: ...

class ServiceList(_message.Message):
    __slots__ = ("version", "environment", "agency", "seq", "issued_at", "expires_at", "services")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ENVIRONMENT_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    version: str
    environment: str
    agency: str
    seq: int
    issued_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    services: _containers.RepeatedCompositeFieldContainer[ServiceOffer]
    def __init__(self, version: _Optional[str] = ..., environment: _Optional[str] = ..., agency: _Optional[str] = ..., seq: _Optional[int] = ..., issued_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., services: _Optional[_Iterable[_Union[ServiceOffer, _Mapping]]] = ...) -> None: ...

class PublishServicesRequest(_message.Message):
    __slots__ = ("write", "expected_seq", "services", "valid_days")
    WRITE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_SEQ_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    VALID_DAYS_FIELD_NUMBER: _ClassVar[int]
    write: _referral_pb2.Write
    expected_seq: int
    services: _containers.RepeatedCompositeFieldContainer[ServiceOffer]
    valid_days: int
    def __init__(self, write: _Optional[_Union[_referral_pb2.Write, _Mapping]] = ..., expected_seq: _Optional[int] = ..., services: _Optional[_Iterable[_Union[ServiceOffer, _Mapping]]] = ..., valid_days: _Optional[int] = ...) -> None: ...

class ListServicesRequest(_message.Message):
    __slots__ = ("agency", "service_type", "country")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    SERVICE_TYPE_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    agency: str
    service_type: str
    country: str
    def __init__(self, agency: _Optional[str] = ..., service_type: _Optional[str] = ..., country: _Optional[str] = ...) -> None: ...

class HeldServices(_message.Message):
    __slots__ = ("agency", "seq", "issued_at", "expires_at", "confirmed_at", "age_minutes", "stale", "failed", "services")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_AT_FIELD_NUMBER: _ClassVar[int]
    AGE_MINUTES_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    agency: str
    seq: int
    issued_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    confirmed_at: _timestamp_pb2.Timestamp
    age_minutes: int
    stale: bool
    failed: _errors_pb2.Reason
    services: _containers.RepeatedCompositeFieldContainer[ServiceOffer]
    def __init__(self, agency: _Optional[str] = ..., seq: _Optional[int] = ..., issued_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., confirmed_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., age_minutes: _Optional[int] = ..., stale: bool = ..., failed: _Optional[_Union[_errors_pb2.Reason, str]] = ..., services: _Optional[_Iterable[_Union[ServiceOffer, _Mapping]]] = ...) -> None: ...

class ListServicesResponse(_message.Message):
    __slots__ = ("lists",)
    LISTS_FIELD_NUMBER: _ClassVar[int]
    lists: _containers.RepeatedCompositeFieldContainer[HeldServices]
    def __init__(self, lists: _Optional[_Iterable[_Union[HeldServices, _Mapping]]] = ...) -> None: ...
