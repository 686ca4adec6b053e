"""What a person was shown before something was sent, kept so that it can be shown again.

The case record itself is not kept: of each category that would be sent, a keyed digest, by which
nobody can guess it. An act that names the preview sends exactly that (docs/spec.md, section
Consent).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from google.protobuf.message import Message

from onward.core import family, jose, messages, projection
from onward.core.clock import stamp
from onward.core.consent import Stage
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.consent_pb2 import Decision
from onward.v1.consents_local_pb2 import (
    GetShownPreviewRequest,
    ShownPreview,
    ShowPreviewRequest,
)
from onward_server.ports import Encrypted, Tx
from onward_server.service import audit, content, ground
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.once import Handler, once


def show(
    ctx: Context, tx: Tx, request: ShowPreviewRequest, caller: Caller, actor: Actor
) -> ShownPreview:
    """Record what the person was shown. Raises Refused NOT_FOUND for a consent that is not there.

    A preview of which nothing would be sent is recorded like any other.
    """

    def do() -> tuple[str, ShownPreview]:
        shown = _show(ctx, tx, request, actor)
        audit.write(
            ctx, tx, actor, action="preview", client=caller.client_id,
            purpose=request.write.purpose,
            categories=[one.category for one in shown.decisions if one.permitted],
        )  # fmt: skip
        return shown.preview_id, shown

    return once(ctx, tx, caller, request, do, lambda name: _load(ctx, tx, name)[0])


def _show(ctx: Context, tx: Tx, request: ShowPreviewRequest, actor: Actor) -> ShownPreview:
    whose = {"destination": request.destination, "consent_id": request.consent_id}
    within = ground.shown_in(tx, **whose, accepted=request.accepted)
    stands_on = ground.load(ctx, tx, **whose, referral_id=within)
    if stands_on.consent is None:
        raise Refused("NOT_FOUND", "/consentId")
    decided = ground.decide(
        ctx, stands_on, destination=request.destination, purpose=request.write.purpose,
        stage="disclosure" if request.accepted else "offer",
        categories=projection.categories(request.record), telling=family.telling(request.record),
    )  # fmt: skip
    shown = ShownPreview(
        preview_id=ctx.new_id(),
        consent_id=request.consent_id,
        version=stands_on.consent.version,
        destination=request.destination,
        purpose=request.write.purpose,
        accepted=request.accepted,
        decisions=decided.values(),
        shown_at=stamp(ctx.now()),
        form=request.form,
        language=request.language,
        actor=actor.login,
    )
    body = {
        "shown": to_json(shown).decode(),
        "digests": _digests(ctx, request.consent_id, request.record, decided.values()),
    }
    name = content.consent_key(request.consent_id)
    sealed = ctx.keys.encrypt(name, _bound(ctx, shown.preview_id), json.dumps(body).encode())
    tx.add_preview(shown.preview_id, Encrypted(name, sealed))
    return shown


def get(
    ctx: Context, tx: Tx, request: GetShownPreviewRequest, caller: Caller, actor: Actor
) -> ShownPreview:
    """What a person was shown. Raises Refused NOT_FOUND, or PART_GONE if it was destroyed."""
    audit.write(
        ctx, tx, actor, action="read_consent", client=caller.client_id,
        purpose=request.write.purpose,
    )  # fmt: skip
    return _load(ctx, tx, request.preview_id)[0]


def check(
    ctx: Context,
    tx: Tx,
    preview_id: str,
    *,
    consent_id: str,
    destination: str,
    purpose: str,
    stage: Stage,
    record: Message,
    decisions: Iterable[Decision],
) -> None:
    """Whether an act would send exactly what the person was shown. Raises Refused PREVIEW_DIFFERS.

    Anything else is another preview: another version of the consent, another agency, one category
    more or less, one letter of the content.
    """
    try:
        shown, digests = _load(ctx, tx, preview_id)
    except Refused as fault:
        raise Refused(fault.reason, "/previewId") from None
    newest = content.get_consent(ctx, tx, consent_id)
    same = (
        newest is not None
        and (shown.consent_id, shown.version) == (consent_id, newest.version)
        and (shown.destination, shown.purpose) == (destination, purpose)
        and shown.accepted == (stage == "disclosure")
        and digests == _digests(ctx, consent_id, record, decisions)
    )
    if not same:
        raise Refused("PREVIEW_DIFFERS", "/previewId")


def _load(ctx: Context, tx: Tx, preview_id: str) -> tuple[ShownPreview, dict[str, str]]:
    stored = tx.preview(preview_id)
    if stored is None:
        raise Refused("NOT_FOUND")
    plain = ctx.keys.decrypt(stored.key_id, _bound(ctx, preview_id), stored.content)
    body = json.loads(plain)
    return parse(ShownPreview, body["shown"].encode()), body["digests"]


def _digests(
    ctx: Context, consent_id: str, record: Message, decisions: Iterable[Decision]
) -> dict[str, str]:
    """A keyed digest of the content of each category that would be sent."""
    key = f"{content.consent_key(consent_id)}/shown"
    going = {one.category for one in decisions if one.permitted}
    return {
        category: jose.b64(ctx.keys.mac(key, category.encode() + b"\x00" + to_json(message)))
        for category, message in messages.split(record)
        if category in going
    }


def _bound(ctx: Context, preview_id: str) -> str:
    return f"{ctx.agency}/preview/{preview_id}"


WRITES: dict[str, Handler] = {
    "Consents.ShowPreview": show,
    "Consents.GetShownPreview": get,
}
"""Which function answers which call."""
