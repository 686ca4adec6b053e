"""The calls about what a person agreed to."""

from __future__ import annotations

from typing import Unpack

from onward.session import Session, Steps, WriteOptions
from onward.v1.consent_pb2 import ConsentRecord
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
