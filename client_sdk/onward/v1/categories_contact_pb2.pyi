from google.api import field_behavior_pb2 as _field_behavior_pb2
from onward.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContactSafe(_message.Message):
    __slots__ = ("rule", "ways", "time_zone", "language", "code_word", "answer_word", "danger_word", "if_other_answers", "agreed_words", "may_name_agency", "checked_on", "valid_until")
    class Way(_message.Message):
        __slots__ = ("channel", "mobile_phone", "home_phone", "email", "account", "trusted_person", "agency", "callers", "safe_times", "voicemail_allowed", "text_allowed", "shared_device")
        CHANNEL_FIELD_NUMBER: _ClassVar[int]
        MOBILE_PHONE_FIELD_NUMBER: _ClassVar[int]
        HOME_PHONE_FIELD_NUMBER: _ClassVar[int]
        EMAIL_FIELD_NUMBER: _ClassVar[int]
        ACCOUNT_FIELD_NUMBER: _ClassVar[int]
        TRUSTED_PERSON_FIELD_NUMBER: _ClassVar[int]
        AGENCY_FIELD_NUMBER: _ClassVar[int]
        CALLERS_FIELD_NUMBER: _ClassVar[int]
        SAFE_TIMES_FIELD_NUMBER: _ClassVar[int]
        VOICEMAIL_ALLOWED_FIELD_NUMBER: _ClassVar[int]
        TEXT_ALLOWED_FIELD_NUMBER: _ClassVar[int]
        SHARED_DEVICE_FIELD_NUMBER: _ClassVar[int]
        channel: str
        mobile_phone: str
        home_phone: str
        email: str
        account: str
        trusted_person: ContactSafe.TrustedPerson
        agency: str
        callers: _containers.RepeatedScalarFieldContainer[str]
        safe_times: _containers.RepeatedCompositeFieldContainer[ContactSafe.SafeTime]
        voicemail_allowed: bool
        text_allowed: bool
        shared_device: bool
        def __init__(self, channel: _Optional[str] = ..., mobile_phone: _Optional[str] = ..., home_phone: _Optional[str] = ..., email: _Optional[str] = ..., account: _Optional[str] = ..., trusted_person: _Optional[_Union[ContactSafe.TrustedPerson, _Mapping]] = ..., agency: _Optional[str] = ..., callers: _Optional[_Iterable[str]] = ..., safe_times: _Optional[_Iterable[_Union[ContactSafe.SafeTime, _Mapping]]] = ..., voicemail_allowed: bool = ..., text_allowed: bool = ..., shared_device: bool = ...) -> None: ...
    class SafeTime(_message.Message):
        __slots__ = ("days", "from_time", "to_time")
        DAYS_FIELD_NUMBER: _ClassVar[int]
        FROM_TIME_FIELD_NUMBER: _ClassVar[int]
        TO_TIME_FIELD_NUMBER: _ClassVar[int]
        days: _containers.RepeatedScalarFieldContainer[str]
        from_time: str
        to_time: str
        def __init__(self, days: _Optional[_Iterable[str]] = ..., from_time: _Optional[str] = ..., to_time: _Optional[str] = ...) -> None: ...
    class TrustedPerson(_message.Message):
        __slots__ = ("name", "relation", "phone", "knows_situation")
        NAME_FIELD_NUMBER: _ClassVar[int]
        RELATION_FIELD_NUMBER: _ClassVar[int]
        PHONE_FIELD_NUMBER: _ClassVar[int]
        KNOWS_SITUATION_FIELD_NUMBER: _ClassVar[int]
        name: str
        relation: str
        phone: str
        knows_situation: bool
        def __init__(self, name: _Optional[str] = ..., relation: _Optional[str] = ..., phone: _Optional[str] = ..., knows_situation: bool = ...) -> None: ...
    RULE_FIELD_NUMBER: _ClassVar[int]
    WAYS_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CODE_WORD_FIELD_NUMBER: _ClassVar[int]
    ANSWER_WORD_FIELD_NUMBER: _ClassVar[int]
    DANGER_WORD_FIELD_NUMBER: _ClassVar[int]
    IF_OTHER_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    AGREED_WORDS_FIELD_NUMBER: _ClassVar[int]
    MAY_NAME_AGENCY_FIELD_NUMBER: _ClassVar[int]
    CHECKED_ON_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    rule: str
    ways: _containers.RepeatedCompositeFieldContainer[ContactSafe.Way]
    time_zone: str
    language: str
    code_word: str
    answer_word: str
    danger_word: str
    if_other_answers: str
    agreed_words: str
    may_name_agency: bool
    checked_on: str
    valid_until: str
    def __init__(self, rule: _Optional[str] = ..., ways: _Optional[_Iterable[_Union[ContactSafe.Way, _Mapping]]] = ..., time_zone: _Optional[str] = ..., language: _Optional[str] = ..., code_word: _Optional[str] = ..., answer_word: _Optional[str] = ..., danger_word: _Optional[str] = ..., if_other_answers: _Optional[str] = ..., agreed_words: _Optional[str] = ..., may_name_agency: bool = ..., checked_on: _Optional[str] = ..., valid_until: _Optional[str] = ...) -> None: ...

class Name(_message.Message):
    __slots__ = ("first_name", "middle_name", "second_name", "preferred_name", "salutation", "other_names")
    class OtherName(_message.Message):
        __slots__ = ("full_name", "language", "in_documents")
        FULL_NAME_FIELD_NUMBER: _ClassVar[int]
        LANGUAGE_FIELD_NUMBER: _ClassVar[int]
        IN_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
        full_name: str
        language: str
        in_documents: bool
        def __init__(self, full_name: _Optional[str] = ..., language: _Optional[str] = ..., in_documents: bool = ...) -> None: ...
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    MIDDLE_NAME_FIELD_NUMBER: _ClassVar[int]
    SECOND_NAME_FIELD_NUMBER: _ClassVar[int]
    PREFERRED_NAME_FIELD_NUMBER: _ClassVar[int]
    SALUTATION_FIELD_NUMBER: _ClassVar[int]
    OTHER_NAMES_FIELD_NUMBER: _ClassVar[int]
    first_name: str
    middle_name: str
    second_name: str
    preferred_name: str
    salutation: str
    other_names: _containers.RepeatedCompositeFieldContainer[Name.OtherName]
    def __init__(self, first_name: _Optional[str] = ..., middle_name: _Optional[str] = ..., second_name: _Optional[str] = ..., preferred_name: _Optional[str] = ..., salutation: _Optional[str] = ..., other_names: _Optional[_Iterable[_Union[Name.OtherName, _Mapping]]] = ...) -> None: ...

class AliasCode(_message.Message):
    __slots__ = ("code", "given_by")
    CODE_FIELD_NUMBER: _ClassVar[int]
    GIVEN_BY_FIELD_NUMBER: _ClassVar[int]
    code: str
    given_by: str
    def __init__(self, code: _Optional[str] = ..., given_by: _Optional[str] = ...) -> None: ...

class DateOfBirth(_message.Message):
    __slots__ = ("date", "estimated", "evidence")
    DATE_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    date: str
    estimated: bool
    evidence: str
    def __init__(self, date: _Optional[str] = ..., estimated: bool = ..., evidence: _Optional[str] = ...) -> None: ...

class AgeBand(_message.Message):
    __slots__ = ("band", "age_class", "evidence")
    BAND_FIELD_NUMBER: _ClassVar[int]
    AGE_CLASS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    band: str
    age_class: str
    evidence: str
    def __init__(self, band: _Optional[str] = ..., age_class: _Optional[str] = ..., evidence: _Optional[str] = ...) -> None: ...

class Sex(_message.Message):
    __slots__ = ("sex",)
    SEX_FIELD_NUMBER: _ClassVar[int]
    sex: str
    def __init__(self, sex: _Optional[str] = ...) -> None: ...

class Gender(_message.Message):
    __slots__ = ("gender",)
    GENDER_FIELD_NUMBER: _ClassVar[int]
    gender: str
    def __init__(self, gender: _Optional[str] = ...) -> None: ...

class Nationality(_message.Message):
    __slots__ = ("countries", "stateless", "verified")
    COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    STATELESS_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    countries: _containers.RepeatedScalarFieldContainer[str]
    stateless: bool
    verified: bool
    def __init__(self, countries: _Optional[_Iterable[str]] = ..., stateless: bool = ..., verified: bool = ...) -> None: ...

class IdentityDocument(_message.Message):
    __slots__ = ("papers",)
    class Paper(_message.Message):
        __slots__ = ("kind", "number", "country", "issued_on", "expires_on", "holder", "genuine")
        KIND_FIELD_NUMBER: _ClassVar[int]
        NUMBER_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        ISSUED_ON_FIELD_NUMBER: _ClassVar[int]
        EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
        HOLDER_FIELD_NUMBER: _ClassVar[int]
        GENUINE_FIELD_NUMBER: _ClassVar[int]
        kind: str
        number: str
        country: str
        issued_on: str
        expires_on: str
        holder: str
        genuine: bool
        def __init__(self, kind: _Optional[str] = ..., number: _Optional[str] = ..., country: _Optional[str] = ..., issued_on: _Optional[str] = ..., expires_on: _Optional[str] = ..., holder: _Optional[str] = ..., genuine: bool = ...) -> None: ...
    PAPERS_FIELD_NUMBER: _ClassVar[int]
    papers: _containers.RepeatedCompositeFieldContainer[IdentityDocument.Paper]
    def __init__(self, papers: _Optional[_Iterable[_Union[IdentityDocument.Paper, _Mapping]]] = ...) -> None: ...

class ImmigrationStatus(_message.Message):
    __slots__ = ("stays", "return_mode", "return_voluntariness", "returned_on")
    class Stay(_message.Message):
        __slots__ = ("country", "status", "legal_until", "work_permitted", "work_permit_until")
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        STATUS_FIELD_NUMBER: _ClassVar[int]
        LEGAL_UNTIL_FIELD_NUMBER: _ClassVar[int]
        WORK_PERMITTED_FIELD_NUMBER: _ClassVar[int]
        WORK_PERMIT_UNTIL_FIELD_NUMBER: _ClassVar[int]
        country: str
        status: str
        legal_until: str
        work_permitted: bool
        work_permit_until: str
        def __init__(self, country: _Optional[str] = ..., status: _Optional[str] = ..., legal_until: _Optional[str] = ..., work_permitted: bool = ..., work_permit_until: _Optional[str] = ...) -> None: ...
    STAYS_FIELD_NUMBER: _ClassVar[int]
    RETURN_MODE_FIELD_NUMBER: _ClassVar[int]
    RETURN_VOLUNTARINESS_FIELD_NUMBER: _ClassVar[int]
    RETURNED_ON_FIELD_NUMBER: _ClassVar[int]
    stays: _containers.RepeatedCompositeFieldContainer[ImmigrationStatus.Stay]
    return_mode: str
    return_voluntariness: str
    returned_on: str
    def __init__(self, stays: _Optional[_Iterable[_Union[ImmigrationStatus.Stay, _Mapping]]] = ..., return_mode: _Optional[str] = ..., return_voluntariness: _Optional[str] = ..., returned_on: _Optional[str] = ...) -> None: ...

class AddressExact(_message.Message):
    __slots__ = ("street", "town", "region", "postal_code", "country", "directions", "place_kind", "safe_to_visit", "safe_to_write")
    STREET_FIELD_NUMBER: _ClassVar[int]
    TOWN_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    DIRECTIONS_FIELD_NUMBER: _ClassVar[int]
    PLACE_KIND_FIELD_NUMBER: _ClassVar[int]
    SAFE_TO_VISIT_FIELD_NUMBER: _ClassVar[int]
    SAFE_TO_WRITE_FIELD_NUMBER: _ClassVar[int]
    street: str
    town: str
    region: str
    postal_code: str
    country: str
    directions: str
    place_kind: str
    safe_to_visit: bool
    safe_to_write: bool
    def __init__(self, street: _Optional[str] = ..., town: _Optional[str] = ..., region: _Optional[str] = ..., postal_code: _Optional[str] = ..., country: _Optional[str] = ..., directions: _Optional[str] = ..., place_kind: _Optional[str] = ..., safe_to_visit: bool = ..., safe_to_write: bool = ...) -> None: ...

class AdminArea(_message.Message):
    __slots__ = ("areas",)
    class Area(_message.Message):
        __slots__ = ("role", "country", "subdivision")
        ROLE_FIELD_NUMBER: _ClassVar[int]
        COUNTRY_FIELD_NUMBER: _ClassVar[int]
        SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
        role: str
        country: str
        subdivision: str
        def __init__(self, role: _Optional[str] = ..., country: _Optional[str] = ..., subdivision: _Optional[str] = ...) -> None: ...
    AREAS_FIELD_NUMBER: _ClassVar[int]
    areas: _containers.RepeatedCompositeFieldContainer[AdminArea.Area]
    def __init__(self, areas: _Optional[_Iterable[_Union[AdminArea.Area, _Mapping]]] = ...) -> None: ...

class LocationCurrent(_message.Message):
    __slots__ = ("country", "subdivision", "town", "place_kind", "agency", "since", "until", "freedom_of_movement", "keep_secret")
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    SUBDIVISION_FIELD_NUMBER: _ClassVar[int]
    TOWN_FIELD_NUMBER: _ClassVar[int]
    PLACE_KIND_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    FREEDOM_OF_MOVEMENT_FIELD_NUMBER: _ClassVar[int]
    KEEP_SECRET_FIELD_NUMBER: _ClassVar[int]
    country: str
    subdivision: str
    town: str
    place_kind: str
    agency: str
    since: str
    until: str
    freedom_of_movement: str
    keep_secret: bool
    def __init__(self, country: _Optional[str] = ..., subdivision: _Optional[str] = ..., town: _Optional[str] = ..., place_kind: _Optional[str] = ..., agency: _Optional[str] = ..., since: _Optional[str] = ..., until: _Optional[str] = ..., freedom_of_movement: _Optional[str] = ..., keep_secret: bool = ...) -> None: ...
