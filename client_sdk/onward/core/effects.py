"""What each act does to the state, once it counts. Pure; parts and outcomes are the fold's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from onward.core import certificates, choices
from onward.core.acts import Act
from onward.core.choices import DONE
from onward.core.clock import moment
from onward.core.guards import covered
from onward.core.states import SIDES, ItemStatus, PartStatus, Raised, State, Withdrawn, Word
from onward.v1.entry_pb2 import Item


def nothing(state: State, act: Act) -> State:
    """The act changes no more than its parts do."""
    return state


def offer(state: State, act: Act) -> State:
    """The referral begins, with its items."""
    items = {item.number: _new(item, act) for item in act.entry.items}
    state = replace(state, phase="offered", items=items, resumes=act.entry.resumes)
    return _respond_by(state, act)


def _new(item: Item, act: Act) -> ItemStatus:
    word = Word(act.side, act.entry.seq, item.wish, item.not_before)
    status = ItemStatus(item.wish, together_with=item.together_with)
    return choices.say(status, word, act.seen)


def _respond_by(state: State, act: Act) -> State:
    asked = act.entry.HasField("respond_by")
    return replace(state, respond_by=act.entry.respond_by.seconds) if asked else state


def amend(state: State, act: Act) -> State:
    """Items are added, and wait for the destination's decision."""
    items = {item.number: _new(item, act) for item in act.entry.items}
    return _respond_by(replace(state, items={**items, **state.items}), act)


def reopen(state: State, act: Act) -> State:
    """Another round begins. Parts, grants and choices stay; the items that are named are asked
    for again, and so are those that were left open: no acceptance outlives its round.
    """
    items = {
        number: item if item.delivery in DONE | choices.NOT_TAKEN else _asked_again(item)
        for number, item in state.items.items()
    }
    for one in act.entry.items:
        known = items.get(one.number)
        if known is None:
            items[one.number] = _new(one, act)
        else:
            with_ = one.together_with or known.together_with
            items[one.number] = replace(_asked_again(known), together_with=with_)
    state = replace(
        state, phase="offered", rest="", round=state.round + 1, closed=False, acknowledged=False,
        accepted=False, forward="", items=items,
    )  # fmt: skip
    return _respond_by(choices.choose(state, act), act)


def _asked_again(item: ItemStatus) -> ItemStatus:
    return replace(item, delivery="requested", reason="", asks=0)


def acknowledge(state: State, act: Act) -> State:
    """A person has seen it."""
    return replace(state, phase="acknowledged", acknowledged=True, reminded="")


def _delivered(state: State, act: Act) -> dict[int, ItemStatus]:
    items = dict(state.items)
    for item in act.entry.items:
        if item.number in items:
            now = replace(items[item.number], delivery=item.state, reason=item.reason)
            # A step that crossed with her never is a fact; that she has ended it is one as well.
            items[item.number] = choices.obey(now)
    return items


def decide(state: State, act: Act) -> State:
    """Item by item; what is then left says where the referral stands. What was accepted without
    an item that it belongs to waits for the person.
    """
    items = _delivered(state, act)
    named = {item.number for item in act.entry.items}
    for number, item in items.items():
        if number in named or item.together_with in named:
            items[number] = replace(item, asks=act.entry.seq if _alone(item, items) else 0)
    waits = any(item.delivery == "requested" for item in items.values())
    state = replace(state, items=items, reminded="", respond_by=state.respond_by if waits else 0)
    accepts = any(item.state == "accepted" for item in act.entry.items)
    state = replace(state, accepted=state.accepted or accepts)
    after = choices.settle(state, by="decide")
    if after.phase == "acknowledged" and accepts:
        return replace(after, phase="accepted")
    return after


NOT_GIVEN = choices.WAITING | {"declined_by_agency", "unavailable"}
"""States of an item that the agency has not said yes to, or has said no."""


def _alone(item: ItemStatus, items: Mapping[int, ItemStatus]) -> bool:
    """Whether it was accepted without the item that it belongs to. What she herself does not want
    of the two is no question.
    """
    if item.delivery in DONE | choices.NOT_TAKEN | choices.WAITING:
        return False
    return item.together_with in items and items[item.together_with].delivery in NOT_GIVEN


def choice(state: State, act: Act) -> State:
    """What the person wants now. What she does not want ends at once; her choice wakes what
    rested for her.
    """
    return choices.settle(choices.choose(state, act), by="choice")


def progress(state: State, act: Act) -> State:
    """Items move; the first that is in delivery makes the referral active."""
    return replace(_moved(state, act), reminded="")


def _moved(state: State, act: Act) -> State:
    items = _delivered(state, act)
    begun = any(item.delivery == "in_delivery" for item in items.values())
    phase = "active" if begun and state.phase == "accepted" else state.phase
    return replace(state, items=items, phase=phase)


def handover(state: State, act: Act) -> State:
    """One signature of two."""
    signed = {**state.handover, act.side: act.hash}
    return replace(state, handover=signed, ended_at=moment(act.entry.time))


def complete(state: State, act: Act) -> State:
    """Rests as completed; follow-ups go on."""
    ended = state.ended_at or moment(act.entry.time)
    return replace(state, items=_delivered(state, act), ended_at=ended).resting("completed")


def close(state: State, act: Act) -> State:
    """The origin's loop ends; a request to cancel is settled with it, and nothing else changes."""
    return replace(state, closed=True, cancel_pending=False)


def remind(state: State, act: Act) -> State:
    """The destination is reminded, until it does something."""
    return _respond_by(replace(state, reminded=act.hash), act)


def clarify(state: State, act: Act) -> State:
    """A question is open; a newer one stands in for it."""
    return replace(state, question=act.hash, reminded="")


def answer(state: State, act: Act) -> State:
    """The question is answered."""
    return replace(state, question="")


def cancel(state: State, act: Act) -> State:
    """The destination is asked to cancel; until it answers, everything goes on."""
    return replace(state, cancel_pending=True)


def confirm_cancel(state: State, act: Act) -> State:
    """Rests as cancelled."""
    return state.resting("cancelled")


def expire(state: State, act: Act) -> State:
    """Rests as expired."""
    return state.resting("expired")


def pause(state: State, act: Act) -> State:
    """What the destination does waits."""
    return replace(state, pause_reason=act.entry.pause_reason, reminded="")


def resume(state: State, act: Act) -> State:
    """It goes on."""
    return replace(state, pause_reason="")


def propose_forward(state: State, act: Act) -> State:
    """Another agency is proposed. Nothing goes there by this."""
    return replace(state, forward=act.hash, reminded="")


def follow_up(state: State, act: Act) -> State:
    """One more follow-up was held."""
    return replace(state, follow_ups=(*state.follow_ups, moment(act.entry.time)))


def alert(state: State, act: Act) -> State:
    """A warning stands until the other side has written since it saw it."""
    return _raise(state, act, act.entry.alert)


def complaint(state: State, act: Act) -> State:
    """A complaint stands until the other side has written since it saw it."""
    return _raise(state, act, act.entry.complaint)


def _raise(state: State, act: Act, code: str) -> State:
    one = Raised(act.kind, code, act.side, act.entry.seq, act.hash)
    return replace(state, raised=(*state.raised, one))


def correct(state: State, act: Act) -> State:
    """The parts that are named give way to those of this entry; items stand as reported, and make
    the referral active as in progress.
    """
    parts = dict(state.parts)
    for digest in act.entry.corrects:
        part = parts.get(digest)
        if part is not None and part.author == act.side and part.state in ("sent", "opened"):
            parts[digest] = replace(part, state="corrected")
    return _moved(replace(state, parts=parts), act)


def opened(state: State, act: Act) -> State:
    """Parts that were only sent have now been read."""
    parts = dict(state.parts)
    for digest in act.entry.opened:
        part = parts.get(digest)
        if part is not None and part.state == "sent":
            parts[digest] = replace(part, state="opened")
    return replace(state, parts=parts, read=True)


def withdraw(state: State, act: Act) -> State:
    """Voids every part in scope so far; of everything, it rests the referral.

    Parts of entries that come later but had not seen it are voided by the fold in their turn.
    """
    scope = act.entry.withdrawal
    categories = covered(scope.categories)
    state = _take_back(state, act, everything=scope.everything, categories=categories)
    if not scope.everything or state.phase == "invalidated":
        return state
    return state.resting("withdrawn")


def invalidate(state: State, act: Act) -> State:
    """Made in error: every part is void, and the referral ends for good."""
    state = _take_back(state, act, everything=True, categories=frozenset())
    return replace(state.resting(""), phase="invalidated")


def _take_back(state: State, act: Act, *, everything: bool, categories: frozenset[str]) -> State:
    one = Withdrawn(
        act.hash, act.side, act.entry.seq, everything, categories, act.kind,
        linked=act.entry.withdrawal.linked,
    )  # fmt: skip
    parts = {
        digest: _void(part, act.hash) if one.covers(part.category) else part
        for digest, part in state.parts.items()
    }
    return replace(state, parts=parts, withdrawals=(*state.withdrawals, one))


def _void(part: PartStatus, withdrawal: str) -> PartStatus:
    """The part, taken back. One that was refused stays so, but its author's copy is void too."""
    voided = (*part.voided, withdrawal)
    if part.state in ("sent", "opened", "corrected", "withdrawn"):
        return replace(part, state="withdrawn", voided=voided)
    return replace(part, voided=voided)


def erased(state: State, act: Act) -> State:
    """One holder has certified. When both have, and nobody further down is waited for, what that
    withdrawal took back is erased, save what one of them keeps by law.
    """
    certificate = act.entry.certificate
    named = certificate.withdrawal
    mine = certificates.after(state.certificates.get((act.side, named)), certificate)
    said = {**state.certificates, (act.side, named): mine}
    both = [said[side, named] for side in SIDES if (side, named) in said]
    parts = dict(state.parts)
    if len(both) == len(SIDES) and not any(one.awaits for one in both):
        for digest, part in parts.items():
            gone = part.state == "withdrawn" and named in part.voided
            if gone and not any(one.keeps(part.category) for one in both):
                parts[digest] = replace(part, state="erased")
    certified = state.certified | {(act.side, named)}
    return replace(state, parts=parts, certified=certified, certificates=said)
