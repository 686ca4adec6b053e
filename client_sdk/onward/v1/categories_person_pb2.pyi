from google.api import field_behavior_pb2 as _field_behavior_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Language(_message.Message):
    __slots__ = ("primary", "others", "interpreter_needed", "interpreter_sex", "interpreter_from_elsewhere")
    PRIMARY_FIELD_NUMBER: _ClassVar[int]
    OTHERS_FIELD_NUMBER: _ClassVar[int]
    INTERPRETER_NEEDED_FIELD_NUMBER: _ClassVar[int]
    INTERPRETER_SEX_FIELD_NUMBER: _ClassVar[int]
    INTERPRETER_FROM_ELSEWHERE_FIELD_NUMBER: _ClassVar[int]
    primary: str
    others: _containers.RepeatedScalarFieldContainer[str]
    interpreter_needed: bool
    interpreter_sex: str
    interpreter_from_elsewhere: bool
    def __init__(self, primary: _Optional[str] = ..., others: _Optional[_Iterable[str]] = ..., interpreter_needed: bool = ..., interpreter_sex: _Optional[str] = ..., interpreter_from_elsewhere: bool = ...) -> None: ...

class Literacy(_message.Message):
    __slots__ = ("reading", "languages", "signs_own_name")
    READING_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    SIGNS_OWN_NAME_FIELD_NUMBER: _ClassVar[int]
    reading: str
    languages: _containers.RepeatedScalarFieldContainer[str]
    signs_own_name: bool
    def __init__(self, reading: _Optional[str] = ..., languages: _Optional[_Iterable[str]] = ..., signs_own_name: bool = ...) -> None: ...

class AccessNeeds(_message.Message):
    __slots__ = ("needs", "delivery_modes", "story_told", "barriers")
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_MODES_FIELD_NUMBER: _ClassVar[int]
    STORY_TOLD_FIELD_NUMBER: _ClassVar[int]
    BARRIERS_FIELD_NUMBER: _ClassVar[int]
    needs: _containers.RepeatedScalarFieldContainer[str]
    delivery_modes: _containers.RepeatedScalarFieldContainer[str]
    story_told: bool
    barriers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, needs: _Optional[_Iterable[str]] = ..., delivery_modes: _Optional[_Iterable[str]] = ..., story_told: bool = ..., barriers: _Optional[_Iterable[str]] = ...) -> None: ...

class Disability(_message.Message):
    __slots__ = ("difficulties", "aids")
    class Difficulty(_message.Message):
        __slots__ = ("domain", "degree")
        DOMAIN_FIELD_NUMBER: _ClassVar[int]
        DEGREE_FIELD_NUMBER: _ClassVar[int]
        domain: str
        degree: str
        def __init__(self, domain: _Optional[str] = ..., degree: _Optional[str] = ...) -> None: ...
    DIFFICULTIES_FIELD_NUMBER: _ClassVar[int]
    AIDS_FIELD_NUMBER: _ClassVar[int]
    difficulties: _containers.RepeatedCompositeFieldContainer[Disability.Difficulty]
    aids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, difficulties: _Optional[_Iterable[_Union[Disability.Difficulty, _Mapping]]] = ..., aids: _Optional[_Iterable[str]] = ...) -> None: ...

class Religion(_message.Message):
    __slots__ = ("religion", "needs")
    RELIGION_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    religion: str
    needs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, religion: _Optional[str] = ..., needs: _Optional[_Iterable[str]] = ...) -> None: ...

class Ethnicity(_message.Message):
    __slots__ = ("ethnicity", "may_be_danger")
    ETHNICITY_FIELD_NUMBER: _ClassVar[int]
    MAY_BE_DANGER_FIELD_NUMBER: _ClassVar[int]
    ethnicity: str
    may_be_danger: bool
    def __init__(self, ethnicity: _Optional[str] = ..., may_be_danger: bool = ...) -> None: ...

class MaritalStatus(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: str
    def __init__(self, status: _Optional[str] = ...) -> None: ...

class Pregnancy(_message.Message):
    __slots__ = ("pregnant", "due_on", "gave_birth_on", "needs")
    PREGNANT_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    GAVE_BIRTH_ON_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    pregnant: bool
    due_on: str
    gave_birth_on: str
    needs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, pregnant: bool = ..., due_on: _Optional[str] = ..., gave_birth_on: _Optional[str] = ..., needs: _Optional[_Iterable[str]] = ...) -> None: ...
