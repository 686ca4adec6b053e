"""The calls about agreements with other agencies."""

from __future__ import annotations

from typing import Unpack

from onward.session import Session, Steps, WriteOptions
from onward.v1.agreements_pb2 import (
    AddAgreementRequest,
    EndAgreementRequest,
    KnownAgreement,
    ListAgreementsRequest,
    ListAgreementsResponse,
    SignedAgreement,
)


class AgreementCalls(Session):
    """One method for each call of the service Agreements."""

    def add_agreement(
        self, agreement: SignedAgreement, **options: Unpack[WriteOptions]
    ) -> Steps[KnownAgreement]:
        """Have the node take an agreement that both of its parties have signed."""
        return self.write(AddAgreementRequest(agreement=agreement), KnownAgreement, options)

    def end_agreement(
        self, agreement_id: str, **options: Unpack[WriteOptions]
    ) -> Steps[KnownAgreement]:
        """End an agreement at this node, at once: nothing more is sent under it, or taken."""
        return self.write(EndAgreementRequest(agreement_id=agreement_id), KnownAgreement, options)

    def list_agreements(self, *, agency: str = "") -> Steps[list[KnownAgreement]]:
        """List the agreements that the node holds; only those with one agency if it is given."""
        request = ListAgreementsRequest(agency=agency)
        return list((yield from self.ask(request, ListAgreementsResponse)).agreements)
