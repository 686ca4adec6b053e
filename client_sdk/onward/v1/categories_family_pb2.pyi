from google.api import field_behavior_pb2 as _field_behavior_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Children(_message.Message):
    __slots__ = ("count", "children")
    class Child(_message.Message):
        __slots__ = ("number", "age_band", "sex", "lives_with", "comes_along", "birth_registered", "at_school", "needs")
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        AGE_BAND_FIELD_NUMBER: _ClassVar[int]
        SEX_FIELD_NUMBER: _ClassVar[int]
        LIVES_WITH_FIELD_NUMBER: _ClassVar[int]
        COMES_ALONG_FIELD_NUMBER: _ClassVar[int]
        BIRTH_REGISTERED_FIELD_NUMBER: _ClassVar[int]
        AT_SCHOOL_FIELD_NUMBER: _ClassVar[int]
        NEEDS_FIELD_NUMBER: _ClassVar[int]
        number: int
        age_band: str
        sex: str
        lives_with: str
        comes_along: bool
        birth_registered: bool
        at_school: bool
        needs: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, number: _Optional[int] = ..., age_band: _Optional[str] = ..., sex: _Optional[str] = ..., lives_with: _Optional[str] = ..., comes_along: bool = ..., birth_registered: bool = ..., at_school: bool = ..., needs: _Optional[_Iterable[str]] = ...) -> None: ...
    COUNT_FIELD_NUMBER: _ClassVar[int]
    CHILDREN_FIELD_NUMBER: _ClassVar[int]
    count: int
    children: _containers.RepeatedCompositeFieldContainer[Children.Child]
    def __init__(self, count: _Optional[int] = ..., children: _Optional[_Iterable[_Union[Children.Child, _Mapping]]] = ...) -> None: ...

class FamilyMembers(_message.Message):
    __slots__ = ("members",)
    class Member(_message.Message):
        __slots__ = ("number", "relation", "age_band", "sex", "attitude", "same_household", "comes_along", "depends_on_person", "knows_situation", "wants_support", "needs", "name", "phone", "country", "subdivision")
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        RELATION_FIELD_NUMBER: _ClassVar[int]
        AGE_BAND_FIELD_NUMBER: _ClassVar[int]
        SEX_FIELD_NUMBER: _ClassVar[int]
        ATTITUDE_FIELD_NUMBER: _ClassVar[int]
        SAME_HOUSEHOLD_FIELD_NUMBER: _ClassVar[int]
        COMES_ALONG_FIELD_NUMBER: _ClassVar[int]
        DEPENDS_ON_PERSON_FIELD_NUMBER: _ClassVar[int]
        KNOWS_SITUATION_FIELD_NUMBER: _ClassVar[int]
        WANTS_SUPPORT_FIELD_NUMBER: _ClassVar[int]
        NEEDS_FIELD_NUMBER: _ClassVar[int]
        NAME_FIELD_NUMBER: _ClassVar[int]
        PHONE_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
        number: int
        relation: str
        age_band: str
        sex: str
        attitude: str
        same_household: bool
        comes_along: bool
        depends_on_person: bool
        knows_situation: bool
        wants_support: bool
        needs: _containers.RepeatedScalarFieldContainer[str]
        name: str
        phone: str
        country: str
        subdivision: str
        def __init__(self, number: _Optional[int] = ..., relation: _Optional[str] = ..., age_band: _Optional[str] = ..., sex: _Optional[str] = ..., attitude: _Optional[str] = ..., same_household: bool = ..., comes_along: bool = ..., depends_on_person: bool = ..., knows_situation: bool = ..., wants_support: bool = ..., needs: _Optional[_Iterable[str]] = ..., name: _Optional[str] = ..., phone: _Optional[str] = ..., country: _Optional[str] = ..., subdivision: _Optional[str] = ...) -> None: ...
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[FamilyMembers.Member]
    def __init__(self, members: _Optional[_Iterable[_Union[FamilyMembers.Member, _Mapping]]] = ...) -> None: ...

class FamilyAssessment(_message.Message):
    __slots__ = ("result", "acceptance", "survivor_agrees", "abuser_in_household", "community_acceptance", "support_needed", "assessed_on", "assessed_by")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    ACCEPTANCE_FIELD_NUMBER: _ClassVar[int]
    SURVIVOR_AGREES_FIELD_NUMBER: _ClassVar[int]
    ABUSER_IN_HOUSEHOLD_FIELD_NUMBER: _ClassVar[int]
    COMMUNITY_ACCEPTANCE_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_NEEDED_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_ON_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_BY_FIELD_NUMBER: _ClassVar[int]
    result: str
    acceptance: str
    survivor_agrees: bool
    abuser_in_household: bool
    community_acceptance: str
    support_needed: _containers.RepeatedScalarFieldContainer[str]
    assessed_on: str
    assessed_by: str
    def __init__(self, result: _Optional[str] = ..., acceptance: _Optional[str] = ..., survivor_agrees: bool = ..., abuser_in_household: bool = ..., community_acceptance: _Optional[str] = ..., support_needed: _Optional[_Iterable[str]] = ..., assessed_on: _Optional[str] = ..., assessed_by: _Optional[str] = ...) -> None: ...

class DoNotContact(_message.Message):
    __slots__ = ("people", "agencies", "agency_kinds", "all_family")
    class Person(_message.Message):
        __slots__ = ("relation", "name", "reason", "may_not_learn_place")
        RELATION_FIELD_NUMBER: _ClassVar[int]
        NAME_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        MAY_NOT_LEARN_PLACE_FIELD_NUMBER: _ClassVar[int]
        relation: str
        name: str
        reason: str
        may_not_learn_place: bool
        def __init__(self, relation: _Optional[str] = ..., name: _Optional[str] = ..., reason: _Optional[str] = ..., may_not_learn_place: bool = ...) -> None: ...
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    AGENCIES_FIELD_NUMBER: _ClassVar[int]
    AGENCY_KINDS_FIELD_NUMBER: _ClassVar[int]
    ALL_FAMILY_FIELD_NUMBER: _ClassVar[int]
    people: _containers.RepeatedCompositeFieldContainer[DoNotContact.Person]
    agencies: _containers.RepeatedScalarFieldContainer[str]
    agency_kinds: _containers.RepeatedScalarFieldContainer[str]
    all_family: bool
    def __init__(self, people: _Optional[_Iterable[_Union[DoNotContact.Person, _Mapping]]] = ..., agencies: _Optional[_Iterable[str]] = ..., agency_kinds: _Optional[_Iterable[str]] = ..., all_family: bool = ...) -> None: ...
