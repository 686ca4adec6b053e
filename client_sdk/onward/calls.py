"""The calls of the local plane as a developer wants to write them: one method for each RPC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Unpack

from onward.act_calls import ActCalls
from onward.agreement_calls import AgreementCalls
from onward.basis_calls import BasisCalls
from onward.consent_calls import ConsentCalls
from onward.core.clock import stamp
from onward.hold_calls import HoldCalls
from onward.knock_calls import KnockCalls
from onward.services_calls import ServicesCalls
from onward.session import Emit, Feed, Steps, WriteOptions
from onward.v1.categories_pb2 import CaseRecord, OfferRecord
from onward.v1.consent_pb2 import Decision
from onward.v1.entry_pb2 import Item, Kept, Withdrawal
from onward.v1.envelope_pb2 import LogExport
from onward.v1.local_pb2 import (
    AcknowledgeRequest,
    CloseRequest,
    CompleteRequest,
    DecideRequest,
    DiscloseRequest,
    EraseRequest,
    ExportLogRequest,
    FollowUpRequest,
    GetReferralRequest,
    HandoverRequest,
    LinkRequest,
    ListAgenciesRequest,
    ListAgenciesResponse,
    ListAuditRequest,
    ListAuditResponse,
    ListEntriesRequest,
    ListEntriesResponse,
    ListNeedsHumanRequest,
    ListNeedsHumanResponse,
    ListReferralsRequest,
    ListReferralsResponse,
    OfferRequest,
    Opened,
    OpenRequest,
    PreviewRequest,
    PreviewResponse,
    ProgressRequest,
    WithdrawRequest,
)
from onward.v1.referral_pb2 import (
    AuditRecord,
    Event,
    NeedsHuman,
    Recorded,
    Referral,
    StoredEntry,
)

AUDIT_PAGE = 100


def offer_record(record: CaseRecord) -> OfferRecord:
    """What of a case record an offer can hold: nothing with a direct identifier."""
    result = OfferRecord()
    for field, value in record.ListFields():
        if field.name in result.DESCRIPTOR.fields_by_name:
            getattr(result, field.name).CopyFrom(value)
    return result


class Calls(
    ConsentCalls, AgreementCalls, BasisCalls, HoldCalls, ServicesCalls, ActCalls, KnockCalls
):  # fmt: skip
    """Session with one method for each RPC.

    Each method raises OnwardError; those that write also take WriteOptions, and raise ValueError
    if the client was made without a login or an actor.
    """

    def offer(
        self,
        *,
        destination: str,
        consent_id: str = "",
        items: Iterable[Item],
        record: OfferRecord | CaseRecord,
        respond_by: datetime | None = None,
        resumes: str = "",
        link: LinkRequest | None = None,
        basis_id: str = "",
        preview_id: str = "",
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Offer a person's needs to another agency. Of a case record, only what an offer holds.

        `respond_by` is when an answer is asked for, `resumes` the earlier referral to the same
        agency (or the knock) that this takes up again. `link` says what the referral belongs to
        here; it stays at the node. `basis_id` is the basis where there is no consent,
        `preview_id` what the person was shown: then nothing else is sent.
        """
        if isinstance(record, CaseRecord):
            record = offer_record(record)
        request = OfferRequest(
            destination=destination, consent_id=consent_id, items=items, record=record,
            respond_by=stamp(respond_by) if respond_by else None, resumes=resumes, link=link,
            basis_id=basis_id, preview_id=preview_id,
        )  # fmt: skip
        return self.write(request, Recorded, options)

    def acknowledge(self, referral_id: str, **options: Unpack[WriteOptions]) -> Steps[Recorded]:
        """Say that a person at the destination has seen the offer."""
        return self.write(AcknowledgeRequest(referral_id=referral_id), Recorded, options)

    def decide(
        self, referral_id: str, items: Iterable[Item], **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Accept or decline, item by item."""
        request = DecideRequest(referral_id=referral_id, items=items)
        return self.write(request, Recorded, options)

    def disclose(
        self,
        referral_id: str,
        *,
        consent_id: str = "",
        record: CaseRecord,
        basis_id: str = "",
        preview_id: str = "",
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Send what the consent covers of a case record, after the destination has accepted.

        `basis_id` is the basis where there is no consent, `preview_id` what the person was shown:
        then nothing else is sent.
        """
        request = DiscloseRequest(
            referral_id=referral_id, consent_id=consent_id, record=record, basis_id=basis_id,
            preview_id=preview_id,
        )  # fmt: skip
        return self.write(request, Recorded, options)

    def open(
        self, referral_id: str, *, parts: Iterable[str] = (), **options: Unpack[WriteOptions]
    ) -> Steps[Opened]:
        """Read content: the parts with these digests, or all that can be read."""
        return self.write(OpenRequest(referral_id=referral_id, opened=parts), Opened, options)

    def progress(
        self, referral_id: str, items: Iterable[Item], **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Tell how the services go on."""
        request = ProgressRequest(referral_id=referral_id, items=items)
        return self.write(request, Recorded, options)

    def handover(
        self, referral_id: str, *, confirms: str = "", **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Sign that the person was handed over and is safe.

        `confirms` is the hash of the other side's handover, if it has signed already.
        """
        request = HandoverRequest(referral_id=referral_id, confirms=confirms)
        return self.write(request, Recorded, options)

    def follow_up(
        self,
        referral_id: str,
        *,
        follow_up: str,
        record: CaseRecord | None = None,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Report a follow-up, by its code, with what was learnt."""
        request = FollowUpRequest(referral_id=referral_id, follow_up=follow_up, record=record)
        return self.write(request, Recorded, options)

    def complete(
        self, referral_id: str, items: Iterable[Item] = (), **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Say that the destination has done what it accepted, and how each item ended."""
        request = CompleteRequest(referral_id=referral_id, items=items)
        return self.write(request, Recorded, options)

    def close(self, referral_id: str, **options: Unpack[WriteOptions]) -> Steps[Recorded]:
        """End the loop of a referral, at the origin. (`disconnect` ends the connections.)"""
        return self.write(CloseRequest(referral_id=referral_id), Recorded, options)

    def withdraw(
        self,
        referral_id: str,
        *,
        everything: bool = False,
        categories: Iterable[str] = (),
        destroy_now: bool = False,
        linked: bool = False,
        suspected_pressure: bool = False,
        **options: Unpack[WriteOptions],
    ) -> Steps[Recorded]:
        """Take back everything, or some categories. Looks at nothing first.

        `destroy_now` only when the person has confirmed that it shall be destroyed at once.
        `linked`: not only in this referral, but wherever there is something of her.
        `suspected_pressure`: outwardly nothing differs, and what this node holds is destroyed only
        after a review.
        Raises ValueError unless either everything or categories are given.
        """
        withdrawal = Withdrawal(everything=everything, categories=categories, linked=linked)
        if everything == bool(withdrawal.categories):
            raise ValueError("withdraw either everything or some categories")
        request = WithdrawRequest(
            referral_id=referral_id, withdrawal=withdrawal, destroy_now=destroy_now,
            suspected_pressure=suspected_pressure,
        )  # fmt: skip
        return self.write(request, Recorded, options)

    def erase(
        self, referral_id: str, *, keep: Iterable[Kept] = (), **options: Unpack[WriteOptions]
    ) -> Steps[Recorded]:
        """Destroy now what a withdrawal has sealed, and certify it. The answer does not say that it
        is done, and names no entry: read the referral again.

        `keep` is what a law obliges the agency to keep, sealed, where the grant leaves room for it.
        """
        return self.write(EraseRequest(referral_id=referral_id, keep=keep), Recorded, options)

    def preview(
        self,
        *,
        destination: str,
        record: CaseRecord,
        consent_id: str = "",
        purpose: str = "",
        accepted: bool = False,
    ) -> Steps[list[Decision]]:
        """Ask what would be sent and what withheld. Sends and stores nothing.

        `accepted`: as if the destination had accepted; otherwise what an offer would hold.
        """
        request = PreviewRequest(
            consent_id=consent_id,
            destination=destination,
            purpose=purpose or self.purpose,
            record=record,
            accepted=accepted,
        )
        return list((yield from self.ask(request, PreviewResponse)).decisions)

    def get_referral(self, referral_id: str) -> Steps[Referral]:
        """Read one referral. The client's next write to it is based on this."""
        return self.ask(GetReferralRequest(referral_id=referral_id), Referral)

    def list_referrals(self, *, page_size: int = 0) -> Feed[Referral]:
        """List all referrals, newest last, page by page as they are taken."""
        token = ""
        while True:
            request = ListReferralsRequest(page_size=page_size, page_token=token)
            page = yield from self.ask(request, ListReferralsResponse)
            for referral in page.referrals:
                yield Emit(referral)
            token = page.next_page_token
            if not token:
                return

    def list_entries(self, referral_id: str) -> Steps[list[StoredEntry]]:
        """List the entries of both logs, in the order of the fold."""
        request = ListEntriesRequest(referral_id=referral_id)
        return list((yield from self.ask(request, ListEntriesResponse)).entries)

    def export_log(self, referral_id: str) -> Steps[LogExport]:
        """Get what proves a referral offline."""
        return self.ask(ExportLogRequest(referral_id=referral_id), LogExport)

    def list_needs_human(self) -> Steps[list[NeedsHuman]]:
        """List whatever waits for a person."""
        return list((yield from self.ask(ListNeedsHumanRequest(), ListNeedsHumanResponse)).items)

    def watch(self, cursor: str | None = None) -> Feed[Event]:
        """Follow what happens at the node, without end, over broken connections.

        Starts after `cursor`, such as that of the last event that was dealt with; without one,
        now. An event may come twice.
        """
        return self.follow(cursor)

    def list_agencies(self) -> Steps[ListAgenciesResponse]:
        """List the agencies of the trust list, and which of them the node accepts."""
        return self.ask(ListAgenciesRequest(), ListAgenciesResponse)

    def list_audit(self, *, after: int = 0, page_size: int = AUDIT_PAGE) -> Feed[AuditRecord]:
        """List the audit after a number, oldest first, page by page as it is taken."""
        while True:
            request = ListAuditRequest(after=after, page_size=page_size)
            page = yield from self.ask(request, ListAuditResponse)
            for record in page.records:
                yield Emit(record)
                after = record.seq
            # Not until an empty page: reading the audit may itself be audited.
            if len(page.records) < page_size:
                return
