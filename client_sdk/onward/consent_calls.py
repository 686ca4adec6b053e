"""The calls about what a person agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from onward.core import receipt_number
from onward.core.refused import Refused
from onward.errors import from_refused
from onward.session import Session, Steps, WriteOptions
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.consent_pb2 import ConsentRecord, ConsentVersion
from onward.v1.consents_local_pb2 import (
    CheckUnderstandingRequest,
    Disclosure,
    ExplainRequest,
    ExplainResponse,
    FindConsentsRequest,
    FindConsentsResponse,
    GetShownPreviewRequest,
    ListConsentVersionsRequest,
    ListConsentVersionsResponse,
    ListDisclosuresRequest,
    ListDisclosuresResponse,
    ShownPreview,
    ShowPreviewRequest,
    Understanding,
)
from onward.v1.local_pb2 import GetConsentRequest, RecordConsentRequest


class ConsentCalls(Session):
    """One method for each call of the service Consents."""

    def record_consent(
        self, consent: ConsentRecord, **options: Unpack[WriteOptions]
    ) -> Steps[ConsentRecord]:
        """Record a consent, or its next version."""
        return self.write(RecordConsentRequest(consent=consent), ConsentRecord, options)

    def get_consent(self, consent_id: str, **options: Unpack[WriteOptions]) -> Steps[ConsentRecord]:
        """Read the newest version of a consent. Who reads it, and what for, stands in the audit."""
        return self.write(GetConsentRequest(consent_id=consent_id), ConsentRecord, options)

    def find_consents(
        self, number: str, **options: Unpack[WriteOptions]
    ) -> Steps[list[ConsentRecord]]:
        """Find the consent that a receipt is of, by the number that the person reads out.

        Spaces and dashes do not matter, and digits of any script are read. Two consents have the
        same number only by chance. Who looks, and what for, stands in the audit. Raises
        InvalidField for a number with a wrong digit: ask her to read it again.
        """
        try:
            digits = receipt_number.parse(number)
        except Refused as fault:
            raise from_refused(fault) from None
        request = FindConsentsRequest(receipt_number=digits)
        answer = yield from self.write(request, FindConsentsResponse, options)
        return list(answer.consents)

    def list_disclosures(
        self, subject_id: str = "", *, referral_id: str = "", **options: Unpack[WriteOptions]
    ) -> Steps[list[Disclosure]]:
        """Who received what about a person, when and on which basis, and what they certified since.

        Name the person by your own id, or a referral where your agency has none: exactly one of
        the two. Who asks, and what for, stands in the audit.
        """
        request = ListDisclosuresRequest(subject_id=subject_id, referral_id=referral_id)
        answer = yield from self.write(request, ListDisclosuresResponse, options)
        return list(answer.disclosures)

    def list_consent_versions(
        self, consent_id: str, **options: Unpack[WriteOptions]
    ) -> Steps[list[ConsentVersion]]:
        """Read all versions of a consent as they were signed, oldest first."""
        request = ListConsentVersionsRequest(consent_id=consent_id)
        answer = yield from self.write(request, ListConsentVersionsResponse, options)
        return list(answer.versions)

    def explain(
        self,
        *,
        destination: str,
        consent_id: str = "",
        basis_id: str = "",
        accepted: bool = False,
        onward_of: str = "",
        **options: Unpack[WriteOptions],
    ) -> Steps[ExplainResponse]:
        """Ask for every category whether it would be sent, and what decides. Needs no case record.

        `accepted`: as if the destination had accepted; otherwise what an offer would hold.
        `basis_id` stands in the place of a consent; `onward_of` is the referral from which it
        would be passed on.
        """
        request = ExplainRequest(
            consent_id=consent_id,
            basis_id=basis_id,
            destination=destination,
            purpose=options.get("purpose") or self.purpose,
            accepted=accepted,
            onward_of=onward_of,
        )
        return self.write(request, ExplainResponse, options)

    def show_preview(
        self,
        *,
        consent_id: str,
        destination: str,
        record: CaseRecord,
        form: str,
        language: str,
        accepted: bool = False,
        **options: Unpack[WriteOptions],
    ) -> Steps[ShownPreview]:
        """Record that the person was shown what would be sent. The record itself is not kept.

        An offer or a disclosure that names the preview sends exactly this. `form` is a code of
        consent_form, `language` the one in which she was told.
        """
        request = ShowPreviewRequest(
            consent_id=consent_id,
            destination=destination,
            record=record,
            accepted=accepted,
            form=form,
            language=language,
        )
        return self.write(request, ShownPreview, options)

    def get_shown_preview(
        self, preview_id: str, **options: Unpack[WriteOptions]
    ) -> Steps[ShownPreview]:
        """Read what a person was shown, by whom, and when."""
        return self.write(GetShownPreviewRequest(preview_id=preview_id), ShownPreview, options)

    def check_understanding(
        self,
        referral_id: str,
        *,
        categories: Iterable[str] = (),
        purposes: Iterable[str] = (),
        feedback: str,
        **options: Unpack[WriteOptions],
    ) -> Steps[Understanding]:
        """At first contact: say what the person believes she agreed to. A mismatch raises an alert.

        Nothing is destroyed because of it: offer her to take back what she did not agree to.
        """
        request = CheckUnderstandingRequest(
            referral_id=referral_id, categories=categories, purposes=purposes, feedback=feedback
        )
        return self.write(request, Understanding, options)
