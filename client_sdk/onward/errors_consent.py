"""What a call raises where consent, or what stands in its place, does not allow it."""

from __future__ import annotations

from onward.errors_base import OnwardError


class ConsentRefused(OnwardError):
    """What the person agreed to does not allow this."""


class ConsentMissing(ConsentRefused):
    """There is no consent on record."""


class ConsentScope(ConsentRefused):
    """The consent, or the basis in its place, does not cover this."""


class ConsentExpired(ConsentRefused):
    """The consent has ended or has not begun."""


class ConsentWithdrawn(ConsentRefused):
    """The person has taken the consent back, or said no."""


class PurposeProhibited(ConsentRefused):
    """Nobody can consent to this purpose."""


class ConsentVersion(ConsentRefused):
    """The consent has a newer version."""


class FamilyContactDenied(ConsentRefused):
    """The survivor does not want this contact."""


class FamilyNotViable(ConsentRefused):
    """The family is not a safe place."""


class GuardianConflict(ConsentRefused):
    """This guardian has an interest of their own."""


class ChildProfileOff(ConsentRefused):
    """The child profile is off in this environment."""


class CameOfAge(ConsentRefused):
    """The person has come of age and has to be asked."""


class ConsentBundled(ConsentRefused):
    """One consent holds purposes that are asked for apart."""


class ConsentTransition(ConsentRefused):
    """The consent can't go to this status from where it stands."""


class AgreementMissing(ConsentRefused):
    """No agreement between the two agencies is in force."""


class AgreementScope(ConsentRefused):
    """The agreement between the two agencies does not cover this."""


class AgreementInvalid(ConsentRefused):
    """The agreement is not one that both parties have signed, or is older than the one held."""


class ApprovalNeeded(ConsentRefused):
    """Two named persons have to approve this first, or somebody else has to do it."""


class ApprovalOver(ConsentRefused):
    """The time for this is over, or it was refused."""


class BasisCeiling(ConsentRefused):
    """The basis does not reach that far."""


class PreviewDiffers(ConsentRefused):
    """What would be sent is not what the person was shown."""
