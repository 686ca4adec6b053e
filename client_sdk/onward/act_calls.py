"""The acts between offer and close as calls: one method for each, mixed into Calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Unpack

from onward.core.clock import stamp
from onward.session import Session, Steps, WriteOptions
from onward.v1.acts_pb2 import (
    AlertRequest,
    AmendRequest,
    AnswerRequest,
    CancelRequest,
    ChoiceRequest,
    ClarifyRequest,
    ComplaintRequest,
    ConfirmCancelRequest,
    CorrectRequest,
    ExpireRequest,
    InvalidateRequest,
    MilestoneRequest,
    PauseRequest,
    ProposeForwardRequest,
    RecallRequest,
    RemindRequest,
    ReopenRequest,
    ResumeRequest,
)
from onward.v1.categories_pb2 import CaseRecord, ChoiceRecord, EmergencyRecord, OfferRecord
from onward.v1.entry_pb2 import Item, Milestone, Question
from onward.v1.referral_pb2 import Recorded


class ActCalls(Session):
    """Session with a method for each act that is not part of the straight way.

    Each takes WriteOptions and raises OnwardError, as the methods of Calls do.
    """

    # The origin's.

    def amend(
        self,
        referral_id: str,
        *,
        record: OfferRecord,
        items: Iterable[Item] = (),
        respond_by: datetime | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Add items, or change what the destination decides by."""
        request = AmendRequest(
            referral_id=referral_id, items=items, record=record,
            respond_by=stamp(respond_by) if respond_by else None,
        )  # fmt: skip
        return self.write(request, Recorded, options)

    def answer(
        self,
        referral_id: str,
        *,
        answers: str,
        record: OfferRecord | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Answer the question of this entry (`Referral.question_entry`)."""
        request = AnswerRequest(referral_id=referral_id, answers=answers, record=record)
        return self.write(request, Recorded, options)

    def remind(
        self,
        referral_id: str,
        *,
        respond_by: datetime | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Remind the destination that an answer is waited for."""
        by = stamp(respond_by) if respond_by else None
        return self.write(RemindRequest(referral_id=referral_id, respond_by=by), Recorded, options)

    def cancel(
        self, referral_id: str, cancel_reason: str, **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Ask the destination to cancel."""
        request = CancelRequest(referral_id=referral_id, cancel_reason=cancel_reason)
        return self.write(request, Recorded, options)

    def expire(self, referral_id: str, **options: Unpack[WriteOptions]) -> Steps[Recorded]:
        """Let it rest: nobody answered by the moment that was named."""
        return self.write(ExpireRequest(referral_id=referral_id), Recorded, options)

    def reopen(
        self,
        referral_id: str,
        items: Iterable[Item],
        *,
        record: OfferRecord,
        respond_by: datetime | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Begin another round, with what the person wants now."""
        request = ReopenRequest(
            referral_id=referral_id, items=items, record=record,
            respond_by=stamp(respond_by) if respond_by else None,
        )  # fmt: skip
        return self.write(request, Recorded, options)

    def recall(self, referral_id: str, **options: Unpack[WriteOptions]) -> Steps[Recorded]:
        """Take everything back from the wrong agency, while nobody there has opened anything."""
        return self.write(RecallRequest(referral_id=referral_id), Recorded, options)

    def invalidate(self, referral_id: str, **options: Unpack[WriteOptions]) -> Steps[Recorded]:
        """It is about the wrong person: take everything back, for good."""
        return self.write(InvalidateRequest(referral_id=referral_id), Recorded, options)

    # The destination's.

    def clarify(
        self, referral_id: str, question: Question, **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Ask the origin something, by codes."""
        return self.write(
            ClarifyRequest(referral_id=referral_id, question=question), Recorded, options
        )

    def confirm_cancel(self, referral_id: str, **options: Unpack[WriteOptions]) -> Steps[Recorded]:
        """Confirm that it is cancelled."""
        return self.write(ConfirmCancelRequest(referral_id=referral_id), Recorded, options)

    def pause(
        self, referral_id: str, pause_reason: str, **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Pause. A pause is not a failure."""
        request = PauseRequest(referral_id=referral_id, pause_reason=pause_reason)
        return self.write(request, Recorded, options)

    def resume(self, referral_id: str, **options: Unpack[WriteOptions]) -> Steps[Recorded]:
        """Go on after a pause."""
        return self.write(ResumeRequest(referral_id=referral_id), Recorded, options)

    def propose_forward(
        self,
        referral_id: str,
        forward_to: str,
        items: Iterable[Item] = (),
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Ask the origin to refer on to this agency. Nothing goes there by this."""
        request = ProposeForwardRequest(referral_id=referral_id, forward_to=forward_to, items=items)
        return self.write(request, Recorded, options)

    # Either's.

    def choice(
        self,
        referral_id: str,
        items: Iterable[Item],
        *,
        record: ChoiceRecord | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Record what the person wants of each item, and why if she wants to say."""
        request = ChoiceRequest(referral_id=referral_id, items=items, record=record)
        return self.write(request, Recorded, options)

    def correct(
        self,
        referral_id: str,
        *,
        corrects: Iterable[str] = (),
        items: Iterable[Item] = (),
        record: CaseRecord | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Put right what this agency wrote: parts by their digests, or how far items have come."""
        request = CorrectRequest(
            referral_id=referral_id, corrects=corrects, items=items, record=record
        )
        return self.write(request, Recorded, options)

    def milestone(
        self,
        referral_id: str,
        milestone: Milestone,
        *,
        record: CaseRecord | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Record a step of a return."""
        request = MilestoneRequest(referral_id=referral_id, milestone=milestone, record=record)
        return self.write(request, Recorded, options)

    def alert(
        self,
        referral_id: str,
        alert: str,
        *,
        record: EmergencyRecord | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Warn the other agency. Looks at nothing first, and goes ahead of everything else."""
        request = AlertRequest(referral_id=referral_id, alert=alert, record=record)
        return self.write(request, Recorded, options)

    def complaint(
        self, referral_id: str, complaint: str, **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Record a complaint that the other agency is to see."""
        request = ComplaintRequest(referral_id=referral_id, complaint=complaint)
        return self.write(request, Recorded, options)
