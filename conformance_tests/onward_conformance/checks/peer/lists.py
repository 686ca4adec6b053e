"""Trust lists that have to be refused: nobody becomes a member by them."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.jose import Key
from onward_conformance.lists import Change, entry, hostile, listing, payload, refused, unstamped
from onward_conformance.network import Agency, Draft
from onward_conformance.said import claims


def _refused(bench: Bench, *changes: Change) -> None:
    refused(bench, *(hostile(bench, one) for one in changes))


@check("TRST-008")
def newer_list(bench: Bench) -> None:
    """A list with a higher number, signed as it must be: the target goes by it, also unstamped."""
    with listing(bench, unstamped):
        pass


@check("TRST-001", negative=True)
def list_of_another_environment(bench: Bench) -> None:
    """The same authorities have signed it, for another environment."""
    other = "live" if bench.network.environment == "test" else "test"
    _refused(bench, lambda one: one.said.update(environment=other))


@check("TRST-001", negative=True)
def list_of_another_shape(bench: Bench) -> None:
    """With a member that no list has, without one that each has, and with an unknown status."""
    name = bench.cast.stranger.name
    _refused(
        bench,
        lambda one: one.said.update(motto="together"),
        lambda one: one.said.pop("issuedAt"),
        lambda one: entry(one, name).update(status="trusted"),
    )


@check("TRST-002", negative=True)
def list_of_too_few_authorities(bench: Bench) -> None:
    """Of the two that are needed nobody has signed, one, one twice, or one and a stranger."""
    first, second = bench.network.authorities[:2]
    _refused(
        bench, _signed_by(), _signed_by(first), _signed_by(second, second),
        _signed_by(first, Key.new()), _signed_by(first, bench.network.stamper),
    )  # fmt: skip


def _signed_by(*keys: Key) -> Change:
    return lambda one: setattr(one, "authorities", keys)


@check("TRST-003", negative=True)
def list_that_names_something_twice(bench: Bench) -> None:
    """An agency under two entries, and one key at two agencies."""
    partner, stranger = bench.cast.partner, bench.cast.stranger
    again = Agency(partner.name, endpoint=partner.endpoint).entry()
    key = next(one for one in partner.entry()["keys"] if one["use"] == "sign")
    _refused(
        bench,
        lambda one: one.said["agencies"].append(again),
        lambda one: entry(one, stranger.name)["keys"].append(key),
    )


@check("TRST-003", negative=True)
def list_with_a_key_under_another_id(bench: Bench) -> None:
    """The id of a key is not its thumbprint."""

    def change(one: Draft) -> None:
        entry(one, bench.cast.stranger.name)["keys"][0]["kid"] = Key.new().kid

    _refused(bench, change)


@check("TRST-004", negative=True)
def list_with_a_lower_number(bench: Bench) -> None:
    """An older list, which names others, does not come back."""
    seq = bench.network.seq
    _refused(bench, lambda one: one.said.update(seq=seq - 1))


@check("TRST-005", negative=True)
def list_with_the_number_of_another(bench: Bench) -> None:
    """Under one number there is one list: no other members, and no other bytes."""
    network, held = bench.network, claims(payload(bench))
    reordered = Draft(dict(reversed(held.items())), network.authorities[:2], network.stamper)
    others = hostile(bench, lambda one: one.said.update(seq=held["seq"]))
    refused(bench, others, reordered.signed())


@check("TRST-006", negative=True)
def list_signed_as_something_else(bench: Bench) -> None:
    """Signatures for another place, and signatures over the payload alone."""
    bare = hostile(bench, lambda _: None)
    for key, one in zip(bench.network.authorities, bare["signatures"], strict=False):
        one["signature"] = key.es256(bare["payload"].encode())
    typ = hostile(bench, lambda one: setattr(one, "typ", "onward-agreement+jws"))
    refused(bench, bare, typ)
