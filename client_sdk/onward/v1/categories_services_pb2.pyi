from google.api import field_behavior_pb2 as _field_behavior_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NeedsServices(_message.Message):
    __slots__ = ("items", "reason", "children_along", "adults_along")
    class ServiceNeed(_message.Message):
        __slots__ = ("number", "service_type", "wish", "not_before", "condition", "priority", "rank", "requested_by", "delivery_modes", "occupation", "services_shown", "service_chosen", "leads_to", "entry_point", "includes_family")
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        SERVICE_TYPE_FIELD_NUMBER: _ClassVar[int]
        WISH_FIELD_NUMBER: _ClassVar[int]
        NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
        CONDITION_FIELD_NUMBER: _ClassVar[int]
        PRIORITY_FIELD_NUMBER: _ClassVar[int]
        RANK_FIELD_NUMBER: _ClassVar[int]
        REQUESTED_BY_FIELD_NUMBER: _ClassVar[int]
        DELIVERY_MODES_FIELD_NUMBER: _ClassVar[int]
        OCCUPATION_FIELD_NUMBER: _ClassVar[int]
        SERVICES_SHOWN_FIELD_NUMBER: _ClassVar[int]
        SERVICE_CHOSEN_FIELD_NUMBER: _ClassVar[int]
        LEADS_TO_FIELD_NUMBER: _ClassVar[int]
        ENTRY_POINT_FIELD_NUMBER: _ClassVar[int]
        INCLUDES_FAMILY_FIELD_NUMBER: _ClassVar[int]
        number: int
        service_type: str
        wish: str
        not_before: str
        condition: str
        priority: str
        rank: int
        requested_by: str
        delivery_modes: _containers.RepeatedScalarFieldContainer[str]
        occupation: str
        services_shown: _containers.RepeatedScalarFieldContainer[str]
        service_chosen: str
        leads_to: int
        entry_point: bool
        includes_family: bool
        def __init__(self, number: _Optional[int] = ..., service_type: _Optional[str] = ..., wish: _Optional[str] = ..., not_before: _Optional[str] = ..., condition: _Optional[str] = ..., priority: _Optional[str] = ..., rank: _Optional[int] = ..., requested_by: _Optional[str] = ..., delivery_modes: _Optional[_Iterable[str]] = ..., occupation: _Optional[str] = ..., services_shown: _Optional[_Iterable[str]] = ..., service_chosen: _Optional[str] = ..., leads_to: _Optional[int] = ..., entry_point: bool = ..., includes_family: bool = ...) -> None: ...
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CHILDREN_ALONG_FIELD_NUMBER: _ClassVar[int]
    ADULTS_ALONG_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[NeedsServices.ServiceNeed]
    reason: str
    children_along: int
    adults_along: int
    def __init__(self, items: _Optional[_Iterable[_Union[NeedsServices.ServiceNeed, _Mapping]]] = ..., reason: _Optional[str] = ..., children_along: _Optional[int] = ..., adults_along: _Optional[int] = ...) -> None: ...

class ServiceHistory(_message.Message):
    __slots__ = ("entry_channel", "case_status", "case_opened_on", "services", "follow_ups", "conferences")
    class Service(_message.Message):
        __slots__ = ("service_type", "agency", "country", "from_date", "to_date", "state", "result", "ended_because", "would_use_again")
        SERVICE_TYPE_FIELD_NUMBER: _ClassVar[int]
        AGENCY_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        FROM_DATE_FIELD_NUMBER: _ClassVar[int]
        TO_DATE_FIELD_NUMBER: _ClassVar[int]
        STATE_FIELD_NUMBER: _ClassVar[int]
        RESULT_FIELD_NUMBER: _ClassVar[int]
        ENDED_BECAUSE_FIELD_NUMBER: _ClassVar[int]
        WOULD_USE_AGAIN_FIELD_NUMBER: _ClassVar[int]
        service_type: str
        agency: str
        country: str
        from_date: str
        to_date: str
        state: str
        result: str
        ended_because: str
        would_use_again: bool
        def __init__(self, service_type: _Optional[str] = ..., agency: _Optional[str] = ..., country: _Optional[str] = ..., from_date: _Optional[str] = ..., to_date: _Optional[str] = ..., state: _Optional[str] = ..., result: _Optional[str] = ..., ended_because: _Optional[str] = ..., would_use_again: bool = ...) -> None: ...
    class FollowUp(_message.Message):
        __slots__ = ("kind", "date", "contact_result")
        KIND_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        CONTACT_RESULT_FIELD_NUMBER: _ClassVar[int]
        kind: str
        date: str
        contact_result: str
        def __init__(self, kind: _Optional[str] = ..., date: _Optional[str] = ..., contact_result: _Optional[str] = ...) -> None: ...
    class Conference(_message.Message):
        __slots__ = ("date", "agencies", "person_heard", "agreed", "next_on")
        DATE_FIELD_NUMBER: _ClassVar[int]
        AGENCIES_FIELD_NUMBER: _ClassVar[int]
        PERSON_HEARD_FIELD_NUMBER: _ClassVar[int]
        AGREED_FIELD_NUMBER: _ClassVar[int]
        NEXT_ON_FIELD_NUMBER: _ClassVar[int]
        date: str
        agencies: _containers.RepeatedScalarFieldContainer[str]
        person_heard: bool
        agreed: _containers.RepeatedScalarFieldContainer[str]
        next_on: str
        def __init__(self, date: _Optional[str] = ..., agencies: _Optional[_Iterable[str]] = ..., person_heard: bool = ..., agreed: _Optional[_Iterable[str]] = ..., next_on: _Optional[str] = ...) -> None: ...
    ENTRY_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CASE_STATUS_FIELD_NUMBER: _ClassVar[int]
    CASE_OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UPS_FIELD_NUMBER: _ClassVar[int]
    CONFERENCES_FIELD_NUMBER: _ClassVar[int]
    entry_channel: str
    case_status: str
    case_opened_on: str
    services: _containers.RepeatedCompositeFieldContainer[ServiceHistory.Service]
    follow_ups: _containers.RepeatedCompositeFieldContainer[ServiceHistory.FollowUp]
    conferences: _containers.RepeatedCompositeFieldContainer[ServiceHistory.Conference]
    def __init__(self, entry_channel: _Optional[str] = ..., case_status: _Optional[str] = ..., case_opened_on: _Optional[str] = ..., services: _Optional[_Iterable[_Union[ServiceHistory.Service, _Mapping]]] = ..., follow_ups: _Optional[_Iterable[_Union[ServiceHistory.FollowUp, _Mapping]]] = ..., conferences: _Optional[_Iterable[_Union[ServiceHistory.Conference, _Mapping]]] = ...) -> None: ...

class AssistanceAmounts(_message.Message):
    __slots__ = ("items",)
    class Assistance(_message.Message):
        __slots__ = ("amount", "currency", "purpose", "service_type", "given_on", "given_by", "beneficiary", "for_household", "funding_code")
        AMOUNT_FIELD_NUMBER: _ClassVar[int]
        CURRENCY_FIELD_NUMBER: _ClassVar[int]
        PURPOSE_FIELD_NUMBER: _ClassVar[int]
        SERVICE_TYPE_FIELD_NUMBER: _ClassVar[int]
        GIVEN_ON_FIELD_NUMBER: _ClassVar[int]
        GIVEN_BY_FIELD_NUMBER: _ClassVar[int]
        BENEFICIARY_FIELD_NUMBER: _ClassVar[int]
        FOR_HOUSEHOLD_FIELD_NUMBER: _ClassVar[int]
        FUNDING_CODE_FIELD_NUMBER: _ClassVar[int]
        amount: str
        currency: str
        purpose: str
        service_type: str
        given_on: str
        given_by: str
        beneficiary: int
        for_household: bool
        funding_code: str
        def __init__(self, amount: _Optional[str] = ..., currency: _Optional[str] = ..., purpose: _Optional[str] = ..., service_type: _Optional[str] = ..., given_on: _Optional[str] = ..., given_by: _Optional[str] = ..., beneficiary: _Optional[int] = ..., for_household: bool = ..., funding_code: _Optional[str] = ...) -> None: ...
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[AssistanceAmounts.Assistance]
    def __init__(self, items: _Optional[_Iterable[_Union[AssistanceAmounts.Assistance, _Mapping]]] = ...) -> None: ...

class Outcomes(_message.Message):
    __slots__ = ("ratings", "goals", "stigma_causes", "stigma_sources", "feedback")
    class Rating(_message.Message):
        __slots__ = ("domain", "indicator", "rater", "date", "value", "change", "debt_status", "employment", "met", "instrument", "definition", "designed_with_survivors", "asked", "answered", "item", "affects")
        DOMAIN_FIELD_NUMBER: _ClassVar[int]
        INDICATOR_FIELD_NUMBER: _ClassVar[int]
        RATER_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        CHANGE_FIELD_NUMBER: _ClassVar[int]
        DEBT_STATUS_FIELD_NUMBER: _ClassVar[int]
        EMPLOYMENT_FIELD_NUMBER: _ClassVar[int]
        MET_FIELD_NUMBER: _ClassVar[int]
        INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
        DEFINITION_FIELD_NUMBER: _ClassVar[int]
        DESIGNED_WITH_SURVIVORS_FIELD_NUMBER: _ClassVar[int]
        ASKED_FIELD_NUMBER: _ClassVar[int]
        ANSWERED_FIELD_NUMBER: _ClassVar[int]
        ITEM_FIELD_NUMBER: _ClassVar[int]
        AFFECTS_FIELD_NUMBER: _ClassVar[int]
        domain: str
        indicator: str
        rater: str
        date: str
        value: int
        change: str
        debt_status: str
        employment: str
        met: bool
        instrument: str
        definition: str
        designed_with_survivors: bool
        asked: int
        answered: int
        item: int
        affects: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, domain: _Optional[str] = ..., indicator: _Optional[str] = ..., rater: _Optional[str] = ..., date: _Optional[str] = ..., value: _Optional[int] = ..., change: _Optional[str] = ..., debt_status: _Optional[str] = ..., employment: _Optional[str] = ..., met: bool = ..., instrument: _Optional[str] = ..., definition: _Optional[str] = ..., designed_with_survivors: bool = ..., asked: _Optional[int] = ..., answered: _Optional[int] = ..., item: _Optional[int] = ..., affects: _Optional[_Iterable[str]] = ...) -> None: ...
    class Feedback(_message.Message):
        __slots__ = ("own_words", "language", "item", "said_on")
        OWN_WORDS_FIELD_NUMBER: _ClassVar[int]
        LANGUAGE_FIELD_NUMBER: _ClassVar[int]
        ITEM_FIELD_NUMBER: _ClassVar[int]
        SAID_ON_FIELD_NUMBER: _ClassVar[int]
        own_words: str
        language: str
        item: int
        said_on: str
        def __init__(self, own_words: _Optional[str] = ..., language: _Optional[str] = ..., item: _Optional[int] = ..., said_on: _Optional[str] = ...) -> None: ...
    class GoalProgress(_message.Message):
        __slots__ = ("own_words", "language", "number", "progress", "date", "reached_on")
        OWN_WORDS_FIELD_NUMBER: _ClassVar[int]
        LANGUAGE_FIELD_NUMBER: _ClassVar[int]
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        PROGRESS_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        REACHED_ON_FIELD_NUMBER: _ClassVar[int]
        own_words: str
        language: str
        number: int
        progress: int
        date: str
        reached_on: str
        def __init__(self, own_words: _Optional[str] = ..., language: _Optional[str] = ..., number: _Optional[int] = ..., progress: _Optional[int] = ..., date: _Optional[str] = ..., reached_on: _Optional[str] = ...) -> None: ...
    RATINGS_FIELD_NUMBER: _ClassVar[int]
    GOALS_FIELD_NUMBER: _ClassVar[int]
    STIGMA_CAUSES_FIELD_NUMBER: _ClassVar[int]
    STIGMA_SOURCES_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    ratings: _containers.RepeatedCompositeFieldContainer[Outcomes.Rating]
    goals: _containers.RepeatedCompositeFieldContainer[Outcomes.GoalProgress]
    stigma_causes: _containers.RepeatedScalarFieldContainer[str]
    stigma_sources: _containers.RepeatedScalarFieldContainer[str]
    feedback: _containers.RepeatedCompositeFieldContainer[Outcomes.Feedback]
    def __init__(self, ratings: _Optional[_Iterable[_Union[Outcomes.Rating, _Mapping]]] = ..., goals: _Optional[_Iterable[_Union[Outcomes.GoalProgress, _Mapping]]] = ..., stigma_causes: _Optional[_Iterable[str]] = ..., stigma_sources: _Optional[_Iterable[str]] = ..., feedback: _Optional[_Iterable[_Union[Outcomes.Feedback, _Mapping]]] = ...) -> None: ...

class SurvivorOwnWords(_message.Message):
    __slots__ = ("statements",)
    class Statement(_message.Message):
        __slots__ = ("words", "language", "said_on", "translated", "original_language")
        WORDS_FIELD_NUMBER: _ClassVar[int]
        LANGUAGE_FIELD_NUMBER: _ClassVar[int]
        SAID_ON_FIELD_NUMBER: _ClassVar[int]
        TRANSLATED_FIELD_NUMBER: _ClassVar[int]
        ORIGINAL_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
        words: str
        language: str
        said_on: str
        translated: bool
        original_language: str
        def __init__(self, words: _Optional[str] = ..., language: _Optional[str] = ..., said_on: _Optional[str] = ..., translated: bool = ..., original_language: _Optional[str] = ...) -> None: ...
    STATEMENTS_FIELD_NUMBER: _ClassVar[int]
    statements: _containers.RepeatedCompositeFieldContainer[SurvivorOwnWords.Statement]
    def __init__(self, statements: _Optional[_Iterable[_Union[SurvivorOwnWords.Statement, _Mapping]]] = ...) -> None: ...

class CaseworkerNotes(_message.Message):
    __slots__ = ("language", "handover", "comments", "action_plan", "individual_assessment", "household_assessment", "earlier_vulnerability", "closure_reason", "written_on")
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_FIELD_NUMBER: _ClassVar[int]
    COMMENTS_FIELD_NUMBER: _ClassVar[int]
    ACTION_PLAN_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    HOUSEHOLD_ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    EARLIER_VULNERABILITY_FIELD_NUMBER: _ClassVar[int]
    CLOSURE_REASON_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_ON_FIELD_NUMBER: _ClassVar[int]
    language: str
    handover: str
    comments: str
    action_plan: str
    individual_assessment: str
    household_assessment: str
    earlier_vulnerability: str
    closure_reason: str
    written_on: str
    def __init__(self, language: _Optional[str] = ..., handover: _Optional[str] = ..., comments: _Optional[str] = ..., action_plan: _Optional[str] = ..., individual_assessment: _Optional[str] = ..., household_assessment: _Optional[str] = ..., earlier_vulnerability: _Optional[str] = ..., closure_reason: _Optional[str] = ..., written_on: _Optional[str] = ...) -> None: ...

class CaseworkerIdentity(_message.Message):
    __slots__ = ("case_owner", "referring_worker", "receiving_worker")
    class Worker(_message.Message):
        __slots__ = ("name", "title", "agency", "phone", "email", "languages")
        NAME_FIELD_NUMBER: _ClassVar[int]
        TITLE_FIELD_NUMBER: _ClassVar[int]
        AGENCY_FIELD_NUMBER: _ClassVar[int]
        PHONE_FIELD_NUMBER: _ClassVar[int]
        EMAIL_FIELD_NUMBER: _ClassVar[int]
        LANGUAGES_FIELD_NUMBER: _ClassVar[int]
        name: str
        title: str
        agency: str
        phone: str
        email: str
        languages: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., agency: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., languages: _Optional[_Iterable[str]] = ...) -> None: ...
    CASE_OWNER_FIELD_NUMBER: _ClassVar[int]
    REFERRING_WORKER_FIELD_NUMBER: _ClassVar[int]
    RECEIVING_WORKER_FIELD_NUMBER: _ClassVar[int]
    case_owner: CaseworkerIdentity.Worker
    referring_worker: CaseworkerIdentity.Worker
    receiving_worker: CaseworkerIdentity.Worker
    def __init__(self, case_owner: _Optional[_Union[CaseworkerIdentity.Worker, _Mapping]] = ..., referring_worker: _Optional[_Union[CaseworkerIdentity.Worker, _Mapping]] = ..., receiving_worker: _Optional[_Union[CaseworkerIdentity.Worker, _Mapping]] = ...) -> None: ...

class Attachments(_message.Message):
    __slots__ = ("documents",)
    class Document(_message.Message):
        __slots__ = ("kind", "held_by", "issued_on", "country", "language", "original")
        KIND_FIELD_NUMBER: _ClassVar[int]
        HELD_BY_FIELD_NUMBER: _ClassVar[int]
        ISSUED_ON_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        LANGUAGE_FIELD_NUMBER: _ClassVar[int]
        ORIGINAL_FIELD_NUMBER: _ClassVar[int]
        kind: str
        held_by: str
        issued_on: str
        country: str
        language: str
        original: bool
        def __init__(self, kind: _Optional[str] = ..., held_by: _Optional[str] = ..., issued_on: _Optional[str] = ..., country: _Optional[str] = ..., language: _Optional[str] = ..., original: bool = ...) -> None: ...
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[Attachments.Document]
    def __init__(self, documents: _Optional[_Iterable[_Union[Attachments.Document, _Mapping]]] = ...) -> None: ...
