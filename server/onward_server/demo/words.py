"""Codes in plain words, for people: labels of the registries, and a few names of our own."""

from __future__ import annotations

import re

from onward.core import spec

SYNTHETIC_ONLY = "Use synthetic people only: this is a demo."

CATEGORIES = {
    "access_needs": "help needed to take part",
    "address_exact": "exact address",
    "admin_area": "district or area",
    "age_band": "age group",
    "alias_code": "alias",
    "aspirations": "hopes and plans",
    "assistance_amounts": "assistance received",
    "attachments": "papers held elsewhere",
    "case_proceedings": "court proceedings",
    "caseworker_identity": "caseworker's name",
    "caseworker_notes": "caseworker's notes",
    "contact_safe": "safe ways of contact",
    "criminal_justice_history": "arrests and convictions",
    "do_not_contact": "whom never to contact",
    "exploitation_detail_narrative": "account of the exploitation",
    "exploitation_location": "place of exploitation",
    "exploitation_type": "kind of exploitation",
    "grant": "grant (what may be used, and how)",
    "hiv": "HIV",
    "identification_status": "recognised as a victim or not",
    "identity_document": "identity papers",
    "literacy": "reading and writing",
    "location_current": "where the person is now",
    "means_of_control": "means of control",
    "needs_services": "services needed",
    "outcomes": "outcomes",
    "recruitment": "how the person was recruited",
    "safety_risk": "risks to safety",
    "savings_income": "savings and income",
    "service_history": "services received before",
    "skills_education": "skills and education",
    "survivor_own_words": "the person's own words",
    "work_history": "work history",
}
"""Names of categories, where the id alone does not read well."""

ACTS = {
    "offer": "offers the case",
    "acknowledge": "confirms that a person has seen it",
    "opened": "reads it",
    "decide": "decides",
    "disclose": "sends what was agreed",
    "progress": "reports progress",
    "handover": "signs the handover",
    "follow_up": "follows up",
    "complete": "reports that it is done",
    "close": "closes the loop",
    "withdraw": "passes on a withdrawal",
    "erased": "certifies destruction",
}

STATES = {"accepted": "accepted", "declined_by_agency": "declined", "not offered": "not offered"}
"""States of a service, where the label says more than the sentence around it needs."""

REASONS = {
    "permitted": "agreed to",
    "denied": "said no to",
    "not_named": "never named, so it stays",
    "before_acceptance": "agreed to, but waits until the NGO has accepted",
    "no_consent": "no consent on record",
    "touches_denied": "its free text could speak of something not agreed to",
}

FEEDBACK = {
    "nothing": "nothing flows back",
    "status_only": "only the state of the services flows back",
    "status_and_outcome": "the state of the services and the outcomes flow back",
    "": "never asked: nothing flows back",
}

_LIST = re.compile(r"(?:[a-z][a-z0-9_]*, ){4,}[a-z][a-z0-9_]*")
_LIST_NAMED = 3
_SNAKE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
_PLAIN_REGISTRIES = ("refusal", "needs_human", "follow_up_kind", "item_state", "service_type")


def spaced(code: str) -> str:
    """A code that nobody has words for: at least without underscores."""
    return code.replace("_", " ")


def category(code: str) -> str:
    """The name of a category."""
    return CATEGORIES.get(code, spaced(code))


def label(registry: str, code: str) -> str:
    """A code's label in its registry."""
    found = spec.registries()[registry].codes.get(code)
    return found.label if found is not None and found.label else spaced(code)


def small(registry: str, code: str) -> str:
    """A label that goes on within a sentence."""
    text = label(registry, code)
    # HIV and the like keep their capitals.
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def wish(code: str) -> str:
    """What a person wants of a service."""
    return {"never": "not wanted", "undecided": "not decided yet"}.get(code, code)


def state(code: str) -> str:
    """What became of a service."""
    return STATES.get(code) or small("item_state", code)


def act(kind: str) -> str:
    """What an agency does, as a verb."""
    return ACTS.get(kind, spaced(kind))


def reason(code: str) -> str:
    """Why a category goes or stays."""
    return REASONS.get(code) or label("decision_reason", code)


def line(pointer: str) -> str:
    """A line of the consent record, such as /permit/7, in words; numbered from 1."""
    found = re.fullmatch(r"/(permit|deny)/(\d+)", pointer)
    if found is None:
        return spaced(pointer.strip("/"))
    return f"{'yes' if found[1] == 'permit' else 'no'}, line {int(found[2]) + 1}"


def plain(text: str) -> str:
    """A sentence with its codes replaced by words. Of a long list, the first are named."""
    text = _LIST.sub(_short, text)
    return _SNAKE.sub(lambda found: _any(found[0]), text)


def _short(found: re.Match[str]) -> str:
    codes = found[0].split(", ")
    if not all(code in spec.categories() for code in codes):
        return found[0]
    named = ", ".join(category(code) for code in codes[:_LIST_NAMED])
    return f"{named} and {len(codes) - _LIST_NAMED} more"


def _any(code: str) -> str:
    if code in spec.categories():
        return category(code)
    for registry in _PLAIN_REGISTRIES:
        if code in spec.registries()[registry].codes:
            return small(registry, code)
    return spaced(code)


def count(number: int, word: str) -> str:
    """A number and its noun."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
