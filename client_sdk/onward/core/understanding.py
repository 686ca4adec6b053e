"""First contact: what a person believes she agreed to, held against what a recipient was granted.

Only what goes beyond her belief is a mismatch: who thinks that she agreed to more loses nothing
by less (docs/spec.md, section Consent; domain.md section 6).
"""

from __future__ import annotations

from collections.abc import Iterable

from onward.core.grants import LEVELS
from onward.v1.consent_pb2 import Grant
from onward.v1.consents_local_pb2 import CheckUnderstandingRequest, Understanding


def compare(
    said: CheckUnderstandingRequest,
    *,
    categories: Iterable[str],
    grants: Iterable[Grant],
    feedback: str,
) -> Understanding:
    """What she did not agree to, as she believes.

    `categories` are those that this agency holds or may receive, `grants` those by which it does,
    `feedback` is the level that holds now.
    """
    purposes = {purpose for grant in grants for purpose in grant.purposes}
    result = Understanding(
        not_agreed=sorted(set(categories) - set(said.categories)),
        purposes_not_agreed=sorted(purposes - set(said.purposes)),
        feedback_not_agreed=LEVELS.index(feedback) > LEVELS.index(said.feedback),
    )
    result.matches = not (
        result.not_agreed or result.purposes_not_agreed or result.feedback_not_agreed
    )
    return result
