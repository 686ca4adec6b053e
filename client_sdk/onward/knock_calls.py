"""Calls outside any referral: ways back, asking for help, complaints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from onward.core import waycode
from onward.core.refused import Refused
from onward.errors import from_refused
from onward.session import Emit, Feed, Session, Steps, WriteOptions
from onward.v1.knocks_local_pb2 import (
    AnswerKnockRequest,
    ClaimRequest,
    GetKnockRequest,
    KnockRecord,
    ListKnocksRequest,
    ListKnocksResponse,
    ListStandingOffersRequest,
    ListStandingOffersResponse,
    LodgeComplaintRequest,
    MadeStandingOffer,
    MakeStandingOfferRequest,
    ReferSelfRequest,
    RevokeStandingOfferRequest,
    StandingOffer,
)
from onward.v1.knocks_pb2 import ComplaintNotice, SelfReferral


class KnockCalls(Session):
    """The methods of the service Knocks. See onward.calls.Calls."""

    def make_standing_offer(
        self,
        *,
        services: Iterable[str],
        question: str,
        answer: str,
        referral_ids: Iterable[str] = (),
        **options: Unpack[WriteOptions],
    ) -> Steps[MadeStandingOffer]:
        """Give a way back to somebody who is not ready. The answer holds its code, once.

        `question` is the code (of standing_question) of what the person chose to be asked, `answer`
        what she will say; what she shared in `referral_ids` she can take back with the code.
        `onward.core.waycode.card` gives the lines of a card.
        """
        request = MakeStandingOfferRequest(
            services=services, question=question, answer=answer, referral_ids=referral_ids
        )
        return self.write(request, MadeStandingOffer, options)

    def list_standing_offers(
        self, *, page_size: int = 0, **options: Unpack[WriteOptions]
    ) -> Feed[StandingOffer]:
        """List the ways back that this agency gave, page by page as they are taken. Who reads
        them, and what for, stands in the audit.
        """
        token = ""
        while True:
            request = ListStandingOffersRequest(page_size=page_size, page_token=token)
            page = yield from self.write(request, ListStandingOffersResponse, options)
            for offer in page.offers:
                yield Emit(offer)
            token = page.next_page_token
            if not token:
                return

    def revoke_standing_offer(
        self, offer_id: str, *, declined_for_good: bool = False, **options: Unpack[WriteOptions]
    ) -> Steps[StandingOffer]:
        """End a way back, such as for a lost card."""
        request = RevokeStandingOfferRequest(offer_id=offer_id, declined_for_good=declined_for_good)
        return self.write(request, StandingOffer, options)

    def claim(
        self,
        code: str,
        *,
        answer: str,
        to: str = "resume",
        **options: Unpack[WriteOptions],
    ) -> Steps[KnockRecord]:
        """Ask who gave a way back. The answers come later: read the knock again.

        `code` may be as she wrote it, with spaces, in the digits of her script; the question to ask
        her is `onward.core.waycode.parse(code).question`. `to` is resume, revoke or
        withdraw. Raises InvalidField for a code that can't be one: look at it again with her.
        """
        try:
            digits = waycode.parse(code).digits
        except Refused as fault:
            raise from_refused(fault) from None
        request = ClaimRequest(code=digits, answer=answer, purpose=to)
        return self.write(request, KnockRecord, options)

    def refer_self(
        self, agency: str, self_referral: SelfReferral, **options: Unpack[WriteOptions]
    ) -> Steps[KnockRecord]:
        """Ask an agency for help for somebody, by codes only. The answer comes later."""
        request = ReferSelfRequest(agency=agency, self_referral=self_referral)
        return self.write(request, KnockRecord, options)

    def lodge_complaint(
        self, complaint: ComplaintNotice, **options: Unpack[WriteOptions]
    ) -> Steps[KnockRecord]:
        """Complain about an agency to the bodies that the trust list names."""
        return self.write(LodgeComplaintRequest(complaint=complaint), KnockRecord, options)

    def answer_knock(
        self,
        knock_id: str,
        *,
        result: str = "",
        reason: str = "",
        **options: Unpack[WriteOptions],
    ) -> Steps[KnockRecord]:
        """Answer somebody who asks for help, or say that another knock is dealt with."""
        request = AnswerKnockRequest(knock_id=knock_id, result=result, reason=reason)
        return self.write(request, KnockRecord, options)

    def get_knock(self, knock_id: str, **options: Unpack[WriteOptions]) -> Steps[KnockRecord]:
        """Read one knock, with what has become of it. Who reads it stands in the audit."""
        return self.write(GetKnockRequest(knock_id=knock_id), KnockRecord, options)

    def list_knocks(
        self, *, page_size: int = 0, **options: Unpack[WriteOptions]
    ) -> Feed[KnockRecord]:
        """List knocks that were sent or received, page by page as they are taken. Who reads them,
        and what for, stands in the audit.
        """
        token = ""
        while True:
            request = ListKnocksRequest(page_size=page_size, page_token=token)
            page = yield from self.write(request, ListKnocksResponse, options)
            for record in page.knocks:
                yield Emit(record)
            token = page.next_page_token
            if not token:
                return
