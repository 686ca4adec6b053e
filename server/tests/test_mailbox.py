"""What a mailbox takes, from whom, for whom, and what alone removes it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import Desk
from hostile import Hostile
from nodes import reason
from onward.core import entries, envelopes, jose
from onward.core.clock import moment, stamp
from onward.v1.envelope_pb2 import Bundle, Envelope, Part, Receipt
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import CollectRequest, DeliverResult
from onward_server.app import provision, settings
from onward_server.service import mailbox
from people import DESTINATION, ORIGIN
from posting import HUB, OTHER, Posts

LONG = timedelta(days=14)


@pytest.fixture
def posts(tmp_path: Path) -> Iterator[Posts]:
    made = Posts(tmp_path)
    made.agencies[SENDER.agency] = SENDER.entry_in_list()
    made.publish()
    yield made
    made.close()


SENDER = Hostile()


def letter(posts: Posts, aud: str = DESTINATION, size: int = 0, **header: Any) -> Envelope:
    """An envelope from somebody who may write whatever they like inside."""
    padding = Part(category="name", salt="s" * 43, content="{%s}" % (" " * size))
    inside = Bundle(referral_id="r" * 22, parts=[padding] if size else [])
    header.setdefault("exp", stamp(posts.clock.now() + LONG))
    header.setdefault("iat", stamp(posts.clock.now()))
    return SENDER.envelope(posts.agencies[aud], inside, **header)


def told(result: DeliverResult) -> str:
    """held, receipt, or the reason of a refusal."""
    kind = result.WhichOneof("result")
    if kind == "problem":
        return Reason.Name(result.problem.reason).removeprefix("REASON_")
    return str(kind)


def bring(posts: Posts, *letters: Envelope) -> list[str]:
    return [told(one) for one in posts.hub.receive(*letters)]


def receipt(posts: Posts, envelope: Envelope, desk: Desk | None = None, **changes: Any) -> str:
    """A receipt of the destination for an envelope, or another one."""
    header = envelopes.peek(envelope)
    says: dict[str, Any] = {
        "version": entries.VERSION, "mid": header.mid, "header": jose.digest(envelope.header),
        "iss": header.aud, "aud": header.iss, "trust_list": 1,
        "time": stamp(posts.clock.now()),
    }  # fmt: skip
    keys = (desk or posts.destination).keys
    return envelopes.sign_receipt(Receipt(**says | changes), keys.signing())


def test_it_says_held_and_until_when(posts: Posts) -> None:
    soon, far = letter(posts), letter(posts, exp=stamp(posts.clock.now() + timedelta(days=9999)))
    first, second = posts.hub.receive(soon, far)
    assert told(first) == told(second) == "held"
    assert moment(first.held.until) == posts.clock.now() + LONG
    assert moment(second.held.until) == posts.clock.now() + mailbox.KEEP
    assert posts.collect(posts.destination) == [soon, far], "as they came, oldest first"


def test_every_check_that_the_outside_allows(posts: Posts) -> None:
    now = posts.clock.now()
    nobody = Hostile("stranger.example")
    broken = letter(posts)
    broken.sealed = broken.sealed[:-8] + "AAAAAAAA"
    forged = letter(posts)
    forged.header = forged.header[:-8] + "AAAAAAAA"
    huge = letter(posts)
    huge.sealed += "A" * 262_144
    wrong = {
        "AGENCY_UNKNOWN": nobody.envelope(posts.agencies[DESTINATION], Bundle()),
        "TOO_LARGE": huge,
        "SIGNATURE_INVALID": forged,
        "UNKNOWN_VERSION": letter(posts, version="9.0"),
        "WRONG_ENVIRONMENT": letter(posts, environment="live"),
        "ENVELOPE_EXPIRED": letter(posts, exp=stamp(now)),
        "SEAL_INVALID": broken,
    }  # fmt: skip
    good = letter(posts)
    answers = bring(posts, *wrong.values(), good)
    assert answers == [*wrong, "held"], "each by itself"
    assert posts.collect(posts.destination) == [good]


def test_it_holds_for_those_that_name_it_and_nobody_else(posts: Posts) -> None:
    nowhere = posts.agencies[ORIGIN]
    assert bring(posts, letter(posts, ORIGIN)) == ["WRONG_RECIPIENT"]
    nowhere.mailbox = OTHER
    posts.publish()
    assert bring(posts, letter(posts, ORIGIN)) == ["WRONG_RECIPIENT"], "another's mailbox"
    nowhere.mailbox = HUB
    posts.publish()
    own, others = letter(posts, HUB), letter(posts, ORIGIN)
    assert bring(posts, own, others)[1:] == ["held"]
    assert bring(posts, own) != ["held"], "its own mail it opens"


def test_a_node_is_a_mailbox_only_if_it_is_told_so(posts: Posts) -> None:
    posts.agencies[OTHER].mailbox = ""
    posts.agencies[DESTINATION].mailbox = OTHER
    posts.publish()
    (answer,) = posts.other_one.receive(letter(posts))
    assert told(answer) == "WRONG_RECIPIENT"
    request = CollectRequest(request=posts.question(posts.destination, OTHER), max=1)
    assert reason(posts.other_one.call, "Exchange.Collect", request) == "UNIMPLEMENTED"


def test_what_the_settings_say(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    new = provision.NewNode(
        "shelter.ngo.in.example", "test", "IN", "ngo_local", "127.0.0.1:8080", "127.0.0.1:8090",
        "http://127.0.0.1:8080", mailbox=HUB,
    )  # fmt: skip
    entry = provision.init(folder, new)
    assert (entry.mailbox, entry.rest, entry.grpc) == (HUB, "", "")
    assert not settings.load(folder).mailbox
    file = folder / settings.FILE
    plain = file.read_text()
    file.write_text(f"{plain}\nmailbox = true\ncollect_every_seconds = 5\n")
    found = settings.load(folder)
    assert (found.mailbox, found.collect_every) == (True, timedelta(seconds=5))
    for wrong in ('mailbox = "yes"', "collect_every_seconds = 0"):
        file.write_text(f"{plain}\n{wrong}\n")
        with pytest.raises(settings.SettingsError):
            settings.load(folder)


def test_the_same_is_held_once_and_nothing_else_under_its_id(posts: Posts) -> None:
    mid = secrets.token_urlsafe(16)
    first, second = letter(posts, mid=mid), letter(posts, mid=mid)
    assert bring(posts, first, first, second) == ["held", "held", "MESSAGE_ID_REUSED"]
    assert posts.collect(posts.destination) == [first]


def test_only_a_genuine_receipt_removes(posts: Posts) -> None:
    mine, others = letter(posts), letter(posts, OTHER)
    bring(posts, mine, others)
    good = receipt(posts, mine)
    wrong = [
        receipt(posts, mine, posts.other_one),
        receipt(posts, mine, mid=envelopes.peek(others).mid),
        receipt(posts, mine, header=jose.digest(others.header)),
        receipt(posts, mine, aud=ORIGIN),
        receipt(posts, mine, iss=OTHER),
        receipt(posts, mine, version="9.0"),
        receipt(posts, others),  # Signed by one who is not its recipient.
        receipt(posts, others, iss=DESTINATION),
        good[:-8] + "AAAAAAAA",
        posts.question(posts.destination),
    ]
    assert posts.collect(posts.destination, wrong) == [mine]
    assert posts.collect(posts.other_one, [*wrong, good]) == [others], "nor if another brings it"
    assert bring(posts, mine) == ["held"]
    assert posts.collect(posts.destination, [*wrong, good]) == []
    assert posts.collect(posts.other_one) == [others]
    (answer,) = posts.hub.receive(mine)
    assert answer.receipt == good, "the sender gets it for the same bytes"
    assert mailbox_bytes(posts) < len(mine.sealed), "what was sealed is gone"


def mailbox_bytes(posts: Posts) -> int:
    return posts.hub.store.read(lambda tx: tx.mail_size(SENDER.agency, DESTINATION))


def test_nobody_collects_what_is_for_another(posts: Posts) -> None:
    bring(posts, letter(posts))
    assert posts.collect(posts.other_one) == []
    assert posts.collect(posts.origin) == [], "nor its sender, nor one without a mailbox"

    def ask(request: str) -> str:
        asked = CollectRequest(request=request, max=1)
        return reason(posts.hub.call, "Exchange.Collect", asked)

    there = posts.destination
    old = posts.question(there)
    posts.clock.advance(timedelta(minutes=6))
    assert ask(old) == "SIGNATURE_INVALID", "too old"
    assert ask(posts.question(there, method="get_services")) == "SIGNATURE_INVALID"
    assert ask(posts.question(there, aud=ORIGIN)) == "WRONG_RECIPIENT"
    key, there.keys.signing = there.keys.signing, posts.other_one.keys.signing  # type: ignore[method-assign]
    assert ask(posts.question(there)) == "SIGNATURE_INVALID"
    there.keys.signing = key  # type: ignore[method-assign]
    assert ask(posts.question(there)) == ""


def test_a_replayed_question_removes_nothing(posts: Posts) -> None:
    """Whoever heard it gets sealed envelopes at the most, and has no receipt to add."""
    one = letter(posts)
    bring(posts, one)
    heard = CollectRequest(request=posts.question(posts.destination), max=64)
    for _ in range(2):
        assert list(posts.hub.call("Exchange.Collect", heard).envelopes) == [one]
    heard.receipts.append(receipt(posts, one, posts.other_one))
    assert list(posts.hub.call("Exchange.Collect", heard).envelopes) == [one]


def test_pages_go_on_after_what_was_seen(posts: Posts, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [letter(posts, size=size) for size in (1, 60_000, 60_000, 1)]
    bring(posts, *letters)
    there = posts.destination
    assert posts.collect(there, limit=2) == letters[:2]
    after = jose.digest(letters[1].header)
    assert posts.collect(there, [receipt(posts, letters[1])], after=after) == letters[2:]
    assert posts.collect(there, after="x" * 43) == [letters[0], *letters[2:]], "unknown: all"
    monkeypatch.setattr(mailbox, "ANSWER", 100_000)
    assert posts.collect(there) == letters[:1]
    assert posts.collect(there, after=after) == letters[2:3], "one always fits"


def test_nobody_fills_the_disk(posts: Posts, monkeypatch: pytest.MonkeyPatch) -> None:
    """By sender and recipient; the last of it is for what is as small as a withdrawal."""
    monkeypatch.setattr(mailbox, "ROOM", 200_000)
    monkeypatch.setattr(mailbox, "KEPT_FREE", 40_000)
    big = [letter(posts, size=30_000) for _ in range(4)]
    assert bring(posts, *big) == ["held", "held", "MAILBOX_FULL", "MAILBOX_FULL"]
    small = [letter(posts) for _ in range(20)]
    answers = bring(posts, *small)
    assert answers.count("held") >= 8
    assert answers[-1] == "MAILBOX_FULL", "there is an end to that, too"
    assert bring(posts, letter(posts, OTHER, size=30_000)) == ["held"], "others are not in its way"
    found = posts.collect(posts.destination)
    posts.collect(posts.destination, [receipt(posts, one) for one in found])
    assert bring(posts, big[2], small[-1]) == ["held", "held"], "there is room again"


def test_what_nobody_collects_is_destroyed(posts: Posts) -> None:
    old, new = letter(posts), letter(posts, exp=stamp(posts.clock.now() + 2 * LONG))
    bring(posts, old, new)
    posts.clock.advance(LONG)
    assert posts.collect(posts.destination) == [new]
    assert bring(posts, old) == ["ENVELOPE_EXPIRED"]
    posts.collect(posts.destination, [receipt(posts, new)])
    posts.hub.node.erase_due()
    assert posts.hub.rows()["mail"] == 1, "the receipt waits for its sender"
    posts.clock.advance(LONG)
    posts.hub.node.erase_due()
    assert posts.hub.rows()["mail"] == 0


def test_by_a_stale_list_it_holds_all_the_same(posts: Posts) -> None:
    """Inside may be a withdrawal; its recipient judges by its own list."""
    posts.publish(stamped=False)
    one = letter(posts)
    assert bring(posts, one) == ["held"]
    assert posts.collect(posts.destination) == [one]


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_whoever_the_sender_is_it_is_held(posts: Posts, status: str) -> None:
    posts.agencies[SENDER.agency].status = status
    posts.publish()
    assert bring(posts, letter(posts)) == ["held"]


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_a_barred_agency_gets_what_came_since(posts: Posts, status: str) -> None:
    """Senders give it withdrawals and certificates only, from then on; those it gets."""
    content, withdrawal = letter(posts), letter(posts)
    bring(posts, content, withdrawal)
    posts.status(posts.destination, status)
    assert posts.collect(posts.destination) == []
    since = letter(posts)
    assert bring(posts, since, withdrawal) == ["held", "held"]
    assert posts.collect(posts.destination) == [withdrawal, since]
    posts.status(posts.destination, "active")
    assert posts.collect(posts.destination) == [content, withdrawal, since]
