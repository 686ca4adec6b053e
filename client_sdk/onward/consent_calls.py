"""The calls about what a person agreed to."""

from __future__ import annotations

from typing import Unpack

from onward.session import Session, Steps, WriteOptions
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.consents_local_pb2 import (
    Disclosure,
    ListDisclosuresRequest,
    ListDisclosuresResponse,
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
