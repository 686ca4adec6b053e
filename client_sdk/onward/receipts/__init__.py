"""What the person gets: a receipt of what she agreed to, and an account of who received what.

Pure: nothing is read but the words of this package, and nothing is sent or kept. The caller gives
what it has from its own node.
"""

from __future__ import annotations

from onward.receipts import consent
from onward.receipts.document import Details as Details, plain
from onward.receipts.words import languages as languages, load
from onward.v1.consent_pb2 import ConsentRecord

FORMS = ("text", "pdf", "script", "minimal")
"""Forms of a receipt."""


def render(
    record: ConsentRecord,
    *,
    language: str = "en",
    form: str = "text",
    details: Details | None = None,
) -> bytes:
    """A receipt of a consent, in UTF-8, or as a PDF.

    `language` is one of languages(), `form` one of FORMS: text to read, pdf to print (A4), script
    to be read aloud, minimal for what is safe to be found on her. Raises ValueError for another
    language or form, ReceiptUnavailable where PDF is not installed, Refused INVALID_FIELD for a
    way back that can't be one.
    """
    words = load(language)
    given = details or Details()
    if form == "pdf":
        from onward.receipts import paper  # The extra may be missing.

        return paper.pdf(words, consent.receipt(words, record, given))
    make = {"text": consent.receipt, "script": consent.script, "minimal": consent.minimal}
    if form not in make:
        raise ValueError(f"no such form; there are: {', '.join(FORMS)}")
    return plain(make[form](words, record, given)).encode()
