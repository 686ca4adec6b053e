"""Recording what a person agreed to. Only people do this; no importer can."""

from __future__ import annotations

from onward.core import jose, spec
from onward.core.clock import moment
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.local_pb2 import GetConsentRequest, RecordConsentRequest
from onward_server.ports import Tx
from onward_server.service import audit, content
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context


def record(
    ctx: Context, tx: Tx, request: RecordConsentRequest, caller: Caller, actor: Actor
) -> ConsentRecord:
    """The next version of a consent, or the first of a new one. Raises Refused."""
    new = ConsentRecord()
    new.CopyFrom(request.consent)
    asked = jose.sha256(b"RecordConsent" + to_json(new))
    known = tx.answer(caller.client_id, request.write.request_id)
    if known is not None:
        if known[0] != asked:
            raise Refused("REQUEST_ID_REUSED", "/write/requestId")
        new.consent_id, version = known[1].decode().split(" ")
        new.version = int(version)
        return new
    _check(new)
    before = content.get_consent(ctx, tx, new.consent_id)
    if new.consent_id and before is None:
        raise Refused("NOT_FOUND", "/consent/consentId")
    if before is not None:
        _check_next(before, new)
    new.consent_id = new.consent_id or ctx.new_id()
    new.version = before.version + 1 if before is not None else 1
    content.put_consent(ctx, tx, new)
    audit.write(
        ctx, tx, actor, action="consent", client=caller.client_id, purpose=request.write.purpose
    )
    answer = f"{new.consent_id} {new.version}".encode()
    tx.keep_answer(caller.client_id, request.write.request_id, asked, answer)
    return new


def _check(new: ConsentRecord) -> None:
    """What the schema can't say: known categories, and who may speak for a child."""
    for name in ("permit", "deny"):
        for index, category in enumerate(getattr(new, name)):
            known = spec.categories().get(category)
            if known is None or known.protocol:
                raise Refused("UNKNOWN_CODE", f"/consent/{name}/{index}")
    if moment(new.valid_until) <= moment(new.valid_from):
        raise Refused("INVALID_FIELD", "/consent/validUntil")
    adult = new.age_class == "adult"
    if adult != (new.given_by == "self"):
        # A child's consent is given by somebody who may speak for it, an adult's by nobody else.
        if adult and new.given_by in ("legal_representative", "court"):
            return
        raise Refused("INVALID_FIELD", "/consent/givenBy")
    if not adult and not new.guardian_conflict_checked:
        raise Refused("INVALID_FIELD", "/consent/guardianConflictChecked")


def _check_next(before: ConsentRecord, new: ConsentRecord) -> None:
    if new.version != before.version:
        raise Refused("CONSENT_VERSION", "/consent/version")
    if new.subject_id != before.subject_id:
        raise Refused("INVALID_FIELD", "/consent/subjectId")


def get(ctx: Context, tx: Tx, request: GetConsentRequest, caller: Caller) -> ConsentRecord:
    """The newest version. Raises Refused NOT_FOUND."""
    audit.write(ctx, tx, Actor("", ""), action="consent", client=caller.client_id)
    found = content.get_consent(ctx, tx, request.consent_id)
    if found is None:
        raise Refused("NOT_FOUND")
    return found
