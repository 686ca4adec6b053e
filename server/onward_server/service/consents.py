"""Recording what a person agreed to. Only people do this; no importer can."""

from __future__ import annotations

from contextlib import suppress

from onward.core import childhood, consent as consents, consent_status, family, receipt_number, spec
from onward.core.clock import moment
from onward.core.refused import Refused
from onward.v1.consent_pb2 import ConsentRecord, ConsentVersion
from onward.v1.consents_local_pb2 import (
    FindConsentsRequest,
    FindConsentsResponse,
    ListConsentVersionsRequest,
    ListConsentVersionsResponse,
)
from onward.v1.local_pb2 import GetConsentRequest, RecordConsentRequest
from onward_server.ports import Tx
from onward_server.service import audit, content, links, said_no, subjects
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.once import Handler, once

AS_BEFORE = "as in the version before"


def record(
    ctx: Context, tx: Tx, request: RecordConsentRequest, caller: Caller, actor: Actor
) -> ConsentRecord:
    """The next version of a consent, or the first of a new one. Raises Refused."""

    def do() -> tuple[str, ConsentRecord]:
        before, made = _record(ctx, tx, request.consent)
        audit.write(
            ctx, tx, actor, action="consent", client=caller.client_id,
            purpose=request.write.purpose,
        )  # fmt: skip
        if before is not None:
            said_no.take_back(ctx, tx, before, made, request.write.purpose, actor, caller)
        return f"{made.consent_id} {made.version}", made

    def again(name: str) -> ConsentRecord:
        consent_id, version = name.split(" ")
        made = content.consent_versions(ctx, tx, consent_id)
        return next(one for _, one in made if one.version == int(version))

    return once(ctx, tx, caller, request, do, again)


def _record(
    ctx: Context, tx: Tx, given: ConsentRecord
) -> tuple[ConsentRecord | None, ConsentRecord]:
    """The version before, if there is one, and the new one."""
    new = ConsentRecord()
    new.CopyFrom(given)
    before = content.get_consent(ctx, tx, new.consent_id)
    if new.consent_id and before is None:
        raise Refused("NOT_FOUND", "/consent/consentId")
    if consent_status.says_no(new.status):
        # Nothing holds it back, also not what was written with it.
        if before is not None:
            new.subject_id, new.subject_kind = before.subject_id, before.subject_kind
    else:
        _check(ctx, before, new)
        if before is not None:
            _check_next(ctx, before, new)
        _check_status(ctx, tx, before, new)
    if before is not None:
        consent_status.keep_the_no(before, new)
    if before is not None and before.adult_on and childhood.is_child(new):
        # The day on which a child comes of age does not move away from it.
        new.adult_on = min(new.adult_on or before.adult_on, before.adult_on)
    new.consent_id = new.consent_id or ctx.new_id()
    new.version = before.version + 1 if before is not None else 1
    content.put_consent(ctx, tx, new)
    links.consent_changed(ctx, tx, new)
    return before, new


def _check(ctx: Context, before: ConsentRecord | None, new: ConsentRecord) -> None:
    """What the schema can't say of anything but a no. Raises Refused.

    Only a yes is held to what a yes needs.
    """
    for name in ("permit", "deny"):
        for index, category in enumerate(getattr(new, name)):
            known = spec.categories().get(category)
            if known is None or known.protocol:
                raise Refused("UNKNOWN_CODE", f"/consent/{name}/{index}")
    if moment(new.valid_until) <= moment(new.valid_from):
        raise Refused("INVALID_FIELD", "/consent/validUntil", expected="after validFrom")
    yes = new.status in consents.VALID
    odd = consents.odd_purpose(new)
    if odd is not None and (yes or before is None or before.purposes != new.purposes):
        raise Refused("CONSENT_BUNDLED", f"/consent/purposes/{odd}")
    if not yes:
        return
    for index, person in enumerate(new.do_not_contact.people):
        if not family.words(person.name) and not person.relation:
            # Nobody could tell whom not to call.
            raise Refused(
                "INVALID_FIELD",
                f"/consent/doNotContact/people/{index}",
                expected="a name or a relation",
            )
    if not childhood.is_child(new) and new.given_by == "guardian":
        raise Refused(
            "INVALID_FIELD", "/consent/givenBy", expected="another than guardian for an adult"
        )
    if childhood.is_child(new) and ctx.environment == "live":
        raise Refused("CHILD_PROFILE_OFF", "/consent/ageClass")
    for reason, field in (childhood.fault(new, ctx.now()), family.fault(new)):
        if reason:
            raise Refused(reason, f"/consent/{field}", expected=_rule(reason, field))


def _rule(reason: str, field: str) -> str:
    """What the rules for children and for family members ask of a field."""
    known = childhood.EXPECTED | family.EXPECTED
    return known[field.partition("/")[0]] if reason == "INVALID_FIELD" else ""


def _check_next(ctx: Context, before: ConsentRecord, new: ConsentRecord) -> None:
    if new.version != before.version:
        raise Refused("CONSENT_VERSION", "/consent/version")
    if new.subject_id != before.subject_id:
        raise Refused("INVALID_FIELD", "/consent/subjectId", expected=AS_BEFORE)
    if new.subject_kind != before.subject_kind:
        # Else a later version would let a family member's referral tell what the first must not.
        raise Refused("INVALID_FIELD", "/consent/subjectKind", expected=AS_BEFORE)
    if (
        new.status in consents.VALID
        and childhood.is_child(new)
        and childhood.came_of_age(before, ctx.now())
    ):
        # Nobody speaks for the person any more, whatever day a later version names.
        raise Refused("CAME_OF_AGE", "/consent/ageClass")
    if (
        new.status in consents.VALID
        and not childhood.is_child(new)
        and childhood.stays_a_child(before, ctx.now())
    ):
        raise Refused(
            "INVALID_FIELD", "/consent/ageClass", expected="not adult before the day of adultOn"
        )
    later = childhood.is_child(new) and before.adult_on and new.adult_on > before.adult_on
    if new.status in consents.VALID and later:
        raise Refused(
            "INVALID_FIELD", "/consent/adultOn", expected="no later than in the version before"
        )


def _check_status(ctx: Context, tx: Tx, before: ConsentRecord | None, new: ConsentRecord) -> None:
    """Where it stands, and what she has said in her other records. Raises Refused."""
    reason, field = consent_status.refusal(before, new, ctx.now())
    if reason:
        raise Refused(reason, f"/consent/{field}")
    added = set(new.purposes) - set(before.purposes if before is not None else ())
    if not added:
        return
    said = [one for _, one in content.consent_versions(ctx, tx, new.consent_id)]
    for name in subjects.consents_of(ctx, tx, new.subject_id):
        if name == new.consent_id:
            continue
        with suppress(Refused):  # One that was destroyed says nothing any more.
            other = content.get_consent(ctx, tx, name)
            said += [other] if other is not None else []
    if consent_status.asks_past_a_no(said, new, added):
        raise Refused("CONSENT_TRANSITION", "/consent/askedBy")


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


def find(
    ctx: Context, tx: Tx, request: FindConsentsRequest, caller: Caller, actor: Actor
) -> FindConsentsResponse:
    """The consents whose receipt has this number. Raises Refused NOT_FOUND, INVALID_FIELD for a
    number with a wrong digit.
    """
    audit.write(
        ctx, tx, actor, action="read_consent", client=caller.client_id,
        purpose=request.write.purpose,
    )  # fmt: skip
    number = receipt_number.parse(request.receipt_number)
    named = [content.get_consent(ctx, tx, name) for name in content.consents_with(ctx, tx, number)]
    if not named:
        raise Refused("NOT_FOUND")
    return FindConsentsResponse(consents=[one for one in named if one is not None])


def versions(
    ctx: Context, tx: Tx, request: ListConsentVersionsRequest, caller: Caller, actor: Actor
) -> ListConsentVersionsResponse:
    """All versions as they were signed, each with where it stood. Raises Refused NOT_FOUND."""
    audit.write(
        ctx, tx, actor, action="read_consent", client=caller.client_id,
        purpose=request.write.purpose,
    )  # fmt: skip
    found = content.consent_versions(ctx, tx, request.consent_id)
    if not found:
        raise Refused("NOT_FOUND")
    until = [moment(record.recorded_at) for _, record in found[1:]] + [ctx.now()]
    return ListConsentVersionsResponse(
        versions=[
            ConsentVersion(jws=jws, record=record, status=consent_status.standing(record, end))
            for (jws, record), end in zip(found, until, strict=True)
        ]
    )


WRITES: dict[str, Handler] = {
    "Consents.RecordConsent": record,
    "Consents.GetConsent": get,
    "Consents.FindConsents": find,
    "Consents.ListConsentVersions": versions,
}
"""Which function answers which call."""
