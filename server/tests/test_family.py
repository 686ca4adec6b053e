"""Family: linked referrals, the survivor's veto, and nothing that tells what happened to her."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nodes import Pair, reason
from onward.calls import offer_record
from onward.core import spec
from onward.core.parse import to_json
from onward.v1.categories_pb2 import CaseRecord, Name
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import LinkRequest
from people import DESTINATION, PERMIT, agreed, record, wishes
from relatives import AGREED, Sisters, household, link, not_to_contact, viable
from serving import WAYS, Serving, Way


@pytest.fixture
def sisters(pair: Pair) -> Sisters:
    return Sisters(pair)


def wire(pair: Pair) -> bytes:
    """All that lies at the other agency, opened with its own keys, and its views."""
    found = []
    there = pair.destination
    for view in there.client.list_referrals():
        found.append(to_json(view))
        entries = there.client.list_entries(view.referral_id)
        found += [to_json(one.entry) for one in entries]
        for row in there.store.read(lambda tx, id_=view.referral_id: tx.parts(id_)):
            if row.content is not None:
                bound = f"{there.agency}/part/{row.digest}"
                found.append(there.keys.decrypt(row.key_id, bound, row.content))
    return b"\n".join(found)


# Links stay at the node


def test_a_link_shows_both_ways_here_and_never_there(sisters: Sisters) -> None:
    pair = sisters.pair
    sister = sisters.offer(link=link(sisters.survivor, assessment=viable()))
    assert sisters.links(sister) == [("family", sisters.survivor, "sibling")]
    assert sisters.links(sisters.survivor) == [("family", sister, "sibling")]
    sisters.accept(sister)
    sisters.disclose(sister)
    pair.settle()
    for view in pair.destination.client.list_referrals():
        assert not view.links
    found = wire(pair)
    assert b"Samplesister" in found
    for told in (b"sibling", b"family_member", b'"family"', b"viable"):
        assert told not in found
    # Neither referral's log names the other.
    for one, other in ((sister, sisters.survivor), (sisters.survivor, sister)):
        log = pair.destination.client.list_entries(one)
        assert not any(other.encode() in to_json(entry.entry) for entry in log)


def test_a_stolen_database_does_not_tell_who_is_whose_sister(sisters: Sisters) -> None:
    sister = sisters.offer()
    sisters.change(contact_family="no")  # An ended link lies there too.
    sisters.here.get_referral(sister)
    with sisters.pair.origin.store.engine.connect() as db:
        rows = db.exec_driver_sql("SELECT * FROM links").fetchall()
        answers = db.exec_driver_sql("SELECT answer FROM answers").fetchall()
    assert len(rows) == 1
    assert sisters.survivor not in str(rows)
    kept = b"".join(bytes(row[0]) for row in answers)
    raw = (sisters.pair.folder / sisters.pair.origin.agency / "node.sqlite3").read_bytes()
    for told in (b"sibling", b"Rahela", b"rahela", b"family_contact_ended"):
        assert told not in kept + raw
    for told in (b"sibling", sisters.survivor.encode()):
        assert told not in b"".join(bytes(a[0]) for a in answers if sister.encode() in a[0])


def test_the_same_request_again_shows_the_same_links(sisters: Sisters) -> None:
    given: dict[str, Any] = {
        "destination": DESTINATION, "consent_id": sisters.record_member(),
        "items": [Item(number=1, wish="now")], "record": household(),
        "link": link(sisters.survivor), "request_id": "request-again-0001",
    }  # fmt: skip
    first, again = sisters.here.offer(**given), sisters.here.offer(**given)
    assert first == again
    assert [one.kind for one in again.referral.links] == ["family"]


def test_two_referrals_by_one_consent_are_of_one_person(pair: Pair) -> None:
    first = pair.offer()
    client = pair.origin.client
    asked: dict[str, Any] = {"destination": DESTINATION, "items": wishes(), "record": record()}
    forward = LinkRequest(kind="forward", referral_id=first)
    sent = client.offer(consent_id=pair.consent_id, link=forward, **asked).referral
    assert {(one.kind, one.referral_id) for one in sent.links} == {
        ("forward", first), ("same_person", first),
    }  # fmt: skip
    assert len(client.get_referral(first).links) == 2
    pair.settle()
    assert not any(view.links for view in pair.destination.client.list_referrals())


def test_what_a_link_must_name(sisters: Sisters) -> None:
    own = sisters.survivor
    assert reason(sisters.offer, link=link("referral-unknown")) == "NOT_FOUND"
    same = LinkRequest(kind="same_person", referral_id=own)
    assert reason(sisters.offer, link=same) == "INVALID_FIELD"
    assert reason(sisters.offer, link=link(own, relation="")) == "INVALID_FIELD"
    # A referral of hers, not of a member of her family.
    sister = sisters.offer()
    assert reason(sisters.offer, link=link(sister)) == "FAMILY_CONTACT_DENIED"


# Her veto, on both transports

DENIED: dict[str, dict[str, Any]] = {
    "nobody asked her": {"contact_family": ""},
    "she said no": {"contact_family": "no"},
    "nobody in the family": {"do_not_contact": not_to_contact()},
    "this sister": {"do_not_contact": not_to_contact(("", "samplesister  RAHELA"))},
    "any sister": {"do_not_contact": not_to_contact(("sibling", ""))},
    "her consent is taken back": {"status": "withdrawn"},
}
DENIED["nobody in the family"]["do_not_contact"].all_family = True


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pair, Serving]]:
    pair = Pair(tmp_path_factory.mktemp("house"))
    serving = Serving(pair.origin, pair.destination)
    yield pair, serving
    serving.close()
    pair.close()


def attempt(house: tuple[Pair, Serving], way: Way, **consent: Any) -> tuple[Sisters, Any]:
    """A survivor who said this, and a way to offer her sister's referral."""
    pair, serving = house
    sisters = Sisters(pair)
    sisters.here = serving.client(pair.origin, way)
    if consent:
        sisters.change(**consent)
    return sisters, sisters.offer


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("said", DENIED)
def test_whatever_kind_of_no_she_said_the_answer_is_one(
    house: tuple[Pair, Serving], way: Way, said: str
) -> None:
    sisters, offer = attempt(house, way, **DENIED[said])
    consent = sisters.record_member()
    before = house[0].origin.rows()
    assert reason(offer, consent) == "FAMILY_CONTACT_DENIED"
    assert house[0].origin.rows() == before


@pytest.mark.parametrize("way", WAYS)
def test_a_family_that_is_not_viable(house: tuple[Pair, Serving], way: Way) -> None:
    sisters, offer = attempt(house, way)
    consent = sisters.record_member()
    before = house[0].origin.rows()
    for found in (viable("not_viable"), viable(abuser_in_household=True)):
        asked = link(sisters.survivor, assessment=found)
        assert reason(offer, consent, link=asked) == "FAMILY_NOT_VIABLE"
    assert house[0].origin.rows() == before
    assert offer(consent, link=link(sisters.survivor, assessment=viable("viable_with_support")))


@pytest.mark.parametrize("way", WAYS)
def test_a_member_speaks_for_themselves(house: tuple[Pair, Serving], way: Way) -> None:
    sisters, offer = attempt(house, way)
    subject = sisters.here.get_consent(sisters.her_consent).subject_id
    assert reason(offer, sisters.her_consent) == "CONSENT_SCOPE"
    assert reason(offer, sisters.record_member(subject_kind="survivor")) == "CONSENT_SCOPE"
    assert reason(offer, sisters.record_member(subject_id=subject)) == "CONSENT_SCOPE"
    # Without a link nobody could ask what the survivor said.
    assert reason(offer, link=None) == "CONSENT_SCOPE"


def test_a_members_further_referral_stays_under_her_word(sisters: Sisters) -> None:
    sister = sisters.offer()
    again = sisters.offer(sisters.member_consent, link=None)
    assert ("family", sisters.survivor, "sibling") in sisters.links(again)
    anew = LinkRequest(kind="resumes", referral_id=sister)
    third = sisters.offer(link=anew)
    assert {kind for kind, *_ in sisters.links(third)} == {"family", "resumes"}
    sisters.change(do_not_contact=not_to_contact(("", "Rahela Samplesister")))
    for more in ({"link": None}, {"link": anew}):
        work = reason(sisters.offer, sisters.member_consent, **more)
        assert work == "FAMILY_CONTACT_DENIED"


# Her later word


def test_taking_it_back_ends_what_was_not_accepted(sisters: Sisters) -> None:
    pair, sister = sisters.pair, sisters.offer()
    sisters.change(contact_family="no")
    assert pair.origin.needs(sister) == ["family_contact_ended"]
    assert sister in {one.referral_id for one in sisters.here.list_needs_human()}
    assert sisters.links(sister) == sisters.links(sisters.survivor) == []
    assert pair.destination.needs(sister) == ["acknowledge_offer"]
    before = pair.origin.rows()
    more = [Item(number=2, wish="now")]
    amend = sisters.here.amend
    told: dict[str, Any] = {"items": more, "record": offer_record(household())}
    assert reason(amend, sister, **told) == "FAMILY_CONTACT_DENIED"
    assert pair.origin.rows() == before
    # An acceptance that comes later does not undo her no.
    sisters.accept(sister)
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED"
    assert pair.origin.needs(sister) == ["family_contact_ended"]
    # Acts without content go on, and so does her yes.
    sisters.change(contact_family="only_agreed")
    sisters.disclose(sister)
    sisters.change(contact_family="no")
    sisters.here.get_referral(sister)
    sisters.here.cancel(sister, cancel_reason=spec.registries()["cancel_reason"].allowed()[0])


def test_a_withdrawal_of_everything_ends_it_too(sisters: Sisters) -> None:
    sister = sisters.offer()
    sisters.here.withdraw(sisters.survivor, everything=True)
    assert sisters.pair.origin.needs(sister) == ["family_contact_ended"]
    sisters.pair.settle()
    sisters.accept(sister)
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED"


def test_a_withdrawal_at_the_other_agency_ends_it_too(sisters: Sisters) -> None:
    sister = sisters.offer()
    there = sisters.pair.destination.client
    there.withdraw(sisters.survivor, everything=True)
    sisters.pair.settle()
    assert "family_contact_ended" in sisters.pair.origin.needs(sister)


def test_who_was_accepted_goes_on_alone(sisters: Sisters) -> None:
    sister = sisters.offer()
    sisters.accept(sister)
    sisters.change(contact_family="no")
    assert sisters.links(sister) == sisters.links(sisters.survivor) == []
    assert sisters.pair.origin.needs(sister) == []
    sisters.disclose(sister)
    sisters.here.withdraw(sisters.survivor, everything=True)
    sisters.disclose(sister)
    assert sisters.pair.origin.needs(sister) == []
    # But for nobody new, and not for somebody whom she names.
    assert reason(sisters.offer) == "FAMILY_CONTACT_DENIED"


def test_a_name_on_her_list_wins_whatever_was_agreed(sisters: Sisters) -> None:
    sister = sisters.offer()
    sisters.accept(sister)
    sisters.change(do_not_contact=not_to_contact(("", "RAHELA")))
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED"
    assert sisters.pair.origin.needs(sister) == ["family_contact_ended"]


def test_a_name_that_is_told_only_later_is_held_against_her_list(pair: Pair) -> None:
    sisters = Sisters(pair, do_not_contact=not_to_contact(("parent", "Rahela Samplesister")))
    sister = sisters.offer(link=link(sisters.survivor, name=Name()))
    sisters.accept(sister)
    assert reason(sisters.disclose, sister) == "FAMILY_CONTACT_DENIED"
    nameless = household()
    nameless.ClearField("name")
    sisters.disclose(sister, nameless)


def test_a_members_no_changes_nothing_for_the_survivor(sisters: Sisters) -> None:
    pair, sister = sisters.pair, sisters.offer()
    before = pair.views(sisters.survivor)
    links = sisters.links(sisters.survivor)
    sisters.here.get_referral(sister)
    sisters.here.choice(sister, [Item(number=1, wish="never")])
    pair.settle()
    assert pair.views(sisters.survivor) == before
    assert sisters.links(sisters.survivor) == links
    sisters.here.withdraw(sister, everything=True)
    pair.settle()
    pair.erase()
    now = pair.views(sisters.survivor)
    for one, other in zip(now, before, strict=True):
        one.ClearField("links")
        other.ClearField("links")
        assert one == other
    # The link went with what she took back.
    assert sisters.links(sisters.survivor) == []
    pair.disclose(sisters.survivor)
    assert pair.destination.client.open(sisters.survivor).record.name.first_name == "Sample"


# Nothing that tells


def full() -> CaseRecord:
    """A member's record into which somebody wrote all that must not be there."""
    made = household()
    codes = spec.registries()
    made.exploitation_type.types.append(codes["exploitation_type"].allowed()[0])
    made.means_of_control.means.append(codes["means_of_control"].allowed()[0])
    made.exploitation_detail_narrative.narrative = "CANARY narrative"
    made.identification_status.status = codes["identification_status"].allowed()[0]
    made.safety_risk.plan = "CANARY plan"
    made.caseworker_notes.handover = "CANARY notes"
    made.caseworker_notes.language = made.exploitation_detail_narrative.language = "en"
    made.survivor_own_words.statements.add(words="CANARY words", language="bn")
    made.aspirations.concerns.append("stigma")
    made.outcomes.stigma_causes.append("trafficking")
    return made


def test_T23_a_family_members_referral_holds_no_category_of_exploitation(
    sisters: Sisters,
) -> None:
    telling = {c.id for c in spec.categories().values() if c.trafficking}
    safe = ["name", "age_band", "language", "needs_services", "aspirations", "outcomes"]
    # By consent: such a line can't even be recorded.
    for category in sorted(telling | {"caseworker_notes", "survivor_own_words"}):
        work = sisters.record_member
        assert reason(work, permit=[*safe, category]) == "INVALID_FIELD"
    assert reason(sisters.record_member, purposes=["survivor_storytelling"]) == "INVALID_FIELD"
    consent = sisters.record_member(permit=safe)
    # By preview: each is withheld, with its reason.
    shown = sisters.here.preview(
        record=full(), consent_id=consent, destination=DESTINATION, accepted=True
    )
    withheld = {d.category: d.reason for d in shown if not d.permitted}
    present = {field.name for field, _ in full().ListFields()}
    assert withheld == dict.fromkeys(present - set(safe) | {"outcomes"}, "family_member")
    # And on the wire.
    sister = sisters.offer(consent)
    sisters.accept(sister)
    answer = sisters.disclose(sister, full())
    assert list(answer.decisions) == list(shown)
    sisters.pair.settle()
    log = sisters.pair.destination.client.list_entries(sister)
    sent = {ref.category for one in log for ref in one.entry.parts}
    assert sent == {"grant", "name", "age_band", "language", "needs_services", "aspirations"}
    found = wire(sisters.pair)
    assert b"CANARY" not in found
    assert b"trafficking" not in found


def test_a_consent_does_not_change_whom_it_is_about(sisters: Sisters) -> None:
    consent = sisters.here.get_consent(sisters.record_member())
    consent.subject_kind = "survivor"
    assert reason(sisters.here.record_consent, consent) == "INVALID_FIELD"


def test_the_survivors_own_referral_tells_what_she_agreed_to(pair: Pair) -> None:
    referral_id = pair.accepted((*PERMIT, "means_of_control"), **AGREED)
    what = household()
    what.means_of_control.means.append(spec.registries()["means_of_control"].allowed()[0])
    pair.disclose(referral_id, what)
    assert pair.destination.part_rows(referral_id)["means_of_control"] == "held"


def test_nobody_can_be_listed_without_a_name_or_a_relation(pair: Pair) -> None:
    nobody = not_to_contact(("", " ."))
    assert reason(pair.origin.client.record_consent, agreed(do_not_contact=nobody)) == (
        "INVALID_FIELD"
    )
