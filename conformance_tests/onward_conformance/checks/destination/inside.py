"""Delivery: what is looked at once an envelope is opened, and the sender's standing."""

from __future__ import annotations

import zlib
from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.jose import BUCKETS, Key, b64, compact, pad
from onward_conformance.network import Agency, Json
from onward_conformance.referral import Envelope, Referral, identifier


def _content(bench: Bench) -> tuple[Referral, bytes]:
    referral = bench.referral()
    token, parts = referral.offer()
    return referral, compact(referral.bundle([token], parts))


def _sealed(bench: Bench, **header: object) -> Envelope:
    referral, content = _content(bench)
    return referral.envelope(content, sealing=header)


def _padded(bench: Bench, padded: bytes) -> Envelope:
    return bench.referral().envelope(b"", padded=padded)


@check("DLV-020", negative=True)
def sealed_to_another_key(bench: Bench) -> None:
    """The recipient can't open it."""
    referral, content = _content(bench)
    made = referral.envelope(content).made()
    aad, _, nonce, text, tag = made["sealed"].split(".")
    other = "A" if text[10] != "A" else "B"
    broken = f"{aad}..{nonce}.{text[:10]}{other}{text[11:]}.{tag}"
    bench.refused(_around(referral, broken), "SEAL_INVALID")


def _around(referral: Referral, sealed: str) -> Envelope:
    """A right header around a sealed text."""
    envelope = referral.envelope(b"-")
    envelope.sealed = lambda: sealed  # type: ignore[method-assign]
    return envelope


@check("ENV-011", negative=True)
def padding_that_is_not_zeros(bench: Bench) -> None:
    """One byte of the padding is another."""
    _, content = _content(bench)
    bench.refused(_padded(bench, pad(content)[:-1] + b"\1"), "SEAL_INVALID")


@check("ENV-011", negative=True)
def size_that_is_no_bucket(bench: Bench) -> None:
    """One byte more than the bucket."""
    _, content = _content(bench)
    bench.refused(_padded(bench, pad(content) + b"\0"), "SEAL_INVALID")


@check("ENV-011", negative=True)
def length_beyond_the_bucket(bench: Bench) -> None:
    """The length says more than there is."""
    _, content = _content(bench)
    bench.refused(_padded(bench, b"\0\0\x7f\xff" + pad(content)[4:]), "SEAL_INVALID")


@check("ENV-010")
def a_larger_bucket_is_opened(bench: Bench) -> None:
    """Padding to a larger bucket is the sender's fault, and opens all the same."""
    referral, content = _content(bench)
    bench.taken(referral.envelope(b"", padded=pad(content, BUCKETS[2])))


@check("ENV-012", "ENV-015", negative=True)
def sealed_with_compression(bench: Bench) -> None:
    """What is sealed was compressed before, and the header says so: right for who reads that."""
    referral, content = _content(bench)
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    padded = deflate.compress(pad(content)) + deflate.flush()
    envelope = referral.envelope(b"", padded=padded, sealing={"zip": "DEF"})
    bench.refused(envelope, "SEAL_INVALID")


@check("ENV-012", "ENV-015", negative=True)
def sealed_with_a_member_more(bench: Bench) -> None:
    """A member in the sealed text's header that the envelope does not have."""
    bench.refused(_sealed(bench, cty="json"), "SEAL_INVALID")


@check("ENV-013", "ENV-015", negative=True)
def sealed_by_another_agency(bench: Bench) -> None:
    """The sender's name within is not the one without."""
    bench.refused(_sealed(bench, apu=b64(b"other.example")), "SEAL_INVALID")


@check("ENV-014", "ENV-015", negative=True)
def ephemeral_key_with_more_members(bench: Bench) -> None:
    """The ephemeral key has a member that it should not have."""
    bench.refused(_sealed(bench, epk={"kid": "one"}), "SEAL_INVALID")


@check("ENV-017", negative=True)
def sealed_nothing(bench: Bench) -> None:
    """A sealed message without content."""
    bench.refused(_padded(bench, pad(b"{}")), "INVALID_FIELD")


@check("DLV-021", negative=True)
def entry_signed_by_another_key(bench: Bench) -> None:
    """The envelope is the partner's, and its entry nobody's."""
    referral = bench.referral()
    token = referral.signed(_first(referral), key=Key.new(), kid=referral.author.sign.kid)
    bench.refused(referral.envelope(referral.bundle([token])), "SIGNATURE_INVALID")


def _first(referral: Referral, **changed: Any) -> Json:
    return referral.entry("offer", items=[{"number": 1, "wish": "now"}], **changed)


def _one(bench: Bench, **changed: Any) -> Envelope:
    referral = bench.referral()
    return referral.envelope(referral.bundle([referral.signed(_first(referral, **changed))]))


@check("DLV-021", "TRST-024")
def entry_signed_by_a_key_that_is_retired_since(bench: Bench) -> None:
    """Entries wait for a long time: a key that is no longer in use still proves them."""
    referral = bench.referral()
    token = referral.signed(_first(referral), key=referral.author.retired)
    bench.taken(referral.envelope(referral.bundle([token])))


@check("DLV-022", negative=True)
def entry_of_another_version(bench: Bench) -> None:
    """A version that nobody speaks."""
    bench.refused(_one(bench, version="99.0"), "UNKNOWN_VERSION")


@check("DLV-023", negative=True)
def entry_of_another_author(bench: Bench) -> None:
    """Nobody writes in another's name."""
    bench.refused(_one(bench, author=bench.cast.unaccepted.name), "ENTRY_INVALID")


@check("DLV-023", negative=True)
def entry_for_another_recipient(bench: Bench) -> None:
    """It is not meant for this agency."""
    bench.refused(_one(bench, recipient=bench.cast.unaccepted.name), "ENTRY_INVALID")


@check("DLV-023", negative=True)
def entry_of_another_referral(bench: Bench) -> None:
    """The bundle says one referral, and its entry another."""
    bench.refused(_one(bench, referralId=identifier()), "ENTRY_INVALID")


def _from(bench: Bench, author: Agency) -> Envelope:
    referral = bench.referral(author)
    token, parts = referral.offer()
    return referral.envelope(referral.bundle([token], parts))


@check("DLV-037", negative=True)
def sender_that_was_removed(bench: Bench) -> None:
    """The list says that it is no member any more."""
    bench.refused(_from(bench, bench.cast.removed), "AGENCY_UNKNOWN")


@check("DLV-031", negative=True)
def sender_that_is_suspended(bench: Bench) -> None:
    """The list says that nothing comes from it for now."""
    bench.refused(_from(bench, bench.cast.suspended), "PEER_SUSPENDED")


@check("DLV-030", "TRST-020", negative=True)
def sender_that_is_no_partner(bench: Bench) -> None:
    """A member of the list that the target has not accepted."""
    bench.refused(_from(bench, bench.cast.unaccepted), "PEER_NOT_ACCEPTED")
