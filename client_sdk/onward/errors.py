"""Everything that a call can raise: one tree, and exactly one class for each reason.

OnwardError
  InvalidRequest
      InvalidJson, DuplicateMember, UnknownField, InvalidField, UnknownCode, ForbiddenCode,
      TooLarge, UnknownVersion
  PeerRefused
      SignatureInvalid, WrongRecipient, WrongEnvironment, EnvelopeExpired, MessageIdReused,
      AgencyUnknown, PeerNotAccepted, PeerSuspended, SealInvalid, EntryInvalid, Gap, Fork,
      TrustListStale, TrustListInvalid, ServiceListInvalid, MailboxFull
  NotAuthorised
      TokenInvalid, ScopeInsufficient, ActorInvalid, RoleInsufficient, PurposeNotGranted
  ReferralConflict
      NotFound, StateConflict, HeadsChanged, RequestIdReused, ItemUnknown, ReasonRequired,
      WishForbids, PartGone, ChoiceNeeded, TravelNotReady, PrerequisiteForbidden, TooManyTries,
      Restored, LegalHold, ReviewTooEarly, AlreadyDone, HoldAuthority, NothingToTell, NoLocator,
      NoComplaintBody
  ConsentRefused
      ConsentMissing, ConsentScope, ConsentExpired, ConsentWithdrawn, PurposeProhibited,
      ConsentVersion, FamilyContactDenied, FamilyNotViable, GuardianConflict, ChildProfileOff,
      CameOfAge, ConsentBundled, ConsentTransition, AgreementMissing, AgreementScope,
      AgreementInvalid, ApprovalNeeded, ApprovalOver, BasisCeiling, PreviewDiffers
  NodeFailed
      Unavailable, Internal, Unimplemented
  TransportFailed (there was no answer)
  TokenRefused (the token endpoint refused; the code is RFC 6749's)

A class of the third level is named for its reason: STATE_CONFLICT is StateConflict. What to do
stands in `text`, the specification's fixed sentence. Nothing here holds personal data.
"""

from __future__ import annotations

import re

from onward.core.refused import Refused
from onward.errors_base import OnwardError as OnwardError
from onward.errors_consent import (
    AgreementInvalid as AgreementInvalid,
    AgreementMissing as AgreementMissing,
    AgreementScope as AgreementScope,
    ApprovalNeeded as ApprovalNeeded,
    ApprovalOver as ApprovalOver,
    BasisCeiling as BasisCeiling,
    CameOfAge as CameOfAge,
    ChildProfileOff as ChildProfileOff,
    ConsentBundled as ConsentBundled,
    ConsentExpired as ConsentExpired,
    ConsentMissing as ConsentMissing,
    ConsentRefused as ConsentRefused,
    ConsentScope as ConsentScope,
    ConsentTransition as ConsentTransition,
    ConsentVersion as ConsentVersion,
    ConsentWithdrawn as ConsentWithdrawn,
    FamilyContactDenied as FamilyContactDenied,
    FamilyNotViable as FamilyNotViable,
    GuardianConflict as GuardianConflict,
    PreviewDiffers as PreviewDiffers,
    PurposeProhibited as PurposeProhibited,
)
from onward.v1 import errors_pb2
from onward.v1.entry_pb2 import Heads
from onward.v1.errors_pb2 import Problem


class InvalidRequest(OnwardError):
    """The request itself is wrong: mend it before sending it again."""


class InvalidJson(InvalidRequest):
    """The body is not strict UTF-8 JSON."""


class DuplicateMember(InvalidRequest):
    """A JSON object names a member twice."""


class UnknownField(InvalidRequest):
    """A field is not defined."""


class InvalidField(InvalidRequest):
    """A value does not match the schema."""


class UnknownCode(InvalidRequest):
    """A code is not in its registry."""


class ForbiddenCode(InvalidRequest):
    """A code is known and must not be used."""


class TooLarge(InvalidRequest):
    """The message is too large."""


class UnknownVersion(InvalidRequest):
    """The node does not speak that version."""


class PeerRefused(OnwardError):
    """An envelope, a peer or a trust list was refused."""


class SignatureInvalid(PeerRefused):
    """A signature does not verify."""


class WrongRecipient(PeerRefused):
    """The message is for another agency."""


class WrongEnvironment(PeerRefused):
    """Test and live were mixed."""


class EnvelopeExpired(PeerRefused):
    """The envelope's time is over, or not yet come."""


class MessageIdReused(PeerRefused):
    """Another envelope had this message id."""


class AgencyUnknown(PeerRefused):
    """The agency is not on the trust list."""


class PeerNotAccepted(PeerRefused):
    """The node has not accepted the agency as a partner."""


class PeerSuspended(PeerRefused):
    """The agency is suspended."""


class SealInvalid(PeerRefused):
    """The sealed content can't be opened."""


class EntryInvalid(PeerRefused):
    """An entry does not fit its log."""


class Gap(PeerRefused):
    """Entries are missing; `heads` says up to where they are there."""


class Fork(PeerRefused):
    """Another entry with this number was received first."""


class TrustListStale(PeerRefused):
    """The trust list is too old to send content by."""


class TrustListInvalid(PeerRefused):
    """A trust list is not to be trusted."""


class ServiceListInvalid(PeerRefused):
    """A list of services is another agency's, out of its time, or not the newest."""


class MailboxFull(PeerRefused):
    """A mailbox holds as much from this agency for that one as it takes."""


class NotAuthorised(OnwardError):
    """The client or the actor may not do this."""


class TokenInvalid(NotAuthorised):
    """The access token is missing, expired or foreign."""


class ScopeInsufficient(NotAuthorised):
    """The token lacks the scope of the call."""


class ActorInvalid(NotAuthorised):
    """The actor assertion does not hold."""


class RoleInsufficient(NotAuthorised):
    """The actor's role does not include this."""


class PurposeNotGranted(NotAuthorised):
    """The grant does not name the purpose."""


class ReferralConflict(OnwardError):
    """The referral, as it stands, does not allow this."""


class NotFound(ReferralConflict):
    """There is nothing that the caller may see."""


class StateConflict(ReferralConflict):
    """The act is not allowed now, or not by this side."""


class HeadsChanged(ReferralConflict):
    """The referral has moved since the caller looked; `heads` says to where."""


class RequestIdReused(ReferralConflict):
    """The request id was used for another request."""


class ItemUnknown(ReferralConflict):
    """The act names an item that does not fit."""


class ReasonRequired(ReferralConflict):
    """A declined item needs a coded reason."""


class WishForbids(ReferralConflict):
    """The person does not want this service now."""


class PartGone(ReferralConflict):
    """The content was withdrawn, destroyed or refused."""


class ChoiceNeeded(ReferralConflict):
    """The person has to decide first: an item was accepted without another."""


class TravelNotReady(ReferralConflict):
    """The risks are not assessed, or the person has not decided to return."""


class PrerequisiteForbidden(ReferralConflict):
    """A service must not be made to depend on this."""


class TooManyTries(ReferralConflict):
    """Too many tries: wait before the next."""


class Restored(ReferralConflict):
    """The node was restored and waits for the other agency."""


class LegalHold(ReferralConflict):
    """The content is sealed under a legal hold."""


class ReviewTooEarly(ReferralConflict):
    """What was approved still goes on: it is reviewed when it is over."""


class AlreadyDone(ReferralConflict):
    """This was done before; nothing is left to do."""


class HoldAuthority(ReferralConflict):
    """The agreement does not name this authority; `expected` says whom it names."""


class NothingToTell(ReferralConflict):
    """Nothing has moved by this basis yet."""


class NoLocator(ReferralConflict):
    """The trust list gives this agency no locator, or no agency this one."""


class NoComplaintBody(ReferralConflict):
    """The trust list names nobody who could look into this complaint."""


class NodeFailed(OnwardError):
    """The node failed, or gave an answer that can't be understood."""


class Unavailable(NodeFailed):
    """The node can't do this right now."""


class Internal(NodeFailed):
    """The node failed."""


class Unimplemented(NodeFailed):
    """The node has no such call."""

    reason = "UNIMPLEMENTED"


class TransportFailed(OnwardError):
    """No answer came. Whether the call was carried out is not known."""

    def __init__(self, cause: str = "") -> None:
        super().__init__()
        self.args = (cause,)
        self.cause = cause
        """What kind of failure it was, such as ConnectError. Never a message of another library,
        which may quote addresses and content."""
        self.read = False
        """Only something to read was asked for."""

    @property
    def text(self) -> str:
        """What is not known, and for a call that changes nothing what to try."""
        if not self.read:
            return super().text
        return "No answer came. See whether the node runs, and at this address; then ask again."

    @property
    def transient(self) -> bool:
        """Always: every write carries its request id, so it is done once."""
        return True


_NO_TOKEN = {
    "invalid_client": "The node does not know this client by this id and key, or is known by "
    "another address. Register the public half (onward-node client) and start the node again.",
    "invalid_scope": "The client is not registered for what it asks for. Register it with the role "
    "or the scope (onward-node client) and start the node again.",
}
"""What to do, by the error code of RFC 6749."""


class TokenRefused(OnwardError):
    """The token endpoint gives this client no token."""

    def __init__(self, code: str) -> None:
        super().__init__()
        # The code comes from another machine: only what RFC 6749 and its registry are made of.
        self.code = code if re.fullmatch("[a-z_]{1,64}", code) else ""
        """Error code of RFC 6749, section 5.2, such as invalid_client."""
        self.args = (self.code,)

    @property
    def text(self) -> str:
        """What is wrong and what to do."""
        return _NO_TOKEN.get(self.code, super().text)

    def __str__(self) -> str:
        return f"TokenRefused {self.code}: {self.text}"


def _by_reason() -> dict[str, type[OnwardError]]:
    groups = [
        group
        for group in OnwardError.__subclasses__()
        if group.__module__.startswith("onward.errors")
    ]
    return {kind.reason: kind for group in groups for kind in group.__subclasses__()}


BY_REASON = _by_reason()
"""The class of every reason, by its name without the prefix REASON_."""


def from_reason(
    reason: str, pointer: str = "", heads: Heads | None = None, *, expected: str = ""
) -> OnwardError | None:
    """The exception of a reason by its name, or None if this version does not know it."""
    kind = BY_REASON.get(reason)
    return kind(pointer, heads, expected=expected) if kind else None


def from_problem(problem: Problem) -> OnwardError:
    """The exception that a problem is. One with an unknown reason is a NodeFailed."""
    named = errors_pb2.Reason.DESCRIPTOR.values_by_number.get(problem.reason)
    reason = named.name.removeprefix("REASON_") if named else ""
    heads = problem.heads if problem.HasField("heads") else None
    found = from_reason(reason, problem.pointer, heads, expected=problem.expected)
    return found or NodeFailed(problem.pointer, heads)


def from_refused(refused: Refused) -> OnwardError:
    """The exception for what the core refused, as a call in the same process raises it."""
    found = from_reason(refused.reason, refused.pointer, refused.heads, expected=refused.expected)
    return found or NodeFailed(refused.pointer, refused.heads)
