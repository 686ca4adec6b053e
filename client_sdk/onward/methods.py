"""The calls of onward.calls as methods of the two clients: one line for each.

A method of Calls is a generator of steps. Here it becomes one that runs them, blocking or
awaited, with the same parameters and documentation.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from onward.calls import Calls
from onward.session import Feed, Steps

P = ParamSpec("P")
T = TypeVar("T")


class _Blocking(Protocol):
    _calls: Calls

    def _run(self, steps: Steps[T]) -> T: ...
    def _list(self, feed: Feed[T]) -> Generator[T, None, None]: ...


class _Awaited(Protocol):
    _calls: Calls

    async def _run(self, steps: Steps[T]) -> T: ...
    def _list(self, feed: Feed[T]) -> AsyncGenerator[T, None]: ...


def _blocking(
    steps: Callable[Concatenate[Calls, P], Steps[T]],
) -> Callable[Concatenate[_Blocking, P], T]:
    @functools.wraps(steps)
    def method(client: _Blocking, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return client._run(steps(client._calls, *args, **kwargs))

    return method


def _listing(
    feed: Callable[Concatenate[Calls, P], Feed[T]],
) -> Callable[Concatenate[_Blocking, P], Generator[T, None, None]]:
    @functools.wraps(feed)
    def method(client: _Blocking, /, *args: P.args, **kwargs: P.kwargs) -> Generator[T, None, None]:
        return client._list(feed(client._calls, *args, **kwargs))

    return method


def _awaited(
    steps: Callable[Concatenate[Calls, P], Steps[T]],
) -> Callable[Concatenate[_Awaited, P], Coroutine[Any, Any, T]]:
    @functools.wraps(steps)
    async def method(client: _Awaited, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await client._run(steps(client._calls, *args, **kwargs))

    return method


def _alisting(
    feed: Callable[Concatenate[Calls, P], Feed[T]],
) -> Callable[Concatenate[_Awaited, P], AsyncGenerator[T, None]]:
    @functools.wraps(feed)
    def method(client: _Awaited, /, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[T, None]:
        return client._list(feed(client._calls, *args, **kwargs))

    return method


class BlockingMethods:
    """Every call, blocking."""

    offer = _blocking(Calls.offer)
    acknowledge = _blocking(Calls.acknowledge)
    decide = _blocking(Calls.decide)
    disclose = _blocking(Calls.disclose)
    open = _blocking(Calls.open)
    progress = _blocking(Calls.progress)
    handover = _blocking(Calls.handover)
    follow_up = _blocking(Calls.follow_up)
    complete = _blocking(Calls.complete)
    close = _blocking(Calls.close)
    amend = _blocking(Calls.amend)
    answer = _blocking(Calls.answer)
    remind = _blocking(Calls.remind)
    cancel = _blocking(Calls.cancel)
    expire = _blocking(Calls.expire)
    reopen = _blocking(Calls.reopen)
    recall = _blocking(Calls.recall)
    invalidate = _blocking(Calls.invalidate)
    clarify = _blocking(Calls.clarify)
    confirm_cancel = _blocking(Calls.confirm_cancel)
    pause = _blocking(Calls.pause)
    resume = _blocking(Calls.resume)
    propose_forward = _blocking(Calls.propose_forward)
    choice = _blocking(Calls.choice)
    correct = _blocking(Calls.correct)
    milestone = _blocking(Calls.milestone)
    alert = _blocking(Calls.alert)
    complaint = _blocking(Calls.complaint)
    withdraw = _blocking(Calls.withdraw)
    erase = _blocking(Calls.erase)
    preview = _blocking(Calls.preview)
    get_referral = _blocking(Calls.get_referral)
    list_referrals = _listing(Calls.list_referrals)
    list_entries = _blocking(Calls.list_entries)
    export_log = _blocking(Calls.export_log)
    list_needs_human = _blocking(Calls.list_needs_human)
    watch = _listing(Calls.watch)
    record_consent = _blocking(Calls.record_consent)
    get_consent = _blocking(Calls.get_consent)
    find_consents = _blocking(Calls.find_consents)
    list_disclosures = _blocking(Calls.list_disclosures)
    add_agreement = _blocking(Calls.add_agreement)
    end_agreement = _blocking(Calls.end_agreement)
    list_agreements = _blocking(Calls.list_agreements)
    propose_basis = _blocking(Calls.propose_basis)
    approve_basis = _blocking(Calls.approve_basis)
    review_basis = _blocking(Calls.review_basis)
    tell_person = _blocking(Calls.tell_person)
    get_basis = _blocking(Calls.get_basis)
    count_bases = _blocking(Calls.count_bases)
    request_break_glass = _blocking(Calls.request_break_glass)
    approve_break_glass = _blocking(Calls.approve_break_glass)
    get_break_glass = _blocking(Calls.get_break_glass)
    open_break_glass = _blocking(Calls.open_break_glass)
    review_break_glass = _blocking(Calls.review_break_glass)
    list_consent_versions = _blocking(Calls.list_consent_versions)
    explain = _blocking(Calls.explain)
    show_preview = _blocking(Calls.show_preview)
    get_shown_preview = _blocking(Calls.get_shown_preview)
    check_understanding = _blocking(Calls.check_understanding)
    list_suspected = _blocking(Calls.list_suspected)
    confirm_withdrawal = _blocking(Calls.confirm_withdrawal)
    list_agencies = _blocking(Calls.list_agencies)
    publish_services = _blocking(Calls.publish_services)
    list_services = _blocking(Calls.list_services)
    list_audit = _listing(Calls.list_audit)
    make_standing_offer = _blocking(Calls.make_standing_offer)
    list_standing_offers = _listing(Calls.list_standing_offers)
    revoke_standing_offer = _blocking(Calls.revoke_standing_offer)
    claim = _blocking(Calls.claim)
    refer_self = _blocking(Calls.refer_self)
    lodge_complaint = _blocking(Calls.lodge_complaint)
    answer_knock = _blocking(Calls.answer_knock)
    get_knock = _blocking(Calls.get_knock)
    list_knocks = _listing(Calls.list_knocks)
    place_hold = _blocking(Calls.place_hold)
    lift_hold = _blocking(Calls.lift_hold)
    list_holds = _blocking(Calls.list_holds)


class AwaitedMethods:
    """Every call, awaited."""

    offer = _awaited(Calls.offer)
    acknowledge = _awaited(Calls.acknowledge)
    decide = _awaited(Calls.decide)
    disclose = _awaited(Calls.disclose)
    open = _awaited(Calls.open)
    progress = _awaited(Calls.progress)
    handover = _awaited(Calls.handover)
    follow_up = _awaited(Calls.follow_up)
    complete = _awaited(Calls.complete)
    close = _awaited(Calls.close)
    amend = _awaited(Calls.amend)
    answer = _awaited(Calls.answer)
    remind = _awaited(Calls.remind)
    cancel = _awaited(Calls.cancel)
    expire = _awaited(Calls.expire)
    reopen = _awaited(Calls.reopen)
    recall = _awaited(Calls.recall)
    invalidate = _awaited(Calls.invalidate)
    clarify = _awaited(Calls.clarify)
    confirm_cancel = _awaited(Calls.confirm_cancel)
    pause = _awaited(Calls.pause)
    resume = _awaited(Calls.resume)
    propose_forward = _awaited(Calls.propose_forward)
    choice = _awaited(Calls.choice)
    correct = _awaited(Calls.correct)
    milestone = _awaited(Calls.milestone)
    alert = _awaited(Calls.alert)
    complaint = _awaited(Calls.complaint)
    withdraw = _awaited(Calls.withdraw)
    erase = _awaited(Calls.erase)
    preview = _awaited(Calls.preview)
    get_referral = _awaited(Calls.get_referral)
    list_referrals = _alisting(Calls.list_referrals)
    list_entries = _awaited(Calls.list_entries)
    export_log = _awaited(Calls.export_log)
    list_needs_human = _awaited(Calls.list_needs_human)
    watch = _alisting(Calls.watch)
    record_consent = _awaited(Calls.record_consent)
    get_consent = _awaited(Calls.get_consent)
    find_consents = _awaited(Calls.find_consents)
    list_disclosures = _awaited(Calls.list_disclosures)
    add_agreement = _awaited(Calls.add_agreement)
    end_agreement = _awaited(Calls.end_agreement)
    list_agreements = _awaited(Calls.list_agreements)
    propose_basis = _awaited(Calls.propose_basis)
    approve_basis = _awaited(Calls.approve_basis)
    review_basis = _awaited(Calls.review_basis)
    tell_person = _awaited(Calls.tell_person)
    get_basis = _awaited(Calls.get_basis)
    count_bases = _awaited(Calls.count_bases)
    request_break_glass = _awaited(Calls.request_break_glass)
    approve_break_glass = _awaited(Calls.approve_break_glass)
    get_break_glass = _awaited(Calls.get_break_glass)
    open_break_glass = _awaited(Calls.open_break_glass)
    review_break_glass = _awaited(Calls.review_break_glass)
    list_consent_versions = _awaited(Calls.list_consent_versions)
    explain = _awaited(Calls.explain)
    show_preview = _awaited(Calls.show_preview)
    get_shown_preview = _awaited(Calls.get_shown_preview)
    check_understanding = _awaited(Calls.check_understanding)
    list_suspected = _awaited(Calls.list_suspected)
    confirm_withdrawal = _awaited(Calls.confirm_withdrawal)
    list_agencies = _awaited(Calls.list_agencies)
    publish_services = _awaited(Calls.publish_services)
    list_services = _awaited(Calls.list_services)
    list_audit = _alisting(Calls.list_audit)
    make_standing_offer = _awaited(Calls.make_standing_offer)
    list_standing_offers = _alisting(Calls.list_standing_offers)
    revoke_standing_offer = _awaited(Calls.revoke_standing_offer)
    claim = _awaited(Calls.claim)
    refer_self = _awaited(Calls.refer_self)
    lodge_complaint = _awaited(Calls.lodge_complaint)
    answer_knock = _awaited(Calls.answer_knock)
    get_knock = _awaited(Calls.get_knock)
    list_knocks = _alisting(Calls.list_knocks)
    place_hold = _awaited(Calls.place_hold)
    lift_hold = _awaited(Calls.lift_hold)
    list_holds = _awaited(Calls.list_holds)
