"""Recording what a person agreed to. Only people do this; no importer can."""

from __future__ import annotations

from onward.core import childhood, family, jose, spec
from onward.core.clock import moment
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.local_pb2 import GetConsentRequest, RecordConsentRequest
from onward_server.ports import Tx
from onward_server.service import audit, content, links
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.once import Handler


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
    _check(ctx, new)
    before = content.get_consent(ctx, tx, new.consent_id)
    if new.consent_id and before is None:
        raise Refused("NOT_FOUND", "/consent/consentId")
    if before is not None:
        _check_next(ctx, before, new)
    new.consent_id = new.consent_id or ctx.new_id()
    new.version = before.version + 1 if before is not None else 1
    content.put_consent(ctx, tx, new)
    links.consent_changed(ctx, tx, new)
    audit.write(
        ctx, tx, actor, action="consent", client=caller.client_id, purpose=request.write.purpose
    )
    answer = f"{new.consent_id} {new.version}".encode()
    tx.keep_answer(caller.client_id, request.write.request_id, asked, answer)
    return new


def _check(ctx: Context, new: ConsentRecord) -> None:
    """What the schema can't say. Raises Refused.

    Only a yes is held to what a yes needs: no rule stands in the way of a no, or of taking one
    back.
    """
    for name in ("permit", "deny"):
        for index, category in enumerate(getattr(new, name)):
            known = spec.categories().get(category)
            if known is None or known.protocol:
                raise Refused("UNKNOWN_CODE", f"/consent/{name}/{index}")
    if moment(new.valid_until) <= moment(new.valid_from):
        raise Refused("INVALID_FIELD", "/consent/validUntil")
    if new.status != "given":
        return
    for index, person in enumerate(new.do_not_contact.people):
        if not family.words(person.name) and not person.relation:
            # Nobody could tell whom not to call.
            raise Refused("INVALID_FIELD", f"/consent/doNotContact/people/{index}")
    if not childhood.is_child(new) and new.given_by == "guardian":
        raise Refused("INVALID_FIELD", "/consent/givenBy")
    if childhood.is_child(new) and ctx.environment == "live":
        raise Refused("CHILD_PROFILE_OFF", "/consent/ageClass")
    for reason, field in (childhood.fault(new, ctx.now()), family.fault(new)):
        if reason:
            raise Refused(reason, f"/consent/{field}")


def _check_next(ctx: Context, before: ConsentRecord, new: ConsentRecord) -> None:
    if new.version != before.version:
        raise Refused("CONSENT_VERSION", "/consent/version")
    if new.subject_id != before.subject_id:
        raise Refused("INVALID_FIELD", "/consent/subjectId")
    if new.subject_kind != before.subject_kind:
        # Else a later version would let a family member's referral tell what the first must not.
        raise Refused("INVALID_FIELD", "/consent/subjectKind")
    if (
        new.status == "given"
        and childhood.is_child(new)
        and childhood.came_of_age(before, ctx.now())
    ):
        # Nobody speaks for the person any more, whatever day a later version names.
        raise Refused("CAME_OF_AGE", "/consent/ageClass")
    if before.adult_on and childhood.is_child(new):
        # The day on which a child comes of age does not move away from it.
        if new.status == "given" and new.adult_on > before.adult_on:
            raise Refused("INVALID_FIELD", "/consent/adultOn")
        new.adult_on = min(new.adult_on or before.adult_on, before.adult_on)


def get(
    ctx: Context, tx: Tx, request: GetConsentRequest, caller: Caller, actor: Actor
) -> ConsentRecord:
    """The newest version. Raises Refused NOT_FOUND."""
    audit.write(
        ctx, tx, actor, action="read_consent", client=caller.client_id,
        purpose=request.write.purpose,
    )  # fmt: skip
    found = content.get_consent(ctx, tx, request.consent_id)
    if found is None:
        raise Refused("NOT_FOUND")
    return found


WRITES: dict[str, Handler] = {"Consents.RecordConsent": record, "Consents.GetConsent": get}
"""Which function answers which call."""
