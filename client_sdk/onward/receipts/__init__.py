"""What the person gets: a receipt of what she agreed to, and an account of who received what.

Pure: nothing is read but the words of this package, and nothing is sent or kept. The caller gives
what it has from its own node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from onward.receipts import consent, disclosures as accounts
from onward.receipts.document import Details as Details, Line, plain
from onward.receipts.paper import ReceiptUnavailable as ReceiptUnavailable, pdf
from onward.receipts.words import Words, languages as languages, load
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.consents_local_pb2 import Disclosure

FORMS = ("text", "pdf", "script", "minimal")
"""Forms of a receipt."""

ACCOUNT_FORMS = ("text", "pdf", "csv", "json")
"""Forms of an account."""

_RECEIPTS: dict[str, Callable[[Words, ConsentRecord, Details], list[Line]]] = {
    "text": consent.receipt,
    "pdf": consent.receipt,
    "script": consent.script,
    "minimal": consent.minimal,
}


def render(
    record: ConsentRecord,
    *,
    now: datetime,
    language: str = "en",
    form: str = "text",
    details: Details | None = None,
) -> bytes:
    """A receipt of a consent, in UTF-8, or as a PDF.

    `now` is the moment for which it is made: a yes ends by itself. `language` is one of
    languages(), `form` one of FORMS: text to read, pdf to print (A4), script to be read aloud,
    minimal for what is safe to be found on her. Raises ValueError for another language or form,
    ReceiptUnavailable where PDF is not installed, Refused INVALID_FIELD for a way back that can't
    be one.
    """
    if form not in _RECEIPTS:
        raise ValueError(f"no such form; there are: {', '.join(FORMS)}")
    words = load(language)
    stands = consent.as_it_stands(record, now)
    lines = _RECEIPTS[form](words, stands, details or Details())
    if form == "pdf":
        return pdf(words, lines, consent.reference(record))
    return plain(lines).encode()


def account(
    given: Iterable[Disclosure],
    *,
    now: datetime,
    language: str = "en",
    form: str = "text",
    details: Details | None = None,
    one_referral: bool = False,
) -> bytes:
    """Who received what, in UTF-8 or as a PDF, from Client.list_disclosures.

    `form` is one of ACCOUNT_FORMS: text and pdf are for the person, in her language; csv and json
    hold codes, for whoever helps her to look into it. `now` is the day that stands on it.
    `one_referral` says that this is what was asked for, and not all about the person. Raises as
    `render` does.
    """
    listed = list(given)
    if form not in ACCOUNT_FORMS:
        raise ValueError(f"no such form; there are: {', '.join(ACCOUNT_FORMS)}")
    if form == "csv":
        return accounts.table(listed).encode()
    if form == "json":
        return accounts.data(listed).encode()
    words = load(language)
    lines = accounts.document(words, listed, details or Details(), now, one_referral=one_referral)
    return pdf(words, lines) if form == "pdf" else plain(lines).encode()
