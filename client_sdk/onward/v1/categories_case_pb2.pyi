from google.api import field_behavior_pb2 as _field_behavior_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExploitationType(_message.Message):
    __slots__ = ("types", "sex_exploitation_types", "industries", "age_band_at_start", "platforms", "labour_types")
    TYPES_FIELD_NUMBER: _ClassVar[int]
    SEX_EXPLOITATION_TYPES_FIELD_NUMBER: _ClassVar[int]
    INDUSTRIES_FIELD_NUMBER: _ClassVar[int]
    AGE_BAND_AT_START_FIELD_NUMBER: _ClassVar[int]
    PLATFORMS_FIELD_NUMBER: _ClassVar[int]
    LABOUR_TYPES_FIELD_NUMBER: _ClassVar[int]
    types: _containers.RepeatedScalarFieldContainer[str]
    sex_exploitation_types: _containers.RepeatedScalarFieldContainer[str]
    industries: _containers.RepeatedScalarFieldContainer[str]
    age_band_at_start: str
    platforms: _containers.RepeatedScalarFieldContainer[str]
    labour_types: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, types: _Optional[_Iterable[str]] = ..., sex_exploitation_types: _Optional[_Iterable[str]] = ..., industries: _Optional[_Iterable[str]] = ..., age_band_at_start: _Optional[str] = ..., platforms: _Optional[_Iterable[str]] = ..., labour_types: _Optional[_Iterable[str]] = ...) -> None: ...

class ExploitationDetailNarrative(_message.Message):
    __slots__ = ("narrative", "language", "own_words", "recorded_on", "recorded_by")
    NARRATIVE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    OWN_WORDS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_ON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_BY_FIELD_NUMBER: _ClassVar[int]
    narrative: str
    language: str
    own_words: bool
    recorded_on: str
    recorded_by: str
    def __init__(self, narrative: _Optional[str] = ..., language: _Optional[str] = ..., own_words: bool = ..., recorded_on: _Optional[str] = ..., recorded_by: _Optional[str] = ...) -> None: ...

class MeansOfControl(_message.Message):
    __slots__ = ("means", "ongoing")
    MEANS_FIELD_NUMBER: _ClassVar[int]
    ONGOING_FIELD_NUMBER: _ClassVar[int]
    means: _containers.RepeatedScalarFieldContainer[str]
    ongoing: bool
    def __init__(self, means: _Optional[_Iterable[str]] = ..., ongoing: bool = ...) -> None: ...

class Recruitment(_message.Message):
    __slots__ = ("methods", "context", "recruiter_relation", "platforms", "country", "subdivision", "place", "date", "fee_paid")
    METHODS_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    RECRUITER_RELATION_FIELD_NUMBER: _ClassVar[int]
    PLATFORMS_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    FEE_PAID_FIELD_NUMBER: _ClassVar[int]
    methods: _containers.RepeatedScalarFieldContainer[str]
    context: str
    recruiter_relation: str
    platforms: _containers.RepeatedScalarFieldContainer[str]
    country: str
    subdivision: str
    place: str
    date: str
    fee_paid: bool
    def __init__(self, methods: _Optional[_Iterable[str]] = ..., context: _Optional[str] = ..., recruiter_relation: _Optional[str] = ..., platforms: _Optional[_Iterable[str]] = ..., country: _Optional[str] = ..., subdivision: _Optional[str] = ..., place: _Optional[str] = ..., date: _Optional[str] = ..., fee_paid: bool = ...) -> None: ...

class ExploitationLocation(_message.Message):
    __slots__ = ("stages",)
    class Stage(_message.Message):
        __slots__ = ("kind", "country", "subdivision", "town", "place", "from_date", "to_date")
        KIND_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
        TOWN_FIELD_NUMBER: _ClassVar[int]
        PLACE_FIELD_NUMBER: _ClassVar[int]
        FROM_DATE_FIELD_NUMBER: _ClassVar[int]
        TO_DATE_FIELD_NUMBER: _ClassVar[int]
        kind: str
        country: str
        subdivision: str
        town: str
        place: str
        from_date: str
        to_date: str
        def __init__(self, kind: _Optional[str] = ..., country: _Optional[str] = ..., subdivision: _Optional[str] = ..., town: _Optional[str] = ..., place: _Optional[str] = ..., from_date: _Optional[str] = ..., to_date: _Optional[str] = ...) -> None: ...
    STAGES_FIELD_NUMBER: _ClassVar[int]
    stages: _containers.RepeatedCompositeFieldContainer[ExploitationLocation.Stage]
    def __init__(self, stages: _Optional[_Iterable[_Union[ExploitationLocation.Stage, _Mapping]]] = ...) -> None: ...

class IdentificationStatus(_message.Message):
    __slots__ = ("status", "decided_by", "decided_on", "country", "reflection_period_until", "appeal_wanted", "appeal_by")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DECIDED_BY_FIELD_NUMBER: _ClassVar[int]
    DECIDED_ON_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    REFLECTION_PERIOD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    APPEAL_WANTED_FIELD_NUMBER: _ClassVar[int]
    APPEAL_BY_FIELD_NUMBER: _ClassVar[int]
    status: str
    decided_by: str
    decided_on: str
    country: str
    reflection_period_until: str
    appeal_wanted: bool
    appeal_by: str
    def __init__(self, status: _Optional[str] = ..., decided_by: _Optional[str] = ..., decided_on: _Optional[str] = ..., country: _Optional[str] = ..., reflection_period_until: _Optional[str] = ..., appeal_wanted: bool = ..., appeal_by: _Optional[str] = ...) -> None: ...

class CriminalJusticeHistory(_message.Message):
    __slots__ = ("events",)
    class Event(_message.Message):
        __slots__ = ("kind", "country", "from_date", "to_date", "linked_to_exploitation", "still_in_force", "clearance_wanted")
        KIND_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        FROM_DATE_FIELD_NUMBER: _ClassVar[int]
        TO_DATE_FIELD_NUMBER: _ClassVar[int]
        LINKED_TO_EXPLOITATION_FIELD_NUMBER: _ClassVar[int]
        STILL_IN_FORCE_FIELD_NUMBER: _ClassVar[int]
        CLEARANCE_WANTED_FIELD_NUMBER: _ClassVar[int]
        kind: str
        country: str
        from_date: str
        to_date: str
        linked_to_exploitation: bool
        still_in_force: bool
        clearance_wanted: bool
        def __init__(self, kind: _Optional[str] = ..., country: _Optional[str] = ..., from_date: _Optional[str] = ..., to_date: _Optional[str] = ..., linked_to_exploitation: bool = ..., still_in_force: bool = ..., clearance_wanted: bool = ...) -> None: ...
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[CriminalJusticeHistory.Event]
    def __init__(self, events: _Optional[_Iterable[_Union[CriminalJusticeHistory.Event, _Mapping]]] = ...) -> None: ...

class CaseProceedings(_message.Message):
    __slots__ = ("proceedings",)
    class Proceeding(_message.Message):
        __slots__ = ("kind", "role", "stage", "country", "reference", "next_date", "lawyer", "presence_required", "remote_possible", "protection_ordered", "claimed", "awarded", "received", "currency")
        KIND_FIELD_NUMBER: _ClassVar[int]
        ROLE_FIELD_NUMBER: _ClassVar[int]
        STAGE_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        REFERENCE_FIELD_NUMBER: _ClassVar[int]
        NEXT_DATE_FIELD_NUMBER: _ClassVar[int]
        LAWYER_FIELD_NUMBER: _ClassVar[int]
        PRESENCE_REQUIRED_FIELD_NUMBER: _ClassVar[int]
        REMOTE_POSSIBLE_FIELD_NUMBER: _ClassVar[int]
        PROTECTION_ORDERED_FIELD_NUMBER: _ClassVar[int]
        CLAIMED_FIELD_NUMBER: _ClassVar[int]
        AWARDED_FIELD_NUMBER: _ClassVar[int]
        RECEIVED_FIELD_NUMBER: _ClassVar[int]
        CURRENCY_FIELD_NUMBER: _ClassVar[int]
        kind: str
        role: str
        stage: str
        country: str
        reference: str
        next_date: str
        lawyer: str
        presence_required: bool
        remote_possible: bool
        protection_ordered: bool
        claimed: str
        awarded: str
        received: str
        currency: str
        def __init__(self, kind: _Optional[str] = ..., role: _Optional[str] = ..., stage: _Optional[str] = ..., country: _Optional[str] = ..., reference: _Optional[str] = ..., next_date: _Optional[str] = ..., lawyer: _Optional[str] = ..., presence_required: bool = ..., remote_possible: bool = ..., protection_ordered: bool = ..., claimed: _Optional[str] = ..., awarded: _Optional[str] = ..., received: _Optional[str] = ..., currency: _Optional[str] = ...) -> None: ...
    PROCEEDINGS_FIELD_NUMBER: _ClassVar[int]
    proceedings: _containers.RepeatedCompositeFieldContainer[CaseProceedings.Proceeding]
    def __init__(self, proceedings: _Optional[_Iterable[_Union[CaseProceedings.Proceeding, _Mapping]]] = ...) -> None: ...
