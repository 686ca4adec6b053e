from onward.v1 import categories_case_pb2 as _categories_case_pb2
from onward.v1 import categories_contact_pb2 as _categories_contact_pb2
from onward.v1 import categories_family_pb2 as _categories_family_pb2
from onward.v1 import categories_health_pb2 as _categories_health_pb2
from onward.v1 import categories_life_pb2 as _categories_life_pb2
from onward.v1 import categories_person_pb2 as _categories_person_pb2
from onward.v1 import categories_services_pb2 as _categories_services_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union
from onward.v1.categories_case_pb2 import ExploitationType as ExploitationType
from onward.v1.categories_case_pb2 import ExploitationDetailNarrative as ExploitationDetailNarrative
from onward.v1.categories_case_pb2 import MeansOfControl as MeansOfControl
from onward.v1.categories_case_pb2 import Recruitment as Recruitment
from onward.v1.categories_case_pb2 import ExploitationLocation as ExploitationLocation
from onward.v1.categories_case_pb2 import IdentificationStatus as IdentificationStatus
from onward.v1.categories_case_pb2 import CriminalJusticeHistory as CriminalJusticeHistory
from onward.v1.categories_case_pb2 import CaseProceedings as CaseProceedings
from onward.v1.categories_contact_pb2 import ContactSafe as ContactSafe
from onward.v1.categories_contact_pb2 import Name as Name
from onward.v1.categories_contact_pb2 import AliasCode as AliasCode
from onward.v1.categories_contact_pb2 import DateOfBirth as DateOfBirth
from onward.v1.categories_contact_pb2 import AgeBand as AgeBand
from onward.v1.categories_contact_pb2 import Sex as Sex
from onward.v1.categories_contact_pb2 import Gender as Gender
from onward.v1.categories_contact_pb2 import Nationality as Nationality
from onward.v1.categories_contact_pb2 import IdentityDocument as IdentityDocument
from onward.v1.categories_contact_pb2 import ImmigrationStatus as ImmigrationStatus
from onward.v1.categories_contact_pb2 import AddressExact as AddressExact
from onward.v1.categories_contact_pb2 import AdminArea as AdminArea
from onward.v1.categories_contact_pb2 import LocationCurrent as LocationCurrent
from onward.v1.categories_family_pb2 import Children as Children
from onward.v1.categories_family_pb2 import FamilyMembers as FamilyMembers
from onward.v1.categories_family_pb2 import FamilyAssessment as FamilyAssessment
from onward.v1.categories_family_pb2 import DoNotContact as DoNotContact
from onward.v1.categories_health_pb2 import PhysicalHealth as PhysicalHealth
from onward.v1.categories_health_pb2 import MentalHealth as MentalHealth
from onward.v1.categories_health_pb2 import SexualReproductiveHealth as SexualReproductiveHealth
from onward.v1.categories_health_pb2 import Hiv as Hiv
from onward.v1.categories_health_pb2 import SubstanceUse as SubstanceUse
from onward.v1.categories_health_pb2 import SelfHarmRisk as SelfHarmRisk
from onward.v1.categories_health_pb2 import SafetyRisk as SafetyRisk
from onward.v1.categories_life_pb2 import Debts as Debts
from onward.v1.categories_life_pb2 import SavingsIncome as SavingsIncome
from onward.v1.categories_life_pb2 import SkillsEducation as SkillsEducation
from onward.v1.categories_life_pb2 import WorkHistory as WorkHistory
from onward.v1.categories_life_pb2 import Aspirations as Aspirations
from onward.v1.categories_life_pb2 import ChoiceReasons as ChoiceReasons
from onward.v1.categories_life_pb2 import ReturnPlan as ReturnPlan
from onward.v1.categories_person_pb2 import Language as Language
from onward.v1.categories_person_pb2 import Literacy as Literacy
from onward.v1.categories_person_pb2 import AccessNeeds as AccessNeeds
from onward.v1.categories_person_pb2 import Disability as Disability
from onward.v1.categories_person_pb2 import Religion as Religion
from onward.v1.categories_person_pb2 import Ethnicity as Ethnicity
from onward.v1.categories_person_pb2 import MaritalStatus as MaritalStatus
from onward.v1.categories_person_pb2 import Pregnancy as Pregnancy
from onward.v1.categories_services_pb2 import NeedsServices as NeedsServices
from onward.v1.categories_services_pb2 import ServiceHistory as ServiceHistory
from onward.v1.categories_services_pb2 import AssistanceAmounts as AssistanceAmounts
from onward.v1.categories_services_pb2 import Outcomes as Outcomes
from onward.v1.categories_services_pb2 import SurvivorOwnWords as SurvivorOwnWords
from onward.v1.categories_services_pb2 import CaseworkerNotes as CaseworkerNotes
from onward.v1.categories_services_pb2 import CaseworkerIdentity as CaseworkerIdentity
from onward.v1.categories_services_pb2 import Attachments as Attachments

DESCRIPTOR: _descriptor.FileDescriptor

class CaseRecord(_message.Message):
    __slots__ = ("contact_safe", "name", "alias_code", "date_of_birth", "age_band", "sex", "gender", "nationality", "identity_document", "immigration_status", "address_exact", "admin_area", "location_current", "language", "literacy", "access_needs", "disability", "religion", "ethnicity", "marital_status", "pregnancy", "children", "family_members", "family_assessment", "do_not_contact", "exploitation_type", "exploitation_detail_narrative", "means_of_control", "recruitment", "exploitation_location", "identification_status", "criminal_justice_history", "case_proceedings", "physical_health", "mental_health", "sexual_reproductive_health", "hiv", "substance_use", "self_harm_risk", "safety_risk", "debts", "savings_income", "skills_education", "work_history", "aspirations", "choice_reasons", "return_plan", "needs_services", "service_history", "assistance_amounts", "outcomes", "survivor_own_words", "caseworker_notes", "caseworker_identity", "attachments")
    CONTACT_SAFE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ALIAS_CODE_FIELD_NUMBER: _ClassVar[int]
    DATE_OF_BIRTH_FIELD_NUMBER: _ClassVar[int]
    AGE_BAND_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    GENDER_FIELD_NUMBER: _ClassVar[int]
    NATIONALITY_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    IMMIGRATION_STATUS_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_EXACT_FIELD_NUMBER: _ClassVar[int]
    ADMIN_AREA_FIELD_NUMBER: _ClassVar[int]
    LOCATION_CURRENT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    LITERACY_FIELD_NUMBER: _ClassVar[int]
    ACCESS_NEEDS_FIELD_NUMBER: _ClassVar[int]
    DISABILITY_FIELD_NUMBER: _ClassVar[int]
    RELIGION_FIELD_NUMBER: _ClassVar[int]
    ETHNICITY_FIELD_NUMBER: _ClassVar[int]
    MARITAL_STATUS_FIELD_NUMBER: _ClassVar[int]
    PREGNANCY_FIELD_NUMBER: _ClassVar[int]
    CHILDREN_FIELD_NUMBER: _ClassVar[int]
    FAMILY_MEMBERS_FIELD_NUMBER: _ClassVar[int]
    FAMILY_ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    DO_NOT_CONTACT_FIELD_NUMBER: _ClassVar[int]
    EXPLOITATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    EXPLOITATION_DETAIL_NARRATIVE_FIELD_NUMBER: _ClassVar[int]
    MEANS_OF_CONTROL_FIELD_NUMBER: _ClassVar[int]
    RECRUITMENT_FIELD_NUMBER: _ClassVar[int]
    EXPLOITATION_LOCATION_FIELD_NUMBER: _ClassVar[int]
    IDENTIFICATION_STATUS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_JUSTICE_HISTORY_FIELD_NUMBER: _ClassVar[int]
    CASE_PROCEEDINGS_FIELD_NUMBER: _ClassVar[int]
    PHYSICAL_HEALTH_FIELD_NUMBER: _ClassVar[int]
    MENTAL_HEALTH_FIELD_NUMBER: _ClassVar[int]
    SEXUAL_REPRODUCTIVE_HEALTH_FIELD_NUMBER: _ClassVar[int]
    HIV_FIELD_NUMBER: _ClassVar[int]
    SUBSTANCE_USE_FIELD_NUMBER: _ClassVar[int]
    SELF_HARM_RISK_FIELD_NUMBER: _ClassVar[int]
    SAFETY_RISK_FIELD_NUMBER: _ClassVar[int]
    DEBTS_FIELD_NUMBER: _ClassVar[int]
    SAVINGS_INCOME_FIELD_NUMBER: _ClassVar[int]
    SKILLS_EDUCATION_FIELD_NUMBER: _ClassVar[int]
    WORK_HISTORY_FIELD_NUMBER: _ClassVar[int]
    ASPIRATIONS_FIELD_NUMBER: _ClassVar[int]
    CHOICE_REASONS_FIELD_NUMBER: _ClassVar[int]
    RETURN_PLAN_FIELD_NUMBER: _ClassVar[int]
    NEEDS_SERVICES_FIELD_NUMBER: _ClassVar[int]
    SERVICE_HISTORY_FIELD_NUMBER: _ClassVar[int]
    ASSISTANCE_AMOUNTS_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    SURVIVOR_OWN_WORDS_FIELD_NUMBER: _ClassVar[int]
    CASEWORKER_NOTES_FIELD_NUMBER: _ClassVar[int]
    CASEWORKER_IDENTITY_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    contact_safe: _categories_contact_pb2.ContactSafe
    name: _categories_contact_pb2.Name
    alias_code: _categories_contact_pb2.AliasCode
    date_of_birth: _categories_contact_pb2.DateOfBirth
    age_band: _categories_contact_pb2.AgeBand
    sex: _categories_contact_pb2.Sex
    gender: _categories_contact_pb2.Gender
    nationality: _categories_contact_pb2.Nationality
    identity_document: _categories_contact_pb2.IdentityDocument
    immigration_status: _categories_contact_pb2.ImmigrationStatus
    address_exact: _categories_contact_pb2.AddressExact
    admin_area: _categories_contact_pb2.AdminArea
    location_current: _categories_contact_pb2.LocationCurrent
    language: _categories_person_pb2.Language
    literacy: _categories_person_pb2.Literacy
    access_needs: _categories_person_pb2.AccessNeeds
    disability: _categories_person_pb2.Disability
    religion: _categories_person_pb2.Religion
    ethnicity: _categories_person_pb2.Ethnicity
    marital_status: _categories_person_pb2.MaritalStatus
    pregnancy: _categories_person_pb2.Pregnancy
    children: _categories_family_pb2.Children
    family_members: _categories_family_pb2.FamilyMembers
    family_assessment: _categories_family_pb2.FamilyAssessment
    do_not_contact: _categories_family_pb2.DoNotContact
    exploitation_type: _categories_case_pb2.ExploitationType
    exploitation_detail_narrative: _categories_case_pb2.ExploitationDetailNarrative
    means_of_control: _categories_case_pb2.MeansOfControl
    recruitment: _categories_case_pb2.Recruitment
    exploitation_location: _categories_case_pb2.ExploitationLocation
    identification_status: _categories_case_pb2.IdentificationStatus
    criminal_justice_history: _categories_case_pb2.CriminalJusticeHistory
    case_proceedings: _categories_case_pb2.CaseProceedings
    physical_health: _categories_health_pb2.PhysicalHealth
    mental_health: _categories_health_pb2.MentalHealth
    sexual_reproductive_health: _categories_health_pb2.SexualReproductiveHealth
    hiv: _categories_health_pb2.Hiv
    substance_use: _categories_health_pb2.SubstanceUse
    self_harm_risk: _categories_health_pb2.SelfHarmRisk
    safety_risk: _categories_health_pb2.SafetyRisk
    debts: _categories_life_pb2.Debts
    savings_income: _categories_life_pb2.SavingsIncome
    skills_education: _categories_life_pb2.SkillsEducation
    work_history: _categories_life_pb2.WorkHistory
    aspirations: _categories_life_pb2.Aspirations
    choice_reasons: _categories_life_pb2.ChoiceReasons
    return_plan: _categories_life_pb2.ReturnPlan
    needs_services: _categories_services_pb2.NeedsServices
    service_history: _categories_services_pb2.ServiceHistory
    assistance_amounts: _categories_services_pb2.AssistanceAmounts
    outcomes: _categories_services_pb2.Outcomes
    survivor_own_words: _categories_services_pb2.SurvivorOwnWords
    caseworker_notes: _categories_services_pb2.CaseworkerNotes
    caseworker_identity: _categories_services_pb2.CaseworkerIdentity
    attachments: _categories_services_pb2.Attachments
    def __init__(self, contact_safe: _Optional[_Union[_categories_contact_pb2.ContactSafe, _Mapping]] = ..., name: _Optional[_Union[_categories_contact_pb2.Name, _Mapping]] = ..., alias_code: _Optional[_Union[_categories_contact_pb2.AliasCode, _Mapping]] = ..., date_of_birth: _Optional[_Union[_categories_contact_pb2.DateOfBirth, _Mapping]] = ..., age_band: _Optional[_Union[_categories_contact_pb2.AgeBand, _Mapping]] = ..., sex: _Optional[_Union[_categories_contact_pb2.Sex, _Mapping]] = ..., gender: _Optional[_Union[_categories_contact_pb2.Gender, _Mapping]] = ..., nationality: _Optional[_Union[_categories_contact_pb2.Nationality, _Mapping]] = ..., identity_document: _Optional[_Union[_categories_contact_pb2.IdentityDocument, _Mapping]] = ..., immigration_status: _Optional[_Union[_categories_contact_pb2.ImmigrationStatus, _Mapping]] = ..., address_exact: _Optional[_Union[_categories_contact_pb2.AddressExact, _Mapping]] = ..., admin_area: _Optional[_Union[_categories_contact_pb2.AdminArea, _Mapping]] = ..., location_current: _Optional[_Union[_categories_contact_pb2.LocationCurrent, _Mapping]] = ..., language: _Optional[_Union[_categories_person_pb2.Language, _Mapping]] = ..., literacy: _Optional[_Union[_categories_person_pb2.Literacy, _Mapping]] = ..., access_needs: _Optional[_Union[_categories_person_pb2.AccessNeeds, _Mapping]] = ..., disability: _Optional[_Union[_categories_person_pb2.Disability, _Mapping]] = ..., religion: _Optional[_Union[_categories_person_pb2.Religion, _Mapping]] = ..., ethnicity: _Optional[_Union[_categories_person_pb2.Ethnicity, _Mapping]] = ..., marital_status: _Optional[_Union[_categories_person_pb2.MaritalStatus, _Mapping]] = ..., pregnancy: _Optional[_Union[_categories_person_pb2.Pregnancy, _Mapping]] = ..., children: _Optional[_Union[_categories_family_pb2.Children, _Mapping]] = ..., family_members: _Optional[_Union[_categories_family_pb2.FamilyMembers, _Mapping]] = ..., family_assessment: _Optional[_Union[_categories_family_pb2.FamilyAssessment, _Mapping]] = ..., do_not_contact: _Optional[_Union[_categories_family_pb2.DoNotContact, _Mapping]] = ..., exploitation_type: _Optional[_Union[_categories_case_pb2.ExploitationType, _Mapping]] = ..., exploitation_detail_narrative: _Optional[_Union[_categories_case_pb2.ExploitationDetailNarrative, _Mapping]] = ..., means_of_control: _Optional[_Union[_categories_case_pb2.MeansOfControl, _Mapping]] = ..., recruitment: _Optional[_Union[_categories_case_pb2.Recruitment, _Mapping]] = ..., exploitation_location: _Optional[_Union[_categories_case_pb2.ExploitationLocation, _Mapping]] = ..., identification_status: _Optional[_Union[_categories_case_pb2.IdentificationStatus, _Mapping]] = ..., criminal_justice_history: _Optional[_Union[_categories_case_pb2.CriminalJusticeHistory, _Mapping]] = ..., case_proceedings: _Optional[_Union[_categories_case_pb2.CaseProceedings, _Mapping]] = ..., physical_health: _Optional[_Union[_categories_health_pb2.PhysicalHealth, _Mapping]] = ..., mental_health: _Optional[_Union[_categories_health_pb2.MentalHealth, _Mapping]] = ..., sexual_reproductive_health: _Optional[_Union[_categories_health_pb2.SexualReproductiveHealth, _Mapping]] = ..., hiv: _Optional[_Union[_categories_health_pb2.Hiv, _Mapping]] = ..., substance_use: _Optional[_Union[_categories_health_pb2.SubstanceUse, _Mapping]] = ..., self_harm_risk: _Optional[_Union[_categories_health_pb2.SelfHarmRisk, _Mapping]] = ..., safety_risk: _Optional[_Union[_categories_health_pb2.SafetyRisk, _Mapping]] = ..., debts: _Optional[_Union[_categories_life_pb2.Debts, _Mapping]] = ..., savings_income: _Optional[_Union[_categories_life_pb2.SavingsIncome, _Mapping]] = ..., skills_education: _Optional[_Union[_categories_life_pb2.SkillsEducation, _Mapping]] = ..., work_history: _Optional[_Union[_categories_life_pb2.WorkHistory, _Mapping]] = ..., aspirations: _Optional[_Union[_categories_life_pb2.Aspirations, _Mapping]] = ..., choice_reasons: _Optional[_Union[_categories_life_pb2.ChoiceReasons, _Mapping]] = ..., return_plan: _Optional[_Union[_categories_life_pb2.ReturnPlan, _Mapping]] = ..., needs_services: _Optional[_Union[_categories_services_pb2.NeedsServices, _Mapping]] = ..., service_history: _Optional[_Union[_categories_services_pb2.ServiceHistory, _Mapping]] = ..., assistance_amounts: _Optional[_Union[_categories_services_pb2.AssistanceAmounts, _Mapping]] = ..., outcomes: _Optional[_Union[_categories_services_pb2.Outcomes, _Mapping]] = ..., survivor_own_words: _Optional[_Union[_categories_services_pb2.SurvivorOwnWords, _Mapping]] = ..., caseworker_notes: _Optional[_Union[_categories_services_pb2.CaseworkerNotes, _Mapping]] = ..., caseworker_identity: _Optional[_Union[_categories_services_pb2.CaseworkerIdentity, _Mapping]] = ..., attachments: _Optional[_Union[_categories_services_pb2.Attachments, _Mapping]] = ...) -> None: ...

class OfferRecord(_message.Message):
    __slots__ = ("age_band", "sex", "admin_area", "language", "literacy", "access_needs", "needs_services")
    AGE_BAND_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    ADMIN_AREA_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    LITERACY_FIELD_NUMBER: _ClassVar[int]
    ACCESS_NEEDS_FIELD_NUMBER: _ClassVar[int]
    NEEDS_SERVICES_FIELD_NUMBER: _ClassVar[int]
    age_band: _categories_contact_pb2.AgeBand
    sex: _categories_contact_pb2.Sex
    admin_area: _categories_contact_pb2.AdminArea
    language: _categories_person_pb2.Language
    literacy: _categories_person_pb2.Literacy
    access_needs: _categories_person_pb2.AccessNeeds
    needs_services: _categories_services_pb2.NeedsServices
    def __init__(self, age_band: _Optional[_Union[_categories_contact_pb2.AgeBand, _Mapping]] = ..., sex: _Optional[_Union[_categories_contact_pb2.Sex, _Mapping]] = ..., admin_area: _Optional[_Union[_categories_contact_pb2.AdminArea, _Mapping]] = ..., language: _Optional[_Union[_categories_person_pb2.Language, _Mapping]] = ..., literacy: _Optional[_Union[_categories_person_pb2.Literacy, _Mapping]] = ..., access_needs: _Optional[_Union[_categories_person_pb2.AccessNeeds, _Mapping]] = ..., needs_services: _Optional[_Union[_categories_services_pb2.NeedsServices, _Mapping]] = ...) -> None: ...

class ChoiceRecord(_message.Message):
    __slots__ = ("choice_reasons",)
    CHOICE_REASONS_FIELD_NUMBER: _ClassVar[int]
    choice_reasons: _categories_life_pb2.ChoiceReasons
    def __init__(self, choice_reasons: _Optional[_Union[_categories_life_pb2.ChoiceReasons, _Mapping]] = ...) -> None: ...

class EmergencyRecord(_message.Message):
    __slots__ = ("contact_safe", "location_current", "language", "do_not_contact", "physical_health", "self_harm_risk", "safety_risk")
    CONTACT_SAFE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_CURRENT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    DO_NOT_CONTACT_FIELD_NUMBER: _ClassVar[int]
    PHYSICAL_HEALTH_FIELD_NUMBER: _ClassVar[int]
    SELF_HARM_RISK_FIELD_NUMBER: _ClassVar[int]
    SAFETY_RISK_FIELD_NUMBER: _ClassVar[int]
    contact_safe: _categories_contact_pb2.ContactSafe
    location_current: _categories_contact_pb2.LocationCurrent
    language: _categories_person_pb2.Language
    do_not_contact: _categories_family_pb2.DoNotContact
    physical_health: _categories_health_pb2.PhysicalHealth
    self_harm_risk: _categories_health_pb2.SelfHarmRisk
    safety_risk: _categories_health_pb2.SafetyRisk
    def __init__(self, contact_safe: _Optional[_Union[_categories_contact_pb2.ContactSafe, _Mapping]] = ..., location_current: _Optional[_Union[_categories_contact_pb2.LocationCurrent, _Mapping]] = ..., language: _Optional[_Union[_categories_person_pb2.Language, _Mapping]] = ..., do_not_contact: _Optional[_Union[_categories_family_pb2.DoNotContact, _Mapping]] = ..., physical_health: _Optional[_Union[_categories_health_pb2.PhysicalHealth, _Mapping]] = ..., self_harm_risk: _Optional[_Union[_categories_health_pb2.SelfHarmRisk, _Mapping]] = ..., safety_risk: _Optional[_Union[_categories_health_pb2.SafetyRisk, _Mapping]] = ...) -> None: ...
