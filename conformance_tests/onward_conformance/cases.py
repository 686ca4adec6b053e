"""A referral that the target offers to an agency of the suite, from the person's consent on."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from onward_conformance.check import Bench
from onward_conformance.hands import Refusal
from onward_conformance.jose import digest, read
from onward_conformance.network import Agency, Json, moment, now
from onward_conformance.peer import Arrival, Hung, Manner
from onward_conformance.referral import Referral, identifier, part
from onward_conformance.results import Failed
from onward_conformance.said import claims

OFFER: Json = {
    "ageBand": {"band": "a24_26", "ageClass": "adult"}, "sex": {"sex": "female"},
    "language": {"primary": "tlh"},
    "needsServices": {"items": [{"number": 1, "serviceType": "trauma_therapy", "wish": "now"}]},
}  # fmt: skip
"""What an offer can tell of a synthetic person."""

WORDS = {
    "name": "Canaryname", "contact_safe": "+8801700000042", "date_of_birth": "1999-04-17",
    "mental_health": "canary of her mind", "exploitation_detail_narrative": "canary of her story",
    "language": "tlh",
}  # fmt: skip
"""What tells that a category was sent, wherever it stands: nothing else holds these words."""

CONTENT: Json = {
    "name": {"firstName": WORDS["name"]},
    "contactSafe": {
        "rule": "only_these_ways",
        "ways": [{"channel": "mobile_call", "mobilePhone": WORDS["contact_safe"]}],
    },
    "dateOfBirth": {"date": WORDS["date_of_birth"]},
    "mentalHealth": {"ownWords": WORDS["mental_health"], "ownWordsLanguage": "en"},
    "exploitationDetailNarrative": {
        "narrative": WORDS["exploitation_detail_narrative"], "language": "en",
    },
}  # fmt: skip
"""What is told after the acceptance."""

PERMIT = (
    "age_band", "sex", "language", "needs_services", "name", "contact_safe", "date_of_birth",
)  # fmt: skip
"""What she agrees to, unless a check says something else."""

ITEMS: list[Json] = [{"number": 1, "wish": "now"}]
ACCEPTED: list[Json] = [{"number": 1, "state": "accepted"}]


def record(consent_to: Agency, **changed: Any) -> Json:
    """A consent record of a synthetic adult, for one agency of the suite."""
    here = now()
    return {
        "subjectId": identifier(), "subjectKind": "survivor", "ageClass": "adult",
        "status": "given", "purposes": ["service_delivery"], "recipients": [consent_to.name],
        "countries": [consent_to.country], "permit": list(PERMIT), "onwardSharing": "none",
        "feedback": "status_and_outcome", "validFrom": moment(here - timedelta(days=2)),
        "validUntil": moment(here + timedelta(days=200)), "retentionDays": 30,
        "givenAt": moment(here - timedelta(hours=1)), "givenBy": "self", "method": "written",
        "noticeLanguage": "en", "noticeForm": "text", "comprehensionChecked": True,
    } | changed  # fmt: skip


def agreed(bench: Bench, to: Agency | None = None, **changed: Any) -> Json:
    """A consent that a person at the target has recorded."""
    said = record(to or bench.cast.partner, **changed)
    return bench.act("Consents.RecordConsent", {"consent": said})


@dataclass
class Case:
    """One referral that the target has offered. The suite is its destination."""

    bench: Bench
    consent: Json
    referral: Referral
    offered: Json = field(default_factory=dict)
    """The offer, as it came."""

    @property
    def id(self) -> str:
        """Of the referral."""
        return self.referral.referral_id

    def ask(self, name: str, **request: Any) -> Json:
        """A person at the target does this in the referral."""
        return self.bench.act(f"Referrals.{name}", {"referralId": self.id, **request})

    def refused(self, name: str, *reasons: str, **request: Any) -> None:
        """The target must refuse to do this."""
        asked = {"referralId": self.id, **request}
        self.bench.act_refused(f"Referrals.{name}", asked, *reasons)

    def came(self, kind: str, *, by: str = "") -> Json:
        """The target's newest entry of this kind, waited for, with its parts."""
        return self.bench.whole(self.referral, self.bench.came(self.referral, kind, by=by))

    def write(self, kind: str, parts: list[Json] | None = None, **changed: Any) -> Json:
        """The suite's next entry, delivered. Gives what the target's receipt says."""
        token = self.referral.write(kind, parts, **changed)
        return self.deliver([token], parts)

    def deliver(self, tokens: list[str], parts: list[Json] | None = None) -> Json:
        """An envelope with these, which the target must receipt."""
        said = self.bench.taken(self.referral.envelope(self.referral.bundle(tokens, parts)))
        head = said.get("heads", {}).get("destination", {})
        if head.get("seq") != len(self.referral.log):
            right = f"the destination's head with number {len(self.referral.log)} in the receipt"
            raise Failed(right, head, by="RCPT-003")
        return said

    def accept(self) -> None:
        """The suite accepts what was asked for."""
        tokens = [self.referral.write("acknowledge"), self.referral.write("decide", items=ACCEPTED)]
        self.deliver(tokens)

    def content(self, what: Json | None = None) -> Json:
        """A request to disclose."""
        given = CONTENT if what is None else what
        return {"consentId": self.consent["consentId"], "record": given}

    def disclose(self, what: Json | None = None) -> Json:
        """The target discloses, and it has come. Gives its entry."""
        before = len(self.referral.came)
        self.ask("Disclose", **self.content(what))
        return self.next("disclose", before)

    def next(self, kind: str, before: int, *, by: str = "") -> Json:
        """The target's first entry of this kind after so many, waited for, with its parts."""

        def look() -> Json | None:
            return next((one for one in self.referral.came[before:] if one["kind"] == kind), None)

        return self.bench.whole(self.referral, self.bench.until(f"an entry {kind}", look, by=by))

    def newer(self, **changed: Any) -> None:
        """A next version of the consent behind it is recorded."""
        said = {"consent": self.consent | changed}
        self.consent = self.bench.act("Consents.RecordConsent", said)

    def withdraw(self, *categories: str, **more: Any) -> None:
        """A person at the target takes back these categories; everything, if none is named."""
        scope: Json = {"categories": list(categories)} if categories else {"everything": True}
        self.ask("Withdraw", withdrawal=scope | more.pop("scope", {}), **more)

    def answers(self, manner: Manner | None) -> None:
        """How the suite answers in this referral from now on. None: well."""
        with self.bench.peer.lock:
            if manner is None:
                self.bench.peer.manners.pop(self.id, None)
            else:
                self.bench.peer.manners[self.id] = manner

    @property
    def arrivals(self) -> list[Arrival]:
        """What came of this referral, oldest first."""
        with self.bench.peer.lock:
            found = list(self.bench.peer.arrivals)
        return [one for one in found if one.bundle.get("referralId") == self.id]

    @property
    def categories(self) -> set[str]:
        """Categories of the parts that came, grants aside."""
        return {one["category"] for one in self.referral.parts} - {"grant"}

    def grant(self, entry: Json) -> Json:
        """The grant that an entry of the target names, from the parts that came."""
        for one in self.referral.parts:
            said = claims(one["content"].encode())
            if one["category"] == "grant" and said["grantId"] == entry.get("grantId"):
                found: Json = said
                return found
        raise Failed("the grant that the entry names", "none of that id", by="GRNT-001")


def offered(
    bench: Bench, to: Agency | None = None, *, what: Json | None = None, link: Json | None = None,
    consent: Json | None = None, items: list[Json] | None = None, **changed: Any,
) -> Case:  # fmt: skip
    """A referral that the target has offered, by a new consent unless one is given."""
    to = to or bench.cast.partner
    consent = consent or agreed(bench, to, **changed)
    request: Json = {
        "destination": to.name, "consentId": consent["consentId"], "items": items or ITEMS,
        "record": OFFER if what is None else what,
    }  # fmt: skip
    told = bench.act("Referrals.Offer", request | ({"link": link} if link else {}))
    name = told["referral"]["referralId"]
    referral = bench.until("the offer", lambda: bench.peer.referrals.get(name))
    return Case(bench, consent, referral, bench.whole(referral, bench.came(referral, "offer")))


def accepted(bench: Bench, to: Agency | None = None, **changed: Any) -> Case:
    """One that the suite has accepted."""
    case = offered(bench, to, **changed)
    case.accept()
    return case


def disclosed(bench: Bench, to: Agency | None = None, **changed: Any) -> Case:
    """One in which content has come."""
    case = accepted(bench, to, **changed)
    case.disclose()
    return case


def entries(arrival: Arrival) -> list[Json]:
    """The entries of an envelope, read."""
    return [claims(read(one)[1]) for one in arrival.bundle.get("entries", [])]


def told_since(bench: Bench, referral: Referral, kind: str) -> set[str]:
    """Categories of what came from the first envelope on that has an entry of this kind. One that
    was on its way before that entry was written tells nothing of what counts since.
    """
    with bench.peer.lock:
        found = list(bench.peer.arrivals)
    mine = [one for one in found if one.bundle.get("referralId") == referral.referral_id]
    kinds = [any(each["kind"] == kind for each in entries(one)) for one in mine]
    later = mine[kinds.index(True) :] if True in kinds else []
    return {part["category"] for one in later for part in one.bundle.get("parts", [])} - {"grant"}


def plain(arrival: Arrival) -> str:
    """All that an envelope tells to who opens it, with every token in it read."""
    inside = arrival.bundle | {"entries": entries(arrival)}
    said = [one["content"] for one in inside.pop("parts", [])]
    return "\n".join([json.dumps(arrival.header), json.dumps(inside), *said])


def certified(bench: Bench, referral: Referral, *, by: str = "FOLD-022") -> Json:
    """The target certifies what was taken back; it may have done so by itself. Gives the entry."""
    with suppress(Refusal):
        bench.hand.call("Referrals.Erase", {"referralId": referral.referral_id})
    return bench.came(referral, "erased", by=by)


def once(manner: Manner, times: int = 1, *, knock: str = "") -> Manner:
    """Answer so the first time, and then well; where it is named, the first knock of this kind."""
    left = [times]

    def answer(arrival: Arrival, result: Json) -> Json:
        if knock and knock not in arrival.sealed.get("knock", {}):
            return result
        left[0] -= 1
        return manner(arrival, result) if left[0] >= 0 else result

    return answer


def hang(_arrival: Arrival, _result: Json) -> Json:
    """Never answer."""
    raise Hung


def sent_again(case: Case, seq: int, after: int, *, by: str) -> Arrival:
    """The envelope in which the entry of this number came once more, after so many envelopes.

    Failed as soon as a later entry comes without it.
    """

    def look() -> Arrival | None:
        for one in case.arrivals[after:]:
            numbers = [each["seq"] for each in entries(one)]
            if seq in numbers:
                return one
            if numbers and min(numbers) > seq:
                raise Failed(f"entry {seq} again", f"entry {min(numbers)} first", by=by)
        return None

    return case.bench.until(f"entry {seq} again", look, by=by)


def outcome(case: Case, **changed: Any) -> list[Json]:
    """Parts of the suite that tell how it went, under a grant of its own."""
    rating = {"domain": "safety", "rater": "survivor", "date": "2026-11-20", "value": 7}
    grant = case.referral.grant(["outcomes"], **changed)
    return [part("grant", grant), part("outcomes", {"ratings": [rating]})]


def granted(parts: list[Json]) -> str:
    """The id of the grant among parts."""
    name: str = json.loads(parts[0]["content"])["grantId"]
    return name


def erase(bench: Bench, referral_id: str) -> None:
    """What was taken back is destroyed now, if the target's delay has not ended already."""
    with suppress(Refusal):
        bench.hand.call("Referrals.Erase", {"referralId": referral_id})


def withdrawal_of(case: Case) -> str:
    """The hash of the target's newest withdrawal."""
    kinds = case.referral.kinds()
    number = len(kinds) - 1 - kinds[::-1].index("withdraw")
    return digest(case.referral.theirs[number])
