"""Calls that write, or leave a record in the audit, and are no acts: what answers each."""

from __future__ import annotations

from onward_server.service import (
    agreements,
    bases,
    break_glass,
    consents,
    disclosures,
    explain,
    holds,
    previews,
    service_lists,
    suspected,
    understanding,
)
from onward_server.service.once import Handler

WRITES: dict[str, Handler] = {
    **consents.WRITES,
    **agreements.WRITES,
    **disclosures.WRITES,
    **bases.WRITES,
    **break_glass.WRITES,
    **holds.WRITES,
    **explain.WRITES,
    **previews.WRITES,
    **understanding.WRITES,
    **suspected.WRITES,
    "Services.PublishServices": service_lists.publish,
}
"""By service and name of the call. Each takes the request, who calls, and the actor."""
