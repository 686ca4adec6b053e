from google.api import field_behavior_pb2 as _field_behavior_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Debts(_message.Message):
    __slots__ = ("debts", "status")
    class Debt(_message.Message):
        __slots__ = ("holder", "lender_kind", "amount", "currency", "amount_band", "from_migration", "secured_on_home", "threats", "status", "next_payment")
        HOLDER_FIELD_NUMBER: _ClassVar[int]
        LENDER_KIND_FIELD_NUMBER: _ClassVar[int]
        AMOUNT_FIELD_NUMBER: _ClassVar[int]
        CURRENCY_FIELD_NUMBER: _ClassVar[int]
        AMOUNT_BAND_FIELD_NUMBER: _ClassVar[int]
        FROM_MIGRATION_FIELD_NUMBER: _ClassVar[int]
        SECURED_ON_HOME_FIELD_NUMBER: _ClassVar[int]
        THREATS_FIELD_NUMBER: _ClassVar[int]
        STATUS_FIELD_NUMBER: _ClassVar[int]
        NEXT_PAYMENT_FIELD_NUMBER: _ClassVar[int]
        holder: str
        lender_kind: str
        amount: str
        currency: str
        amount_band: str
        from_migration: bool
        secured_on_home: bool
        threats: bool
        status: str
        next_payment: str
        def __init__(self, holder: _Optional[str] = ..., lender_kind: _Optional[str] = ..., amount: _Optional[str] = ..., currency: _Optional[str] = ..., amount_band: _Optional[str] = ..., from_migration: bool = ..., secured_on_home: bool = ..., threats: bool = ..., status: _Optional[str] = ..., next_payment: _Optional[str] = ...) -> None: ...
    DEBTS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    debts: _containers.RepeatedCompositeFieldContainer[Debts.Debt]
    status: str
    def __init__(self, debts: _Optional[_Iterable[_Union[Debts.Debt, _Mapping]]] = ..., status: _Optional[str] = ...) -> None: ...

class SavingsIncome(_message.Message):
    __slots__ = ("savings", "income", "income_sources", "dependants", "family_expects_money", "has_account", "controls_own_money")
    SAVINGS_FIELD_NUMBER: _ClassVar[int]
    INCOME_FIELD_NUMBER: _ClassVar[int]
    INCOME_SOURCES_FIELD_NUMBER: _ClassVar[int]
    DEPENDANTS_FIELD_NUMBER: _ClassVar[int]
    FAMILY_EXPECTS_MONEY_FIELD_NUMBER: _ClassVar[int]
    HAS_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CONTROLS_OWN_MONEY_FIELD_NUMBER: _ClassVar[int]
    savings: str
    income: str
    income_sources: _containers.RepeatedScalarFieldContainer[str]
    dependants: int
    family_expects_money: bool
    has_account: bool
    controls_own_money: bool
    def __init__(self, savings: _Optional[str] = ..., income: _Optional[str] = ..., income_sources: _Optional[_Iterable[str]] = ..., dependants: _Optional[int] = ..., family_expects_money: bool = ..., has_account: bool = ..., controls_own_money: bool = ...) -> None: ...

class SkillsEducation(_message.Message):
    __slots__ = ("education", "trained_for", "skilled_in", "courses", "uses_computer", "numerate", "has_certificates")
    EDUCATION_FIELD_NUMBER: _ClassVar[int]
    TRAINED_FOR_FIELD_NUMBER: _ClassVar[int]
    SKILLED_IN_FIELD_NUMBER: _ClassVar[int]
    COURSES_FIELD_NUMBER: _ClassVar[int]
    USES_COMPUTER_FIELD_NUMBER: _ClassVar[int]
    NUMERATE_FIELD_NUMBER: _ClassVar[int]
    HAS_CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    education: str
    trained_for: _containers.RepeatedScalarFieldContainer[str]
    skilled_in: _containers.RepeatedScalarFieldContainer[str]
    courses: _containers.RepeatedScalarFieldContainer[str]
    uses_computer: bool
    numerate: bool
    has_certificates: bool
    def __init__(self, education: _Optional[str] = ..., trained_for: _Optional[_Iterable[str]] = ..., skilled_in: _Optional[_Iterable[str]] = ..., courses: _Optional[_Iterable[str]] = ..., uses_computer: bool = ..., numerate: bool = ..., has_certificates: bool = ...) -> None: ...

class WorkHistory(_message.Message):
    __slots__ = ("employment", "jobs")
    class Job(_message.Message):
        __slots__ = ("occupation", "industry", "country", "from_date", "to_date", "would_do_again")
        OCCUPATION_FIELD_NUMBER: _ClassVar[int]
        INDUSTRY_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        FROM_DATE_FIELD_NUMBER: _ClassVar[int]
        TO_DATE_FIELD_NUMBER: _ClassVar[int]
        WOULD_DO_AGAIN_FIELD_NUMBER: _ClassVar[int]
        occupation: str
        industry: str
        country: str
        from_date: str
        to_date: str
        would_do_again: bool
        def __init__(self, occupation: _Optional[str] = ..., industry: _Optional[str] = ..., country: _Optional[str] = ..., from_date: _Optional[str] = ..., to_date: _Optional[str] = ..., would_do_again: bool = ...) -> None: ...
    EMPLOYMENT_FIELD_NUMBER: _ClassVar[int]
    JOBS_FIELD_NUMBER: _ClassVar[int]
    employment: str
    jobs: _containers.RepeatedCompositeFieldContainer[WorkHistory.Job]
    def __init__(self, employment: _Optional[str] = ..., jobs: _Optional[_Iterable[_Union[WorkHistory.Job, _Mapping]]] = ...) -> None: ...

class Aspirations(_message.Message):
    __slots__ = ("pathways", "interests", "strengths", "concerns", "goals")
    class Pathway(_message.Message):
        __slots__ = ("pathway", "country", "subdivision", "since")
        PATHWAY_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
        SINCE_FIELD_NUMBER: _ClassVar[int]
        pathway: str
        country: str
        subdivision: str
        since: str
        def __init__(self, pathway: _Optional[str] = ..., country: _Optional[str] = ..., subdivision: _Optional[str] = ..., since: _Optional[str] = ...) -> None: ...
    class Goal(_message.Message):
        __slots__ = ("number", "own_words", "language", "by")
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        OWN_WORDS_FIELD_NUMBER: _ClassVar[int]
        LANGUAGE_FIELD_NUMBER: _ClassVar[int]
        BY_FIELD_NUMBER: _ClassVar[int]
        number: int
        own_words: str
        language: str
        by: str
        def __init__(self, number: _Optional[int] = ..., own_words: _Optional[str] = ..., language: _Optional[str] = ..., by: _Optional[str] = ...) -> None: ...
    PATHWAYS_FIELD_NUMBER: _ClassVar[int]
    INTERESTS_FIELD_NUMBER: _ClassVar[int]
    STRENGTHS_FIELD_NUMBER: _ClassVar[int]
    CONCERNS_FIELD_NUMBER: _ClassVar[int]
    GOALS_FIELD_NUMBER: _ClassVar[int]
    pathways: _containers.RepeatedCompositeFieldContainer[Aspirations.Pathway]
    interests: _containers.RepeatedScalarFieldContainer[str]
    strengths: _containers.RepeatedScalarFieldContainer[str]
    concerns: _containers.RepeatedScalarFieldContainer[str]
    goals: _containers.RepeatedCompositeFieldContainer[Aspirations.Goal]
    def __init__(self, pathways: _Optional[_Iterable[_Union[Aspirations.Pathway, _Mapping]]] = ..., interests: _Optional[_Iterable[str]] = ..., strengths: _Optional[_Iterable[str]] = ..., concerns: _Optional[_Iterable[str]] = ..., goals: _Optional[_Iterable[_Union[Aspirations.Goal, _Mapping]]] = ...) -> None: ...

class ChoiceReasons(_message.Message):
    __slots__ = ("choices",)
    class ChoiceReason(_message.Message):
        __slots__ = ("number", "reasons", "condition", "do_not_ask_again")
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        REASONS_FIELD_NUMBER: _ClassVar[int]
        CONDITION_FIELD_NUMBER: _ClassVar[int]
        DO_NOT_ASK_AGAIN_FIELD_NUMBER: _ClassVar[int]
        number: int
        reasons: _containers.RepeatedScalarFieldContainer[str]
        condition: str
        do_not_ask_again: bool
        def __init__(self, number: _Optional[int] = ..., reasons: _Optional[_Iterable[str]] = ..., condition: _Optional[str] = ..., do_not_ask_again: bool = ...) -> None: ...
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    choices: _containers.RepeatedCompositeFieldContainer[ChoiceReasons.ChoiceReason]
    def __init__(self, choices: _Optional[_Iterable[_Union[ChoiceReasons.ChoiceReason, _Mapping]]] = ...) -> None: ...

class ReturnPlan(_message.Message):
    __slots__ = ("travel_on", "from_country", "to_country", "to_subdivision", "travel_mode", "escort", "fit_to_travel", "interpreter", "children_along", "received_by", "pathway", "return_barriers", "testimony", "items_handed")
    TRAVEL_ON_FIELD_NUMBER: _ClassVar[int]
    FROM_COUNTRY_FIELD_NUMBER: _ClassVar[int]
    TO_COUNTRY_FIELD_NUMBER: _ClassVar[int]
    TO_SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
    TRAVEL_MODE_FIELD_NUMBER: _ClassVar[int]
    ESCORT_FIELD_NUMBER: _ClassVar[int]
    FIT_TO_TRAVEL_FIELD_NUMBER: _ClassVar[int]
    INTERPRETER_FIELD_NUMBER: _ClassVar[int]
    CHILDREN_ALONG_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_BY_FIELD_NUMBER: _ClassVar[int]
    PATHWAY_FIELD_NUMBER: _ClassVar[int]
    RETURN_BARRIERS_FIELD_NUMBER: _ClassVar[int]
    TESTIMONY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_HANDED_FIELD_NUMBER: _ClassVar[int]
    travel_on: str
    from_country: str
    to_country: str
    to_subdivision: str
    travel_mode: str
    escort: str
    fit_to_travel: bool
    interpreter: bool
    children_along: int
    received_by: str
    pathway: str
    return_barriers: _containers.RepeatedScalarFieldContainer[str]
    testimony: str
    items_handed: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, travel_on: _Optional[str] = ..., from_country: _Optional[str] = ..., to_country: _Optional[str] = ..., to_subdivision: _Optional[str] = ..., travel_mode: _Optional[str] = ..., escort: _Optional[str] = ..., fit_to_travel: bool = ..., interpreter: bool = ..., children_along: _Optional[int] = ..., received_by: _Optional[str] = ..., pathway: _Optional[str] = ..., return_barriers: _Optional[_Iterable[str]] = ..., testimony: _Optional[str] = ..., items_handed: _Optional[_Iterable[str]] = ...) -> None: ...
